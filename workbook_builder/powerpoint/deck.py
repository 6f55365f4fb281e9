"""Draw a plan as a deck: a slide for each page of the plan, or more where one is not enough."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbook_builder.powerpoint.default_design import default_design
from workbook_builder.powerpoint.package import fixed_zip
from workbook_builder.powerpoint.pages import paged, parts_of
from workbook_builder.powerpoint.slide_writer import DeckSlide, SlideWriter, places_of
from workbook_builder.powerpoint.tables import SheetCells
from workbook_builder.powerpoint.tags import SLIDE_TAG, write_tags
from workbook_builder.powerpoint.templates import (
    BadDeckError,
    choose_layout,
    frame_of,
    has_title,
    layout_names,
    open_deck,
    palette_for,
    without_slides,
)
from workbook_builder.problem_catalogue import BAD_TEMPLATE, NO_SUCH_LAYOUT
from workbook_builder.problems import Problem, Result, Where
from workbook_builder.sheets.plan import Plan, PlanTheme

_STANDARD = "The slides have the standard design."
_NAMES_SHOWN = 12


@dataclass(frozen=True)
class DeckFile:
    """A PowerPoint file: its name as people know it, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Design:
    """What slides are made with: an open presentation and the layout of its slides."""

    presentation: Any
    layout: Any


def draw_deck(plan: Plan, template: DeckFile | None = None, layout_name: str = "") -> Result[bytes]:
    """Return the .pptx file of a plan; the same plan and template give the same bytes.

    `layout_name` is the slide layout of the template to use, PowerPoint's usual one if left out. A
    template that cannot be used gives the standard design, and a problem.
    """
    design = _design(plan.theme, template, layout_name)
    presentation, layout = design.value.presentation, design.value.layout
    writer = SlideWriter(frame_of(presentation, layout), palette_for(layout))
    for drawn in deck_slides(plan, writer):
        slide = presentation.slides.add_slide(layout)
        writer.fill(slide, drawn, drawn.texts)
        write_tags(slide, {SLIDE_TAG: drawn.key})
    return Result(_saved(presentation, plan), design.problems)


def _design(theme: PlanTheme, template: DeckFile | None, layout_name: str) -> Result[Design]:
    """Return the template with the layout to use, or the standard design."""
    if template is None:
        presentation = default_design(theme)
        return Result(Design(presentation, choose_layout(presentation, "")))
    where = Where(template.name)
    try:
        presentation = open_deck(template.content)
    except BadDeckError as fault:
        return _standard(theme, Problem(BAD_TEMPLATE, str(fault), where, _STANDARD))
    names = layout_names(presentation)
    known = ", ".join(f'"{name}"' for name in names[:_NAMES_SHOWN])
    problems: list[Problem] = []
    layout = choose_layout(presentation, layout_name)
    if layout is None and layout_name:
        layout = choose_layout(presentation, "")
        done = f'The slides have "{layout.name}".' if layout is not None else _STANDARD
        what = f'there is no layout "{layout_name}"; there are {known}.'
        problems.append(Problem(NO_SUCH_LAYOUT, what, where, done))
    if layout is None or not has_title(layout):
        what = f"no layout has a title; its layouts are {known}."
        advice = "Give it a layout with a title and room for content."
        return _standard(theme, Problem(BAD_TEMPLATE, what, where, _STANDARD, advice))
    without_slides(presentation)
    return Result(Design(presentation, layout), tuple(problems))


def _standard(theme: PlanTheme, problem: Problem) -> Result[Design]:
    presentation = default_design(theme)
    return Result(Design(presentation, choose_layout(presentation, "")), (problem,))


def deck_slides(plan: Plan, writer: SlideWriter) -> Iterator[DeckSlide]:
    """Yield the slides of all pages of a plan, in the order of its sheets."""
    sheets = {sheet.name: SheetCells(sheet) for sheet in plan.sheets}
    for sheet in plan.sheets:
        page = sheet.deck
        if page is None:
            continue
        parts = parts_of(page.panels, sheets[sheet.name], sheets)
        body = places_of(writer.frame, page.headline, page.commentary).body
        slides = paged(parts, body)
        for number, placed in enumerate(slides, 1):
            yield DeckSlide(sheet.name, page, number, len(slides), tuple(placed))


def _saved(presentation: Any, plan: Plan) -> bytes:
    """Return the file of a presentation with the properties of the plan."""
    properties, written = plan.properties, presentation.core_properties
    written.title, written.author = properties.title, properties.author
    written.last_modified_by, written.revision = properties.author, 1
    written.created = written.modified = properties.created
    target = io.BytesIO()
    presentation.save(target)
    return fixed_zip(target.getvalue(), properties.created)

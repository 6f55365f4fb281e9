"""Draw a plan as a deck: a slide for each page of the plan, or more where one is not enough."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workbook_builder.powerpoint.default_design import default_design
from workbook_builder.powerpoint.pages import paged, parts_of
from workbook_builder.powerpoint.previous_deck import DeckRenewal, Kept, month_of, our_slides
from workbook_builder.powerpoint.slide_writer import DeckSlide, SlideWriter, places_of
from workbook_builder.powerpoint.tables import SheetCells
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
from workbook_builder.problem_catalogue import (
    BAD_PREVIOUS_DECK,
    BAD_TEMPLATE,
    DECK_KEPT,
    NO_SUCH_LAYOUT,
    NOT_CARRIED_ON,
    OWN_WORDS_KEPT,
)
from workbook_builder.problems import Problem, Result, Where
from workbook_builder.sheets.plan import Plan, PlanTheme, SheetPlan
from workbook_builder.workbook_format import MONTH_PROPERTY

_STANDARD = "The slides have the standard design."
#: The time of every part of the file, the first that a ZIP file can hold.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_NAMES_SHOWN = 12
_TITLES_SHOWN = 4


@dataclass(frozen=True)
class DeckFile:
    """A PowerPoint file: its name as people know it, and its bytes."""

    name: str
    content: bytes


def deck_month(file: DeckFile) -> str:
    """Return the month ("2023-07") of a deck that the program wrote; of any other file nothing."""
    try:
        return month_of(open_deck(file.content))
    except BadDeckError:
        return ""


@dataclass(frozen=True)
class Design:
    """What slides are made with: an open presentation and the layout of its slides."""

    presentation: Any
    layout: Any
    writers: dict[Any, SlideWriter] = field(default_factory=dict)
    sheets: dict[str, SheetCells] = field(default_factory=dict)

    def writer(self, layout: Any) -> SlideWriter:
        """Return what fills slides of a layout."""
        if layout.part not in self.writers:
            frame = frame_of(self.presentation, layout)
            self.writers[layout.part] = SlideWriter(frame, palette_for(layout))
        return self.writers[layout.part]

    def cells(self, plan: Plan) -> Mapping[str, SheetCells]:
        """Return the cells of each sheet of the plan."""
        if not self.sheets:
            self.sheets.update({sheet.name: SheetCells(sheet) for sheet in plan.sheets})
        return self.sheets


def draw_deck(
    plan: Plan,
    template: DeckFile | None = None,
    layout_name: str = "",
    previous: DeckFile | None = None,
) -> Result[bytes]:
    """Return the .pptx file of a plan; the same plan and files give the same bytes.

    `layout_name` is the slide layout of the template to use, PowerPoint's usual one if left out. A
    template that cannot be used gives the standard design, and a problem. With a `previous` deck
    of ours its slides are drawn anew, and all else in it stays.
    """
    carried = _previous_design(previous, layout_name) if previous else Result(None)
    made = Result(carried.value) if carried.value else _design(plan.theme, template, layout_name)
    design = made.value
    renewal = DeckRenewal(design.presentation)
    keys = [
        drawn.key
        for sheet in plan.sheets if sheet.deck
        for drawn in _draw_sheet(sheet, plan, design, renewal)
    ]  # fmt: skip
    renewal.finish(dict(plan.properties.custom).get(MONTH_PROPERTY, ""), keys)
    told = _told(previous.name, renewal.kept) if previous else ()
    problems = (*carried.problems, *made.problems, *told)
    return Result(_saved(design.presentation, plan), problems)


def _draw_sheet(
    sheet: SheetPlan, plan: Plan, design: Design, renewal: DeckRenewal
) -> Iterator[DeckSlide]:
    """Draw the slides of a sheet, on the slide layout that they had last month; yield them."""
    layout = renewal.layout_of(sheet.name)
    if layout is None or not has_title(layout):
        layout = design.layout
    writer = design.writer(layout)
    for drawn in deck_slides(sheet, design.cells(plan), writer):
        renewal.draw(drawn, writer)
        yield drawn


def _previous_design(previous: DeckFile, layout_name: str) -> Result[Design | None]:
    """Return last month's deck with the layout of its new slides, or what is wrong with it."""
    where, done = Where(previous.name), "A new deck was written."
    try:
        presentation = open_deck(previous.content)
    except BadDeckError as fault:
        return Result(None, (Problem(BAD_PREVIOUS_DECK, str(fault), where, done),))
    ours = next(our_slides(presentation), None)
    if ours is None:
        what = "this program wrote none of its slides."
        return Result(None, (Problem(BAD_PREVIOUS_DECK, what, where, done),))
    named = choose_layout(presentation, layout_name) if layout_name else None
    layout = named if named is not None else ours.slide_layout
    if not has_title(layout):
        layout = choose_layout(presentation, "")
    if layout is None:
        what = "none of its slide layouts has a title."
        return Result(None, (Problem(BAD_PREVIOUS_DECK, what, where, done),))
    return Result(Design(presentation, layout))


def _told(name: str, kept: Kept) -> Iterator[Problem]:
    """Yield what became of last month's deck."""
    where = Where(name)
    if kept.words:
        what = f"somebody wrote on {_titles(kept.words)}."
        yield Problem(OWN_WORDS_KEPT, what, where, "Their words were kept.")
    if kept.removed:
        what = f"the layout has no more {_titles(kept.removed)}."
        yield Problem(NOT_CARRIED_ON, what, where, "Not in the new deck.")
    if kept.notes:
        what = f"somebody changed the program's notes on {_titles(kept.notes)}."
        yield Problem(NOT_CARRIED_ON, what, where, "They were written again.")
    if kept.copies:
        what = f"there is a copy of {_titles(kept.copies)}."
        yield Problem(DECK_KEPT, what, where, "It was left with last month's numbers.")
    if kept.deleted:
        what = f"somebody deleted {_titles(kept.deleted)}."
        yield Problem(DECK_KEPT, what, where, "Left out again.")


def _titles(titles: Sequence[str]) -> str:
    shown = ", ".join(f'"{title}"' for title in titles[:_TITLES_SHOWN])
    more = len(titles) - _TITLES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


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


def deck_slides(
    sheet: SheetPlan, sheets: Mapping[str, SheetCells], writer: SlideWriter
) -> Iterator[DeckSlide]:
    """Yield the slides of a sheet's page."""
    page = sheet.deck
    assert page is not None  # else there is nothing to draw
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
    return _fixed_zip(target.getvalue(), properties.created)


def _fixed_zip(content: bytes, written: datetime) -> bytes:
    """Return a package without the times of its making; its properties say `written`."""
    stamp = f"{written:%Y-%m-%dT%H:%M:%SZ}".encode()
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == _CORE:
                part = _TIMES.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # the same on each system
            package.writestr(info, part)
    return target.getvalue()

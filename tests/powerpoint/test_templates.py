"""Decks in the design of a council: its layouts, colours and footers, or a clear problem."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pptx.opc.constants import RELATIONSHIP_TYPE

from tests.powerpoint.conftest import opened
from tests.powerpoint.reading import charts, tables
from tests.powerpoint.templates_by_hand import BAD, TEMPLATES, odd_names
from tests.powerpoint.test_deck import (
    DRAWING,
    SMALLEST,
    WITH_SLIDES,
    outside,
    overlapping,
    parts_of,
)
from tests.sheets.examples import PLANS
from workbook_builder.contrast import MARK_CONTRAST, TEXT_CONTRAST, contrast
from workbook_builder.powerpoint.deck import DeckFile, draw_deck
from workbook_builder.powerpoint.templates import choose_layout, palette_for
from workbook_builder.sheets.plan import Plan


def from_template(plan: Plan, name: str, layout: str = "") -> Any:
    drawn = draw_deck(plan, DeckFile(f"{name}.pptx", TEMPLATES[name]()), layout)
    assert not drawn.problems
    return opened(drawn.value)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", WITH_SLIDES)
def test_nothing_overlaps_in_any_template(name: str, template: str) -> None:
    deck = from_template(PLANS[name], template)
    given = opened(TEMPLATES[template]())
    assert (deck.slide_width, deck.slide_height) == (given.slide_width, given.slide_height)
    for slide in deck.slides:
        assert overlapping(slide) == []
        assert outside(deck, slide) == []
    sizes = [int(element.get("sz")) for part in parts_of(deck)
             for element in part.iter(f"{DRAWING}rPr", f"{DRAWING}defRPr")
             if element.get("sz")]  # fmt: skip
    assert min(sizes) >= SMALLEST


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", WITH_SLIDES)
def test_a_template_changes_no_number(name: str, template: str) -> None:
    standard, deck = opened(draw_deck(PLANS[name]).value), from_template(PLANS[name], template)
    assert rows_of(deck) >= rows_of(standard) - headings_of(standard)
    assert values_of(deck) == values_of(standard)


def rows_of(deck: Any) -> set[str]:
    """Return the rows of all tables, as their first and last texts."""
    return {
        f"{row[0]}|{row[1]}" for slide in deck.slides for table in tables(slide) for row in table
    }


def headings_of(deck: Any) -> set[str]:
    return {f"{table[0][0]}|{table[0][1]}" for slide in deck.slides for table in tables(slide)}


def values_of(deck: Any) -> list[list[float | None]]:
    return [list(series.values) for slide in deck.slides for chart in charts(slide)
            for plot in chart.plots for series in plot.series]  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
def test_master_and_theme_are_untouched(template: str) -> None:
    given, deck = opened(TEMPLATES[template]()), from_template(PLANS[WITH_SLIDES[0]], template)
    for before, after in zip(given.slide_masters, deck.slide_masters, strict=True):
        assert before.part.blob == after.part.blob
        theme = RELATIONSHIP_TYPE.THEME
        assert before.part.part_related_by(theme).blob == after.part.part_related_by(theme).blob
    for before, after in zip(given.slide_layouts, deck.slide_layouts, strict=True):
        assert before.part.blob == after.part.blob


def test_samples_of_slides_in_a_template_are_left_out_and_its_footer_is_shown() -> None:
    deck = from_template(PLANS[WITH_SLIDES[0]], "four to three")
    for slide in deck.slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert "Every child matters to us" in texts
        assert slide.shapes.title.text_frame.text


def test_every_slide_has_its_number_also_where_the_template_has_none() -> None:
    for template in TEMPLATES:
        for slide in from_template(PLANS[WITH_SLIDES[0]], template).slides:
            fields = slide._element.findall(f".//{DRAWING}fld")
            assert [field.get("type") for field in fields] == ["slidenum"]


def test_the_layout_is_chosen_by_name() -> None:
    deck = from_template(PLANS[WITH_SLIDES[0]], "odd names", "corporate PAGE f")
    assert {slide.slide_layout.name for slide in deck.slides} == {"Corporate page F"}
    usual = from_template(PLANS[WITH_SLIDES[0]], "odd names")
    assert {slide.slide_layout.name for slide in usual.slides} == {"Corporate page B"}


def test_a_layout_that_is_not_there_is_said_with_those_that_are() -> None:
    drawn = draw_deck(PLANS[WITH_SLIDES[0]], DeckFile("our.pptx", odd_names()), "Board page")
    (problem,) = drawn.problems
    assert problem.code == "D005"
    assert '"Board page"; there are "Corporate page A"' in problem.what
    assert problem.done == 'The slides have "Corporate page B".'
    assert len(opened(drawn.value).slides) > 0


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_template_is_said_and_the_deck_has_the_standard_design(name: str) -> None:
    make, words = BAD[name]
    content = make()
    plan = PLANS[WITH_SLIDES[0]]
    drawn = draw_deck(plan, DeckFile("our.pptx", content))
    (problem,) = drawn.problems
    assert problem.code == "D004"
    assert words in problem.what
    assert "standard design" in problem.done
    assert drawn.value == draw_deck(plan).value


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_colours_of_a_theme_can_be_read_on_its_background(template: str) -> None:
    palette = palette_for(choose_layout(opened(TEMPLATES[template]()), ""))
    ground = palette.background.rgb
    for text in (palette.ink, palette.quiet, palette.better, palette.worse):
        assert contrast(text.rgb, ground) >= TEXT_CONTRAST
    for fill in (palette.pale, palette.grey, palette.marked):
        assert contrast(palette.ink.rgb, fill.rgb) >= TEXT_CONTRAST
    assert contrast(palette.on_main.rgb, palette.main.rgb) >= TEXT_CONTRAST
    for line in (*palette.series, palette.target):
        assert contrast(line.rgb, ground) >= MARK_CONTRAST
    assert (ground == "0B1F33") == (template == "dark")


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_title_of_200_characters_stays_in_its_place(template: str) -> None:
    plan = PLANS[WITH_SLIDES[0]]
    title = ("The longest title that anybody ever wrote " * 5)[:200]
    sheets = tuple(
        replace(sheet, deck=replace(sheet.deck, title=title)) if sheet.deck else sheet
        for sheet in plan.sheets
    )
    deck = from_template(replace(plan, sheets=sheets), template)
    for slide in deck.slides:
        frame = slide.shapes.title.text_frame
        assert frame.text.startswith(title)
        (run,) = frame.paragraphs[0].runs
        lines = len(frame.text) * run.font.size.pt * 0.5 / (slide.shapes.title.width.pt - 14)
        assert (int(lines) + 1) * run.font.size.pt * 1.2 <= slide.shapes.title.height.pt
        assert overlapping(slide) == []

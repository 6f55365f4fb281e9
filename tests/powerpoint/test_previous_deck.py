"""Last month's deck, with what people did to it, made this month's."""

from __future__ import annotations

import copy
import io
from dataclasses import replace
from typing import Any

import pytest
from pptx.util import Emu, Inches

from tests.powerpoint.conftest import opened
from tests.powerpoint.reading import charts, tables, tag_of
from tests.powerpoint.templates_by_hand import BAD, TEMPLATES, saved
from tests.powerpoint.test_deck import WITH_SLIDES
from tests.sheets.examples import PLANS
from workbook_builder.powerpoint.deck import DeckFile, deck_month, draw_deck
from workbook_builder.powerpoint.slide_writer import COMMENTARY, HEADLINE, NOTES_END
from workbook_builder.problems import Problem
from workbook_builder.sheets.plan import Cell, Number, Plan

PLAN = PLANS[WITH_SLIDES[0]]
WRITTEN = draw_deck(PLAN).value


def next_month(plan: Plan = PLAN) -> Plan:
    """Return the plan with other numbers in every cell that has one."""

    def renewed(cell: Cell) -> Cell:
        if isinstance(cell.content, Number):
            return cell._replace(content=Number(cell.content.value + 1))
        return cell

    sheets = tuple(replace(sheet, cells=tuple(map(renewed, sheet.cells))) for sheet in plan.sheets)
    return replace(plan, sheets=sheets)


def carried_on(before: Any, plan: Plan | None = None) -> tuple[Any, tuple[Problem, ...]]:
    """Return the deck of the next month made from one that people changed, and what was said."""
    drawn = draw_deck(plan or next_month(), previous=DeckFile("last.pptx", saved(before)))
    return opened(drawn.value), drawn.problems


def numbers_of(deck: Any) -> list[object]:
    values: list[object] = []
    for slide in sorted(deck.slides, key=tag_of):
        values += [list(series.values) for chart in charts(slide) for plot in chart.plots
                   for series in plot.series]  # fmt: skip
        values += list(tables(slide))
    return values


def shape_named(slide: Any, name: str) -> Any:
    return next(shape for shape in slide.shapes if shape.name == name)


def test_nothing_changed_gives_the_slides_that_a_new_deck_has() -> None:
    deck, problems = carried_on(opened(WRITTEN))
    assert problems == ()
    new = opened(draw_deck(next_month()).value)
    assert numbers_of(deck) == numbers_of(new)
    assert numbers_of(deck) != numbers_of(opened(WRITTEN))
    assert [tag_of(slide) for slide in deck.slides] == [tag_of(slide) for slide in new.slides]
    for mine, fresh in zip(deck.slides, new.slides, strict=True):
        assert [shape.name for shape in mine.shapes if "number" not in shape.name.lower()] == [
            shape.name for shape in fresh.shapes if "number" not in shape.name.lower()
        ]


def test_slides_of_other_people_stay_where_they_are_and_as_they_are() -> None:
    before = opened(WRITTEN)
    own = before.slides.add_slide(before.slide_layouts[0])
    own.shapes.title.text_frame.text = "From the director"
    entries = before.slides._sldIdLst
    entries.insert(0, entries[-1])
    entries.insert(1, entries[-1])  # and the last of ours behind it
    order = [tag_of(slide) for slide in before.slides]
    picture = own.part.blob
    deck, problems = carried_on(before)
    assert problems == ()
    assert [tag_of(slide) for slide in deck.slides] == order
    assert deck.slides[0].part.blob == picture
    assert numbers_of(deck) == numbers_of(opened(draw_deck(next_month()).value))


def test_words_written_over_the_programs_are_kept_month_after_month() -> None:
    before = opened(WRITTEN)
    slide = before.slides[0]
    frame = shape_named(slide, HEADLINE).text_frame
    frame.text = "Ask about the summer"
    frame.paragraphs[0].runs[0].font.italic = True
    shape_named(slide, COMMENTARY).text_frame.text = "Two workers left.\nBoth are replaced."
    for _ in range(2):
        deck, problems = carried_on(before)
        (problem,) = problems
        assert problem.code == "D007"
        assert slide.shapes.title.text_frame.text in problem.what
        kept = shape_named(deck.slides[0], HEADLINE).text_frame
        assert kept.text == "Ask about the summer"
        assert kept.paragraphs[0].runs[0].font.italic
        words = shape_named(deck.slides[0], COMMENTARY).text_frame.text
        assert words == "Two workers left.\nBoth are replaced."
        before = deck
    shape_named(before.slides[0], HEADLINE).text_frame.text = ""  # to have the program's again
    shape_named(before.slides[0], COMMENTARY).text_frame.text = ""
    _, problems = carried_on(before)
    assert problems == ()


def test_our_slides_are_found_by_their_tag_not_by_their_title() -> None:
    before = opened(WRITTEN)
    before.slides[0].shapes.title.text_frame.text = "What we call it"
    deck, (problem,) = carried_on(before)
    assert problem.code == "D007"
    assert len(deck.slides) == len(before.slides)
    assert deck.slides[0].shapes.title.text_frame.text == "What we call it"
    assert numbers_of(deck) == numbers_of(opened(draw_deck(next_month()).value))


def test_shapes_that_people_drew_stay_in_front_and_moved_charts_stay_moved() -> None:
    before = opened(WRITTEN)
    slide = before.slides[0]
    note = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(2), Inches(1))
    note.name = "An arrow"
    note.text_frame.text = "Look here"
    chart = next(shape for shape in slide.shapes if shape.has_chart)
    place = (Emu(1000000), Emu(2000000), Emu(3000000), Emu(1500000))
    chart.left, chart.top, chart.width, chart.height = place
    deck, problems = carried_on(before)
    assert problems == ()
    assert [shape.name for shape in deck.slides[0].shapes][-1] == "An arrow"
    moved = shape_named(deck.slides[0], chart.name)
    assert (moved.left, moved.top, moved.width, moved.height) == place


def test_a_copy_of_a_slide_keeps_its_numbers_and_is_said() -> None:
    before = opened(WRITTEN)
    source = before.slides[0]
    blank = next(layout for layout in before.slide_layouts if layout.name == "Title Only")
    twin = before.slides.add_slide(blank)
    twin.shapes.title.text_frame.text = "A copy"
    from workbook_builder.powerpoint.tags import read_tags, write_tags  # noqa: PLC0415

    write_tags(twin, read_tags(source))
    deck, (problem,) = carried_on(before)
    assert problem.code == "D009"
    assert '"A copy"' in problem.what
    assert tag_of(deck.slides[len(deck.slides) - 1]) == ""


def test_a_slide_that_somebody_took_out_stays_out_and_is_said() -> None:
    before = opened(WRITTEN)
    entries = before.slides._sldIdLst
    gone = tag_of(before.slides[0])
    before.part.drop_rel(entries[0].rId)
    entries.remove(entries[0])
    for _ in range(2):
        deck, (problem,) = carried_on(before)
        assert problem.code == "D009"
        assert gone not in [tag_of(slide) for slide in deck.slides]
        before = deck


def test_a_slide_that_the_layout_has_no_more_is_left_out_and_said() -> None:
    first = next(sheet for sheet in PLAN.sheets if sheet.deck)
    less = replace(PLAN, sheets=tuple(
        replace(sheet, deck=None) if sheet is first else sheet for sheet in PLAN.sheets
    ))  # fmt: skip
    deck, (problem,) = carried_on(opened(WRITTEN), less)
    assert problem.code == "D008"
    assert all(not tag_of(slide).startswith(f"{first.name}#") for slide in deck.slides)


def test_a_new_slide_comes_behind_the_one_before_it() -> None:
    first, *others = [sheet.name for sheet in PLAN.sheets if sheet.deck]
    less = replace(PLAN, sheets=tuple(
        replace(sheet, deck=None) if sheet.name in others else sheet for sheet in PLAN.sheets
    ))  # fmt: skip
    before = opened(draw_deck(less).value)
    before.slides.add_slide(before.slide_layouts[0])
    deck, problems = carried_on(before)
    assert problems == ()
    names = list(dict.fromkeys(tag_of(slide).rpartition("#")[0] for slide in deck.slides))
    assert names == [first, *others, ""]


def test_notes_below_the_programs_are_kept() -> None:
    before = opened(WRITTEN)
    slide = before.slides[0]
    slide.notes_slide.notes_text_frame.text += "\nRemember to thank the teams."
    deck, problems = carried_on(before)
    assert problems == ()
    notes = deck.slides[0].notes_slide.notes_text_frame.text
    assert notes.endswith(f"{NOTES_END}\nRemember to thank the teams.")
    deck.slides[0].notes_slide.notes_text_frame.text = "Only mine."
    _, (problem,) = carried_on(deck)
    assert problem.code == "D008"


def test_the_same_deck_and_numbers_give_the_same_bytes_and_no_dead_parts() -> None:
    last = DeckFile("last.pptx", WRITTEN)
    once, again = (draw_deck(next_month(), previous=last).value for _ in range(2))
    assert once == again
    third = draw_deck(PLAN, previous=DeckFile("last.pptx", once)).value
    assert abs(len(third) - len(WRITTEN)) < 0.05 * len(WRITTEN)


@pytest.mark.parametrize("name", [name for name in BAD if name not in ("without titles",)])
def test_a_deck_that_cannot_be_read_is_said_and_made_anew(name: str) -> None:
    make, words = BAD[name]
    content = make()
    drawn = draw_deck(PLAN, previous=DeckFile("last.pptx", content))
    (problem,) = drawn.problems
    assert problem.code == "D006"
    assert words in problem.what
    assert drawn.value == WRITTEN
    assert deck_month(DeckFile("last.pptx", content)) == ""


def test_a_deck_without_any_slide_of_ours_is_said() -> None:
    drawn = draw_deck(PLAN, previous=DeckFile("theirs.pptx", TEMPLATES["four to three"]()))
    (problem,) = drawn.problems
    assert problem.code == "D006"
    assert drawn.value == WRITTEN


def test_the_design_of_last_months_deck_stays() -> None:
    template = DeckFile("our.pptx", TEMPLATES["dark"]())
    before = opened(draw_deck(PLAN, template).value)
    other = copy.deepcopy(io.BytesIO(saved(before)).getvalue())
    deck = opened(draw_deck(next_month(), previous=DeckFile("last.pptx", other)).value)
    for mine, given in zip(deck.slide_masters, before.slide_masters, strict=True):
        assert mine.part.blob == given.part.blob
    standard = numbers_of(opened(draw_deck(next_month(), template).value))
    assert numbers_of(deck) == standard

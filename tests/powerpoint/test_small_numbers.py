"""Small numbers are hidden in the deck exactly as in the workbook, and neither gives one away."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import SAMPLE_INPUTS, WRITTEN
from tests.powerpoint.conftest import opened
from tests.powerpoint.reading import charts, tables
from tests.powerpoint.test_deck import (
    NOTE,
)
from tests.powerpoint.test_deck import (
    test_every_cell_of_a_table_is_the_workbooks as assert_cells_are_the_workbooks,
)
from tests.powerpoint.test_deck import (
    test_every_number_of_the_notes_is_among_the_figures as assert_notes_are_the_workbooks,
)
from tests.powerpoint.test_deck import (
    test_every_value_of_a_chart_is_the_workbooks as assert_charts_are_the_workbooks,
)
from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.request import Outcome, Request

pytestmark = pytest.mark.slow

UNDER = 5
MONTH = "2023-07"
COUNT = re.compile(r"\d[\d,]*")


def read(workbook: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(workbook, data_only=True)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> tuple[openpyxl.Workbook, Any]:
    """The workbook and the deck, with every table as slides, that hide small numbers."""
    folder = tmp_path_factory.mktemp("hidden")
    layout = folder / "tables.toml"
    layout.write_text('extends = "board"\ntable_slides = true\n', encoding="utf-8")
    request = Request(
        (SAMPLE_INPUTS,), layout=str(layout), out=folder / "board.xlsx", written=WRITTEN,
        suppress_under=UNDER, slides=folder,
    )  # fmt: skip
    outcome = build(request, lambda progress: None)
    assert outcome.written and outcome.slides
    return read(outcome.written), opened(outcome.slides.read_bytes())


def test_the_deck_shows_what_the_workbook_shows(hidden: tuple[openpyxl.Workbook, Any]) -> None:
    book, deck = hidden
    texts = [text for slide in deck.slides for table in tables(slide) for row in table
             for text in row]  # fmt: skip
    assert texts.count("[c]") > 20
    assert_cells_are_the_workbooks(deck, book)
    assert_charts_are_the_workbooks(deck, book)
    assert_notes_are_the_workbooks(deck, book)


def test_no_small_count_stands_anywhere_in_the_deck(
    hidden: tuple[openpyxl.Workbook, Any],
) -> None:
    _, deck = hidden
    looked_at = 0
    for slide in deck.slides:
        for headings, *rows in tables(slide):
            for row in rows:
                for heading, text in zip(headings, row, strict=True):
                    if COUNT.fullmatch(text) and heading != "Ref.":
                        looked_at += 1
                        assert not 0 < int(text.replace(",", "")) < UNDER, (heading, row)
        for chart in charts(slide):
            if "%" in chart.value_axis.tick_labels.number_format:
                continue
            for plot in chart.plots:
                for series in plot.series:
                    assert not any(value and 0 < value < UNDER for value in series.values)
    for _, line, number in numbers_of_notes(deck):
        looked_at += 1
        assert not 0 < number < UNDER, line
    assert looked_at > 500


def numbers_of_notes(deck: Any) -> Iterator[tuple[str, str, float]]:
    """Yield measure, part and number of each line of the speaker's notes that has them."""
    titles = {measure.title: name for name, measure in known_definitions().value.measures.items()}
    for slide in deck.slides:
        notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        lines = notes.split("\n")
        for before, line in pairwise(lines):
            match = NOTE.fullmatch(line)
            measure = next((name for title, name in titles.items()
                            if before.startswith(f"{title}. ")), "")  # fmt: skip
            if match and measure:
                for part, text in zip(
                    ("numerator", "denominator"), match.groups()[1:], strict=True
                ):
                    if text:
                        yield measure, part, float(text.replace(",", ""))


def test_no_small_number_follows_from_both_files_together(
    hidden: tuple[openpyxl.Workbook, Any], sample_build: Outcome
) -> None:
    """The attack by linear programming, with all that the notes of the deck tell beside it."""
    attack = pytest.importorskip("tests.linear_attack", exc_type=ImportError)
    book, deck = hidden
    assert sample_build.written
    everything = attack.numbers_of(read(sample_build.written))
    shown = dict(attack.numbers_of(book))
    told = {((measure, part), MONTH, ""): number
            for measure, part, number in numbers_of_notes(deck)}  # fmt: skip
    told = {place: number for place, number in told.items() if place in everything}
    assert len(told) > 50
    assert all(shown.get(place) == number for place, number in told.items())
    found = attack.attacked(everything, shown | told, UNDER)
    assert found.attacked > 5000
    assert found.told == ()

"""Addresses, text heights, and what must hold for the plan of any layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from tests.sheets.examples import PLANS
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.figures import Figures
from workbook_builder.indicators.rows import judged_rows
from workbook_builder.months import Month
from workbook_builder.sheets.board_table import board_sheet
from workbook_builder.sheets.data_table import lines_needed, row_height
from workbook_builder.sheets.plan import Area, Empty, Number, address, column_letters
from workbook_builder.sheets.table_columns import TableContext


@given(st.integers(0, 16_383))
def test_column_letters_are_excels(column: int) -> None:
    assert column_letters(column) == get_column_letter(column + 1)


def test_addresses() -> None:
    assert address(2, 1) == "B3"
    assert address(0, 16_383) == "XFD1"
    assert Area(2, 1, 6, 3).text == "B3:D7"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("one", 10, 1),
        ("one\ntwo", 10, 2),
        ("\n\n", 10, 3),
        ("Number of children", 30, 1),
        ("Number of children", 12, 2),
        ("W" * 40, 20, 4),
    ],
)
def test_lines_needed(text: str, width: float, lines: int) -> None:
    assert lines_needed(text, width) == lines


@given(st.text(), st.floats(5, 100))
def test_every_line_break_is_a_line(text: str, width: float) -> None:
    assert lines_needed(text, width) >= 1 + text.count("\n")


def test_an_indent_takes_its_room() -> None:
    assert lines_needed("0123456789", 11, indented=False) == 1
    assert lines_needed("0123456789", 11) == 2


def test_rows_grow_with_their_lines_up_to_what_excel_allows() -> None:
    heights = [row_height(lines) for lines in (1, 2, 3, 1000)]
    assert heights == [22.0, 37.0, 52.0, 409.0]


@pytest.mark.parametrize("name", PLANS)
def test_no_cell_is_planned_twice(name: str) -> None:
    for sheet in PLANS[name].sheets:
        places = [(cell.row, cell.column) for cell in sheet.cells]
        assert len(places) == len(set(places)), sheet.name


@pytest.mark.parametrize("name", PLANS)
def test_no_row_or_column_is_sized_twice(name: str) -> None:
    for sheet in PLANS[name].sheets:
        rows = [row for row, _ in sheet.heights]
        assert len(rows) == len(set(rows)), sheet.name
        columns = [n for width in sheet.widths for n in range(width.first, width.last + 1)]
        assert columns == sorted(set(columns)), sheet.name


@pytest.mark.parametrize("name", PLANS)
def test_every_sheet_begins_with_the_same_heights(name: str) -> None:
    assert len({sheet.heights[:2] for sheet in PLANS[name].sheets if not sheet.slide}) == 1


def test_a_blank_month_is_an_empty_cell_with_its_reason() -> None:
    (board,) = (sheet for sheet in PLANS["every_column"].sheets if sheet.name == "All")
    blanks = [cell for cell in board.cells if cell.style == "blank"]
    assert {cell.note for cell in blanks} == {
        "",  # the measure that was never computed
        "The extract covers only part of this month.",
        "The extract does not cover this month.",
    }
    assert {type(cell.content) for cell in blanks} == {Empty}


def test_a_target_is_shown_in_full() -> None:
    (board,) = (sheet for sheet in PLANS["every_column"].sheets if sheet.name == "All")
    shown = {
        cell.content.value: cell.number_format
        for cell in board.cells
        if cell.style == "target" and isinstance(cell.content, Number)
    }
    assert shown == {273.0: "#,##0", 0.945: "0.0%", 4.0: "#,##0"}


def test_long_references_are_not_cut() -> None:
    definitions = known_definitions().value
    table = definitions.layouts["scorecard"].tables[0]
    month = Month(2023, 7)
    rows = judged_rows(table, definitions, Figures(()), [month])
    sheet = board_sheet(table, "t_x", rows, TableContext((month,), ()), "")
    longest = max(len(row.reference) for row in table.rows)
    assert longest > 8
    assert sheet.widths[0].width > longest

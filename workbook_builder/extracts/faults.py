"""Rows and cells that are at fault in, problems in words out. No cell's value is ever in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts import kinds
from workbook_builder.extracts.days import is_month_first
from workbook_builder.extracts.model import Grid, Headings
from workbook_builder.problems import Kind, Problem, Where, counted, listed

_Rows = tuple[int, ...]

#: What the problems say of one row, and of several, that give no record.
LEFT_OUT = ("Row left out.", "Rows left out.")

_WANTED: Mapping[ColumnType, str] = {
    "id": "identifiers",
    "text": "texts",
    "code": "codes of the column's list",
    "date": "days between 1900 and 2099, as 31/07/2023",
    "month": "months, as 2023-07 or Jul-23",
    "integer": "whole numbers",
    "number": "numbers",
    "flag": "Yes or No",
}


@dataclass(frozen=True, eq=False)
class Cells:
    """One column of a sheet."""

    grid: Grid
    headings: Headings
    column: str

    @property
    def type(self) -> ColumnType:
        """The type that the column's cells should have."""
        return self.headings.dataset.columns[self.column].type

    def where(self, rows: _Rows) -> Where:
        """Return the place of cells in the column."""
        return self.grid.where(rows, self.headings.heading(self.column))

    def done(self, rows: _Rows) -> str:
        """Say what becomes of rows whose cell cannot be used."""
        if self.column in self.headings.dataset.required:
            return _left_out(rows)
        if len(rows) == 1:
            return "Record kept, the cell left blank."
        return "Records kept, the cells left blank."


def blank_cells(cells: Cells, rows: _Rows) -> Problem | None:
    """Return the problem that required cells are blank."""
    if not rows:
        return None
    what = f"{_are(rows, 'cell')} blank that every record needs."
    return Problem(kinds.BLANK_CELL, what, cells.where(rows), cells.done(rows))


def unreadable_cells(cells: Cells, rows: _Rows) -> Problem | None:
    """Return the problem that cells do not convert."""
    if not rows:
        return None
    if cells.type == "id":
        what = f"{_are(rows, 'identifier')} in scientific notation, as 4.5E+09: digits are lost."
        return Problem(kinds.SCIENTIFIC_ID, what, cells.where(rows), cells.done(rows))
    what = f"{counted(len(rows), 'cell')} cannot be read. Expected: {_WANTED[cells.type]}."
    return Problem(kinds.UNREADABLE_CELL, what, cells.where(rows), cells.done(rows))


def unknown_values(cells: Cells, rows: _Rows, values: int, codes: str) -> Problem | None:
    """Return the problem that cells of codes hold what their list does not know."""
    if not rows:
        return None
    verb = "holds" if len(rows) == 1 else "hold"
    known = f'that the code list "{codes}" does not know'
    what = f"{counted(len(rows), 'cell')} {verb} {counted(values, 'value')} {known}."
    return Problem(kinds.UNKNOWN_VALUE, what, cells.where(rows), cells.done(rows))


def codes_out_of_use(cells: Cells, rows: _Rows, codes: Iterable[str]) -> Problem | None:
    """Return the note that codes were used before they came or after they went."""
    if not rows:
        return None
    what = f"{counted(len(rows), 'cell')} with a code outside its years: {listed(codes)}."
    return Problem(kinds.CODE_OUT_OF_USE, what, cells.where(rows), "Records kept as they are.")


def month_first(cells: Cells, failed: pd.Series) -> Problem | None:
    """Return the problem that days which could not be read are written in the American order."""
    if cells.type != "date":
        return None
    days = failed.str.split(" ", n=1).str[0]
    rows = tuple(int(row) for row in days.index[days.map(is_month_first).astype(bool)])
    if not rows:
        return None
    what = f"{_are(rows, 'date')} readable only with the month first."
    return Problem(kinds.MONTH_FIRST, what, cells.where(rows), "All dates were read day first.")


def out_of_order(cells: Cells, first: str, rows: _Rows) -> Problem | None:
    """Return the problem that days lie before those that they should follow."""
    if not rows:
        return None
    verb = "lies" if len(rows) == 1 else "lie"
    start = cells.headings.heading(first)
    what = f'{counted(len(rows), "date")} {verb} before the "{start}" of the same row.'
    return Problem(kinds.OUT_OF_ORDER, what, cells.where(rows), _left_out(rows))


def surplus_cells(grid: Grid, headings: Headings, rows: _Rows) -> Problem | None:
    """Return the problem that rows are longer than the row of headings."""
    if not rows:
        return None
    verb = "has" if len(rows) == 1 else "have"
    what = f"{counted(len(rows), 'row')} {verb} more cells than row {headings.row} has headings."
    done = f"{'Record' if len(rows) == 1 else 'Records'} kept, the surplus cells not read."
    return Problem(kinds.SURPLUS_CELLS, what, grid.where(rows), done)


def repeated_headings(grid: Grid, rows: _Rows) -> Problem | None:
    """Return the note that the headings stand among the records."""
    what = f"the headings stand again in {counted(len(rows), 'row')}."
    return _note(kinds.REPEATED_HEADING, what, grid, rows)


def total_rows(grid: Grid, rows: _Rows) -> Problem | None:
    """Return the note that totals stand below the records."""
    what = f"{_are(rows, 'row')} a total or an end line, not a record."
    return _note(kinds.TOTAL_ROWS, what, grid, rows)


def no_records(grid: Grid, headings: Headings) -> Problem:
    """Return the problem that nothing usable stands below the headings."""
    what = f'the sheet is read as "{headings.dataset.title}" but gives no records.'
    return Problem(kinds.NO_RECORDS, what, grid.where(), "Nothing was counted from it.")


def _note(kind: Kind, what: str, grid: Grid, rows: _Rows) -> Problem | None:
    return Problem(kind, what, grid.where(rows), _left_out(rows)) if rows else None


def _left_out(rows: _Rows) -> str:
    return LEFT_OUT[len(rows) > 1]


def _are(rows: _Rows, noun: str) -> str:
    return f"{counted(len(rows), noun)} {'is' if len(rows) == 1 else 'are'}"

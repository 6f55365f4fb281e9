"""The problems of rows and cells that are at fault, in words. They never quote a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.column_types import COLUMN_TYPES, LONGEST_CELL
from workbook_builder.extracts.headings import Headings
from workbook_builder.problems import Problem, ProblemKind, Where, counted, listed
from workbook_builder.readers.grid import Grid

_Rows = tuple[int, ...]
_READ_AS_BRITISH = "All dates were read with the day first."

#: What the problems say of rows that give no record.
LEFT_OUT = "Not counted."
#: What they say of cells that cannot be used in rows that give one.
CELLS_BLANK = "Records kept, cells left blank."


@dataclass(frozen=True, eq=False)
class ColumnPlace:
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
            return LEFT_OUT
        return "Record kept, cell left blank." if len(rows) == 1 else CELLS_BLANK


def blank_cells(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the problem that required cells are blank."""
    if not rows:
        return None
    what = f"{_have(rows, 'row')} no {place.headings.heading(place.column)}."
    return Problem(catalogue.BLANK_CELL, what, place.where(rows), place.done(rows))


def unreadable_cells(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the problem that cells do not convert."""
    if not rows:
        return None
    expected = COLUMN_TYPES[place.type].expected
    what = f"{counted(len(rows), 'cell')} cannot be read. Expected {expected}."
    return Problem(catalogue.UNREADABLE_CELL, what, place.where(rows), place.done(rows))


def scientific_ids(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the problem that identifiers have lost their digits."""
    if not rows:
        return None
    what = f"{_have(rows, 'identifier')} lost digits to scientific notation such as 4.5E+09."
    return Problem(catalogue.SCIENTIFIC_ID, what, place.where(rows), place.done(rows))


def several_in_a_cell(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the problem that cells hold several identifiers."""
    if not rows:
        return None
    what = f"{_have(rows, 'cell')} several identifiers, as of brothers and sisters."
    return Problem(catalogue.SEVERAL_IDS, what, place.where(rows), place.done(rows))


def days_alike(place: ColumnPlace, dates: int) -> Problem:
    """Return the problem that all days of a column fall on one day of the month."""
    what = f"all {dates:,} dates fall on the same day of a month, as if the real days were removed."
    done = "Counted as given. Timeliness figures may be wrong."
    return Problem(catalogue.DAYS_ALIKE, what, place.where(()), done)


def cut_off(grid: Grid, rows: _Rows) -> Problem | None:
    """Return the problem that a list says that it does not hold all records."""
    if not rows:
        return None
    what = "the list itself says that it does not hold all records."
    return Problem(catalogue.CUT_OFF, what, grid.where(rows), "Sheet left out.")


def filtered(grid: Grid, rows: _Rows) -> Problem | None:
    """Return the problem that a list says that it was exported with filters."""
    if not rows:
        return None
    what = "the list says that it was exported with filters, so it may not hold all records."
    return Problem(catalogue.FILTERED, what, grid.where(rows), "Counted as it is.")


def cancelled(rows: _Rows, where: Where) -> Problem | None:
    """Return the problem that records are marked as cancelled."""
    if not rows:
        return None
    what = f"{_are(rows, 'record')} marked as cancelled, entered in error or the like."
    return Problem(catalogue.CANCELLED, what, where, "Counted like the others.")


def other_kind(rows: _Rows, where: Where, title: str) -> Problem | None:
    """Return the problem that records are marked as records of another kind."""
    if not rows:
        return None
    what = f'{_are(rows, "record")} marked as something other than "{title}".'
    return Problem(catalogue.OTHER_KIND, what, where, "Counted like the others.")


def round_number(grid: Grid, records: int) -> Problem:
    """Return the problem that a list has as many records as a program gives at most."""
    what = f"the list has exactly {records:,} records, as if it was cut off there."
    return Problem(catalogue.ROUND_NUMBER, what, grid.where(), "Counted as it is.")


def unknown_values(place: ColumnPlace, rows: _Rows, values: int, codes: str) -> Problem | None:
    """Return the problem that cells of codes hold what their list does not know."""
    if not rows:
        return None
    what = (
        f"{_have(rows, 'cell')} {counted(values, 'value')} not in the code list "
        f'"{codes.replace("_", " ")}".'
    )
    return Problem(catalogue.UNKNOWN_VALUE, what, place.where(rows), place.done(rows))


def codes_out_of_use(place: ColumnPlace, rows: _Rows, codes: Iterable[str]) -> Problem | None:
    """Return the note that codes were used before they came or after they went."""
    if not rows:
        return None
    what = f"{_have(rows, 'cell')} a code outside its years: {listed(codes)}."
    return Problem(catalogue.CODE_OUT_OF_USE, what, place.where(rows), "They were counted.")


def month_first(
    place: ColumnPlace, american: _Rows, either: _Rows, *, doubt: bool
) -> Problem | None:
    """Return the problem that some of a column's days are written in the American order.

    Others can be read `either` way; where the order is in `doubt`, no day of the column was read.
    """
    if not american:
        return None
    what = f"{_have(american, 'date')} the month first."
    if either:
        what += f" {counted(len(either), 'other date')} could be read either way."
    rows = tuple(sorted({*american, *either})) if doubt else american
    unread = "No date in this column was used."
    done = f"{unread} {place.done(rows)}" if doubt else _READ_AS_BRITISH
    return Problem(catalogue.MONTH_FIRST, what, place.where(rows), done)


def tick_box(place: ColumnPlace, blank: int) -> Problem:
    """Return the note that a column of flags holds only yes and blanks."""
    what = f"the column holds only yes, and {_are(range(blank), 'cell')} blank."
    done = "Blanks were read as no, as in a tick box."
    return Problem(catalogue.TICK_BOX, what, place.where(()), done)


def in_utc(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the note that days come with times in UTC."""
    if not rows:
        return None
    what = f"{_are(rows, 'time')} in UTC."
    return Problem(catalogue.IN_UTC, what, place.where(rows), "The day in the UK was taken.")


def no_days(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the note that cells hold a day that databases write for none."""
    if not rows:
        return None
    what = f"{_have(rows, 'cell')} a date or word for no date, such as 01/01/1900 or Ongoing."
    done = place.done(rows) if place.column in place.headings.dataset.required else "Read as blank."
    return Problem(catalogue.NO_DAY, what, place.where(rows), done)


def error_cells(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the problem that cells hold an Excel error."""
    if not rows:
        return None
    what = f"{_have(rows, 'cell')} an Excel error such as #N/A, #REF! or ####."
    return Problem(catalogue.ERROR_CELL, what, place.where(rows), place.done(rows))


def formulas_without_result(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the problem that cells hold formulas of which no result was saved."""
    if not rows:
        return None
    what = f"{_have(rows, 'cell')} a formula that was saved without its result."
    return Problem(catalogue.NO_RESULT, what, place.where(rows), place.done(rows))


def too_long_cells(place: ColumnPlace, rows: _Rows) -> Problem | None:
    """Return the problem that cells are longer than any cell of Excel."""
    if not rows:
        return None
    what = f"{_have(rows, 'cell')} more than {LONGEST_CELL:,} characters."
    return Problem(catalogue.CELL_TOO_LONG, what, place.where(rows), place.done(rows))


def before_birth(place: ColumnPlace, birth: str, rows: _Rows) -> Problem | None:
    """Return the problem that days lie before birth; they may, for a child not yet born."""
    if not rows:
        return None
    what = f'{_are(rows, "date")} before the "{birth}" in the same row.'
    return Problem(catalogue.BEFORE_BIRTH, what, place.where(rows), "Counted as given.")


def out_of_order(place: ColumnPlace, first: str, rows: _Rows) -> Problem | None:
    """Return the problem that days lie before those that they should follow."""
    if not rows:
        return None
    start = place.headings.heading(first)
    what = f'{_are(rows, "date")} before the "{start}" in the same row.'
    return Problem(catalogue.OUT_OF_ORDER, what, place.where(rows), LEFT_OUT)


def surplus_cells(grid: Grid, headings: Headings, rows: _Rows) -> Problem | None:
    """Return the problem that rows are longer than the row of headings."""
    if not rows:
        return None
    what = f"{_have(rows, 'row')} more cells than there are headings in row {headings.row}."
    return Problem(catalogue.SURPLUS_CELLS, what, grid.where(rows), "The extra cells were ignored.")


def repeated_headings(grid: Grid, rows: _Rows) -> Problem | None:
    """Return the note that the headings are repeated among the records."""
    what = f"{'this row repeats' if len(rows) == 1 else 'these rows repeat'} the headings."
    return _note(catalogue.REPEATED_HEADING, what, grid, rows)


def total_rows(grid: Grid, rows: _Rows) -> Problem | None:
    """Return the note that totals or group headings are between or below the records."""
    one = "this looks like a total or a heading, not a record."
    what = one if len(rows) == 1 else "these look like totals or headings, not records."
    return _note(catalogue.TOTAL_ROWS, what, grid, rows)


def rows_above(grid: Grid, headings: Headings, rows: _Rows) -> Problem | None:
    """Return the problem that rows above the headings look like records."""
    verb = "looks like a record" if len(rows) == 1 else "look like records"
    what = f"{counted(len(rows), 'row')} above the headings (row {headings.row}) {verb}."
    return Problem(catalogue.ROWS_ABOVE, what, grid.where(rows), LEFT_OUT) if rows else None


def no_records(grid: Grid, headings: Headings) -> Problem:
    """Return the problem that nothing usable is below the headings."""
    what = f'this was read as "{headings.dataset.title}", but no row could be used.'
    return Problem(catalogue.NO_RECORDS, what, grid.where(), "Nothing was counted from it.")


def _note(kind: ProblemKind, what: str, grid: Grid, rows: _Rows) -> Problem | None:
    return Problem(kind, what, grid.where(rows), LEFT_OUT) if rows else None


def _are(rows: Sequence[int], noun: str) -> str:
    return f"{counted(len(rows), noun)} {'is' if len(rows) == 1 else 'are'}"


def _have(rows: Sequence[int], noun: str) -> str:
    return f"{counted(len(rows), noun)} {'has' if len(rows) == 1 else 'have'}"

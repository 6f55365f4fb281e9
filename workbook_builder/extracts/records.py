"""The rows below the headings in, typed records out; what does not convert is a problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from workbook_builder.columns.different import LONGEST_CELL, neat
from workbook_builder.columns.table import Cells, Records
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.told_apart import Flags, Numbers
from workbook_builder.columns.values import Values
from workbook_builder.definitions.datasets import CodeList, Dataset
from workbook_builder.extracts import faults
from workbook_builder.extracts.coded import out_of_use, to_codes
from workbook_builder.extracts.convert import (
    Converted,
    convert,
    is_error,
    is_unusable,
    tidy,
    trimmed,
)
from workbook_builder.extracts.faults import (
    before_birth,
    blank_cells,
    codes_out_of_use,
    error_cells,
    formulas_without_result,
    in_utc,
    month_first,
    no_records,
    out_of_order,
    repeated_headings,
    rows_above,
    surplus_cells,
    too_long_cells,
    total_rows,
    unknown_values,
    unreadable_cells,
)
from workbook_builder.extracts.model import Grid, Headings, UnknownValue
from workbook_builder.problems import Problem, Result
from workbook_builder.readers.workbook import NO_RESULT

#: The column that says when a child was born, in every dataset that has it.
_BIRTH = "date_of_birth"
#: From the first day of a workbook that counts from 1904 to that of one that counts from 1900.
_DAYS_TO_1904 = 1462
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_TOTAL = re.compile(r"(?i)(?:(?:grand|sub)?[ -]*total|count|end of report)\b.*")


@dataclass(frozen=True, eq=False)
class ReadRecords:
    """The records of one sheet, how many rows were read, and the values that no list knows."""

    records: Records
    rows_read: int
    unknown: tuple[UnknownValue, ...] = ()


def read_records(
    grid: Grid, headings: Headings, codes: Mapping[str, CodeList] | None = None
) -> Result[ReadRecords]:
    """Convert the rows below the headings to records of their dataset, codes by their lists.

    A row whose required cell is blank or does not convert is left out; any other cell that does
    not convert is left blank.
    """
    below = grid.cells.below(headings.row)
    rows = below.without(_blank(below))
    repeated = _repeats(rows, headings)
    sheet = _Sheet(grid, headings, codes or {}, rows.without(repeated))
    return Result(
        ReadRecords(sheet.records(), len(rows), tuple(sheet.unknown_values())),
        tuple(one for one in sheet.problems(rows.numbers(repeated)) if one),
    )


class _Sheet:
    """The rows of one sheet that may be records, converted, and what is wrong with them."""

    def __init__(
        self, grid: Grid, headings: Headings, codes: Mapping[str, CodeList], body: Cells
    ) -> None:
        self.grid, self.headings, self.codes, self.body = grid, headings, codes, body
        self.dataset = headings.dataset
        self.columns = {
            name: self._converted(name, self._cells(body, name)) for name in headings.positions
        }
        self.constants = {
            name: self._converted(name, Texts.same(text, len(body)))
            for name, text in headings.constants.items()
        }
        complete = _complete(self.columns | self.constants, self.dataset, len(body))
        self.totals = _totals(body, complete)
        self.reversed = self._out_of_order(complete)
        self.good = complete & ~_any(self.reversed.values(), len(body))

    def records(self) -> Records:
        """Return the good rows, the columns in the dataset's order; what it lacks is blank."""
        kept = np.flatnonzero(self.good)
        made = self.columns | self.constants
        nothing = Texts.blanks(len(kept))
        columns = {
            name: made[name].values.take(kept) if name in made
            else convert(column.type, nothing).values
            for name, column in self.dataset.columns.items()
        }  # fmt: skip
        return Records(self.body.rows[kept], columns)

    def problems(self, repeated: tuple[int, ...]) -> Iterator[Problem | None]:
        """Yield all that is at fault; `repeated` are the rows that hold the headings again."""
        grid, headings, numbers = self.grid, self.headings, self.body.numbers
        yield surplus_cells(grid, headings, self._surplus())
        yield from self._cell_faults()
        yield from self._outdated_codes()
        yield from self._before_birth()
        for (first, second), rows in self.reversed.items():
            yield out_of_order(self._place(second), first, numbers(rows))
        yield rows_above(grid, headings, self._records_above())
        yield repeated_headings(grid, repeated)
        yield total_rows(grid, numbers(self.totals))
        if not self.good.any():
            yield no_records(grid, headings)

    def unknown_values(self) -> Iterator[UnknownValue]:
        """Count the values that code lists do not know, by column."""
        for name, converted in self.columns.items():
            column = self.dataset.columns[name]
            failed = converted.failed & ~self.totals
            if column.codes and failed.any():
                values = Counter(converted.texts.take(failed).cells())
                place = (self.grid.file, self.grid.sheet, self.headings.heading(name))
                for value, cells in sorted(values.items()):
                    yield UnknownValue(*place, column.codes, value, cells)

    def _converted(self, name: str, cells: Texts) -> Converted:
        column = self.dataset.columns[name]
        if column.codes in self.codes:
            return to_codes(cells, self.codes[column.codes])
        return convert(column.type, cells)

    def _cells(self, rows: Cells, name: str) -> Texts:
        """Return the cells of a column; bare numbers of days are counted from 1900 throughout."""
        cells = rows.columns[self.headings.positions[name][0]]
        if not self.grid.from_1904 or self.dataset.columns[name].type != "date":
            return cells
        return trimmed(cells).changed(lambda texts: map(_from_1900, texts))

    def _place(self, name: str) -> faults.Cells:
        return faults.Cells(self.grid, self.headings, name)

    def _dates(self) -> Iterator[tuple[str, Values]]:
        for name in self.dataset.date_columns:
            if name in self.columns:
                yield name, _days(self.columns[name])

    def _out_of_order(self, complete: Flags) -> dict[tuple[str, str], Flags]:
        """Tell, for each pair of dates in order, in which rows the second lies before the first."""
        days = dict(self._dates())
        return {
            (first, second): complete & _earlier(days[second], days[first])
            for first, second in self.dataset.in_order
            if first in days and second in days
        }

    def _surplus(self) -> tuple[int, ...]:
        """Return the rows of a text file that have filled cells behind the last heading.

        In a workbook such cells are notes beside the list; in a text file the row may have slipped.
        """
        width = max(at for at, text in enumerate(self.headings.texts) if text) + 1
        beyond = {at: cells for at, cells in self.body.columns.items() if at >= width}
        if self.grid.sheet or not beyond:
            return ()
        return self.body.numbers(~_blank(Cells(self.body.rows, beyond)))

    def _cell_faults(self) -> Iterator[Problem | None]:
        counted = ~self.totals
        for name in self.dataset.columns:
            if name not in self.columns:
                continue
            column, place = self.columns[name], self._place(name)
            if name in self.dataset.required:
                blank = column.values.blank & ~column.failed & counted
                yield blank_cells(place, self.body.numbers(blank))
            failed = column.failed & counted
            if failed.any():
                yield from _failed_cells(_Some(place, self.body.rows[failed],
                                               column.texts.take(failed)))  # fmt: skip
            if column.written is not None:
                here = np.flatnonzero(counted)
                rows = self.body.rows[here]
                if failed.any():
                    yield month_first(place, rows, column.written.take(here))
                yield in_utc(place, rows, column.texts.take(here))

    def _outdated_codes(self) -> Iterator[Problem | None]:
        for name, converted in self.columns.items():
            column = self.dataset.columns[name]
            values = converted.values
            if column.codes in self.codes and column.dated_by in self.columns:
                assert isinstance(values, Texts)  # as all codes are
                days = _days(self.columns[column.dated_by])
                wrong = out_of_use(values, days, self.codes[column.codes])
                used = sorted(set(values.take(wrong).cells()))
                yield codes_out_of_use(self._place(name), self.body.numbers(wrong), used)

    def _before_birth(self) -> Iterator[Problem | None]:
        days = dict(self._dates())
        birth = days.pop(_BIRTH, None)
        if birth is None:
            return
        for name, own in days.items():
            earlier = self.body.numbers(_earlier(own, birth))
            yield before_birth(self._place(name), self.headings.heading(_BIRTH), earlier)

    def _records_above(self) -> tuple[int, ...]:
        """Return the rows above the headings that have all cells that a record needs."""
        headings, required = self.headings, self.dataset.required
        needed = {name: at for name, (at, *_) in headings.positions.items() if name in required}
        dated = set(self.dataset.date_columns) & set(needed)
        first = (row for row in self.grid.top if row.number < headings.row)
        if not dated or not any(all(row.texts[at] for at in needed.values()) for row in first):
            return ()
        above = self.grid.cells.above(headings.row)
        columns = {name: self._converted(name, above.columns[at]) for name, at in needed.items()}
        return above.numbers(~_any((one.values.blank for one in columns.values()), len(above)))


def _days(column: Converted) -> Values:
    assert isinstance(column.values, Values)  # as all days are
    return column.values


def _from_1900(text: str) -> str:
    day = _SERIAL.fullmatch(text)
    return f"{int(day[1]) + _DAYS_TO_1904}{day[2] or ''}" if day else text


def _blank(cells: Cells) -> Flags:
    """Tell which rows are blank."""
    return _rows_holding(cells, dict.fromkeys(cells.columns, ""))


def _repeats(rows: Cells, headings: Headings) -> Flags:
    """Tell which rows hold the headings again."""
    places = (place for place, *_ in headings.positions.values())
    return _rows_holding(rows, {place: headings.texts[place] for place in places})


def _rows_holding(cells: Cells, wanted: Mapping[int, str]) -> Flags:
    """Tell which rows hold the wanted texts; each column is looked at where all before it do."""
    columns = cells.columns
    rows = np.arange(len(cells))
    # The columns with fewest different texts are looked at first.
    for place, text in sorted(wanted.items(), key=lambda one: len(columns[one[0]].different)):
        left = columns[place] if len(rows) == len(cells) else columns[place].take(rows)
        # A neat text is something, and never blank.
        rows = rows[left.passing(_is(text), None if text else neat)]
        if not len(rows):
            break
    held = np.zeros(len(cells), dtype=bool)
    held[rows] = True
    return held


def _is(wanted: str) -> Callable[[str], bool]:
    return lambda text: tidy(text) == wanted


def _complete(columns: Mapping[str, Converted], dataset: Dataset, rows: int) -> Flags:
    """Tell which rows have all required cells."""
    return ~_any((columns[name].values.blank for name in dataset.required), rows)


def _earlier(days: Values, others: Values) -> Flags:
    """Tell which days lie before others; a blank lies nowhere."""
    found: Flags = (days.values < others.values) & ~days.blank & ~others.blank
    return found


def _any(many: Iterable[Flags], rows: int) -> Flags:
    found = np.zeros(rows, dtype=bool)
    for one in many:
        found |= one
    return found


def _totals(body: Cells, good: Flags) -> Flags:
    """Tell which rows after the last good one are totals, by their first filled cell."""
    totals = np.zeros(len(body), dtype=bool)
    held = np.flatnonzero(good)
    begin = int(held[-1]) + 1 if len(held) else 0
    if begin == len(body):
        return totals
    after = body.take(slice(begin, None))
    first: list[str] = [""] * len(after)
    for column in after.columns.values():
        texts = trimmed(column).cells()
        first = [one or other for one, other in zip(first, texts, strict=True)]
    totals[begin:] = [_TOTAL.fullmatch(text) is not None for text in first]
    return totals


@dataclass(frozen=True, eq=False)
class _Some:
    """Some cells of a column: their texts, and the numbers of their rows."""

    place: faults.Cells
    rows: Numbers
    texts: Texts

    def numbers(self, test: Callable[[str], bool]) -> tuple[int, ...]:
        """Return the rows whose cells pass a test."""
        return tuple(self.rows[self.texts.passing(test)].tolist())


def _failed_cells(cells: _Some) -> Iterator[Problem | None]:
    """Yield the problems of cells that did not convert."""
    place = cells.place
    yield formulas_without_result(place, cells.numbers(NO_RESULT.__eq__))
    yield error_cells(place, cells.numbers(_is_error))
    yield too_long_cells(place, cells.numbers(_is_too_long))
    usable = ~cells.texts.passing(is_unusable)
    rows = tuple(cells.rows[usable].tolist())
    if codes := place.headings.dataset.columns[place.column].codes:
        values = len(cells.texts.take(usable).used().different)
        yield unknown_values(place, rows, values, codes)
    else:
        yield unreadable_cells(place, rows)


def _is_error(text: str) -> bool:
    return is_error(text) and text != NO_RESULT


def _is_too_long(text: str) -> bool:
    return len(text) > LONGEST_CELL

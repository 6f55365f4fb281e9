"""Read the rows below the headings as typed records; what cannot be read is a problem.

Every rule on cells runs on the different texts of a column (`column_types.Factorized`), every rule
on rows on arrays of flags, one for each row below the headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbook_builder.definitions.datasets import BIRTH, CodeList, Dataset
from workbook_builder.extracts import record_problems
from workbook_builder.extracts.column_types import (
    COLUMN_TYPES,
    Array,
    Factorized,
    Flags,
    TypedColumn,
    as_tick_box,
    is_error,
    is_scientific,
    is_too_long,
    out_of_use,
    read_codes,
    read_column,
    several_ids,
    tidied,
    tidy,
    unusable,
)
from workbook_builder.extracts.dates import is_either_way, is_in_utc, is_month_first
from workbook_builder.extracts.headings import Headings
from workbook_builder.extracts.model import ColumnCells, UnknownValue
from workbook_builder.extracts.record_problems import (
    ColumnPlace,
    before_birth,
    blank_cells,
    codes_out_of_use,
    error_cells,
    formulas_without_result,
    month_first,
    no_records,
    out_of_order,
    repeated_headings,
    rows_above,
    surplus_cells,
    tick_box,
    too_long_cells,
    total_rows,
    unknown_values,
    unreadable_cells,
)
from workbook_builder.problems import Problem, Result
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.workbook import NO_RESULT

#: From the first day of a workbook that counts from 1904 to that of one that counts from 1900.
_DAYS_TO_1904 = 1462
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
#: What reports write between and below their records: totals, pages, how many rows there are.
_NO_RECORD = re.compile(
    r"(?:(?:grand|sub)?[ -]*total|count|end of report)\b.*|page \d+\b.*|(?:no )?filters applied\b.*"
    r"|applied filters\b.*|no (?:matching )?(?:data|records|results|rows)\b.*|[-=_]{3,}"
    r"|\(?[\d,]+ (?:rows?|records?)(?: (?:affected|found|returned|selected))?\b.*",
    re.IGNORECASE | re.DOTALL,
)
#: What they write, in a row of its own, above the records of a group.
_GROUP = re.compile(
    r"(?:area|locality|office|service|team|worker)(?: name)? ?[:\u2013-].*",
    re.IGNORECASE | re.DOTALL,
)
#: What Power BI and other programs write into a list of which they give only the first rows.
_CUT_OFF = re.compile(
    r"data may have been omitted|exceed\w* the (?:allowed|maximum)"
    r"|(?:rows|records|data|results|list) (?:were|was|have been|has been)"
    r" (?:cut off|limited|truncated)"
    r"|(?:only|limited to)(?: the)?(?: first| top)? [\d,]+ (?:records|rows)"
    r"|(?:first|top) [\d,]+ (?:of [\d,]+ )?(?:records|rows)",
    re.IGNORECASE,
)
_FILTERED = re.compile(r"applied filters\b", re.IGNORECASE)
#: Headings of columns that say what became of a record, or what kind of record it is.
_STATUS = re.compile(
    r"\b(?:status|state|outcome|result|type|category|plan|service|stage)\b", re.IGNORECASE
)
#: What such a column says of a record that should not count.
_CANCELLED = re.compile(
    r"(?:cancell?ed|void|voided|deleted|draft|duplicate|abandoned|withdrawn|not held|missed)\b.*"
    r"|did not (?:take place|go ahead)\b.*|.*\b\w+ed in error\b.*",
    re.IGNORECASE | re.DOTALL,
)
#: How many records programs give at most: of a query, a preview, a report or a sheet.
_ROW_LIMITS = frozenset(
    (500, 1_000, 2_000, 5_000, 10_000, 20_000, 25_000, 30_000, 50_000, 65_535, 65_536, 100_000,
     150_000, 200_000, 250_000, 500_000, 1_000_000, 1_048_575)
)  # fmt: skip
#: So many days, in so many months, do not fall on one day of the month by chance.
_DAYS_ALIKE, _MONTHS_ALIKE = 30, 6
#: Rows below the headings that may say what to fill in.
_GUIDANCE_ROWS = 2
#: So many rows that give no record may be headings of another table.
_NO_RECORDS_LISTED = 2_000
#: Bytes that an object of Python takes beside its text, and a place in an array.
_OBJECT = 57


@dataclass(frozen=True, eq=False)
class SheetRecords:
    """The records of one sheet: the numbers of their rows, and typed columns by name.

    The columns are those of the dataset that the sheet has; the others are blank. `rows_read`
    counts the rows that are not blank; `unknown` are the values that no code list knows, `cells`
    counts those of each column that were read and those that could not be. `no_records` are the
    numbers of the first rows that give no record, without repeated headings.
    """

    dataset: Dataset
    rows: npt.NDArray[np.int32]
    columns: Mapping[str, Factorized]
    rows_read: int = 0
    unknown: tuple[UnknownValue, ...] = ()
    cells: Mapping[str, ColumnCells] = field(default_factory=dict)
    no_records: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def filled(self, column: str) -> Array:
        """Return the different values of a column that are not blank."""
        values = self.columns[column].categories
        filled: Array = values[~pd.isna(values)]
        return filled

    def arrays(self, some: slice) -> Mapping[str, Array]:
        """Return some of the records as plain arrays; a blank is None, NaT or NaN."""
        return {
            name: column.categories[column.codes[some]] for name, column in self.columns.items()
        }

    @cached_property
    def _text_bytes(self) -> Mapping[str, int]:
        """The characters of all different texts of each column of texts."""
        types = self.dataset.columns
        return {
            name: sum(map(len, filter(None, column.categories)))
            for name, column in self.columns.items()
            if COLUMN_TYPES[types[name].type].duckdb == "VARCHAR"
        }

    def size(self) -> int:
        """Return the bytes of memory that the records take as they are kept."""
        codes = sum(column.codes.nbytes for column in self.columns.values())
        return self.rows.nbytes + codes + sum(self._text_bytes.values())

    def unpacked_size(self) -> int:
        """Return the bytes of memory that the records take where each cell is a value."""
        return 4 * len(self) + sum(
            4 * len(self) + self._text_bytes[name] + _OBJECT * len(column.categories)
            if name in self._text_bytes
            else 9 * len(self)
            for name, column in self.columns.items()
        )


def read_records(
    grid: Grid, headings: Headings, codes: Mapping[str, CodeList] | None = None
) -> Result[SheetRecords]:
    """Read the rows below the headings as records of their dataset, codes by their lists.

    A row whose required cell is blank or cannot be read is left out; any other cell that cannot be
    read is left blank.
    """
    sheet = _SheetReader(grid, headings, codes or {})
    return Result(sheet.records(), tuple(problem for problem in sheet.problems() if problem))


class _SheetReader:
    """The rows below the headings of a sheet, their columns read, and what is wrong with them."""

    def __init__(self, grid: Grid, headings: Headings, codes: Mapping[str, CodeList]) -> None:
        self.grid, self.headings, self.codes = grid, headings, codes
        self.dataset = headings.dataset
        below = grid.cells.loc[headings.row + 1 :]
        self.cells = {place: below[place].to_numpy() for place in range(below.shape[1])}
        self.rows = below.index.to_numpy(dtype=np.int32)
        self.columns = {
            name: self._read(name, self._as_from_1900(name, self.cells[places[0]]))
            for name, places in headings.positions.items()
        }
        self.constants = {
            name: self._read(name, Factorized(np.zeros(len(below), np.uint8), _single(text)))
            for name, text in headings.constants.items()
        }
        self.blank_rows = self._blank_rows()
        self.repeated = self._repeated_headings()
        self.body = ~self.blank_rows & ~self.repeated
        self.tick_boxes = {
            name: ticked
            for name, column in self.columns.items()
            if self.dataset.columns[name].type == "flag"
            and (ticked := as_tick_box(column, self.body)) is not None
        }
        self.columns |= self.tick_boxes
        typed = self.columns | self.constants
        complete = self.body.copy()
        for name in headings.required:
            complete &= ~typed[name].blank
        self.dated = np.zeros(len(self.rows), dtype=bool)
        for column in self.columns.values():
            if column.written is not None:
                self.dated |= ~column.blank
        self.totals = self._guidance()
        complete &= ~self.totals
        self.remarks = self._remarks(complete)
        self.totals[[at for at, text in self.remarks.items() if self._is_no_record(at, text)]] = (
            True
        )
        self.reversed = self._out_of_order(complete)
        self.good = complete
        for rows in self.reversed.values():
            self.good = self.good & ~rows

    def records(self) -> SheetRecords:
        """Return the good rows, the columns in the dataset's order."""
        kept: Array | slice = slice(None) if self.good.all() else np.flatnonzero(self.good)
        typed = self.columns | self.constants
        columns = {
            name: typed[name].typed.take(kept) for name in self.dataset.columns if name in typed
        }
        rows_read = len(self.rows) - int(self.blank_rows.sum())
        unknown = tuple(self._unknown_values())
        never = {name for name, text in self.headings.constants.items() if not text}
        cells = {
            name: ColumnCells(never=True) if name in never else self._counted_cells(name, column)
            for name, column in typed.items()
        }
        none = tuple(int(self.rows[at]) for at in sorted(self.remarks)[:_NO_RECORDS_LISTED])
        return SheetRecords(self.dataset, self.rows[kept], columns, rows_read, unknown, cells, none)

    def _counted_cells(self, name: str, column: TypedColumn) -> ColumnCells:
        """Count what was read of a column; a record with a day but of nobody is lost as well."""
        counted = self.body & ~self.totals
        failed = column.failed_cells & counted
        if self.dataset.columns[name].type == "id" and name in self.headings.required:
            failed |= column.says_nothing & self.dated & counted
        distrusted = column.distrusted_cells & counted
        in_doubt = column.distrusted is not None and bool((failed | distrusted).any())
        return ColumnCells(int((~column.blank & counted).sum()), int(failed.sum()), in_doubt)

    def problems(self) -> Iterator[Problem | None]:
        """Yield all that is at fault."""
        grid, headings, numbers = self.grid, self.headings, self._numbers
        yield surplus_cells(grid, headings, self._surplus())
        yield from self._cell_faults()
        yield from self._outdated_codes()
        yield from self._before_birth()
        for (first, second), rows in self.reversed.items():
            yield out_of_order(self._place(second), first, numbers(rows))
        yield rows_above(grid, headings, self._records_above())
        yield repeated_headings(grid, numbers(self.repeated))
        yield total_rows(grid, numbers(self.totals))
        yield from self._left_out()
        yield from self._marked()
        yield from self._days_alike()
        if not self.good.any():
            yield no_records(grid, headings)

    def _left_out(self) -> Iterator[Problem | None]:
        """Yield what says that the list is not whole: its own words, or a very round number."""
        above = {
            row.number: text
            for row in self.grid.top
            if row.number < self.headings.row
            for text in row.texts
            if _CUT_OFF.search(text) or _FILTERED.match(text)
        }
        remarks = above | {int(self.rows[at]): text for at, text in self.remarks.items()}
        cut = tuple(row for row, text in remarks.items() if _CUT_OFF.search(text))
        yield record_problems.cut_off(self.grid, cut)
        filtered = tuple(row for row, text in remarks.items() if _FILTERED.match(text))
        yield record_problems.filtered(self.grid, filtered)
        records = int((self.body & ~self.totals).sum())
        if not cut and records in _ROW_LIMITS:
            yield record_problems.round_number(self.grid, records)

    def _marked(self) -> Iterator[Problem | None]:
        """Yield the columns that mark records as cancelled, or as records of another kind."""
        names = {place: name for name, (place, *_) in self.headings.positions.items()}
        others = [re.escape(text) for text in self.dataset.other_kinds]
        other_kind = re.compile(rf"\b(?:{'|'.join(others)})\b", re.IGNORECASE) if others else None
        for place, heading in enumerate(self.headings.texts):
            column = self.dataset.columns.get(names.get(place, ""))
            read = column is not None and (column.type != "text" or column.absent is not None)
            if read or not _STATUS.search(heading):
                continue
            known = self.columns.get(names.get(place, ""))
            texts = known.texts if known else tidied(Factorized.of(self.cells[place]))
            where = partial(self.grid.where, column=heading)
            cancelled = self._numbers(texts.where(_CANCELLED.fullmatch) & self.good)
            yield record_problems.cancelled(cancelled, where(cancelled))
            if other_kind:
                other = self._numbers(texts.where(other_kind.search) & self.good)
                yield record_problems.other_kind(other, where(other), self.dataset.title)

    def _days_alike(self) -> Iterator[Problem | None]:
        """Yield the columns all of whose days fall on one day of the month."""
        for name in self.dataset.event_dates:
            if name not in self.columns:
                continue
            values = self.columns[name].values
            days = values[~pd.isna(values)].astype("datetime64[D]")
            of_month = days - days.astype("datetime64[M]").astype("datetime64[D]")
            if len(days) < _MONTHS_ALIKE or (of_month != of_month[0]).any():
                continue
            rows = self._numbers(~self.columns[name].blank & self.good)
            if len(rows) >= _DAYS_ALIKE:
                yield record_problems.days_alike(self._place(name), len(rows))

    def _numbers(self, rows: Flags) -> tuple[int, ...]:
        return tuple(self.rows[rows].tolist()) if rows.any() else ()

    def _place(self, name: str) -> ColumnPlace:
        return ColumnPlace(self.grid, self.headings, name)

    def _read(self, name: str, cells: Factorized) -> TypedColumn:
        column = self.dataset.columns[name]
        if column.codes in self.codes:
            return read_codes(cells, self.codes[column.codes])
        return read_column(column.type, cells, column.units)

    def _as_from_1900(self, name: str, cells: Array) -> Factorized:
        """Return the cells of a column; bare numbers of days are counted from 1900 throughout."""
        factorized = Factorized.of(cells)
        if not self.grid.from_1904 or self.dataset.columns[name].type != "date":
            return factorized
        return tidied(factorized).map_categories(_from_1900)

    def _blank_rows(self) -> Flags:
        """Tell which rows are blank; what no column of the dataset says is looked at last."""
        blank = np.ones(len(self.rows), dtype=bool)
        for column in self.columns.values():
            blank &= column.says_nothing
        used = {place for place, *_ in self.headings.positions.values()}
        for place, cells in self.cells.items():
            left = np.flatnonzero(blank)
            if len(left) and place not in used:
                blank[left] = [not tidy(text) for text in cells[left]]
        return blank

    def _repeated_headings(self) -> Flags:
        """Tell which rows hold the headings again."""
        repeated = np.ones(len(self.rows), dtype=bool)
        for name, (place, *_) in self.headings.positions.items():
            heading = self.headings.texts[place]
            repeated &= self.columns[name].texts.where(heading.__eq__, (heading,))
            if not repeated.any():
                break
        return repeated & ~self.blank_rows

    def _remarks(self, complete: Flags) -> Mapping[int, str]:
        """Return the first filled cell of each row that gives no record."""
        left = np.flatnonzero(self.body & ~complete)
        remarks: dict[int, str] = {}
        for cells in self.cells.values():
            texts = [tidy(text) for text in cells[left]]
            remarks |= {int(at): text for at, text in zip(left, texts, strict=True) if text}
            left = left[[not text for text in texts]]
            if not len(left):
                break
        return remarks

    def _is_no_record(self, at: int, text: str) -> bool:
        """Tell by its first filled cell whether a row is a total, a page or the title of a group.

        One with a day is a record that lacks something. A title stands in a row of its own.
        """
        if self.dated[at]:
            return False
        if _NO_RECORD.fullmatch(text):
            return True
        follows_blank = at > 0 and self.blank_rows[at - 1] and not any(map(str.isdigit, text))
        is_alone = sum(bool(tidy(cells[at])) for cells in self.cells.values()) == 1
        return is_alone and bool(follows_blank or _GROUP.fullmatch(text))

    def _guidance(self) -> Flags:
        """Tell which rows just below the headings say what to fill in, as "dd/mm/yyyy" does.

        Their identifiers and days hold no digits at all, and one at least of the days is no day.
        """
        guidance = np.zeros(len(self.rows), dtype=bool)
        types = self.dataset.columns
        kinds = sorted(self.columns, key=lambda name: types[name].type != "id")  # the child first
        exact = [self.columns[name] for name in kinds if types[name].type in {"id", "date"}]
        for at in range(min(_GUIDANCE_ROWS, len(self.rows))):
            cells = [column.texts.categories[column.texts.codes[at]] for column in exact]
            no_digits = not any(mark.isdigit() for cell in cells for mark in cell)
            failed = any(
                column.failed[column.texts.codes[at]] for column in exact if column.written
            )
            guidance[at] = no_digits and all(cells[:1]) and failed and self.body[at]
        return guidance

    def _dates(self) -> Mapping[str, TypedColumn]:
        names = self.dataset.date_columns
        return {name: self.columns[name] for name in names if name in self.columns}

    def _out_of_order(self, complete: Flags) -> dict[tuple[str, str], Flags]:
        """Tell, for each pair of dates in order, in which rows the second lies before the first."""
        days = self._dates()
        return {
            (first, second): complete & (days[second].cells < days[first].cells)
            for first, second in self.dataset.in_order
            if first in days and second in days
        }

    def _surplus(self) -> tuple[int, ...]:
        """Return the rows of a text file that have filled cells behind the last heading.

        In a workbook such cells are notes beside the list; in a text file the row may have slipped.
        """
        if self.grid.sheet:
            return ()
        width = max(place for place, text in enumerate(self.headings.texts) if text) + 1
        surplus = np.zeros(len(self.rows), dtype=bool)
        for place, cells in self.cells.items():
            if place >= width:
                surplus |= Factorized.of(cells).where(tidy)
        return self._numbers(surplus & self.body)

    def _cell_faults(self) -> Iterator[Problem | None]:
        counted = self.body & ~self.totals
        for name in self.dataset.columns:
            if name not in self.columns:
                continue
            column, place = self.columns[name], self._place(name)
            failed = column.failed_cells & counted
            if name in self.headings.required:
                blank = (
                    column.blank
                    & ~column.failed_cells
                    & ~column.distrusted_cells
                    & ~column.no_days
                    & counted
                )
                yield blank_cells(place, self._numbers(blank))
            if failed.any():
                yield from self._failed_cells(place, column.texts, failed)
            if column.written is not None:
                if failed.any():
                    american = self._numbers(column.written.where(is_month_first) & counted)
                    either = self._numbers(column.written.where(is_either_way) & counted)
                    doubt = column.rows_in_doubt(counted)
                    yield month_first(place, american, either, doubt=doubt)
                none = column.no_days & counted
                yield record_problems.no_days(place, self._numbers(none))
                in_utc = column.texts.where(is_in_utc, (":",))
                yield record_problems.in_utc(place, self._numbers(in_utc & counted))
            if name in self.tick_boxes:
                yield tick_box(place, int((column.says_nothing & counted).sum()))

    def _failed_cells(
        self, place: ColumnPlace, texts: Factorized, failed: Flags
    ) -> Iterator[Problem | None]:
        """Yield the problems of cells that cannot be read."""

        def rows(test: Callable[[str], bool]) -> tuple[int, ...]:
            return self._numbers(texts.where(test) & failed)

        yield formulas_without_result(place, rows(NO_RESULT.__eq__))
        yield error_cells(place, rows(lambda text: is_error(text) and text != NO_RESULT))
        yield too_long_cells(place, rows(is_too_long))
        if self.dataset.columns[place.column].type == "id":
            yield record_problems.scientific_ids(place, rows(is_scientific))
            several = texts.broadcast(several_ids(texts)) & failed
            yield record_problems.several_in_a_cell(place, self._numbers(several))
            return
        left = failed & ~texts.broadcast(unusable(texts))
        if codes := self.dataset.columns[place.column].codes:
            values = len(set(texts.cells[left]))
            yield unknown_values(place, self._numbers(left), values, codes)
        else:
            yield unreadable_cells(place, self._numbers(left))

    def _unknown_values(self) -> Iterator[UnknownValue]:
        """Count the values that code lists do not know, by column."""
        for name, column in self.columns.items():
            codes = self.dataset.columns[name].codes
            failed = column.failed_cells & self.body & ~self.totals
            if codes and failed.any():
                values = Counter(column.texts.cells[failed])
                place = (self.grid.file, self.grid.sheet, self.headings.heading(name))
                for value, cells in sorted(values.items()):
                    yield UnknownValue(*place, codes, value, cells)

    def _outdated_codes(self) -> Iterator[Problem | None]:
        for name, column in self.columns.items():
            definition = self.dataset.columns[name]
            if definition.codes in self.codes and definition.dated_by in self.columns:
                days = self.columns[definition.dated_by]
                wrong = out_of_use(column, days, self.codes[definition.codes]) & self.body
                used = sorted(set(column.cells[wrong]))
                place, numbers = self._place(name), self._numbers(wrong)
                yield codes_out_of_use(place, numbers, used)

    def _before_birth(self) -> Iterator[Problem | None]:
        days = dict(self._dates())
        birth = days.pop(BIRTH, None)
        if birth is None:
            return
        heading = self.headings.heading(BIRTH)
        for name, column in days.items():
            earlier = self._numbers((column.cells < birth.cells) & self.body)
            yield before_birth(self._place(name), heading, earlier)

    def _records_above(self) -> tuple[int, ...]:
        """Return the rows above the headings that have all cells that a record needs."""
        headings, required = self.headings, self.headings.required
        needed = {name: at for name, (at, *_) in headings.positions.items() if name in required}
        dated = set(self.dataset.date_columns) & set(needed)
        first = (row for row in self.grid.top if row.number < headings.row)
        if not dated or not any(all(row.texts[at] for at in needed.values()) for row in first):
            return ()
        above = self.grid.cells.loc[: headings.row - 1]
        complete = np.ones(len(above), dtype=bool)
        for name, place in needed.items():
            complete &= ~self._read(name, Factorized.of(above[place].to_numpy())).blank
        return tuple(above.index[complete])


def _single(text: str) -> Array:
    return np.array([text], dtype=object)


def _from_1900(text: str) -> str:
    day = _SERIAL.fullmatch(text)
    return f"{int(day[1]) + _DAYS_TO_1904}{day[2] or ''}" if day else text

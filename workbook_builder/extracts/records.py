"""The rows below the headings in, typed records out; what does not convert is a problem."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbook_builder.definitions.codes import CodeList
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.extracts import faults
from workbook_builder.extracts.bounds import LONGEST_CELL
from workbook_builder.extracts.coded import out_of_use, to_codes
from workbook_builder.extracts.convert import (
    Converted,
    convert,
    is_error,
    is_unusable,
    tidy,
    trimmed,
)
from workbook_builder.extracts.marks import NO_RESULT
from workbook_builder.extracts.model import Grid, Headings, UnknownValue
from workbook_builder.extracts.texts import (
    Flags,
    by_text,
    distinct,
    matching,
    one_text,
    passing,
    without_first_unused,
)
from workbook_builder.problems import Problem, Result

#: The column that says when a child was born, in every dataset that has it.
_BIRTH = "date_of_birth"
#: From the first day of a workbook that counts from 1904 to that of one that counts from 1900.
_DAYS_TO_1904 = 1462
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_TOTAL = re.compile(r"(?i)(?:(?:grand|sub)?[ -]*total|count|end of report)\b.*")


@dataclass(frozen=True, eq=False)
class Records:
    """The records of one sheet, their index the row numbers, and how many rows were read."""

    frame: pd.DataFrame
    rows_read: int
    unknown: tuple[UnknownValue, ...] = ()


def read_records(
    grid: Grid, headings: Headings, codes: Mapping[str, CodeList] | None = None
) -> Result[Records]:
    """Convert the rows below the headings to records of their dataset, codes by their lists.

    A row whose required cell is blank or does not convert is left out; any other cell that does
    not convert is left blank.
    """
    below = grid.cells.loc[headings.row + 1 :]
    rows = _without(below, _blank(below))
    repeated = _repeats(rows, headings)
    body = _without(rows, repeated)
    columns = {
        name: _converted(
            headings.dataset.columns[name],
            _cells(grid, body, places[0], headings.dataset.columns[name]),
            codes or {},
        )
        for name, places in headings.positions.items()
    }
    constants = {
        name: _converted(headings.dataset.columns[name], one_text(text, body.index), codes or {})
        for name, text in headings.constants.items()
    }
    complete = _good(columns | constants, headings.dataset, body.index)
    totals = _totals(body, complete)
    reversed_ = _out_of_order(columns, headings.dataset, complete)
    good = complete & ~_any(reversed_.values(), body.index)
    problems = [
        faults.surplus_cells(grid, headings, _surplus(grid, headings, body)),
        *_cell_faults(grid, headings, columns, body, ~totals),
        *_outdated_codes(grid, headings, columns, codes or {}),
        *_before_birth(grid, headings, columns),
        *(
            faults.out_of_order(faults.Cells(grid, headings, second), first, _numbers(rows))
            for (first, second), rows in reversed_.items()
        ),
        faults.rows_above(grid, headings, _records_above(grid, headings, codes or {})),
        faults.repeated_headings(grid, _numbers(repeated)),
        faults.total_rows(grid, _numbers(totals)),
        faults.no_records(grid, headings) if not good.any() else None,
    ]
    frame = _without(_frame(headings.dataset, columns | constants, body.index), ~good)
    unknown = tuple(_unknown_values(grid, headings, columns, body[~totals]))
    found = Records(frame, len(rows), unknown)
    return Result(found, tuple(problem for problem in problems if problem))


def _without(rows: pd.DataFrame, some: pd.Series) -> pd.DataFrame:
    return rows[~some] if some.any() else rows


def _records_above(
    grid: Grid, headings: Headings, codes: Mapping[str, CodeList]
) -> tuple[int, ...]:
    """Return the rows above the headings that have all cells that a record needs."""
    above = grid.cells.loc[: headings.row - 1]
    needed = {name: place for name, (place, *_) in headings.positions.items()
              if name in headings.dataset.required}  # fmt: skip
    dated = set(headings.dataset.date_columns) & set(needed)
    if above.empty or not dated:
        return ()
    if not any(
        all(row.texts[place] for place in needed.values())
        for row in grid.top
        if row.number < headings.row
    ):
        return ()
    columns = {name: _converted(headings.dataset.columns[name], above[place], codes)
               for name, place in needed.items()}  # fmt: skip
    good = pd.Series(True, index=above.index)
    for column in columns.values():
        good &= column.values.notna()
    return _numbers(good)


def _cells(grid: Grid, body: pd.DataFrame, place: int, column: Column) -> pd.Series:
    """Return the cells of a column; bare numbers of days are counted from 1900 throughout."""
    cells = without_first_unused(body[place])
    if not grid.from_1904 or column.type != "date":
        return cells
    return by_text(trimmed(cells), lambda texts: map(_from_1900, texts))


def _from_1900(text: str) -> str:
    day = _SERIAL.fullmatch(text)
    return f"{int(day[1]) + _DAYS_TO_1904}{day[2] or ''}" if day else text


def _converted(column: Column, cells: pd.Series, codes: Mapping[str, CodeList]) -> Converted:
    if column.codes in codes:
        return to_codes(cells, codes[column.codes])
    return convert(column.type, cells)


def _unknown_values(
    grid: Grid, headings: Headings, columns: Mapping[str, Converted], body: pd.DataFrame
) -> Iterable[UnknownValue]:
    """Count the values that code lists do not know, by column."""
    for name, converted in columns.items():
        codes = headings.dataset.columns[name].codes
        if codes:
            failed = converted.failed.loc[body.index]
            if not failed.any():
                continue
            texts = trimmed(body[headings.positions[name][0]])[failed]
            heading = headings.heading(name)
            for value, cells in sorted(Counter(texts).items()):
                yield UnknownValue(grid.file, grid.sheet, heading, codes, value, cells)


def _outdated_codes(
    grid: Grid,
    headings: Headings,
    columns: Mapping[str, Converted],
    codes: Mapping[str, CodeList],
) -> Iterable[Problem | None]:
    for name, converted in columns.items():
        column = headings.dataset.columns[name]
        if column.codes in codes and column.dated_by in columns:
            days = columns[column.dated_by].values
            wrong = out_of_use(converted.values, days, codes[column.codes])
            used = sorted(set(converted.values[wrong]))
            place = faults.Cells(grid, headings, name)
            yield faults.codes_out_of_use(place, _numbers(wrong), used)


def _blank(cells: pd.DataFrame) -> pd.Series:
    """Tell which rows are blank."""
    return _rows_holding(cells, dict.fromkeys(cells, ""))


def _repeats(rows: pd.DataFrame, headings: Headings) -> pd.Series:
    """Tell which rows hold the headings again."""
    places = (place for place, *_ in headings.positions.values())
    return _rows_holding(rows, {place: headings.texts[place] for place in places})


def _rows_holding(cells: pd.DataFrame, wanted: Mapping[Hashable, str]) -> pd.Series:
    """Tell which rows hold the wanted texts; each column is looked at where all before it do."""
    rows = np.arange(len(cells))
    for column, text in sorted(wanted.items(), key=lambda one: _different(cells[one[0]])):
        left = cells[column] if len(rows) == len(cells) else cells[column].iloc[rows]
        rows = rows[passing(left, functools.partial(_says, text))]
        if not len(rows):
            break
    held = np.zeros(len(cells), dtype=bool)
    held[rows] = True
    return pd.Series(held, index=cells.index)


def _says(wanted: str, text: str) -> bool:
    return tidy(text) == wanted


def _different(cells: pd.Series) -> int:
    """Return in how many texts a column differs: the one with fewest is looked at first."""
    return len(cells.array.categories) if isinstance(cells.array, pd.Categorical) else len(cells)


def _good(columns: Mapping[str, Converted], dataset: Dataset, rows: pd.Index) -> pd.Series:
    """Tell which rows have all required cells."""
    good = np.ones(len(rows), dtype=bool)
    for name in dataset.required:
        good &= columns[name].values.notna().to_numpy()
    return pd.Series(good, index=rows)


def _out_of_order(
    columns: Mapping[str, Converted], dataset: Dataset, complete: pd.Series
) -> dict[tuple[str, str], pd.Series]:
    """Tell, for each pair of dates in order, in which rows the second lies before the first."""
    return {
        (first, second): complete & (columns[second].values < columns[first].values)
        for first, second in dataset.in_order
        if first in columns and second in columns
    }


def _any(many: Iterable[pd.Series], rows: pd.Index) -> pd.Series:
    found = pd.Series(False, index=rows)
    for one in many:
        found |= one
    return found


def _totals(body: pd.DataFrame, good: pd.Series) -> pd.Series:
    """Tell which rows after the last good one are totals, by their first filled cell."""
    held = np.flatnonzero(good.to_numpy(dtype=bool))
    if len(held) and held[-1] + 1 == len(body):
        return pd.Series(False, index=body.index)
    after = body.iloc[held[-1] + 1 if len(held) else 0 :]
    first = pd.Series("", index=after.index, dtype=object)
    for column in reversed(list(after) if len(after) else []):
        texts = trimmed(after[column]).astype(object)
        first = texts.where(texts != "", first)
    totals = after.index[[_TOTAL.fullmatch(text) is not None for text in first]]
    return pd.Series(body.index.isin(totals), index=body.index)


def _surplus(grid: Grid, headings: Headings, body: pd.DataFrame) -> tuple[int, ...]:
    """Return the rows of a text file that have filled cells to the right of the last heading.

    In a workbook such cells are notes beside the list; in a text file the row may have slipped.
    """
    width = max(place for place, text in enumerate(headings.texts) if text) + 1
    beyond = list(body.columns[width:])
    return () if grid.sheet or not beyond else _numbers(~_blank(body[beyond]))


def _cell_faults(
    grid: Grid,
    headings: Headings,
    columns: Mapping[str, Converted],
    body: pd.DataFrame,
    counted: pd.Series,
) -> Iterable[Problem | None]:
    here = counted.to_numpy(dtype=bool)
    for name in headings.dataset.columns:
        if name not in columns:
            continue
        column = columns[name]
        failed = column.failed.to_numpy(dtype=bool)
        place = faults.Cells(grid, headings, name)
        if name in headings.dataset.required:
            blank = column.values.isna().to_numpy() & ~failed & here
            yield faults.blank_cells(place, _at(body, blank))
        failed = failed & here
        if failed.any():
            yield from _failed_cells(place, column.texts[failed])
        if column.written is not None:
            yield faults.month_first(place, column.written[here])
            yield faults.in_utc(place, column.texts[here])


def _failed_cells(place: faults.Cells, texts: pd.Series) -> Iterable[Problem | None]:
    """Yield the problems of cells that did not convert."""
    yield from _unusable_cells(place, texts)
    texts = texts[~passing(texts, is_unusable)]
    rows = tuple(int(row) for row in texts.index)
    if codes := place.headings.dataset.columns[place.column].codes:
        yield faults.unknown_values(place, rows, len(distinct(texts)[1]), codes)
    else:
        yield faults.unreadable_cells(place, rows)


def _unusable_cells(place: faults.Cells, texts: pd.Series) -> Iterable[Problem | None]:
    """Yield the problems of cells that no type could be made of."""
    no_result = matching(texts, NO_RESULT.__eq__)
    errors = matching(texts, is_error)
    yield faults.formulas_without_result(place, _numbers(no_result))
    yield faults.error_cells(place, _numbers(errors & ~no_result))
    yield faults.too_long_cells(place, _numbers(matching(texts, _is_too_long)))


def _is_too_long(text: str) -> bool:
    return len(text) > LONGEST_CELL


def _before_birth(
    grid: Grid, headings: Headings, columns: Mapping[str, Converted]
) -> Iterable[Problem | None]:
    if _BIRTH not in columns:
        return
    birth = columns[_BIRTH].values
    for name in headings.dataset.date_columns:
        if name in columns and name != _BIRTH:
            earlier = (columns[name].values < birth).fillna(False)
            place = faults.Cells(grid, headings, name)
            yield faults.before_birth(place, headings.heading(_BIRTH), _numbers(earlier))


def _frame(dataset: Dataset, columns: Mapping[str, Converted], rows: pd.Index) -> pd.DataFrame:
    """Put the columns in the order of the dataset; a column that the sheet lacks is blank."""
    nothing = one_text("", rows)
    blank = {
        kind: convert(kind, nothing).values
        for kind in {one.type for name, one in dataset.columns.items() if name not in columns}
    }
    return pd.DataFrame({
        name: columns[name].values if name in columns else blank[column.type]
        for name, column in dataset.columns.items()
    }, copy=False)  # fmt: skip


def _numbers(rows: pd.Series) -> tuple[int, ...]:
    return _at(rows, rows.to_numpy(dtype=bool))


def _at(cells: pd.Series | pd.DataFrame, some: Flags) -> tuple[int, ...]:
    """Return the numbers of some of the rows."""
    return tuple(int(number) for number in cells.index[some]) if some.any() else ()

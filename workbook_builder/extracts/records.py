"""The rows below the headings in, typed records out; what does not convert is a problem."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts import faults
from workbook_builder.extracts.convert import Converted, convert, trimmed
from workbook_builder.extracts.model import Grid, Headings
from workbook_builder.problems import Problem, Result

_TOTAL = r"(?i)(?:(?:grand|sub)?[ -]*total|count|end of report)\b.*"


@dataclass(frozen=True, eq=False)
class Records:
    """The records of one sheet, their index the row numbers, and how many rows were read."""

    frame: pd.DataFrame
    rows_read: int


def read_records(grid: Grid, headings: Headings) -> Result[Records]:
    """Convert the rows below the headings to records of their dataset.

    A row whose required cell is blank or does not convert is left out; any other cell that does
    not convert is left blank.
    """
    below = grid.cells.loc[headings.row + 1 :]
    rows = below[~_blank(below)]
    repeated = _repeats(rows, headings)
    body = rows[~repeated]
    columns = {
        name: convert(headings.dataset.columns[name].type, body[places[0]])
        for name, places in headings.positions.items()
    }
    good = _good(columns, headings.dataset, body.index)
    totals = _totals(body, good)
    problems = [
        faults.surplus_cells(grid, headings, _surplus(grid, headings, body)),
        *_cell_faults(grid, headings, columns, body, ~totals),
        faults.repeated_headings(grid, _numbers(repeated)),
        faults.total_rows(grid, _numbers(totals)),
        faults.no_records(grid, headings) if not good.any() else None,
    ]
    frame = _frame(headings.dataset, columns, body.index)[good]
    return Result(Records(frame, len(rows)), tuple(problem for problem in problems if problem))


def _blank(cells: pd.DataFrame) -> pd.Series:
    """Tell which rows are blank."""
    return _rows_holding(cells, dict.fromkeys(cells, ""))


def _repeats(rows: pd.DataFrame, headings: Headings) -> pd.Series:
    """Tell which rows hold the headings again."""
    places = (place for place, *_ in headings.positions.values())
    return _rows_holding(rows, {place: headings.texts[place] for place in places})


def _rows_holding(cells: pd.DataFrame, wanted: Mapping[Hashable, str]) -> pd.Series:
    """Tell which rows hold the wanted texts; each column is looked at where all before it do."""
    rows = cells.index
    for column, text in wanted.items():
        rows = rows[(trimmed(cells[column].loc[rows]) == text).to_numpy()]
    return pd.Series(cells.index.isin(rows), index=cells.index)


def _good(columns: Mapping[str, Converted], dataset: Dataset, rows: pd.Index) -> pd.Series:
    """Tell which rows have all required cells."""
    good = pd.Series(True, index=rows)
    for name in dataset.required:
        good &= columns[name].values.notna()
    return good


def _totals(body: pd.DataFrame, good: pd.Series) -> pd.Series:
    """Tell which rows after the last good one are totals, by their first filled cell."""
    after = body[~good[::-1].cummax()[::-1]]
    first = pd.Series("", index=after.index)
    for column in reversed(list(after)):
        texts = trimmed(after[column])
        first = texts.where(texts != "", first)
    totals = after.index[first.str.fullmatch(_TOTAL).to_numpy(dtype=bool)]
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
    for name in headings.dataset.columns:
        if name not in columns:
            continue
        failed = columns[name].failed & counted
        place = faults.Cells(grid, headings, name)
        if name in headings.dataset.required:
            blank = columns[name].values.isna() & ~columns[name].failed & counted
            yield faults.blank_cells(place, _numbers(blank))
        yield faults.unreadable_cells(place, _numbers(failed))
        yield faults.month_first(place, trimmed(body[headings.positions[name][0]][failed]))


def _frame(dataset: Dataset, columns: Mapping[str, Converted], rows: pd.Index) -> pd.DataFrame:
    """Put the columns in the order of the dataset; a column that the sheet lacks is blank."""
    nothing = pd.Series("", index=rows, dtype=object)
    return pd.DataFrame({
        name: (columns[name] if name in columns else convert(column.type, nothing)).values
        for name, column in dataset.columns.items()
    })  # fmt: skip


def _numbers(rows: pd.Series) -> tuple[int, ...]:
    return tuple(int(number) for number in rows.index[rows.to_numpy(dtype=bool)])

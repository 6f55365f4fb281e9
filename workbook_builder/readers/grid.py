"""A sheet as it was read: a table of text cells, before anybody knows what it is about."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from workbook_builder.names import SPACES, same_name
from workbook_builder.problems import Problem, Where

#: Rows from the top in which headings are looked for.
ROWS_SEARCHED = 40


@dataclass(frozen=True)
class TopRow:
    """One row near the top of a sheet: its number, its texts and their names for comparing."""

    number: int
    texts: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of one sheet as text.

    `cells` has a column for each column of the sheet, named 0, 1, 2 ..., of type object; every cell
    is a str, and a blank one is "". Its index holds the row numbers that a person sees in Excel.
    A text file is one sheet without a name. Spaces around a text mean nothing, and may be gone.
    `notes` are worth saying if the sheet is used; a sheet may count its days from 1904.
    """

    file: str
    sheet: str
    cells: pd.DataFrame
    notes: tuple[Problem, ...] = ()
    from_1904: bool = False

    @cached_property
    def top(self) -> tuple[TopRow, ...]:
        """The rows in which headings are looked for."""
        first = self.cells.iloc[:ROWS_SEARCHED]
        rows = zip(first.index, first.itertuples(index=False, name=None), strict=True)
        return tuple(_top_row(int(number), cells) for number, cells in rows)

    def row(self, number: int) -> TopRow:
        """Return a row by its number."""
        return _top_row(number, self.cells.loc[[number]].to_numpy()[0])

    def cut(self, number: int) -> tuple[Grid, Grid]:
        """Return the rows above one and those from it on."""
        return (
            replace(self, cells=self.cells.loc[: number - 1]),
            replace(self, cells=self.cells.loc[number:]),
        )

    def where(self, rows: tuple[int, ...] = (), column: str = "") -> Where:
        """Return a place in the sheet."""
        return Where(self.file, self.sheet, rows, column)


#: A heading as Power BI writes those of a table that it exports: CLA[Child ID], [Child ID].
_OF_A_TABLE = re.compile(r"(?:'[^']+'|[^\[\]]*)\[([^\[\]]+)\]")


def _top_row(number: int, cells: Iterable[str]) -> TopRow:
    texts = tuple(cell.strip(SPACES) for cell in cells)
    columns = [_OF_A_TABLE.fullmatch(text) for text in texts if "]" in text]
    if columns and all(columns) and len(columns) == sum(map(bool, texts)):
        return TopRow(number, texts, tuple(same_name(_OF_A_TABLE.sub(r"\1", one)) for one in texts))
    return TopRow(number, texts, tuple(map(same_name, texts)))


#: Rows that are turned into columns at once.
_ROWS_AT_ONCE = 1_000
#: Different texts of a column that are kept to share; a column with more holds identifiers, few of
#: which come twice.
_MOST_SHARED = 50_000

#: A cell by its row, from 1, and its column, from 0.
Place = tuple[int, int]


def _unchanged(texts: Sequence[Any]) -> Sequence[str]:
    return texts


def frame_of_rows(
    rows: Iterable[Sequence[Any]],
    errors: Mapping[Place, str] | None = None,
    as_texts: Callable[[Sequence[Any]], Sequence[str]] = _unchanged,
) -> pd.DataFrame:
    """Return the `cells` of a Grid from rows of any length, the first of them row 1.

    `errors` are texts that go before those of the rows; the cells reach at least as far as they do.
    `as_texts` writes some cells of one column that are no texts. Equal texts of a column share
    their memory.
    """
    columns: list[list[str]] = []
    shared: list[dict[str, str]] = []
    count = 0
    rows_left = iter(rows)
    while block := list(itertools.islice(rows_left, _ROWS_AT_ONCE)):
        by_column = [as_texts(cells) for cells in itertools.zip_longest(*block, fillvalue="")]
        for _ in by_column[len(columns) :]:
            columns.append([""] * count)
            shared.append({})
        count += len(block)
        for column, known, texts in itertools.zip_longest(columns, shared, by_column):
            if texts is None:  # these rows are shorter than those above
                column.extend([""] * len(block))
            elif len(known) < _MOST_SHARED:
                column.extend(map(known.setdefault, texts, texts))
            else:
                column.extend(map(known.get, texts, texts))
    shared.clear()
    places = errors or {}
    height = max([count, *(row for row, _ in places)])
    width = max([len(columns), *(column + 1 for _, column in places)])
    cells = np.full((width, height), "", dtype=object)
    for number, column in enumerate(columns):
        cells[number, :count] = column
        column.clear()
    for (row, number), text in places.items():
        cells[number, row - 1] = text
    return pd.DataFrame(cells.T, index=pd.RangeIndex(1, height + 1), dtype=object, copy=False)

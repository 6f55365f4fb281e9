"""A sheet as it was read: a table of text cells, before anybody knows what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

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

    def where(self, rows: tuple[int, ...] = (), column: str = "") -> Where:
        """Return a place in the sheet."""
        return Where(self.file, self.sheet, rows, column)


def _top_row(number: int, cells: Iterable[str]) -> TopRow:
    texts = tuple(cell.strip(SPACES) for cell in cells)
    return TopRow(number, texts, tuple(map(same_name, texts)))

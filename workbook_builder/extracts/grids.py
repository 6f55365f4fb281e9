"""Rows of texts in, the grid of a sheet out; no row is shorter than another."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from workbook_builder.extracts.texts import numbered

#: A cell by its row, from 1, and its column, from 0.
Place = tuple[int, int]


class _Column:
    """One column as it grows: each different text once, and its number in every cell."""

    def __init__(self, blanks: int) -> None:
        self.numbers: dict[str, int] = {"": 0} if blanks else {}
        self.cells = array("i", bytes(array("i").itemsize * blanks))

    def fill(self, count: int) -> None:
        """Add blank cells until there are so many."""
        if len(self.cells) < count:
            blank = self.numbers.setdefault("", len(self.numbers))
            self.cells.extend([blank] * (count - len(self.cells)))


def cells_of(
    rows: Iterable[Sequence[str]], other: Mapping[Place, str] | None = None
) -> pd.DataFrame:
    """Put rows, the first of them row 1, into columns counted from 0.

    `other` are texts that go before those of the rows, as far as the rows reach.
    """
    columns: list[_Column] = []
    count = 0
    for row in rows:
        while len(columns) < len(row):
            columns.append(_Column(count))
        for column, text in zip(columns, row, strict=False):
            numbers = column.numbers
            number = numbers.get(text)
            if number is None:
                number = numbers[text] = len(numbers)
            column.cells.append(number)
        count += 1
        for column in columns[len(row) :]:
            column.fill(count)
    for (row_number, place), text in (other or {}).items():
        if row_number <= count and place < len(columns):
            numbers = columns[place].numbers
            columns[place].cells[row_number - 1] = numbers.setdefault(text, len(numbers))
    return _frame(columns, count)


def _frame(columns: list[_Column], count: int) -> pd.DataFrame:
    index = pd.RangeIndex(1, count + 1)
    made: dict[int, pd.Series] = {}
    while columns:  # each goes when it is made
        last = columns.pop()
        numbers = np.frombuffer(last.cells, dtype=np.intc) if count else np.empty(0, np.intc)
        made[len(columns)] = numbered(numbers, list(last.numbers), index)
    return pd.DataFrame(dict(sorted(made.items())), index=index, copy=False)

"""Rows of texts in, the grid of a sheet out; no row is shorter than another."""

from __future__ import annotations

import itertools
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from workbook_builder.columns.different import Different
from workbook_builder.columns.table import Cells, numbered_from_1
from workbook_builder.columns.texts import Texts

#: Rows that are turned into columns at once.
_AT_ONCE = 1_000
#: A cell by its row, from 1, and its column, from 0.
Place = tuple[int, int]


def _unchanged(texts: Sequence[Any]) -> Sequence[str]:
    return texts


class _Column:
    """One column as it grows: each different text once, and its number in every cell."""

    def __init__(self, blanks: int) -> None:
        # A text that is new gets the next number, without a step of Python's own.
        self.numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        self.cells = array("i")
        self.add([""] * blanks)

    def add(self, texts: Iterable[str]) -> None:
        """Add cells at the bottom."""
        self.cells.extend(map(self.numbers.__getitem__, texts))


def cells_of(
    rows: Iterable[Sequence[Any]],
    other: Mapping[Place, str] | None = None,
    as_texts: Callable[[Sequence[Any]], Sequence[str]] = _unchanged,
) -> Cells:
    """Put rows, the first of them row 1, into columns counted from 0.

    `other` are texts that go before those of the rows, as far as the rows reach. `as_texts` writes
    cells of one column that are no texts.
    """
    columns: list[_Column] = []
    count = 0
    left = iter(rows)
    while block := list(itertools.islice(left, _AT_ONCE)):
        below = [as_texts(cells) for cells in itertools.zip_longest(*block, fillvalue="")]
        columns += (_Column(count) for _ in below[len(columns) :])
        count += len(block)
        for column, texts in itertools.zip_longest(columns, below):
            column.add(texts or [""] * len(block))
    for (row_number, place), text in (other or {}).items():
        if row_number <= count and place < len(columns):
            columns[place].cells[row_number - 1] = columns[place].numbers[text]
    return numbered_from_1(dict(enumerate(map(_texts, columns))), count)


def _texts(column: _Column) -> Texts:
    numbers = np.array(column.cells, dtype=np.int32)
    return Texts(numbers, Different.of(list(column.numbers)))

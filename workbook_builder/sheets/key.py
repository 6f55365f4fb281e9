"""The key that stands above a table: blocks of a heading and a few lines, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_builder.definitions.layouts import KeyBlock
from workbook_builder.sheets.plan import Cell, Text

#: Months between one block and the next: a line of the key runs over so many cells.
_APART = 8


def key_rows(key: Sequence[KeyBlock]) -> int:
    """Return how many rows a key takes, with an empty one below it."""
    return max(1 + len(block.lines) for block in key) + 1 if key else 0


def key_cells(key: Sequence[KeyBlock], first_row: int, months: int) -> Iterator[Cell]:
    """Lay out a key: the first block at the left, the others above the months and beyond."""
    for at, block in enumerate(key):
        column = months + (at - 1) * _APART if at else 0
        yield Cell(first_row, column, Text(block.title), "key_title")
        for row, line in enumerate(block.lines, first_row + 1):
            yield Cell(row, column, Text(line), "key")

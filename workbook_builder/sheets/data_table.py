"""The title and the subtitle at the top of every sheet, and how high they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Empty,
    NativeTable,
    Number,
    StyleName,
    Text,
    Width,
)
from workbook_builder.sheets.text_height import lines_needed, row_height


def free_name(text: str, taken: Collection[str]) -> str:
    """Return a table's name made from a text that none of the taken ones is."""
    plain = "t_" + re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    copies = sum(name == plain or name.startswith(f"{plain}__") for name in taken)
    return f"{plain}__{copies + 1}" if copies else plain


Value = str | float | None

_EMPTY = Empty()


@dataclass(frozen=True)
class Listing:
    """A list as it is laid out: its cells, row heights and native table; `end` is the row after."""

    cells: tuple[Cell, ...]
    heights: tuple[tuple[int, float], ...]
    table: NativeTable
    end: int


def listing(
    name: str,
    first_row: int,
    columns: Sequence[tuple[str, float]],
    rows: Sequence[Sequence[Value]],
    *,
    style: StyleName = "text",
    filtered: bool = False,
) -> Listing:
    """Lay out rows under headings; `columns` are headings with their widths.

    A list without rows keeps one empty row, since a native table may not be without.
    """
    headings = tuple(heading for heading, _ in columns)
    body: Sequence[Sequence[Value]] = rows or [[None] * len(columns)]
    last_row = first_row + len(body)
    cells = (
        *(Cell(first_row, at, Text(text), "heading") for at, text in enumerate(headings)),
        *_cells(body, first_row + 1, style),
    )
    area = Area(first_row, 0, last_row, len(columns) - 1)
    heights = ((first_row, row_height(1)), *_heights(body, columns, first_row + 1, style))
    return Listing(cells, heights, NativeTable(name, area, headings, filtered), last_row + 1)


def widths(columns: Sequence[tuple[str, float]]) -> tuple[Width, ...]:
    """Return the widths of a list's columns."""
    return tuple(Width(at, at, width) for at, (_, width) in enumerate(columns))


def _cells(rows: Sequence[Sequence[Value]], first_row: int, style: StyleName) -> Iterator[Cell]:
    for at, row in enumerate(rows, first_row):
        for column, value in enumerate(row):
            content = _content(value)
            number = isinstance(content, Number)
            yield Cell(at, column, content, "data_number" if number else style)


def _content(value: Value) -> Content:
    if value is None or value == "":
        return _EMPTY
    return Text(value) if isinstance(value, str) else Number(value)


def _heights(
    rows: Sequence[Sequence[Value]],
    columns: Sequence[tuple[str, float]],
    first_row: int,
    style: StyleName,
) -> Iterator[tuple[int, float]]:
    if style != "text":
        return  # one line each, as high as Excel makes them
    for at, row in enumerate(rows, first_row):
        lines = [
            lines_needed(value, width)
            for value, (_, width) in zip(row, columns, strict=True)
            if isinstance(value, str)
        ]
        yield at, row_height(max(lines, default=1))


TITLE_HEIGHTS = ((0, 28.0), (1, 22.0))
SECTION_HEIGHT = 26.0


def titles(title: str, subtitle: str) -> tuple[Cell, Cell]:
    """Lay out a sheet's title and subtitle in its first two rows."""
    return Cell(0, 0, Text(title), "title"), Cell(1, 0, Text(subtitle), "subtitle")

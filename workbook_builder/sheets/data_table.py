"""Lay out lists of values as native tables, and the titles that stand at the top of every sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Empty,
    NativeTable,
    Number,
    SheetPlan,
    StyleName,
    Text,
    Width,
)

#: Written for the part of a text that there is no room for.
ELLIPSIS = "…"

LINE_HEIGHT = 15.0  # points
_PADDING = 7.0
#: Excel allows no higher row, in points.
HIGHEST = 409.0
_INDENT = 1.5  # characters

#: A column of text that is turned upwards is as wide as so many lines.
_TURNED_LINES = 3
_TURNED_DIGIT = 6.6  # points

#: Widths of Calibri's letters, in widths of a digit, rounded up: a line too many is harmless.
_NARROW, _SLIM, _USUAL, _BROAD, _BROADEST = 0.5, 0.72, 1.05, 1.25, 1.75
_WIDTHS = (
    dict.fromkeys("ijl.,;:'|!I ", _NARROW)
    | dict.fromkeys('frtsczJ()[]{}-/\\"', _SLIM)
    | dict.fromkeys("ABCDGHKNOPQRTUVXY&", _BROAD)
    | dict.fromkeys("mwMW%@", _BROADEST)
)


def lines_needed(text: str, width: float, *, indented: bool = True) -> int:
    """Return how many lines a text takes in a column of a width in characters."""
    free = width - _INDENT if indented else width
    return sum(_lines_of(line, free) for line in text.split("\n"))


def wrapped(text: str, width: float) -> list[str]:
    """Break a text at its spaces into lines that fit a width in characters."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _length(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def row_height(lines: int) -> float:
    """Return the height in points of a row of so many lines."""
    return min(HIGHEST, lines * LINE_HEIGHT + _PADDING)


def text_height(text: str, width: float) -> float:
    """Return the height in points of a row with a text in a column of a width in characters."""
    return row_height(lines_needed(text, width))


def text_width(text: str) -> float:
    """Return how many characters wide a column must be to hold a text in one line."""
    return _length(text)


def turned_height(text: str) -> float:
    """Return the height of a row that holds a text turned upwards, in as many lines as fit."""
    if not text:
        return 0.0
    room = next(room for room in range(6, 200) if lines_needed(text, room) <= _TURNED_LINES)
    return min(HIGHEST, room * _TURNED_DIGIT + _PADDING)


def _lines_of(line: str, width: float) -> int:
    """Wrap as Excel does: at spaces, and inside a word only if it is longer than a line."""
    lines, used = 1, 0.0
    for word in line.split(" "):
        long = _length(word)
        if used and used + _NARROW + long > width:
            lines, used = lines + 1, 0.0
        used += long + (_NARROW if used else 0.0)
        lines += int(used // width)
        used %= width
    return lines


@lru_cache(maxsize=10_000)
def _length(word: str) -> float:
    return sum(_WIDTHS.get(character, _USUAL) for character in word)


#: A value of a list: a text, a number, or nothing.
Value = str | float | None
#: A heading with the width of its column in characters.
HeadedColumn = tuple[str, float]

#: The first two rows of every sheet but slides, with their heights in points.
TITLE_HEIGHTS = ((0, 28.0), (1, 22.0))
SECTION_HEIGHT = 26.0
#: The row of the headings of a list that has a sheet for itself.
HEADING_ROW = 2

_EMPTY = Empty()


def titles(title: str, subtitle: str) -> tuple[Cell, Cell]:
    """Lay out a sheet's title and subtitle in its first two rows."""
    return Cell(0, 0, Text(title), "title"), Cell(1, 0, Text(subtitle), "subtitle")


def unique_name(text: str, taken: Collection[str]) -> str:
    """Return a name for a native table, made from a text and different from all names taken."""
    plain = "t_" + re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    copies = sum(name == plain or name.startswith(f"{plain}__") for name in taken)
    return f"{plain}__{copies + 1}" if copies else plain


@dataclass(frozen=True)
class DataTable:
    """A list laid out: its cells, row heights in points and native table.

    `end` is the first row below it.
    """

    cells: tuple[Cell, ...]
    heights: tuple[tuple[int, float], ...]
    table: NativeTable
    end: int


def data_table(
    name: str,
    first_row: int,
    columns: Sequence[HeadedColumn],
    rows: Sequence[Sequence[Value]],
    *,
    style: StyleName = "text",
    filtered: bool = False,
    unwrapped: Container[int] = (),
) -> DataTable:
    """Lay out rows of values under their headings as a native table of this name.

    Text of the style "text" is wrapped, and its rows are as high as it needs, but for columns that
    are `unwrapped`. A list without rows keeps one empty row, since a native table must have one.
    """
    headings = tuple(heading for heading, _ in columns)
    body: Sequence[Sequence[Value]] = rows or [[None] * len(columns)]
    last_row = first_row + len(body)
    cells = [Cell(first_row, column, Text(text), "heading") for column, text in enumerate(headings)]
    heights = [(first_row, row_height(1))]
    for row, values in enumerate(body, first_row + 1):
        for column, value in enumerate(values):
            content = _content(value)
            shown_in: StyleName = "data" if column in unwrapped else style
            number = isinstance(content, Number)
            cells.append(Cell(row, column, content, "data_number" if number else shown_in))
        if style == "text":  # rows of the other styles have one line each
            lines = [
                lines_needed(value, width)
                for column, (value, (_, width)) in enumerate(zip(values, columns, strict=True))
                if isinstance(value, str) and column not in unwrapped
            ]
            heights.append((row, row_height(max(lines, default=1))))
    area = Area(first_row, 0, last_row, len(columns) - 1)
    table = NativeTable(name, area, headings, filtered)
    return DataTable(tuple(cells), tuple(heights), table, last_row + 1)


def _content(value: Value) -> Content:
    if value is None or value == "":
        return _EMPTY
    return Text(value) if isinstance(value, str) else Number(value)


def widths(columns: Sequence[HeadedColumn]) -> tuple[Width, ...]:
    """Return the widths of a list's columns."""
    return tuple(Width(column, column, width) for column, (_, width) in enumerate(columns))


def table_sheet(
    title: str,
    subtitle: str,
    table_name: str,
    columns: Sequence[HeadedColumn],
    rows: Sequence[Sequence[Value]],
    *,
    style: StyleName = "text",
    filtered: bool = False,
    landscape: bool = True,
    reformat: Callable[[Cell], Cell] = lambda cell: cell,
) -> SheetPlan:
    """Lay out a sheet that holds one list and nothing below it, so that rows can be added there.

    The title is the sheet's name too. `reformat` returns each cell of the list as it should be.
    """
    listed = data_table(table_name, HEADING_ROW, columns, rows, style=style, filtered=filtered)
    return SheetPlan(
        name=title,
        cells=(*titles(title, subtitle), *map(reformat, listed.cells)),
        widths=widths(columns),
        heights=(*TITLE_HEIGHTS, *listed.heights),
        tables=(listed.table,),
        freeze=(HEADING_ROW + 1, 0),
        repeat_rows=(HEADING_ROW, HEADING_ROW),
        landscape=landscape,
    )


class TableStack:
    """Lists below one another on one sheet, each with its section heading above it, if it has one.

    `cells` and `heights` (in points) are those of all of them from the top, `end` is the first row
    below the last.
    """

    def __init__(self, first_row: int) -> None:
        self.end = first_row
        self.headings: list[Cell] = []
        self.data_tables: list[DataTable] = []
        self.cells: list[Cell] = []
        self.heights: list[tuple[int, float]] = []

    def add(
        self,
        name: str,
        columns: Sequence[HeadedColumn],
        rows: Sequence[Sequence[Value]],
        heading: str = "",
        style: StyleName = "text",
        unwrapped: Container[int] = (),
    ) -> None:
        """Lay out the next list: the first at the first row, each other two rows further down."""
        first_row = self.end + 2 if self.data_tables else self.end
        if heading:
            self.headings.append(Cell(first_row - 1, 0, Text(heading), "section"))
            self.cells.append(self.headings[-1])
            self.heights.append((first_row - 1, SECTION_HEIGHT))
        listed = data_table(name, first_row, columns, rows, style=style, unwrapped=unwrapped)
        self.data_tables.append(listed)
        self.cells += listed.cells
        self.heights += listed.heights
        self.end = listed.end

    @property
    def tables(self) -> tuple[NativeTable, ...]:
        """Their native tables."""
        return tuple(listed.table for listed in self.data_tables)

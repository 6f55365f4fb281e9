"""One table of indicators into a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, groupby

from workbook_builder.definitions.layouts import ColumnKind, KeyBlock, Table
from workbook_builder.indicators.rating import digits
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.data_table import TITLE_HEIGHTS, titles
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Icons,
    IconSet,
    NativeTable,
    Sheet,
    Sparkline,
    StyleName,
    Text,
    Width,
)
from workbook_builder.sheets.slide_fit import Shape, slide_shape, width_in_points
from workbook_builder.sheets.table_columns import (
    COLUMN_KINDS,
    ColumnPositions,
    TableColumnKind,
    TableContext,
    change_marks,
    placed,
)
from workbook_builder.sheets.text_height import (
    HIGHEST,
    LINE_HEIGHT,
    lines_needed,
    row_height,
    small_height,
    turned_height,
)

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


#: Title and subtitle stand above it, and between them and it the key of a table that has one.
HEADING_ROW = 2
FIRST_ROW = HEADING_ROW + 1

_REFERENCE_MARGIN = 2
#: A commentary is given the first of these widths at which the longest one fits into a row.
_COMMENTARY_WIDTHS = (50.0, 65.0, 80.0, 100.0, 125.0)

#: A row with its height in points.
Height = tuple[int, float]
Headed = tuple[tuple[str, TableColumnKind], ...]


@dataclass(frozen=True)
class _Board:
    """A table on its way into a sheet: its rows, where its columns begin, where its rows do."""

    table: Table
    indicators: Sequence[Indicator]
    setting: TableContext
    places: ColumnPositions
    heading_row: int

    @property
    def first_row(self) -> int:
        return self.heading_row + 1

    @property
    def last_row(self) -> int:
        return self.heading_row + len(self.indicators)

    def width(self, kind: ColumnKind) -> float:
        """Return a column's width: references may be longer than usual, commentary far longer."""
        usual = COLUMN_KINDS[kind].width
        if kind == "reference":
            longest = max(len(one.reference) for one in self.indicators)
            return max(usual, longest + _REFERENCE_MARGIN)
        return self._commentary_width() if kind == "commentary" else usual

    def _commentary_width(self) -> float:
        texts = [one.commentary for one in self.indicators]
        fitting = (width for width in _COMMENTARY_WIDTHS
                   if all(small_height(text, width) < HIGHEST for text in texts))  # fmt: skip
        return next(fitting, _COMMENTARY_WIDTHS[-1])


def board_sheet(
    table: Table,
    table_name: str,
    indicators: Sequence[Indicator],
    setting: TableContext,
    subtitle: str,
) -> Sheet:
    """Lay out a table: title, subtitle, key, headings, one row for each indicator."""
    places, width = placed(table.columns, setting)
    heading_row = HEADING_ROW + key_rows(table.key)
    board = _Board(table, indicators, setting, places, heading_row)
    area = Area(heading_row, 0, board.last_row, width - 1)
    headed = _headed(table, setting)
    key = key_cells(table.key, HEADING_ROW, places.first.get("months", 0) + setting.folded)
    widths = tuple(_widths(board))
    above = (*TITLE_HEIGHTS, (heading_row, row_height(_heading_lines(headed))))
    heights = tuple(_heights(board))
    shape = _shape(widths, above, heights, heading_row - HEADING_ROW)
    return Sheet(
        name=table.name,
        cells=(
            *titles(table.title, subtitle),
            *key,
            *_heading_cells(headed, heading_row),
            *_body(board),
        ),
        widths=widths,
        heights=(*above, *((row, min(height * shape.growth, HIGHEST)) for row, height in heights)),
        sparklines=tuple(_sparklines(board)),
        icon_sets=tuple(_icon_sets(board)),
        change_marks=tuple(change_marks(indicators, places, board.first_row)),
        tables=(NativeTable(table_name, area, tuple(text for text, _ in headed)),),
        freeze=(board.first_row, _first_moving_column(table, places)),
        repeat_rows=(0, heading_row),
        print_area=Area(0, 0, board.last_row + shape.rows, width - 1 + shape.columns),
    )


def _shape(
    widths: Sequence[Width], above: Sequence[Height], rows: Sequence[Height], key_rows: int
) -> Shape:
    shown = (one for one in widths if not one.folded)
    width = sum(width_in_points(one.width) * (one.last - one.first + 1) for one in shown)
    top = sum(height for _, height in above) + key_rows * LINE_HEIGHT
    return slide_shape(width, top, [height for _, height in rows])


def _headed(table: Table, setting: TableContext) -> Headed:
    """Return every column's heading and kind.

    A native table may not have two columns of one heading, so the second England is "England (2)".
    """
    headed: list[tuple[str, TableColumnKind]] = []
    seen: set[str] = set()
    for kind in (COLUMN_KINDS[name] for name in table.columns):
        for heading in kind.headings(setting):
            numbered = (f"{heading} ({number})" for number in count(2))
            free = (one for one in chain([heading], numbered) if one.casefold() not in seen)
            headed.append((next(free), kind))
            seen.add(headed[-1][0].casefold())
    return tuple(headed)


def _heading_cells(headed: Headed, row: int) -> Iterator[Cell]:
    for column, (heading, kind) in enumerate(headed):
        style: StyleName = "heading_centred" if kind.centred else "heading"
        yield Cell(row, column, Text(heading), style)


def _body(board: _Board) -> Iterator[Cell]:
    for row, indicator in enumerate(board.indicators, board.first_row):
        for kind in board.table.columns:
            yield from COLUMN_KINDS[kind].cells(indicator, row, board.places)


def _widths(board: _Board) -> Iterator[Width]:
    for kind in board.table.columns:
        first = board.places.first[kind]
        last = first + len(COLUMN_KINDS[kind].headings(board.setting)) - 1
        width = board.width(kind)
        if kind == "months" and board.setting.folded:
            shown = first + board.setting.folded
            yield Width(first, shown - 1, width, folded=True)
            first = shown
        if first <= last:
            yield Width(first, last, width)


def _heading_lines(headed: Headed) -> int:
    return max(
        (lines_needed(text, kind.width, indented=not kind.centred) for text, kind in headed),
        default=1,
    )


def _heights(board: _Board) -> Iterator[Height]:
    columns = board.table.columns
    for row, indicator in enumerate(board.indicators, board.first_row):
        small: dict[ColumnKind, str] = {
            "note": indicator.note,
            "outcome": indicator.outcome,
            "commentary": indicator.commentary,
        }
        heights = [
            small_height(text, board.width(kind)) for kind, text in small.items() if kind in columns
        ]
        turned: dict[ColumnKind, str] = {"owner": indicator.owner, "reporter": indicator.reporter}
        heights += [turned_height(text) for kind, text in turned.items() if kind in columns]
        title = row_height(lines_needed(indicator.title, board.width("indicator")))
        yield row, max([title, *heights])


def _sparklines(board: _Board) -> Iterator[Sparkline]:
    if "sparkline" not in board.table.columns:
        return
    months = board.places.first["months"]
    first, last = months + board.setting.folded, months + board.places.months - 1
    for at in range(len(board.indicators)):
        row = board.first_row + at
        yield Sparkline(row, board.places.first["sparkline"], Area(row, first, row, last))


def _icon_sets(board: _Board) -> Iterator[IconSet]:
    codes: tuple[Icons, ...] = ("rag", "direction")
    for kind in codes:
        if kind in board.table.columns:
            column = board.places.first[kind]
            yield IconSet(Area(board.first_row, column, board.last_row, column), kind)
    if "trend" in board.table.columns:
        yield from _trend_icons(board, board.places.first["trend"])


def _trend_icons(board: _Board, column: int) -> Iterator[IconSet]:
    """Rows whose values have the same digits share a rule: level is less than half a digit."""
    row = board.first_row
    for places, rows in groupby(board.indicators, key=lambda one: digits(one.unit, one.decimals)):
        count = len(list(rows))
        yield IconSet(Area(row, column, row + count - 1, column), "trend", 0.5 / 10**places)
        row += count


def _first_moving_column(table: Table, places: ColumnPositions) -> int:
    """Return the first column that scrolls: what says which row this is stays in sight."""
    if "indicator" in table.columns:
        return places.first["indicator"] + 1
    return places.first.get("months", 0)

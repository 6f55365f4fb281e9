"""A sheet of team tables, one below the other, each with what it adds up to in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workbook_builder.definitions.team_sheets import TeamSheet
from workbook_builder.indicators.team_tables import TeamTable
from workbook_builder.sheets.plan import Area, Cell, NativeTable, Sheet, Text, Width
from workbook_builder.sheets.team_rows import LaidOut, columns_of, lay_out
from workbook_builder.sheets.text_height import lines_needed, row_height, wrapped
from workbook_builder.sheets.titles import SECTION_HEIGHT, TITLE_HEIGHTS, titles

NAME_WIDTH = 46.0
_NUMBER_WIDTH = 13.5
_MONTH_WIDTH = 8.0
_SPARKLINE_WIDTH = 20.0
_FIRST_ROW = 3
_NARROWEST = 5


def team_sheet(
    sheet: TeamSheet,
    tables: Sequence[TeamTable],
    table_name: Callable[[str], str],
    subtitle: str,
) -> Sheet:
    """Lay out a sheet; `table_name` gives a free name for a native table."""
    parts = _Parts(tables, table_name)
    width = max([_NARROWEST, *(columns_of(table).count for table in tables)])
    return Sheet(
        name=sheet.name,
        cells=(*titles(sheet.title, subtitle), *parts.cells),
        widths=tuple(_widths(tables, width)),
        heights=(*TITLE_HEIGHTS, *parts.heights),
        sparklines=tuple(line for one in parts.laid for line in one.sparklines),
        icon_sets=tuple(icons for one in parts.laid for icons in one.icon_sets),
        tables=tuple(parts.tables),
        repeat_rows=(0, 1),
        print_area=Area(0, 0, parts.row - 1, width - 1),
        landscape=width > _NARROWEST,
        data_bars=tuple(bars for one in parts.laid for bars in one.data_bars),
    )


class _Parts:
    """The tables below one another."""

    def __init__(self, tables: Sequence[TeamTable], table_name: Callable[[str], str]) -> None:
        self.row = _FIRST_ROW
        self.cells: list[Cell] = []
        self.heights: list[tuple[int, float]] = []
        self.laid: list[LaidOut] = []
        self.tables: list[NativeTable] = []
        for table in tables:
            self._add(table, table_name)

    def _add(self, table: TeamTable, table_name: Callable[[str], str]) -> None:
        self.cells.append(Cell(self.row, 0, Text(table.title), "section"))
        self.heights.append((self.row, SECTION_HEIGHT))
        self.row += 1
        if table.rows:
            laid = lay_out(table, self.row, 0)
            name = table_name(f"teams {table.breakdown.measure}")
            self.laid.append(laid)
            self.cells += laid.cells
            self.heights += _heights(laid)
            self.tables.append(NativeTable(name, laid.area, laid.headings))
            self.row = laid.area.last_row + 1
        for sentence in table.sentences:
            for line in wrapped(sentence, NAME_WIDTH + 4 * _NUMBER_WIDTH):
                self.cells.append(Cell(self.row, 0, Text(line), "subtitle"))
                self.row += 1
        self.row += 1


def _heights(laid: LaidOut) -> Iterator[tuple[int, float]]:
    for cell in laid.cells:
        if cell.column == 0 and isinstance(cell.content, Text):
            lines = lines_needed(cell.content.text, NAME_WIDTH)
            yield cell.row, row_height(lines)


def _widths(tables: Sequence[TeamTable], width: int) -> Iterator[Width]:
    """Months may begin in another column in each table; the widest use of a column counts."""
    found = dict.fromkeys(range(1, width), _NUMBER_WIDTH)
    for table in tables:
        columns = columns_of(table)
        if columns.months is not None:
            found[columns.count - 1] = _SPARKLINE_WIDTH
    months = [one.months for one in map(columns_of, tables) if one.months is not None]
    last = width - 1
    for at in range(max(months, default=width), width):
        found[at] = max(_MONTH_WIDTH, _SPARKLINE_WIDTH if at == last else 0)
    yield Width(0, 0, NAME_WIDTH)
    yield from (Width(at, at, size) for at, size in found.items())

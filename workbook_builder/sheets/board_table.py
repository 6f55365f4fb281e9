"""One table of indicators into a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from workbook_builder.definitions.layouts import Table
from workbook_builder.indicators.judge import digits
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.columns import KINDS, Places, Setting, placed
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
from workbook_builder.sheets.text_height import lines_needed, row_height

HEADING_ROW = 2
FIRST_ROW = HEADING_ROW + 1

_TITLE_HEIGHT = 28.0
_SUBTITLE_HEIGHT = 22.0


def board_sheet(
    table: Table, table_name: str, indicators: Sequence[Indicator], setting: Setting, subtitle: str
) -> Sheet:
    """Lay out a table: title, subtitle, headings, one row for each indicator."""
    places, width = placed(table.columns, setting)
    last_row = FIRST_ROW + len(indicators) - 1
    headings = tuple(_headings(table, setting))
    return Sheet(
        name=table.name,
        cells=(
            Cell(0, 0, Text(table.title), "title"),
            Cell(1, 0, Text(subtitle), "subtitle"),
            *_heading_cells(table, setting),
            *_body(table, indicators, places),
        ),
        widths=tuple(_widths(table, setting)),
        heights=(
            (0, _TITLE_HEIGHT),
            (1, _SUBTITLE_HEIGHT),
            (HEADING_ROW, row_height(_heading_lines(table, setting))),
            *_heights(table, indicators),
        ),
        sparklines=tuple(_sparklines(table, indicators, places)),
        icon_sets=tuple(_icon_sets(table, indicators, places)),
        tables=(NativeTable(table_name, Area(HEADING_ROW, 0, last_row, width - 1), headings),),
        freeze=(FIRST_ROW, _first_moving_column(table, places)),
        repeat_rows=(0, HEADING_ROW),
        print_area=Area(0, 0, last_row, width - 1),
    )


def _headings(table: Table, setting: Setting) -> Iterator[str]:
    for kind in table.columns:
        yield from KINDS[kind].headings(setting)


def _heading_cells(table: Table, setting: Setting) -> Iterator[Cell]:
    column = 0
    for kind in table.columns:
        for heading in KINDS[kind].headings(setting):
            style: StyleName = "heading_centred" if KINDS[kind].centred else "heading"
            yield Cell(HEADING_ROW, column, Text(heading), style)
            column += 1


def _body(table: Table, indicators: Sequence[Indicator], places: Places) -> Iterator[Cell]:
    for at, indicator in enumerate(indicators):
        for kind in table.columns:
            yield from KINDS[kind].cells(indicator, FIRST_ROW + at, places)


def _widths(table: Table, setting: Setting) -> Iterator[Width]:
    column = 0
    for kind in table.columns:
        count = len(KINDS[kind].headings(setting))
        if count:
            yield Width(column, column + count - 1, KINDS[kind].width)
        column += count


def _heading_lines(table: Table, setting: Setting) -> int:
    return max(
        lines_needed(heading, KINDS[kind].width)
        for kind in table.columns
        for heading in (*KINDS[kind].headings(setting), "")
    )


def _heights(table: Table, indicators: Sequence[Indicator]) -> Iterator[tuple[int, float]]:
    for at, indicator in enumerate(indicators):
        title = lines_needed(indicator.title, KINDS["indicator"].width)
        note = lines_needed(indicator.note, KINDS["note"].width) if "note" in table.columns else 1
        yield FIRST_ROW + at, row_height(max(title, note))


def _sparklines(
    table: Table, indicators: Sequence[Indicator], places: Places
) -> Iterator[Sparkline]:
    if "sparkline" not in table.columns:
        return
    first = places.first["months"]
    for at in range(len(indicators)):
        row = FIRST_ROW + at
        values = Area(row, first, row, first + places.months - 1)
        yield Sparkline(row, places.first["sparkline"], values)


def _icon_sets(table: Table, indicators: Sequence[Indicator], places: Places) -> Iterator[IconSet]:
    last_row = FIRST_ROW + len(indicators) - 1
    codes: tuple[Icons, ...] = ("rag", "direction")
    for kind in codes:
        if kind in table.columns:
            column = places.first[kind]
            yield IconSet(Area(FIRST_ROW, column, last_row, column), kind)
    if "trend" in table.columns:
        yield from _trend_icons(indicators, places.first["trend"])


def _trend_icons(indicators: Sequence[Indicator], column: int) -> Iterator[IconSet]:
    """Rows whose values have the same digits share a rule: level is less than half a digit."""
    row = FIRST_ROW
    for places, rows in groupby(indicators, key=lambda one: digits(one.unit, one.decimals)):
        count = len(list(rows))
        yield IconSet(Area(row, column, row + count - 1, column), "trend", 0.5 / 10**places)
        row += count


def _first_moving_column(table: Table, places: Places) -> int:
    return places.first["months"] if "months" in table.columns else 0

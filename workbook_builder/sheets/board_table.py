"""One table of indicators into a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count, groupby

from workbook_builder.definitions.layouts import ColumnKind, Table
from workbook_builder.indicators.judge import digits
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.columns import KINDS, Kind, Places, Setting, placed
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
from workbook_builder.sheets.titles import TITLE_HEIGHTS, titles

HEADING_ROW = 2
FIRST_ROW = HEADING_ROW + 1

_REFERENCE_MARGIN = 2

Headed = tuple[tuple[str, Kind], ...]


def board_sheet(
    table: Table, table_name: str, indicators: Sequence[Indicator], setting: Setting, subtitle: str
) -> Sheet:
    """Lay out a table: title, subtitle, headings, one row for each indicator."""
    places, width = placed(table.columns, setting)
    last_row = FIRST_ROW + len(indicators) - 1
    area = Area(HEADING_ROW, 0, last_row, width - 1)
    headed = _headed(table, setting)
    return Sheet(
        name=table.name,
        cells=(
            *titles(table.title, subtitle),
            *_heading_cells(headed),
            *_body(table, indicators, places),
        ),
        widths=tuple(_widths(table, setting)),
        heights=(
            *TITLE_HEIGHTS,
            (HEADING_ROW, row_height(_heading_lines(headed))),
            *_heights(table, indicators),
        ),
        sparklines=tuple(_sparklines(table, indicators, places)),
        icon_sets=tuple(_icon_sets(table, indicators, places)),
        tables=(NativeTable(table_name, area, tuple(text for text, _ in headed)),),
        freeze=(FIRST_ROW, _first_moving_column(table, places)),
        repeat_rows=(0, HEADING_ROW),
        print_area=Area(0, 0, last_row, width - 1),
    )


def _headed(table: Table, setting: Setting) -> Headed:
    """Return every column's heading and kind.

    A native table may not have two columns of one heading, so the second England is "England (2)".
    """
    headed: list[tuple[str, Kind]] = []
    seen: set[str] = set()
    for kind in (KINDS[name] for name in table.columns):
        for heading in kind.headings(setting):
            numbered = (f"{heading} ({number})" for number in count(2))
            free = (one for one in chain([heading], numbered) if one.casefold() not in seen)
            headed.append((next(free), kind))
            seen.add(headed[-1][0].casefold())
    return tuple(headed)


def _heading_cells(headed: Headed) -> Iterator[Cell]:
    for column, (heading, kind) in enumerate(headed):
        style: StyleName = "heading_centred" if kind.centred else "heading"
        yield Cell(HEADING_ROW, column, Text(heading), style)


def _body(table: Table, indicators: Sequence[Indicator], places: Places) -> Iterator[Cell]:
    for at, indicator in enumerate(indicators):
        for kind in table.columns:
            yield from KINDS[kind].cells(indicator, FIRST_ROW + at, places)


def _width(kind: ColumnKind, table: Table) -> float:
    """Return a column's width; references may be longer than usual, and none is cut."""
    if kind != "reference":
        return KINDS[kind].width
    longest = max(len(row.reference) for row in table.rows)
    return max(KINDS[kind].width, longest + _REFERENCE_MARGIN)


def _widths(table: Table, setting: Setting) -> Iterator[Width]:
    column = 0
    for kind in table.columns:
        count = len(KINDS[kind].headings(setting))
        if count:
            yield Width(column, column + count - 1, _width(kind, table))
        column += count


def _heading_lines(headed: Headed) -> int:
    return max(
        (lines_needed(text, kind.width, indented=not kind.centred) for text, kind in headed),
        default=1,
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

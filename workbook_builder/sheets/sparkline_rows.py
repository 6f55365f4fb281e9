"""Sparklines of the kind and with the points that a table asks for, gaps where a text stands."""

from __future__ import annotations

from dataclasses import replace

from workbook_builder.definitions.sparklines import Sparklines
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.plan import Cell, Number, Place, Sheet, Sparkline, Text


def as_asked(look: Sparklines, sheet: Sheet, data: ChartData) -> Sheet:
    """Return a sheet with its sparklines of a kind and with points; the usual ones are as usual.

    Win and loss need signs, which counts and percentages do not have: they are drawn from the
    change on the month before, which stands on the Chart data sheet. So does a row with a hidden
    figure, whose mark would be drawn as a number.
    """
    if not sheet.sparklines:
        return sheet
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    drawn = tuple(_drawn(look, one, sheet.name, cells, data) for one in sheet.sparklines)
    return replace(sheet, sparklines=drawn)


def _drawn(
    look: Sparklines,
    one: Sparkline,
    sheet: str,
    cells: dict[tuple[int, int], Cell],
    data: ChartData,
) -> Sparkline:
    shaped = replace(one, kind=look.kind, points=look.points)
    area = one.values
    months = [cells[one.row, at] for at in range(area.first_column, area.last_column + 1)]
    if look.kind == "win_loss":
        elsewhere = data.changes
    elif any(isinstance(cell.content, Text) for cell in months):
        elsewhere = data.with_gaps
    else:
        return shaped
    values = [cell.content.value if isinstance(cell.content, Number) else None for cell in months]
    shape = max((cell.number_format for cell in months), key=len)
    place = elsewhere(_name(one.row, area.first_column, cells), shape, Place(sheet, area), values)
    return replace(shaped, sheet=place.sheet, values=place.area)


def _name(row: int, before: int, cells: dict[tuple[int, int], Cell]) -> str:
    """Return what a row is called: the longest of the texts before its months."""
    contents = [cells[row, at].content for at in range(before) if (row, at) in cells]
    return max((one.text for one in contents if isinstance(one, Text)), key=len, default="")

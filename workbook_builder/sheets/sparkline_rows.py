"""Sparklines of the kind and with the points that a table asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbook_builder.definitions.sparklines import Sparklines
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.plan import Sheet, Sparkline


def with_changes(
    look: Sparklines, board: Sheet, indicators: Sequence[Indicator], data: ChartData
) -> Sheet:
    """Return a board table with its sparklines as asked for, the same table if that is as usual.

    Win and loss need signs, which counts and percentages do not have: they are drawn from the
    change on the month before, which stands on the Chart data sheet.
    """
    if look == Sparklines() or not board.sparklines:
        return board
    drawn = tuple(_drawn(look, board, indicators, data))
    return replace(board, sparklines=drawn)


def _drawn(
    look: Sparklines, board: Sheet, indicators: Sequence[Indicator], data: ChartData
) -> Iterator[Sparkline]:
    first_row = board.tables[0].area.first_row + 1
    for one in board.sparklines:
        shaped = replace(one, kind=look.kind, points=look.points)
        if look.kind == "win_loss":
            place = data.changes(indicators[one.row - first_row])
            shaped = replace(shaped, sheet=place.sheet, values=place.area)
        yield shaped

"""The charts of a plan with their values, as the preview draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from math import floor, log10

from workbook_builder.looks import QUIET
from workbook_builder.sheets.cell_styles import (
    BENCHMARK_COLOUR,
    CHART_COLOURS,
    LABEL_COLOURS,
    LIMIT_COLOUR,
    TARGET_COLOUR,
    themed,
)
from workbook_builder.sheets.number_text import content_text, number_text
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Chart,
    Formula,
    Number,
    PlanTheme,
    Series,
    SheetArea,
    SheetPlan,
)
from workbook_builder.window.preview_sheet import PreviewChart, PreviewLabel, PreviewSeries

_LINE_COLOURS = {
    "target": TARGET_COLOUR, "benchmark": BENCHMARK_COLOUR, "limit": LIMIT_COLOUR,
}  # fmt: skip
_DASHES = {"target": "solid", "benchmark": "dash", "limit": "dot"}
#: The room around a plot that has none of its own: left, top, right, below; left of bars names.
_SIDES, _LEFT_OF_BARS = (52, 16, 96, 30), 180
#: Excel draws about so many lines of values where nothing says how many.
_LINES = 5

#: The cells of each sheet by row and column.
_Sheets = dict[str, Mapping[tuple[int, int], Cell]]


def preview_charts(
    sheet: SheetPlan, by_name: Mapping[str, SheetPlan], theme: PlanTheme
) -> tuple[PreviewChart, ...]:
    """Return the charts of a sheet with the values of the cells that they draw."""
    named = {area.sheet for chart in sheet.charts for area in _areas(chart)}
    cells: _Sheets = {
        name: {(cell.row, cell.column): cell for cell in by_name[name].cells}
        for name in named
        if name in by_name
    }
    return tuple(_chart(chart, cells, theme) for chart in sheet.charts)


def number_of(cell: Cell | None) -> float | None:
    """Return the number in a cell, if there is one."""
    content = cell.content if cell else None
    value = content.value if isinstance(content, Number | Formula) else None
    return value if isinstance(value, float | int) else None


def places(area: Area) -> Iterable[tuple[int, int]]:
    """Return the rows and columns of the cells of an area."""
    return (
        (row, column)
        for row in range(area.first_row, area.last_row + 1)
        for column in range(area.first_column, area.last_column + 1)
    )


def _areas(chart: Chart) -> Iterable[SheetArea]:
    for series in chart.series:
        yield from (series.categories, series.values)
        if series.end:
            yield from (series.end.text, series.end.values)


def _chart(chart: Chart, cells: _Sheets, theme: PlanTheme) -> PreviewChart:
    measures = [series for series in chart.series if series.role == "measure"]
    lines = [series for series in chart.series if series.role != "measure"]
    drawn = [_measure(series, number, chart, cells, theme)
             for number, series in enumerate(measures)]  # fmt: skip
    drawn += [_level_line(series, cells) for series in lines]
    low, high, step = _axis(chart, drawn)
    count = round((high - low) / step)
    ticks = tuple(
        (value, number_text(value, chart.number_format))
        for value in (low + step * number for number in range(count + 1))
    )
    names = chart.series[0].categories
    months = [cells.get(names.sheet, {}).get(place) for place in places(names.area)]
    return PreviewChart(
        chart.row, chart.column, chart.width, chart.height, chart.kind,
        tuple(content_text(cell.content, cell.number_format) if cell else "" for cell in months),
        tuple(drawn), low, high, ticks, _plot(chart), chart.month_step,
    )  # fmt: skip


def _measure(
    series: Series, number: int, chart: Chart, cells: _Sheets, theme: PlanTheme
) -> PreviewSeries:
    colour, ink = (themed(colours[number % len(colours)], theme)
                   for colours in (CHART_COLOURS, LABEL_COLOURS))  # fmt: skip
    values = _values(series.values, cells)
    wanted = [(label.point, str(label.place)) for label in series.labels or ()]
    if series.labels is None:
        wanted = [(point, "above") for point in range(len(values))]
    labels = tuple(
        PreviewLabel(point, number_text(value, chart.number_format), place)
        for point, place in wanted
        if point < len(values) and (value := values[point]) is not None
    )
    return PreviewSeries(series.role, colour, ink, values, labels, end=_end(series, cells))


def _level_line(series: Series, cells: _Sheets) -> PreviewSeries:
    colour = _LINE_COLOURS[series.role]
    ink = QUIET if series.role == "limit" else colour
    values = _values(series.values, cells)
    return PreviewSeries(
        series.role, colour, ink, values, dash=_DASHES[series.role], end=_end(series, cells)
    )


def _values(area: SheetArea, cells: _Sheets) -> tuple[float | None, ...]:
    known = cells.get(area.sheet, {})
    return tuple(number_of(known.get(place)) for place in places(area.area))


def _end(series: Series, cells: _Sheets) -> tuple[str, float] | None:
    if series.end is None:
        return None
    heights = [value for value in _values(series.end.values, cells) if value is not None]
    return (series.end.words, heights[-1]) if heights else None


def _axis(chart: Chart, drawn: Sequence[PreviewSeries]) -> tuple[float, float, float]:
    """Return where the axis of the values begins and ends, and its step."""
    values = [value for series in drawn for value in series.values if value is not None]
    low = chart.axis_from if chart.axis_from is not None else min(0.0, *values, 0.0)
    most = max([*values, low])
    step = chart.axis_step or _round_step(((chart.axis_to or most) - low or 1.0) / _LINES)
    high = chart.axis_to
    if high is None:
        steps = takewhile(lambda number: low + step * number < most, range(10_000))
        high = low + step * max(len(list(steps)), 1)
    return low, high, step


def _round_step(step: float) -> float:
    """Return the next of 1, 2, 5 and 10, or of them times a power of ten, from a step on."""
    power = 10.0 ** floor(log10(step))
    return next(power * nice for nice in (1, 2, 5, 10) if power * nice >= step * (1 - 1e-9))


def _plot(chart: Chart) -> tuple[float, float, float, float]:
    if chart.plot:
        return chart.plot.left, chart.plot.top, chart.plot.width, chart.plot.height
    left, top, right, below = _SIDES
    left = _LEFT_OF_BARS if chart.kind == "bar" else left
    return left, top, max(chart.width - left - right, 1), max(chart.height - top - below, 1)

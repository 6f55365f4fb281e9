"""Charts of measures month by month, with targets and benchmarks as level lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.comparators import Comparator
from workbook_builder.definitions.sheet_layouts import TARGET_LINE, Panel
from workbook_builder.indicators.rounding import decimals_shown, value_text
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.formulas import number_format
from workbook_builder.sheets.plan import Chart, Series, SeriesRole

#: From here on the axis of a percentage ends at 100 %; below it Excel chooses the end.
_NEARLY_ALL = 0.6


@dataclass(frozen=True)
class ChartBox:
    """Where a chart stands: the cell of its upper left corner, and its size in pixels."""

    row: int
    column: int
    width: int
    height: int


@dataclass(frozen=True)
class ReferenceLine:
    """A level line of a chart, a target or benchmark.

    `heading` is that of its column in a board table, `name` has its value too.
    """

    heading: str
    name: str
    value: float


def measure_chart(
    panel: Panel,
    indicators: Sequence[Indicator],
    comparators: Mapping[str, Comparator],
    data: ChartData,
    box: ChartBox,
) -> Chart:
    """Return the chart of a panel of a slide; lines without a value are left out."""
    names = panel.names or tuple(indicator.title for indicator in indicators)
    first = indicators[0]
    lines = tuple(_reference_lines(panel.lines or (), first, comparators))
    title, kind = panel.title or first.title, panel.kind or "line"
    series = [*_measure_series(panel, indicators, names, data)]
    for line in lines:
        values, name = data.reference_line(first, line.heading, line.name, line.value)
        _, categories = data.months_of(first)
        role: SeriesRole = "target" if line.heading == TARGET_LINE else "benchmark"
        series.append(Series(name, categories, values, role, "none"))
    return Chart(
        box.row, box.column, box.width, box.height, kind, title, tuple(series),
        number_format(first.unit, first.decimals),
        _alt_text(title, kind, list(zip(names, indicators, strict=True)), lines),
        *_axis(panel, indicators, lines),
    )  # fmt: skip


def _measure_series(
    panel: Panel, indicators: Sequence[Indicator], names: Sequence[str], data: ChartData
) -> Iterator[Series]:
    """Yield the lines or columns of the measures, their values written where they do not meet.

    Of several lines the highest of a month has its value above it and the lowest below; where
    lines cross, a hidden series writes those on the other side. Columns have theirs at the top.
    """
    hidden: list[Series] = []
    for indicator, name in zip(indicators, names, strict=True):
        values, categories = data.months_of(indicator)
        series = Series(name, categories, values)
        if panel.labels is False:
            yield replace(series, label="none")
        elif panel.kind == "column" or len(indicators) == 1:
            yield series
        else:
            above, below = _label_sides(indicator, indicators)
            yield replace(series, points=above) if above else replace(series, label="none")
            if below:
                hidden.append(replace(series, label="below", points=below, hidden=True))
    yield from hidden


def _label_sides(
    indicator: Indicator, indicators: Sequence[Indicator]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the points at which a measure is the highest of all, and those where the lowest.

    Of equal values the first measure's counts as the highest, the last one's as the lowest.
    """
    above, below = [], []
    position = indicators.index(indicator)
    for point in range(len(indicator.months)):
        known = [(value, -number) for number, other in enumerate(indicators)
                 if (value := other.months[point].value) is not None]  # fmt: skip
        here = (indicator.months[point].value, -position)
        if known and here == max(known):
            above.append(point)
        elif known and here == min(known):
            below.append(point)
    return tuple(above), tuple(below)


def _axis(
    panel: Panel, indicators: Sequence[Indicator], lines: Sequence[ReferenceLine]
) -> tuple[float | None, float | None]:
    """Return where the axis starts and ends: as the layout says, but so that nothing is hidden.

    None leaves an end to Excel. Percentages that come near 100 % have an axis that ends there.
    """
    values = [shown.value for indicator in indicators for shown in indicator.months
              if shown.value is not None]  # fmt: skip
    values += [line.value for line in lines]
    lowest, highest = min(values, default=0.0), max(values, default=1.0)
    start = 0.0 if panel.axis_from is None else panel.axis_from
    end = panel.axis_to
    if end is None and indicators[0].unit == "percent" and _NEARLY_ALL <= highest <= 1:
        end = 1.0
    if lowest < start:
        start = 0.0
    return (start if lowest >= start else None), (end if end is None or highest <= end else None)


def _reference_lines(
    keys: Sequence[str], indicator: Indicator, comparators: Mapping[str, Comparator]
) -> Iterator[ReferenceLine]:
    """Yield the lines of the target and of comparators, by their names, that have a value."""
    entries = dict(zip(comparators, indicator.benchmarks, strict=True))
    for key in keys:
        is_target = key == TARGET_LINE
        entry = indicator.target if is_target else entries.get(key)
        if entry and entry.number is not None:
            title = "Target" if is_target else comparators[key].title
            decimals = decimals_shown(entry.number, indicator.unit, indicator.decimals)
            name = f"{title} {entry.sign}{value_text(entry.number, indicator.unit, decimals)}"
            yield ReferenceLine(key if is_target else title, name, entry.number)


def _alt_text(
    title: str, kind: str, measures: Sequence[tuple[str, Indicator]], lines: Sequence[ReferenceLine]
) -> str:
    """Say in words what a chart shows, for those who do not see it."""
    shape = "Line chart" if kind == "line" else "Column chart"
    months = measures[0][1].months
    span = f"{months[0].month.label} to {months[-1].month.label}" if months else ""
    sentences = [f"{shape}: {title}, {span}."]
    for name, indicator in measures:
        prefix = f"{name}: " if len(measures) > 1 else ""
        sentences.append(f"{prefix}{_months_in_words(indicator)}.")
    return " ".join([*sentences, *(f"{line.name}." for line in lines)])


def _months_in_words(indicator: Indicator) -> str:
    known = [(shown.value, shown.month.label) for shown in indicator.months
             if shown.value is not None]  # fmt: skip
    if not known:
        return "no figures"
    last, lowest, highest = (
        f"{value_text(value, indicator.unit, indicator.decimals)} in {month}"
        for value, month in (known[-1], min(known), max(known))
    )
    return f"{last}; lowest {lowest}, highest {highest}"

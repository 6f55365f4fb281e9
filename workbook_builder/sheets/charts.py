"""Charts of measures month by month, with the lines that they are held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.sheet_layouts import TARGET_LINE, Panel
from workbook_builder.definitions.targets import Comparator
from workbook_builder.indicators.rating import decimals_shown, digits, rounded
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.formulas import number_format
from workbook_builder.sheets.plan import Chart, Series, SeriesRole

#: From here on the axis of a percentage ends at 100 %; below it Excel chooses the end.
_NEARLY_ALL = 0.6


@dataclass(frozen=True)
class Box:
    """Where a chart stands: the cell of its upper left corner, and its size in pixels."""

    row: int
    column: int
    width: int
    height: int


@dataclass(frozen=True)
class ReferenceLines:
    """A level line of a chart: its key, its name, its value."""

    key: str
    name: str
    value: float


def chart_of(
    panel: Panel,
    indicators: Sequence[Indicator],
    comparators: Mapping[str, Comparator],
    data: ChartData,
    box: Box,
) -> Chart:
    """Return the chart of a panel; lines without a value are left out."""
    names = panel.names or tuple(one.title for one in indicators)
    first = indicators[0]
    held = tuple(_held(panel.lines or (), first, comparators))
    title = panel.title or first.title
    kind = panel.kind or "line"
    return Chart(
        box.row, box.column, box.width, box.height, kind, title,
        (
            *_measures(panel, indicators, names, data),
            *(_line(one, first, data) for one in held),
        ),
        number_format(first.unit, first.decimals),
        _alt_text(title, kind, list(zip(names, indicators, strict=True)), held),
        *_axis(panel, indicators, held),
    )  # fmt: skip


def _measures(
    panel: Panel, indicators: Sequence[Indicator], names: Sequence[str], data: ChartData
) -> Iterator[Series]:
    """Yield the lines or columns of the measures, their values written where they do not meet.

    Of several lines the highest of a month has its value above it and the lowest below; where
    lines cross, a hidden series writes those on the other side. Columns have theirs at the top.
    """
    hidden: list[Series] = []
    for one, name in zip(indicators, names, strict=True):
        values, categories = data.months_of(one)
        series = Series(name, categories, values)
        if panel.labels is False:
            yield replace(series, label="none")
        elif panel.kind == "column" or len(indicators) == 1:
            yield series
        else:
            above, below = _sides(one, indicators)
            yield replace(series, points=above) if above else replace(series, label="none")
            if below:
                hidden.append(replace(series, label="below", points=below, hidden=True))
    yield from hidden


def _sides(one: Indicator, others: Sequence[Indicator]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the points at which a measure is the highest of all, and those where the lowest."""
    above, below = [], []
    for at in range(len(one.months)):
        known = [(value, -number) for number, other in enumerate(others)
                 if (value := other.months[at].value) is not None]  # fmt: skip
        mine = (one.months[at].value, -others.index(one))
        if known and mine == max(known):
            above.append(at)
        elif known and mine == min(known):
            below.append(at)
    return tuple(above), tuple(below)


def _axis(
    panel: Panel, indicators: Sequence[Indicator], held: Sequence[ReferenceLines]
) -> tuple[float | None, float | None]:
    """Return where the axis starts and ends: as the layout says, but so that nothing is hidden.

    None leaves an end to Excel. Percentages that come near 100 % have an axis that ends there.
    """
    values = [shown.value for one in indicators for shown in one.months if shown.value is not None]
    values += [one.value for one in held]
    lowest, highest = min(values, default=0.0), max(values, default=1.0)
    start = 0.0 if panel.axis_from is None else panel.axis_from
    end = panel.axis_to
    if end is None and indicators[0].unit == "percent" and _NEARLY_ALL <= highest <= 1:
        end = 1.0
    if lowest < start:
        start = 0.0
    return (start if lowest >= start else None), (end if end is None or highest <= end else None)


def _line(one: ReferenceLines, indicator: Indicator, data: ChartData) -> Series:
    values, name = data.line(indicator, one.key, one.name, one.value)
    _, categories = data.months_of(indicator)
    role: SeriesRole = "target" if one.key == TARGET_LINE else "benchmark"
    return Series(name, categories, values, role, "none")


def _held(
    keys: Sequence[str], indicator: Indicator, comparators: Mapping[str, Comparator]
) -> Iterator[ReferenceLines]:
    entries = dict(zip(comparators, indicator.benchmarks, strict=True))
    for key in keys:
        entry = indicator.target if key == TARGET_LINE else entries.get(key)
        value = entry.number if entry else None
        if entry and value is not None:
            title = "Target" if key == TARGET_LINE else comparators[key].title
            name = f"{title} {entry.sign}{_shown(value, indicator, in_full=True)}"
            yield ReferenceLines(key if key == TARGET_LINE else comparators[key].title, name, value)


def _shown(value: float, indicator: Indicator, *, in_full: bool = False) -> str:
    decimals = indicator.decimals
    if in_full:
        decimals = decimals_shown(value, indicator.unit, decimals)
    exact = rounded(value, digits(indicator.unit, decimals))
    return f"{exact:.{decimals}%}" if indicator.unit == "percent" else f"{exact:,.{decimals}f}"


def _alt_text(
    title: str, kind: str, measures: Sequence[tuple[str, Indicator]], held: Sequence[ReferenceLines]
) -> str:
    shape = "Line chart" if kind == "line" else "Column chart"
    months = measures[0][1].months
    span = f"{months[0].month.label} to {months[-1].month.label}" if months else ""
    parts = [f"{shape}: {title}, {span}."]
    parts += [_told(name if len(measures) > 1 else "", one) for name, one in measures]
    parts += [f"{one.name}." for one in held]
    return " ".join(parts)


def _told(name: str, indicator: Indicator) -> str:
    known = [(shown.value, shown.month.label) for shown in indicator.months
             if shown.value is not None]  # fmt: skip
    head = f"{name}: " if name else ""
    if not known:
        return f"{head}no figures."
    low, high, last = min(known), max(known), known[-1]
    texts = [_shown(value, indicator) for value, _ in (last, low, high)]
    said = (
        f"{texts[0]} in {last[1]}; lowest {texts[1]} in {low[1]}, highest {texts[2]} in {high[1]}"
    )
    return f"{head}{said}."

"""Charts of measures month by month, with targets and benchmarks as level lines.

The highest, the lowest and the last value are written beside their points; what a line is stands at
its end. Axes are set here, so that it is known where everything is and no label is on a line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.definitions.sheet_layouts import TARGET_LINE, Panel
from workbook_builder.definitions.targets import Comparator
from workbook_builder.indicators.rounding import decimals_shown, value_text
from workbook_builder.indicators.rows import Indicator
from workbook_builder.indicators.spc import FEWEST_MONTHS, xmr_limits
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.chart_labels import (
    LABEL_HEIGHT,
    LETTER,
    Axis,
    Frame,
    label_box,
    month_step,
    nice_axis,
    point_labels,
    spread,
)
from workbook_builder.sheets.formulas import entry_format, number_format
from workbook_builder.sheets.plan import (
    Chart,
    EndName,
    PixelBox,
    PointLabel,
    Series,
    SeriesRole,
    SheetArea,
)

#: From here on the axis of a percentage ends at 100 %.
_NEARLY_ALL = 0.6
#: Room inside a chart, in pixels: above the plot for a label, beside it for the axis, below it for
#: the months; and at its right beside the names of the lines.
_ABOVE, _BELOW, _MONTH_NAME = 22, 26, 46
_AXIS_MARGIN, _END_MARGIN = 14, 10
_LEAST_RIGHT = 16
#: Keep what is written at an end clear of the last point, and of half the last column.
_AFTER_POINT, _AFTER_COLUMN = "\u00a0", "\u00a0" * 4


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

    `heading` is that of its column in a board table; `sign` stands before its value.
    """

    heading: str
    name: str
    value: float
    role: SeriesRole
    sign: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class ChartMeasure:
    """A measure of a chart with what it is called there."""

    name: str
    indicator: Indicator

    @property
    def values(self) -> list[float | None]:
        """Its values month by month."""
        return [shown.value for shown in self.indicator.months]

    @property
    def last(self) -> int | None:
        """The position of its last value."""
        known = [number for number, value in enumerate(self.values) if value is not None]
        return known[-1] if known else None

    def text(self, position: int) -> str:
        """Return a value as it is printed."""
        return value_text(
            self.indicator.value_at(position), self.indicator.unit, self.indicator.decimals
        )


def chart_measures(panel: Panel, indicators: Sequence[Indicator]) -> tuple[ChartMeasure, ...]:
    """Return the measures of a chart with the names that the panel gives them, or their own."""
    names = panel.names or tuple(indicator.name for indicator in indicators)
    return tuple(map(ChartMeasure, names, indicators))


def chart_axis(
    panel: Panel, indicators: Sequence[Indicator], comparators: Mapping[str, Comparator]
) -> Axis:
    """Return the axis of a chart: as the layout says, but so that nothing is hidden.

    Columns start at 0. Percentages that come near 100 % have an axis that ends there.
    """
    first = indicators[0]
    lines = _level_lines(panel, first, comparators)
    values = [shown.value for indicator in indicators for shown in indicator.months
              if shown.value is not None]  # fmt: skip
    values += [line.value for line in lines]
    lowest, highest = min(values, default=0.0), max(values, default=1.0)
    start = 0.0 if panel.axis_from is None or panel.kind == "column" else panel.axis_from
    end = panel.axis_to
    if end is None and first.unit == "percent" and _NEARLY_ALL <= highest <= 1:
        end = 1.0
    return nice_axis(lowest, highest, start, end, first.unit, first.decimals)


def measure_chart(
    panel: Panel,
    indicators: Sequence[Indicator],
    comparators: Mapping[str, Comparator],
    data: ChartData,
    box: ChartBox,
    axis: Axis | None = None,
) -> Chart:
    """Return the chart of a panel of a slide; lines without a value are left out.

    `axis` is one that charts of a slide share; without it the chart has its own.
    """
    lines = tuple(_level_lines(panel, indicators[0], comparators))
    return _MeasureChart(
        panel, chart_measures(panel, indicators), lines, data, box,
        axis or chart_axis(panel, indicators, comparators),
    ).chart()  # fmt: skip


@dataclass(frozen=True)
class _End:
    """What is to be written at the end of a line: words before a number, and where that is."""

    before: str
    number: str
    cell: str
    value: float
    shown_as: str

    @property
    def words(self) -> str:
        return self.before + self.number


class _MeasureChart:
    """Lays out one chart: the frame first, then what is written at the ends, then beside points."""

    def __init__(
        self,
        panel: Panel,
        measures: Sequence[ChartMeasure],
        lines: Sequence[ReferenceLine],
        data: ChartData,
        box: ChartBox,
        axis: Axis,
    ) -> None:
        self.panel = panel
        self.kind = panel.kind or "line"
        self.measures = measures
        self.lines = lines
        self.data = data
        self.box = box
        self.first = measures[0].indicator
        self.shown_as = number_format(self.first.unit, self.first.decimals)
        self.level_cells = {line.name: self._level(line) for line in lines}
        self.ends = {**self._measure_ends(), **self._line_ends()}
        self.frame = Frame(self._plot(axis), len(self.first.months), axis)
        wanted = {key: self.frame.y(end.value) for key, end in self.ends.items()}
        top = self.frame.plot.top
        self.heights = spread(wanted, top, top + self.frame.plot.height)

    def chart(self) -> Chart:
        box, panel, axis = self.box, self.panel, self.frame.axis
        title = panel.title or self.first.title
        return Chart(
            box.row, box.column, box.width, box.height, self.kind, title,
            (*self._measure_series(), *self._line_series()), self.shown_as,
            _alt_text(title, self.kind, self.measures, self.lines),
            axis.start, axis.end, axis.step,
            month_step(self.frame.count, self.frame.pitch, _MONTH_NAME), self.frame.plot,
        )  # fmt: skip

    def _plot(self, axis: Axis) -> PixelBox:
        """Return where the plot is: it leaves room for the axis, the months and the names."""
        numbers = (value_text(value, self.first.unit, self.first.decimals)
                   for value in (axis.start, axis.end))  # fmt: skip
        left = round(max(map(len, numbers)) * LETTER) + _AXIS_MARGIN
        right = max((round(len(end.words) * LETTER) + _END_MARGIN for end in self.ends.values()),
                    default=_LEAST_RIGHT)  # fmt: skip
        right = max(right, _LEAST_RIGHT)
        width = max(self.box.width - left - right, self.box.width // 3)
        height = max(self.box.height - _ABOVE - _BELOW, self.box.height // 3)
        return PixelBox(left, _ABOVE, width, height)

    def _level(self, line: ReferenceLine) -> SheetArea:
        values, _ = self.data.reference_line(self.first, line.heading, line.name, line.value)
        return values

    def _measure_ends(self) -> dict[str, _End]:
        """Return what stands at the ends of the measures: their last values, and their names.

        A measure that is alone in a chart is named by the title; the last of its columns has its
        value above it.
        """
        ends: dict[str, _End] = {}
        alone = len(self.measures) == 1
        if alone and (self.panel.labels is False or self.kind == "column"):
            return ends
        for measure in self.measures:
            if measure.last is None:
                continue
            before = "" if alone else f"{measure.name} "
            value = measure.values[measure.last]
            assert value is not None  # it is the last that is known
            cell = self.data.month_cell(measure.indicator, measure.last)
            ends[measure.indicator.measure] = _End(
                self._space + before, measure.text(measure.last), cell, value, self.shown_as
            )
        return ends

    def _line_ends(self) -> dict[str, _End]:
        ends: dict[str, _End] = {}
        for line in self.lines:
            shown_as = entry_format(self.first.unit, line.decimals, "")
            number = value_text(line.value, self.first.unit, line.decimals)
            before = f"{self._space}{line.name} {line.sign}"
            cell = self.data.level_cell(self.level_cells[line.name])
            ends[line.name] = _End(before, number, cell, line.value, shown_as)
        return ends

    @property
    def _space(self) -> str:
        return _AFTER_COLUMN if self.kind == "column" else _AFTER_POINT

    def _end_name(self, key: str) -> EndName | None:
        """Return what stands at the end of a series, high enough to be clear of the others."""
        end = self.ends.get(key)
        if end is None:
            return None
        moved = self.heights[key] - self.frame.y(end.value)
        offset = self.frame.value(moved) if abs(moved) >= 1 else 0.0
        text, values = self.data.end_name(
            self.first.title, (end.before, end.number), end.cell, end.value, end.shown_as, offset
        )
        return EndName(text, values, end.words)

    def _measure_series(self) -> Iterator[Series]:
        labels = self._point_labels()
        for measure in self.measures:
            indicator = measure.indicator
            values, categories = self.data.months_of(indicator)
            yield Series(
                measure.name, categories, values, "measure",
                tuple(labels.get(indicator.measure, ())), self._end_name(indicator.measure),
            )  # fmt: skip

    def _line_series(self) -> Iterator[Series]:
        _, categories = self.data.months_of(self.first)
        for line in self.lines:
            values = self.level_cells[line.name]
            yield Series(line.name, categories, values, line.role, (), self._end_name(line.name))

    def _point_labels(self) -> dict[str, list[PointLabel]]:
        """Return by measure the values written beside points: the last, highest and lowest."""
        if self.panel.labels is False:
            return {}
        lines = {measure.indicator.measure: measure for measure in self.measures}
        beside = {name: label_box("right", (self.frame.x(self.frame.count - 1), self.heights[name]),
                                  end.words) for name, end in self.ends.items()}  # fmt: skip
        return point_labels(
            self.frame, self.kind, {name: measure.values for name, measure in lines.items()},
            [line.value for line in self.lines], list(beside.values()),
            lambda name, point: lines[name].text(point),
            (float(self.frame.plot.left), 0.0, float(self.box.width),
             float(self.box.height - _BELOW + LABEL_HEIGHT)),
        )  # fmt: skip


def _level_lines(
    panel: Panel, indicator: Indicator, comparators: Mapping[str, Comparator]
) -> Iterator[ReferenceLine]:
    """Yield the target, benchmarks, and the process limits, as far as they are asked for.

    A limit that no value can reach, below 0 or above 100 %, is not drawn.
    """
    yield from _reference_lines(panel.lines or (), indicator, comparators)
    values = [shown.value for shown in indicator.months]
    limits = xmr_limits(values) if panel.limits else None
    if limits is None or sum(value is not None for value in values) < FEWEST_MONTHS:
        return
    highest = 1.0 if indicator.unit == "percent" else math.inf
    for name, value in (("Mean", limits.mean), ("Upper limit", limits.upper),
                        ("Lower limit", limits.lower)):  # fmt: skip
        if 0 <= value <= highest:
            yield ReferenceLine(name, name, value, "limit", decimals=indicator.decimals)


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
            role: SeriesRole = "target" if is_target else "benchmark"
            heading = key if is_target else title
            yield ReferenceLine(heading, title, entry.number, role, entry.sign, decimals)


def _alt_text(
    title: str, kind: str, measures: Sequence[ChartMeasure], lines: Sequence[ReferenceLine]
) -> str:
    """Say in words what a chart shows, for those who do not see it."""
    shape = "Line chart" if kind == "line" else "Column chart"
    first = measures[0].indicator
    months = first.months
    span = f"{months[0].month.label} to {months[-1].month.label}" if months else ""
    sentences = [f"{shape}: {title}, {span}."]
    for measure in measures:
        prefix = f"{measure.name}: " if len(measures) > 1 else ""
        sentences.append(f"{prefix}{_months_in_words(measure.indicator)}.")
    for line in lines:
        value = value_text(line.value, first.unit, line.decimals)
        sentences.append(f"{line.name} {line.sign}{value}.")
    return " ".join(sentences)


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

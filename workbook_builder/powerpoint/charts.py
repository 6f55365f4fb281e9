"""Native charts with their data: measures, with targets and benchmarks as lines beside them.

What a line is stands at its end, as in the workbook; where everything is, is worked out anew for
the size that a chart has on the slide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, Workbook  # type: ignore[attr-defined]
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml

from workbook_builder.contrast import best_ink
from workbook_builder.powerpoint.colours import Colour, Palette, label_colour
from workbook_builder.powerpoint.geometry import Box
from workbook_builder.powerpoint.tables import SheetCells
from workbook_builder.powerpoint.text_fit import text_width, without_controls
from workbook_builder.sheets.chart_labels import (
    LABEL_HEIGHT,
    Axis,
    Frame,
    label_box,
    month_step,
    point_labels,
    spread,
)
from workbook_builder.sheets.number_text import number_text
from workbook_builder.sheets.plan import Chart, LabelPlace, PixelBox, Series, SheetArea

_TYPES = {
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
}
_MARKERS = ("circle", "diamond", "square", "triangle", "circle", "diamond")
_DASHES = ("dash", "lgDash", "sysDash", "dashDot")
#: The workbooks behind charts say no time of their making.
_NO_DAY = datetime(2000, 1, 1)
_PLACES: Mapping[LabelPlace, str] = {
    "above": "t", "below": "b", "left": "l", "right": "r", "inside": "inEnd",
}  # fmt: skip
_SIZE = 10
#: Pixels in a point, and room inside a chart in pixels: above its plot for a label, below it for
#: the months, at its left beside the numbers of the axis, at its right beside the names of lines.
_PIXELS = 96 / 72
_ABOVE, _BELOW, _BESIDE_AXIS, _BESIDE_NAMES = 20, 24, 14, 18
_LEAST_RIGHT, _BETWEEN_MONTHS = 20, 4
#: At least so much of a chart's width is its plot's.
_LEAST_PLOT = 0.4
#: A name that is moved less far than this is not moved.
_MOVED = 1.0
#: A bar has so many points of its chart's height at least, and above and below them this much.
_BAR, _AROUND_BARS = 15.0, 34.0
#: Else some programs draw a line from a name that is moved to its point.
_NO_LEADER_LINES = (
    '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
    '<c15:showLeaderLines val="0"/></c:ext></c:extLst>'
)
_NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


class _NumbersWriter(CategoryWorkbookWriter):
    """Writes the workbook behind a chart: text stays text, whatever it begins with."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: Any) -> Iterator[tuple[Any, Any]]:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        workbook = Workbook(xlsx_file, options)
        workbook.set_properties({"created": _NO_DAY})
        yield workbook, workbook.add_worksheet()
        workbook.close()


class _ChartNumbers(CategoryChartData):
    """The numbers of a chart; the same ones give the same bytes."""

    @property
    def _workbook_writer(self) -> _NumbersWriter:
        return _NumbersWriter(self)  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class DrawnSeries:
    """A series with its values; `labels` says at which points a value is written, and where.

    `end` is what is written at its end, nothing if nothing is, `lifted` how far that is moved
    upwards to be clear of other names, as a share of the chart's height.
    """

    name: str
    values: tuple[float | None, ...]
    series: Series
    labels: Mapping[int, str]
    end: str = ""
    lifted: float = 0.0

    @property
    def last(self) -> tuple[int, float] | None:
        """The last value with its point, None if there is none."""
        known = [(point, value) for point, value in enumerate(self.values) if value is not None]
        return known[-1] if known else None


@dataclass(frozen=True)
class DrawnChart:
    """A chart as a slide shows it: its months or teams, and its series with their values.

    `size` and `plot` are pixels, and the name of every `month_step`th month is written; they are
    known from when the chart is `fitted`.
    """

    chart: Chart
    categories: tuple[str, ...]
    series: tuple[DrawnSeries, ...]
    size: tuple[int, int] = (1, 1)
    plot: PixelBox | None = None
    month_step: int = 1

    @classmethod
    def of(cls, chart: Chart, sheets: Mapping[str, SheetCells]) -> DrawnChart:
        """Return a chart with the values of the cells that it draws."""
        drawn: list[DrawnSeries] = []
        for series in chart.series:
            values = _values(series.values, sheets)
            labels = dict.fromkeys(range(len(values)), "t") if series.labels is None else {}
            end = without_controls(series.end.words.strip()) if series.end else ""
            drawn.append(DrawnSeries(_name(series, sheets), values, series, labels, end))
        categories = chart.series[0].categories
        return cls(chart, tuple(_texts(categories, sheets)), tuple(drawn))

    @property
    def least_height(self) -> float:
        """The height in points below which the chart cannot be read."""
        if self.chart.kind == "bar":
            return len(self.categories) * _BAR + _AROUND_BARS
        ends = sum(bool(series.end) for series in self.series)
        return max(94.0, ends * (_SIZE + 2) + _AROUND_BARS)

    def fitted(self, width: float, height: float) -> DrawnChart:
        """Return the chart for a size in points: its plot, and what is written where.

        A chart whose axis the plan does not set is left to PowerPoint.
        """
        axis, size = self._axis, (round(width * _PIXELS), round(height * _PIXELS))
        if axis is None:
            plot = self._planned_plot(*size)
            return replace(self, size=size, plot=plot) if plot else self
        frame = Frame(self._plot(*size, axis), len(self.categories), axis)
        ends = {series.name: frame.y(series.last[1])
                for series in self.series if series.end and series.last}  # fmt: skip
        heights = spread(ends, frame.plot.top, frame.plot.top + frame.plot.height)
        places = self._places(frame, heights, size)
        lifts = {name: (ends[name] - heights[name]) / size[1] for name in ends
                 if abs(ends[name] - heights[name]) > _MOVED}  # fmt: skip
        fitted = [
            replace(series, labels=places.get(series.name, {}), lifted=lifts.get(series.name, 0.0))
            for series in self.series
        ]
        widest = max((text_width(text, _SIZE) for text in self.categories), default=0.0)
        step = month_step(frame.count, frame.pitch, widest * _PIXELS + _BETWEEN_MONTHS)
        return replace(self, series=tuple(fitted), size=size, plot=frame.plot, month_step=step)

    def _planned_plot(self, width: int, height: int) -> PixelBox | None:
        """Return the plot that the plan gives the chart, in its size on the slide."""
        chart, plot = self.chart, self.chart.plot
        if plot is None or chart.kind != "bar":
            return None
        across, down = width / chart.width, height / chart.height
        return PixelBox(round(plot.left * across), round(plot.top * down),
                        round(plot.width * across), round(plot.height * down))  # fmt: skip

    @property
    def _axis(self) -> Axis | None:
        chart = self.chart
        if chart.axis_from is None or chart.axis_to is None or chart.kind == "bar":
            return None
        return Axis(chart.axis_from, chart.axis_to, chart.axis_step or 0.0)

    def _plot(self, width: int, height: int, axis: Axis) -> PixelBox:
        """Return where the plot is: it leaves room for the axis, the months and the names."""
        numbers = (self.text(value) for value in (axis.start, axis.end))
        left = _BESIDE_AXIS + max(text_width(text, _SIZE) for text in numbers) * _PIXELS
        ends = (text_width(series.end, _SIZE, bold=True) * _PIXELS + _BESIDE_NAMES
                for series in self.series if series.end)  # fmt: skip
        right = max(_LEAST_RIGHT, *ends, 0)
        plot = max(width - left - right, width * _LEAST_PLOT)
        below = max(height - _ABOVE - _BELOW, height / 2)
        return PixelBox(round(left), _ABOVE, round(plot), round(below))

    def _places(
        self, frame: Frame, heights: Mapping[str, float], size: tuple[int, int]
    ) -> dict[str, dict[int, str]]:
        """Return by the name of a measure the points whose values are written, with their places.

        Where the plan writes none, none are written.
        """
        measures = {series.name: series.values for series in self.series
                    if series.series.role == "measure"}  # fmt: skip
        written = any(series.series.labels for series in self.series)
        levels = [series.values[0] for series in self.series if series.name not in measures]
        last = frame.x(frame.count - (1 if self.chart.kind == "line" else 0.5))
        ends = [label_box("right", (last, heights[series.name]), series.end)
                for series in self.series if series.name in heights]  # fmt: skip
        labels = point_labels(
            frame, self.chart.kind, measures, [level for level in levels if level is not None],
            ends, lambda name, point: self.text(measures[name][point] or 0.0),
            (float(frame.plot.left), 0.0, float(size[0]), float(size[1] - _BELOW + LABEL_HEIGHT)),
        )  # fmt: skip
        return {name: {label.point: _PLACES[label.place] for label in placed}
                for name, placed in labels.items() if written}  # fmt: skip

    @property
    def half_column(self) -> float:
        """How far names are moved to the right of the last column, as a share of the width."""
        if self.chart.kind != "column" or self.plot is None:
            return 0.0
        return self.plot.width / len(self.categories) / 2 / self.size[0]

    def text(self, value: float) -> str:
        """Return a value as the axis and the labels write it."""
        return number_text(value, self.chart.number_format)


def _cells_of(area: SheetArea) -> list[tuple[int, int]]:
    corners = area.area
    return [
        (row, column)
        for row in range(corners.first_row, corners.last_row + 1)
        for column in range(corners.first_column, corners.last_column + 1)
    ]


def _values(area: SheetArea, sheets: Mapping[str, SheetCells]) -> tuple[float | None, ...]:
    return tuple(sheets[area.sheet].value(*place) for place in _cells_of(area))


def _texts(area: SheetArea, sheets: Mapping[str, SheetCells]) -> list[str]:
    return [sheets[area.sheet].text(*place) for place in _cells_of(area)]


def _name(series: Series, sheets: Mapping[str, SheetCells]) -> str:
    if series.end and series.role != "measure":  # a target or benchmark, with its value
        return without_controls(series.end.words.strip())
    if isinstance(series.name, str):
        return without_controls(series.name)
    return " ".join(_texts(series.name, sheets))


def add_chart(slide: Any, drawn: DrawnChart, box: Box, palette: Palette, name: str) -> Any:
    """Draw a chart in a box and return its frame; its values are in a sheet of its own to edit.

    `name` is the frame's; the plan's words on the chart become its alt text.
    """
    drawn = drawn.fitted(box.width, box.height)
    chart = drawn.chart
    untyped: Any = _ChartNumbers
    data = untyped(number_format=chart.number_format)
    data.categories = drawn.categories
    for series in drawn.series:
        data.add_series(series.name, series.values)
    frame = slide.shapes.add_chart(_TYPES[chart.kind], *box.emu, data)
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", without_controls(chart.alt_text))
    _Styler(frame.chart, drawn, palette).style()
    return frame


class _Styler:
    """Gives a chart its colours, fonts, axes, labels and lines."""

    def __init__(self, chart: Any, drawn: DrawnChart, palette: Palette) -> None:
        self.chart = chart
        self.drawn = drawn
        self.palette = palette
        self.plot = chart._chartSpace.chart.plotArea

    def style(self) -> None:
        """Style the chart from its text to its series."""
        for axis in self.plot.iter("{*}axId", "{*}crossAx"):  # python-pptx's are below nought
            axis.set("val", axis.get("val").lstrip("-"))
        self._fonts()
        self.chart.has_title = False  # it stands above the chart, beside the ratings
        self.chart.has_legend = False  # what a line is stands at its end
        self._place_plot()
        self._axes()
        elements = self.plot.findall(".//{*}ser")
        measures = lines = 0
        for element, series in zip(elements, self.drawn.series, strict=True):
            for old in [*element.findall("{*}spPr"), *element.findall("{*}marker"),
                        *element.findall("{*}dLbls"), *element.findall("{*}smooth")]:  # fmt: skip
                element.remove(old)
            if series.series.role == "measure":
                self._measure(element, series, measures)
                measures += 1
            else:
                self._line(element, series, lines)
                lines += 1
        if self.drawn.chart.kind == "column" and lines:
            self._lines_above_columns(elements[measures:])

    def _fonts(self) -> None:
        space = self.chart._chartSpace
        for old in space.findall("{*}txPr"):
            space.remove(old)
        body = self._text(_SIZE, self.palette.ink)
        space.chart.addnext(parse_xml(f"<c:txPr {_NAMESPACES}>{body}</c:txPr>"))
        space.chart.addnext(parse_xml(
            f"<c:spPr {_NAMESPACES}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        ))  # fmt: skip

    @staticmethod
    def _text(size: int, colour: Colour, *, bold: bool = False) -> str:
        """Return properties of a text, which stays level and on one line."""
        return (
            '<a:bodyPr rot="0" vert="horz" wrap="none"/><a:lstStyle/><a:p><a:pPr>'
            f'<a:defRPr sz="{size * 100}" b="{int(bold)}">{colour.fill}</a:defRPr></a:pPr>'
            '<a:endParaRPr lang="en-GB"/></a:p>'
        )

    def _place_plot(self) -> None:
        plot, size = self.drawn.plot, self.drawn.size
        for old in self.plot.findall("{*}layout"):
            self.plot.remove(old)
        if plot is None:
            return
        shares = {"x": plot.left / size[0], "y": plot.top / size[1],
                  "w": plot.width / size[0], "h": plot.height / size[1]}  # fmt: skip
        edges = "".join(f'<c:{name} val="{share:.5f}"/>' for name, share in shares.items())
        self.plot.insert(0, parse_xml(
            f'<c:layout {_NAMESPACES}><c:manualLayout><c:layoutTarget val="inner"/>'
            f'<c:xMode val="edge"/><c:yMode val="edge"/>{edges}</c:manualLayout></c:layout>'
        ))  # fmt: skip

    def _axes(self) -> None:
        chart, drawn = self.chart, self.drawn.chart
        values, categories = chart.value_axis, chart.category_axis
        values.has_major_gridlines = drawn.kind != "bar"
        if drawn.kind != "bar":
            values.major_gridlines.format.line._get_or_add_ln().append(
                _element(self.palette.rule.fill)
            )
        if drawn.axis_from is not None:
            values.minimum_scale = drawn.axis_from
        if drawn.axis_to is not None:
            values.maximum_scale = drawn.axis_to
        if drawn.axis_step:
            values.major_unit = drawn.axis_step
        values.tick_labels.number_format = drawn.number_format
        values.tick_labels.number_format_is_linked = False
        values.format.line.fill.background()
        values.visible = drawn.kind != "bar"
        categories.has_major_gridlines = False
        categories.format.line._get_or_add_ln().append(_element(self.palette.quiet.fill))
        categories.reverse_order = drawn.kind == "bar"
        self._name_months(categories._element)

    def _name_months(self, axis: Any) -> None:
        """Name every second or third month where all of them have no room, the last among them."""
        for old in axis.findall("{*}tickLblSkip"):
            axis.remove(old)
        if self.drawn.plot is not None:
            axis.find("{*}noMultiLvlLbl").addprevious(
                parse_xml(f'<c:tickLblSkip {_NAMESPACES} val="{self.drawn.month_step}"/>')
            )

    def _measure(self, element: Any, series: DrawnSeries, number: int) -> None:
        """Style a measure: a line with markers, or columns; its labels have its colour."""
        palette, kind = self.palette, self.drawn.chart.kind
        colour = palette.series[number % len(palette.series)]
        if kind == "line":
            line = f'<a:ln w="28575" cap="rnd">{colour.fill}<a:round/></a:ln>'
            marker = (
                f'<c:marker {_NAMESPACES}><c:symbol val="{_MARKERS[number % len(_MARKERS)]}"/>'
                f'<c:size val="6"/><c:spPr>{colour.fill}<a:ln>{colour.fill}</a:ln></c:spPr>'
                "</c:marker>"
            )
            self._after_name(element, f"<c:spPr {_NAMESPACES}>{line}</c:spPr>", marker)
            element.append(parse_xml(f'<c:smooth {_NAMESPACES} val="0"/>'))
        else:
            self._after_name(element, f"<c:spPr {_NAMESPACES}>{colour.fill}</c:spPr>")
        self._labels(element, series, colour)

    def _line(self, element: Any, series: DrawnSeries, number: int) -> None:
        """Style a target, a solid line, a benchmark, a dashed one, or a limit, a dotted one."""
        palette = self.palette
        is_target = series.series.role == "target"
        others = [colour for colour in palette.series[1:] if colour != palette.target]
        others = others or [palette.quiet]
        colour = palette.target if is_target else others[number % len(others)]
        dash = "solid" if is_target else _DASHES[number % len(_DASHES)]
        if series.series.role == "limit":
            colour, dash = palette.quiet, "sysDot"
        line = f'<a:ln w="22225" cap="flat">{colour.fill}<a:prstDash val="{dash}"/></a:ln>'
        marker = f'<c:marker {_NAMESPACES}><c:symbol val="none"/></c:marker>'
        self._after_name(element, f"<c:spPr {_NAMESPACES}>{line}</c:spPr>", marker)
        for old in element.findall("{*}invertIfNegative"):
            element.remove(old)
        element.append(parse_xml(f'<c:smooth {_NAMESPACES} val="0"/>'))
        self._labels(element, series, colour)

    @staticmethod
    def _after_name(element: Any, *parts: str) -> None:
        place = element.find("{*}tx")
        for part in parts:
            new = parse_xml(part)
            place.addnext(new)
            place = new

    def _labels(self, element: Any, series: DrawnSeries, colour: Colour) -> None:
        """Write values beside points, and what the series is at its end; other points have none."""
        text = label_colour(colour, self.palette)
        is_line = self.drawn.chart.kind == "line" or series.series.role != "measure"
        usual = "t" if is_line else "outEnd"
        points = {
            point: self._label(point, usual if place == "t" else place, colour, is_line=is_line)
            for point, place in series.labels.items() if series.values[point] is not None
        }  # fmt: skip
        if series.end and series.last:
            points[series.last[0]] = self._end_label(series, series.last, text)
        if not points:
            return
        points |= {point: f'<c:dLbl><c:idx val="{point}"/><c:delete val="1"/></c:dLbl>'
                   for point in range(len(series.values)) if point not in points}  # fmt: skip
        labels = "".join(xml for _, xml in sorted(points.items()))
        rest = f'<c:dLblPos val="{usual}"/>{_shown(value=not series.end)}'
        element.find("{*}cat").addprevious(
            parse_xml(f"<c:dLbls {_NAMESPACES}>{labels}{self._look(text, bold=is_line)}{rest}"
                      f"{_NO_LEADER_LINES}</c:dLbls>")
        )  # fmt: skip

    def _label(self, point: int, place: str, colour: Colour, *, is_line: bool) -> str:
        ink = label_colour(colour, self.palette) if is_line else self.palette.ink
        if place == "inEnd":
            ink = Colour(best_ink(colour.rgb))
        return (
            f'<c:dLbl><c:idx val="{point}"/>{self._look(ink, bold=is_line)}'
            f'<c:dLblPos val="{place}"/>{_shown(value=True)}</c:dLbl>'
        )

    def _end_label(self, series: DrawnSeries, last: tuple[int, float], colour: Colour) -> str:
        """Write what a series is, its last value, or both at the right of its last point."""
        is_measure = series.series.role == "measure"
        named = series.end != self.drawn.text(last[1])
        moved = f'<c:x val="{self.drawn.half_column:.5f}"/><c:y val="{-series.lifted:.5f}"/>'
        layout = f"<c:layout><c:manualLayout>{moved}</c:manualLayout></c:layout>"
        is_moved = series.lifted or self.drawn.half_column
        return (
            f'<c:dLbl><c:idx val="{last[0]}"/>{layout if is_moved else ""}'
            f"{self._look(colour, bold=is_measure)}"
            f'<c:dLblPos val="r"/>{_shown(value=is_measure, name=named)}</c:dLbl>'
        )

    def _look(self, colour: Colour, *, bold: bool) -> str:
        number_format = _attribute(self.drawn.chart.number_format)
        return (
            f'<c:numFmt formatCode="{number_format}" sourceLinked="0"/>'
            f"<c:spPr><a:noFill/></c:spPr><c:txPr>{self._text(_SIZE, colour, bold=bold)}</c:txPr>"
        )

    def _lines_above_columns(self, elements: Sequence[Any]) -> None:
        """Move lines out of the columns into a plot of their own, on the same axes."""
        columns = self.plot.find("{*}barChart")
        axes = "".join(f'<c:axId val="{axis.get("val")}"/>' for axis in columns.findall("{*}axId"))
        lines = parse_xml(
            f'<c:lineChart {_NAMESPACES}><c:grouping val="standard"/><c:varyColors val="0"/>'
            f'<c:marker val="1"/>{axes}</c:lineChart>'
        )
        for element in elements:
            lines.find("{*}marker").addprevious(element)
        columns.addnext(lines)


def _shown(*, value: bool, name: bool = False) -> str:
    """Return which parts of a label are shown: the value, or the name of its series, or both."""
    both = "<c:separator> </c:separator>" if value and name else ""
    return (
        f'<c:showLegendKey val="0"/><c:showVal val="{int(value)}"/><c:showCatName val="0"/>'
        f'<c:showSerName val="{int(name)}"/><c:showPercent val="0"/>'
        f'<c:showBubbleSize val="0"/>{both}'
    )


def _element(xml: str) -> Any:
    """Return an element of DrawingML whose XML says no namespace."""
    name, rest = xml.split(">", 1)
    namespace = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    return parse_xml(f"{name} {namespace}>{rest}")


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")

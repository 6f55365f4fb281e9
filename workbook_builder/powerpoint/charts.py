"""Native charts with their data: measures, with targets and benchmarks as lines beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, Workbook  # type: ignore[attr-defined]
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml

from workbook_builder.powerpoint.colours import Colour, Palette, label_colour
from workbook_builder.powerpoint.geometry import Box
from workbook_builder.powerpoint.tables import SheetCells
from workbook_builder.powerpoint.text_fit import text_width, without_controls
from workbook_builder.sheets.number_text import number_text
from workbook_builder.sheets.plan import Chart, LabelPlace, Series, SheetArea

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
#: Room inside a chart beside its plot, in points.
_BESIDE = 62.0
#: A bar has so many points of its chart's height at least, and above and below them this much.
_BAR, _AROUND_BARS = 15.0, 34.0
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
    """A series with its values; `labels` says at which points a value is written, and where."""

    name: str
    values: tuple[float | None, ...]
    series: Series
    labels: Mapping[int, str]


@dataclass(frozen=True)
class DrawnChart:
    """A chart as a slide shows it: its months or teams, and its series with their values."""

    chart: Chart
    categories: tuple[str, ...]
    series: tuple[DrawnSeries, ...]

    @classmethod
    def of(cls, chart: Chart, sheets: Mapping[str, SheetCells]) -> DrawnChart:
        """Return a chart with the values of the cells that it draws."""
        drawn: list[DrawnSeries] = []
        for series in chart.series:
            values = _values(series.values, sheets)
            labels = _labels_of(series, values)
            drawn.append(DrawnSeries(_name(series, sheets), values, series, labels))
        categories = chart.series[0].categories
        return cls(chart, tuple(_texts(categories, sheets)), tuple(drawn))

    @property
    def least_height(self) -> float:
        """The height in points below which the chart cannot be read."""
        if self.chart.kind == "bar":
            return len(self.categories) * _BAR + _AROUND_BARS
        return 112.0 if len(self.series) > 1 else 94.0


def _labels_of(series: Series, values: Sequence[float | None]) -> dict[int, str]:
    """Return the points whose values are written, each with its place.

    What the workbook writes at the end of a measure, its last value among it, is above it here: the
    legend has the names.
    """
    if series.labels is None:
        return dict.fromkeys(range(len(values)), "t")
    labels = {label.point: _PLACES[label.place] for label in series.labels}
    known = [point for point, value in enumerate(values) if value is not None]
    if series.end and series.role == "measure" and known:
        labels[known[-1]] = "t"
    return labels


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
    chart = drawn.chart
    untyped: Any = _ChartNumbers
    data = untyped(number_format=chart.number_format)
    data.categories = drawn.categories
    for series in drawn.series:
        data.add_series(series.name, series.values)
    frame = slide.shapes.add_chart(_TYPES[chart.kind], *box.emu, data)
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", without_controls(chart.alt_text))
    _Styler(frame.chart, drawn, box, palette).style()
    return frame


class _Styler:
    """Gives a chart its colours, fonts, axes, labels and lines."""

    def __init__(self, chart: Any, drawn: DrawnChart, box: Box, palette: Palette) -> None:
        self.chart = chart
        self.drawn = drawn
        self.box = box
        self.palette = palette
        self.plot = chart._chartSpace.chart.plotArea

    def style(self) -> None:
        """Style the chart from its text to its series."""
        for axis in self.plot.iter("{*}axId", "{*}crossAx"):  # python-pptx's are below nought
            axis.set("val", axis.get("val").lstrip("-"))
        self._fonts()
        self.chart.has_title = False  # it stands above the chart, beside the ratings
        self._legend()
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
    def _text(size: int, colour: Colour, *, bold: bool = False, rotation: int | None = None) -> str:
        turned = f' rot="{rotation}" vert="horz"' if rotation is not None else ""
        return (
            f"<a:bodyPr{turned}/><a:lstStyle/><a:p><a:pPr>"
            f'<a:defRPr sz="{size * 100}" b="{int(bold)}">{colour.fill}</a:defRPr></a:pPr>'
            '<a:endParaRPr lang="en-GB"/></a:p>'
        )

    def _legend(self) -> None:
        """Show a legend; a measure that is the only one is named by the title already."""
        measures = sum(series.series.role == "measure" for series in self.drawn.series)
        self.chart.has_legend = len(self.drawn.series) > 1
        if not self.chart.has_legend:
            return
        self.chart.legend.include_in_layout = False
        legend = self.chart.legend._element
        position = parse_xml(f'<c:legendPos {_NAMESPACES} val="b"/>')
        for old in legend.findall("{*}legendPos"):
            legend.remove(old)
        legend.insert(0, position)
        if measures == 1:
            position.addnext(parse_xml(
                f'<c:legendEntry {_NAMESPACES}><c:idx val="0"/><c:delete val="1"/></c:legendEntry>'
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
        values.tick_labels.number_format = drawn.number_format
        values.tick_labels.number_format_is_linked = False
        values.format.line.fill.background()
        values.visible = drawn.kind != "bar"
        categories.has_major_gridlines = False
        categories.format.line._get_or_add_ln().append(_element(self.palette.quiet.fill))
        categories.reverse_order = drawn.kind == "bar"
        self._crowded_months(categories._element)

    def _crowded_months(self, axis: Any) -> None:
        """Show every second or third month where all of them have no room, the last among them."""
        for old in axis.findall("{*}tickLblSkip"):
            axis.remove(old)
        if self.drawn.chart.kind == "bar":
            return
        count = len(self.drawn.categories)
        widest = max((text_width(text, _SIZE) for text in self.drawn.categories), default=0.0) + 4
        room = (self.box.width - _BESIDE) / max(count, 1)
        skips = [skip for skip in range(1, count) if (count - 1) % skip == 0]
        skip = next((skip for skip in skips if skip * room >= widest), count - 1)
        if skip > 1:
            axis.find("{*}noMultiLvlLbl").addprevious(
                parse_xml(f'<c:tickLblSkip {_NAMESPACES} val="{skip}"/>')
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
        if series.labels:
            self._labels(element, series, label_colour(colour, palette))

    def _line(self, element: Any, series: DrawnSeries, number: int) -> None:
        """Style a target, a solid line, or a benchmark, a dashed one."""
        palette = self.palette
        is_target = series.series.role == "target"
        others = [colour for colour in palette.series[1:] if colour != palette.target]
        others = others or [palette.quiet]
        colour = palette.target if is_target else others[number % len(others)]
        dash = "solid" if is_target else _DASHES[number % len(_DASHES)]
        line = f'<a:ln w="22225" cap="flat">{colour.fill}<a:prstDash val="{dash}"/></a:ln>'
        marker = f'<c:marker {_NAMESPACES}><c:symbol val="none"/></c:marker>'
        self._after_name(element, f"<c:spPr {_NAMESPACES}>{line}</c:spPr>", marker)
        for old in element.findall("{*}invertIfNegative"):
            element.remove(old)
        element.append(parse_xml(f'<c:smooth {_NAMESPACES} val="0"/>'))

    @staticmethod
    def _after_name(element: Any, *parts: str) -> None:
        place = element.find("{*}tx")
        for part in parts:
            new = parse_xml(part)
            place.addnext(new)
            place = new

    def _labels(self, element: Any, series: DrawnSeries, colour: Colour) -> None:
        """Write values beside the points; where all have no room, those that tell most."""
        kind, number_format = self.drawn.chart.kind, self.drawn.chart.number_format
        shown = self._points_with_room(series)
        show = (
            '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
            '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
        )
        text = self._text(
            _SIZE, colour if kind == "line" else self.palette.ink, bold=kind == "line"
        )
        # Else lines run through the numbers.
        ground = self.palette.background.see_through(85) if kind == "line" else "<a:noFill/>"
        own = (
            f'<c:numFmt formatCode="{_attribute(number_format)}" sourceLinked="0"/>'
            f"<c:spPr>{ground}</c:spPr><c:txPr>{text}</c:txPr>"
        )
        points = ""
        for point in range(len(series.values)):
            usual_place = "t" if kind == "line" else "outEnd"
            place = series.labels.get(point, usual_place)
            place = usual_place if place == "t" else place
            points += f'<c:dLbl><c:idx val="{point}"/>' + (
                f'{own}<c:dLblPos val="{place}"/>{show}</c:dLbl>'
                if point in shown else '<c:delete val="1"/></c:dLbl>'
            )  # fmt: skip
        usual = "t" if kind == "line" else "outEnd"
        labels = f'{points}{own}<c:dLblPos val="{usual}"/>{show}'
        element.find("{*}cat").addprevious(parse_xml(f"<c:dLbls {_NAMESPACES}>{labels}</c:dLbls>"))

    def _points_with_room(self, series: DrawnSeries) -> set[int]:
        values = series.values
        known = [point for point in series.labels if values[point] is not None]
        if self.drawn.chart.kind == "bar" or not known:
            return set(known)
        number_format = self.drawn.chart.number_format
        widest = max(text_width(number_text(values[point] or 0.0, number_format), _SIZE, True)
                     for point in known)  # fmt: skip
        drawn = [one for one in self.drawn.series if one.series.role == "measure"]
        side_by_side = len(drawn) if self.drawn.chart.kind == "column" else 1
        room = (self.box.width - _BESIDE) / max(len(values), 1) / side_by_side
        if widest + 1 <= room:
            return set(known)
        ordered = sorted(known, key=lambda point: values[point] or 0.0)
        telling = [max(known), ordered[0], ordered[-1], min(known)]
        apart = -(-(widest + 2) // room)
        shown: set[int] = set()
        for point in telling:
            if all(abs(point - other) >= apart for other in shown):
                shown.add(point)
        return shown

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


def _element(xml: str) -> Any:
    """Return an element of DrawingML whose XML says no namespace."""
    name, rest = xml.split(">", 1)
    namespace = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    return parse_xml(f"{name} {namespace}>{rest}")


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")

"""Native charts: series that are cells of the workbook, labels, axes and alt text."""

from __future__ import annotations

from typing import Any

from workbook_builder.excel.formats import FONT
from workbook_builder.looks import INK, PAPER, QUIET
from workbook_builder.sheets.cell_styles import (
    BENCHMARK_COLOUR,
    CHART_COLOURS,
    GRIDLINE,
    LABEL_COLOURS,
    LIMIT_COLOUR,
    TARGET_COLOUR,
    themed,
)
from workbook_builder.sheets.plan import Chart, LabelPlace, PlanTheme, Series

#: The size of every text in a chart, in points; the latest value is larger.
_SIZE, _LATEST_SIZE = 10, 11
_DASHES = ("dash", "square_dot", "long_dash", "dash_dot")
_MARKERS = ("circle", "diamond", "square", "triangle", "circle", "diamond")
_EXCEL_PLACES: dict[LabelPlace, str] = {
    "above": "above", "below": "below", "left": "left", "right": "right", "inside": "inside_end",
}  # fmt: skip


def chart_of(workbook: Any, chart: Chart, theme: PlanTheme) -> Any:
    """Return a new XlsxWriter chart of a workbook, in the colours of a theme.

    Targets, benchmarks and limits are lines, also above columns. What stands at the end of a series
    is the name of another one, which draws nothing and has one point, as high as the words stand.
    """
    drawn = _added(workbook, chart.kind)
    over = _added(workbook, "line") if chart.kind == "column" else drawn
    lines = 0
    for number, series in enumerate(chart.series):
        if series.role == "measure":
            colour, ink = (themed(colours[number % len(colours)], theme)
                           for colours in (CHART_COLOURS, LABEL_COLOURS))  # fmt: skip
            drawn.add_series(_measure(series, number, chart, colour, ink))
        else:
            ink = _LINE_COLOURS[series.role]
            over.add_series(_line(series, lines))
            lines += series.role == "benchmark"
        if series.end:
            over.add_series(_end_name(series, ink))
    if over is not drawn and any(series.role != "measure" or series.end for series in chart.series):
        drawn.combine(over)
    _set_options(drawn, chart)
    return drawn


def _added(workbook: Any, kind: str) -> Any:
    """Return a new chart with three things for which XlsxWriter has no option.

    Its texts stay on one line: they would wrap at a fifth of the chart's width. A label may be at
    the right of its point: that place is usual for lines and would not be written, also where the
    other labels are elsewhere. An empty cell is no value: it would be kept as nought.
    """
    drawn = workbook.add_chart({"type": kind})
    drawn.label_position_default = ""
    write_tag, write_numbers = drawn._xml_empty_tag, drawn._write_num_cache

    def write(tag: str, attributes: list[tuple[str, Any]] | None = None) -> None:
        unwrapped = [("wrap", "none")] if tag == "a:bodyPr" else []
        write_tag(tag, [*(attributes or []), *unwrapped])

    def write_known(values: list[Any]) -> None:
        write_numbers([value if _is_number(value) else None for value in values or []])

    drawn._xml_empty_tag, drawn._write_num_cache = write, write_known
    return drawn


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


_LINE_COLOURS = {
    "target": TARGET_COLOUR, "benchmark": BENCHMARK_COLOUR, "limit": LIMIT_COLOUR,
}  # fmt: skip
_LINE_WIDTHS = {"target": 1.5, "benchmark": 1.25, "limit": 1.0}


def _set_options(drawn: Any, chart: Chart) -> None:
    """Set size, axes and plot area; no legend is needed."""
    drawn.set_size({"width": chart.width, "height": chart.height})
    drawn.set_title({"none": True})  # it is in the cells above
    months: dict[str, Any] = {
        "num_font": _font(_SIZE),
        "line": {"color": QUIET},
        "major_tick_mark": "none",
        "interval_unit": chart.month_step,
    }
    values: dict[str, Any] = {
        "num_font": _font(_SIZE, QUIET),
        "num_format": chart.number_format,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": GRIDLINE, "width": 0.75}},
    }
    limits = {"min": chart.axis_from, "max": chart.axis_to, "major_unit": chart.axis_step}
    values |= {key: limit for key, limit in limits.items() if limit is not None}
    if chart.kind == "bar":  # whose axes change places; Excel draws the first row at the bottom
        del months["interval_unit"]
        drawn.set_y_axis(months | {"reverse": True})
        drawn.set_x_axis(values | {"visible": False, "major_gridlines": {"visible": False}})
    else:
        drawn.set_x_axis(months)
        drawn.set_y_axis(values)
    drawn.set_legend({"none": True})
    if chart.plot:
        drawn.set_plotarea({"layout": {
            "x": chart.plot.left / chart.width, "y": chart.plot.top / chart.height,
            "width": chart.plot.width / chart.width, "height": chart.plot.height / chart.height,
        }})  # fmt: skip
    drawn.set_chartarea({"border": {"color": GRIDLINE}})
    drawn.show_blanks_as("gap")
    drawn.show_hidden_data()  # months may be folded away in their table


def _measure(series: Series, number: int, chart: Chart, colour: str, ink: str) -> dict[str, Any]:
    """Return the options of a measure, the `number`th from 0 in the chart."""
    options = _cells(series)
    fill = {"color": colour}
    if chart.kind == "line":
        marker = {"type": _MARKERS[number % len(_MARKERS)], "size": 5, "fill": fill, "border": fill}
        options |= {"line": {"color": colour, "width": 2.25}, "marker": marker}
    else:
        options |= {"fill": fill, "gap": 60, "overlap": -5}
        alone = sum(other.role == "measure" for other in chart.series) == 1
        if alone and chart.kind == "column":
            quiet = {"fill": {"color": CHART_COLOURS[1]}}
            options["points"] = [*[quiet] * (_count(series) - 1), {"fill": fill}]
    if series.labels is None or series.labels:
        options["data_labels"] = _labels(series, chart, ink)
    return options


def _labels(series: Series, chart: Chart, ink: str) -> dict[str, Any]:
    """Return the values written beside the points; those inside a column are white."""
    usual = "above" if chart.kind == "line" else "outside_end"
    labels: dict[str, Any] = {
        "value": True,
        "position": usual,
        "num_format": chart.number_format,
        "font": _font(_SIZE, ink if chart.kind == "line" else INK),
    }
    if series.labels is None:
        return labels
    last = _count(series) - 1
    custom: list[dict[str, Any] | None] = [{"delete": True}] * (last + 1)
    for label in series.labels:
        inside = label.place == "inside"
        outside = "outside_end" if chart.kind == "column" else "above"
        place = {**_EXCEL_PLACES, "above": outside}[label.place]
        is_latest = label.point == last
        font = _font(_LATEST_SIZE if is_latest else _SIZE,
                     PAPER if inside else ink, bold=is_latest)  # fmt: skip
        custom[label.point] = {"position": place, "font": font}
    labels["custom"] = custom
    return labels


def _line(series: Series, number: int) -> dict[str, Any]:
    """Return the options of a level line: of a target a solid one, of any other a dashed one."""
    dash = {"target": "solid", "benchmark": _DASHES[number % len(_DASHES)], "limit": "round_dot"}
    line = {
        "color": _LINE_COLOURS[series.role],
        "width": _LINE_WIDTHS[series.role],
        "dash_type": dash[series.role],
    }
    return _cells(series) | {"line": line, "marker": {"type": "none"}}


def _end_name(series: Series, ink: str) -> dict[str, Any]:
    """Return the options of a series that draws nothing but words at the end of another one."""
    assert series.end is not None  # else nothing is to be written
    is_measure = series.role == "measure"
    return {
        "name": f"={series.end.text.text}",
        "categories": f"={series.categories.text}",
        "values": f"={series.end.values.text}",
        "line": {"none": True},
        "marker": {"type": "none"},
        "data_labels": {
            "series_name": True,
            "position": "right",
            "font": _font(_LATEST_SIZE if is_measure else _SIZE, ink, bold=is_measure),
        },
    }


def _count(series: Series) -> int:
    area = series.values.area
    return area.last_column - area.first_column + 1


def _cells(series: Series) -> dict[str, Any]:
    name = series.name
    return {
        "name": name if isinstance(name, str) else f"={name.text}",
        "categories": f"={series.categories.text}",
        "values": f"={series.values.text}",
    }


def _font(size: int, colour: str = INK, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": colour, "bold": bold}

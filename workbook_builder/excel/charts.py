"""Native charts: series that are cells of the workbook, labels, axes and alt text."""

from __future__ import annotations

from typing import Any

from workbook_builder.excel.formats import (
    BENCHMARK_COLOURS,
    CHART_COLOURS,
    FONT,
    GRIDLINE,
    INK,
    LABEL_COLOURS,
    NAVY,
    PAPER,
    QUIET,
    TARGET_COLOUR,
    themed,
)
from workbook_builder.sheets.plan import Chart, PlanTheme, Series

_LABEL_SIZE = 9
_TITLE_SIZE = 12
_DASHES = ("dash", "long_dash", "square_dot", "dash_dot")
_MARKERS = ("circle", "diamond", "square", "triangle", "circle", "diamond")
#: Room inside a chart, in pixels: for title and labels above the plot, for the axis beside it, for
#: the months and each line of the legend below it.
_ABOVE, _LEFT, _RIGHT = 56, 52, 16
_LEVEL, _UPRIGHT, _LEGEND_LINE, _MARGIN = 24, 48, 20, 8
_LETTER, _SAMPLE, _USUAL_NAME = 6, 44, 24
#: With less room for each month, months stand upright and labels are smaller.
_ROOM = 37
_SMALL_SIZE = 8


def chart_of(workbook: Any, chart: Chart, theme: PlanTheme) -> Any:
    """Return a new XlsxWriter chart of a workbook, in the colours of a theme.

    Targets and benchmarks are lines, also above columns.
    """
    measures = [series for series in chart.series if series.role == "measure"]
    lines = [series for series in chart.series if series.role != "measure"]
    drawn = workbook.add_chart({"type": chart.kind})
    shown = [series.values for series in measures if not series.hidden]
    for series in measures:
        number = shown.index(series.values)  # a hidden series has the colour of the one it labels
        drawn.add_series(_measure(series, number, chart, theme))
    drawn_lines = workbook.add_chart({"type": "line"}) if chart.kind == "column" else drawn
    for number, series in enumerate(lines):
        drawn_lines.add_series(_line(series, number, theme))
    if lines and drawn_lines is not drawn:
        drawn.combine(drawn_lines)
    _set_options(drawn, chart, theme)
    return drawn


def _set_options(drawn: Any, chart: Chart, theme: PlanTheme) -> None:
    """Set size, title, axes, legend and plot area."""
    drawn.set_size({"width": chart.width, "height": chart.height})
    font = _font(_TITLE_SIZE, themed(NAVY, theme), bold=True)
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": font})
    rotated = {"rotation": -90} if chart.kind != "bar" and _is_crowded(chart) else {}
    months: dict[str, Any] = {
        "num_font": _font(_LABEL_SIZE) | rotated,
        "line": {"color": QUIET},
        "major_tick_mark": "none",
    }
    values: dict[str, Any] = {
        "num_font": _font(_LABEL_SIZE),
        "num_format": chart.number_format,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": GRIDLINE, "width": 0.75}},
    }
    if chart.axis_from is not None:
        values["min"] = chart.axis_from
    if chart.axis_to is not None:
        values["max"] = chart.axis_to
    if chart.kind == "bar":  # whose axes change places; Excel draws the first row at the bottom
        drawn.set_y_axis(months | {"reverse": True})
        drawn.set_x_axis(values | {"visible": False, "major_gridlines": {"visible": False}})
    else:
        drawn.set_x_axis(months)
        drawn.set_y_axis(values)
    drawn.set_legend(_legend(chart))
    if chart.kind != "bar":
        drawn.set_plotarea({"layout": _plot_layout(chart)})
    drawn.set_chartarea({"border": {"color": GRIDLINE}})
    drawn.show_blanks_as("gap")
    drawn.show_hidden_data()  # months may be folded away in their table


def _is_crowded(chart: Chart) -> bool:
    area = chart.series[0].values.area
    return chart.width < _ROOM * (area.last_column - area.first_column + 1)


def _has_one_measure(chart: Chart) -> bool:
    return sum(series.role == "measure" for series in chart.series) == 1


def _plot_layout(chart: Chart) -> dict[str, float]:
    """Return the place of the plot: below the title with room for the values above its top."""
    below = (_UPRIGHT if _is_crowded(chart) else _LEVEL) + _MARGIN
    if len(chart.series) > 1:
        # As many lines as the names in the legend need; those that are cells are about so long.
        named = [series for series in chart.series if not series.hidden
                 and not (series.role == "measure" and _has_one_measure(chart))]  # fmt: skip
        letters = sum(len(series.name) if isinstance(series.name, str) else _USUAL_NAME
                      for series in named)  # fmt: skip
        wide = letters * _LETTER + len(named) * _SAMPLE
        below += -(-wide // chart.width) * _LEGEND_LINE
    height = max(chart.height - _ABOVE - below, chart.height / 3)
    return {
        "x": _LEFT / chart.width,
        "y": _ABOVE / chart.height,
        "width": (chart.width - _LEFT - _RIGHT) / chart.width,
        "height": height / chart.height,
    }


def _legend(chart: Chart) -> dict[str, Any]:
    """Return the legend; a measure that is the only one is named by the title already."""
    if len(chart.series) == 1:
        return {"none": True}
    hidden = [number for number, series in enumerate(chart.series) if series.hidden]
    left_out = hidden or ([0] if _has_one_measure(chart) else [])
    deleted = {"delete_series": left_out} if left_out else {}
    return {"position": "bottom", "font": _font(_LABEL_SIZE), **deleted}


def _measure(series: Series, number: int, chart: Chart, theme: PlanTheme) -> dict[str, Any]:
    """Return the options of a measure, the `number`th from 0 that is drawn."""
    colour = themed(CHART_COLOURS[number % len(CHART_COLOURS)], theme)
    options = _cells(series)
    if series.hidden:
        options |= {"line": {"none": True}, "marker": {"type": "none"}}
    elif chart.kind == "line":
        fill = {"color": colour}
        marker = {"type": _MARKERS[number], "size": 5, "fill": fill, "border": fill}
        options |= {"line": {"color": colour, "width": 2.25}, "marker": marker}
    else:
        options |= {"fill": {"color": colour}, "gap": 60, "overlap": -5}
    if series.label != "none":
        ink = themed(LABEL_COLOURS[number % len(LABEL_COLOURS)], theme)
        options["data_labels"] = _labels(series, chart, ink)
    return options


def _line(series: Series, number: int, theme: PlanTheme) -> dict[str, Any]:
    """Return the options of a target, a solid line, or a benchmark, a dashed one."""
    target = series.role == "target"
    standard = TARGET_COLOUR if target else BENCHMARK_COLOURS[number % len(BENCHMARK_COLOURS)]
    dash = "solid" if target else _DASHES[number % len(_DASHES)]
    line = {"color": themed(standard, theme), "width": 1.5, "dash_type": dash}
    return _cells(series) | {"line": line, "marker": {"type": "none"}}


def _labels(series: Series, chart: Chart, colour: str) -> dict[str, Any]:
    """Return the values written beside the points, in a colour where they are beside lines."""
    labels: dict[str, Any] = {
        "value": True,
        "position": "outside_end",
        "num_format": chart.number_format,
        "font": _font(_SMALL_SIZE if _is_crowded(chart) else _LABEL_SIZE, INK),
    }
    if chart.kind != "line":
        return labels
    labels["position"] = series.label
    labels["font"] = _font(_LABEL_SIZE, colour, bold=True)
    labels["fill"] = {"color": PAPER, "transparency": 15}  # else lines run through the numbers
    if series.points is not None:
        area = series.values.area
        points = range(area.last_column - area.first_column + 1)
        labels["custom"] = [None if point in series.points else {"delete": True}
                            for point in points]  # fmt: skip
    return labels


def _cells(series: Series) -> dict[str, Any]:
    name = series.name
    return {
        "name": name if isinstance(name, str) else f"={name.text}",
        "categories": f"={series.categories.text}",
        "values": f"={series.values.text}",
    }


def _font(size: int, colour: str = INK, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": colour, "bold": bold}

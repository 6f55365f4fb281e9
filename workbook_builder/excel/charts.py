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
    done,
    in_theme,
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


def add_chart(workbook: Any, worksheet: Any, chart: Chart, theme: PlanTheme) -> None:
    """Put a chart on a sheet, in the colours of a theme."""
    measures = [one for one in chart.series if one.role == "measure"]
    lines = [one for one in chart.series if one.role != "measure"]
    drawn = workbook.add_chart({"type": chart.kind})
    shown = [one for one in measures if not one.hidden]
    for series in measures:
        at = [one.values for one in shown].index(series.values)
        done(drawn.add_series(_measure(series, at, chart, theme)), "chart series")
    held_against = workbook.add_chart({"type": "line"}) if chart.kind == "column" else drawn
    for at, series in enumerate(lines):
        done(held_against.add_series(_line(series, at, theme)), "chart line")
    if lines and held_against is not drawn:
        drawn.combine(held_against)
    _set_look(drawn, chart, theme)
    options = {"description": chart.alt_text, "object_position": 1}
    done(worksheet.insert_chart(chart.row, chart.column, drawn, options), "chart")


def _set_look(drawn: Any, chart: Chart, theme: PlanTheme) -> None:
    drawn.set_size({"width": chart.width, "height": chart.height})
    font = _font(_TITLE_SIZE, in_theme(NAVY, theme), bold=True)
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
    months = area.last_column - area.first_column + 1
    return chart.width < _ROOM * months


def _plot_layout(chart: Chart) -> dict[str, float]:
    """Return the place of the plot: below the title with room for the values above its top."""
    months = _UPRIGHT if _is_crowded(chart) else _LEVEL
    below = months + (_legend_lines(chart) * _LEGEND_LINE if len(chart.series) > 1 else 0) + _MARGIN
    height = max(chart.height - _ABOVE - below, chart.height / 3)
    return {
        "x": _LEFT / chart.width,
        "y": _ABOVE / chart.height,
        "width": (chart.width - _LEFT - _RIGHT) / chart.width,
        "height": height / chart.height,
    }


def _legend_lines(chart: Chart) -> int:
    """Return how many lines the legend takes, names that are cells being about so long."""
    alone = sum(one.role == "measure" for one in chart.series) == 1
    named = [one for one in chart.series if not one.hidden]
    names = [one.name for one in named if not (alone and one.role == "measure")]
    letters = sum(len(name) if isinstance(name, str) else _USUAL_NAME for name in names)
    wide = letters * _LETTER + len(names) * _SAMPLE
    return -(-wide // chart.width)


def _legend(chart: Chart) -> dict[str, Any]:
    """Return the legend; a measure that stands alone is named by the title already."""
    if len(chart.series) == 1:
        return {"none": True}
    alone = sum(one.role == "measure" for one in chart.series) == 1
    left_out = [at for at, one in enumerate(chart.series) if one.hidden] or [0] * alone
    deleted = {"delete_series": left_out} if left_out else {}
    return {"position": "bottom", "font": _font(_LABEL_SIZE), **deleted}


def _measure(series: Series, at: int, chart: Chart, theme: PlanTheme) -> dict[str, Any]:
    colour = in_theme(CHART_COLOURS[at % len(CHART_COLOURS)], theme)
    made = _cells(series)
    if series.hidden:
        made |= {"line": {"none": True}, "marker": {"type": "none"}}
    elif chart.kind == "line":
        mark = {
            "type": _MARKERS[at],
            "size": 5,
            "fill": {"color": colour},
            "border": {"color": colour},
        }
        made |= {"line": {"color": colour, "width": 2.25}, "marker": mark}
    else:
        made |= {"fill": {"color": colour}, "gap": 60, "overlap": -5}
    if series.label != "none":
        ink = in_theme(LABEL_COLOURS[at % len(LABEL_COLOURS)], theme)
        made["data_labels"] = _labels(series, chart, ink)
    return made


def _line(series: Series, at: int, theme: PlanTheme) -> dict[str, Any]:
    """Return a dashed line without markers; its last value alone is written."""
    target = series.role == "target"
    standard = TARGET_COLOUR if target else BENCHMARK_COLOURS[at % len(BENCHMARK_COLOURS)]
    colour = in_theme(standard, theme)
    dash = "solid" if target else _DASHES[at % len(_DASHES)]
    line = {"color": colour, "width": 1.5, "dash_type": dash}
    return _cells(series) | {"line": line, "marker": {"type": "none"}}


def _labels(series: Series, chart: Chart, colour: str) -> dict[str, Any]:
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
        labels["custom"] = [None if at in series.points else {"delete": True} for at in points]
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

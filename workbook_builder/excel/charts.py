"""Native charts: series that are cells of the workbook, labels, axes and alt text."""

from __future__ import annotations

from typing import Any

from workbook_builder.excel.refused import done
from workbook_builder.excel.theme import (
    BENCHMARK_COLOURS,
    CHART_COLOURS,
    FONT,
    GRIDLINE,
    INK,
    NAVY,
    QUIET,
    TARGET_COLOUR,
)
from workbook_builder.sheets.plan import Chart, Series

_LABEL_SIZE = 9
_TITLE_SIZE = 12
_DASHES = ("dash", "long_dash", "square_dot", "dash_dot")
_MARKERS = ("circle", "diamond", "square", "triangle", "circle", "diamond")
#: Labels of the first line stand above it, of the second below, so that they do not meet.
_POSITIONS = ("above", "below", "right", "left", "above", "below")


def add_chart(workbook: Any, worksheet: Any, chart: Chart) -> None:
    """Put a chart on a sheet."""
    measures = [one for one in chart.series if one.role == "measure"]
    lines = [one for one in chart.series if one.role != "measure"]
    drawn = workbook.add_chart({"type": chart.kind})
    for at, series in enumerate(measures):
        done(drawn.add_series(_measure(series, at, chart)), "chart series")
    held_against = workbook.add_chart({"type": "line"}) if chart.kind == "column" else drawn
    for at, series in enumerate(lines):
        done(held_against.add_series(_line(series, at, chart)), "chart line")
    if lines and held_against is not drawn:
        drawn.combine(held_against)
    _set_look(drawn, chart)
    options = {"description": chart.alt_text, "object_position": 1}
    done(worksheet.insert_chart(chart.row, chart.column, drawn, options), "chart")


def _set_look(drawn: Any, chart: Chart) -> None:
    drawn.set_size({"width": chart.width, "height": chart.height})
    drawn.set_title(
        {"name": chart.title, "overlay": False, "name_font": _font(_TITLE_SIZE, NAVY, bold=True)}
    )
    months: dict[str, Any] = {"num_font": _font(_LABEL_SIZE), "line": {"color": QUIET}}
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
    if chart.kind == "bar":
        months["reverse"] = True  # Excel draws the first row at the bottom
        values["label_position"] = "high"
    drawn.set_x_axis(months)
    drawn.set_y_axis(values)
    if len(chart.series) > 1:
        drawn.set_legend({"position": "bottom", "font": _font(_LABEL_SIZE)})
    else:
        drawn.set_legend({"none": True})
    drawn.set_chartarea({"border": {"color": GRIDLINE}})
    drawn.show_blanks_as("gap")


def _measure(series: Series, at: int, chart: Chart) -> dict[str, Any]:
    colour = CHART_COLOURS[at % len(CHART_COLOURS)]
    made = _cells(series)
    if chart.kind == "line":
        mark = {"type": _MARKERS[at], "size": 5, "fill": {"color": colour},
                "border": {"color": colour}}  # fmt: skip
        made |= {"line": {"color": colour, "width": 2.25}, "marker": mark}
    else:
        made |= {"fill": {"color": colour}, "gap": 60, "overlap": -5}
    if series.label:
        position = _POSITIONS[at] if chart.kind == "line" else "outside_end"
        made["data_labels"] = _labels(chart, colour, position)
    return made


def _line(series: Series, at: int, chart: Chart) -> dict[str, Any]:
    """Return a dashed line without markers; its last value alone is written."""
    target = series.role == "target"
    colour = TARGET_COLOUR if target else BENCHMARK_COLOURS[at % len(BENCHMARK_COLOURS)]
    dash = "solid" if target else _DASHES[at % len(_DASHES)]
    line = {"color": colour, "width": 1.5, "dash_type": dash}
    return _cells(series) | {"line": line, "marker": {"type": "none"}}


def _labels(chart: Chart, colour: str, position: str) -> dict[str, Any]:
    return {
        "value": True,
        "position": position,
        "num_format": chart.number_format,
        "font": _font(_LABEL_SIZE, colour if chart.kind == "line" else INK),
    }


def _cells(series: Series) -> dict[str, Any]:
    name = series.name
    return {
        "name": name if isinstance(name, str) else f"={name.text}",
        "categories": f"={series.categories.text}",
        "values": f"={series.values.text}",
    }


def _font(size: int, colour: str = INK, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": colour, "bold": bold}

"""What is drawn inside cells: sparklines, data bars, and numbers that stand out."""

from __future__ import annotations

from typing import Any

from workbook_builder.excel.refused import done
from workbook_builder.excel.theme import BAR, NAVY, PLUM, QUIET, in_theme
from workbook_builder.sheets.plan import DataBars, Highlight, Sparkline, Theme, quoted

_KINDS = {"line": "line", "column": "column", "win_loss": "win_loss"}
_POINTS = ("last", "high", "low", "negative")


def add_sparkline(worksheet: Any, sparkline: Sparkline, theme: Theme) -> None:
    """Draw a sparkline with the points that it marks."""
    sheet = sparkline.sheet or worksheet.get_name()
    options: dict[str, Any] = {
        "range": f"{quoted(sheet)}!{sparkline.values.text}",
        "series_color": in_theme(NAVY, theme),
    }
    if sparkline.kind == "line":
        options |= {"markers": True, "markers_color": QUIET, "weight": 1.5}
    else:
        options["type"] = _KINDS[sparkline.kind]
    for point in _POINTS:
        if point in sparkline.points:
            name = "negative" if point == "negative" else point
            options |= {f"{name}_point{'s' if name == 'negative' else ''}": True,
                        f"{name}_color": in_theme(PLUM, theme)}  # fmt: skip
    done(worksheet.add_sparkline(sparkline.row, sparkline.column, options), "sparkline")


def add_data_bars(worksheet: Any, bars: DataBars) -> None:
    """Draw bars from nothing on, so that a bar twice as long is a number twice as high."""
    most = {"max_type": "num", "max_value": bars.highest} if bars.highest is not None else {}
    options = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": BAR,
        "min_type": "num",
        "min_value": 0,
        **most,
    }
    done(worksheet.conditional_format(bars.area.text, options), "data bars")


def add_highlight(worksheet: Any, highlight: Highlight, look: Any) -> None:
    """Make numbers stand out that are more than the threshold."""
    over = f"={highlight.over}" if isinstance(highlight.over, str) else highlight.over
    options = {"type": "cell", "criteria": ">", "value": over, "format": look}
    done(worksheet.conditional_format(highlight.area.text, options), "highlight")

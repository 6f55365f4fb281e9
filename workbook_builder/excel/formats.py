"""Arrows and colours of changes, as rules that Excel applies while a reader changes values.

Excel has no icon set in which an arrow up is red, so the arrow is part of the number format that a
rule brings with it. Filled arrows are for the better, hollow ones for the worse: colour is not the
only carrier.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook_builder.sheets.plan import (
    ChangeMarks,
    DataBars,
    Highlight,
    Icons,
    PlanTheme,
    Sparkline,
    StyleName,
    quoted,
)


class DrawError(Exception):
    """The plan holds something that an .xlsx file cannot."""


def done(answer: Any, what: str) -> None:
    """Raise DrawError where XlsxWriter says, with a negative number, that it left something out."""
    if isinstance(answer, int) and answer != 0:
        raise DrawError(f"{what} could not be written ({answer})")


FONT = "Calibri"
INK = "#1F2933"
PAPER = "#FFFFFF"
#: The colours for which a theme may have its own.
STANDARD = PlanTheme()
NAVY, PALE, PLUM = STANDARD.main, STANDARD.pale, STANDARD.accent
GREY = "#E4E7EB"
RULE = "#C3CCD5"
YELLOW = "#FFF2AB"
QUIET = "#52606D"

Look = dict[str, Any]

_BASE: Look = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
_BOXED: Look = {"border": 1, "border_color": RULE}
_WRAPPED: Look = {"text_wrap": True}
_CENTRED: Look = {"align": "center"}
_LEFT: Look = {"align": "left", "indent": 1}
_RIGHT: Look = {"align": "right", "indent": 1}
_HEADING: Look = {"bold": True, "font_color": PAPER, "bg_color": NAVY, **_BOXED, **_WRAPPED}

LOOKS: dict[StyleName, Look] = {
    "title": {"bold": True, "font_size": 18, "font_color": NAVY},
    "subtitle": {"font_color": QUIET},
    "section": {"bold": True, "font_size": 13, "font_color": NAVY},
    "body": {},
    "heading": {**_HEADING, **_LEFT},
    "heading_centred": {**_HEADING, **_CENTRED},
    "reference": {**_BOXED, **_CENTRED, "font_color": QUIET},
    "indicator": {**_BOXED, **_WRAPPED, **_LEFT},
    "figure": {**_BOXED, **_RIGHT},
    "latest": {**_BOXED, **_RIGHT, "bold": True, "bg_color": PALE},
    "blank": {**_BOXED, **_RIGHT, "bg_color": GREY},
    "revised": {**_BOXED, **_RIGHT, "italic": True, "bg_color": YELLOW},
    "spark": _BOXED,
    "trend": {**_BOXED, **_RIGHT},
    "target": {**_BOXED, **_CENTRED},
    "rag": {**_BOXED, **_RIGHT},
    "direction": {**_BOXED, **_RIGHT},
    "benchmark": {**_BOXED, **_CENTRED},
    "note": {**_BOXED, **_WRAPPED, **_LEFT, "font_size": 10},
    "link": {**_BOXED, **_LEFT, "font_color": "#0B5394", "underline": 1},
    "text": {**_BOXED, **_WRAPPED, **_LEFT},
    "change": {**_BOXED, **_RIGHT},
    "derived": {**_BOXED, **_RIGHT},
    "role": {**_BOXED, **_WRAPPED, **_CENTRED, "font_size": 9, "rotation": 90},
    "mark": {**_BOXED, **_CENTRED},
    "quality": {**_BOXED, **_CENTRED, "bold": True, "bg_color": PALE},
    "key_title": {"bold": True, "font_size": 10, "font_color": NAVY},
    "key": {"font_size": 10},
    "data": _LEFT,
    "data_number": _RIGHT,
    "name": {**_BOXED, **_WRAPPED, **_LEFT},
    "group": {**_BOXED, **_WRAPPED, **_LEFT, "bold": True, "font_color": NAVY, "bg_color": PALE},
    "total_name": {**_BOXED, **_WRAPPED, **_LEFT, "bold": True, "bg_color": PALE},
    "total": {**_BOXED, **_RIGHT, "bold": True, "bg_color": PALE},
    "total_rag": {**_BOXED, **_RIGHT, "bold": True, "bg_color": PALE},
    "other_name": {**_BOXED, **_WRAPPED, **_LEFT, "font_color": QUIET},
    "other": {**_BOXED, **_RIGHT, "font_color": QUIET},
    "panel": {"bold": True, "font_color": NAVY},
}

#: The colours of a chart's measures in turn: each 3:1 or more against white and its neighbours.
CHART_COLOURS = (NAVY, "#F46A25", "#28A197", PLUM, "#3D3D3D", "#A285D1")
#: The same for the numbers beside them, which must be darker to be read: 4.5:1 or more.
LABEL_COLOURS = (NAVY, "#A84300", "#1B6F68", PLUM, "#3D3D3D", "#6B4BA3")
#: The colours of the lines that measures are held against; they differ in dashes as well.
TARGET_COLOUR = PLUM
BENCHMARK_COLOURS = ("#28A197", "#52606D", "#F46A25", "#A285D1")
GRIDLINE = "#E4E7EB"
BAR = "#B7CFE6"
#: A cell that stands out: dark red on pale red, and bold, so that it does so in black and white.
HIGHLIGHT: Look = {"bg_color": "#FBE0DD", "font_color": "#8A1C10", "bold": True}

#: Excel's icon styles that differ in shape, not only in colour.
ICON_STYLES: dict[Icons, str] = {
    "rag": "3_symbols_circled",
    "direction": "3_arrows",
    "trend": "3_arrows_gray",
}

#: Colours of changes for the better, for the worse, and of those that are level.
GOOD, BAD, LEVEL = "#00603A", "#A4161A", "#7A4B00"


def look_of(
    style: StyleName, number_format: str, size: int = 0, theme: PlanTheme = STANDARD
) -> Look:
    """Return the Excel format of a style in the colours of a theme; a size goes before its own."""
    shape = {"num_format": number_format} if number_format else {}
    sized = {"font_size": size} if size else {}
    look = {**_BASE, **LOOKS[style], **shape, **sized}
    return {key: in_theme(value, theme) for key, value in look.items()}


def in_theme(value: Any, theme: PlanTheme) -> Any:
    """Return what stands in a theme for a standard colour; anything else stays as it is."""
    return {NAVY: theme.main, PALE: theme.pale, PLUM: theme.accent}.get(value, value)


_KINDS = {"line": "line", "column": "column", "win_loss": "win_loss"}
_POINTS = ("last", "high", "low", "negative")


def add_sparkline(worksheet: Any, sparkline: Sparkline, theme: PlanTheme) -> None:
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


#: Arrows up and down: filled, hollow, and plain ones where no way is better.
_FILLED, _HOLLOW, _PLAIN = ("▲", "▼"), ("△", "▽"), ("↑", "↓")
_LEVEL = "►"
_PLAIN_LEVEL = "→"

#: Changes are whole percents: half of one keeps a binary fraction on its side of the band.
_HALF = 0.005


def change_looks(first: str, marks: ChangeMarks) -> Iterator[tuple[str, Look]]:
    """Yield the rules of changes with their looks; `first` is the area's first cell."""
    edge = f"{marks.band - _HALF:.6g}"
    up, down = _arrow(marks, rising=True), _arrow(marks, rising=False)
    level = _PLAIN_LEVEL if marks.better is None else _LEVEL
    colour = INK if marks.better is None else LEVEL
    number = f"ISNUMBER({first})"
    yield f"=AND({number},{first}>={edge})", _look(*up)
    yield f"=AND({number},{first}<=-{edge})", _look(*down)
    yield f"={number}", _look(level, colour)


def _arrow(marks: ChangeMarks, *, rising: bool) -> tuple[str, str]:
    at = 0 if rising else 1
    if marks.better is None:
        return _PLAIN[at], INK
    better = rising == (marks.better == "higher")
    return (_FILLED if better else _HOLLOW)[at], GOOD if better else BAD


def _look(arrow: str, colour: str) -> Look:
    shape = f'"{arrow}" +0%;"{arrow}" -0%;"{arrow}" 0%'
    return {"font_color": colour, "num_format": shape}

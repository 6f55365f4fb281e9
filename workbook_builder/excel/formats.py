"""Fonts, colours and number formats: of cells by their style, of charts, of marks of changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook_builder.looks import (
    BAD,
    GOOD,
    HIGHLIGHT_FILL,
    HIGHLIGHT_INK,
    INK,
    LEVEL,
    PAPER,
    QUIET,
    RATING_LOOKS,
    RULE,
    RatingLook,
)
from workbook_builder.sheets.plan import ChangeMarks, Icons, PlanTheme, SheetGroup, StyleName

FONT = "Calibri"
#: The colours for which a theme may have its own.
STANDARD = PlanTheme()
NAVY, PALE, PLUM = STANDARD.main, STANDARD.pale, STANDARD.accent
GREY = "#E4E7EB"
YELLOW = "#FFF2AB"

#: Properties of a format by their XlsxWriter names.
CellFormat = dict[str, Any]

_BASE: CellFormat = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
_BOXED: CellFormat = {"border": 1, "border_color": RULE}
_WRAPPED: CellFormat = {"text_wrap": True}
_CENTRED: CellFormat = {"align": "center"}
_LEFT: CellFormat = {"align": "left", "indent": 1}
_RIGHT: CellFormat = {"align": "right", "indent": 1}
_HEADING: CellFormat = {"bold": True, "font_color": PAPER, "bg_color": NAVY, **_BOXED, **_WRAPPED}

FORMATS: dict[StyleName, CellFormat] = {
    "title": {"bold": True, "font_size": 18, "font_color": NAVY},
    "subtitle": {"font_color": QUIET},
    "section": {"bold": True, "font_size": 13, "font_color": NAVY},
    "body": {},
    "heading": {**_HEADING, **_LEFT},
    "heading_centred": {**_HEADING, **_CENTRED},
    "heading_month": {**_HEADING, **_CENTRED, "text_wrap": False},  # else it breaks at its hyphen
    "reference": {**_BOXED, **_CENTRED, "font_color": QUIET},
    "indicator": {**_BOXED, **_WRAPPED, **_LEFT},
    "figure": {**_BOXED, **_RIGHT},
    "latest": {**_BOXED, **_RIGHT, "bold": True, "bg_color": PALE},
    "blank": {**_BOXED, **_RIGHT, "bg_color": GREY},
    "revised": {**_BOXED, **_RIGHT, "italic": True, "bg_color": YELLOW},
    "spark": _BOXED,
    "trend": {**_BOXED, **_CENTRED},
    "target": {**_BOXED, **_CENTRED},
    "rag": {**_BOXED, **_CENTRED, "bold": True},
    "direction": {**_BOXED, **_CENTRED},
    "unrated": _BOXED,
    "benchmark": {**_BOXED, **_CENTRED},
    "note": {**_BOXED, **_WRAPPED, **_LEFT},
    "link": {**_BOXED, **_WRAPPED, **_LEFT, "font_color": "#0B5394"},
    "plain_link": {"font_color": "#0B5394", "underline": 1},
    "count": {**_BOXED, **_RIGHT, "bold": True, "font_size": 14},
    "message": {**_BOXED, **_WRAPPED, **_LEFT},
    "news": {**_WRAPPED, "valign": "top"},
    "text": {**_BOXED, **_WRAPPED, **_LEFT},
    "change": {**_BOXED, **_RIGHT},
    "derived": {**_BOXED, **_RIGHT},
    "role": {**_BOXED, **_WRAPPED, **_CENTRED, "rotation": 90},
    "mark": {**_BOXED, **_CENTRED},
    "quality": {**_BOXED, **_CENTRED, "bold": True, "bg_color": PALE},
    "key_title": {"bold": True, "font_color": NAVY},
    "key": {},
    "data": _LEFT,
    "data_number": _RIGHT,
    "name": {**_BOXED, **_WRAPPED, **_LEFT},
    "group": {**_BOXED, **_WRAPPED, **_LEFT, "bold": True, "font_color": NAVY, "bg_color": PALE},
    "total_name": {**_BOXED, **_WRAPPED, **_LEFT, "bold": True, "bg_color": PALE},
    "total": {**_BOXED, **_RIGHT, "bold": True, "bg_color": PALE},
    "total_rag": {**_BOXED, **_CENTRED, "bold": True, "bg_color": PALE},
    "other_name": {**_BOXED, **_WRAPPED, **_LEFT, "font_color": QUIET},
    "other": {**_BOXED, **_RIGHT, "font_color": QUIET},
    "panel": {"bold": True, "font_color": NAVY},
    "topic": {"bold": True, "font_size": 12, "font_color": QUIET},
    "topic_aside": {"font_color": QUIET, "align": "right"},
    "headline": {"bold": True, "font_size": 18, "font_color": NAVY, **_WRAPPED},
    "aside": {"font_color": QUIET, **_RIGHT},
    "small": {**_BOXED, **_CENTRED, "font_color": QUIET, "italic": True},
    "bar": _BOXED,
    "variation": {**_BOXED, **_CENTRED},
}

#: The colours of a chart's measures in turn: each 3:1 or more against white and its neighbours. The
#: first is the only one that stands out; it is also that of the latest of single columns.
CHART_COLOURS = (NAVY, "#7B8794", "#28A197", PLUM, "#3D3D3D", "#A285D1")
#: The same for the numbers beside them, which must be darker to be read: 4.5:1 or more.
LABEL_COLOURS = (NAVY, "#52606D", "#1B6F68", PLUM, "#3D3D3D", "#6B4BA3")
#: The colours of level lines in charts and of their names; the lines differ in dashes as well.
TARGET_COLOUR = INK
BENCHMARK_COLOUR = "#52606D"
LIMIT_COLOUR = "#52606D"
GRIDLINE = "#E4E7EB"
#: A cell that stands out: dark red on pale red, and bold, so that it does so in black and white.
HIGHLIGHT: CellFormat = {"bg_color": HIGHLIGHT_FILL, "font_color": HIGHLIGHT_INK, "bold": True}

#: Excel's icon styles that differ in shape, not only in colour.
ICON_STYLES: dict[Icons, str] = {
    "direction": "3_arrows",
    "trend": "3_arrows_gray",
}


#: The colours of the sheets' tabs by the part of the workbook that they belong to.
TAB_COLOURS: dict[SheetGroup, str] = {
    "summary": NAVY, "board": NAVY, "slides": "#28A197", "teams": "#A285D1", "commentary": PLUM,
    "reference": "#A6B0BA",
}  # fmt: skip


def tab_colour(group: SheetGroup, theme: PlanTheme) -> str:
    """Return the colour of the tabs of a part of the workbook."""
    return str(themed(TAB_COLOURS[group], theme))


def cell_format(
    style: StyleName, number_format: str, size: int = 0, theme: PlanTheme = STANDARD
) -> CellFormat:
    """Return the Excel format of a style in the colours of a theme.

    `size` is the font's in points, 0 for the style's own.
    """
    cell = {**_BASE, **FORMATS[style]}
    cell |= {"num_format": number_format} if number_format else {}
    cell |= {"font_size": size} if size else {}
    return {key: themed(value, theme) for key, value in cell.items()}


def themed(value: Any, theme: PlanTheme) -> Any:
    """Return a theme's colour for a standard colour; any other value stays as it is."""
    return {NAVY: theme.main, PALE: theme.pale, PLUM: theme.accent}.get(value, value)


# Excel has no icon set in which an arrow up is red, so the arrow of a change is part of the number
# format that a rule brings with it. Filled arrows are for the better, hollow ones for the worse:
# colour is not the only carrier. Plain arrows are for changes of which no way is better.
_GOOD_ARROWS, _BAD_ARROWS, _PLAIN_ARROWS = ("▲", "▼"), ("△", "▽"), ("↑", "↓")
_LEVEL_ARROW, _PLAIN_LEVEL_ARROW = "►", "→"

#: Changes are whole percents: half of one keeps a binary fraction on its side of the band.
_HALF = 0.005


def change_formats(first: str, marks: ChangeMarks) -> Iterator[tuple[str, CellFormat]]:
    """Yield the rules that mark changes, each a formula with its format, the first to hold counts.

    `first` is the address of the area's first cell. Excel applies them while a reader changes
    values.
    """
    edge = f"{marks.band - _HALF:.6g}"
    number = f"ISNUMBER({first})"
    up, down = (_PLAIN_ARROWS[0], INK), (_PLAIN_ARROWS[1], INK)
    level = (_PLAIN_LEVEL_ARROW, INK)
    if marks.better == "higher":
        up, down, level = (_GOOD_ARROWS[0], GOOD), (_BAD_ARROWS[1], BAD), (_LEVEL_ARROW, LEVEL)
    if marks.better == "lower":
        up, down, level = (_BAD_ARROWS[0], BAD), (_GOOD_ARROWS[1], GOOD), (_LEVEL_ARROW, LEVEL)
    yield f"=AND({number},{first}>={edge})", _change_format(*up)
    yield f"=AND({number},{first}<=-{edge})", _change_format(*down)
    yield f"={number}", _change_format(*level)


def rating_formats(first: str) -> Iterator[tuple[str, CellFormat]]:
    """Yield the rules that fill RAG codes with their colours, the first to hold counts.

    `first` is the address of the area's first cell. A text is more than any number to Excel, so
    each rule asks first whether there is a number.
    """
    number = f"ISNUMBER({first})"
    yield f"=AND({number},{first}>=0.5)", _rating_format(RATING_LOOKS[1])
    yield f"=AND({number},{first}>=-0.5)", _rating_format(RATING_LOOKS[0])
    yield f"={number}", _rating_format(RATING_LOOKS[-1])


def _rating_format(look: RatingLook) -> CellFormat:
    return {"bg_color": look.fill, "font_color": look.ink, "bold": True}


def _change_format(arrow: str, colour: str) -> CellFormat:
    return {"font_color": colour, "num_format": f'"{arrow}" +0%;"{arrow}" -0%;"{arrow}" 0%'}

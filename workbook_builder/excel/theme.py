"""Style names of the plan into Excel formats: one font, few colours, contrast of 4.5 or more."""

from __future__ import annotations

from typing import Any

from workbook_builder.sheets.plan import Icons, StyleName, Theme

FONT = "Calibri"
INK = "#1F2933"
PAPER = "#FFFFFF"
#: The colours for which a theme may have its own.
STANDARD = Theme()
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
    "blank": {**_BOXED, "bg_color": GREY},
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
}

#: Excel's icon styles that differ in shape, not only in colour.
ICON_STYLES: dict[Icons, str] = {
    "rag": "3_symbols_circled",
    "direction": "3_arrows",
    "trend": "3_arrows_gray",
}

#: Colours of changes for the better, for the worse, and of those that are level.
GOOD, BAD, LEVEL = "#00603A", "#A4161A", "#7A4B00"


def look_of(style: StyleName, number_format: str, theme: Theme = STANDARD) -> Look:
    """Return the Excel format of a style with a number format, in the colours of a theme."""
    shape = {"num_format": number_format} if number_format else {}
    look = {**_BASE, **LOOKS[style], **shape}
    return {key: in_theme(value, theme) for key, value in look.items()}


def in_theme(value: Any, theme: Theme) -> Any:
    """Return what stands in a theme for a standard colour; anything else stays as it is."""
    return {NAVY: theme.main, PALE: theme.pale, PLUM: theme.accent}.get(value, value)

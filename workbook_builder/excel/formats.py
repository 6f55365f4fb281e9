"""Properties of XlsxWriter's formats: of cells by their style, of tabs, of marks of changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook_builder.looks import HIGHLIGHT_FILL, HIGHLIGHT_INK, RATING_LOOKS, RULE, RatingLook
from workbook_builder.sheets.cell_styles import (
    HALF_PERCENT,
    NAVY,
    PLUM,
    STANDARD,
    ChangeLook,
    cell_style,
    change_looks,
    themed,
)
from workbook_builder.sheets.plan import ChangeMarks, Icons, PlanTheme, SheetGroup, StyleName

FONT = "Calibri"

#: Properties of a format by their XlsxWriter names.
CellFormat = dict[str, Any]

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
    return themed(TAB_COLOURS[group], theme)


def cell_format(
    style: StyleName, number_format: str, size: int = 0, theme: PlanTheme = STANDARD
) -> CellFormat:
    """Return the Excel format of a style in the colours of a theme.

    `size` is the font's in points, 0 for the style's own.
    """
    look = cell_style(style, size, theme)
    wished = {
        "bold": look.bold,
        "italic": look.italic,
        "underline": int(look.underlined),
        "bg_color": look.fill,
        "border": int(look.boxed),
        "border_color": RULE if look.boxed else "",
        "text_wrap": look.wrapped,
        "align": look.align,
        "indent": look.indent,
        "rotation": look.rotation,
        "num_format": number_format,
    }
    return {
        "font_name": FONT,
        "font_size": look.size,
        "font_color": look.ink,
        "valign": "top" if look.at_top else "vcenter",
        **{name: value for name, value in wished.items() if value},
    }


def change_formats(first: str, marks: ChangeMarks) -> Iterator[tuple[str, CellFormat]]:
    """Yield the rules that mark changes, each a formula with its format, the first to hold counts.

    `first` is the address of the area's first cell. Excel applies them while a reader changes
    values.
    """
    edge = f"{marks.band - HALF_PERCENT:.6g}"
    number = f"ISNUMBER({first})"
    up, down, level = map(_change_format, change_looks(marks))
    yield f"=AND({number},{first}>={edge})", up
    yield f"=AND({number},{first}<=-{edge})", down
    yield f"={number}", level


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


def _change_format(look: ChangeLook) -> CellFormat:
    return {"font_color": look.ink, "num_format": look.number_format}

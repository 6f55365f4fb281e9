"""How sheets are printed: tables one page wide, slides on one page of the shape 16:9."""

from __future__ import annotations

from typing import Any

from workbook_builder.sheets.plan import Sheet

_A3 = 8
_A4 = 9
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
_FOOTER = "&L&F&C&A&RPage &P of &N"

# There is no paper of the shape 16:9. On A4 these margins leave a space of that shape, 11.0 by 6.2
# inches, and a slide, which is larger, is made smaller until it fills it.
_SLIDE_MARGINS = {"left": 0.345, "right": 0.345, "top": 1.04, "bottom": 1.04}


def set_page(worksheet: Any, sheet: Sheet) -> None:
    """Set a sheet's paper, margins, footer, frozen panes and print area."""
    worksheet.hide_gridlines(2)
    worksheet.set_paper(_A4 if sheet.slide else _A3)
    worksheet.set_margins(**(_SLIDE_MARGINS if sheet.slide else _MARGINS))
    worksheet.fit_to_pages(1, 1 if sheet.slide else 0)
    worksheet.set_footer(_FOOTER)
    if sheet.slide:
        worksheet.center_horizontally()
        worksheet.center_vertically()
    if sheet.landscape:
        worksheet.set_landscape()
    if sheet.freeze:
        worksheet.freeze_panes(*sheet.freeze)
    if sheet.repeat_rows:
        worksheet.repeat_rows(*sheet.repeat_rows)
    if sheet.print_area:
        area = sheet.print_area
        worksheet.print_area(area.first_row, area.first_column, area.last_row, area.last_column)

"""The plan drawn with XlsxWriter. What it refuses or doubts is an error, never a silent gap."""

from __future__ import annotations

import io
import warnings
from functools import singledispatchmethod
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from workbook_builder.excel.theme import FONT, ICON_STYLES, NAVY, QUIET, look_of
from workbook_builder.sheets.plan import (
    Cell,
    Content,
    Empty,
    Formula,
    IconSet,
    Link,
    NativeTable,
    Number,
    Plan,
    Sheet,
    Sparkline,
    StyleName,
    Text,
)

_A3 = 8
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
_FOOTER = "&L&F&C&A&RPage &P of &N"


class DrawError(Exception):
    """The plan holds something that an .xlsx file cannot."""


def draw(plan: Plan) -> bytes:
    """Return the .xlsx file of a plan; the same plan gives the same bytes.

    Raises DrawError if any part of the plan cannot be written as it stands.
    """
    target = io.BytesIO()
    # Text stays text: an extract or a comment can plant neither a formula nor a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            _Drawing(xlsxwriter.Workbook(target, options)).draw(plan)
        except (XlsxWriterException, UserWarning) as fault:
            raise DrawError(str(fault)) from fault
    return target.getvalue()


def _done(answer: Any, what: str) -> None:
    """XlsxWriter says with a negative number that it left something out."""
    if isinstance(answer, int) and answer != 0:
        raise DrawError(f"{what} could not be written ({answer})")


class _Drawing:
    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.formats: dict[tuple[StyleName, str], Any] = {}

    def draw(self, plan: Plan) -> None:
        properties = plan.properties
        self.workbook.set_properties(
            {
                "title": properties.title,
                "author": properties.author,
                "created": properties.created,
            }
        )
        for name, value in properties.custom:
            _done(self.workbook.set_custom_property(name, value, "text"), f"property {name}")
        for sheet in plan.sheets:
            self.sheet(sheet)
        for name, sheet_name, area in plan.names:
            place = f"='{sheet_name.replace(chr(39), chr(39) * 2)}'!{_absolute(area.text)}"
            _done(self.workbook.define_name(name, place), f"name {name}")
        self.workbook.close()

    def sheet(self, sheet: Sheet) -> None:
        worksheet = self.workbook.add_worksheet(sheet.name)
        _set_page(worksheet, sheet)
        for width in sheet.widths:
            _done(worksheet.set_column(width.first, width.last, width.width), "column width")
        for row, height in sheet.heights:
            _done(worksheet.set_row(row, height), "row height")
        for table in sheet.tables:
            _add_table(worksheet, table)
        for cell in sheet.cells:
            self.cell(worksheet, cell)
        for sparkline in sheet.sparklines:
            _add_sparkline(worksheet, sparkline)
        for icons in sheet.icon_sets:
            _add_icons(worksheet, icons)

    def cell(self, worksheet: Any, cell: Cell) -> None:
        answer = self.write(cell.content, cell, worksheet)
        _done(answer, f"cell {cell.address} of {worksheet.get_name()}")
        if cell.note:
            options = {"font_name": FONT, "font_size": 10, "x_scale": 1.6, "author": ""}
            _done(worksheet.write_comment(cell.row, cell.column, cell.note, options), "note")

    @singledispatchmethod
    def write(self, content: Content, cell: Cell, worksheet: Any) -> Any:
        raise TypeError(f"no way to write {type(content).__name__}")

    @write.register
    def _(self, content: Text, cell: Cell, worksheet: Any) -> Any:
        return worksheet.write_string(cell.row, cell.column, content.text, self.format(cell))

    @write.register
    def _(self, content: Number, cell: Cell, worksheet: Any) -> Any:
        return worksheet.write_number(cell.row, cell.column, content.value, self.format(cell))

    @write.register
    def _(self, content: Formula, cell: Cell, worksheet: Any) -> Any:
        return worksheet.write_formula(
            cell.row, cell.column, content.formula, self.format(cell), content.value
        )

    @write.register
    def _(self, content: Link, cell: Cell, worksheet: Any) -> Any:
        quoted = content.sheet.replace("'", "''")
        place = f"internal:'{quoted}'!A1"
        return worksheet.write_url(
            cell.row, cell.column, place, self.format(cell), string=content.text
        )

    @write.register
    def _(self, content: Empty, cell: Cell, worksheet: Any) -> Any:
        return worksheet.write_blank(cell.row, cell.column, None, self.format(cell))

    def format(self, cell: Cell) -> Any:
        key = (cell.style, cell.number_format)
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(look_of(*key))
        return self.formats[key]


def _set_page(worksheet: Any, sheet: Sheet) -> None:
    worksheet.hide_gridlines(2)
    worksheet.set_paper(_A3)
    worksheet.set_margins(**_MARGINS)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer(_FOOTER)
    if sheet.landscape:
        worksheet.set_landscape()
    if sheet.freeze:
        worksheet.freeze_panes(*sheet.freeze)
    if sheet.repeat_rows:
        worksheet.repeat_rows(*sheet.repeat_rows)
    if sheet.print_area:
        area = sheet.print_area
        worksheet.print_area(area.first_row, area.first_column, area.last_row, area.last_column)


def _add_table(worksheet: Any, table: NativeTable) -> None:
    options = {
        "name": table.name,
        "style": None,
        "autofilter": table.filtered,
        "columns": [{"header": heading} for heading in table.headings],
    }
    _done(worksheet.add_table(table.area.text, options), f"table {table.name}")


def _add_sparkline(worksheet: Any, sparkline: Sparkline) -> None:
    options = {
        "range": f"'{worksheet.get_name().replace(chr(39), chr(39) * 2)}'!{sparkline.values.text}",
        "series_color": NAVY,
        "last_point": True,
        "last_color": "#801650",
        "markers": True,
        "markers_color": QUIET,
        "weight": 1.5,
    }
    _done(worksheet.add_sparkline(sparkline.row, sparkline.column, options), "sparkline")


def _add_icons(worksheet: Any, icons: IconSet) -> None:
    # Number thresholds and >= only: the defaults are percentages of the column's own range and
    # paint a column of all reds green, and > is not read alike by all programs.
    thresholds = [
        {"criteria": ">=", "type": "number", "value": icons.threshold},
        {"criteria": ">=", "type": "number", "value": -icons.threshold},
    ]
    options = {"type": "icon_set", "icon_style": ICON_STYLES[icons.icons], "icons": thresholds}
    _done(worksheet.conditional_format(icons.area.text, options), "icons")


def _absolute(text: str) -> str:
    first, last = text.split(":")
    return f"{_dollars(first)}:{_dollars(last)}"


def _dollars(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"

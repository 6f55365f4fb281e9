"""The plan drawn with XlsxWriter. What it refuses or doubts is an error, never a silent gap."""

from __future__ import annotations

import io
import math
import re
import struct
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from workbook_builder.excel.charts import add_chart
from workbook_builder.excel.formats import (
    FONT,
    HIGHLIGHT,
    ICON_STYLES,
    STANDARD,
    DrawError,
    add_data_bars,
    add_highlight,
    add_sparkline,
    change_looks,
    done,
    look_of,
)
from workbook_builder.sheets.plan import (
    Cell,
    ChangeMarks,
    Content,
    Empty,
    Formula,
    IconSet,
    Link,
    NativeTable,
    Number,
    Picture,
    Place,
    Plan,
    Sheet,
    StyleName,
    Text,
    Width,
    address,
    quoted,
)

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
    worksheet.fit_to_pages(1, 1 if sheet.slide or sheet.one_page else 0)
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


_PIXELS_A_POINT = 96 / 72
_PIXELS_A_DIGIT = 7
_LAST_COLUMN = "XFD"

#: What XML cannot hold. In cells XlsxWriter writes it as Excel does, _x0001_; elsewhere as it is.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def draw(plan: Plan, on_share: Callable[[float], None] = lambda share: None) -> bytes:
    """Return the .xlsx file of a plan; the same plan gives the same bytes.

    `on_share` hears the share of the sheets that is drawn.

    Raises DrawError if any part of the plan cannot be written as it stands.
    """
    target = io.BytesIO()
    # Text stays text: an extract or a comment can plant neither a formula nor a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            _Drawing(xlsxwriter.Workbook(target, options)).draw(plan, on_share)
        except (XlsxWriterException, UserWarning, UnicodeEncodeError) as fault:
            raise DrawError(str(fault)) from fault
    return target.getvalue()


def _plain(text: str, what: str) -> str:
    """Return a text that is to stand elsewhere than in a cell, if it can."""
    if _NOT_IN_XML.search(text) or _is_taken_for_markup(text):
        raise DrawError(f"{what} holds marks that no workbook can: {text!r}")
    return text


def _name(text: str) -> str:
    """Return a name if Excel does not take it for a cell: XlsxWriter lets RAG1 and SEP24 pass."""
    found = re.fullmatch(r"([A-Za-z]{1,3})[0-9]+", text)
    if found and (len(found[1]), found[1].upper()) <= (len(_LAST_COLUMN), _LAST_COLUMN):
        raise DrawError(f"the name {text} is also a cell's address")
    return text


def _is_taken_for_markup(text: str) -> bool:
    """XlsxWriter takes a text within these for rich text made by itself and writes it unescaped."""
    return text.startswith("<r>") and text.endswith("</r>")


class _Drawing:
    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.formats: dict[tuple[StyleName, str, int], Any] = {}
        self.highlight: Any = None
        self.theme = STANDARD
        self.writers: Mapping[type[Content], Callable[[Any, Cell, Any], Any]] = {
            Text: self.text,
            Number: self.number,
            Formula: self.formula,
            Link: self.link,
            Empty: self.empty,
        }

    def draw(self, plan: Plan, on_share: Callable[[float], None]) -> None:
        self.theme = plan.theme
        properties = plan.properties
        self.workbook.set_properties(
            {
                "title": _plain(properties.title, "title"),
                "author": _plain(properties.author, "author"),
                "created": properties.created,
            }
        )
        for name, text in properties.custom:
            value = _plain(text, f"property {name}")
            done(self.workbook.set_custom_property(name, value, "text"), f"property {name}")
        for number, sheet in enumerate(plan.sheets, start=1):
            self.sheet(sheet)
            on_share(number / len(plan.sheets))
        for name, sheet_name, area in plan.names:
            place = f"={Place(sheet_name, area).text}"
            done(self.workbook.define_name(_name(name), place), f"name {name}")
        self.workbook.close()

    def sheet(self, sheet: Sheet) -> None:
        worksheet = self.workbook.add_worksheet(_plain(sheet.name, "sheet name"))
        set_page(worksheet, sheet)
        if sheet.hidden:
            worksheet.hide()
        for width in sheet.widths:
            _set_width(worksheet, width)
        for row, height in sheet.heights:
            done(worksheet.set_row(row, height), "row height")
        for table in sheet.tables:
            _add_table(worksheet, table)
        for cell in sheet.cells:
            self.cell(worksheet, cell)
        for picture in sheet.pictures:
            _add_picture(worksheet, picture, sheet)
        for sparkline in sheet.sparklines:
            add_sparkline(worksheet, sparkline, self.theme)
        for icons in sheet.icon_sets:
            _add_icons(worksheet, icons)
        for marks in sheet.change_marks:
            self.mark_changes(worksheet, marks)
        for bars in sheet.data_bars:
            add_data_bars(worksheet, bars)
        for highlight in sheet.highlights:
            add_highlight(worksheet, highlight, self.highlighted())
        for chart in sheet.charts:
            _plain(chart.title + chart.alt_text, "chart")
            add_chart(self.workbook, worksheet, chart, self.theme)

    def cell(self, worksheet: Any, cell: Cell) -> None:
        answer = self.writers[type(cell.content)](cell.content, cell, worksheet)
        if answer:
            done(answer, f"cell {cell.address} of {worksheet.get_name()}")
        if cell.note:
            options = {"font_name": FONT, "font_size": 10, "x_scale": 1.6, "author": ""}
            note = _plain(cell.note, "note")
            done(worksheet.write_comment(cell.row, cell.column, note, options), "note")

    def text(self, content: Text, cell: Cell, worksheet: Any) -> Any:
        text, shape = content.text, self.format(cell)
        if _is_taken_for_markup(text):  # in pieces it is escaped like any other text
            pieces = (text[:1], text[1:2], text[2:])
            return worksheet.write_rich_string(cell.row, cell.column, *pieces, shape)
        return worksheet.write_string(cell.row, cell.column, text, shape)

    def number(self, content: Number, cell: Cell, worksheet: Any) -> Any:
        if not math.isfinite(content.value):
            raise DrawError(f"cell {cell.address} of {worksheet.get_name()} is {content.value}")
        return worksheet.write_number(cell.row, cell.column, content.value, self.format(cell))

    def formula(self, content: Formula, cell: Cell, worksheet: Any) -> Any:
        return worksheet.write_formula(
            cell.row, cell.column, content.formula, self.format(cell), content.value
        )

    def link(self, content: Link, cell: Cell, worksheet: Any) -> Any:
        place = f"internal:{quoted(content.sheet)}!A1"
        return worksheet.write_url(
            cell.row, cell.column, place, self.format(cell), string=content.text
        )

    def empty(self, content: Empty, cell: Cell, worksheet: Any) -> Any:
        return worksheet.write_blank(cell.row, cell.column, None, self.format(cell))

    def highlighted(self) -> Any:
        if self.highlight is None:
            self.highlight = self.workbook.add_format(HIGHLIGHT)
        return self.highlight

    def mark_changes(self, worksheet: Any, marks: ChangeMarks) -> None:
        first = address(marks.area.first_row, marks.area.first_column)
        for rule, look in change_looks(first, marks):
            options = {
                "type": "formula",
                "criteria": rule,
                "format": self.workbook.add_format(look),
            }
            done(worksheet.conditional_format(marks.area.text, options), "change marks")

    def format(self, cell: Cell) -> Any:
        key = (cell.style, cell.number_format, cell.size)
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(look_of(*key, self.theme))
        return self.formats[key]


def _set_width(worksheet: Any, width: Width) -> None:
    options = {"level": 1, "hidden": True} if width.folded else {}
    done(worksheet.set_column(width.first, width.last, width.width, None, options), "width")


def _add_table(worksheet: Any, table: NativeTable) -> None:
    options = {
        "name": _name(table.name),
        "style": None,
        "autofilter": table.filtered,
        "columns": [{"header": _plain(text, "heading")} for text in table.headings],
    }
    done(worksheet.add_table(table.area.text, options), f"table {table.name}")


def _add_picture(worksheet: Any, picture: Picture, sheet: Sheet) -> None:
    width, height = struct.unpack(">II", picture.content[16:24])
    scale = picture.height * _PIXELS_A_POINT / height
    column = next(one for one in sheet.widths if one.first <= picture.column <= one.last)
    free = column.width * _PIXELS_A_DIGIT - width * scale
    options = {
        "image_data": io.BytesIO(picture.content),
        "x_scale": scale,
        "y_scale": scale,
        "x_offset": max(free, 0),
        "y_offset": 4,
        "description": _plain(picture.words, "picture"),
    }
    done(worksheet.insert_image(picture.row, picture.column, "logo.png", options), "picture")


def _add_icons(worksheet: Any, icons: IconSet) -> None:
    # Number thresholds and >= only: the defaults are percentages of the column's own range and
    # paint a column of all reds green, and > is not read alike by all programs.
    thresholds = [
        {"criteria": ">=", "type": "number", "value": icons.threshold},
        {"criteria": ">=", "type": "number", "value": -icons.threshold},
    ]
    options = {"type": "icon_set", "icon_style": ICON_STYLES[icons.icons], "icons": thresholds}
    done(worksheet.conditional_format(icons.area.text, options), "icons")

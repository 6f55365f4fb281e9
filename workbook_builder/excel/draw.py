"""Write a plan with XlsxWriter; what that refuses or doubts is an error, never a silent gap."""

from __future__ import annotations

import io
import math
import re
import struct
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from workbook_builder.excel.charts import chart_of
from workbook_builder.excel.formats import (
    FONT,
    HIGHLIGHT,
    ICON_STYLES,
    CellFormat,
    cell_format,
    change_formats,
    rating_formats,
    tab_colour,
)
from workbook_builder.looks import BAR, QUIET
from workbook_builder.sheets.cell_styles import NAVY, PLUM, themed
from workbook_builder.sheets.plan import (
    Cell,
    ChangeMarks,
    Chart,
    DataBars,
    Empty,
    Formula,
    Highlight,
    IconSet,
    Link,
    NativeTable,
    Number,
    Picture,
    Plan,
    PlanTheme,
    RatingFills,
    SheetArea,
    SheetPlan,
    Sparkline,
    StyleName,
    Text,
    address,
    quoted,
)

_A4 = 9
_MARGINS = {"left": 0.25, "right": 0.25, "top": 0.4, "bottom": 0.55}
_FOOTER = "&L&F&C&A&RPage &P of &N"
# There is no paper of the shape 16:9. On A4 these margins leave a space of that shape, 11.0 by 6.2
# inches, and a slide, which is larger, is made smaller until it fills it.
_SLIDE_MARGINS = {"left": 0.345, "right": 0.345, "top": 1.04, "bottom": 1.04}

_PIXELS_A_POINT = 96 / 72
_PIXELS_A_DIGIT = 7
_LAST_COLUMN = "XFD"

#: What XML cannot hold. In cells XlsxWriter writes it as Excel does, _x0001_; elsewhere as it is.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class DrawError(Exception):
    """The plan holds something that an .xlsx file cannot."""


def draw(plan: Plan, on_share: Callable[[float], None] = lambda share: None) -> bytes:
    """Return the .xlsx file of a plan; the same plan gives the same bytes.

    `on_share` is called with the share of the sheets that is drawn, up to 1.

    Raises DrawError if any part of the plan cannot be written as it is.
    """
    target = io.BytesIO()
    # Text stays text: an extract or a comment can plant neither a formula nor a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            _WorkbookWriter(xlsxwriter.Workbook(target, options), plan.theme).write(plan, on_share)
        except (XlsxWriterException, UserWarning, UnicodeEncodeError) as fault:
            raise DrawError(str(fault)) from fault
    return target.getvalue()


def _check(answer: Any, part: str) -> None:
    """Raise DrawError if XlsxWriter says, with a number, that it left a part out."""
    if isinstance(answer, int) and answer != 0:
        raise DrawError(f"{part} could not be written ({answer})")


def _checked(text: str, part: str) -> str:
    """Return a text that is written elsewhere than in a cell, if a workbook can hold it there."""
    if _NOT_IN_XML.search(text) or _is_taken_for_markup(text):
        raise DrawError(f"{part} has characters that no workbook can hold: {text!r}")
    return text


def _is_taken_for_markup(text: str) -> bool:
    """XlsxWriter takes a text within these for rich text made by itself and writes it unescaped."""
    return text.startswith("<r>") and text.endswith("</r>")


def _checked_name(text: str) -> str:
    """Return a name if Excel does not take it for a cell: XlsxWriter lets RAG1 and SEP24 pass."""
    cell = re.fullmatch(r"([A-Za-z]{1,3})[0-9]+", text)
    if cell and (len(cell[1]), cell[1].upper()) <= (len(_LAST_COLUMN), _LAST_COLUMN):
        raise DrawError(f"the name {text} is also a cell's address")
    return text


class _WorkbookWriter:
    """Writes the sheets of a plan; each format is made once, when it is first needed."""

    def __init__(self, workbook: Any, theme: PlanTheme) -> None:
        self.workbook = workbook
        self.theme = theme
        self.formats: dict[tuple[StyleName, str, int], Any] = {}
        self.highlight: Any = None

    def write(self, plan: Plan, on_share: Callable[[float], None]) -> None:
        properties = plan.properties
        self.workbook.set_properties(
            {
                "title": _checked(properties.title, "title"),
                "author": _checked(properties.author, "author"),
                "created": properties.created,
            }
        )
        for name, text in properties.custom:
            part = f"property {name}"
            _check(self.workbook.set_custom_property(name, _checked(text, part), "text"), part)
        for number, sheet in enumerate(plan.sheets, start=1):
            self._sheet(sheet, plan.marking)
            self._name_pages(sheet)
            on_share(number / len(plan.sheets))
        for name, sheet_name, area in plan.names:
            formula = f"={SheetArea(sheet_name, area).text}"
            _check(self.workbook.define_name(_checked_name(name), formula), f"name {name}")
        self.workbook.close()

    def _name_pages(self, sheet: SheetPlan) -> None:
        """Give a sheet a print area of several areas: XlsxWriter knows only those of one."""
        if sheet.page_areas:
            areas = ",".join(SheetArea(sheet.name, area).text for area in sheet.page_areas)
            name = f"{quoted(sheet.name)}!_xlnm.Print_Area"
            _check(self.workbook.define_name(name, f"={areas}"), "print areas")

    def _sheet(self, sheet: SheetPlan, marking: str) -> None:
        worksheet = self.workbook.add_worksheet(_checked(sheet.name, "sheet name"))
        _set_page(worksheet, sheet, self.theme)
        if marking:
            _mark(worksheet, marking)
        if sheet.hidden:
            worksheet.hide()
        for width in sheet.widths:
            folded = {"level": 1, "hidden": True} if width.folded else {}
            _check(
                worksheet.set_column(width.first, width.last, width.width, None, folded), "width"
            )
        for row, height in sheet.heights:
            _check(worksheet.set_row(row, height), "row height")
        for table in sheet.tables:
            _add_table(worksheet, table)
        for area in sheet.merged:
            _check(worksheet.merge_range(area.text, ""), "merged cells")
        for cell in sheet.cells:
            self._cell(worksheet, cell)
        for picture in sheet.pictures:
            _add_picture(worksheet, picture, sheet)
        for sparkline in sheet.sparklines:
            self._add_sparkline(worksheet, sparkline)
        self._add_conditional_formats(worksheet, sheet)
        self._add_charts(worksheet, sheet.charts)

    def _add_charts(self, worksheet: Any, charts: Sequence[Chart]) -> None:
        for chart in charts:
            _checked(chart.title + chart.alt_text, "chart")
            drawn = chart_of(self.workbook, chart, self.theme)
            options = {"description": chart.alt_text, "object_position": 1}
            _check(worksheet.insert_chart(chart.row, chart.column, drawn, options), "chart")

    def _add_conditional_formats(self, worksheet: Any, sheet: SheetPlan) -> None:
        for icons in sheet.icon_sets:
            _add_icons(worksheet, icons)
        for fills in sheet.rating_fills:
            self._add_rating_fills(worksheet, fills)
        for marks in sheet.change_marks:
            self._add_change_marks(worksheet, marks)
        for bars in sheet.data_bars:
            _add_data_bars(worksheet, bars)
        for highlight in sheet.highlights:
            self._add_highlight(worksheet, highlight)

    def _cell(self, worksheet: Any, cell: Cell) -> None:
        row, column, content = cell.row, cell.column, cell.content
        key = (cell.style, cell.number_format, cell.size)
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(cell_format(*key, self.theme))
        shown_as = self.formats[key]
        match content:
            case Text(text) if _is_taken_for_markup(text):  # in pieces it is escaped like others
                pieces = (text[:1], text[1:2], text[2:])
                answer = worksheet.write_rich_string(row, column, *pieces, shown_as)
            case Text(text):
                answer = worksheet.write_string(row, column, text, shown_as)
            case Number(value):
                if not math.isfinite(value):
                    raise DrawError(f"cell {cell.address} of {worksheet.get_name()} is {value}")
                answer = worksheet.write_number(row, column, value, shown_as)
            case Formula(formula, value):
                answer = worksheet.write_formula(row, column, formula, shown_as, value)
            case Link(text, sheet):
                place = f"internal:{quoted(sheet)}!A1"
                answer = worksheet.write_url(row, column, place, shown_as, string=text)
            case Empty():
                answer = worksheet.write_blank(row, column, None, shown_as)
        if answer:
            _check(answer, f"cell {cell.address} of {worksheet.get_name()}")
        if cell.note:
            options = {"font_name": FONT, "font_size": 10, "x_scale": 1.6, "author": ""}
            note = _checked(cell.note, "note")
            _check(worksheet.write_comment(row, column, note, options), "note")

    def _add_sparkline(self, worksheet: Any, sparkline: Sparkline) -> None:
        """Draw a sparkline with the points that it marks."""
        sheet = sparkline.sheet or worksheet.get_name()
        options: dict[str, Any] = {
            "range": f"{quoted(sheet)}!{sparkline.values.text}",
            "series_color": themed(NAVY, self.theme),
            "show_hidden": bool(sparkline.sheet),  # that of the charts' data is hidden
        }
        if sparkline.kind == "line":
            options |= {"markers": True, "markers_color": QUIET, "weight": 1.5}
        else:
            options["type"] = sparkline.kind
        for point in sparkline.points:
            shown = "negative_points" if point == "negative" else f"{point}_point"
            options |= {shown: True, f"{point}_color": themed(PLUM, self.theme)}
        answer = worksheet.add_sparkline(sparkline.row, sparkline.column, options)
        _check(answer, "sparkline")

    def _add_rating_fills(self, worksheet: Any, fills: RatingFills) -> None:
        first = address(fills.area.first_row, fills.area.first_column)
        self._add_formula_rules(worksheet, fills.area.text, rating_formats(first), "rating fills")

    def _add_change_marks(self, worksheet: Any, marks: ChangeMarks) -> None:
        first = address(marks.area.first_row, marks.area.first_column)
        rules = change_formats(first, marks)
        self._add_formula_rules(worksheet, marks.area.text, rules, "change marks")

    def _add_formula_rules(
        self, worksheet: Any, area: str, rules: Iterator[tuple[str, CellFormat]], part: str
    ) -> None:
        for formula, rule_format in rules:
            added = self.workbook.add_format(rule_format)
            options = {"type": "formula", "criteria": formula, "format": added}
            _add_rule(worksheet, area, options, part)

    def _add_highlight(self, worksheet: Any, highlight: Highlight) -> None:
        """Make numbers stand out that are more than the threshold."""
        if self.highlight is None:
            self.highlight = self.workbook.add_format(HIGHLIGHT)
        over = f"={highlight.over}" if isinstance(highlight.over, str) else highlight.over
        options = {"type": "cell", "criteria": ">", "value": over, "format": self.highlight}
        _add_rule(worksheet, highlight.area.text, options, "highlight")


def _add_rule(worksheet: Any, area: str, options: dict[str, Any], part: str) -> None:
    _check(worksheet.conditional_format(area, options), part)


def _add_data_bars(worksheet: Any, bars: DataBars) -> None:
    """Draw bars from nothing on, so that a bar twice as long is a number twice as high."""
    highest = {"max_type": "num", "max_value": bars.highest} if bars.highest is not None else {}
    options = {
        "type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": BAR,
        "bar_only": True,  # the number is beside it
        "min_type": "num", "min_value": 0, **highest,
    }  # fmt: skip
    _add_rule(worksheet, bars.area.text, options, "data bars")


def _add_icons(worksheet: Any, icons: IconSet) -> None:
    # Number thresholds and >= only: the defaults are percentages of the column's own range and
    # paint a column of all reds green, and > is not read alike by all programs.
    thresholds = [
        {"criteria": ">=", "type": "number", "value": icons.threshold},
        {"criteria": ">=", "type": "number", "value": -icons.threshold},
    ]
    options = {"type": "icon_set", "icon_style": ICON_STYLES[icons.icons], "icons": thresholds}
    _add_rule(worksheet, icons.area.text, options, "icons")


def _set_page(worksheet: Any, sheet: SheetPlan, theme: PlanTheme) -> None:
    """Set a sheet's paper, margins, footer, frozen panes, print area and the colour of its tab."""
    worksheet.hide_gridlines(2)
    worksheet.set_paper(_A4)
    worksheet.set_margins(**(_SLIDE_MARGINS if sheet.slide else _MARGINS))
    if sheet.scale:
        worksheet.set_print_scale(sheet.scale)
    else:
        worksheet.fit_to_pages(1, 1 if sheet.slide or sheet.one_page else 0)
    worksheet.set_footer(_FOOTER, {"margin": 0.25})
    if sheet.group:
        worksheet.set_tab_color(tab_colour(sheet.group, theme))
    if sheet.slide:
        worksheet.center_horizontally()
        worksheet.center_vertically()
    if sheet.landscape:
        worksheet.set_landscape()
    if sheet.freeze:
        worksheet.freeze_panes(*sheet.freeze)
    if sheet.repeat_rows:
        worksheet.repeat_rows(*sheet.repeat_rows)
    if sheet.repeat_columns:
        worksheet.repeat_columns(*sheet.repeat_columns)
    if sheet.print_area and not sheet.page_areas:  # which are a name of their own
        area = sheet.print_area
        worksheet.print_area(area.first_row, area.first_column, area.last_row, area.last_column)


def _mark(worksheet: Any, marking: str) -> None:
    """Print a protective marking at the head and the foot of each page."""
    text = _checked(marking, "marking").replace("&", "&&")  # one of them begins a code
    _check(worksheet.set_header(f"&C&B{text}"), "header")
    _check(worksheet.set_footer(_FOOTER.replace("&C", f"&C&B{text}&B - ")), "footer")


def _add_table(worksheet: Any, table: NativeTable) -> None:
    options = {
        "name": _checked_name(table.name),
        "style": None,
        "autofilter": table.filtered,
        "columns": [{"header": _checked(text, "heading")} for text in table.headings],
    }
    _check(worksheet.add_table(table.area.text, options), f"table {table.name}")


def _add_picture(worksheet: Any, picture: Picture, sheet: SheetPlan) -> None:
    """Put a PNG picture at the right edge of its cell."""
    width, height = struct.unpack(">II", picture.content[16:24])
    scale = picture.height * _PIXELS_A_POINT / height
    column = next(span for span in sheet.widths if span.first <= picture.column <= span.last)
    free = column.width * _PIXELS_A_DIGIT - width * scale
    options = {
        "image_data": io.BytesIO(picture.content), "x_scale": scale, "y_scale": scale,
        "x_offset": max(free, 0), "y_offset": 4,
        "description": _checked(picture.alt_text, "picture"),
    }  # fmt: skip
    answer = worksheet.insert_image(picture.row, picture.column, "logo.png", options)
    _check(answer, "picture")

"""Writes tables as text files and Excel workbooks, to the byte the same every time."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .table import Cell, Table

CREATED = datetime(2023, 8, 3, 7, 30)


@dataclass(frozen=True)
class TextStyle:
    """How a text file is encoded, what parts its cells and lines, what stands before them.

    ``marked`` puts a byte order mark in front: the codecs that do so by themselves take the byte
    order of the computer they run on.
    """

    delimiter: str
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    title: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, the rows above the header, the table, and whether a total follows."""

    name: str
    table: Table
    above: list[list[Cell]] = field(default_factory=list)
    total_row: bool = False


def write_text(path: Path, table: Table, style: TextStyle) -> None:
    """Write a table whose cells are text or empty; a title line goes above the header."""
    text = io.StringIO(newline="")
    if style.marked:
        text.write("\ufeff")
    if style.title:
        text.write(style.title + style.line_end)
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator=style.line_end)
    writer.writerow(table.headers)
    writer.writerows(table.rows)
    path.write_bytes(text.getvalue().encode(style.encoding))


def write_workbook(path: Path, sheets: list[Sheet]) -> None:
    """Write an Excel workbook with the sheets in order."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": CREATED, "title": path.stem})
        dates = book.add_format({"num_format": "dd/mm/yyyy"})
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, dates)


def _write_sheet(page: Worksheet, sheet: Sheet, dates: Format) -> None:
    """Write the rows above, the header, the rows and the total."""
    headers: list[Cell] = [*sheet.table.headers]
    rows = [*sheet.above, headers, *sheet.table.rows]
    if sheet.total_row:
        rows.append(["Total", len(sheet.table.rows)])
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(number, column, cell, dates)
            elif isinstance(cell, int):
                page.write_number(number, column, cell)
            elif cell is not None:
                page.write_string(number, column, cell)
    page.set_column(0, len(headers) - 1, 18)

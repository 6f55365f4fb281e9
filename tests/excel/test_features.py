"""Sparklines and icon rules, read from the sheets' XML and held against the tables' headings."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import get_column_letter, range_boundaries

from tests.sheets.examples import PLANS

NAMESPACES = {
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
}
#: Which icons a column of this heading has.
ICON_SETS = {
    "RAG": "3Symbols",
    "Direction of travel": "3Arrows",
    "Change on last month": "3ArrowsGray",
}
OWN_SHEETS = {"Cover", "Notes", "Figures", "Chart data"}
NAMES = ["sample", *PLANS]

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group")


@dataclass(frozen=True)
class Board:
    """A board table as it stands in a workbook: its headings by column, its rows, its XML."""

    sheet: str
    headings: Mapping[int, str]
    rows: range
    xml: etree._Element

    def columns(self, pattern: str) -> list[int]:
        return [at for at, text in self.headings.items() if re.fullmatch(pattern, text)]


def boards(workbook: Path) -> Iterator[Board]:
    book = openpyxl.load_workbook(workbook)
    for number, name in enumerate(book.sheetnames, 1):
        tables = list(book[name].tables.values())
        if name in OWN_SHEETS or not tables or "Indicator" not in tables[0].column_names:
            continue
        (table,) = tables
        left, top, _, bottom = (int(edge or 0) for edge in range_boundaries(table.ref))
        headings = {left + at: column.name for at, column in enumerate(table.tableColumns)}
        with zipfile.ZipFile(workbook) as file:
            xml = etree.fromstring(file.read(f"xl/worksheets/sheet{number}.xml"))
        yield Board(name, headings, range(top + 1, bottom + 1), xml)


def children(element: etree._Element, path: str) -> list[etree._Element]:
    return list(element.iterfind(path, NAMESPACES))


def cells(area: str) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(area))
    yield from ((row, at) for row in range(top, bottom + 1) for at in range(left, right + 1))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "teams"])
def test_every_row_has_the_sparkline_of_its_months(
    name: str, workbooks: Mapping[str, Path]
) -> None:
    for board in boards(workbooks[name]):
        months = [get_column_letter(at) for at in board.columns(r"[A-Z][a-z]{2}-\d\d")]
        quoted = board.sheet.replace("'", "''")
        expected = [
            (f"{get_column_letter(at)}{row}", f"'{quoted}'!{months[0]}{row}:{months[-1]}{row}")
            for at in board.columns(r"Last \d+ months|This month")
            for row in board.rows
        ]
        lines = children(board.xml, ".//x14:sparkline")
        found = [
            (one.findtext("xm:sqref", "", NAMESPACES), one.findtext("xm:f", "", NAMESPACES))
            for one in lines
        ]
        assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("name", NAMES)
def test_icons_stand_on_exactly_the_rows_of_their_columns(
    name: str, workbooks: Mapping[str, Path]
) -> None:
    for board in boards(workbooks[name]):
        expected = [
            (row, at, ICON_SETS[text])
            for at, text in board.headings.items()
            if text in ICON_SETS
            for row in board.rows
        ]
        found = [
            (*cell, icons.get("iconSet"))
            for formatting in children(board.xml, "s:conditionalFormatting")
            for icons in children(formatting, "s:cfRule/s:iconSet")
            for cell in cells(formatting.get("sqref", ""))
        ]
        assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("name", NAMES)
def test_thresholds_are_numbers_and_read_alike_everywhere(
    name: str, workbooks: Mapping[str, Path]
) -> None:
    """The default percentages would paint a column of all reds green; > is read as >= by some."""
    for board in boards(workbooks[name]):
        for icons in children(board.xml, "s:conditionalFormatting/s:cfRule/s:iconSet"):
            lowest, low, high = children(icons, "s:cfvo")
            assert lowest.get("type") == "percent"  # where the lowest icon begins: never asked
            assert (low.get("type"), high.get("type")) == ("num", "num")
            assert {one.get("gte", "1") for one in (lowest, low, high)} == {"1"}
            edge = float(high.get("val", "nan"))
            assert float(low.get("val", "nan")) == -edge
            codes = icons.get("iconSet") != ICON_SETS["Change on last month"]
            assert edge == 0.5 if codes else edge in {0.5 / 10**places for places in range(9)}


def test_workbooks_hold_what_these_tests_look_for(workbooks: Mapping[str, Path]) -> None:
    both = [board for name in NAMES for board in boards(workbooks[name])]
    assert sum(len(children(board.xml, ".//x14:sparkline")) for board in both) > 30
    assert sum(len(children(board.xml, ".//s:iconSet")) for board in both) > 10

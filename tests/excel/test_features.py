"""Sparklines and icon rules, read from the sheets' XML and held against the tables' headings."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import get_column_letter, range_boundaries

from tests.pictures import png
from tests.sheets.examples import DEFINITIONS, FIGURES, LAST, LAYOUTS, PLANS, STAMP
from workbook_builder.definitions.council import Theme
from workbook_builder.excel.draw import draw
from workbook_builder.excel.formats import STANDARD
from workbook_builder.months import months_ending
from workbook_builder.sheets.compose import compose

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
OWN_SHEETS = {
    "Cover", "Commentary", "Revisions", "Notes", "Targets", "Benchmarks", "Checks", "Sources",
    "Figures", "As written", "Chart data",
}  # fmt: skip
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

    def folded(self) -> set[int]:
        """Return the columns that are folded away."""
        hidden = [one for one in children(self.xml, ".//s:col") if one.get("hidden") == "1"]
        assert all(one.get("outlineLevel") == "1" for one in hidden)
        spans = [range(int(one.get("min", "")), int(one.get("max", "")) + 1) for one in hidden]
        return {at for span in spans for at in span}


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
        months = [get_column_letter(at) for at in board.columns(r"[A-Z][a-z]{2}-\d\d")
                  if at not in board.folded()]  # fmt: skip
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


CHANGE = re.compile(r"=?AND\(ISNUMBER\((\w+)\),\1(>=|<=)(-?[\d.]+)\)|=?ISNUMBER\((\w+)\)")


def change_rules(board: Board, workbook: Path) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
    """Yield row, column, and each rule's edge with the look that goes with it."""
    looks = looks_of(workbook)
    for area in children(board.xml, ".//s:conditionalFormatting"):
        rules = [one for one in children(area, "s:cfRule") if one.get("type") == "expression"]
        found = [(edge_of(rule), looks[int(rule.get("dxfId", ""))]) for rule in rules]
        for row, column in cells(area.get("sqref", "")) if found else ():
            yield row, column, found


def edge_of(rule: etree._Element) -> str:
    found = CHANGE.fullmatch(rule.findtext("s:formula", "", NAMESPACES))
    assert found
    return f"{found[2]}{found[3]}" if found[2] else "else"


def looks_of(workbook: Path) -> list[str]:
    """Return of each look its arrow and its colour."""
    with zipfile.ZipFile(workbook) as file:
        styles = etree.fromstring(file.read("xl/styles.xml"))
    return [
        f"{shape.get('formatCode', '')[1:2]} {colour.get('rgb', '')[2:]}"
        for one in children(styles, ".//s:dxf")
        for shape in children(one, "s:numFmt")
        for colour in children(one, "s:font/s:color")
    ]


UP_BETTER = [(">=0.095", "▲ 00603A"), ("<=-0.095", "▽ A4161A"), ("else", "► 7A4B00")]
DOWN_BETTER = [(">=0.095", "△ A4161A"), ("<=-0.095", "▼ 00603A"), ("else", "► 7A4B00")]
NEITHER = [(">=0.095", "↑ 1F2933"), ("<=-0.095", "↓ 1F2933"), ("else", "→ 1F2933")]


def test_arrows_of_changes_say_which_way_and_whether_it_is_better(
    workbooks: Mapping[str, Path],
) -> None:
    [board] = boards(workbooks["scorecard"])
    found = {(row, at): rules for row, at, rules in change_rules(board, workbooks["scorecard"])}
    columns = board.columns("% change .*")
    rows = [DOWN_BETTER, UP_BETTER, DOWN_BETTER, NEITHER, UP_BETTER, NEITHER]
    assert found == {
        (row, at): rules for at in columns for row, rules in zip(board.rows, rows, strict=True)
    }


def test_a_theme_replaces_the_colours_and_a_logo_stands_on_the_cover(tmp_path: Path) -> None:
    layout = replace(LAYOUTS["every_column"], theme="ours")
    ours = Theme(name="ours", main="#4A2A55", pale="#F3ECF5", accent="#0B5394")
    definitions = replace(DEFINITIONS, themes={"ours": ours})
    months = months_ending(LAST, layout.months)
    logo = png(60, 20)
    plan = compose(layout, definitions, FIGURES, months, STAMP, logo=logo)
    file = tmp_path / "ours.xlsx"
    file.write_bytes(draw(plan))
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert parts["xl/media/image1.png"] == logo
    assert b'descr="Logo"' in parts["xl/drawings/drawing1.xml"]
    everything = b"".join(parts.values()).upper()
    for standard in (STANDARD.main, STANDARD.pale, STANDARD.accent):
        assert standard.encode()[1:] not in everything
    for own in (ours.main, ours.pale, ours.accent):
        assert own.encode()[1:] in everything

"""Sparklines and icon rules, read from the sheets' XML and held against the tables' headings."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lxml import etree
from openpyxl.utils import get_column_letter, range_boundaries

from tests.excel.conftest import opened
from tests.pictures import png
from tests.sheets.examples import DEFINITIONS, FIGURES, LAST, LAYOUTS, PLANS, STAMP
from workbook_builder.contrast import TEXT_CONTRAST, contrast
from workbook_builder.definitions.council import Theme
from workbook_builder.excel.draw import draw
from workbook_builder.indicators import rating
from workbook_builder.looks import RATING_LOOKS
from workbook_builder.months import months_ending
from workbook_builder.sheets.cell_styles import STANDARD
from workbook_builder.sheets.compose import compose
from workbook_builder.sheets.content import WorkbookContent

NAMESPACES = {
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
}
#: Which icons a column of this heading has.
ICON_SETS = {
    "Direction of travel": "3Arrows",
    "Change on last month": "3ArrowsGray",
}
OWN_SHEETS = {
    "Summary", "Commentary", "Revisions", "Notes", "Targets", "Benchmarks", "Checks", "Sources",
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
        return [column for column, text in self.headings.items() if re.fullmatch(pattern, text)]

    def folded(self) -> set[int]:
        """Return the columns that are folded away."""
        hidden = [
            column for column in children(self.xml, ".//s:col") if column.get("hidden") == "1"
        ]
        assert all(element.get("outlineLevel") == "1" for element in hidden)
        spans = [
            range(int(element.get("min", "")), int(element.get("max", "")) + 1)
            for element in hidden
        ]
        return {column for span in spans for column in span}


def boards(workbook: Path) -> Iterator[Board]:
    book = opened(workbook)
    for number, name in enumerate(book.sheetnames, 1):
        tables = list(book[name].tables.values())
        if name in OWN_SHEETS or not tables or "Indicator" not in tables[0].column_names:
            continue
        (table,) = tables
        left, top, _, bottom = (int(edge or 0) for edge in range_boundaries(table.ref))
        headings = {left + number: column.name for number, column in enumerate(table.tableColumns)}
        with zipfile.ZipFile(workbook) as file:
            xml = etree.fromstring(file.read(f"xl/worksheets/sheet{number}.xml"))
        yield Board(name, headings, range(top + 1, bottom + 1), xml)


def children(element: etree._Element, path: str) -> list[etree._Element]:
    return list(element.iterfind(path, NAMESPACES))


def cells(area: str) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(area))
    yield from (
        (row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
    )


@pytest.mark.parametrize("name", [name for name in NAMES if name != "teams"])
def test_every_row_has_the_sparkline_of_its_months(
    name: str, workbooks: Mapping[str, Path]
) -> None:
    for board in boards(workbooks[name]):
        months = [get_column_letter(column) for column in board.columns(r"[A-Z][a-z]{2}-\d\d")
                  if column not in board.folded()]  # fmt: skip
        quoted = board.sheet.replace("'", "''")
        expected = [
            (f"{get_column_letter(column)}{row}", f"'{quoted}'!{months[0]}{row}:{months[-1]}{row}")
            for column in board.columns(r"Last \d+ months|This month")
            for row in board.rows
        ]
        lines = children(board.xml, ".//x14:sparkline")
        actual = [
            (element.findtext("xm:sqref", "", NAMESPACES), element.findtext("xm:f", "", NAMESPACES))
            for element in lines
        ]
        assert sorted(actual) == sorted(expected)


@pytest.mark.parametrize("name", NAMES)
def test_icons_stand_on_exactly_the_rows_of_their_columns(
    name: str, workbooks: Mapping[str, Path]
) -> None:
    for board in boards(workbooks[name]):
        expected = [
            (row, column, ICON_SETS[text])
            for column, text in board.headings.items()
            if text in ICON_SETS
            for row in board.rows
        ]
        actual = [
            (*cell, icons.get("iconSet"))
            for formatting in children(board.xml, "s:conditionalFormatting")
            for icons in children(formatting, "s:cfRule/s:iconSet")
            for cell in cells(formatting.get("sqref", ""))
        ]
        assert sorted(actual) == sorted(expected)


NUMBER = r"ISNUMBER\((\w+)\)"
#: The rules of a RAG column in the order in which they are asked, with what they ask.
RATING_RULES = (
    (rf"AND\({NUMBER},\1>=0\.5\)", 1),
    (rf"AND\({NUMBER},\1>=-0\.5\)", 0),
    (NUMBER, -1),
)


def rating_cells(sheet: etree._Element, styles: etree._Element) -> Iterator[tuple[int, int]]:
    """Yield the cells with the three rules of a rating, each with the colours of its code."""
    formats = children(styles, "s:dxfs/s:dxf")
    for formatting in children(sheet, "s:conditionalFormatting"):
        area = formatting.get("sqref", "")
        rules = sorted(children(formatting, "s:cfRule"), key=lambda r: int(r.get("priority", "")))
        formulas = [rule.findtext("s:formula", "", NAMESPACES) for rule in rules]
        if len(rules) != 3 or not re.fullmatch(RATING_RULES[0][0], formulas[0]):
            continue
        for rule, formula, (pattern, code) in zip(rules, formulas, RATING_RULES, strict=True):
            asked = re.fullmatch(pattern, formula)
            assert asked
            assert asked[1] == area.partition(":")[0]
            look, shape = RATING_LOOKS[code], formats[int(rule.get("dxfId", ""))]
            colours = [
                element.get("rgb", "")[2:] for element in shape.iterfind(".//s:*[@rgb]", NAMESPACES)
            ]
            assert sorted(colours) == sorted(c.lstrip("#") for c in (look.fill, look.ink))
        yield from cells(area)


def styles_of(workbook: Path) -> etree._Element:
    with zipfile.ZipFile(workbook) as file:
        return etree.fromstring(file.read("xl/styles.xml"))


@pytest.mark.parametrize("name", NAMES)
def test_ratings_are_filled_on_exactly_the_rows_of_their_column(
    name: str, workbooks: Mapping[str, Path]
) -> None:
    styles = styles_of(workbooks[name])
    for board in boards(workbooks[name]):
        expected = [(row, column) for column in board.columns("RAG") for row in board.rows]
        assert sorted(rating_cells(board.xml, styles)) == expected


def test_a_rating_says_its_word_with_a_shape_in_the_middle_of_its_cell(
    workbooks: Mapping[str, Path],
) -> None:
    book = opened(workbooks["sample"])
    shown_as = '"● Green";"◆ Red";"▲ Amber"'
    rated = 0
    for board in boards(workbooks["sample"]):
        for column in board.columns("RAG"):
            for row in board.rows:
                cell = book[board.sheet].cell(row, column)
                rated += cell.value is not None
                assert cell.value is None or cell.number_format == shown_as
                assert cell.value is None or cell.alignment.horizontal == "center"
    assert rated > 30


def test_ratings_can_be_read_and_told_apart_by_everyone() -> None:
    assert set(RATING_LOOKS) == {rating.GREEN, rating.AMBER, rating.RED}
    for look in RATING_LOOKS.values():
        assert contrast(look.fill, look.ink) >= TEXT_CONTRAST
    for wanted in ("word", "shape", "fill"):
        assert len({getattr(look, wanted) for look in RATING_LOOKS.values()}) == 3
    # In black and white the fills differ as well: their lightness against white.
    red, green, amber = sorted(contrast(look.fill, "#FFFFFF") for look in RATING_LOOKS.values())[
        ::-1
    ]
    assert red > green * 1.4 > amber * 1.4 * 1.4


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
            assert {element.get("gte", "1") for element in (lowest, low, high)} == {"1"}
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
    """Yield row, column, and each rule's edge with its format."""
    formats = change_formats_of(workbook)
    for area in children(board.xml, ".//s:conditionalFormatting"):
        rules = [rule for rule in children(area, "s:cfRule") if rule.get("type") == "expression"]
        edges = [(edge_of(rule), formats[int(rule.get("dxfId", ""))]) for rule in rules]
        for row, column in cells(area.get("sqref", "")) if edges else ():
            yield row, column, edges


def edge_of(rule: etree._Element) -> str:
    formula = CHANGE.fullmatch(rule.findtext("s:formula", "", NAMESPACES))
    assert formula
    return f"{formula[2]}{formula[3]}" if formula[2] else "else"


def change_formats_of(workbook: Path) -> list[str]:
    """Return of each format its arrow and its colour."""
    with zipfile.ZipFile(workbook) as file:
        styles = etree.fromstring(file.read("xl/styles.xml"))
    formats = []
    for element in children(styles, ".//s:dxf"):
        shapes = [shape.get("formatCode", "")[1:2] for shape in children(element, "s:numFmt")]
        colours = [c.get("rgb", "")[2:] for c in children(element, "s:font/s:color")]
        formats.append(" ".join([*shapes, *colours]))
    return formats


UP_BETTER = [(">=0.095", "▲ 00603A"), ("<=-0.095", "▽ A4161A"), ("else", "► 7A4B00")]
DOWN_BETTER = [(">=0.095", "△ A4161A"), ("<=-0.095", "▼ 00603A"), ("else", "► 7A4B00")]
NEITHER = [(">=0.095", "↑ 1F2933"), ("<=-0.095", "↓ 1F2933"), ("else", "→ 1F2933")]


def test_arrows_of_changes_say_which_way_and_whether_it_is_better(
    workbooks: Mapping[str, Path],
) -> None:
    [board] = boards(workbooks["scorecard"])
    actual = {
        (row, column): rules for row, column, rules in change_rules(board, workbooks["scorecard"])
    }
    columns = board.columns("% change .*")
    rows = [DOWN_BETTER, UP_BETTER, DOWN_BETTER, NEITHER, UP_BETTER, NEITHER]
    assert actual == {
        (row, column): rules
        for column in columns
        for row, rules in zip(board.rows, rows, strict=True)
    }


def test_a_theme_replaces_the_colours_and_a_logo_stands_on_the_summary(tmp_path: Path) -> None:
    layout = replace(LAYOUTS["every_column"], theme="ours")
    ours = Theme(name="ours", main="#4A2A55", pale="#F3ECF5", accent="#0B5394")
    definitions = replace(DEFINITIONS, themes={"ours": ours})
    months = months_ending(LAST, layout.months)
    logo = png(60, 20)
    plan = compose(WorkbookContent(layout, definitions, FIGURES, months, STAMP, logo=logo))
    file = tmp_path / "ours.xlsx"
    file.write_bytes(draw(plan))
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert parts["xl/media/image1.png"] == logo
    assert b'descr="Logo"' in parts["xl/drawings/drawing1.xml"]
    everything = b"".join(parts.values()).upper()
    for standard in (STANDARD.main, STANDARD.pale, STANDARD.accent):
        assert standard.encode()[1:] not in everything
    for colour in (ours.main, ours.pale, ours.accent):
        assert colour.encode()[1:] in everything

"""The file as a whole: valid, the same every time, and set up to be read and printed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest
from lxml import etree
from openpyxl.cell.cell import MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator

from tests.excel.conftest import opened
from tests.sheets.examples import PLANS, STAMP
from workbook_builder.build_workbook import build
from workbook_builder.excel.draw import draw
from workbook_builder.request import Request
from workbook_builder.sheets.data_table import text_width
from workbook_builder.sheets.number_text import number_text
from workbook_builder.sheets.paging import LEAST_SCALE, USUAL_SIZE
from workbook_builder.sheets.plan import Formula

NAMES = ["sample", *PLANS]

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group")
#: Smaller numbers are counts or codes; as dates they would be days of the year 1900.
A_YEAR = 367
A4 = 9
#: Pixels of a letter of the usual size, and of a step of indentation.
LETTER, INDENT = 7, 9


@pytest.mark.parametrize("name", [pytest.param("sample", marks=pytest.mark.slow), *PLANS])
def test_file_is_valid_open_xml(name: str, workbooks: Mapping[str, Path]) -> None:
    assert list(OpenXmlValidator().validate(workbooks[name]).errors) == []


@pytest.mark.parametrize("name", PLANS)
def test_one_plan_gives_the_same_bytes(name: str) -> None:
    assert draw(PLANS[name]) == draw(PLANS[name])


@pytest.mark.slow
def test_same_inputs_and_time_stamp_give_the_same_bytes(
    sample: Path, root: Path, tmp_path: Path
) -> None:
    written = opened(sample).properties.created
    again = Request((root / "sample_inputs",), out=tmp_path / "again.xlsx", written=written)
    build(again, lambda progress: None)
    assert (tmp_path / "again.xlsx").read_bytes() == sample.read_bytes()


@pytest.mark.parametrize("name", PLANS)
def test_every_formula_has_the_value_of_the_plan(name: str, workbooks: Mapping[str, Path]) -> None:
    formulas = opened(workbooks[name])
    values = opened(workbooks[name], data_only=True)
    planned = [
        (sheet.name, cell.address, cell.content)
        for sheet, cell in PLANS[name].cells()
        if isinstance(cell.content, Formula)
    ]
    for sheet, address, content in planned:
        assert formulas[sheet][address].value == content.formula
        value = values[sheet][address].value
        if content.value == "":  # openpyxl reads an empty text as nothing
            assert value is None
            continue
        assert value == content.value
        assert isinstance(value, str) == isinstance(content.value, str)
    written = [
        cell.coordinate
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(written) == len(planned)


@pytest.mark.parametrize("name", NAMES)
def test_no_small_number_stands_under_a_date_format(
    name: str, workbooks: Mapping[str, Path]
) -> None:
    for sheet in opened(workbooks[name], data_only=True):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and cell.value < A_YEAR:
                    assert not is_date_format(cell.number_format), cell.coordinate
                assert not isinstance(cell.value, datetime), cell.coordinate


@pytest.mark.parametrize("name", NAMES)
def test_reader_begins_at_the_top_of_the_summary(name: str, workbooks: Mapping[str, Path]) -> None:
    book = opened(workbooks[name])
    assert book.active is not None
    assert book.active.title == "Summary"
    selected = [sheet.title for sheet in book if sheet.sheet_view.tabSelected]
    assert selected == ["Summary"]
    for sheet in book:
        last = sheet.sheet_view.selection[-1]  # of the pane that moves, if any is frozen
        assert (last.activeCell, last.sqref) == ("A1", "A1")


@pytest.mark.parametrize("name", NAMES)
def test_sheets_print_on_pages_of_a4(name: str, workbooks: Mapping[str, Path]) -> None:
    for sheet in opened(workbooks[name]):
        assert sheet.page_setup.paperSize == A4
        narrow = sheet.title == "Figures" or sheet.title.endswith("by team")
        assert sheet.page_setup.orientation == ("portrait" if narrow else "landscape")
        fitted = sheet.sheet_properties.pageSetUpPr
        if not (fitted and fitted.fitToPage):  # then it is cut into pages that fit
            assert LEAST_SCALE * 100 - 1 <= (sheet.page_setup.scale or 100) <= 100
            continue
        assert sheet.page_setup.fitToWidth in (None, 1)  # one if left out
        slide = sheet.title.startswith("Slide ")
        whole = slide or sheet.title == "Summary"
        assert sheet.page_setup.fitToHeight == (None if whole else 0)  # else as many as needed


@pytest.mark.parametrize("name", NAMES)
def test_print_areas_are_the_pages_of_the_plan(name: str, workbooks: Mapping[str, Path]) -> None:
    """A table of several pages has an area for each, so that Excel cuts it where we say."""
    book = opened(workbooks[name])
    for sheet in PLANS[name].sheets if name in PLANS else ():
        areas = sheet.page_areas or ((sheet.print_area,) if sheet.print_area else ())
        quoted_name = sheet.name.replace("'", "''")
        wanted = [f"'{quoted_name}'!{area.absolute}" for area in areas]
        assert [
            area for area in str(book[sheet.name].print_area or "").split(",") if area
        ] == wanted


#: The parts of the workbook from the first tab on, with the colours of their tabs.
TABS = ("12436D", "12436D", "28A197", "A285D1", "801650", "A6B0BA")


def tab_colour(sheet: Worksheet) -> str:
    colour = sheet.sheet_properties.tabColor
    return str(colour.rgb)[2:] if colour else ""


def test_tabs_have_the_colour_of_their_part_and_the_parts_stand_together(
    workbooks: Mapping[str, Path],
) -> None:
    book = opened(workbooks["sample"])
    visible = [sheet for sheet in book if sheet.sheet_state == "visible"]
    colours = [tab_colour(sheet) for sheet in visible]
    assert list(dict.fromkeys(colours)) == list(dict.fromkeys(TABS))
    assert [colour for colour, _ in groupby(colours)] == list(dict.fromkeys(TABS))
    grey = [sheet.title for sheet, colour in zip(visible, colours, strict=True)
            if colour == TABS[-1]]  # fmt: skip
    assert grey == ["Notes", "Checks", "Sources", "Targets", "Benchmarks", "Figures"]


def test_the_board_is_printed_on_some_twenty_five_pages(workbooks: Mapping[str, Path]) -> None:
    """From the first tab to the last slide: the summary, the tables and the slides."""
    book = opened(workbooks["sample"])
    pages = [
        len(str(sheet.print_area or "").split(","))
        for sheet in book
        if tab_colour(sheet) in TABS[:3]
    ]
    assert 20 <= sum(pages) <= 30


def test_headings_repeat_on_every_page(workbooks: Mapping[str, Path]) -> None:
    book = opened(workbooks["sample"])
    titles = {sheet.title: sheet.print_title_rows for sheet in book}
    assert titles["Demand"] == titles["Right service right time"] == "$1:$3"
    assert titles["Figures"] == "$3:$3"


@pytest.mark.parametrize("name", PLANS)
def test_properties_are_the_plans(name: str, workbooks: Mapping[str, Path]) -> None:
    book = opened(workbooks[name])
    planned = PLANS[name].properties
    assert book.properties.title == planned.title
    assert (book.properties.creator or "") == planned.author
    assert book.properties.created == book.properties.modified == STAMP.written
    with zipfile.ZipFile(workbooks[name]) as file:
        custom = etree.fromstring(file.read("docProps/custom.xml"))
    assert {
        element.get("name"): "".join(map(str, element.itertext())) for element in custom
    } == dict(planned.custom)


@pytest.mark.parametrize("name", NAMES)
def test_links_and_names_lead_to_sheets_that_there_are(
    name: str, workbooks: Mapping[str, Path]
) -> None:
    book = opened(workbooks[name])
    cells = [cell for row in book["Summary"].iter_rows() for cell in row if cell.hyperlink]
    links = [cell.hyperlink for cell in cells]
    contents = {str(cell.value) for cell in cells if cell.font.underline}
    places = [str(link.location) for link in links if link]
    places += [str(name.attr_text) for name in book.defined_names.values()]
    sheets = [_sheet_of(place) for place in places]
    assert set(sheets) <= set(book.sheetnames)
    visible = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert contents == set(visible[1:])


def _sheet_of(place: str) -> str:
    quoted = re.fullmatch(r"'(.*)'!.*", place)
    return quoted[1].replace("''", "'") if quoted else place.split("!", maxsplit=1)[0]


def test_only_what_nobody_reads_is_hidden(workbooks: Mapping[str, Path]) -> None:
    for name, workbook in workbooks.items():
        book = opened(workbook)
        hidden = [sheet.title for sheet in book if sheet.sheet_state != "visible"]
        assert hidden == [*(["Chart data"] if name in ("sample", "teams") else []), "As written"]


def test_no_link_leads_out_of_a_workbook(workbooks: Mapping[str, Path]) -> None:
    for workbook in workbooks.values():
        with zipfile.ZipFile(workbook) as file:
            parts = [file.read(part) for part in file.namelist() if part.endswith(".rels")]
        assert parts
        assert not any(b'TargetMode="External"' in part for part in parts)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_room_in_its_column(name: str, workbooks: Mapping[str, Path]) -> None:
    """Excel shows ### in place of a number that is wider than its column."""
    cramped: list[str] = []
    for sheet in opened(workbooks[name], data_only=True):
        spread = {address for area in sheet.merged_cells.ranges for row in area.rows
                  for address in row}  # fmt: skip
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, MergedCell) or not isinstance(cell.value, int | float):
                    continue
                if (cell.row, cell.column) in spread or sheet.sheet_state != "visible":
                    continue
                column = sheet.column_dimensions[get_column_letter(cell.column)]
                if column.hidden or cell.number_format == "General":  # Excel shortens these
                    continue
                text = number_text(cell.value, cell.number_format)
                pixels = text_width(text) * LETTER * (cell.font.size or USUAL_SIZE) / USUAL_SIZE
                pixels += INDENT * (cell.alignment.indent or 0)
                if pixels > column.width * LETTER:  # with the sides of the cell
                    cramped.append(f"{sheet.title}!{cell.coordinate} {text} in {column.width}")
    assert not cramped

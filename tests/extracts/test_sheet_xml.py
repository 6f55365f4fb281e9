"""Cells told apart by their bytes in the XML of a sheet are those that calamine reads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineSheet

from tests.frames import rows_of
from workbook_builder.columns.texts import Texts
from workbook_builder.extracts import packages, sheet_xml, workbooks
from workbook_builder.extracts.calamine import as_texts, raw_sheets
from workbook_builder.extracts.cells_decoded import texts_of
from workbook_builder.extracts.grids import cells_of
from workbook_builder.extracts.marks import Marks
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.packages import looked_through
from workbook_builder.extracts.sheet_xml import NotPlain, SheetCells
from workbook_builder.extracts.workbooks import read_workbook

Rows = list[tuple[str, ...]]
Value = str | int | float | bool | date | datetime | None

CELL = st.one_of(
    st.none(),
    st.text(st.sampled_from("aB0 &<>\"'\u00e9\U0001f600\t\n"), max_size=6),
    st.sampled_from(["", "1", "Yes", "x" * 9_000, " a ", "=1+1", "A1", "</c>", "_x000D_", "xmlns"]),
    st.integers(-3, 10**16),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2099, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(2099, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)
GRID = st.lists(st.lists(CELL, max_size=5), max_size=8)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)
DATA = SHEET.format("<sheetData>{}</sheetData>")


def by_xlsxwriter(grid: list[list[Value]], *, inline: bool) -> bytes:
    held = io.BytesIO()
    options = {"constant_memory": inline, "in_memory": not inline, "strings_to_formulas": False}
    with xlsxwriter.Workbook(held, {**options, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("List")
        for row, cells in enumerate(grid):
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)
    return held.getvalue()


def by_openpyxl(grid: list[list[Value]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("List", 0)
    for row, cells in enumerate(grid, 1):
        for column, value in enumerate(cells, 1):
            text = value.replace("=", "-") if isinstance(value, str) else value
            sheet.cell(row, column, text)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_sheet(xml: str, content: bytes | None = None) -> bytes:
    """A workbook whose first sheet has this XML."""
    held = io.BytesIO()
    whole = content or by_xlsxwriter([["first", "second"], [date(2023, 7, 4)]], inline=False)
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, xml.encode() if is_sheet else old.read(name))
    return held.getvalue()


def trimmed(rows: Rows) -> Rows:
    """Rows without blank ones at the end and blank cells on the right, which say nothing."""
    cut = [tuple(" ".join(row).rstrip() and row) for row in rows]
    while cut and not any(cut[-1]):
        cut.pop()
    width = max((at + 1 for row in cut for at, cell in enumerate(row) if cell), default=0)
    return [(*row, *[""] * width)[:width] for row in cut]


def marks_of(content: bytes) -> Marks:
    marks = looked_through("a.xlsx", content)
    assert isinstance(marks, Marks)
    return marks


def by_calamine(content: bytes) -> list[Rows]:
    sheets = marks_of(content)
    return [
        trimmed(rows_of(cells_of(raw.rows, sheets.of(raw.name).errors, as_texts)))
        for raw in raw_sheets(content)
    ]


def by_us(content: bytes) -> list[Rows]:
    grids = read_workbook("a.xlsx", content)
    assert isinstance(grids, tuple), grids
    assert all(isinstance(grid, Grid) for grid in grids)
    return [trimmed(rows_of(grid.cells)) for grid in grids]


def is_plain(content: bytes) -> bool:
    sheets = marks_of(content).sheets.values()
    return bool(sheets) and all(one.cells for one in sheets)


@settings(deadline=None, max_examples=60)
@given(GRID, st.sampled_from(["shared", "inline", "openpyxl"]), st.sampled_from([60, 4_000_000]))
def test_what_others_write_is_read_as_calamine_reads_it(
    grid: list[list[Value]], writer: str, chunk: int
) -> None:
    content = by_openpyxl(grid) if writer == "openpyxl" else by_xlsxwriter(
        grid, inline=writer == "inline"
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packages, "_CHUNK", chunk)  # so small that each piece is a row
        filled = any(value not in (None, "") for row in grid for value in row)
        odd = any(value == "xmlns" for row in grid for value in row) and writer != "shared"
        assert not filled or odd or is_plain(content)
        assert by_us(content) == by_calamine(content)


PLAIN = [
    '<row r="1"><c r="A1"></c><c r="B1"><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1"/><c r="D1" s="1"/></row>',
    '<row r="2" spans="1:3"><c r="B2"><v>1.50</v></c></row>\n '
    '<row r="9"><c r="A9" s="1"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>7</v></c></row>'
    '<row r="2"><c r="A2"><f t="shared" si="0"/><v>7</v></c>'
    '<c r="B2" t="str"><f>"a"</f><v>a</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>a</t></r>'
    '<r><t xml:space="preserve"> b</t></r></is></c><c r="B1" t="b"><v>1</v></c>'
    '<c r="C1" t="d"><v>2023-07-04T00:00:00</v></c></row>',
    '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><f>1/0</f></c>'
    '<c r="C1"><v>1</v></c></row>',
    '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="3"><c r="AB3"><v>2</v></c></row>',
    '<row r="3"><c r="C3"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c>\n<c r="B1"><v>2</v></c>\n</row>',
    '<row r="1"/><row r="2"><c r="A2"><v>5</v></c></row><row r="3"></row>',
    '<row r="1"><c r="A1"><v></v></c><c r="B1"><v>3</v></c></row>',
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c></row>'
    '<row r="2"><c r="A2" s="0" t="s"><v>0</v></c><c r="B2" t="s" s="0"><v>1</v></c></row>',
]  # fmt: skip

OTHER = [
    '<row r="1"><c><v>1</v></c><c><v>2</v></c></row>',
    '<row><c r="A1"><v>1</v></c><c><v>2</v></c></row>',
    '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    '<row r="1"><c s="0" r="A1"><v>1</v></c></row>',
    "<row r='1'><c r='A1'><v>1</v></c></row>",
    '<row r="1"><c  r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="a1"><v>1</v></c></row>',
    '<row r="1"><!-- <c r="A1"><v>9</v></c> --><c r="B1"><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[<c r="B1"><v>9</v></c>]]></t></is></c>'
    "</row>",
    '<row r="1"><c r="A1"><v>1</v></c ></row>',
    '<row r="1"><x:c xmlns:x="urn:other" r="A1"><v>9</v></x:c><c r="B1"><v>1</v></c></row>',
]  # fmt: skip


@pytest.mark.parametrize("rows", PLAIN)
def test_plain_sheets_are_read_as_calamine_reads_them(rows: str) -> None:
    content = with_sheet(DATA.format(rows))
    assert is_plain(content)
    assert by_us(content) == by_calamine(content)


@pytest.mark.parametrize("rows", OTHER)
def test_other_sheets_are_left_to_calamine(rows: str) -> None:
    content = with_sheet(DATA.format(rows))
    assert not is_plain(content)
    assert by_us(content) == by_calamine(content)


def test_a_formula_without_a_result_at_the_edge_is_seen() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><f>A1</f></c></row>'
    assert by_us(with_sheet(DATA.format(rows))) == [[("1",), ("#FORMULA!",)]]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize("xml", [
    SHEET.format("<sheetData/>"),
    SHEET.format('<sheetData r="1"><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'),
    f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
    "</x:row></x:sheetData></x:worksheet>",
    f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><sheetData><row r="1">'
    '<x:c r="A1"><x:v>1</x:v></x:c><c r="B1"><v>2</v></c></row></sheetData></worksheet>',
    '<?xml version="1.0" encoding="ISO-8859-1"?>'
    + DATA.format('<row r="1"><c r="A1"><v>1</v></c></row>'),
])  # fmt: skip
def test_sheets_that_begin_otherwise_are_left_to_calamine(xml: str) -> None:
    content = with_sheet(xml)
    assert not is_plain(content)
    assert by_us(content) == by_calamine(content)


def test_a_sheet_that_is_listed_twice_is_read_twice() -> None:
    held = io.BytesIO()
    whole = by_xlsxwriter([["a"], ["b"]], inline=False)
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/workbook.xml":
                own = b'<sheet name="List" sheetId="1" r:id="rId1"/>'
                assert own in text
                text = text.replace(
                    own, own + own.replace(b"List", b"Other").replace(b'"1"', b'"2"')
                )
            new.writestr(name, text)
    content = held.getvalue()
    assert not is_plain(content)
    assert by_us(content) == by_calamine(content) == [[("a",), ("b",)]] * 2


def test_only_different_cells_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[int] = []
    read = texts_of

    def counted(sheet: CalamineSheet, count: int, behind: Sequence[str]) -> Texts:
        bottom, right = sheet.end or (-1, -1)
        decoded.append((bottom + 1) * (right + 1))
        return read(sheet, count, behind)

    content = by_xlsxwriter([["same", date(2023, 7, 4), 5]] * 1_000, inline=True)
    monkeypatch.setattr(workbooks, "texts_of", counted)
    assert len(by_us(content)[0]) == 1_000
    assert decoded == [16]


def test_cells_far_apart_are_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_xml, "MOST_CELLS", 50)
    cells = SheetCells()
    with pytest.raises(NotPlain):
        cells.take(
            DATA.format('<row r="26"><c r="A26"><v>1</v></c><c r="B26"><v>1</v></c></row>').encode()
        )

"""Any list with any cells gives the same grid, whoever wrote the workbook, and as a text file."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_builder.problems import Problem
from workbook_builder.readers import text_file, xlsx
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.sandbox import as_text

Value = str | int | float | bool | date | datetime | None
Rows = list[list[str]]

#: Cells that are written alike into any file: no text with a mark that separates, and no number
#: that a writer may round in the last place.
EXACT_CELL = st.one_of(
    st.none(),
    st.text(st.sampled_from("aB0 &<>\"'\u00e9\U0001f600"), max_size=6),
    st.sampled_from(
        ["", "1", "Yes", "x" * 9_000, " a ", "=1+1", "A1", "</c>", "xmlns", '" r="ZZ9"']
    ),
    st.integers(-3, 10**15 - 1),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2099, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(2099, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)
CELL = st.one_of(
    EXACT_CELL,
    st.text(st.sampled_from("a \t\n"), max_size=6),
    # The largest of all floats is rounded up to infinity by writers.
    st.floats(-1e300, 1e300),
)
LIST = st.lists(st.lists(CELL, max_size=5), max_size=8)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)
DATA = SHEET.format("<sheetData>{}</sheetData>")


def by_xlsxwriter(rows: list[list[Value]], *, inline: bool) -> bytes:
    held = io.BytesIO()
    options = {"constant_memory": inline, "in_memory": not inline, "strings_to_formulas": False}
    with xlsxwriter.Workbook(held, {**options, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("List")
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)
    return held.getvalue()


def by_openpyxl(rows: list[list[Value]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("List", 0)
    for row, cells in enumerate(rows, 1):
        for column, value in enumerate(cells, 1):
            cell = sheet.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def trimmed(rows: Rows) -> Rows:
    """Return rows without blank ones at the end and blank cells on the right, which say nothing."""
    rows = [list(row) for row in rows]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell), default=0)
    return [[*row, *[""] * width][:width] for row in rows]


def rows_of(grids: list[Grid] | Problem) -> Rows:
    assert isinstance(grids, list), grids
    return trimmed(grids[0].cells.to_numpy().tolist())


def as_typed(rows: list[list[Value]]) -> Rows:
    return [["" if value is None else as_text(value) for value in row] for row in rows]


@settings(max_examples=60)
@given(LIST, st.sampled_from(["shared", "inline", "openpyxl"]))
def test_what_others_write_is_read_as_it_was_typed(rows: list[list[Value]], writer: str) -> None:
    if writer == "openpyxl":
        content = by_openpyxl(rows)
    else:
        content = by_xlsxwriter(rows, inline=writer == "inline")
    found = rows_of(xlsx.read("a.xlsx", content))
    wanted = trimmed(as_typed(rows))
    for got, want in zip(found, wanted, strict=True):
        for text, typed in zip(got, want, strict=True):
            assert text == typed or float(text) == pytest.approx(float(typed))


@settings(max_examples=40)
@given(st.lists(st.lists(EXACT_CELL, min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_list_is_the_same_as_text_and_as_a_workbook(rows: list[list[Value]]) -> None:
    whole: list[list[Value]] = [["one", "two", "three"], *rows]
    typed = as_typed(whole)
    held = io.StringIO(newline="")
    csv.writer(held).writerows(typed)
    by_text = rows_of(text_file.read("a.csv", held.getvalue().encode()))
    assert rows_of(xlsx.read("a.xlsx", by_xlsxwriter(whole, inline=True))) == by_text


def with_sheet(xml: str) -> bytes:
    """Return a workbook whose first sheet has this XML; its texts are "first" and "second"."""
    held = io.BytesIO()
    whole = by_xlsxwriter([["first", "second"], [date(2023, 7, 4)]], inline=False)
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, xml.encode() if is_sheet else old.read(name))
    return held.getvalue()


@pytest.mark.parametrize(("cells", "wanted"), [
    ('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1"/><c r="D1" t="s"><v>1</v></c></row>',
     [["first", "", "", "second"]]),
    ('<row r="3"><c r="C3"><v>1</v></c></row>', [["", "", ""], ["", "", ""], ["", "", "1"]]),
    ('<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r>'
     '<r><t xml:space="preserve"> b</t></r></is></c><c r="B1" t="b"><v>1</v></c></row>',
     [["a b", "Yes"]]),
    ('<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><f>1/0</f></c><c r="C1"><v>1</v></c>'
     "</row>", [["#REF!", "#FORMULA!", "1"]]),
    ('<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>7</v></c></row>'
     '<row r="2"><c r="A2"><f t="shared" si="0"/><v>7</v></c>'
     '<c r="B2" t="str"><f>"a"</f><v>a</v></c></row>', [["7", ""], ["7", "a"]]),
    ('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><f>A1</f></c></row>',
     [["1"], ["#FORMULA!"]]),
    ("<row><c><v>1</v></c><c><v>2</v></c></row>", [["1", "2"]]),
    ('<row r="1"><c s="0" r="A1"><v>1</v></c></row>', [["1"]]),
    ("<row r='1'><c r='A1'><v>1</v></c></row>", [["1"]]),
    ('<row r="1"><!-- <c r="A1"><v>9</v></c> --><c r="B1"><v>1</v></c></row>', [["", "1"]]),
])  # fmt: skip
def test_cells_however_they_are_written(cells: str, wanted: Rows) -> None:
    assert rows_of(xlsx.read("a.xlsx", with_sheet(DATA.format(cells)))) == wanted


def test_hidden_rows_are_noted() -> None:
    cells = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    )
    grids = xlsx.read("a.xlsx", with_sheet(DATA.format(cells)))
    assert isinstance(grids, list)
    assert [(note.code, note.where.rows) for note in grids[0].notes] == [("X037", (1,))]


FAR = [
    '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    "<row r='1'><c r='a1'><v>1</v></c><c r  = 'xfd1048576'><v>1</v></c></row>",
    '<row r="1"><c r="A1"><v>1</v></c></row><x:row r="2"><x:c r="XFD999999"><v>1</v></x:c></x:row>',
    '<row r="100000"><c r="A100000"><v>1</v></c><c r="AZ1048576"><v>1</v></c>'
    '<c r="A1"><v>1</v></c></row><row r="100001"><c r="A100001"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row>' + "<row/>" * 100_000 + '<row><c r="ZZ"/></row>'
    '<row><c r="ZZ100002"><v>1</v></c></row>',
]  # fmt: skip


@pytest.mark.parametrize("cells", FAR)
def test_a_far_cell_is_found_before_memory_is_filled(
    cells: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(content: bytes) -> None:
        raise AssertionError("calamine would have filled the memory")

    monkeypatch.setattr(xlsx, "read_sheets", refuse)
    problem = xlsx.read("a.xlsx", with_sheet(DATA.format(cells)))
    assert isinstance(problem, Problem)
    assert problem.code == "X030"


@pytest.mark.parametrize("chunk", [60, 4_000_000])
def test_long_lists_are_not_taken_for_far_cells(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "_SEARCHED_AT_ONCE", chunk)
    rows = "".join(
        f'<row r="{row}"><c r="AB{row}"><v>1</v></c></row>' for row in range(99_000, 101_000)
    )
    metadata = xlsx.inspect("a.xlsx", with_sheet(DATA.format(rows)))
    assert not isinstance(metadata, Problem)
    (sheet,) = metadata.sheets.values()
    assert (sheet.last_row, sheet.last_column) == (100_999, 28)


def test_a_sheet_that_is_listed_twice_is_read_twice() -> None:
    held = io.BytesIO()
    whole = by_xlsxwriter([["a"], ["b"]], inline=False)
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/workbook.xml":
                own = b'<sheet name="List" sheetId="1" r:id="rId1"/>'
                other = own.replace(b"List", b"Other").replace(b'"1"', b'"2"')
                text = text.replace(own, own + other)
            new.writestr(name, text)
    grids = xlsx.read("a.xlsx", held.getvalue())
    assert isinstance(grids, list)
    assert [grid.sheet for grid in grids] == ["List", "Other"]
    assert [grid.cells[0].tolist() for grid in grids] == [["a", "b"]] * 2

"""How far a sheet reaches is found by quick searches; slow and plain ones find as much."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_builder.extracts.packages import column_number, looked_through
from workbook_builder.problems import Problem

_ROW = re.compile(rb"<(?:\w+:)?row\b")
_FAR = re.compile(rb"""\br\s*=\s*["'](?:([A-Za-z]{2,3})(\d{1,7})|([A-Za-z]?)(\d{6,7}))["']""")

PIECES = st.lists(
    st.sampled_from([
        "<row>", "<row ", "<row/>", "<row\n", "<rowBreaks ", "<row-x ", "<x:row ", "<row:row ",
        "</row>",
        ' r="A1"', " r='AB7'", ' r = "AAA12"', 'r="B100000"', 'xr="AB3"', 'r="1048576"', "r='5'",
        ' r="200000', '"', " rr=", "r=\"XFD9\"", "\n", "r", "_r=\"AC1\"", ":r='AD2'", ">", "text",
    ]),
    max_size=30,
)  # fmt: skip


def workbook(sheet: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return content.getvalue()


@settings(deadline=None)
@given(PIECES)
def test_a_sheet_reaches_as_far_as_its_rows_and_far_cells(pieces: list[str]) -> None:
    sheet = "".join(pieces).encode()
    rows, column = len(_ROW.findall(sheet)), 0
    for letters, row, letter, far_row in _FAR.findall(sheet):
        rows = max(rows, int(row or far_row))
        column = max(column, column_number(letters or letter))
    marks = looked_through("a.xlsx", workbook(sheet))
    if isinstance(marks, Problem):
        assert rows * max(column, 1) > 8_000_000 or rows > 1_048_576 or column > 16_384
        return
    found = [(one.last_row, one.last_column) for one in marks.sheets.values()]
    assert found == ([(rows, column)] if rows else [])


@pytest.mark.parametrize("cell", ['r="XFD1"', "r='XFD1'", 'r  = "XFD1"'])
def test_a_far_column_is_noticed_however_it_is_written(cell: str) -> None:
    marks = looked_through("a.xlsx", workbook(f"<row><c {cell}/></row>".encode()))
    assert not isinstance(marks, Problem)
    assert [one.last_column for one in marks.sheets.values()] == [16_384]

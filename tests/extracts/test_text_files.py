from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import frames
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.text_files import SEPARATORS, decoded, read_text_file
from workbook_builder.problems import Problem

ROWS = [["Child ID", "Date", "Café"], ["1", "01/07/2023", "a, b; c|d"], ["2", "", "£5 \u2013 x"]]


def rows_of(content: bytes) -> list[list[str]]:
    grid = read_text_file("a.csv", content)
    assert isinstance(grid, Grid)
    return [list(row) for row in frames.rows_of(grid.cells)]


def code_of(content: bytes) -> str:
    fault = read_text_file("a.csv", content)
    assert isinstance(fault, Problem)
    return fault.code


def written(separator: str, line_end: str = "\n") -> str:
    return line_end.join(separator.join(f'"{cell}"' for cell in row) for row in ROWS)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_with_every_separator(encoding: str, separator: str, line_end: str) -> None:
    assert rows_of(written(separator, line_end).encode(encoding)) == ROWS


@given(st.text())
def test_text_comes_back_from_utf_8(text: str) -> None:
    assert decoded(text.encode("utf-8-sig")) == text


def test_the_index_counts_rows_as_excel_does() -> None:
    content = b'Title\n\nChild ID,Date\n1,"two\nlines"\n2,x\n'
    grid = read_text_file("a.csv", content)
    assert isinstance(grid, Grid)
    assert list(grid.cells.rows) == [1, 2, 3, 4, 5]
    assert frames.rows_of(grid.cells)[4] == ("2", "x")


def test_the_separator_line_of_excel_is_no_row() -> None:
    assert rows_of(b"sep=;\r\na;b,c\r\n") == [["a", "b,c"]]


def test_rows_may_be_longer_or_shorter_than_the_first() -> None:
    assert rows_of(b"a,b\n1\n1,2,3\n") == [["a", "b", ""], ["1", "", ""], ["1", "2", "3"]]


def test_nothing_is_taken_for_a_number_or_a_blank() -> None:
    assert rows_of(b"a,b\n0001,NA\n1.0,\n") == [["a", "b"], ["0001", "NA"], ["1.0", ""]]


@pytest.mark.parametrize("quoted", ["a", '"a"'])
def test_a_second_byte_order_mark_is_no_text(quoted: str) -> None:
    content = f"\ufeff\ufeff{quoted},b\n1,2\n".encode()
    assert rows_of(content) == [["a", "b"], ["1", "2"]]


def test_nul_characters_are_damage() -> None:
    assert code_of(b"a,b\n1\0,2\n3,4\n") == "X012"


@pytest.mark.parametrize("content", [
    b'a,b,c\n1,"x,2\n3,y,4\n',
    b'a,b,c\n1,"x,2\n2,"y",3\n4,z,5\n',
    b'a,b,c\n1,"x,2\n2,y,3\n4,z,5\n6,",7\n',
])  # fmt: skip
def test_an_open_quotation_mark_never_swallows_rows(content: bytes) -> None:
    assert code_of(content) == "X013"


def test_quotation_marks_inside_a_text_are_no_damage() -> None:
    assert rows_of(b'a,b\n5" pipe,x\n"say ""hi""",y\n') == [
        ["a", "b"], ['5" pipe', "x"], ['say "hi"', "y"],
    ]  # fmt: skip


@given(st.binary())
def test_no_bytes_stop_it(content: bytes) -> None:
    read_text_file("a.csv", content)

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.text_file import SEPARATORS, decode, read

ROWS = [["Child ID", "Date", "Café"], ["1", "01/07/2023", "a, b; c|d"], ["2", "", "£5 \u2013 x"]]


def grid_of(content: bytes) -> Grid:
    grids = read("a.csv", content)
    assert isinstance(grids, list)
    (grid,) = grids
    return grid


def rows_of(content: bytes) -> list[list[str]]:
    rows: list[list[str]] = grid_of(content).cells.to_numpy().tolist()
    return rows


def problem_of(content: bytes) -> Problem:
    problem = read("a.csv", content)
    assert isinstance(problem, Problem)
    return problem


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
    assert decode(text.encode("utf-8-sig")) == text


def test_the_index_counts_rows_as_excel_does() -> None:
    content = b'Title\n\nChild ID,Date\n1,"two\nlines"\n2,x\n'
    cells = grid_of(content).cells
    assert list(cells.index) == [1, 2, 3, 4, 5]
    assert cells.iloc[4].tolist() == ["2", "x"]


def test_the_separator_line_of_excel_is_no_row() -> None:
    assert rows_of(b"sep=;\r\na;b,c\r\n") == [["a", "b,c"]]


CELL = st.one_of(
    st.text(st.sampled_from("ab0 \t\u00e9\u2028\x85\U0001f600'#"), max_size=30),
    st.sampled_from(["", "0", "12345678", "NA", "x" * 65, "1,5", 'say "hi"', "two\nlines"]),
)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=9))
def test_any_cells_come_back_as_they_were_written(rows: list[list[str]]) -> None:
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\n").writerows([["head", "ings"], *rows])
    width = max(map(len, rows))
    wanted = [[*row, *[""] * (width - len(row))] for row in [["head", "ings"], *rows]]
    content = held.getvalue().encode()
    # Many separators of another kind would make it another list.
    if sum(map(held.getvalue().count, ";|\t")) == 0:
        assert rows_of(content) == wanted


def test_a_row_far_below_may_be_the_longest() -> None:
    rows = rows_of(b"a,b\n" + b"1,2\n" * 1_000 + b"1,2,3,4\n" + b"5\n")
    assert rows[0] == ["a", "b", "", ""]
    assert rows[1001:] == [["1", "2", "3", "4"], ["5", "", "", ""]]


def test_the_first_row_may_be_the_longest_and_hold_many_lines() -> None:
    heading = "a" + "\nb" * 300
    assert rows_of(f'"{heading}",c,d\n1,2\n'.encode()) == [[heading, "c", "d"], ["1", "2", ""]]


def test_rows_may_be_longer_or_shorter_than_the_first() -> None:
    assert rows_of(b"a,b\n1\n1,2,3\n") == [["a", "b", ""], ["1", "", ""], ["1", "2", "3"]]


def test_nothing_is_taken_for_a_number_or_a_blank() -> None:
    assert rows_of(b"a,b\n0001,NA\n1.0,\n") == [["a", "b"], ["0001", "NA"], ["1.0", ""]]


@pytest.mark.parametrize("quoted", ["a", '"a"'])
def test_a_second_byte_order_mark_is_no_text(quoted: str) -> None:
    content = f"\ufeff\ufeff{quoted},b\n1,2\n".encode()
    assert rows_of(content) == [["a", "b"], ["1", "2"]]


def test_nul_characters_are_damage() -> None:
    assert problem_of(b"a,b\n1\0,2\n3,4\n").code == "X012"


@pytest.mark.parametrize("content", [
    b'a,b,c\n1,"x,2\n3,y,4\n',
    b'a,b,c\n1,"x,2\n2,"y",3\n4,z,5\n',
    b'a,b,c\n1,"x,2\n2,y,3\n4,z,5\n6,",7\n',
])  # fmt: skip
def test_an_open_quotation_mark_never_swallows_rows(content: bytes) -> None:
    assert problem_of(content).code == "X013"


@pytest.mark.parametrize(("content", "row"), [
    (b'a,b\n1,2\n"', 3), (b'a,b\n1,2\n"\n', 3), (b'a,b\n1,"2\n3,4', 2), (b'"', 1),
])  # fmt: skip
def test_an_open_quotation_mark_is_found_in_its_row(content: bytes, row: int) -> None:
    problem = problem_of(content)
    assert (problem.code, problem.where.rows) == ("X013", (row,))


def test_quotation_marks_inside_a_text_are_no_damage() -> None:
    assert rows_of(b'a,b\n5" pipe,x\n"say ""hi""",y\n') == [
        ["a", "b"], ['5" pipe', "x"], ['say "hi"', "y"],
    ]  # fmt: skip


@given(st.binary())
def test_no_bytes_stop_it(content: bytes) -> None:
    read("a.csv", content)

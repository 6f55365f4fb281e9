from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.readers.grid import Grid, frame_of_rows
from workbook_builder.readers.sandbox import as_text, as_texts

TEXTS = st.sampled_from(["", "a", "b", "1", "Yes", "\u00e9"])
CELLS = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from([0.0, -0.0, 1.0, 2.0, 0.5, 1e15, 1e16, 10**16, float("nan"), float("inf")]),
    st.datetimes(max_value=datetime.datetime(1900, 1, 3)),
    st.sampled_from([datetime.date(1900, 1, 1), datetime.datetime(1900, 1, 1)]),
    st.times(),
    st.timedeltas(),
)


@given(st.lists(st.lists(TEXTS, max_size=4), max_size=8))
def test_rows_of_any_length_become_a_table_of_texts(rows: list[list[str]]) -> None:
    width = max(map(len, rows), default=0)
    frame = frame_of_rows(rows)
    assert frame.columns.tolist() == [*range(width)]
    assert frame.index.tolist() == [*range(1, len(rows) + 1)]
    assert {dtype.kind for dtype in frame.dtypes} <= {"O"}
    assert frame.to_numpy().tolist() == [[*row, *[""] * (width - len(row))] for row in rows]


def test_a_column_may_begin_far_below_and_another_end() -> None:
    rows = [*itertools.repeat(["a", "b"], 2_500), *itertools.repeat(["a"], 2_500), ["a", "b", "c"]]
    frame = frame_of_rows(rows)
    assert [frame[column].tolist() for column in frame] == [
        ["a"] * 5_001,
        [*["b"] * 2_500, *[""] * 2_500, "b"],
        [*[""] * 5_000, "c"],
    ]


def test_errors_go_before_the_texts_of_cells_and_beyond_them() -> None:
    frame = frame_of_rows([["a", "b"]], {(1, 0): "#N/A", (3, 2): "#REF!"})
    assert frame.to_numpy().tolist() == [["#N/A", "b", ""], ["", "", ""], ["", "", "#REF!"]]


@pytest.mark.parametrize("different", [3, 60_000])
def test_equal_texts_share_their_memory(different: int) -> None:
    rows = ([f"text {row % different}"] for row in range(2 * different))
    column = frame_of_rows(rows)[0]
    assert column.nunique() == different
    assert len(set(map(id, column))) < max(different * 2 - 40_000, different + 1)


def test_the_top_has_the_names_of_the_first_rows() -> None:
    rows = [["", " Child ID\u00a0"], *[["x", "y"]] * 60]
    top = Grid("a.csv", "", frame_of_rows(rows)).top
    assert (len(top), top[0].number, top[0].texts) == (40, 1, ("", "Child ID"))
    assert top[0].names == ("", "childid")


@given(st.lists(CELLS))
def test_cells_together_are_written_as_each_by_itself(
    cells: list[str | bool | int | float | datetime.date | datetime.time | datetime.timedelta],
) -> None:
    assert list(as_texts(cells)) == [as_text(cell) for cell in cells]

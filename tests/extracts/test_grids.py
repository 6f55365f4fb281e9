from __future__ import annotations

import datetime
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import frames
from workbook_builder.extracts.calamine import as_text, as_texts
from workbook_builder.extracts.grids import cells_of

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


@settings(deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=4), max_size=8))
def test_rows_of_any_length_become_columns(rows: list[list[str]]) -> None:
    width = max(map(len, rows), default=0)
    cells = cells_of(rows)
    assert list(cells.columns) == list(range(width))
    assert list(cells.rows) == list(range(1, len(rows) + 1))
    whole = [(*row, *[""] * (width - len(row))) for row in rows]
    assert width == 0 or frames.rows_of(cells) == whole


def test_a_column_may_begin_far_below_and_another_end() -> None:
    rows = [*itertools.repeat(["a", "b"], 2_500), *itertools.repeat(["a"], 2_500), ["a", "b", "c"]]
    cells = cells_of(rows, {(1, 0): "other", (9_999, 0): "beyond"})
    assert [frames.cells_of(column) for column in cells.columns.values()] == [
        ["other", *["a"] * 5_000],
        [*["b"] * 2_500, *[""] * 2_500, "b"],
        [*[""] * 5_000, "c"],
    ]


@settings(deadline=None)
@given(st.lists(CELLS))
def test_cells_together_are_written_as_each_by_itself(
    cells: list[str | bool | int | float | datetime.date | datetime.time | datetime.timedelta],
) -> None:
    assert list(as_texts(cells)) == [as_text(cell) for cell in cells]

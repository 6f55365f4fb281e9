"""Rows that hold the same have the same number: held against tuples of plain Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.columns.same import numbered, numbered_rows, numbered_together
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.values import Column, Values

Row = tuple[str | None, date | None, float | None, bool | None]
ROW = st.tuples(
    st.none() | st.sampled_from(["", "a", "A", "a ", "é", "long text of more than eight bytes"]),
    st.none() | st.sampled_from([date(1970, 1, 1), date(2023, 6, 30), date(2023, 7, 1)]),
    st.none() | st.sampled_from([0.0, -0.0, 1.0, 1.5, -1.5]),
    st.none() | st.booleans(),
)
ROWS = st.lists(ROW, max_size=30)


def columns(rows: Sequence[Row]) -> list[Column]:
    texts, *others = ([row[at] for row in rows] for at in range(4))
    kinds = ("datetime64[D]", "float64", "bool")
    return [Texts.of(texts), *map(values, others, kinds)]  # type: ignore[arg-type]


def values(cells: Sequence[object], kind: str) -> Values:
    blank = np.array([cell is None for cell in cells], dtype=bool)
    # What stands where a cell is blank means nothing: here it is another thing in each row.
    made = [at % 2 if cell is None else cell for at, cell in enumerate(cells)]
    return Values(np.array(made, dtype=object).astype(kind), blank)


def alike(rows: Sequence[object]) -> list[list[bool]]:
    return [[one == other for other in rows] for one in rows]


@given(ROWS)
def test_rows_have_the_same_number_if_all_their_cells_are_equal(rows: list[Row]) -> None:
    assert alike(numbered_rows(columns(rows)).tolist()) == alike(rows)


@given(ROWS, ROWS)
def test_rows_of_tables_below_one_another_are_numbered_together(
    first: list[Row], second: list[Row]
) -> None:
    found = numbered_together([columns(first), columns(second)])
    assert alike(found.tolist()) == alike([*first, *second])


@given(ROWS)
def test_blanks_have_no_number(rows: list[Row]) -> None:
    for at, column in enumerate(columns(rows)):
        found = numbered(column).tolist()
        assert [number == -1 for number in found] == [row[at] is None for row in rows]


def test_numbers_that_differ_in_their_last_bit_are_not_the_same() -> None:
    near = math.nextafter(0.3, 1)
    column = Values(np.array([0.3, near, 0.3]), np.zeros(3, dtype=bool))
    first, second, third = numbered(column).tolist()
    assert first == third != second

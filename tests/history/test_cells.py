"""Cells as people and programs leave them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.history.workbook_tables import NotANumber, Value, month_of, number_of, text_of
from workbook_builder.months import Month
from workbook_builder.workbook_format import numbers_in, numbers_text


@pytest.mark.parametrize(
    ("cell", "number"),
    [(3, 3), (3.5, 3.5), ("3", 3), (" 3.50", 3.5), ("1,234", 1234), ("95%", 0.95), ("-2", -2),
     ("1e-3", 0.001), (None, None), ("", None)],
)  # fmt: skip
def test_numbers(cell: Value, number: float | None) -> None:
    value = cell.strip() if isinstance(cell, str) else cell
    assert number_of(value) == number


@pytest.mark.parametrize("cell", ["n/a", "12*", "#N/A", "1,23", "%", "c", True, date(2023, 7, 1)])
def test_what_is_no_number(cell: Value) -> None:
    with pytest.raises(NotANumber):
        number_of(cell)


@pytest.mark.parametrize(
    "cell",
    ["2023-07", "Jul-23", "July 2023", datetime(2023, 7, 1), date(2023, 7, 31), 45108, 45108.0,
     "07/2023", "01/07/2023"],
)  # fmt: skip
def test_months(cell: Value) -> None:
    assert month_of(cell) == Month(2023, 7)


@pytest.mark.parametrize("cell", [None, "", "July", "Q1", 7, "2023-13"])
def test_what_is_no_month(cell: Value) -> None:
    assert month_of(cell) is None


def test_a_team_may_be_a_number() -> None:
    assert text_of(7.0) == text_of(7) == "7"


@given(st.tuples(*[st.none() | st.floats(allow_nan=False, allow_infinity=False)] * 3))
def test_numbers_come_back_from_one_cell(numbers: tuple[float | None, ...]) -> None:
    back = numbers_in(numbers_text(numbers))
    assert back is not None
    for one, other in zip(numbers, back, strict=True):
        assert (one is None) == (other is None)
        assert one == other

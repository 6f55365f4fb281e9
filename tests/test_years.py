"""Reporting years, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.months import reporting_year, year_label


@pytest.mark.parametrize("text", ["2022", "202122", "2021/22", "2021-22", "2021/2022", " 2022 "])
def test_ways_of_writing_one_year(text: str) -> None:
    assert reporting_year(text) == 2022


@pytest.mark.parametrize("text", ["", "22", "2021/23", "202123", "202212", "Mar-19", "2022Q1"])
def test_what_is_no_year(text: str) -> None:
    assert reporting_year(text) is None


@given(st.integers(1950, 2090))
def test_a_label_is_read_back(year: int) -> None:
    assert reporting_year(year_label(year)) == year

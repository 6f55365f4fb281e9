"""The functions of measures, run on the engine itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from workbook_builder.measures.expressions import OWN_FUNCTIONS
from workbook_builder.store.calendar import bank_holidays
from workbook_builder.store.duckdb_store import DuckDBStore

BANK_HOLIDAYS = {
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
}

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))

Result = Callable[..., Any]


@pytest.fixture(scope="module")
def result() -> Iterator[Result]:
    """Run a function on the engine: days and whole numbers in, its value out."""
    with DuckDBStore({}) as engine:

        def run(name: str, *values: date | int) -> object:
            wanted, tree = OWN_FUNCTIONS[name]
            assert wanted == len(values)
            return engine.rows(exp.select(tree([written(value) for value in values])))[0][0]

        yield run


def written(value: date | int) -> exp.Expr:
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    return exp.Literal.number(value)


@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_bank_holidays(year: int) -> None:
    on_weekdays = {day for day in bank_holidays() if day.year == year and day.weekday() < 5}
    assert on_weekdays == {
        date.fromisoformat(f"{year}-{day}") for day in BANK_HOLIDAYS[year].split()
    }


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2023, 7, 14), date(2023, 7, 17), 1),  # Friday to Monday
        (date(2023, 7, 14), date(2023, 7, 14), 0),  # the same day
        (date(2023, 7, 15), date(2023, 7, 15), 0),  # the same Saturday
        (date(2023, 7, 15), date(2023, 7, 16), 0),  # Saturday to Sunday
        (date(2023, 7, 15), date(2023, 7, 17), 1),  # a Saturday start
        (date(2023, 7, 17), date(2023, 7, 14), -1),  # the end before the start
        (date(2023, 4, 6), date(2023, 4, 11), 1),  # over Easter 2023
        (date(2023, 4, 6), date(2023, 4, 10), 0),  # to Easter Monday
        (date(2022, 12, 23), date(2022, 12, 28), 1),  # over Christmas 2022
        (date(2022, 12, 23), date(2023, 1, 3), 4),  # and over the new year
        (date(2022, 9, 16), date(2022, 9, 20), 1),  # over the state funeral
    ],
)
def test_working_days(start: date, end: date, days: int, result: Result) -> None:
    assert result("working_days", start, end) == days


@pytest.mark.parametrize(
    ("day", "back", "first"),
    [
        (date(2023, 7, 31), 10, date(2023, 7, 17)),
        (date(2023, 7, 31), 0, date(2023, 7, 31)),
        (date(2023, 7, 17), 1, date(2023, 7, 14)),
        (date(2023, 7, 16), 0, date(2023, 7, 14)),  # a Sunday
        (date(2023, 4, 11), 1, date(2023, 4, 6)),
    ],
)
def test_working_days_before(day: date, back: int, first: date, result: Result) -> None:
    assert result("working_days_before", day, back) == first


@given(day=DAYS, apart=st.integers(-60, 60), most=st.integers(0, 30))
def test_working_days_before_agrees_with_working_days(
    day: date, apart: int, most: int, result: Result
) -> None:
    visit = day - timedelta(days=apart)
    recent = visit >= result("working_days_before", day, most)
    assert recent == (result("working_days", visit, day) <= most)


@given(start=DAYS, length=st.integers(0, 200))
def test_working_days_are_those_that_one_would_count(
    start: date, length: int, result: Result
) -> None:
    later = [start + timedelta(days=ahead) for ahead in range(1, length + 1)]
    counted = [day for day in later if day.weekday() < 5 and day not in bank_holidays()]
    assert result("working_days", start, start + timedelta(days=length)) == len(counted)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 2, 29), date(2023, 2, 28), 14),
        (date(2008, 2, 29), date(2023, 3, 1), 15),
        (date(2008, 2, 29), date(2024, 2, 28), 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2008, 12, 31), date(2023, 1, 1), 14),
        (date(2023, 7, 31), date(2023, 7, 31), 0),
    ],
)
def test_age_at(born: date, day: date, age: int, result: Result) -> None:
    assert result("age_at", born, day) == age


@pytest.mark.parametrize(
    ("name", "day", "back", "before"),
    [
        ("months_before", date(2023, 7, 31), 1, date(2023, 6, 30)),
        ("months_before", date(2024, 2, 29), 12, date(2023, 2, 28)),
        ("months_before", date(2023, 7, 15), 0, date(2023, 7, 15)),
        ("days_before", date(2023, 3, 1), 1, date(2023, 2, 28)),
        ("days_before", date(2024, 3, 1), 28, date(2024, 2, 2)),
    ],
)
def test_days_back(name: str, day: date, back: int, before: date, result: Result) -> None:
    assert result(name, day, back) == before


@given(start=DAYS, end=DAYS)
def test_days_between(start: date, end: date, result: Result) -> None:
    assert result("days_between", start, end) == (end - start).days

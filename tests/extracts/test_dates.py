from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.extracts.dates import (
    FIRST_DAY,
    LAST_DAY,
    days_written_in,
    is_month_first,
    read_day,
    read_month,
    without_time,
)

LONG = ("January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December")  # fmt: skip
SHORT = tuple(name[:3] for name in LONG)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_a_day_is_read_back_from_every_form_with_four_digits(day: date) -> None:
    short, long = SHORT[day.month - 1], LONG[day.month - 1]
    forms = [
        f"{day.day:02d}/{day.month:02d}/{day.year}", f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02d}-{day.month:02d}-{day.year}", f"{day.day:02d}.{day.month:02d}.{day.year}",
        f"{day.day:02d}-{short}-{day.year}", f"{day.day} {short} {day.year}",
        f"{day.day} {long} {day.year}", f"{day.day:02d}-{short.upper()}-{day.year}",
        day.isoformat(), f"{day.year}/{day.month:02d}/{day.day:02d}",
        f"{day.year}{day.month:02d}{day.day:02d}",
        f"{WEEKDAYS[day.weekday()]}, {day.day} {long} {day.year}",
        f"{WEEKDAYS[day.weekday()][:3]} {day.day:02d} {short} {day.year}",
        f"{day.day}th {long}, {day.year}",
    ]  # fmt: skip
    assert {read_day(form) for form in forms} == {day}


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)))
def test_a_day_is_read_back_from_every_form_with_two_digits(day: date) -> None:
    year = day.year % 100
    forms = [
        f"{day.day:02d}/{day.month:02d}/{year:02d}",
        f"{day.day:02d}-{SHORT[day.month - 1]}-{year:02d}",
    ]
    assert {read_day(form) for form in forms} == {day}


@given(st.integers(10_000, 73_050))
def test_a_serial_counts_days_as_excel_does(serial: int) -> None:
    assert read_day(str(serial)) == date(1899, 12, 30) + timedelta(days=serial)


@pytest.mark.parametrize("text", [
    "31/02/2023", "00/05/2023", "07/31/2023", "29-Feb-23", "31/12/1899", "01/01/2100", "99999",
    "1-Foo-23", "2023-13-01", "01/02-2023", "today", "", "1234", "1/2/203", "٠١/٠٢/٢٠٢٣",
    "31072023", "20230732", "20231301", "18991231", "Tuesday, 31 July 2023", "Foo, 31 July 2023",
])  # fmt: skip
def test_what_is_no_day_is_not_read(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(("text", "month"), [
    ("2023-07", "2023-07"), ("2023-7", "2023-07"), ("Jul-23", "2023-07"), ("Jul 2023", "2023-07"),
    ("July 2023", "2023-07"), ("JULY-2023", "2023-07"), ("07/2023", "2023-07"),
    ("7/2023", "2023-07"), ("31/07/2023", "2023-07"), ("1-Jul-23", "2023-07"),
    ("45108", "2023-07"), ("13/2023", None), ("2023", None), ("Foo-23", None),
])  # fmt: skip
def test_months(text: str, month: str | None) -> None:
    assert read_month(text) == month


@pytest.mark.parametrize(("line", "days"), [
    ("Period: 01/07/2022 to 31/07/2023", (date(2022, 7, 1), date(2023, 7, 31))),
    ("2022-07-01 2023-07-31", (date(2022, 7, 1), date(2023, 7, 31))),
    ("From 1 July 2022 until 31-Jul-23.", (date(2022, 7, 1), date(2023, 7, 31))),
    ("Run on 31/02/2023 by 2000356653", ()),
    ("Referrals 45108", ()),
])  # fmt: skip
def test_days_in_a_line(line: str, days: tuple[date, ...]) -> None:
    assert days_written_in(line) == days


def test_only_days_that_must_be_american_are_month_first() -> None:
    assert is_month_first("07/31/2023")
    assert not is_month_first("07/08/2023")
    assert not is_month_first("31/07/2023")


_ANY_TIME = re.compile(
    r"(?:[T ]+(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?"
    r"|(?<=^\d{5})\.\d+)$"
)


@given(
    st.sampled_from(["31/07/2023", "2023-07-31", "1-Jul-2023", "1/7/2023", "2023-7-31 ", "45138",
                     "2023-07-3T", "10:00 10:0", "soon", "\u0663\u0661/07/2023"]),
    st.sampled_from([" ", "T", "  ", "t", "-", "."]),
    st.from_regex(r"[0-9\u0663]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[ap]m)?", fullmatch=True),
)  # fmt: skip
def test_a_time_of_day_goes_however_it_is_written(day: str, between: str, time: str) -> None:
    text = day + between + time
    assert without_time(text) == _ANY_TIME.sub("", text)

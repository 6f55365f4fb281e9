"""The working-day calendar of England and Wales.

Day 0 is the start date: the working days from one day to another are those after the first up to
and including the second. So each day needs only the running count of working days up to it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2050, 12, 31)

_BY_YEAR = """
1990 01-01 04-13 04-16 05-07 05-28 08-27 12-25 12-26
1991 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
1992 01-01 04-17 04-20 05-04 05-25 08-31 12-25 12-26 12-28
1993 01-01 04-09 04-12 05-03 05-31 08-30 12-25 12-26 12-27 12-28
1994 01-01 01-03 04-01 04-04 05-02 05-30 08-29 12-25 12-26 12-27
1995 01-01 01-02 04-14 04-17 05-08 05-29 08-28 12-25 12-26
1996 01-01 04-05 04-08 05-06 05-27 08-26 12-25 12-26
1997 01-01 03-28 03-31 05-05 05-26 08-25 12-25 12-26
1998 01-01 04-10 04-13 05-04 05-25 08-31 12-25 12-26 12-28
1999 01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28 12-31
2000 01-01 01-03 04-21 04-24 05-01 05-29 08-28 12-25 12-26
2001 01-01 04-13 04-16 05-07 05-28 08-27 12-25 12-26
2002 01-01 03-29 04-01 05-06 06-03 06-04 08-26 12-25 12-26
2003 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2004 01-01 04-09 04-12 05-03 05-31 08-30 12-25 12-26 12-27 12-28
2005 01-01 01-03 03-25 03-28 05-02 05-30 08-29 12-25 12-26 12-27
2006 01-01 01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26
2007 01-01 04-06 04-09 05-07 05-28 08-27 12-25 12-26
2008 01-01 03-21 03-24 05-05 05-26 08-25 12-25 12-26
2009 01-01 04-10 04-13 05-04 05-25 08-31 12-25 12-26 12-28
2010 01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28
2011 01-01 01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-25 12-26 12-27
2012 01-01 01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26
2013 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
2014 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2015 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28
2016 01-01 03-25 03-28 05-02 05-30 08-29 12-25 12-26 12-27
2017 01-01 01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26
2018 01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26
2019 01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26
2020 01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-26 12-28
2021 01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28
2022 01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27
2023 01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
2024 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
2025 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2026 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28
2027 01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28
2028 01-01 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26
2029 01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26
2030 01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26
2031 01-01 04-11 04-14 05-05 05-26 08-25 12-25 12-26
2032 01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28
2033 01-01 01-03 04-15 04-18 05-02 05-30 08-29 12-25 12-26 12-27
2034 01-01 01-02 04-07 04-10 05-01 05-29 08-28 12-25 12-26
2035 01-01 03-23 03-26 05-07 05-28 08-27 12-25 12-26
2036 01-01 04-11 04-14 05-05 05-26 08-25 12-25 12-26
2037 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28
2038 01-01 04-23 04-26 05-03 05-31 08-30 12-25 12-26 12-27 12-28
2039 01-01 01-03 04-08 04-11 05-02 05-30 08-29 12-25 12-26 12-27
2040 01-01 01-02 03-30 04-02 05-07 05-28 08-27 12-25 12-26
2041 01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26
2042 01-01 04-04 04-07 05-05 05-26 08-25 12-25 12-26
2043 01-01 03-27 03-30 05-04 05-25 08-31 12-25 12-26 12-28
2044 01-01 04-15 04-18 05-02 05-30 08-29 12-25 12-26 12-27
2045 01-01 01-02 04-07 04-10 05-01 05-29 08-28 12-25 12-26
2046 01-01 03-23 03-26 05-07 05-28 08-27 12-25 12-26
2047 01-01 04-12 04-15 05-06 05-27 08-26 12-25 12-26
2048 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28
2049 01-01 04-16 04-19 05-03 05-31 08-30 12-25 12-26 12-27 12-28
2050 01-01 01-03 04-08 04-11 05-02 05-30 08-29 12-25 12-26 12-27
"""


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """Return the bank holidays of England and Wales from FIRST_DAY to LAST_DAY."""
    found: set[date] = set()
    for line in _BY_YEAR.split("\n")[1:-1]:
        year, *days = line.split()
        found.update(date.fromisoformat(f"{year}-{day}") for day in days)
    return frozenset(found)


#: The day from which NumPy counts.
_ORDINAL_OF_1970 = date(1970, 1, 1).toordinal()
_SATURDAY = 5
_DAYS_A_WEEK = 7


@lru_cache(maxsize=100_000)
def is_working_day(day: date) -> bool:
    """Tell whether a day is a working day; beyond the calendar bank holidays are not known."""
    return day.weekday() < _SATURDAY and day not in bank_holidays()


def working_days(first: date, last: date) -> int:
    """Return how many working days there are from one day to another, both of them included."""
    if last < first:
        return 0
    weekdays = _weekdays_up_to(last.toordinal()) - _weekdays_up_to(first.toordinal() - 1)
    closed = _closed_weekdays()
    return weekdays - (bisect_right(closed, last) - bisect_left(closed, first))


def _weekdays_up_to(ordinal: int) -> int:
    # Day 1 of all days is a Monday.
    weeks, rest = divmod(ordinal, _DAYS_A_WEEK)
    return weeks * _SATURDAY + min(rest, _SATURDAY)


@lru_cache(maxsize=1)
def _closed_weekdays() -> Sequence[date]:
    return sorted(day for day in bank_holidays() if day.weekday() < _SATURDAY)


def calendar_days() -> Iterator[tuple[date, int, bool]]:
    """Yield each day, the working days up to and including it, and whether it is one itself."""
    number = 0
    for ahead in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=ahead)
        working = is_working_day(day)
        number += working
        yield day, number, working


def working_days_of_spans(spans: Sequence[tuple[date, date]]) -> list[int]:
    """Return the `working_days` of many spans of days, which takes a fraction of the time."""
    ordinals = [(first.toordinal(), last.toordinal() + 1) for first, last in spans]
    begin, end = np.array(ordinals, np.int64).reshape(-1, 2).T - _ORDINAL_OF_1970
    numbers = np.busday_count(
        begin.astype("datetime64[D]"), end.astype("datetime64[D]"), busdaycal=_working_calendar()
    )
    return [int(number) for number in np.where(begin < end, numbers, 0)]


@lru_cache(maxsize=1)
def _working_calendar() -> np.busdaycalendar:
    return np.busdaycalendar(holidays=sorted(bank_holidays()))


def calendar_columns() -> Mapping[str, npt.NDArray[Any]]:
    """Return `calendar_days` as columns, which takes a hundredth of the time."""
    days = np.arange(np.datetime64(FIRST_DAY), np.datetime64(LAST_DAY + timedelta(days=1)))
    working = np.is_busday(days, busdaycal=_working_calendar())
    return {"day": days.astype("datetime64[s]"), "number": np.cumsum(working), "working": working}

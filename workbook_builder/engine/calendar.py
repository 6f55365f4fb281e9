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

from workbook_builder.engine.bank_holidays import FIRST_DAY, LAST_DAY, bank_holidays

if TYPE_CHECKING:
    import numpy.typing as npt

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


def calendar_columns() -> Mapping[str, npt.NDArray[Any]]:
    """Return `calendar_days` as columns, which takes a hundredth of the time."""
    days = np.arange(np.datetime64(FIRST_DAY), np.datetime64(LAST_DAY + timedelta(days=1)))
    working = np.is_busday(days, holidays=sorted(bank_holidays()))
    return {"day": days.astype("datetime64[s]"), "number": np.cumsum(working), "working": working}

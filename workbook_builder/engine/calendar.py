"""The working-day calendar of England and Wales.

Day 0 is the start date: the working days from one day to another are those after the first up to
and including the second. So each day needs only the running count of working days up to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2050, 12, 31)

_SATURDAY = 5


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """Return the bank holidays of England and Wales from FIRST_DAY to LAST_DAY."""
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years))


def calendar_days() -> Iterator[tuple[date, int, bool]]:
    """Yield each day, the working days up to and including it, and whether it is one itself."""
    closed = bank_holidays()
    number = 0
    for ahead in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=ahead)
        working = day.weekday() < _SATURDAY and day not in closed
        number += working
        yield day, number, working

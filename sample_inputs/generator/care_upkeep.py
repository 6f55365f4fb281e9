"""What must be kept up to date (plans, reviews): so many in date at each month end."""

import random
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .care_people import Life, Record
from .care_totals import CARE_FROM, LAST, MONTH_ENDS, PERIODS, YEAR
from .days import is_working
from .rhythm import in_time

HALF_YEAR = 6
Days = defaultdict[str, list[date]]
# Children with the number of their records that count.
Members = list[tuple[Life, int]]


def months_before(day: date, months: int) -> date:
    """The day so many months earlier, or the last of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def members(
    lives: list[Life], day: date, counts: Callable[[Life, Record], bool] = lambda *_: True
) -> Members:
    """The children with open records that count."""
    found = [(life, sum(counts(life, x) for x in life.open_records(day))) for life in lives]
    return [(life, weight) for life, weight in found if weight]


def total(people: Members) -> int:
    """How many records the members have."""
    return sum(weight for _, weight in people)


def in_window(days: list[date], first: date, last: date) -> bool:
    """Whether any of the days is from ``first`` to ``last``."""
    return any(first <= day <= last for day in days)


def day_in(rng: random.Random, month: int, life: Life, latest: date | None = None) -> date:
    """A working day of the month, or any day, on which the child is in care."""
    first, last = PERIODS[month].first, latest or PERIODS[month].last
    stay = next(stay for stay in life.stays if stay.is_open(MONTH_ENDS[month]))
    free = [day for day in PERIODS[month].days() if max(first, stay.start) <= day <= last]
    return rng.choice([day for day in free if is_working(day)] or free)


@dataclass(frozen=True)
class Upkeep:
    """Something renewed at least every half year; ``days`` fill up as months are settled."""

    rng: random.Random
    days: Days

    def in_date(self, life: Life, month: int) -> bool:
        """Whether the child's is in date at the month end."""
        end = MONTH_ENDS[month]
        return in_window(self.days[life.child], months_before(end, HALF_YEAR), end)

    def settle(
        self,
        month: int,
        people: Members,
        wanted: int,
        has: Callable[[Life, int], bool] | None = None,
    ) -> list[Life]:
        """Renew so many of the overdue that ``wanted`` records are in date; gives whose."""
        fine = has or self.in_date
        overdue = [(life, weight) for life, weight in people if not fine(life, month)]
        missing = wanted - total(people) + total(overdue)
        if missing < 0:
            raise ValueError(f"month {month}: {-missing} too many in date")
        renewed = []
        for life, weight in sorted(overdue, key=self._order):
            if weight <= missing:
                self.days[life.child].append(day_in(self.rng, month, life))
                renewed.append(life)
                missing -= weight
        if missing:
            raise ValueError(f"month {month}: {missing} more needed in date")
        return renewed

    def _order(self, member: tuple[Life, int]) -> tuple[int, float]:
        """Children of two records first, then rather those who have waited longest."""
        life, weight = member
        waited = (MONTH_ENDS[LAST] - max(self.days[life.child], default=CARE_FROM)).days
        return -weight, -waited * (0.5 + self.rng.random())


def kept_up(
    rng: random.Random, lives: list[Life], percents: list[int], who: Callable[[date], Members]
) -> Days:
    """The days of something kept up by those whom ``who`` gives, from half a year before."""
    upkeep = Upkeep(rng, defaultdict(list))
    for month in range(HALF_YEAR, LAST + 1):
        people = who(MONTH_ENDS[month])
        upkeep.settle(month, people, wanted_of(percents, month, total(people)))
    return upkeep.days


def wanted_of(percents: list[int], month: int, number: int) -> int:
    """How many of ``number`` are in date; fewer in the half year in which the list begins."""
    if month < YEAR:
        return percents[0] * number * (month - HALF_YEAR + 1) // (100 * (HALF_YEAR + 1))
    return in_time(percents[month - YEAR], number)

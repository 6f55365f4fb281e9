"""Referrals of children referred before: so many within twelve months, month by month."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .days import FIRST_DAY, draw_dates, periods_from
from .flows import Event
from .outcomes import MONTHS_COUNTED, within
from .rhythm import in_time

REFERRALS_FROM = date(2021, 7, 1)
NOT_SOONER = timedelta(20)


def look_back(rng: random.Random, totals: list[int], fresh: Iterator[str]) -> list[Event]:
    """Referrals of the twelve months before the first: about as many as a year later."""
    months = [period for period in periods_from(REFERRALS_FROM) if period.last < FIRST_DAY]
    return [
        (day, next(fresh))
        for period, total in zip(months, totals, strict=False)
        for day in draw_dates(rng, period, round(total * rng.uniform(0.93, 1.07)))
    ]


def refer_again(
    rng: random.Random, referrals: list[Event], known: set[str], percents: list[int]
) -> list[Event]:
    """The same referrals, some of the earlier ones now of children referred again later.

    ``known`` are children with a life of their own (an assessment); a referral of another, who has
    no other, may be given to another child.
    """
    history = _History([day for day, _ in referrals], [child for _, child in referrals], known)
    for period, percent in zip(MONTHS_COUNTED, percents, strict=True):
        month = [at for at, day in enumerate(history.days) if within(period, day)]
        lacking = in_time(percent, len(month)) - sum(history.is_repeat(at) for at in month)
        if lacking < 0:
            raise ValueError(f"{-lacking} re-referrals too many in {period.last}")
        for at in rng.sample(month, len(month)):
            lacking -= lacking > 0 and history.give_earlier(rng, at)
        if lacking:
            raise ValueError(f"{lacking} re-referrals lacking in {period.last}")
    return list(zip(history.days, history.children, strict=True))


@dataclass
class _History:
    """Referrals in order of date, and the children whose they are."""

    days: list[date]
    children: list[str]
    known: set[str]

    def __post_init__(self) -> None:
        self.times = Counter(self.children)
        self.spare = [at for at, child in enumerate(self.children)
                      if child not in self.known and self.times[child] == 1]  # fmt: skip

    def is_repeat(self, at: int) -> bool:
        """Whether the child of a referral had another in the twelve months before."""
        child, day = self.children[at], self.days[at]
        return self.times[child] > 1 and any(
            other == child and _year_before(day) <= earlier < day
            for earlier, other in zip(self.days[:at], self.children[:at], strict=True)
        )

    def give_earlier(self, rng: random.Random, at: int) -> bool:
        """Give the child of a referral, if it has no other, an earlier one; says if it did.

        Those come first that lie far back: no later month can use them.
        """
        day, child = self.days[at], self.children[at]
        first, last = _year_before(day), day - NOT_SOONER
        earlier = [n for n in self.spare if n != at and first <= self.days[n] <= last]
        if self.times[child] > 1 or not earlier:
            return False
        chosen = earlier[int(len(earlier) * rng.random() ** 1.5)]
        self.spare = [n for n in self.spare if n not in (chosen, at)]
        self.children[chosen] = child
        self.times[child] = 2
        return True


def _year_before(day: date) -> date:
    """The day twelve calendar months before (none of the days is a 29 February)."""
    return day.replace(year=day.year - 1)

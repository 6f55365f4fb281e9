"""Months, working days and the drawing of dates."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

RUN_DATE = date(2023, 8, 3)
FIRST_DAY = date(2022, 7, 1)
WEEKEND_SHARE = 0.02
# A period this long in records has one on every working day and on its first and last day.
BUSY = 30

BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2021-08-30", "2021-12-27", "2021-12-28", "2022-01-03", "2022-04-15", "2022-04-18",
        "2022-05-02", "2022-06-02", "2022-06-03", "2022-08-29", "2022-09-19", "2022-12-26",
        "2022-12-27", "2023-01-02", "2023-04-07", "2023-04-10", "2023-05-01", "2023-05-08",
        "2023-05-29",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A month, or the first days of one: its first and last day."""

    first: date
    last: date

    def days(self) -> list[date]:
        """Every day of the period, in order."""
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]


def periods_from(first: date) -> list[Period]:
    """The months from ``first`` to July 2023, then 1 to 3 August 2023."""
    periods = []
    while first <= RUN_DATE:
        following = (first + timedelta(31)).replace(day=1)
        periods.append(Period(first, min(following - timedelta(1), RUN_DATE)))
        first = following
    return periods


def is_working(day: date) -> bool:
    """Whether ``day`` is neither a weekend nor a bank holiday in England."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def working_on_or_before(day: date) -> date:
    """The last working day that is not after ``day``."""
    while not is_working(day):
        day -= timedelta(1)
    return day


def draw_dates(
    rng: random.Random, period: Period, count: int, weekend_share: float = WEEKEND_SHARE
) -> list[date]:
    """Draw ``count`` days of the period, in order; a weekend day weighs ``weekend_share``."""
    days = period.days()
    drawn: list[date] = []
    if count >= BUSY and len(days) > 5:
        drawn = [day for day in days if is_working(day) or day in (period.first, period.last)]
    weights = [1.0 if is_working(day) else weekend_share for day in days]
    return sorted(drawn + rng.choices(days, weights, k=count - len(drawn)))


def draw_events(
    rng: random.Random, totals: list[int], weekend_share: float = WEEKEND_SHARE
) -> list[date]:
    """Draw dates from July 2022 on: the total of each month, then some for the last days."""
    return [
        day
        for period, count in zip(periods_from(FIRST_DAY), with_last_days(totals), strict=True)
        for day in draw_dates(rng, period, count, weekend_share)
    ]


def with_last_days(totals: list[int]) -> list[int]:
    """The monthly totals and, behind them, a number for 1 to 3 August in proportion."""
    return [*totals, round(totals[-1] / 7)]

"""Which assessment ends when: so many in time each month, the others late."""

import random
from bisect import bisect, bisect_left
from collections import Counter
from datetime import date, timedelta

from .days import Period, draw_dates, is_working
from .flows import Flow, Pace, Spell, opening_spells
from .rhythm import in_time

IN_TIME_DAYS = 45
# How old the next assessment to end in time is: towards 0 the youngest, high the oldest.
YOUNG, OLD = 0.55, 1.5
NEARLY_LATE = 42
RESERVE = 1.3


def working_days(start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``."""
    days = (end - start).days
    return sum(is_working(start + timedelta(n)) for n in range(1, days + 1))


def back_by_working_days(end: date, count: int) -> date:
    """The last day from which ``working_days`` to ``end`` is ``count``."""
    day = end
    while count > 0 or not is_working(day):
        count -= is_working(day)
        day -= timedelta(1)
    return day


def simulate_assessments(
    rng: random.Random, periods: list[Period], flow: Flow, pace: Pace, percents: list[int]
) -> list[Spell]:
    """As ``simulate``, with the percentage of each period's ends that come in 45 working days."""
    still_open = opening_spells(rng, periods[0].first, flow.opening, pace)
    spells = list(still_open)
    late = _late_ends(flow, percents)
    for n, period in enumerate(periods):
        starts = Counter(draw_dates(rng, period, flow.starts[n]))
        ends = draw_dates(rng, period, flow.ends[n])
        remaining, ahead = late[n], late[min(n + 1, len(late) - 1)]
        for day in period.days():
            first, last = (len(ends) - cut(ends, day) for cut in (bisect_left, bisect))
            for left in range(first, last, -1):
                remaining -= _end_one(rng, still_open, day, (remaining, left, ahead))
            begun = [Spell(day) for _ in range(starts[day])]
            still_open += begun
            spells += begun
        if remaining:
            raise ValueError(f"{remaining} late assessments lacking by {period.last}")
    return spells


def _late_ends(flow: Flow, percents: list[int]) -> list[int]:
    """How many of each period's ends are late; of the last, short period a tenth."""
    months, rest = flow.ends[: len(percents)], flow.ends[len(percents) :]
    late = [ends - in_time(percent, ends) for ends, percent in zip(months, percents, strict=True)]
    return late + [ends // 10 for ends in rest]


def _end_one(
    rng: random.Random, still_open: list[Spell], day: date, wanted: tuple[int, int, int]
) -> bool:
    """End one of ``still_open`` (in order of start) on ``day``; says whether it was late.

    ``wanted``: how many of the period's ends must still be late, how many ends are left, and how
    many of the next period's ends must be late.
    """
    remaining, ends_left, ahead = wanted
    starts = [spell.start for spell in still_open]
    overdue = bisect(starts, back_by_working_days(day, IN_TIME_DAYS + 1))
    late = overdue > 0 and rng.random() * ends_left < remaining
    if late:
        at = int(overdue * rng.random() ** OLD)
    else:
        ready = bisect(starts, day - timedelta(1)) - overdue
        soon = bisect(starts, day - timedelta(NEARLY_LATE))
        age = OLD if soon > RESERVE * (remaining + ahead) else YOUNG
        at = overdue + int(ready * rng.random() ** age)
    still_open.pop(at).end = day
    return late

"""Records that stay open for a time, drawn so that the number open at each month end is exact."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from .days import Period, draw_dates, working_on_or_before


@dataclass(eq=False)
class Spell:
    """One record with a start and, unless still open, an end.

    ``facts`` holds what else was decided about the record, by name: its team, how it ended.
    """

    start: date
    end: date | None = None
    facts: dict[str, str | int | None] = field(default_factory=dict)

    def is_open(self, day: date) -> bool:
        """Whether the record is open at the end of ``day``."""
        return self.start <= day and (self.end is None or self.end > day)


Event = tuple[date, str]
Placed = tuple[str, Spell]


def starts_of(placed: list[Placed]) -> list[Event]:
    """The starts of spells as events."""
    return [(spell.start, child) for child, spell in placed]


@dataclass(frozen=True)
class Pace:
    """How long the records of a list last.

    ``shortest`` and ``longest`` are days; ``reach`` is the age in days of the oldest record at the
    beginning; ``oldest_first`` is 1 where any record may end next, more where the oldest do.
    """

    shortest: int
    longest: int
    reach: int
    oldest_first: float = 1.0


@dataclass(frozen=True)
class Flow:
    """Records open at the beginning, and those that start and end in each period."""

    opening: int
    starts: list[int]
    ends: list[int]


def flow_to_targets(rng: random.Random, opening: int, targets: list[int], turnover: float) -> Flow:
    """Starts and ends that lead from ``opening`` to each month's target.

    ``turnover`` is the share of the open records that end in a month. A last, short period keeps
    nearly the same number open.
    """
    starts, ends = [], []
    for before, after in pairwise([opening, *targets]):
        ending = round(before * turnover * rng.uniform(0.85, 1.15))
        ending = max(ending, before - after + round(before * turnover / 2))
        ends.append(ending)
        starts.append(ending + after - before)
    last_days = max(1, round(targets[-1] * turnover / 7))
    return Flow(opening, [*starts, last_days], [*ends, last_days + 1])


def flow_with_ends(opening: int, targets: list[int], ends: list[int]) -> Flow:
    """Starts that lead from ``opening`` to each target when the ends are given."""
    starts = [
        end + after - before
        for (before, after), end in zip(pairwise([opening, *targets]), ends, strict=True)
    ]
    return Flow(opening, starts, ends)


def flow_with_starts(opening: int, targets: list[int], starts: list[int]) -> Flow:
    """Ends that lead from ``opening`` to each target when the starts are given."""
    ends = [
        start + before - after
        for (before, after), start in zip(pairwise([opening, *targets]), starts, strict=True)
    ]
    return Flow(opening, starts, ends)


def simulate(rng: random.Random, periods: list[Period], flow: Flow, pace: Pace) -> list[Spell]:
    """Live through the periods day by day; gives every spell, ended or open, by start."""
    still_open = opening_spells(rng, periods[0].first, flow.opening, pace)
    spells = list(still_open)
    for period, starts, ends in zip(periods, flow.starts, flow.ends, strict=True):
        starting = Counter(draw_dates(rng, period, starts))
        ending = Counter(draw_dates(rng, period, ends))
        for day in period.days():
            for _ in range(ending[day]):
                _next_to_end(rng, still_open, day, pace).end = day
            begun = [Spell(day) for _ in range(starting[day])]
            still_open += begun
            spells += begun
    return spells


def opening_spells(rng: random.Random, first_day: date, count: int, pace: Pace) -> list[Spell]:
    """Spells open before ``first_day``, by start; the further back the fewer."""
    ages = (1 + int(pace.reach * rng.random() ** 1.5) for _ in range(count))
    starts = sorted(working_on_or_before(first_day - timedelta(age)) for age in ages)
    return [Spell(start) for start in starts]


def _next_to_end(rng: random.Random, still_open: list[Spell], day: date, pace: Pace) -> Spell:
    """Take out of ``still_open`` (in order of start) the spell that ends on ``day``."""
    latest_start = day - timedelta(pace.shortest)
    ready = sum(spell.start <= latest_start for spell in still_open)
    if not ready:
        raise ValueError(f"no record is old enough to end on {day}")
    overdue = (day - still_open[0].start).days > pace.longest - 5
    return still_open.pop(0 if overdue else int(ready * rng.random() ** pace.oldest_first))

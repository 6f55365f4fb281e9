"""Which social worker each child in care has, and when it changes."""

import random
from dataclasses import dataclass
from datetime import date

from .care_people import Life
from .care_totals import LAST, MONTH_ENDS, PERIODS, YEAR, read_care_totals
from .care_upkeep import HALF_YEAR, Members, day_in, members, months_before, total
from .flows import Spell
from .rhythm import in_time

WORKERS = [f"SW{2101 + 7 * n}" for n in range(64)]
CHANGES_BEFORE = 0.07
# A worker who begins on one of the last days of a long month has not yet been there for half a
# year at the end of a short one.
LATEST_DAY = 27


@dataclass(eq=False)
class Allocation:
    """A worker's time with a child."""

    life: Life
    worker: str
    start: date
    end: date | None = None


class Allocations:
    """Allocations month by month from July 2021; ``made`` has all of them."""

    def __init__(self, rng: random.Random, lives: list[Life]) -> None:
        self._rng = rng
        self._lives = lives
        self._now: dict[int, Allocation] = {}
        self.made: list[Allocation] = []
        for life in lives:
            for stay in life.stays:
                self._allocate(life, stay, stay.start)
        for month in range(HALF_YEAR, LAST + 1):
            self._month(month)
        for life in lives:
            for stay in life.stays:
                self._now[id(stay)].end = stay.end

    def _allocate(self, life: Life, stay: Spell, day: date) -> None:
        before = self._now.get(id(stay))
        others = [worker for worker in WORKERS if not before or worker != before.worker]
        if before:
            before.end = day
        self._now[id(stay)] = Allocation(life, self._rng.choice(others), day)
        self.made.append(self._now[id(stay)])

    def _month(self, month: int) -> None:
        """Change so many workers that the percentage with the same one comes out."""
        end = MONTH_ENDS[month]
        long = months_before(end, YEAR)
        people = members(self._lives, end, lambda _, record: record.start <= long)
        same = [x for x in people if self._allocation(x[0], end).start <= months_before(end, 6)]
        if month < YEAR:
            changes = int(CHANGES_BEFORE * total(people))
        else:
            percent = read_care_totals().percent["same_worker"][month - YEAR]
            changes = total(same) - in_time(percent, total(people))
        self._change(month, same, changes)

    def _allocation(self, life: Life, day: date) -> Allocation:
        """The latest allocation in the stay on ``day``."""
        return self._now[id(next(stay for stay in life.stays if stay.is_open(day)))]

    def _change(self, month: int, same: Members, changes: int) -> None:
        usable = [life for life, weight in same if weight == 1 and not life.twice]
        if not 0 <= changes <= len(usable):
            raise ValueError(f"month {month}: {changes} changes of {len(usable)}")
        for life in self._rng.sample(usable, changes):
            stay = next(stay for stay in life.stays if stay.is_open(MONTH_ENDS[month]))
            latest = PERIODS[month].first.replace(day=LATEST_DAY)
            self._allocate(life, stay, day_in(self._rng, month, life, latest))

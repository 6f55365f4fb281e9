"""Events in a rhythm (visits, supervision, core groups), so many in time at each month end.

The one mechanism behind every "in the last N days" percentage:

1. Make a ``Course`` for each child: the spans in which it may have events.
2. Month by month, ``settle`` a ``Quota``: which of its children are in time at that month end. It
   remembers what is settled, and lets no child be asked for what its other months rule out. Months
   must come in order; a child on two lists is settled once and counts on both. ``promise`` settles
   a child beforehand as in time, and may do so for later months.
3. ``Course.place`` draws the days: a rhythm that keeps every month end as it was settled.

A window is closed on both sides, as ``BETWEEN days_before(month_end, n) AND month_end`` is.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from .days import is_working

DAY = timedelta(1)
# How much likelier a child without an event in time is to be without one again.
AGAIN = 2.5


@dataclass(frozen=True)
class Window:
    """The days from ``first`` to ``last``, both within."""

    first: date
    last: date

    def holds(self, other: "Window") -> bool:
        """Whether every day of ``other`` is in this window."""
        return self.first <= other.first and other.last <= self.last

    def overlap(self, other: "Window") -> "Window":
        """The days in both; ``last`` is before ``first`` where there are none."""
        return Window(max(self.first, other.first), min(self.last, other.last))

    def without(self, other: "Window") -> Iterator["Window"]:
        """The days before ``other`` and those after it."""
        for part in (Window(self.first, min(self.last, other.first - DAY)),
                     Window(max(self.first, other.last + DAY), self.last)):  # fmt: skip
            if part.first <= part.last:
                yield part

    def days(self) -> list[date]:
        """Every day, in order."""
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]


def last_days(end: date, days: int) -> Window:
    """From ``days`` days before ``end`` to ``end``."""
    return Window(end - timedelta(days), end)


def last_working_days(end: date, count: int) -> Window:
    """From the first day with at most ``count`` working days after it up to ``end``."""
    first, seen = end, int(is_working(end))
    while seen <= count:
        first -= DAY
        seen += is_working(first)
    return Window(first, end)


@dataclass(frozen=True)
class Need:
    """What a month end asks of a child: an event in ``hit``, and none in ``avoid``."""

    hit: Window | None
    avoid: Window | None = None


@dataclass(eq=False)
class Course:
    """A child's events: where they may lie, what each month end asks."""

    spans: list[Window]
    needs: dict[int, Need] = field(default_factory=dict)

    def allows(self, month: int, need: Need) -> bool:
        """Whether ``need`` can be met together with what the months around are settled to."""
        around = [self.needs[n] for n in range(month - 2, month + 3) if n in self.needs]
        around = [other for other in around if other is not self.needs.get(month)] + [need]
        avoids = [other.avoid for other in around if other.avoid]
        return all(self._free(other.hit, avoids) for other in around if other.hit)

    def place(self, rng: random.Random, every: int) -> list[date]:
        """Draw the child's days, in order, about ``every`` days apart; what is settled holds."""
        avoids = [need.avoid for need in self.needs.values() if need.avoid]
        days = [day for span in self.spans for day in self._rhythm(rng, span, every, avoids)]
        for _, need in sorted(self.needs.items()):
            if need.hit and not any(need.hit.first <= day <= need.hit.last for day in days):
                free = [day for part in self._free(need.hit, avoids) for day in part.days()]
                days.append(rng.choice([day for day in free if is_working(day)] or free))
        return sorted(set(days))

    def _rhythm(
        self, rng: random.Random, span: Window, every: int, avoids: list[Window]
    ) -> Iterator[date]:
        """Working days of the span about ``every`` days apart, outside what must be avoided."""
        day = span.first + timedelta(rng.randint(0, every // 2))
        while day <= span.last:
            if is_working(day) and not any(part.first <= day <= part.last for part in avoids):
                yield day
                day += timedelta(rng.randint(every * 3 // 4, every * 5 // 4))
            else:
                day += timedelta(rng.randint(1, 5))

    def _free(self, hit: Window, avoids: list[Window]) -> list[Window]:
        """The parts of ``hit`` in which the child may have an event."""
        parts = [hit.overlap(span) for span in self.spans]
        parts = [part for part in parts if part.first <= part.last]
        for avoid in avoids:
            parts = [left for part in parts for left in part.without(avoid)]
        return parts


@dataclass(frozen=True)
class Quota:
    """How many of a list's records are in time at a month end.

    ``children`` has the child of each record (a child with two records stands twice). ``windows``
    are nested, the narrowest first; ``within`` says how many records have an event in each.
    """

    month: int
    children: list[str]
    windows: list[Window]
    within: list[int]

    def needs(self) -> list[Need]:
        """The need of each level: in time for the narrowest window, the next, ..., for none."""
        hits = [*self.windows, None]
        return [Need(hit, avoid) for hit, avoid in zip(hits, [None, *self.windows], strict=True)]

    def numbers(self) -> list[int]:
        """How many records are at each level."""
        steps = zip([*self.within, len(self.children)], [0, *self.within], strict=True)
        return [after - before for after, before in steps]

    def level(self, need: Need) -> int:
        """The level that a settled need amounts to: the narrowest window that holds its day."""
        for level, window in enumerate(self.windows):
            if need.hit and window.holds(need.hit):
                return level
        return len(self.windows)


def promise(course: Course, month: int, window: Window) -> bool:
    """Settle the month end as in time for ``window``, if the course allows; says if it did."""
    need = Need(window)
    allowed = month not in course.needs and course.allows(month, need)
    if allowed:
        course.needs[month] = need
    return allowed


def settle(rng: random.Random, quota: Quota, courses: dict[str, Course]) -> None:
    """Settle the month end for each child of the quota; raises ValueError where none fits."""
    needs, left = quota.needs(), quota.numbers()
    waiting: list[str] = []
    for child in quota.children:
        need = courses[child].needs.get(quota.month)
        if need:
            left[quota.level(need)] -= 1
        else:
            waiting.append(child)
    waiting = _first_to_be_late(rng, quota, courses, waiting)
    for level in reversed(range(len(needs))):
        waiting, missing = _fill(quota.month, needs[level], left[level], courses, waiting)
        if missing:
            raise ValueError(f"month {quota.month}, level {level}: {missing} more or fewer needed")
    if waiting:
        raise ValueError(f"month {quota.month}: {len(waiting)} children fit no level")


def _fill(
    month: int, need: Need, wanted: int, courses: dict[str, Course], waiting: list[str]
) -> tuple[list[str], int]:
    """Settle ``wanted`` children, the first that allow it; gives the others, and how many lack."""
    left = []
    for child in waiting:
        if wanted > 0 and courses[child].allows(month, need):
            courses[child].needs[month] = need
            wanted -= 1
        else:
            left.append(child)
    return left, wanted


def _first_to_be_late(
    rng: random.Random, quota: Quota, courses: dict[str, Course], waiting: list[str]
) -> list[str]:
    """The children by who is late first: who cannot be in time, then rather who was late before."""
    first = quota.needs()[0]

    def order(child: str) -> tuple[bool, float]:
        course = courses[child]
        before = course.needs.get(quota.month - 1)
        weight = AGAIN if before and before.avoid else 1.0
        return course.allows(quota.month, first), -(rng.random() ** (1 / weight))

    return sorted(waiting, key=order)


def in_time(percent: int, total: int) -> int:
    """The number of ``total`` that is nearest to ``percent`` and is printed as it."""
    nearest = (2 * percent * total + 100) // 200
    for number in (nearest, nearest - 1, nearest + 1):
        if 0 <= number <= total and (200 * number + total) // (2 * total) == percent:
            return number
    raise ValueError(f"no number of {total} is printed as {percent}%")

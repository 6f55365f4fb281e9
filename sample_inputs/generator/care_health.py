"""Health assessments of children in care: the initial one, then every year or half year."""

import random
from dataclasses import dataclass
from datetime import date

from .care_people import Life
from .care_totals import LAST, MONTH_ENDS, PERIODS, YEAR, read_care_totals
from .care_upkeep import HALF_YEAR, Members, day_in, in_window, members, months_before, total
from .days import is_working
from .flows import Spell
from .matching import working_days
from .rhythm import in_time

IN_TIME_WORKING_DAYS = 20
# Stays begun since then wait for an initial assessment; those before have had one.
WAITING_FROM = date(2022, 3, 1)
LONGEST_WAIT_DAYS = 300
YOUNG = 5
# In which month from July 2021 to June 2022 a child's latest assessment was, in percent; the rest
# have had none.
BEFORE = (5, 5, 5, 5, 4, 5, 5, 7, 12, 13, 4, 5)
SPARE = 3


@dataclass(frozen=True)
class Assessment:
    """A health assessment: initial or review."""

    life: Life
    day: date
    initial: bool


class Health:
    """Health assessments month by month; ``made`` has all of them."""

    def __init__(self, rng: random.Random, lives: list[Life]) -> None:
        self._rng = rng
        self._lives = lives
        self._totals = read_care_totals()
        self.made: list[Assessment] = []
        self._days: dict[str, list[date]] = {life.child: [] for life in lives}
        self._waiting = [
            (life, stay)
            for life in lives
            for stay in life.stays
            if stay.start >= WAITING_FROM and not life.twice
        ]
        for life in lives:
            self._assess_before(life)
        for month in range(YEAR, LAST + 1):
            self._initial(month)
            self._reviews(month)

    def _add(self, life: Life, day: date, initial: bool = False) -> None:
        self.made.append(Assessment(life, day, initial))
        self._days[life.child].append(day)

    def _assess_before(self, life: Life) -> None:
        """The latest assessment before July 2022, if there was one."""
        stay = life.stays[0]
        months = range(YEAR if life.age(MONTH_ENDS[YEAR]) >= YOUNG else HALF_YEAR)
        months = range(YEAR - len(months), YEAR)
        weights = [BEFORE[month] for month in months]
        drawn = self._rng.random() * (100 if len(months) == YEAR else sum(weights) * 1.25)
        for month, weight in zip(months, weights, strict=True):
            drawn -= weight
            if drawn < 0:
                if stay.start <= PERIODS[month].first and life.in_care(MONTH_ENDS[month]):
                    self._add(life, day_in(self._rng, month, life))
                return

    def _initial(self, month: int) -> None:
        """Initial assessments of a month: so many in time, the others of those who wait longest."""
        number = self._totals.flows["initial_health"][month - YEAR]
        early = in_time(self._totals.percent["initial_health"][month - YEAR], number)
        usable: dict[bool, list[tuple[Life, Spell, list[date]]]] = {True: [], False: []}
        for life, stay in self._waiting:
            for soon, days in _days_for(stay, month).items():
                if days:
                    usable[soon].append((life, stay, days))
        chosen = usable[True][:early]
        taken = {id(stay) for _, stay, _ in chosen}
        late = [x for x in usable[False] if id(x[1]) not in taken][: number - early]
        if len(chosen) + len(late) < number:
            raise ValueError(f"month {month}: {len(chosen)} and {len(late)} of {number}")
        for life, stay, days in chosen + late:
            self._add(life, self._rng.choice(days), initial=True)
            self._waiting.remove((life, stay))

    def _reviews(self, month: int) -> None:
        """Review assessments of a month: so many in date, and so many within the year."""
        end = MONTH_ENDS[month]
        long = months_before(end, YEAR)
        people = members(self._lives, end, lambda _, record: record.start <= long)
        young = [x for x in people if x[0].age(end) < YOUNG]
        old = [x for x in people if x[0].age(end) >= YOUNG]
        gap = self._gap(month, young)
        wanted, within_year = self._wanted(month, total(people), total(gap))
        self._renew(month, gap, total(gap) - (within_year - wanted))
        current = total(self._in_date(young, month, HALF_YEAR))
        overdue = [x for x in old if x not in self._in_date(old, month, YEAR)]
        self._renew(month, overdue, wanted - current - total(old) + total(overdue))

    def _gap(self, month: int, young: Members) -> Members:
        """The young assessed within the year, but not the half year that they should be."""
        in_date = self._in_date(young, month, HALF_YEAR)
        return [x for x in self._in_date(young, month, YEAR) if x not in in_date]

    def _in_date(self, people: Members, month: int, months: int) -> Members:
        end = MONTH_ENDS[month]
        since = months_before(end, months)
        return [x for x in people if in_window(self._days[x[0].child], since, end)]

    def _wanted(self, month: int, number: int, gap: int) -> tuple[int, int]:
        """How many in date and within the year, at most ``gap`` apart, printed as published."""
        percent = self._totals.percent
        first = in_time(percent["health"][month - YEAR], number)
        second = in_time(percent["health_in_year"][month - YEAR], number)
        near = range(-SPARE, SPARE + 1)
        usable = [
            (first + n, second + k)
            for n in near
            for k in near
            if _same(first, first + n, number) and _same(second, second + k, number)
            and 0 <= second + k - first - n <= gap
        ]  # fmt: skip
        if not usable:
            raise ValueError(f"month {month}: {first} and {second} do not differ by up to {gap}")
        return min(usable, key=lambda x: (abs(x[0] - first) + abs(x[1] - second), x))

    def _renew(self, month: int, people: Members, number: int) -> None:
        """Assess so many records' children."""
        if number < 0 or number > total(people):
            raise ValueError(f"month {month}: {number} of {total(people)} to assess")
        order = sorted(people, key=lambda x: (-x[1], self._rng.random()))
        for life, weight in order:
            if weight <= number:
                self._add(life, day_in(self._rng, month, life))
                number -= weight


def _same(one: int, other: int, number: int) -> bool:
    """Whether two shares of ``number`` are printed as the same percentage."""
    return (200 * one + number) // (2 * number) == (200 * other + number) // (2 * number)


def _days_for(stay: Spell, month: int) -> dict[bool, list[date]]:
    """The days of the month for an assessment in time, and those for a late one."""
    found: dict[bool, list[date]] = {True: [], False: []}
    for day in PERIODS[month].days():
        if not is_working(day) or day <= stay.start or (stay.end and day >= stay.end):
            continue
        if (day - stay.start).days <= LONGEST_WAIT_DAYS:
            found[working_days(stay.start, day) <= IN_TIME_WORKING_DAYS].append(day)
    return found

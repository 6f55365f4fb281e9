"""Which invented child each record is about."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from .days import FIRST_DAY, periods_from
from .flows import Spell
from .totals import MONTHS

FAR_FUTURE = date(2100, 1, 1)
MONTH_ENDS = [period.last for period in periods_from(FIRST_DAY)][:MONTHS]

# After which lists, and how often, a child on a list was on another in the weeks before.
FOLLOWS: dict[str, tuple[tuple[str, ...], float]] = {
    "assessments": (("cin", "cp"), 0.15),
    "cin": (("assessments", "cp"), 0.8),
    "disability": (("assessments",), 0.3),
    "cp": (("assessments", "cin"), 0.8),
    "care": (("cp", "assessments"), 0.6),
    "unaccompanied": ((), 0.0),
    "leavers": (("care", "unaccompanied"), 0.8),
}
GAP = timedelta(45)


def identifiers(rng: random.Random, first: int, step: int, digits: int) -> Iterator[str]:
    """Endless different identifiers of ``digits`` digits, rising from ``first``."""
    number = first
    while True:
        number += rng.randint(1, step)
        yield str(number).zfill(digits)


@dataclass
class Unit:
    """One spell of a child, or two on different lists that overlap."""

    spells: list[tuple[str, Spell]]

    def start(self) -> date:
        """The first day on either list."""
        return min(spell.start for _, spell in self.spells)

    def last(self) -> tuple[date, str]:
        """The day the child is on neither list any more, and the list it was on."""
        return max((spell.end or FAR_FUTURE, name) for name, spell in self.spells)


@dataclass
class Pairing:
    """Chooses spells of two lists for the same children; remembers whom it has taken."""

    units: list[Unit] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def pair(
        self, first: tuple[str, list[Spell]], second: tuple[str, list[Spell]], wanted: list[int]
    ) -> None:
        """Make ``wanted`` pairs a month whose spells are both open at that month end alone."""
        for month, count in enumerate(wanted):
            made = self._hand_over(first, second, month, count)
            made += self._hand_over(second, first, month, count - made)
            if made < count:
                raise ValueError(f"only {made} of {count} pairs of {first[0]} and {second[0]}")

    def singles(self, lists: dict[str, list[Spell]]) -> list[Unit]:
        """A unit for each spell that was not paired."""
        return [
            Unit([(name, spell)])
            for name, spells in lists.items()
            for spell in spells
            if id(spell) not in self.taken
        ]

    def _hand_over(
        self,
        leaving: tuple[str, list[Spell]],
        joining: tuple[str, list[Spell]],
        month: int,
        count: int,
    ) -> int:
        """Pair spells last open at the month end with spells first open at it; gives how many."""
        last = [spell for spell in leaving[1] if self._open_at(spell)[-1:] == [month]]
        first = [spell for spell in joining[1] if self._open_at(spell)[:1] == [month]]
        pairs = list(zip(last, first, strict=False))[:count]
        for old, new in pairs:
            self.units.append(Unit([(leaving[0], old), (joining[0], new)]))
            self.taken |= {id(old), id(new)}
        return len(pairs)

    def _open_at(self, spell: Spell) -> list[int]:
        """The months at whose end a spell not taken yet is open."""
        if id(spell) in self.taken:
            return []
        end = spell.end or FAR_FUTURE
        return [n for n, day in enumerate(MONTH_ENDS) if spell.start <= day < end]


def assign_children(rng: random.Random, units: list[Unit], fresh: Iterator[str]) -> dict[int, str]:
    """A child for each spell (by its ``id``), nobody on two lists but by pairing."""
    child_of: dict[int, str] = {}
    left: dict[str, list[tuple[date, str]]] = {name: [] for name in FOLLOWS}
    for unit in sorted(units, key=Unit.start):
        start = unit.start()
        name = min((spell.start, name) for name, spell in unit.spells)[1]
        child = _who_left(rng, left, name, start) or next(fresh)
        child_of |= {id(spell): child for _, spell in unit.spells}
        end, last_list = unit.last()
        left[last_list].append((end, child))
    return child_of


def _who_left(
    rng: random.Random, left: dict[str, list[tuple[date, str]]], name: str, start: date
) -> str | None:
    """Take a child who left a fitting list in the weeks before ``start``, if one comes up."""
    sources, share = FOLLOWS[name]
    if start < FIRST_DAY or rng.random() > share:
        return None
    for source in sources:
        recent = [leaver for leaver in left[source] if start - GAP <= leaver[0] <= start]
        if recent:
            chosen = rng.choice(recent)
            left[source].remove(chosen)
            return chosen[1]
    return None


@dataclass
class Follower:
    """Chooses the children of an event list among those with a later step, new ones otherwise."""

    rng: random.Random
    fresh: Iterator[str]
    share: float
    again: float = 0.03

    def choose(
        self, dates: list[date], leads: list[tuple[date, str]], before: int, after: int
    ) -> list[str]:
        """A child a date: with a lead ``before`` days earlier to ``after`` days later, if any."""
        waiting: dict[date, list[str]] = {}
        for day, child in leads:
            waiting.setdefault(day, []).append(child)
        chosen: list[str] = []
        for day in dates:
            window = [day + timedelta(n) for n in range(-before, after + 1)]
            open_days = [near for near in window if waiting.get(near)]
            if open_days and self.rng.random() < self.share:
                chosen.append(waiting[self.rng.choice(open_days)].pop())
            elif chosen and self.rng.random() < self.again:
                chosen.append(self.rng.choice(chosen))
            else:
                chosen.append(next(self.fresh))
        return chosen

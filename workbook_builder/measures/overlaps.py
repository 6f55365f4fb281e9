"""Which numbers of different measures count the same, or one a part of the other.

Two measures of one dataset and clock may give away what one of them hides: the whole and all but a
few of it, a year and its months, the number by itself and above the line of a percentage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import sqlglot
from sqlglot import exp

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    EXCLUDE,
    Children,
    ChildrenPercentage,
    Clocked,
    Count,
    During,
    Open,
    Percentage,
)
from workbook_builder.figures import Figure, FigureKey
from workbook_builder.months import Month

#: The numbers of a figure.
PARTS = ("numerator", "denominator")


@dataclass(frozen=True)
class Counted:
    """What a number counts: records or children of a dataset on a clock, by all conditions."""

    ground: tuple[str, ...]
    conditions: frozenset[str]
    months: int = 1
    at_month_end: bool = False

    def is_part_of(self, other: Counted) -> bool:
        """Tell whether all that this counts, and not the other way round, is in the other too."""
        same = (self.ground, self.months) == (other.ground, other.months)
        return same and self.conditions > other.conditions


#: What the numerator and the denominator of a measure count, as far as it can be told.
Counts = Mapping[tuple[str, str], Counted]
_Place = tuple[Counted, Month, str]


def counts_of(definitions: Definitions) -> Counts:
    """Return what the numbers of all measures on a clock count."""
    found: dict[tuple[str, str], Counted] = {}
    for name, measure in definitions.measures.items():
        if isinstance(measure, Count | Children | Percentage | ChildrenPercentage):
            found |= {(name, part): one for part, one in _counted(measure)}
    return found


def _counted(measure: Clocked) -> Iterator[tuple[str, Counted]]:
    clock = measure.clock
    months = clock.months if isinstance(clock, During) else 1
    column = clock.column if isinstance(clock, During) else repr(clock)
    what = measure.child if isinstance(measure, Children | ChildrenPercentage) else ""
    ground = (measure.dataset, column, what)
    at_end = isinstance(clock, Open)
    given = measure.expressions
    among = frozenset(
        one
        for key, text in given.items()
        if key == "among" or key.startswith(EXCLUDE)
        for one in _conditions(text, turned=key.startswith(EXCLUDE))
    )
    narrowed = among | frozenset(_conditions(given.get("where", "")))
    yield "numerator", Counted(ground, narrowed, months, at_end)
    if isinstance(measure, Percentage | ChildrenPercentage):
        yield "denominator", Counted(ground, among, months, at_end)


def _conditions(text: str, *, turned: bool = False) -> list[str]:
    """Return the conditions that must all hold, each in one way of writing."""
    if not text:
        return []
    tree = sqlglot.parse_one(text, dialect="duckdb")
    if turned:
        return [f"NOT ({tree.sql()})"]
    parts = tree.flatten() if isinstance(tree, exp.And) else [tree]
    return [one.unnest().sql() for one in parts]


class Overlaps:
    """The numbers of all figures by what they count."""

    def __init__(self, figures: Iterable[Figure], counts: Counts, under: int) -> None:
        self._under = under
        self._counts = counts
        self._figures: defaultdict[_Place, list[FigureKey]] = defaultdict(list)
        self._numbers: dict[_Place, float] = {}
        for figure in figures:
            for part in PARTS:
                number = getattr(figure, part)
                counted = counts.get((figure.measure, part))
                if number is not None and counted:
                    place = (counted, figure.month, figure.team)
                    self._figures[place].append(figure.key)
                    self._numbers[place] = number
        self._parts = self._by_ground()

    def _by_ground(self) -> list[list[_Place]]:
        grouped: defaultdict[tuple[object, ...], list[_Place]] = defaultdict(list)
        for place in self._numbers:
            counted, month, team = place
            grouped[counted.ground, counted.months, month, team].append(place)
        return [one for one in grouped.values() if len(one) > 1]

    def given_away(self, hidden: set[FigureKey]) -> Iterator[FigureKey]:
        """Yield figures that are shown and give a hidden number away, or one that is too small."""
        secret = set(self._secret(hidden))
        shown = {
            place: [key for key in keys if key not in hidden]
            for place, keys in self._figures.items()
        }
        for place in secret:
            yield from shown[place]
        lit = {place: self._numbers[place] for place, keys in shown.items() if keys}
        for told in (*self._by_wholes(lit, secret), *self._by_months(lit, secret)):
            yield from shown[told]

    def _secret(self, hidden: set[FigureKey]) -> Iterator[_Place]:
        """Yield what must not be told: small numbers, and numerators of all that is hidden."""
        for place, keys in self._figures.items():
            above = [key for key in keys if self._counts.get((key[0], "numerator")) == place[0]]
            if self._is_small(self._numbers[place]) or not hidden.isdisjoint(above):
                yield place

    def _is_small(self, number: float) -> bool:
        return 0 < number < self._under

    def _by_wholes(self, lit: Mapping[_Place, float], secret: set[_Place]) -> Iterator[_Place]:
        """Yield parts that leave few of a whole, or with others of them leave a hidden part."""
        for group in self._parts:
            for whole in group:
                parts = [one for one in group if one[0].is_part_of(whole[0])]
                shown = [one for one in parts if one in lit]
                if whole in lit:
                    yield from (one for one in shown if self._is_small(lit[whole] - lit[one]))
                wanted = {self._numbers[one] for one in parts if one in secret}
                yield from self._by_several(self._numbers[whole], whole in lit, shown, wanted, lit)

    def _by_several(
        self, whole: float, is_lit: bool, shown: list[_Place], wanted: set[float],
        lit: Mapping[_Place, float],
    ) -> Iterator[_Place]:  # fmt: skip
        """Yield a part that with others makes up a hidden whole, or leaves a hidden part."""
        sought = wanted if is_lit else {0.0}
        if not sought:
            return
        for several in (*combinations(shown, 1), *combinations(shown, 2)):
            if whole - sum(lit[one] for one in several) in sought:
                yield min(several, key=lambda one: (lit[one] == 0, lit[one]))

    def _by_months(self, lit: Mapping[_Place, float], secret: set[_Place]) -> Iterator[_Place]:
        """Yield numbers over several months that, with the single months, give one away."""
        for place in lit:
            counted, month, team = place
            if counted.months == 1 or counted.ground[-1]:  # children of months do not add up
                continue
            single = Counted(counted.ground, counted.conditions)
            window = [(single, month.plus(-back), team) for back in range(counted.months)]
            whole = all(one in self._numbers for one in window)
            by_sum = whole and any(one in secret for one in window)
            if by_sum or self._tells_by_step(place, window, lit, secret):
                yield place

    def _tells_by_step(
        self, place: _Place, window: list[_Place], lit: Mapping[_Place, float], secret: set[_Place]
    ) -> bool:
        """Tell whether a step from the month before gives away the month that came or went."""
        counted, month, team = place
        before = (counted, month.plus(-1), team)
        if before not in lit:
            return False
        came, went = window[0], (window[0][0], month.plus(-counted.months), team)
        if came in lit and went not in lit:
            left = lit[came] - (lit[place] - lit[before])
            return went in secret or self._is_small(left)
        return came in secret and went in lit

"""What numbers of one dataset say of each other, whatever the words of their conditions.

Two that are the same in every month are taken for one. A number at the end of a month less the one
before is what came less what went, where that holds in every month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Generic, TypeVar

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
from workbook_builder.figures import WHOLE_SERVICE, Figure, FigureKey
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


What = TypeVar("What", bound=Hashable)
#: What is counted, in which month, of which team.
_Numbers = Mapping[tuple[What, Month, str], float]

#: Different values that two lines must have in common, not to agree by chance.
_LEAST = 3


@dataclass(frozen=True)
class Flow(Generic[What]):
    """What is there at the end of a month is what was there before, and what came, less what went.

    It holds of the whole service, and of teams if it does `by_team`.
    """

    stock: What
    came: What
    went: What
    by_team: bool

    def places(self, month: Month, team: str) -> tuple[tuple[What, Month, str], ...]:
        """Return the four numbers of a month's step: those that came and went first."""
        return (
            (self.came, month, team),
            (self.went, month, team),
            (self.stock, month, team),
            (self.stock, month.plus(-1), team),
        )


class Lines(Generic[What]):
    """Numbers by what they count; a team that has none in a month of the whole service has 0."""

    def __init__(self, numbers: _Numbers[What]) -> None:
        self._numbers = numbers
        self._teams: defaultdict[What, set[str]] = defaultdict(set)
        self._months: defaultdict[What, set[Month]] = defaultdict(set)
        for what, month, team in numbers:
            if team == WHOLE_SERVICE:
                self._months[what].add(month)
            else:
                self._teams[what].add(team)

    def same(self, among: Iterable[What]) -> Iterator[tuple[What, What, bool]]:
        """Yield two of some that are the same in every month; and whether of every team too."""
        for one, other in combinations(among, 2):
            if _agree(self._line(one), self._line(other)):
                teams = self._teams_of(one, other)
                by_team = all(self._line(one, team) == self._line(other, team) for team in teams)
                yield one, other, bool(teams) and by_team

    def flows(self, stocks: Iterable[What], others: Iterable[What]) -> Iterator[Flow[What]]:
        """Yield which numbers at the end of a month go up and down by which others."""
        steps = [(stock, self._steps(stock)) for stock in stocks]
        for came, went in permutations(others, 2):
            left = self._left(came, went)
            for stock, step in steps:
                if _agree(step, left):
                    yield Flow(stock, came, went, self._flows_by_team(stock, came, went))

    def parts(self, among: Sequence[What]) -> Iterator[tuple[What, tuple[What, ...], bool]]:
        """Yield what is always made up of two or three others; and whether for every team too."""
        lines = {one: tuple(self._line(one).items()) for one in among}
        wholes: defaultdict[object, list[What]] = defaultdict(list)
        for one, line in lines.items():
            if len({number for _, number in line}) >= _LEAST:
                wholes[line].append(one)
        filled = [one for one, line in lines.items() if any(number for _, number in line)]
        for several in (*combinations(filled, 2), *combinations(filled, 3)):
            for whole in wholes.get(_sum_of([lines[one] for one in several]), ()):
                yield whole, several, self._parts_by_team(whole, several)

    def _parts_by_team(self, whole: What, several: tuple[What, ...]) -> bool:
        teams = self._teams_of(whole, *several)
        return bool(teams) and all(
            tuple(self._line(whole, team).items())
            == _sum_of([tuple(self._line(one, team).items()) for one in several])
            for team in teams
        )

    def _flows_by_team(self, stock: What, came: What, went: What) -> bool:
        teams = self._teams_of(stock, came, went)
        return bool(teams) and all(
            _common(self._steps(stock, team), self._left(came, went, team)) for team in teams
        )

    def _teams_of(self, *lines: What) -> set[str]:
        """Return the teams of all lines; none where a line is of the whole service only."""
        teams = [self._teams[line] for line in lines]
        return set().union(*teams) if all(teams) else set()

    def _line(self, what: What, team: str = WHOLE_SERVICE) -> Mapping[Month, float]:
        months = sorted(self._months[what])
        return {month: self._numbers.get((what, month, team), 0.0) for month in months}

    def _steps(self, stock: What, team: str = WHOLE_SERVICE) -> Mapping[Month, float]:
        line = self._line(stock, team)
        before = {month: line.get(month.plus(-1)) for month in line}
        return {month: line[month] - was for month, was in before.items() if was is not None}

    def _left(self, came: What, went: What, team: str = WHOLE_SERVICE) -> Mapping[Month, float]:
        plus, minus = self._line(came, team), self._line(went, team)
        return {month: plus[month] - minus[month] for month in plus.keys() & minus.keys()}


def _sum_of(lines: Sequence[tuple[tuple[Month, float], ...]]) -> object:
    """Return the sum of lines of the same months."""
    first = [month for month, _ in lines[0]]
    if any([month for month, _ in line] != first for line in lines):
        return None
    numbers = [[number for _, number in line] for line in lines]
    return tuple(zip(first, map(sum, zip(*numbers, strict=True)), strict=True))


def _agree(one: Mapping[Month, float], other: Mapping[Month, float]) -> bool:
    """Tell whether two lines are the same, and not by chance."""
    months = one.keys() & other.keys()
    return _common(one, other) and len({one[month] for month in months}) >= _LEAST


def _common(one: Mapping[Month, float], other: Mapping[Month, float]) -> bool:
    return all(one[month] == other[month] for month in one.keys() & other.keys())

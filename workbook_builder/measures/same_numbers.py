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

from workbook_builder.figures import WHOLE_SERVICE
from workbook_builder.months import Month

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

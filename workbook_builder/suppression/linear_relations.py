"""All that the numbers of a workbook say of each other, as equations; and what follows from them.

Teams add up to the whole service, months to a year, parts to a whole; what is there goes up and
down by what comes and goes. What is hidden must not follow from what is shown by any of these
together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from workbook_builder.figures import WHOLE_SERVICE, Figure, FigureKey
from workbook_builder.months import Month
from workbook_builder.suppression.identities import PARTS, Counted, Counts, Lines

Unknown = TypeVar("Unknown", bound=Hashable)

#: Equations are solved modulo a prime, so that numbers stay small and exact.
_PRIME = (1 << 61) - 1

#: Unknowns by their numbers; or of which equations, by theirs, a row is made up.
_Sum = dict[int, int]


def determined(
    equations: Sequence[Mapping[Unknown, int]], unknown: set[Unknown]
) -> Iterator[tuple[Unknown, frozenset[int]]]:
    """Yield each unknown that follows from the equations, with the numbers of those it takes."""
    numbers: dict[Unknown, int] = {}
    solved = _Solved()
    for at, equation in enumerate(equations):
        row = {numbers.setdefault(one, len(numbers)): times % _PRIME
               for one, times in equation.items() if one in unknown}  # fmt: skip
        solved.add(row, {at: 1})
    names = list(numbers)
    for one, (row, made_of) in solved.rows.items():
        if len(row) == 1:
            yield names[one], frozenset(made_of)


class _Solved:
    """Equations solved for one unknown each, which stands in no other of them."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[_Sum, _Sum]] = {}
        #: In which rows an unknown stands, or stood once.
        self._holders: defaultdict[int, dict[int, None]] = defaultdict(dict)

    def add(self, row: _Sum, made_of: _Sum) -> None:
        """Add an equation; one that says nothing new changes nothing."""
        for one in [one for one in row if one in self.rows]:
            _take_away(row, made_of, self.rows[one], row[one])
        if not row:
            return
        one = min(row, key=lambda each: len(self._holders[each]))
        back = pow(row[one], -1, _PRIME)
        new = _times(row, back), _times(made_of, back)
        for holder in self._holders.pop(one, {}):
            before, parts = self.rows[holder]
            if one in before:
                _take_away(before, parts, new, before[one])
                self._note(new[0], one, holder)
        self.rows[one] = new
        self._note(new[0], one, one)

    def _note(self, row: _Sum, solved_for: int, holder: int) -> None:
        for each in row:
            if each != solved_for:
                self._holders[each][holder] = None


def _times(row: _Sum, times: int) -> _Sum:
    return {one: coefficient * times % _PRIME for one, coefficient in row.items()}


def _take_away(row: _Sum, made_of: _Sum, other: tuple[_Sum, _Sum], times: int) -> None:
    """Take another row so many times from a row."""
    _less(row, other[0], times)
    _less(made_of, other[1], times)


def _less(row: _Sum, other: _Sum, times: int) -> None:
    for one, coefficient in other.items():
        left = (row.get(one, 0) - times * coefficient) % _PRIME
        if left:
            row[one] = left
        else:
            row.pop(one, None)


#: What a number counts, or else the measure and the part of its figure; its month and its team.
_Place = tuple[Hashable, Month, str]
_Equation = Mapping[_Place, int]
#: What a part leaves of a whole, as a number of its own.
_REST = "rest"


class Relations:
    """The numbers of all figures, and the equations between them."""

    def __init__(self, figures: Iterable[Figure], counts: Counts, under: int) -> None:
        self._under = under
        self._figures: defaultdict[_Place, list[FigureKey]] = defaultdict(list)
        self._numbers: dict[_Place, float] = {}
        self._pairs: dict[tuple[_Place, _Place], None] = {}
        for figure in figures:
            self._add(figure, counts)
        self._small = {one for one, number in self._numbers.items() if 0 < number < under}
        self._equations = list({frozenset(one.items()): one for one in self._all()}.values())

    def _add(self, figure: Figure, counts: Counts) -> None:
        places = []
        parts = PARTS if (figure.numerator, figure.denominator) != (None, None) else ("value",)
        for part in parts:
            number = getattr(figure, part)
            if number is not None:
                what = counts.get((figure.measure, part), (figure.measure, part))
                places.append((what, figure.month, figure.team))
                self._figures[places[-1]].append(figure.key)
                self._numbers[places[-1]] = number
        if len(places) == len(PARTS):
            self._pairs[places[0], places[1]] = None

    def given_away(self, hidden: set[FigureKey]) -> Iterator[FigureKey]:
        """Yield figures that are shown, without which small numbers no longer follow."""
        lit = {one for one, keys in self._figures.items() if not hidden.issuperset(keys)}
        unknown = {one for each in self._equations for one in each} - lit
        broken: set[_Place] = set()
        for found, used in determined(self._equations, unknown):
            if found not in self._small:
                continue
            shown = {one for at in used for one in self._equations[at]} & lit
            if shown and shown.isdisjoint(broken):
                told = min(shown, key=self._least_lost)
                broken.add(told)
                yield from (key for key in self._figures[told] if key not in hidden)

    def _least_lost(self, place: _Place) -> tuple[bool, float, FigureKey]:
        number = self._numbers[place]
        return number == 0, number, min(self._figures[place])

    def _all(self) -> Iterator[_Equation]:
        lines = Lines(self._numbers)
        yield from self._by_teams()
        for group in self._datasets().values():
            yield from self._in_a_dataset(lines, group)
        yield from self._rests()

    def _datasets(self) -> Mapping[str, list[Counted]]:
        found: defaultdict[str, dict[Counted, None]] = defaultdict(dict)
        for what, _, _ in self._numbers:
            if isinstance(what, Counted):
                found[what.ground[0]][what] = None
        return {dataset: list(whats) for dataset, whats in found.items()}

    def _by_teams(self) -> Iterator[_Equation]:
        """Yield that teams make up the whole service, where they do in every month."""
        tables: defaultdict[Hashable, defaultdict[Month, list[_Place]]]
        tables = defaultdict(lambda: defaultdict(list))
        for place in self._numbers:
            if place[2] != WHOLE_SERVICE and (*place[:2], WHOLE_SERVICE) in self._numbers:
                tables[place[0]][place[1]].append(place)
        for what, months in tables.items():
            found = [{(what, month, WHOLE_SERVICE): -1, **dict.fromkeys(teams, 1)}
                     for month, teams in months.items()]  # fmt: skip
            if all(self._holds(one) for one in found):
                yield from found

    def _in_a_dataset(self, lines: Lines[Hashable], group: list[Counted]) -> Iterator[_Equation]:
        for one, other, by_team in lines.same(group):
            yield from self._everywhere({one: 1, other: -1}, by_team=by_team)
        for whole, parts, by_team in lines.parts(group):
            yield from self._everywhere({whole: -1, **dict.fromkeys(parts, 1)}, by_team=by_team)
        stocks = [one for one in group if one.at_month_end]
        others = [one for one in group if not one.at_month_end and one.months == 1]
        for flow in lines.flows(stocks, others):
            for month, team in self._places_of(flow.stock, by_team=flow.by_team):
                signs = zip(flow.places(month, team), (1, -1, -1, 1), strict=True)
                if (flow.stock, month.plus(-1), WHOLE_SERVICE) in self._numbers:
                    yield from self._true(dict(signs))
        for one in group:
            yield from self._by_months(one)

    def _by_months(self, counted: Counted) -> Iterator[_Equation]:
        """Yield what several months say of the single ones."""
        if counted.months == 1 or counted.ground[-1]:  # children of months do not add up
            return
        single = Counted(counted.ground, counted.conditions)
        for month, team in self._places_of(counted, by_team=True):
            window = [(single, month.plus(-back), team) for back in range(counted.months)]
            now, before = (counted, month, team), (counted, month.plus(-1), team)
            went = (single, month.plus(-counted.months), team)
            yield from self._true({now: -1, **dict.fromkeys(window, 1)})
            yield from self._true({now: 1, before: -1, window[0]: -1, went: 1})

    def _everywhere(self, whats: Mapping[Hashable, int], *, by_team: bool) -> Iterator[_Equation]:
        for month, team in self._places_of(next(iter(whats)), by_team=by_team):
            yield from self._true({(what, month, team): sign for what, sign in whats.items()})

    def _places_of(self, what: Hashable, *, by_team: bool) -> list[tuple[Month, str]]:
        return [(month, team) for one, month, team in self._numbers
                if one == what and (by_team or team == WHOLE_SERVICE)]  # fmt: skip

    def _true(self, equation: _Equation) -> Iterator[_Equation]:
        """Yield an equation between the numbers that there are, if it holds of them."""
        known = {one: sign for one, sign in equation.items() if one in self._numbers}
        if self._holds(known):
            yield known

    def _holds(self, equation: _Equation) -> bool:
        return sum(sign * self._numbers[one] for one, sign in equation.items()) == 0

    def _rests(self) -> Iterator[_Equation]:
        """Yield what few a part leaves of a whole, and note that it must not follow."""
        for part, whole in {**self._pairs, **dict.fromkeys(self._wholes())}:
            if 0 < self._numbers[whole] - self._numbers[part] < self._under:
                rest = ((_REST, whole[0], part[0]), *part[1:])
                self._small.add(rest)
                yield {whole: 1, part: -1, rest: -1}

    def _wholes(self) -> Iterator[tuple[_Place, _Place]]:
        for group in self._datasets().values():
            for part in group:
                for whole in group:
                    if part.is_part_of(whole):
                        for at in self._places_of(part, by_team=True):
                            if (whole, *at) in self._numbers:
                                yield (part, *at), (whole, *at)

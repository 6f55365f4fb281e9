"""Which numbers of one dataset count the same, overlap, or go up and down by each other.

Some of this follows from the definitions: one number counts part of what another counts, or several
months of it. The rest is seen in the numbers, whatever the words of the conditions: two that are
the same in every month are taken to be the same, a number that is always the sum of others is made
up of them, and a number at the end of a month less the one before is what came less what went,
where that holds in every month.
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
    """What a number counts: records or children on a clock for which all conditions hold.

    `base` is the dataset, the clock and the column of the children (empty where records count);
    `months` how many months the number is over.
    """

    base: tuple[str, ...]
    conditions: frozenset[str]
    months: int = 1
    at_month_end: bool = False

    def is_part_of(self, other: Counted) -> bool:
        """Tell whether all that this counts, and not the other way round, is in the other too."""
        same = (self.base, self.months) == (other.base, other.months)
        return same and self.conditions > other.conditions

    @property
    def single_month(self) -> Counted:
        """The same, counted over one month."""
        return Counted(self.base, self.conditions)

    @property
    def adds_up_over_months(self) -> bool:
        """Whether it is over several months and the sum of these; children may count in each."""
        return self.months > 1 and not self.base[-1]


#: What the numerator and the denominator of a measure count, as far as it can be told.
Counts = Mapping[tuple[str, str], Counted]
#: One number: what it counts, its month and its team.
_Cell = tuple[Counted, Month, str]


def counts_of(definitions: Definitions) -> Counts:
    """Return what the numbers of all measures on a clock count."""
    counts: dict[tuple[str, str], Counted] = {}
    for name, measure in definitions.measures.items():
        if isinstance(measure, Count | Children | Percentage | ChildrenPercentage):
            counts |= {(name, part): counted for part, counted in _counted(measure)}
    return counts


def _counted(measure: Clocked) -> Iterator[tuple[str, Counted]]:
    clock = measure.clock
    months = clock.months if isinstance(clock, During) else 1
    column = clock.column if isinstance(clock, During) else repr(clock)
    child = measure.child if isinstance(measure, Children | ChildrenPercentage) else ""
    base = (measure.dataset, column, child)
    at_end = isinstance(clock, Open)
    among = frozenset(
        condition
        for key, text in measure.expressions.items()
        if key == "among" or key.startswith(EXCLUDE)
        for condition in _conditions(text, negated=key.startswith(EXCLUDE))
    )
    both = among | frozenset(_conditions(measure.expressions.get("where", "")))
    yield "numerator", Counted(base, both, months, at_end)
    if isinstance(measure, Percentage | ChildrenPercentage):
        yield "denominator", Counted(base, among, months, at_end)


def _conditions(text: str, *, negated: bool = False) -> list[str]:
    """Return the conditions that must all hold, each written in one way."""
    if not text:
        return []
    tree = sqlglot.parse_one(text, dialect="duckdb")
    if negated:
        return [f"NOT ({tree.sql()})"]
    conditions = tree.flatten() if isinstance(tree, exp.And) else [tree]
    return [condition.unnest().sql() for condition in conditions]


class DisclosureByOverlap:
    """Finds visible numbers that disclose hidden ones because they count part of the same."""

    def __init__(self, figures: Iterable[Figure], counts: Counts, under: int) -> None:
        self._under = under
        self._counts = counts
        self._figures: defaultdict[_Cell, list[FigureKey]] = defaultdict(list)
        self._numbers: dict[_Cell, float] = {}
        for figure in figures:
            for part in PARTS:
                number = getattr(figure, part)
                counted = counts.get((figure.measure, part))
                if number is not None and counted:
                    cell = (counted, figure.month, figure.team)
                    self._figures[cell].append(figure.key)
                    self._numbers[cell] = number
        by_base: defaultdict[tuple[object, ...], list[_Cell]] = defaultdict(list)
        for cell in self._numbers:
            counted, month, team = cell
            by_base[counted.base, counted.months, month, team].append(cell)
        self._comparable = [cells for cells in by_base.values() if len(cells) > 1]

    def disclosing(self, hidden: set[FigureKey]) -> Iterator[FigureKey]:
        """Yield visible figures that disclose a hidden number, or one that is too small."""
        secret = set(self._secret(hidden))
        visible_figures = {
            cell: [key for key in keys if key not in hidden] for cell, keys in self._figures.items()
        }
        for cell in secret:
            yield from visible_figures[cell]
        visible = {cell: self._numbers[cell] for cell, keys in visible_figures.items() if keys}
        for cell in (*self._by_parts(visible, secret), *self._by_months(visible, secret)):
            yield from visible_figures[cell]

    def _secret(self, hidden: set[FigureKey]) -> Iterator[_Cell]:
        """Yield what must not be told: small numbers, and numerators of all that is hidden."""
        for cell, keys in self._figures.items():
            numerators = [key for key in keys
                          if self._counts.get((key[0], "numerator")) == cell[0]]  # fmt: skip
            if self._is_small(self._numbers[cell]) or not hidden.isdisjoint(numerators):
                yield cell

    def _is_small(self, number: float) -> bool:
        return 0 < number < self._under

    def _by_parts(self, visible: Mapping[_Cell, float], secret: set[_Cell]) -> Iterator[_Cell]:
        """Yield parts that leave few of a whole, or with another make a hidden number known.

        One or two visible parts disclose a hidden whole that they make up, or the hidden part that
        they leave of a visible whole.
        """
        for cells in self._comparable:
            for whole in cells:
                parts = [cell for cell in cells if cell[0].is_part_of(whole[0])]
                visible_parts = [cell for cell in parts if cell in visible]
                total, disclosed = self._numbers[whole], {0.0}
                if whole in visible:
                    for cell in visible_parts:
                        if self._is_small(total - visible[cell]):
                            yield cell
                    disclosed = {self._numbers[cell] for cell in parts if cell in secret}
                if not disclosed:
                    continue
                for several in (*combinations(visible_parts, 1), *combinations(visible_parts, 2)):
                    if total - sum(visible[cell] for cell in several) in disclosed:
                        yield min(several, key=lambda cell: (visible[cell] == 0, visible[cell]))

    def _by_months(self, visible: Mapping[_Cell, float], secret: set[_Cell]) -> Iterator[_Cell]:
        """Yield numbers over several months that, with the single months, disclose one of them.

        They do by their sum, or by the change from the month before, which is the month that came
        less the month that went.
        """
        for cell, number in visible.items():
            counted, month, team = cell
            if not counted.adds_up_over_months:
                continue
            single = counted.single_month
            window = [(single, month.plus(-back), team) for back in range(counted.months)]
            complete = all(each in self._numbers for each in window)
            if complete and any(each in secret for each in window):
                yield cell
                continue
            before = (counted, month.plus(-1), team)
            came, went = window[0], (single, month.plus(-counted.months), team)
            if before not in visible:
                continue
            if came in visible and went not in visible:
                left = visible[came] - (number - visible[before])
                if went in secret or self._is_small(left):
                    yield cell
            elif came in secret and went in visible:
                yield cell


Quantity = TypeVar("Quantity", bound=Hashable)

#: Two series agree by more than chance if they have so many different values in common.
_LEAST_VALUES = 3


@dataclass(frozen=True)
class StockAndFlow(Generic[Quantity]):
    """What is open at the end of a month is what was before, and what came, less what went.

    It holds for the whole service, and for teams too if it does `by_team`.
    """

    stock: Quantity
    inflow: Quantity
    outflow: Quantity
    by_team: bool

    def cells(self, month: Month, team: str) -> tuple[tuple[Quantity, Month, str], ...]:
        """Return the four numbers of a month's change: those that came and went first."""
        return (
            (self.inflow, month, team),
            (self.outflow, month, team),
            (self.stock, month, team),
            (self.stock, month.plus(-1), team),
        )


class SeriesIdentities(Generic[Quantity]):
    """Finds identities between quantities from their numbers by month and team.

    A team that has none in a month in which the whole service has one has 0.
    """

    def __init__(self, numbers: Mapping[tuple[Quantity, Month, str], float]) -> None:
        self._numbers = numbers
        self._teams: defaultdict[Quantity, set[str]] = defaultdict(set)
        self._months: defaultdict[Quantity, set[Month]] = defaultdict(set)
        for quantity, month, team in numbers:
            if team == WHOLE_SERVICE:
                self._months[quantity].add(month)
            else:
                self._teams[quantity].add(team)

    def same(self, quantities: Iterable[Quantity]) -> Iterator[tuple[Quantity, Quantity, bool]]:
        """Yield pairs that are the same in every month, and whether they are for every team too."""
        for left, right in combinations(quantities, 2):
            if _agree(self._series(left), self._series(right)):
                teams = self._teams_of(left, right)
                by_team = all(
                    self._series(left, team) == self._series(right, team) for team in teams
                )
                yield left, right, bool(teams) and by_team

    def flows(
        self, stocks: Iterable[Quantity], others: Iterable[Quantity]
    ) -> Iterator[StockAndFlow[Quantity]]:
        """Yield which numbers at the end of a month go up and down by which others."""
        changes = [(stock, self._changes(stock)) for stock in stocks]
        for inflow, outflow in permutations(others, 2):
            net = self._net_flow(inflow, outflow)
            for stock, change in changes:
                if _agree(change, net):
                    teams = self._teams_of(stock, inflow, outflow)
                    by_team = bool(teams) and all(
                        _same_where_both(
                            self._changes(stock, team), self._net_flow(inflow, outflow, team)
                        )
                        for team in teams
                    )
                    yield StockAndFlow(stock, inflow, outflow, by_team)

    def sums(
        self, quantities: Sequence[Quantity]
    ) -> Iterator[tuple[Quantity, tuple[Quantity, ...], bool]]:
        """Yield what is always the sum of two or three others, and whether for every team too."""
        series = {each: tuple(self._series(each).items()) for each in quantities}
        wholes: defaultdict[object, list[Quantity]] = defaultdict(list)
        for each, values in series.items():
            if len({number for _, number in values}) >= _LEAST_VALUES:
                wholes[values].append(each)
        not_nought = [
            each for each, values in series.items() if any(number for _, number in values)
        ]
        for parts in (*combinations(not_nought, 2), *combinations(not_nought, 3)):
            for whole in wholes.get(_sum([series[part] for part in parts]), ()):
                teams = self._teams_of(whole, *parts)
                by_team = bool(teams) and all(
                    tuple(self._series(whole, team).items())
                    == _sum([tuple(self._series(part, team).items()) for part in parts])
                    for team in teams
                )
                yield whole, parts, by_team

    def _teams_of(self, *quantities: Quantity) -> set[str]:
        """Return the teams of all quantities; none where one is of the whole service only."""
        teams = [self._teams[quantity] for quantity in quantities]
        return set().union(*teams) if all(teams) else set()

    def _series(self, quantity: Quantity, team: str = WHOLE_SERVICE) -> Mapping[Month, float]:
        months = sorted(self._months[quantity])
        return {month: self._numbers.get((quantity, month, team), 0.0) for month in months}

    def _changes(self, stock: Quantity, team: str = WHOLE_SERVICE) -> Mapping[Month, float]:
        series = self._series(stock, team)
        return {month: number - series[month.plus(-1)]
                for month, number in series.items() if month.plus(-1) in series}  # fmt: skip

    def _net_flow(
        self, inflow: Quantity, outflow: Quantity, team: str = WHOLE_SERVICE
    ) -> Mapping[Month, float]:
        came, went = self._series(inflow, team), self._series(outflow, team)
        return {month: came[month] - went[month] for month in came.keys() & went.keys()}


def _sum(series: Sequence[tuple[tuple[Month, float], ...]]) -> object:
    """Return the sum of series, or None if they are not of the same months."""
    months = [month for month, _ in series[0]]
    if any([month for month, _ in each] != months for each in series):
        return None
    numbers = [[number for _, number in each] for each in series]
    return tuple(zip(months, map(sum, zip(*numbers, strict=True)), strict=True))


def _agree(left: Mapping[Month, float], right: Mapping[Month, float]) -> bool:
    """Tell whether two series are the same, and not by chance."""
    values = {left[month] for month in left.keys() & right.keys()}
    return _same_where_both(left, right) and len(values) >= _LEAST_VALUES


def _same_where_both(left: Mapping[Month, float], right: Mapping[Month, float]) -> bool:
    return all(left[month] == right[month] for month in left.keys() & right.keys())

"""The equations between the numbers of a workbook, and which hidden numbers follow from them.

Teams add up to the whole service, months to a year, parts to a whole; what is open goes up and down
by what comes and goes. No hidden number may follow from the visible ones by any of these equations
together. They are solved by exact elimination, so that nothing follows, or seems not to, because of
rounding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from workbook_builder.figures import WHOLE_SERVICE, Figure, FigureKey
from workbook_builder.months import Month
from workbook_builder.suppression.identities import PARTS, Counted, Counts, SeriesIdentities

Unknown = TypeVar("Unknown", bound=Hashable)

#: Equations are solved modulo a prime, so that coefficients stay small and exact.
_PRIME = (1 << 61) - 1

#: Coefficients: of unknowns, or of the equations that a row is a combination of, by their numbers.
_Row = dict[int, int]


def determined(
    equations: Sequence[Mapping[Unknown, int]], unknowns: set[Unknown]
) -> Iterator[tuple[Unknown, frozenset[int]]]:
    """Yield each unknown that follows from the equations, with the numbers of those it takes.

    An equation is given by its coefficients; what is not unknown in it is known.
    """
    numbers: dict[Unknown, int] = {}
    system = _LinearSystem()
    for number, equation in enumerate(equations):
        row = {numbers.setdefault(unknown, len(numbers)): coefficient % _PRIME
               for unknown, coefficient in equation.items() if unknown in unknowns}  # fmt: skip
        system.add(row, {number: 1})
    names = list(numbers)
    for pivot, (row, combination) in system.rows.items():
        if len(row) == 1:
            yield names[pivot], frozenset(combination)


class _LinearSystem:
    """Equations in reduced row echelon form, by the unknown that each is solved for.

    Each row has its coefficients and the combination of equations that it comes from.
    """

    def __init__(self) -> None:
        self.rows: dict[int, tuple[_Row, _Row]] = {}
        #: In which rows an unknown occurs, or once did.
        self._rows_with: defaultdict[int, dict[int, None]] = defaultdict(dict)

    def add(self, row: _Row, combination: _Row) -> None:
        """Add an equation; one that says nothing new changes nothing."""
        for pivot in [unknown for unknown in row if unknown in self.rows]:
            _subtract(row, combination, self.rows[pivot], row[pivot])
        if not row:
            return
        pivot = min(row, key=lambda unknown: len(self._rows_with[unknown]))
        inverse = pow(row[pivot], -1, _PRIME)
        solved = _scaled(row, inverse), _scaled(combination, inverse)
        for number in self._rows_with.pop(pivot, {}):
            other, other_combination = self.rows[number]
            if pivot in other:
                _subtract(other, other_combination, solved, other[pivot])
                self._note(solved[0], pivot, number)
        self.rows[pivot] = solved
        self._note(solved[0], pivot, pivot)

    def _note(self, row: _Row, pivot: int, number: int) -> None:
        for unknown in row:
            if unknown != pivot:
                self._rows_with[unknown][number] = None


def _scaled(row: _Row, factor: int) -> _Row:
    return {unknown: coefficient * factor % _PRIME for unknown, coefficient in row.items()}


def _subtract(row: _Row, combination: _Row, other: tuple[_Row, _Row], factor: int) -> None:
    """Subtract another row so many times from a row, and from its combination, in place."""
    for minuend, subtrahend in zip((row, combination), other, strict=True):
        for key, coefficient in subtrahend.items():
            left = (minuend.get(key, 0) - factor * coefficient) % _PRIME
            if left:
                minuend[key] = left
            else:
                minuend.pop(key, None)


#: One number: what it counts, or else its measure and part; its month and its team.
_Cell = tuple[Hashable, Month, str]
#: The coefficients of numbers whose sum is 0.
_Equation = Mapping[_Cell, int]
#: What a part leaves of a whole, as a number of its own.
_REST = "rest"


class DisclosureByEquations:
    """Finds visible numbers that, by equations, disclose small hidden ones."""

    def __init__(self, figures: Iterable[Figure], counts: Counts, under: int) -> None:
        self._under = under
        self._figures: defaultdict[_Cell, list[FigureKey]] = defaultdict(list)
        self._numbers: dict[_Cell, float] = {}
        #: Numerator and denominator of percentages and averages.
        self._ratios: dict[tuple[_Cell, _Cell], None] = {}
        for figure in figures:
            self._add(figure, counts)
        self._by_dataset: defaultdict[str, dict[Counted, None]] = defaultdict(dict)
        for quantity, _, _ in self._numbers:
            if isinstance(quantity, Counted):
                self._by_dataset[quantity.base[0]][quantity] = None
        self._small = {cell for cell, number in self._numbers.items() if 0 < number < under}
        self._equations = list({frozenset(each.items()): each for each in self._all()}.values())

    def _add(self, figure: Figure, counts: Counts) -> None:
        cells: list[_Cell] = []
        parts = PARTS if (figure.numerator, figure.denominator) != (None, None) else ("value",)
        for part in parts:
            number = getattr(figure, part)
            if number is not None:
                quantity = counts.get((figure.measure, part), (figure.measure, part))
                cell = (quantity, figure.month, figure.team)
                cells.append(cell)
                self._figures[cell].append(figure.key)
                self._numbers[cell] = number
        if len(cells) == len(PARTS):
            self._ratios[cells[0], cells[1]] = None

    def disclosing(self, hidden: set[FigureKey]) -> Iterator[FigureKey]:
        """Yield visible figures without which small numbers no longer follow."""
        visible = {cell for cell, keys in self._figures.items() if not hidden.issuperset(keys)}
        unknowns = {cell for equation in self._equations for cell in equation} - visible
        to_hide: set[_Cell] = set()
        for cell, numbers in determined(self._equations, unknowns):
            if cell not in self._small:
                continue
            used = {each for number in numbers for each in self._equations[number]} & visible
            if used and used.isdisjoint(to_hide):
                least = min(used, key=self._loss)
                to_hide.add(least)
                yield from (key for key in self._figures[least] if key not in hidden)

    def _loss(self, cell: _Cell) -> tuple[bool, float, FigureKey]:
        number = self._numbers[cell]
        return number == 0, number, min(self._figures[cell])

    def _all(self) -> Iterator[_Equation]:
        series = SeriesIdentities(self._numbers)
        yield from self._by_teams()
        for quantities in self._by_dataset.values():
            yield from self._of_dataset(series, list(quantities))
        yield from self._rests()

    def _by_teams(self) -> Iterator[_Equation]:
        """Yield that teams make up the whole service, where they do in every month."""
        teams: defaultdict[Hashable, defaultdict[Month, list[_Cell]]]
        teams = defaultdict(lambda: defaultdict(list))
        for cell in self._numbers:
            quantity, month, team = cell
            if team != WHOLE_SERVICE and (quantity, month, WHOLE_SERVICE) in self._numbers:
                teams[quantity][month].append(cell)
        for quantity, by_month in teams.items():
            equations = [{(quantity, month, WHOLE_SERVICE): -1, **dict.fromkeys(cells, 1)}
                         for month, cells in by_month.items()]  # fmt: skip
            if all(self._holds(equation) for equation in equations):
                yield from equations

    def _of_dataset(
        self, series: SeriesIdentities[Hashable], quantities: list[Counted]
    ) -> Iterator[_Equation]:
        for left, right, by_team in series.same(quantities):
            yield from self._in_all_months({left: 1, right: -1}, by_team=by_team)
        for whole, parts, by_team in series.sums(quantities):
            yield from self._in_all_months({whole: -1, **dict.fromkeys(parts, 1)}, by_team=by_team)
        stocks = [each for each in quantities if each.at_month_end]
        others = [each for each in quantities if not each.at_month_end and each.months == 1]
        for flow in series.flows(stocks, others):
            for month, team in self._places(flow.stock, by_team=flow.by_team):
                if (flow.stock, month.plus(-1), WHOLE_SERVICE) in self._numbers:
                    cells = flow.cells(month, team)
                    yield from self._if_true(dict(zip(cells, (1, -1, -1, 1), strict=True)))
        for quantity in quantities:
            if quantity.adds_up_over_months:
                yield from self._over_months(quantity)

    def _over_months(self, counted: Counted) -> Iterator[_Equation]:
        """Yield what a number over several months says of the single ones."""
        single = counted.single_month
        for month, team in self._places(counted, by_team=True):
            window = [(single, month.plus(-back), team) for back in range(counted.months)]
            now, before = (counted, month, team), (counted, month.plus(-1), team)
            went = (single, month.plus(-counted.months), team)
            yield from self._if_true({now: -1, **dict.fromkeys(window, 1)})
            yield from self._if_true({now: 1, before: -1, window[0]: -1, went: 1})

    def _in_all_months(
        self, coefficients: Mapping[Hashable, int], *, by_team: bool
    ) -> Iterator[_Equation]:
        for month, team in self._places(next(iter(coefficients)), by_team=by_team):
            yield from self._if_true(
                {(quantity, month, team): sign for quantity, sign in coefficients.items()}
            )

    def _places(self, quantity: Hashable, *, by_team: bool) -> list[tuple[Month, str]]:
        """Return the months and teams for which a quantity has a number."""
        return [(month, team) for each, month, team in self._numbers
                if each == quantity and (by_team or team == WHOLE_SERVICE)]  # fmt: skip

    def _if_true(self, equation: _Equation) -> Iterator[_Equation]:
        """Yield an equation between the numbers that there are, if it holds for them."""
        known = {cell: sign for cell, sign in equation.items() if cell in self._numbers}
        if self._holds(known):
            yield known

    def _holds(self, equation: _Equation) -> bool:
        return sum(sign * self._numbers[cell] for cell, sign in equation.items()) == 0

    def _rests(self) -> Iterator[_Equation]:
        """Yield what few a part leaves of a whole, and note that it must not follow."""
        pairs = dict(self._ratios)
        for quantities in self._by_dataset.values():
            for part in quantities:
                for whole in quantities:
                    if part.is_part_of(whole):
                        for place in self._places(part, by_team=True):
                            if (whole, *place) in self._numbers:
                                pairs[(part, *place), (whole, *place)] = None
        for part_cell, whole_cell in pairs:
            if 0 < self._numbers[whole_cell] - self._numbers[part_cell] < self._under:
                rest = ((_REST, whole_cell[0], part_cell[0]), *part_cell[1:])
                self._small.add(rest)
                yield {whole_cell: 1, part_cell: -1, rest: -1}

"""Hide figures that are about few people, and figures that would disclose them.

A count from 1 to n - 1 is hidden (primary suppression), and so is a percentage or an average of
which a part is so small. Where a total and the visible teams would disclose a hidden team, another
team is hidden too, or else the total; where figures of other measures would, these are (secondary
suppression). What is derived from a hidden figure is hidden with it. Nought is shown: it is about
nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.figures import (
    LEAST_LIMIT,
    MOST_LIMIT,
    OFF,
    WHOLE_SERVICE,
    Figure,
    FigureKey,
    Figures,
    Limit,
    Status,
)
from workbook_builder.history.reconcile_published_figures import Reconciled
from workbook_builder.months import Month
from workbook_builder.problem_catalogue import BAD_LIMIT
from workbook_builder.problems import Problem, Result
from workbook_builder.request import Request
from workbook_builder.suppression.identities import (
    PARTS,
    Counted,
    Counts,
    DisclosureByOverlap,
    SeriesIdentities,
    counts_of,
)

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
        #: Quantities that are the same for every team.
        self._same: list[tuple[Hashable, Hashable]] = []
        self._equations = list({frozenset(each.items()): each for each in self._all()}.values())
        self._shared_teams = list(self._share_teams())

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

    def disclosing_teams(self, hidden: set[FigureKey]) -> Iterator[FigureKey]:
        """Yield figures to hide where measures that count the same hide different teams.

        Each may leave several ways for its hidden teams to make up the rest; what one of them shows
        of the other's can leave a single way.
        """
        for wholes, teams in self._shared_teams:
            if hidden.issuperset(key for cell in wholes for key in self._figures[cell]):
                continue
            unseen = {
                team
                for team, cells in teams.items()
                if hidden.issuperset(key for cell in cells for key in self._figures[cell])
            }
            numbers = [number for team in unseen if (number := self._numbers[teams[team][0]])]
            if not (len(numbers) == 1 or (len(numbers) > 1 and sum(numbers) <= len(unseen))):
                continue
            visible = [cells for team, cells in teams.items() if team not in unseen]
            least = min(visible, key=lambda cells: self._loss(cells[0]), default=wholes)
            yield from (key for cell in least for key in self._figures[cell] if key not in hidden)

    def _share_teams(self) -> Iterator[tuple[list[_Cell], dict[str, list[_Cell]]]]:
        """Yield the numbers of the service and of each team that several figures hold."""
        group_of = {quantity: quantity for quantity, _, _ in self._numbers}
        for left, right in self._same:
            former, latter = group_of[left], group_of[right]
            group_of = {each: latter if group == former else group
                        for each, group in group_of.items()}  # fmt: skip
        cells: defaultdict[tuple[Hashable, Month], dict[str, list[_Cell]]] = defaultdict(dict)
        for cell in self._numbers:
            quantity, month, team = cell
            cells[group_of[quantity], month].setdefault(team, []).append(cell)
        for teams in cells.values():
            total = sum(
                self._numbers[each[0]] for team, each in teams.items() if team != WHOLE_SERVICE
            )
            wholes = [one for one in teams.pop(WHOLE_SERVICE, ()) if self._numbers[one] == total]
            if teams and wholes and sum(len(self._figures[one]) for one in wholes) > 1:
                yield wholes, teams

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
            self._same += [(left, right)] if by_team else []
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


def with_limit(layout: Layout, asked: Limit | None) -> Result[Layout]:
    """Return the layout with the limit that was asked for; without one it stays as it is."""
    if asked is None:
        return Result(layout)
    if asked == OFF:
        return Result(replace(layout, suppress_under=None))
    if LEAST_LIMIT <= asked <= MOST_LIMIT:
        return Result(replace(layout, suppress_under=asked))
    text = f"the limit for small numbers is not from {LEAST_LIMIT} to {MOST_LIMIT}."
    return Result(layout, (Problem(BAD_LIMIT, text, done="Nothing was written."),))


def limit_words(layout: Layout, asked: Limit | None) -> str:
    """Say which small numbers are hidden and who said so; nothing where nobody said anything."""
    who = "as the layout says" if asked is None else "as chosen for this workbook"
    if layout.suppress_under is None:
        return "" if asked is None else f"All are shown, {who}"
    few = _small_numbers(layout.suppress_under)
    return f"Figures about {few} are hidden, {who}, and what would give them away: [c]"


def withheld_words(layout: Layout, request: Request) -> str:
    """Say why the numbers of an explained measure are not given; nothing where they are.

    They count what enters and what each exclusion takes away, which a workbook shows nowhere: no
    rule that is made for workbooks can say which of them give a hidden figure away.
    """
    if layout.suppress_under is None or not request.inputs:
        return ""
    who = "the layout hides" if request.suppress_under is None else "it was asked to hide"
    few = _small_numbers(layout.suppress_under)
    return (
        f"Its numbers are not given, because {who} figures about {few}, which they could give away."
    )


def _small_numbers(limit: int) -> str:
    return "1" if limit == LEAST_LIMIT else f"1 to {limit - 1}"


def apply_suppression(
    reconciled: Reconciled, under: int | None, definitions: Definitions
) -> Reconciled:
    """Return reconciled figures without those that a layout hides, and without their revisions."""
    if under is None:
        return reconciled
    parts = {name: set(definitions.with_parts([name])) - {name} for name in definitions.measures}
    figures = suppress_figures(reconciled.computed.figures, under, parts, counts_of(definitions))
    hidden = {figure.key for figure in figures if figure.status is Status.SUPPRESSED}
    revisions = tuple(
        revision
        for revision in reconciled.revisions
        if (revision.measure, revision.month, revision.team) not in hidden
    )
    listed = {key: each for key, each in reconciled.listed.items() if key not in hidden}
    computed = replace(reconciled.computed, figures=figures)
    return replace(reconciled, computed=computed, revisions=revisions, listed=listed)


def suppress_figures(
    figures: Figures, under: int, parts: Mapping[str, Iterable[str]], counts: Counts | None = None
) -> Figures:
    """Hide the figures with numbers from 1 to `under` - 1, and those that would disclose them.

    `parts` names for each measure the others that it is derived from, `counts` says which of their
    numbers count the same or overlap.
    """
    by_key = {figure.key: figure for figure in figures}
    hidden = {key for key, figure in by_key.items() if _is_small(figure, under)}
    teams: defaultdict[tuple[str, Month], dict[str, Figure]] = defaultdict(dict)
    for figure in by_key.values():
        teams[figure.measure, figure.month][figure.team] = figure
    overlaps = DisclosureByOverlap(by_key.values(), counts or {}, under)
    equations = DisclosureByEquations(by_key.values(), counts or {}, under)
    while True:
        disclosing = {
            *_disclosing_teams(teams.values(), hidden),
            *_derived_from_hidden(by_key, hidden, parts),
            *overlaps.disclosing(hidden),
            *equations.disclosing_teams(hidden),
        } - hidden
        disclosing = disclosing or set(equations.disclosing(hidden))
        if not disclosing:
            break
        hidden |= disclosing
    return Figures(
        replace(figure, numerator=None, denominator=None, value=None,
                status=Status.SUPPRESSED, mark="")
        if key in hidden else figure
        for key, figure in by_key.items()
    )  # fmt: skip


def _is_small(figure: Figure, under: int) -> bool:
    """Tell whether a figure, or the rest that a percentage leaves, is about few."""
    if figure.value is None:
        return False
    numbers = [figure.numerator, figure.denominator]
    if figure.numerator is None and figure.denominator is None:
        numbers = [figure.value]
    elif figure.numerator is not None and figure.denominator is not None:
        numbers.append(figure.denominator - figure.numerator)
    return any(number is not None and 0 < number < under for number in numbers)


def _disclosing_teams(
    tables: Iterable[Mapping[str, Figure]], hidden: set[FigureKey]
) -> Iterator[FigureKey]:
    """Yield one more figure to hide for each measure and month whose hidden teams are disclosed."""
    for table in tables:
        whole = table.get(WHOLE_SERVICE)
        teams = [figure for team, figure in table.items() if team != WHOLE_SERVICE]
        hidden_teams = [figure for figure in teams if figure.key in hidden]
        if whole is None or whole.key in hidden or not hidden_teams:
            continue
        parts = ("numerator", "denominator", "value")
        if any(_is_disclosed(hidden_teams, part) for part in parts):
            visible = [figure for figure in teams
                       if figure.key not in hidden and figure.value is not None]  # fmt: skip
            yield min(visible, key=_loss).key if visible else whole.key


def _is_disclosed(hidden_teams: Sequence[Figure], part: str) -> bool:
    """Tell whether the sum of hidden numbers, each at least 1, can come about in one way only."""
    numbers: list[float] = []
    for figure in hidden_teams:
        is_ratio = figure.numerator is not None or figure.denominator is not None
        number = None if part == "value" and is_ratio else getattr(figure, part)
        if number:
            numbers.append(number)
    return len(numbers) == 1 or (len(numbers) > 1 and sum(numbers) <= len(hidden_teams))


def _loss(figure: Figure) -> tuple[bool, float, str]:
    """Order visible figures by how little is lost by hiding them: smallest first, noughts last."""
    size = figure.numerator if figure.numerator is not None else figure.value or 0.0
    return size == 0, size, figure.team


def _derived_from_hidden(
    figures: Iterable[FigureKey], hidden: set[FigureKey], parts: Mapping[str, Iterable[str]]
) -> Iterator[FigureKey]:
    """Yield what is derived from a hidden figure, from which it could be worked back."""
    for measure, month, team in figures:
        if any((part, month, team) in hidden for part in parts.get(measure, ())):
            yield measure, month, team

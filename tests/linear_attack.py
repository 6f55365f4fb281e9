"""An attack on hidden numbers by all that a workbook shows at once.

    python -m tests.linear_attack [UNDER]

builds the sample's workbook with small numbers hidden and says what the attack finds. The attacker
knows every sum that always holds: teams and the whole, parts and wholes, what came and went, years
and months, and that a part is no more than its whole. For each small number the least and the most
that it can be are sought by linear programming; it is found if only one whole number is left.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from tests.conftest import SAMPLE_INPUTS, WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.definitions.measures import Clocked, During, Open, Rate
from workbook_builder.request import Request
from workbook_builder.suppression.identities import Counted, counts_of

#: A measure, and whether above or below its line.
Line = tuple[str, str]
Place = tuple[Line, str, str]
Numbers = Mapping[Place, float]
Equation = Mapping[Place, int]
WHOLE = ""
#: Different values that a line must take for a sum not to hold by chance.
VARIED = 3
NEAR = 1e-6


def numbers_of(book: openpyxl.Workbook) -> Numbers:
    """Return what stands above and below the line of every figure; populations are public."""
    measures = known_definitions().value.measures
    found: dict[Place, float] = {}
    for row in book["Figures"].iter_rows(min_row=4, values_only=True):
        for at, part in ((3, "numerator"), (4, "denominator")):
            public = part == "denominator" and isinstance(measures[str(row[0])], Rate)
            number = row[at]
            if isinstance(number, int | float) and not public:
                found[(str(row[0]), part), str(row[1]), str(row[2] or WHOLE)] = number
    return found


@dataclass(frozen=True)
class Found:
    """What an attack came to: how many small numbers were attacked, and which were found."""

    hidden: int
    equations: int
    attacked: int
    told: tuple[str, ...]


class Known:
    """What always holds between numbers, told from those that hide nothing."""

    def __init__(self, every: Numbers) -> None:
        definitions = known_definitions().value
        self._measures = definitions.measures
        self._counts = counts_of(definitions)
        self.every = every
        self._lines: defaultdict[Line, dict[tuple[str, str], float]] = defaultdict(dict)
        for (line, month, team), number in every.items():
            self._lines[line][month, team] = number
        self._months = sorted({month for _, month, _ in every})
        self._teams = {line: {team for _, team in at} - {WHOLE} for line, at in self._lines.items()}
        found = [*self._by_teams(), *self._by_sums(), *self._by_flows(), *self._by_years()]
        self.equations = [one for one in found if one]
        for one in self.equations:
            assert not sum(sign * every[place] for place, sign in one.items())
        self.parts = [(part, whole) for part, whole in self._parts() if part != whole]

    def _dataset(self, line: Line) -> str:
        measure = self._measures[line[0]]
        if isinstance(measure, Rate):
            measure = self._measures[measure.parts[0]]
        return measure.dataset if isinstance(measure, Clocked) else ""

    def _datasets(self) -> Iterable[list[Line]]:
        found: defaultdict[str, list[Line]] = defaultdict(list)
        for line in self._lines:
            found[self._dataset(line)].append(line)
        return found.values()

    def _row(self, line: Line, team: str = WHOLE) -> tuple[float, ...]:
        return tuple(self._lines[line].get((month, team), 0.0) for month in self._months)

    def _present(self, signs: Mapping[Place, int]) -> Equation:
        """Return an equation without the numbers that are not there: teams that had none."""
        return {place: sign for place, sign in signs.items() if place in self.every}

    def _by_teams(self) -> Iterator[Equation]:
        for line, teams in self._lines.items():
            found = [
                self._present({(line, month, WHOLE): -1}
                              | {(line, month, team): 1 for team in self._teams[line]})
                for month in self._months if (month, WHOLE) in teams
            ]  # fmt: skip
            holds = all(
                not sum(sign * self.every[place] for place, sign in one.items()) for one in found
            )
            if self._teams[line] and holds:
                yield from found

    def _teams_of(self, lines: Iterable[Line]) -> set[str]:
        teams = [self._teams[line] for line in lines]
        return set().union(*teams) if all(teams) else set()

    def _by_sums(self) -> Iterator[Equation]:
        """Yield sums and differences of up to two lines that are the same, and three of one."""
        for group in self._datasets():
            rows = {line: np.array(self._row(line)) for line in group}
            filled = [line for line in group if rows[line].any()]
            sums: defaultdict[bytes, list[dict[Line, int]]] = defaultdict(list)
            for several in (*combinations(filled, 1), *combinations(filled, 2)):
                for signs in product((1, -1), repeat=len(several)):
                    signed = zip(several, signs, strict=True)
                    row = np.add.reduce([sign * rows[line] for line, sign in signed])
                    if len({*row}) >= VARIED:
                        sums[row.tobytes()].append(dict(zip(several, signs, strict=True)))
            wholes = {rows[line].tobytes(): line for line in filled}
            for three in combinations(filled, 3):
                whole = wholes.get(np.add.reduce([rows[line] for line in three]).tobytes())
                if whole:
                    yield from self._everywhere(dict.fromkeys(three, 1) | {whole: -1})
            for same in sums.values():
                for one, other in combinations(same, 2):
                    if not one.keys() & other.keys():
                        yield from self._everywhere(one | {key: -s for key, s in other.items()})

    def _everywhere(self, signs: Mapping[Line, int]) -> Iterator[Equation]:
        teams = self._teams_of(signs)
        if not all(self._sum(signs, team) for team in teams):
            teams = set()
        for month, team in product(self._months, (WHOLE, *sorted(teams))):
            yield self._present({(line, month, team): sign for line, sign in signs.items()})

    def _sum(self, signs: Mapping[Line, int], team: str) -> bool:
        rows = [sign * np.array(self._row(line, team)) for line, sign in signs.items()]
        return not sum(rows).any()  # type: ignore[union-attr]

    def _by_flows(self) -> Iterator[Equation]:
        """Yield that what is there is what was there before, and what came, less what went."""
        for group in self._datasets():
            stocks = [line for line in group if isinstance(self._clock(line), Open)]
            flows = [line for line in group if isinstance(self._clock(line), During)]
            for stock, (came, went) in product(stocks, permutations(flows, 2)):
                if self._flows(stock, came, went, WHOLE) and any(self._row(went)):
                    teams = self._teams_of((stock, came, went))
                    if not all(self._flows(stock, came, went, team) for team in teams):
                        teams = set()
                    yield from self._steps(stock, came, went, (WHOLE, *sorted(teams)))

    def _steps(
        self, stock: Line, came: Line, went: Line, teams: Iterable[str]
    ) -> Iterator[Equation]:
        steps = zip(self._months, self._months[1:], strict=False)
        for (before, now), team in product(steps, teams):
            yield self._present({(stock, now, team): 1, (stock, before, team): -1,
                                 (came, now, team): -1, (went, now, team): 1})  # fmt: skip

    def _clock(self, line: Line) -> object:
        measure = self._measures[line[0]]
        return measure.clock if isinstance(measure, Clocked) else None

    def _flows(self, stock: Line, came: Line, went: Line, team: str) -> bool:
        steps = np.diff(self._row(stock, team))
        left = np.array(self._row(came, team)) - np.array(self._row(went, team))
        varied = team != WHOLE or len({*steps}) >= VARIED
        return varied and bool((steps == left[1:]).all())

    def _by_years(self) -> Iterator[Equation]:
        """Yield that twelve months are the sum of the single ones, where both are counted."""
        single = {self._counted(line): line for line in self._lines}
        for line in self._lines:
            counted = self._counted(line)
            if not counted or counted.months != len(self._months) - 1 or counted.ground[-1]:
                continue
            month = single.get(Counted(counted.ground, counted.conditions))
            if month:
                for team in (WHOLE, *sorted(self._teams[line])):
                    last, window = self._months[-1], self._months[1:]
                    yield self._present({(line, last, team): -1}
                                        | {(month, one, team): 1 for one in window})  # fmt: skip

    def _counted(self, line: Line) -> Counted | None:
        return self._counts.get(line)

    def _parts(self) -> Iterator[tuple[Place, Place]]:
        for line, other in permutations(self._lines, 2):
            above = line[0] == other[0] and (line[1], other[1]) == ("numerator", "denominator")
            one, two = self._counted(line), self._counted(other)
            if above or (one and two and one.is_part_of(two)):
                for at in self._lines[line].keys() & self._lines[other].keys():
                    yield (line, *at), (other, *at)


class Program:
    """A set of unknowns that hang together, and what is known of them."""

    def __init__(
        self, unknown: Sequence[Place], every: Numbers,
        equations: Sequence[Equation], parts: Sequence[tuple[Place, Place]],
    ) -> None:  # fmt: skip
        self.at = {place: number for number, place in enumerate(unknown)}
        self._every = every
        self.truth = np.array([every[place] for place in unknown])
        self.least, self.most = self.truth.copy(), self.truth.copy()
        self._given: dict[str, Any] = {
            # Nought is shown, mostly: the attacker knows that what is hidden is not.
            "bounds": [(min(1.0, number), None) for number in self.truth],
            "method": "highs",
        }
        if equations:
            self._given["A_eq"], self._given["b_eq"] = self._rows(equations)
        if parts:
            forms = [{part: 1, whole: -1} for part, whole in parts]
            self._given["A_ub"], self._given["b_ub"] = self._rows(forms)
        self._seen: list[np.ndarray] = [self.truth]

    def _rows(self, forms: Sequence[Equation]) -> tuple[csr_matrix, np.ndarray]:
        """Return forms of the unknowns, and what they come to by what is known."""
        cells = [(row, self.at[place], sign) for row, form in enumerate(forms)
                 for place, sign in form.items() if place in self.at]  # fmt: skip
        rows, columns, signs = zip(*cells, strict=True)
        known = [-sum(sign * self._every[place] for place, sign in form.items()
                      if place not in self.at) for form in forms]  # fmt: skip
        return csr_matrix((signs, (rows, columns)), (len(forms), len(self.at))), np.array(known)

    def tells(self, form: Equation) -> bool:
        """Tell whether a sum of unknowns can be one whole number only."""
        weights = np.zeros(len(self.at))
        for place, sign in form.items():
            if place in self.at:
                weights[self.at[place]] += sign
        return not (self._can_be_other(weights) or self._moves(weights) or self._moves(-weights))

    def _can_be_other(self, weights: np.ndarray) -> bool:
        """Tell whether what was found before shows another value."""
        true = weights @ self.truth
        return any(abs(weights @ one - true) >= 1 - NEAR for one in self._seen)

    def _moves(self, weights: np.ndarray) -> bool:
        found = linprog(weights, **self._given)
        if found.status == 3:  # without bound
            return True
        assert found.status == 0, found.message
        self._seen.append(found.x)
        return bool(weights @ self.truth - found.fun >= 1 - NEAR)


def attacked(every: Numbers, shown: Numbers, under: int) -> Found:
    """Attack what is hidden by what is shown."""
    known = Known(every)
    for place, number in shown.items():
        assert every[place] == number
    equations = [one for one in known.equations if not one.keys() <= shown.keys()]
    parts = [one for one in known.parts if not {*one} <= shown.keys()]
    groups = joined((place for place in every if place not in shown), equations, parts)
    told, tried = [], 0
    for unknown, own, pairs in groups:
        program = Program(unknown, every, own, pairs)
        wanted = [{place: 1} for place in unknown]
        wanted += [{whole: 1, part: -1} for part, whole in pairs]
        for form in wanted:
            if 0 < sum(sign * every[place] for place, sign in form.items()) < under:
                tried += 1
                if program.tells(form):
                    told.append(" less ".join(map(str, form)))
    hidden = len(every) - len(shown)
    return Found(hidden, len(equations), tried, tuple(told))


Group = tuple[list[Place], list[Equation], list[tuple[Place, Place]]]


def joined(
    unknown: Iterable[Place], equations: Sequence[Equation], parts: Sequence[tuple[Place, Place]]
) -> Iterable[Group]:
    """Return unknowns in groups that no equation and no part and whole connects."""
    first = {place: place for place in unknown}

    def group_of(place: Place) -> Place:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    def inside(places: Iterable[Place]) -> list[Place]:
        return [place for place in places if place in first]

    for places in (*equations, *parts):
        one, *others = inside(places)
        for other in others:
            first[group_of(other)] = group_of(one)
    groups: defaultdict[Hashable, Group] = defaultdict(lambda: ([], [], []))
    for place in first:
        groups[group_of(place)][0].append(place)
    for equation in equations:
        groups[group_of(inside(equation)[0])][1].append(equation)
    for pair in parts:
        groups[group_of(inside(pair)[0])][2].append(pair)
    return groups.values()


def sample(folder: Path, under: int | None) -> Numbers:
    """Build the sample's workbook and return its numbers."""
    request = Request((SAMPLE_INPUTS,), out=folder / f"{under}.xlsx", written=WRITTEN,
                          suppress_under=under)  # fmt: skip
    outcome = build(request, lambda progress: None)
    assert outcome.written, [problem.text() for problem in outcome.problems]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return numbers_of(openpyxl.load_workbook(outcome.written, data_only=True))


def main(under: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        every, shown = sample(Path(folder), None), sample(Path(folder), under)
    began = time.process_time()
    found = attacked(every, shown, under)
    took = time.process_time() - began
    sys.stdout.write(
        f"under {under}: {len(every)} numbers, {found.hidden} hidden, {found.equations} equations, "
        f"{found.attacked} small numbers attacked, {len(found.told)} found, {took:.0f} s\n"
    )
    for one in found.told:
        sys.stdout.write(f"  {one}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

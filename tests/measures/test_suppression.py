"""Small numbers are hidden, and nobody can work them out from what is shown."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

import pytest

from workbook_builder.figures import WHOLE_SERVICE, Figure, Figures, Status
from workbook_builder.months import Month
from workbook_builder.suppression.apply_suppression import suppressed

MONTH = Month(2023, 7)
UNDER = 5
TEAMS = ("A", "B", "C", "D")


def figure(measure: str, team: str, numerator: float, denominator: float | None = None) -> Figure:
    value = numerator if denominator is None else numerator / denominator if denominator else None
    return Figure(measure, MONTH, team, numerator, denominator, value, Status.CALCULATED)


def table(*counts: int) -> Figures:
    teams = [figure("m", team, count) for team, count in zip(TEAMS, counts, strict=False)]
    return Figures([figure("m", WHOLE_SERVICE, sum(counts)), *teams])


def shown(figures: Figures) -> dict[str, float | None]:
    return {one.team: one.value for one in figures if one.measure == "m"}


@pytest.mark.parametrize(("counts", "left"), [
    ((10, 20), (30, 10, 20)), ((3, 20), (23, None, None)), ((0, 20), (20, 0, 20)),
    ((3, 20, 30), (53, None, None, 30)), ((1, 1, 30), (32, None, None, None)),
    ((2, 3, 30), (35, None, None, 30)), ((1, 0, 0), (None, None, 0, 0)),
    ((4, 0, 20), (24, None, 0, None)),
])  # fmt: skip
def test_small_counts_and_those_that_give_them_away(
    counts: tuple[int, ...], left: tuple[float | None, ...]
) -> None:
    names = (WHOLE_SERVICE, *TEAMS)
    expected = dict(zip(names, left, strict=False))
    assert shown(suppressed(table(*counts), UNDER, {})) == expected


def test_nothing_of_a_hidden_figure_is_left() -> None:
    hidden = suppressed(table(3, 20), UNDER, {}).get("m", MONTH, "A")
    assert hidden and hidden.status is Status.SUPPRESSED
    assert (hidden.numerator, hidden.denominator, hidden.value) == (None, None, None)


def test_a_percentage_that_leaves_few_is_hidden() -> None:
    figures = Figures([figure("p", "", 98, 100), figure("q", "", 2, 100), figure("r", "", 50, 100)])
    hidden = [one.measure for one in suppressed(figures, UNDER, {}) if one.value is None]
    assert hidden == ["p", "q"]


def test_what_is_worked_out_from_a_hidden_figure_is_hidden() -> None:
    figures = Figures([figure("m", "", 3), figure("other", "", 40), figure("sum", "", 43)])
    parts = {"sum": ("m", "other")}
    hidden = {one.measure for one in suppressed(figures, UNDER, parts) if one.value is None}
    assert hidden == {"m", "sum"}


def solutions(total: int, hidden: int) -> Iterator[tuple[int, ...]]:
    """Yield every way in which so many numbers from 1 on can make a total."""
    for split in itertools.combinations(range(1, total), hidden - 1):
        edges = (0, *split, total)
        yield tuple(right - left for left, right in itertools.pairwise(edges))


def attacked(figures: Figures, part: str) -> Sequence[set[int]]:
    """Return the values that each hidden team may have, for somebody who sees all the others."""
    found = {one.team: one for one in figures}
    whole = getattr(found[WHOLE_SERVICE], part)
    teams = [one for team, one in found.items() if team != WHOLE_SERVICE]
    dark = [one for one in teams if one.status is Status.SUPPRESSED]
    if whole is None or not dark:
        return []
    rest = int(whole - sum(getattr(one, part) or 0 for one in teams))
    return [set(each) for each in zip(*solutions(rest, len(dark)), strict=True)]


@pytest.mark.parametrize("part", ["numerator", "denominator"])
def test_hidden_values_cannot_be_recovered(part: str) -> None:
    chance = random.Random(11)
    attacks = 0
    for _ in range(2_000):
        counts = [(chance.choice((0, 1, 2, 3, 4, 6, 9, 15)), chance.randint(0, 20))
                  for _ in range(chance.randint(1, 4))]  # fmt: skip
        teams = [figure("m", team, low, low + more)
                 for team, (low, more) in zip(TEAMS, counts, strict=False)]  # fmt: skip
        whole = figure("m", "", sum(one for one, _ in counts), sum(map(sum, counts)))
        result = suppressed(Figures([whole, *teams]), UNDER, {})
        small = [one for one in result if one.value is not None and one.numerator is not None
                 and (0 < one.numerator < UNDER or 0 < (one.denominator or 0) < UNDER)]  # fmt: skip
        assert not small
        for possible in attacked(result, part):
            attacks += 1
            assert len(possible) > 1, (counts, shown(result))
    assert attacks > 100

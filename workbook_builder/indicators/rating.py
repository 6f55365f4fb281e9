"""How values are judged: which months are compared, RAG, direction of travel, trend and change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbook_builder.definitions.measures import Polarity
from workbook_builder.indicators.rounding import EXACT_DIGITS, rounded

GREEN, AMBER, RED = 1, 0, -1
BETTER, SAME, WORSE = 1, 0, -1

#: Changes are shares of one, shown in whole percents.
CHANGE_DIGITS = 2

_SIGN: dict[Polarity, int] = {"higher": 1, "lower": -1}

_MONTHS_OF_A_YEAR = 12
#: A quarter's figure may be so many months old and still be the current one.
_LATEST_QUARTER = 5
#: How many months before the current figure that of the quarter before may lie, and a year before.
_QUARTER_BEFORE = (2, 4)
_YEAR_BEFORE = (11, 13)


@dataclass(frozen=True)
class Comparison:
    """Positions among a row's months; None where there is nothing to compare.

    A position of a monthly row may hold a blank, which can be filled later.
    """

    current: int | None
    previous: int | None
    year_ago: int | None


def comparison(values: Sequence[float | None], *, quarterly: bool = False) -> Comparison:
    """Return the positions of the values that are compared: month with month, or by quarters."""
    last = len(values) - 1
    if not quarterly:
        month, year = last - 1, last - _MONTHS_OF_A_YEAR
        return Comparison(last, month if month >= 0 else None, year if year >= 0 else None)
    current = _latest(values, last - _LATEST_QUARTER, last)
    if current is None:
        return Comparison(None, None, None)
    previous, year_ago = (
        _latest(values, current - furthest, current - nearest)
        for nearest, furthest in (_QUARTER_BEFORE, _YEAR_BEFORE)
    )
    return Comparison(current, previous, year_ago)


def _latest(values: Sequence[float | None], first: int, last: int) -> int | None:
    """Return the position of the latest figure between two positions."""
    positions = range(last, max(first, 0) - 1, -1)
    return next((position for position in positions if values[position] is not None), None)


def rag(
    value: float | None, target: float | None, better: Polarity | None, tolerance: float
) -> int | None:
    """Return GREEN if the target is met, AMBER if missed by less than the tolerance, else RED.

    The tolerance is a share of the target. Value and target are in the same unit, as printed.
    Without value, target or polarity there is no RAG: None.
    """
    if value is None or target is None or better is None:
        return None
    missed_by = rounded((target - value) * _SIGN[better], EXACT_DIGITS)
    if missed_by <= 0:
        return GREEN
    return AMBER if missed_by < rounded(tolerance * abs(target), EXACT_DIGITS) else RED


def direction(current: float | None, previous: float | None, better: Polarity | None) -> int | None:
    """Return BETTER, SAME or WORSE: the sign of the change, turned round where lower is better.

    Without two values or a polarity there is no direction: None.
    """
    change_of_value = trend(current, previous)
    if change_of_value is None or better is None:
        return None
    return _SIGN[better] * ((change_of_value > 0) - (change_of_value < 0))


def trend(current: float | None, previous: float | None) -> float | None:
    """Return this month less last month, or None if one of them is blank."""
    if current is None or previous is None:
        return None
    return rounded(current - previous, EXACT_DIGITS)


def change(current: float, previous: float) -> float | None:
    """Return the change as a share of the previous value, in whole percents; None if that is 0."""
    if previous == 0:
        return None
    return rounded(rounded(current / previous - 1, EXACT_DIGITS), CHANGE_DIGITS)


def average(values: Sequence[float], places: int) -> float | None:
    """Return the mean of values as it is printed, or None if there are none."""
    if not values:
        return None
    return rounded(rounded(math.fsum(values) / len(values), EXACT_DIGITS), places)

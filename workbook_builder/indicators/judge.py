"""Judgement of single values: RAG, direction of travel, trend. All on values as they are printed.

A reader checks a rating against the numbers on the page, so the numbers on the page are what is
judged: a value is first rounded to its unit's decimals, half away from zero as Excel does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from workbook_builder.definitions.measures import Polarity, Unit

GREEN, AMBER, RED = 1, 0, -1
BETTER, SAME, WORSE = 1, 0, -1

_SIGN: dict[Polarity, int] = {"higher": 1, "lower": -1}

#: Digits after which binary fractions are noise: 0.95 - 0.9025 is a tolerance of 0.0475 exactly.
EXACT_DIGITS = 9

#: Changes are shares of one, shown in whole percents.
CHANGE_DIGITS = 2

#: As many digits as any float has before and after the point.
_ALL_DIGITS = Context(prec=700)


def digits(unit: Unit, decimals: int) -> int:
    """Return the digits after the point of a stored value; percentages are shares of one."""
    return decimals + 2 if unit == "percent" else decimals


def printed(value: float, unit: Unit, decimals: int) -> float:
    """Return a value as it is printed, rounded half away from zero."""
    return rounded(value, digits(unit, decimals))


def rounded(value: float, places: int) -> float:
    """Round half away from zero, as Excel's ROUND does: 12.5 is 13, -12.5 is -13."""
    step = Decimal(1).scaleb(-places)
    # The shortest text of a float is what Excel shows and rounds: 0.285 is 0.29, not 0.28.
    exact = Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP, context=_ALL_DIGITS)
    return float(exact) + 0.0  # never minus zero


def decimals_shown(value: float, unit: Unit, decimals: int) -> int:
    """Return the digits after the point that show a value in full, at least `decimals` of them."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # only infinities have none
    return max(decimals, -exponent - digits(unit, 0))


def rag(value: float, target: float, better: Polarity, tolerance: float) -> int:
    """Return GREEN if the target is met, AMBER if missed by less than the tolerance, else RED.

    The tolerance is a share of the target. Value and target are in the same unit, as printed.
    """
    missed_by = rounded((target - value) * _SIGN[better], EXACT_DIGITS)
    if missed_by <= 0:
        return GREEN
    return AMBER if missed_by < rounded(tolerance * abs(target), EXACT_DIGITS) else RED


def direction(current: float, previous: float, better: Polarity) -> int:
    """Return BETTER, SAME or WORSE: the sign of the change, turned round where lower is better."""
    change = rounded(current - previous, EXACT_DIGITS)
    return _SIGN[better] * ((change > 0) - (change < 0))


def change(current: float, comparison: float) -> float | None:
    """Return the change as a share of the comparison, in whole percents; None if that is 0."""
    if comparison == 0:
        return None
    return rounded(rounded(current / comparison - 1, EXACT_DIGITS), CHANGE_DIGITS)


def average(values: Sequence[float], places: int) -> float | None:
    """Return the mean of values as it is printed, or None if there are none."""
    if not values:
        return None
    return rounded(rounded(math.fsum(values) / len(values), EXACT_DIGITS), places)


def trend(current: float, previous: float) -> float:
    """Return this month less last month."""
    return rounded(current - previous, EXACT_DIGITS)

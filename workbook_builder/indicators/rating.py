"""The year to date: what has come together since 1 April.

Only what falls in a month adds up over months. Snapshots, rates and children who may come back in
another month do not, and a year with a blank month is not summed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

from workbook_builder.definitions.measures import (
    Count,
    During,
    Measure,
    Percentage,
    Polarity,
    Sum,
    Unit,
)
from workbook_builder.figures import Figure, Figures
from workbook_builder.months import Month

Values = Sequence[float | None]

_RECENT = 6
_QUARTER = (2, 4)
_YEAR_OF_QUARTERS = (11, 13)
_YEAR = 12


@dataclass(frozen=True)
class Comparison:
    """Positions among a row's months; None where there is nothing to compare.

    A position of a monthly row may hold a blank, which can be filled later.
    """

    current: int | None
    previous: int | None
    year_ago: int | None


def comparison(values: Values, *, quarterly: bool = False) -> Comparison:
    """Return the positions of the values that are held against one another."""
    last = len(values) - 1
    if not quarterly:
        return Comparison(last, _at(last - 1), _at(last - _YEAR))
    current = _latest(values, last - _RECENT + 1, last)
    if current is None:
        return Comparison(None, None, None)
    return Comparison(
        current, _back(values, current, *_QUARTER), _back(values, current, *_YEAR_OF_QUARTERS)
    )


def _at(position: int) -> int | None:
    return position if position >= 0 else None


def _back(values: Values, current: int, nearest: int, furthest: int) -> int | None:
    """Return the position of the nearest figure so many months before the current one."""
    return _latest(values, current - furthest, current - nearest)


def _latest(values: Values, first: int, last: int) -> int | None:
    positions = range(last, max(first, 0) - 1, -1)
    return next((at for at in positions if values[at] is not None), None)


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


#: How months come together: their values added, or their numerators and their denominators.
Adding = Literal["sum", "ratio"]


@dataclass(frozen=True)
class ToDate:
    """How a row's year to date comes about, over how many of its last months, and its value.

    `reason` says why there is none.
    """

    adding: Adding | None
    months: int = 0
    value: float | None = None
    reason: str = ""


NOT_ADDED = ToDate(None, reason="Months of this indicator cannot be added up.")


def to_date(
    measure: Measure, measures: Mapping[str, Measure], figures: Figures, months: Sequence[Month]
) -> ToDate:
    """Return the year to date at the last of the months, unrounded."""
    adding = _adding(measure, measures)
    year = [month for month in months if month.financial_year == months[-1].financial_year]
    if adding is None or year[0].number != _FIRST:
        return NOT_ADDED
    found = [figures.get(measure.name, month) for month in year]
    values = [one for one in found if one is not None and _has(one, adding)]
    if len(values) < len(year):
        return ToDate(adding, len(year), reason="A month of the year is blank.")
    return ToDate(adding, len(year), _together(values, adding))


_FIRST = 4


def _adding(measure: Measure, measures: Mapping[str, Measure]) -> Adding | None:
    if isinstance(measure, Sum):
        parts = {_adding(measures[part], measures) for part in measure.parts}
        return "sum" if parts == {"sum"} else None
    if measure.quarterly or not isinstance(measure, Count | Percentage):
        return None
    if measure.clock != During(measure.during):
        return None
    return "sum" if isinstance(measure, Count) else "ratio"


def _has(figure: Figure, adding: Adding) -> bool:
    if adding == "sum":
        return figure.value is not None
    return figure.numerator is not None and figure.denominator is not None


def _together(figures: Sequence[Figure], adding: Adding) -> float | None:
    if adding == "sum":
        return sum(figure.value or 0 for figure in figures)
    whole = sum(figure.denominator or 0 for figure in figures)
    return sum(figure.numerator or 0 for figure in figures) / whole if whole else None

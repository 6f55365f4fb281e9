"""How values are rounded and printed: everywhere in the program by these rules."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from workbook_builder.definitions.measures import Unit

#: Digits after which binary fractions are noise: 0.95 - 0.9025 is a tolerance of 0.0475 exactly.
EXACT_DIGITS = 9

#: As many digits as any float has before and after the point.
_ALL_DIGITS = Context(prec=700)


@lru_cache(maxsize=10_000)  # many tables show the same values
def rounded(value: float, places: int) -> float:
    """Round half away from zero, as Excel's ROUND does: 12.5 is 13, -12.5 is -13."""
    step = Decimal(1).scaleb(-places)
    # The shortest text of a float is what Excel shows and rounds: 0.285 is 0.29, not 0.28.
    exact = Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP, context=_ALL_DIGITS)
    return float(exact) + 0.0  # never minus zero


def digits(unit: Unit, decimals: int) -> int:
    """Return the digits after the point of a stored value; percentages are shares of one."""
    return decimals + 2 if unit == "percent" else decimals


def printed(value: float, unit: Unit, decimals: int) -> float:
    """Return a value as it is printed, rounded half away from zero."""
    return rounded(value, digits(unit, decimals))


def value_text(value: float | None, unit: Unit, decimals: int) -> str:
    """Write a value as it is printed: "1,285", "94.9%"; None is "blank"."""
    if value is None:
        return "blank"
    shown = printed(value, unit, decimals)
    return f"{shown:.{decimals}%}" if unit == "percent" else f"{shown:,.{decimals}f}"


def decimals_shown(value: float, unit: Unit, decimals: int) -> int:
    """Return the digits after the point that show a value in full, at least `decimals` of them."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # only infinities have none
    return max(decimals, -exponent - digits(unit, 0))

"""Statistical process control: whether the latest value is more than the usual variation.

An XmR chart of one value a month: limits at the mean plus and minus 2.66 times the mean moving
range (D. J. Wheeler, *Understanding Variation*, 1993), and the rules of NHS England's *Making Data
Count*: a point outside the limits, seven or more on one side of the mean, seven or more that rise
or fall, two of three near one limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from workbook_builder.definitions.measures import Polarity

#: Fewer months are no basis for limits.
FEWEST_MONTHS = 12
#: Three standard deviations in mean moving ranges of two values: 3 / 1.128, rounded as is usual.
_LIMIT = 2.66
_NEAR = _LIMIT * 2 / 3
_RUN = 7
_THREE, _TWO = 3, 2

Rule = Literal["outside", "shift", "trend", "near"]
Verdict = Literal["improving", "concerning", "high", "low", "common"]


@dataclass(frozen=True)
class Limits:
    """The mean of all values and the limits within which they vary as usual."""

    mean: float
    lower: float
    upper: float

    @property
    def near(self) -> float:
        """How far from the mean a value is near a limit."""
        return (self.upper - self.mean) * _NEAR / _LIMIT


@dataclass(frozen=True)
class Variation:
    """What the latest value says: common variation, or a special cause and the rules that tell it.

    Without a polarity a special cause is neither good nor bad, only `high` or `low`. `side` is 1 if
    it is high or rising, -1 if low or falling, 0 if nothing is special.
    """

    limits: Limits
    verdict: Verdict
    side: int
    rules: tuple[Rule, ...]


def xmr_limits(values: Sequence[float | None]) -> Limits | None:
    """Return the limits of values month by month; None of fewer than two known values.

    A blank month is left out, and there is no moving range across it.
    """
    known = [value for value in values if value is not None]
    ranges = [abs(current - before) for before, current in pairwise(values)
              if before is not None and current is not None]  # fmt: skip
    if not ranges:
        return None
    mean = math.fsum(known) / len(known)
    spread = _LIMIT * math.fsum(ranges) / len(ranges)
    return Limits(mean, mean - spread, mean + spread)


def variation(values: Sequence[float | None], better: Polarity | None) -> Variation | None:
    """Return whether the last value is special; None of fewer than 12 months or of a blank one."""
    known = [value for value in values if value is not None]
    limits = xmr_limits(values)
    if limits is None or len(known) < FEWEST_MONTHS or values[-1] is None:
        return None
    signs = {rule: sign for rule, sign in _signals(known, limits) if sign}
    if not signs:
        return Variation(limits, "common", 0, ())
    side = next(iter(signs.values()))
    rules = tuple(rule for rule, sign in signs.items() if sign == side)
    verdict: Verdict = "high" if side > 0 else "low"
    if better is not None:
        verdict = "improving" if (side > 0) == (better == "higher") else "concerning"
    return Variation(limits, verdict, side, rules)


def _signals(known: Sequence[float], limits: Limits) -> Iterator[tuple[Rule, int]]:
    """Yield each rule with the side on which it holds at the last value, 0 if it does not.

    What a single value shows comes first, then what months together show.
    """
    last = known[-1]
    yield "outside", (last > limits.upper) - (last < limits.lower)
    sides = [(value > limits.mean) - (value < limits.mean) for value in known]
    yield "shift", _all_alike(sides[-_RUN:], _RUN)
    steps = [(current > before) - (current < before) for before, current in pairwise(known)]
    yield "trend", _all_alike(steps[-(_RUN - 1) :], _RUN - 1)
    side = _all_alike(sides[-_THREE:], _THREE)
    near = [abs(value - limits.mean) > limits.near for value in known[-_THREE:]]
    yield "near", side if near[-1] and sum(near) >= _TWO else 0


def _all_alike(signs: Sequence[int], count: int) -> int:
    return signs[-1] if len(signs) == count and len(set(signs)) == 1 else 0

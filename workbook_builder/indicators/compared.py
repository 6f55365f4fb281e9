"""Which of a row's months are held against one another, and what comes of it.

A monthly row compares the last month with the month before it and with the same month of the year
before. A quarterly row has a figure now and then: it compares its latest figure, if that is of the
last six months, with the one two to four months before it (the previous quarter) and with the one
eleven to thirteen months before it (the same quarter of the previous year).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Values = Sequence[float | None]

_RECENT = 6
_QUARTER = (2, 4)
_YEAR_OF_QUARTERS = (11, 13)
_YEAR = 12


@dataclass(frozen=True)
class Compared:
    """Positions among a row's months; None where there is nothing to compare.

    A position of a monthly row may hold a blank, which can be filled later.
    """

    current: int | None
    previous: int | None
    year_ago: int | None


def compared(values: Values, *, quarterly: bool = False) -> Compared:
    """Return the positions of the values that are held against one another."""
    last = len(values) - 1
    if not quarterly:
        return Compared(last, _at(last - 1), _at(last - _YEAR))
    current = _latest(values, last - _RECENT + 1, last)
    if current is None:
        return Compared(None, None, None)
    return Compared(
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

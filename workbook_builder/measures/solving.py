"""Which unknowns a set of linear equations determines, and from which of the equations.

What the equations add up to does not matter for that, only what stands in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

Unknown = TypeVar("Unknown", bound=Hashable)

#: Equations are solved modulo a prime, so that numbers stay small and exact.
_PRIME = (1 << 61) - 1

#: Unknowns by their numbers; or of which equations, by theirs, a row is made up.
_Sum = dict[int, int]


def determined(
    equations: Sequence[Mapping[Unknown, int]], unknown: set[Unknown]
) -> Iterator[tuple[Unknown, frozenset[int]]]:
    """Yield each unknown that follows from the equations, with the numbers of those it takes."""
    numbers: dict[Unknown, int] = {}
    solved = _Solved()
    for at, equation in enumerate(equations):
        row = {numbers.setdefault(one, len(numbers)): times % _PRIME
               for one, times in equation.items() if one in unknown}  # fmt: skip
        solved.add(row, {at: 1})
    names = list(numbers)
    for one, (row, made_of) in solved.rows.items():
        if len(row) == 1:
            yield names[one], frozenset(made_of)


class _Solved:
    """Equations solved for one unknown each, which stands in no other of them."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[_Sum, _Sum]] = {}
        #: In which rows an unknown stands, or stood once.
        self._holders: defaultdict[int, dict[int, None]] = defaultdict(dict)

    def add(self, row: _Sum, made_of: _Sum) -> None:
        """Add an equation; one that says nothing new changes nothing."""
        for one in [one for one in row if one in self.rows]:
            _take_away(row, made_of, self.rows[one], row[one])
        if not row:
            return
        one = min(row, key=lambda each: len(self._holders[each]))
        back = pow(row[one], -1, _PRIME)
        new = _times(row, back), _times(made_of, back)
        for holder in self._holders.pop(one, {}):
            before, parts = self.rows[holder]
            if one in before:
                _take_away(before, parts, new, before[one])
                self._note(new[0], one, holder)
        self.rows[one] = new
        self._note(new[0], one, one)

    def _note(self, row: _Sum, solved_for: int, holder: int) -> None:
        for each in row:
            if each != solved_for:
                self._holders[each][holder] = None


def _times(row: _Sum, times: int) -> _Sum:
    return {one: coefficient * times % _PRIME for one, coefficient in row.items()}


def _take_away(row: _Sum, made_of: _Sum, other: tuple[_Sum, _Sum], times: int) -> None:
    """Take another row so many times from a row."""
    _less(row, other[0], times)
    _less(made_of, other[1], times)


def _less(row: _Sum, other: _Sum, times: int) -> None:
    for one, coefficient in other.items():
        left = (row.get(one, 0) - times * coefficient) % _PRIME
        if left:
            row[one] = left
        else:
            row.pop(one, None)

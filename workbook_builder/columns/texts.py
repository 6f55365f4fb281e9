"""A column of texts: the different ones, and the number of each cell's.

All work on a column is done on the different texts and handed out to the cells by their numbers.
"""

from __future__ import annotations

import itertools
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from workbook_builder.columns.different import Different, joined, starts_of, together
from workbook_builder.columns.told_apart import WORD, Flags, Numbers, Places, small, told_apart

#: Which cells: a slice, flags, or their places.
Some: TypeAlias = slice | Flags | Places
_Cells = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts; a blank cell has the number -1.

    Some of the different texts may stand in no cell: those of cells that are no longer there.
    """

    numbers: Numbers
    different: Different

    @classmethod
    def of(cls, cells: Iterable[str | None]) -> Texts:
        """Return a column of these cells; None is a blank."""
        known: defaultdict[str | None, int] = defaultdict(itertools.count().__next__)
        known[None] = -1
        numbers = np.fromiter(map(known.__getitem__, cells), dtype=np.int32)
        del known[None]
        return cls(numbers, Different.of(list(known)))  # type: ignore[arg-type]

    @classmethod
    def same(cls, text: str, count: int) -> Texts:
        """Return a column that holds one text in every cell."""
        return cls(np.zeros(count, dtype=np.int32), Different.of([text]))

    @classmethod
    def blanks(cls, count: int) -> Texts:
        """Return a column of blanks."""
        return cls(np.full(count, -1, dtype=np.int32), Different.of([]))

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def blank(self) -> Flags:
        """Which cells are blank."""
        return self.numbers < 0

    @property
    def any_blank(self) -> bool:
        """Whether a cell is blank."""
        return int(self.numbers.min(initial=0)) < 0

    def take(self, some: Some) -> Texts:
        """Return some of the cells."""
        return Texts(self.numbers[some], self.different)

    def used(self) -> Texts:
        """Return the same column without the texts that stand in no cell."""
        if len(self.different) > len(self):
            return self._each_once()
        if self._all_stand:
            return self
        stands = self._stand()
        fewer = np.cumsum(stands, dtype=np.int32) - np.int32(1)
        fewer[-1] = -1
        return Texts(fewer[self.numbers], self.different.take(np.flatnonzero(stands[:-1])))

    def lean(self) -> Texts:
        """Return the same column in as little memory as it needs while it is worked on."""
        own = self.used()
        return Texts(small(own.numbers), own.different)

    def _each_once(self) -> Texts:
        """Return the same column, made without a look at all different texts."""
        found, inverse = np.unique(self.numbers, return_inverse=True)
        blanks = int(np.searchsorted(found, 0))  # none, or the first
        numbers: Numbers = inverse.astype(np.int32) - np.int32(blanks)
        return Texts(numbers, self.different.take(found[blanks:]))

    @cached_property
    def _all_stand(self) -> bool:
        return bool(self._stand()[:-1].all())

    def _stand(self) -> Flags:
        """Tell which of the different texts stand in a cell; the last is that of blanks."""
        stands = np.zeros(len(self.different) + 1, dtype=bool)
        stands[self.numbers] = True
        return stands

    def cells(self) -> _Cells:
        """Return the text of each cell, None for a blank."""
        return handed_out(self.different.texts(), self, None)

    def without(self, some: Flags) -> Texts:
        """Return the column with some cells left blank."""
        if not some.any():
            return self
        return Texts(np.where(some, np.int32(-1), self.numbers), self.different)

    def changed(self, change: Callable[[Sequence[str]], Iterable[str | None]]) -> Texts:
        """Change the texts, each different one once; None is a blank."""
        own = self.used()
        found = own.different.texts().tolist()
        changed = list(change(found))
        if all(map(operator.is_, changed, found)):
            return own
        made = Texts.of(changed)
        return Texts(handed_out(made.numbers, own, -1), made.different)

    def with_texts(self, some: Places, texts: Sequence[str]) -> Texts:
        """Put other texts in place of some of the different ones."""
        different, became = self.different.changed(some, texts)
        return Texts(handed_out(became, self, -1), different)

    def passing(
        self, test: Callable[[str], object], cleared: Callable[[Different], Flags] | None = None
    ) -> Flags:
        """Tell which cells pass a test, each different text tested once; blanks do not.

        Those that are `cleared` are known not to pass, and need not be tested.
        """
        own = self.used()
        passed = np.ones(len(own.different), dtype=bool)
        if cleared:
            passed = ~cleared(own.different)
        left = np.flatnonzero(passed)
        passed[left] = [bool(test(text)) for text in own.different.texts(left)]
        return handed_out(passed, own, fill=False) if passed.any() else np.zeros(len(self), bool)


class TextsGathered:
    """A column of texts as it grows; all of them together never stand in memory as texts."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._lengths: list[Numbers] = []

    def add(self, texts: Sequence[str]) -> None:
        """Add cells at the bottom."""
        content, lengths = joined(texts)
        self._pieces.append(content)
        self._lengths.append(lengths)

    def column(self) -> Texts:
        """Return the cells as a column."""
        ends = np.cumsum(np.concatenate(self._lengths), dtype=np.int32)
        content = b"".join((*self._pieces, bytes(WORD)))
        starts = starts_of(ends)
        numbers, first = told_apart(content, starts, ends)
        return Texts(numbers, Different(content, starts[first], ends[first]).packed())


def handed_out(made: npt.NDArray[Any], column: Texts, fill: object) -> npt.NDArray[Any]:
    """Hand what was made of each different text of a column out to its cells; blanks get `fill`."""
    if column.any_blank:
        made = np.append(made, np.array([fill], dtype=made.dtype))  # which -1 finds
    found: npt.NDArray[Any] = made[column.numbers]
    return found


def below_one_another(columns: Sequence[Texts]) -> Texts:
    """Return columns as one; different texts are still kept once."""
    if len(columns) == 1:
        return columns[0]
    different, became = together([one.different for one in columns])
    ends = np.cumsum([len(one.different) for one in columns])[:-1]
    numbers = [handed_out(own, column, -1)
               for own, column in zip(np.split(became, ends), columns, strict=True)]  # fmt: skip
    return Texts(np.concatenate(numbers), different)

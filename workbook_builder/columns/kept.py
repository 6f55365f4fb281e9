"""The records of one sheet, kept in little memory until they are counted.

Each different text takes its bytes alone, not an object of Python, each day four bytes, and each
number of a text as few as it needs. Columns are made whole again one by one, so that no more of
them than are looked at take their full room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from workbook_builder.columns.different import Different, starts_of
from workbook_builder.columns.table import Records
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.told_apart import Numbers, small
from workbook_builder.columns.values import Column, Values

_DAY = np.dtype("datetime64[D]")
_NO_DAY = np.iinfo(np.int32).min
#: Bytes that an object of Python takes beside its text, and a place in a list.
_OBJECT = 57


class _Column(Protocol):
    """One column as it is kept."""

    @property
    def size(self) -> int:
        """The bytes of memory that it takes."""

    @property
    def whole(self) -> int:
        """The bytes that it takes where it is made whole, text by text."""

    def column(self) -> Column:
        """Return the column as it was."""


@dataclass(frozen=True, eq=False)
class _Texts:
    numbers: Numbers
    content: bytes
    lengths: Numbers

    @property
    def size(self) -> int:
        return int(self.numbers.nbytes + self.lengths.nbytes) + len(self.content)

    @property
    def whole(self) -> int:
        return 4 * len(self.numbers) + len(self.content) + _OBJECT * len(self.lengths)

    def column(self) -> Column:
        ends = np.cumsum(self.lengths, dtype=np.int32)
        return Texts(self.numbers.astype(np.int32), Different(self.content, starts_of(ends), ends))


@dataclass(frozen=True, eq=False)
class _Days:
    numbers: Numbers

    @property
    def size(self) -> int:
        return int(self.numbers.nbytes)

    @property
    def whole(self) -> int:
        return 9 * len(self.numbers)

    def column(self) -> Column:
        return Values(self.numbers.astype(_DAY), self.numbers == _NO_DAY)


@dataclass(frozen=True, eq=False)
class _Nothing:
    """A column of blanks; its dataset has it, and the sheet has not."""

    count: int
    kind: np.dtype[Any] | None

    @property
    def size(self) -> int:
        return 0

    @property
    def whole(self) -> int:
        return 0

    def column(self) -> Column:
        if self.kind is None:
            return Texts.blanks(self.count)
        return Values(np.zeros(self.count, self.kind), np.ones(self.count, dtype=bool))


@dataclass(frozen=True, eq=False)
class _AsItIs:
    values: Values

    @property
    def size(self) -> int:
        return int(self.values.values.nbytes + self.values.blank.nbytes)

    @property
    def whole(self) -> int:
        return self.size

    def column(self) -> Column:
        return self.values


@dataclass(frozen=True, eq=False)
class Kept:
    """Records as they are kept, a sheet's or some of them."""

    numbers: range | Numbers
    columns: Mapping[str, _Column]

    @classmethod
    def of(cls, records: Records) -> Kept:
        """Keep the records of a sheet."""
        columns = {name: _kept(one) for name, one in records.columns.items()}
        return cls(_without_gaps(records.rows), columns)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def rows(self) -> Numbers:
        """Their row numbers."""
        return np.array(self.numbers, dtype=np.int32)

    @property
    def size(self) -> int:
        """The bytes of memory that they take."""
        own = 0 if isinstance(self.numbers, range) else int(self.numbers.nbytes)
        return own + sum(column.size for column in self.columns.values())

    @property
    def whole(self) -> int:
        """The bytes of memory that they take where all columns are made whole."""
        return 4 * len(self) + sum(column.whole for column in self.columns.values())

    def records(self, names: Iterable[str] | None = None) -> Records:
        """Return the records as they were, or these columns of them."""
        wanted = self.columns if names is None else names
        return Records(self.rows, {name: self.column(name) for name in wanted})

    def column(self, name: str) -> Column:
        """Return one column of the records as it was."""
        return self.columns[name].column()

    def texts(self, name: str) -> Texts:
        """Return one column of texts as it was."""
        found = self.column(name)
        assert isinstance(found, Texts)
        return found


def _without_gaps(rows: Numbers) -> range | Numbers:
    """Return row numbers as a range if they are one, as nearly all are."""
    first = int(rows[0]) if len(rows) else 0
    whole = range(first, first + len(rows))
    return whole if np.array_equal(rows, whole) else rows.copy()


def _kept(column: Column) -> _Column:
    if column.blank.all():
        return _Nothing(len(column), None if isinstance(column, Texts) else column.values.dtype)
    if isinstance(column, Texts):
        return _texts(column)
    return _days(column) if column.values.dtype == _DAY else _AsItIs(column)


def _texts(column: Texts) -> _Texts:
    own = column.used()
    packed = own.different.packed()
    # A copy, for what is cut out of a longer column would keep all of it.
    return _Texts(small(own.numbers), packed.content, small(packed.ends - packed.starts))


def _days(column: Values) -> _Days:
    numbers = column.values.astype(np.int64).astype(np.int32)
    numbers[column.blank] = _NO_DAY
    return _Days(numbers)

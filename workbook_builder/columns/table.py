"""Rows of a sheet as columns, with the numbers that the rows have in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from workbook_builder.columns.texts import Some, Texts
from workbook_builder.columns.told_apart import Flags, Numbers
from workbook_builder.columns.values import Array, Column, array_of

K = TypeVar("K", int, str)
C = TypeVar("C", Texts, Column)


@dataclass(frozen=True, eq=False)
class Table(Generic[K, C]):
    """Columns of equal length; `rows` are the row numbers that a person sees in Excel."""

    rows: Numbers
    columns: Mapping[K, C]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, some: Some) -> Table[K, C]:
        """Return some of the rows."""
        columns = {name: column.take(some) for name, column in self.columns.items()}
        return replace(self, rows=self.rows[some], columns=columns)

    def without(self, some: Flags) -> Table[K, C]:
        """Return the table without some rows."""
        return self.take(~some) if some.any() else self

    def below(self, row: int) -> Table[K, C]:
        """Return the rows below one, of a table in the order of its sheet."""
        return self.take(slice(int(np.searchsorted(self.rows, row, side="right")), None))

    def above(self, row: int) -> Table[K, C]:
        """Return the rows above one, of a table in the order of its sheet."""
        return self.take(slice(int(np.searchsorted(self.rows, row))))

    def numbers(self, some: Flags) -> tuple[int, ...]:
        """Return the numbers of some of the rows."""
        return tuple(self.rows[some].tolist()) if some.any() else ()


#: The cells of a sheet, its columns counted from 0.
Cells = Table[int, Texts]
#: The records of a sheet, typed, by the columns of their dataset.
Records = Table[str, Column]


def numbered_from_1(columns: Mapping[int, Texts], count: int) -> Cells:
    """Return the columns of a sheet whose first row is row 1."""
    return Table(np.arange(1, count + 1, dtype=np.int32), columns)


def arrays_of(records: Records) -> Mapping[str, Array]:
    """Return records as plain arrays; a blank is NaT among days, NaN among numbers, else None."""
    return {name: array_of(column) for name, column in records.columns.items()}

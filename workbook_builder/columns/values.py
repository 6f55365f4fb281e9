"""A column of days, numbers or flags, with blanks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbook_builder.columns.texts import Some, Texts, handed_out
from workbook_builder.columns.told_apart import Flags

Array = npt.NDArray[Any]
#: What days and numbers become in plain arrays; of other types only objects can be missing.
_PLAIN: Mapping[str, npt.DTypeLike] = {"M": "datetime64[s]", "f": "float64"}


@dataclass(frozen=True, eq=False)
class Values:
    """A column of values of one type; what stands where a cell is blank means nothing."""

    values: Array
    blank: Flags

    @classmethod
    def of_texts(cls, cells: Texts, read: Callable[[str], object], kind: npt.DTypeLike) -> Values:
        """Return what each text is read as, each different one once; None is a blank."""
        own = cells.used()
        read_as = [read(text) for text in own.different.texts()]
        nothing = np.fromiter((one is None for one in read_as), bool, len(read_as))
        filled = (0 if one is None else one for one in read_as)
        made = np.fromiter(filled, kind, len(read_as))
        return cls(handed_out(made, own, 0), handed_out(nothing, own, fill=True))

    def __len__(self) -> int:
        return len(self.values)

    def take(self, some: Some) -> Values:
        """Return some of the cells."""
        return Values(self.values[some], self.blank[some])

    def without(self, some: Flags) -> Values:
        """Return the column with some cells left blank."""
        return Values(self.values, self.blank | some) if some.any() else self

    def filled(self) -> Array:
        """Return the values of the cells that are not blank."""
        found: Array = self.values[~self.blank]
        return found


#: A column of records.
Column = Texts | Values


def array_of(column: Column) -> Array:
    """Return a column as a plain array; a blank is NaT among days, NaN among numbers, else None."""
    if isinstance(column, Texts):
        return column.cells()
    kind = _PLAIN.get(column.values.dtype.kind, object)
    made = column.values.astype(kind)
    if column.blank.any():
        made[column.blank] = np.datetime64("NaT") if made.dtype.kind == "M" else None
    return made


def values_below_one_another(columns: Sequence[Values]) -> Values:
    """Return columns of one type as one."""
    return Values(
        np.concatenate([one.values for one in columns]),
        np.concatenate([one.blank for one in columns]),
    )

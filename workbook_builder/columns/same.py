"""Columns in, a number for each row out: rows that hold the same have the same number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from workbook_builder.columns.texts import Texts, below_one_another
from workbook_builder.columns.told_apart import Keys, number_keys
from workbook_builder.columns.values import Column, Values, values_below_one_another

#: The numbers of rows, wide enough to be put together with others.
Same = npt.NDArray[np.int64]


def one_column(columns: Sequence[Column]) -> Column:
    """Return columns of one type as one, one below the other."""
    texts = [column for column in columns if isinstance(column, Texts)]
    if len(texts) == len(columns):
        return below_one_another(texts)
    return values_below_one_another([one for one in columns if isinstance(one, Values)])


def numbered(column: Column) -> Same:
    """Number cells so that equal ones have the same number, from 0 on; blanks have -1."""
    if isinstance(column, Texts):
        return column.numbers.astype(np.int64)
    numbers, _ = number_keys(_keys(column))
    return np.where(column.blank, -1, numbers).astype(np.int64)


def numbered_with(before: Same, column: Column) -> Same:
    """Number rows by the number that they have and one more column; blanks equal one another."""
    own = numbered(column) + 1
    return _fewer(before * (own.max(initial=0) + 1) + own)


def numbered_rows(columns: Sequence[Column]) -> Same:
    """Number rows by all of their columns."""
    numbers = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        numbers = numbered_with(numbers, column)
    return numbers


def numbered_together(tables: Sequence[Sequence[Column]]) -> Same:
    """Number the rows of tables of the same columns, one table below the other."""
    return numbered_rows([one_column(columns) for columns in zip(*tables, strict=True)])


def _fewer(numbers: Same) -> Same:
    found, _ = number_keys(numbers)
    return found.astype(np.int64)


def _keys(column: Values) -> Keys:
    values = column.values
    if values.dtype.kind == "f":
        values = values + 0.0  # nought has no sign
    elif values.dtype.kind == "b":
        values = values.astype(np.int64)
    return np.ascontiguousarray(values).view(np.uint64)

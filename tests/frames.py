"""Records between the program's own columns and pandas, in which tests work them out anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbook_builder.columns.table import Records, Table
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.values import Column

_TYPES = {"i": "Int64", "f": "Float64", "b": "boolean"}


def frame_of(records: Records) -> pd.DataFrame:
    """Return records as a frame, its index their row numbers; blanks are missing."""
    columns = {name: series_of(column) for name, column in records.columns.items()}
    return pd.DataFrame(columns).set_axis(pd.Index(records.rows))


def series_of(column: Column) -> pd.Series:
    """Return a column as a series; blanks are missing."""
    if isinstance(column, Texts):
        return pd.Series(column.cells(), dtype=object)
    if column.values.dtype.kind == "M":
        days = column.values.astype("datetime64[us]")
        return pd.Series(np.where(column.blank, np.datetime64("NaT"), days))
    kind: Any = _TYPES[column.values.dtype.kind]
    return pd.Series(column.values).astype(kind).mask(column.blank)


def cells_of(column: Column) -> list[Any]:
    """Return the cells of a column; None is a blank, a day is a date."""
    if isinstance(column, Texts):
        texts: list[Any] = column.cells().tolist()
        return texts
    both = zip(column.values.tolist(), column.blank.tolist(), strict=True)
    return [None if blank else value for value, blank in both]


def rows_of(table: Table[Any, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a table; None is a blank, a day is a date."""
    return list(zip(*map(cells_of, table.columns.values()), strict=True))


def arrays(frame: pd.DataFrame) -> Mapping[str, npt.NDArray[Any]]:
    """Return a frame as the plain arrays that an engine loads."""
    return {str(name): _array(frame[name]) for name in frame}


def _array(cells: pd.Series) -> npt.NDArray[Any]:
    if cells.dtype.kind == "M":
        days: npt.NDArray[Any] = cells.to_numpy()
        return days
    made = cells.astype(object).to_numpy(copy=True)
    made[cells.isna().to_numpy()] = None
    return made

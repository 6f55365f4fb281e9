"""Frames of pandas, in which tests work records out anew, as the arrays that an engine loads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
import pandas as pd


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

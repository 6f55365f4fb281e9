"""Columns of text as numbers into a list of different texts, so that each is looked at once.

A month of records says a few thousand different things a hundred thousand times. All work on a
column is done on the different texts and handed out to the cells by their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

_Numbers = npt.NDArray[np.signedinteger[Any]]
_Texts = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]


def _none(texts: _Texts) -> Flags:
    return np.zeros(len(texts), dtype=bool)


def distinct(cells: pd.Series) -> tuple[_Numbers, _Texts]:
    """Return the number of each cell's text, and the texts; blank cells have the number -1.

    Each of the texts stands in a cell: those of cells that are no longer there are left out.
    """
    array = cells.array
    if not isinstance(array, pd.Categorical):
        numbers, plain = pd.factorize(cells)
        return numbers, plain.to_numpy(dtype=object)
    codes, found = array.codes, array.categories.to_numpy(dtype=object)
    used = np.zeros(len(found) + 1, dtype=bool)  # the last is that of blank cells, -1
    used[codes] = True
    if used[:-1].all():
        return codes, found
    fewer = np.cumsum(used, dtype=np.intc) - 1
    fewer[-1] = -1
    return fewer.take(codes, mode="wrap"), found[used[:-1]]


def first_texts(cells: pd.Series, count: int) -> list[str]:
    """Return the texts of the first cells of a column of a grid."""
    array = cells.array
    if not isinstance(array, pd.Categorical):
        return [str(text) for text in array[:count]]
    found = array.categories.to_numpy(dtype=object)
    return [str(found[number]) if number >= 0 else "" for number in array.codes[:count]]


def numbered(numbers: _Numbers, texts: Sequence[str] | _Texts, index: pd.Index) -> pd.Series:
    """Return a column by the numbers of its texts, which are all different."""
    categories: Any = pd.Index(np.asarray(texts, dtype=object), dtype=object)
    made = pd.Categorical.from_codes(numbers, categories=categories)
    return pd.Series(made, index=index, copy=False)


def one_text(text: str, index: pd.Index) -> pd.Series:
    """Return a column that holds the same text in every cell."""
    return numbered(np.zeros(len(index), dtype=np.int8), [text], index)


def encoded(cells: pd.Series) -> pd.Series:
    """Return a column of plain texts with each different text kept once."""
    numbers, texts = distinct(cells)
    return numbered(numbers, texts, cells.index)


def by_text(cells: pd.Series, change: Callable[[_Texts], Iterable[str | None]]) -> pd.Series:
    """Change the texts of a column, each different one once; None is a blank."""
    codes, found = distinct(cells)
    changed = change(found)
    if not isinstance(changed, np.ndarray):
        changed = np.fromiter(changed, dtype=object, count=len(found))
    numbers, texts = pd.factorize(changed)
    return numbered(_handed_out(numbers, codes, -1), texts, cells.index)


def values_by_text(cells: pd.Series, change: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Return a column of another type, made of each different text once."""
    codes, found = distinct(cells)
    made = change(pd.Series(found, dtype=object)).array
    return pd.Series(made.take(codes, allow_fill=True), index=cells.index, copy=False)


def matching(
    cells: pd.Series, test: Callable[[str], object], cleared: Callable[[_Texts], Flags] = _none
) -> pd.Series:
    """Tell which cells pass a test, each different text tested once; blanks do not.

    Those that are `cleared` are known not to pass, and need not be tested.
    """
    return pd.Series(passing(cells, test, cleared), index=cells.index, copy=False)


def passing(
    cells: pd.Series, test: Callable[[str], object], cleared: Callable[[_Texts], Flags] = _none
) -> Flags:
    """Tell which cells pass a test, as `matching` does, without their row numbers."""
    codes, found = distinct(cells)
    passed = ~cleared(found)
    left = found[passed]
    passed[passed] = np.fromiter((bool(test(text)) for text in left), dtype=bool, count=len(left))
    return _handed_out(passed, codes, fill=False) if passed.any() else np.zeros(len(codes), bool)


def without_blanks(cells: pd.Series) -> pd.Series:
    """Return a column with blanks for the texts that say nothing."""
    found: Any = cells.array
    texts = found.categories.tolist()
    if "" not in texts:
        return cells
    codes = np.where(found.codes == texts.index(""), -1, found.codes)
    made = pd.Categorical.from_codes(codes, dtype=found.dtype, validate=False)
    return pd.Series(made, index=cells.index, copy=False)


def without_first_unused(cells: pd.Series) -> pd.Series:
    """Return a column without those of its texts that stand before all that are in a cell.

    Of a column below its heading that is the heading, which all else would have to pass over.
    """
    found: Any = cells.array
    codes = found.codes
    first = int(codes.min(initial=len(found.categories)))
    if first < 1:
        return cells
    # A slice of categories is known to be of different texts.
    made = pd.Categorical.from_codes(codes - first, categories=found.categories[first:])
    return pd.Series(made, index=cells.index, copy=False)


def put_below_one_another(columns: Sequence[pd.Series]) -> pd.Series:
    """Return columns as one, cells counted anew from 0; different texts are still kept once."""
    if len(columns) == 1:
        return columns[0].reset_index(drop=True)
    arrays = [column.array for column in columns]
    if all(isinstance(array, pd.Categorical) for array in arrays):
        return pd.Series(pd.api.types.union_categoricals(arrays), copy=False)
    return pd.concat(columns, ignore_index=True)


def _handed_out(made: npt.NDArray[Any], codes: _Numbers, fill: object) -> npt.NDArray[Any]:
    """Hand what was made of each different text out to the cells."""
    if len(made) == 0:
        return np.full(len(codes), fill, dtype=made.dtype)
    found = made.take(codes, mode="wrap")  # -1 takes any, and is filled
    blank = codes < 0
    if blank.any():
        found[blank] = fill
    return found

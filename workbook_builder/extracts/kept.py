"""The records of one sheet, kept in little memory until they are counted.

Each different text takes its bytes alone, not an object of Python, and each day four bytes. Columns
are made whole again one by one, so that no more of them than are looked at take their full room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbook_builder.extracts.texts import numbered

#: Texts are put together so many at a time: one of four bytes a character makes all of them so.
_TOGETHER = 512
#: What stands between two texts, and in none of them.
_BETWEEN = "\0"
_DAY = "datetime64[D]"
_NO_DAY = np.iinfo(np.int32).min


class _Column(Protocol):
    """One column as it is kept."""

    @property
    def size(self) -> int:
        """The bytes of memory that it takes."""

    def cells(self, rows: pd.Index) -> pd.Series:
        """Return the column as it was."""


@dataclass(frozen=True, eq=False)
class _Texts:
    numbers: npt.NDArray[np.signedinteger[Any]]
    pieces: tuple[bytes, ...]

    @property
    def size(self) -> int:
        return int(self.numbers.nbytes) + sum(map(len, self.pieces))

    def cells(self, rows: pd.Index) -> pd.Series:
        texts = [text for piece in self.pieces for text in _apart(piece)]
        return numbered(self.numbers, texts, rows)


@dataclass(frozen=True, eq=False)
class _Days:
    numbers: npt.NDArray[np.int32]
    kind: np.dtype[np.datetime64]

    @property
    def size(self) -> int:
        return int(self.numbers.nbytes)

    def cells(self, rows: pd.Index) -> pd.Series:
        return pd.Series(self.days(), index=rows, copy=False)

    def days(self) -> npt.NDArray[np.datetime64]:
        days = self.numbers.astype(_DAY).astype(self.kind)
        days[self.numbers == _NO_DAY] = np.datetime64("NaT")
        return days


@dataclass(frozen=True, eq=False)
class _AsItIs:
    values: pd.Series

    @property
    def size(self) -> int:
        return int(self.values.memory_usage(index=False, deep=True))

    def cells(self, rows: pd.Index) -> pd.Series:
        return self.values.set_axis(rows)


@dataclass(frozen=True, eq=False)
class Kept:
    """Records as they are kept; `rows` are their row numbers, `whole` the bytes that they took."""

    rows: pd.Index
    columns: Mapping[str, _Column]
    whole: int

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Kept:
        """Keep the records of a sheet, the index of which holds their row numbers."""
        whole = int(frame.memory_usage(deep=True).sum())
        return cls(_lean(frame.index), {str(name): _kept(frame[name]) for name in frame}, whole)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def size(self) -> int:
        """The bytes of memory that they take."""
        own = int(self.rows.memory_usage())
        return own + sum(column.size for column in self.columns.values())

    def frame(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """Return the records as they were, or these columns of them."""
        wanted = self.columns if names is None else names
        made = {name: self.column(name) for name in wanted}
        return pd.DataFrame(made, index=self.rows, copy=False)

    def column(self, name: str) -> pd.Series:
        """Return one column of the records as it was."""
        return self.columns[name].cells(self.rows)


def _lean(rows: pd.Index) -> pd.Index:
    """Return the same row numbers in as little memory as they need."""
    numbers = rows.to_numpy(dtype=np.int32)
    first = int(numbers[0]) if len(numbers) else 0
    without_gaps = pd.RangeIndex(first, first + len(numbers))
    return without_gaps if np.array_equal(numbers, without_gaps) else pd.Index(numbers)


def _kept(cells: pd.Series) -> _Column:
    array = cells.array
    made: _Column | None = None
    if isinstance(array, pd.Categorical):
        made = _texts(array)
    elif cells.dtype.kind == "M":
        made = _days(cells)
    return made or _AsItIs(cells.reset_index(drop=True))


def _texts(array: pd.Categorical) -> _Texts | None:
    pieces = tuple(_pieces(array.categories.to_numpy(dtype=object)))
    # A copy, for what is cut out of a longer column would keep all of it.
    return _Texts(np.array(array.codes), pieces) if pieces else None


def _pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield the bytes of texts, so many at a time; nothing if one holds what stands between."""
    left = iter(texts)
    made = []
    while some := list(islice(left, _TOGETHER)):
        piece = _BETWEEN.join(some)
        if piece.count(_BETWEEN) != len(some) - 1:
            return
        made.append(piece.encode("utf-8", "surrogatepass"))
    yield from made


def _apart(piece: bytes) -> list[str]:
    return piece.decode("utf-8", "surrogatepass").split(_BETWEEN)


def _days(cells: pd.Series) -> _Days | None:
    """Keep days without times; None if a cell has one."""
    written = cast("npt.NDArray[np.datetime64]", cells.to_numpy())
    missing = np.isnat(written)
    numbers = written.astype(_DAY).astype(np.int64).astype(np.int32)
    numbers[missing] = _NO_DAY
    kept = _Days(numbers, written.dtype)
    return kept if (missing | (kept.days() == written)).all() else None

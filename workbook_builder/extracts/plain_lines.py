"""A text with a row in every line and no quotation marks in, its columns out.

Nearly all text files are such. Cells are told apart by their bytes, eight at a time, so that only
the different texts ever become texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbook_builder.extracts.texts import numbered

_LINE_BREAK, _SPACE = 10, 32
_MOST_SPACES = 8
_WORD = 8
#: Bytes that are looked at together: what is found of each takes as much room as it.
_AT_ONCE = 4_000_000
#: Cells that may be longer are compared as texts.
_LONGEST = 8 * _WORD
#: By how many bytes of a word belong to a cell: the mask that leaves them.
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_WORD + 1)], dtype=np.uint64)

_Places = npt.NDArray[np.int32]
_Words = npt.NDArray[np.uint64]
_Numbers = npt.NDArray[np.signedinteger[Any]]


class _Cells(NamedTuple):
    """Where the cells of all rows begin and end, row by row, in the bytes of a text.

    `text` is the text itself if each of its characters is one byte, else empty.
    """

    text: str
    content: bytes
    starts: _Places
    ends: _Places


def columns_of_lines(whole: bytes, separator: str, width: int) -> pd.DataFrame | None:
    """Return the cells of a text in UTF-8, missing ones empty; None if a line has too many.

    Spaces around them are left out, up to eight on each side. The text must not be
    empty and hold neither quotation marks nor NULs.
    """
    content = b"".join((whole, b"" if whole.endswith(b"\n") else b"\n", bytes(_WORD)))
    places = _places(content, ord(separator), width)
    if places is None:
        return None
    text = content.decode("ascii") if content.isascii() else ""
    cells = _Cells(text, content, *places)
    index = pd.RangeIndex(1, len(cells.starts) + 1)
    made = dict(enumerate(_columns(cells, index)))
    return pd.DataFrame(made, index=index, copy=False)


def _places(content: bytes, separator: int, width: int) -> tuple[_Places, _Places] | None:
    """Return where the cells of each row begin and end; None if a row has too many."""
    marks = np.frombuffer(content, dtype=np.uint8)
    ends = _ends(marks, separator)
    starts = np.concatenate((np.zeros(1, np.int32), ends[:-1] + 1))
    last = np.flatnonzero(marks[ends] == _LINE_BREAK)  # the number of each row's last cell
    counts = np.diff(last, prepend=-1)
    if counts.max() > width:
        return None
    if counts.min() < width:
        starts, ends = _filled_up(starts, ends, last, width - counts)
    starts, ends = _without_spaces(marks, starts, ends)
    return starts.reshape(-1, width), ends.reshape(-1, width)


def _ends(marks: npt.NDArray[np.uint8], separator: int) -> _Places:
    """Return where the separators and line breaks stand."""
    pieces = ((at, marks[at : at + _AT_ONCE]) for at in range(0, len(marks), _AT_ONCE))
    return np.concatenate([
        np.flatnonzero((some == separator) | (some == _LINE_BREAK)).astype(np.int32) + at
        for at, some in pieces
    ])  # fmt: skip


def _without_spaces(
    marks: npt.NDArray[np.uint8], starts: _Places, ends: _Places
) -> tuple[_Places, _Places]:
    """Leave out spaces around the cells, up to some: all that reads cells leaves out the others."""
    for _ in range(_MOST_SPACES):
        before = (marks[starts] == _SPACE) & (starts < ends)
        if not before.any():
            break
        starts = starts + before
    for _ in range(_MOST_SPACES):
        behind = (marks[ends - 1] == _SPACE) & (starts < ends)
        if not behind.any():
            break
        ends = ends - behind
    return starts, ends


def _filled_up(
    starts: _Places, ends: _Places, last: npt.NDArray[np.intp], missing: npt.NDArray[np.intp]
) -> tuple[_Places, _Places]:
    """Add the empty cells that are missing behind the last one of each row."""
    times = np.ones(len(ends), dtype=np.intp)
    times[last] += missing
    added = np.ones(int(times.sum()), dtype=bool)
    added[times.cumsum() - times] = False
    starts, ends = starts.repeat(times), ends.repeat(times)
    starts[added] = ends[added]
    return starts, ends


def _columns(cells: _Cells, index: pd.Index) -> Iterator[pd.Series]:
    words: _Words = np.ndarray(
        len(cells.content) - _WORD + 1, dtype="<u8", buffer=cells.content, strides=(1,)
    )
    for place in range(cells.starts.shape[1]):
        starts, ends = cells.starts[:, place].copy(), cells.ends[:, place].copy()
        if (ends - starts).max() > _LONGEST:
            numbers, found = pd.factorize(np.array(_texts(cells, starts, ends), dtype=object))
            yield numbered(numbers, list(found), index)
            continue
        numbers, different = _numbers(words, starts, ends - starts)
        one = np.empty(different, dtype=np.int64)  # a cell of each number, whichever
        one[numbers] = np.arange(len(numbers))
        yield numbered(numbers, _texts(cells, starts[one], ends[one]), index)


def _numbers(words: _Words, starts: _Places, lengths: _Places) -> tuple[_Numbers, int]:
    """Number cells so that equal ones have one number, by first appearance; say how many."""
    numbers, different = np.zeros(len(starts), dtype=np.int64), 1
    for begin in range(0, max(int(lengths.max()), 1), _WORD):
        own, found = pd.factorize(_words_at(words, starts, lengths, begin))
        if different == 1:
            numbers, different = own, len(found)
        elif len(found) > 1:
            numbers, both = pd.factorize(numbers * len(found) + own)
            different = len(both)
    return numbers, different


def _words_at(words: _Words, starts: _Places, lengths: _Places, begin: int) -> _Words:
    """Return the eight bytes of each cell from a place in it on, zeros behind its end."""
    shortest = int(lengths.min()) - begin
    if shortest >= _WORD:
        return words[starts + begin]
    if shortest == lengths.max() - begin:  # all are as long
        found: _Words = words[starts + begin] & _MASKS[shortest]
        return found
    held = np.minimum(np.maximum(lengths - begin, 0), _WORD)
    found = words[np.where(held > 0, starts + begin, 0)]
    found &= _MASKS[held]
    return found


def _texts(cells: _Cells, starts: _Places, ends: _Places) -> list[str]:
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    if cells.text:
        return [cells.text[start:end] for start, end in places]
    return [cells.content[start:end].decode() for start, end in places]

"""A text with a row in every line and no quotation marks in, its columns out.

Nearly all text files are such. Cells are told apart by their bytes, so that only the different
texts ever become texts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbook_builder.columns.different import Different
from workbook_builder.columns.table import Cells, numbered_from_1
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.told_apart import WORD, Numbers, told_apart

_LINE_BREAK, _SPACE = 10, 32
_MOST_SPACES = 8
#: Bytes that are looked at together: what is found of each takes as much room as it.
_AT_ONCE = 4_000_000


def cells_of_lines(whole: bytes, separator: str, width: int) -> Cells | None:
    """Return the cells of a text in UTF-8, missing ones empty; None if a line has too many.

    Spaces around them are left out, up to eight on each side. The text must not be
    empty and hold neither quotation marks nor NULs.
    """
    content = b"".join((whole, b"" if whole.endswith(b"\n") else b"\n", bytes(WORD)))
    places = _places(content, ord(separator), width)
    if places is None:
        return None
    starts, ends = places
    columns = {at: _column(content, starts[:, at], ends[:, at]) for at in range(width)}
    return numbered_from_1(columns, len(starts))


def _places(content: bytes, separator: int, width: int) -> tuple[Numbers, Numbers] | None:
    """Return where the cells of each row begin and end; None if a row has too many."""
    marks = np.frombuffer(content, dtype=np.uint8)[:-WORD]
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


def _ends(marks: npt.NDArray[np.uint8], separator: int) -> Numbers:
    """Return where the separators and line breaks stand."""
    pieces = ((at, marks[at : at + _AT_ONCE]) for at in range(0, len(marks), _AT_ONCE))
    return np.concatenate([
        np.flatnonzero((some == separator) | (some == _LINE_BREAK)).astype(np.int32) + at
        for at, some in pieces
    ])  # fmt: skip


def _without_spaces(
    marks: npt.NDArray[np.uint8], starts: Numbers, ends: Numbers
) -> tuple[Numbers, Numbers]:
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
    starts: Numbers, ends: Numbers, last: npt.NDArray[np.intp], missing: npt.NDArray[np.intp]
) -> tuple[Numbers, Numbers]:
    """Add the empty cells that are missing behind the last one of each row."""
    times = np.ones(len(ends), dtype=np.intp)
    times[last] += missing
    added = np.ones(int(times.sum()), dtype=bool)
    added[times.cumsum() - times] = False
    starts, ends = starts.repeat(times), ends.repeat(times)
    starts[added] = ends[added]
    return starts, ends


def _column(content: bytes, starts: Numbers, ends: Numbers) -> Texts:
    numbers, first = told_apart(content, starts, ends)
    return Texts(numbers, Different(content, starts[first], ends[first]))

"""The XML of a sheet in, piece by piece; its cells, told apart by their bytes, out.

What a cell holds depends on nothing but what is written in it, so cells of equal bytes need to be
understood once (cells_decoded.py). Here it is only found out where each cell stands, and that for
many cells at a time. A sheet that is written in another way than nearly all programs do is left to
others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbook_builder.columns.different import NONE, Different, together
from workbook_builder.columns.table import Cells, numbered_from_1
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.told_apart import WORD, Flags, Numbers, told_apart
from workbook_builder.extracts.bounds import MOST_CELL_TEXT_MB, MOST_CELLS, MOST_COLUMNS, MOST_ROWS

_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.intp]

_BEGINS, _ENDS = b"<sheetData>", b"</sheetData>"
_CELL = np.frombuffer(b'<c r="\0\0', dtype="<u8")[0]
_CELL_MASK = np.uint64((1 << 48) - 1)
_CELL_END = np.frombuffer(b"</c>\0\0\0\0", dtype="<u8")[0]
_CELL_END_MASK = np.uint64((1 << 32) - 1)
#: Bytes of '<c r="', of '</c>'.
_TO_REFERENCE, _OF_END = 6, 4
_MOST_LETTERS, _MOST_DIGITS = 3, 7
_OTHER_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
#: A prefix that names of a sheet could bear, wherever it is declared.
_PREFIX = b"xmlns"
_PREFIXED = re.compile(rb"""xmlns:\w+\s*=\s*["'][^"'<>]*spreadsheetml""", re.IGNORECASE)
#: What stands above the rows of no plain sheet.
_ODD = (_OTHER_ENCODING, _PREFIXED)


#: A cell by its row, from 1, and its column, from 0.
Place = tuple[int, int]
#: Bytes of a cell that are no text.
_MARKUP = len(' s="1" t="s"><v></v></c>')
#: Cells that become texts at once.
_AT_ONCE = 1_000_000
#: Zeros for what looks for the end of a reference, and for what compares words.
_BEHIND = bytes(2 * WORD)


class NotPlain(Exception):
    """The sheet is written in another way than nearly all are."""


class SheetCells:
    """The cells of one sheet, as far as its XML has been read."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._inside: bool | None = None
        self._last = -1
        self.height = 0
        self.width = 0
        #: About how many bytes of text stand in the different cells, not counting shared ones.
        self.text = 0

    @property
    def are_whole(self) -> bool:
        """Whether the rows have begun and ended, and hold a cell."""
        return self._inside is False and self.height > 0

    def take(self, piece: bytes) -> None:
        """Take the next piece of the XML, which ends before a row or at the end. Raises NotPlain.

        No cell may be taken or asked for after that.
        """
        content = self._rows(piece) + _BEHIND
        cells = _cells_of(content)
        if not len(cells.rows):
            return
        places = cells.rows.astype(np.int64) * MOST_COLUMNS + cells.columns
        if places[0] <= self._last or (np.diff(places) <= 0).any():  # not in the sheet's order
            raise NotPlain
        self._last = int(places[-1])
        self.height = int(cells.rows[-1])
        self.width = max(self.width, int(cells.columns.max()) + 1)
        if self.height * self.width > MOST_CELLS:
            raise NotPlain
        block = _block(content, cells)
        self.text += max(block.different.size - _MARKUP * len(block.different), 0)
        if self.text <= MOST_CELL_TEXT_MB * 1_000_000:  # else nothing of it will be read
            self._blocks.append(block)

    def different(self) -> Different:
        """Return all different cells, as the bytes that are in them."""
        whole, became = together([block.different for block in self._blocks])
        begin = 0
        for at, block in enumerate(self._blocks):
            own = became[begin : begin + len(block.different)]
            begin += len(own)
            # Where there is no cell there is none afterwards, for -1 finds the last.
            np.take(np.append(own, np.int32(-1)), block.numbers, out=block.numbers, mode="wrap")
            self._blocks[at] = block._replace(different=NONE)
        return whole

    def cells(self, texts: Texts, other: Mapping[Place, str]) -> Cells:
        """Return the cells as texts, by the texts of the different ones.

        Behind these stand an empty text, for cells that are not there, and those of `other`, which
        go before the cells at these places.
        """
        count = len(texts) - len(other) - 1
        of_others = dict(zip(other, texts.numbers[count + 1 :].tolist(), strict=True))
        # -1 finds the last, which is that of cells that are not there.
        numbers = texts.numbers[: count + 1]
        columns: dict[int, Texts] = {}
        step = max(_AT_ONCE // self.height, 1)
        for first in range(0, self.width, step):
            some = self._columns(numbers, first, min(first + step, self.width))
            for (row, column), number in of_others.items():
                if row <= self.height and first <= column < first + len(some):
                    some[column - first, row - 1] = number
            for at, own in enumerate(some, first):
                columns[at] = Texts(own, texts.different).lean()
        return numbered_from_1(columns, self.height)

    def _columns(self, numbers: Numbers, first: int, last: int) -> Numbers:
        """Return the numbers of the texts of some columns."""
        made = np.full((last - first, self.height), numbers[-1], dtype=np.int32)
        for block in self._blocks:
            own = block.numbers[first:last]
            rows = slice(block.first - 1, block.first - 1 + own.shape[1])
            made[: len(own), rows] = numbers[own]
        return made

    def _rows(self, piece: bytes) -> bytes:
        """Return what of a piece stands between the beginning and the end of the rows."""
        begin, end = 0, len(piece)
        if self._inside is None:
            begin = piece.find(_BEGINS) + len(_BEGINS)
            if begin < len(_BEGINS) or any(one.search(piece, 0, begin) for one in _ODD):
                raise NotPlain
            self._inside = True
        if not self._inside:
            return b""
        if (found := piece.find(_ENDS, begin)) >= 0:
            end, self._inside = found, False
        if piece.find(_PREFIX, begin, end) >= 0:
            raise NotPlain
        return piece[begin:end]


class _Block(NamedTuple):
    """The cells of one piece of XML, column by column from a first row on.

    Each has its number among the different ones, -1 where there is none.
    """

    first: int
    numbers: Numbers
    different: Different


class _Cells(NamedTuple):
    """Where cells stand in a sheet, and where what is in them begins and ends in the XML."""

    rows: Numbers
    columns: Numbers
    starts: _Places
    ends: _Places


def _block(content: bytes, cells: _Cells) -> _Block:
    own, first = told_apart(content, cells.starts, cells.ends)
    different = Different(content, cells.starts[first], cells.ends[first]).packed()
    top, bottom = int(cells.rows[0]), int(cells.rows[-1])
    numbers = np.full((int(cells.columns.max()) + 1, bottom - top + 1), -1, dtype=np.int32)
    numbers[cells.columns, cells.rows - top] = own
    return _Block(top, numbers, different)


def _cells_of(content: bytes) -> _Cells:
    """Find the cells that hold anything. Raises NotPlain."""
    marks = np.frombuffer(content, dtype=np.uint8)
    words = np.ndarray(len(content) - WORD + 1, dtype="<u8", buffer=content, strides=(1,))
    tags = np.flatnonzero(marks == ord("<"))
    second, third = marks[tags + 1], marks[tags + 2]
    begins = (second == ord("c")) & (third <= ord(">"))  # a blank, "/" or ">"
    row_ends = (second == ord("/")) & (third == ord("r")) & (marks[tags + 3] == ord("o"))
    if (second == ord("!")).any():  # a comment, or what is not to be read as XML
        raise NotPlain
    # A cell ends where the next one or the end of its row begins.
    bounds = np.flatnonzero(begins | row_ends)
    is_cell = begins[bounds]
    own = bounds[is_cell]
    following = np.append(bounds[1:], len(tags))[is_cell]
    if len(own) and (following[-1] == len(tags) or (words[tags[own]] & _CELL_MASK != _CELL).any()):
        raise NotPlain
    filled = following - own > 1
    _check_blanks(marks, tags, following[~filled])
    starts, rows, columns = _references(marks, tags[own[filled]] + _TO_REFERENCE)
    last = tags[following[filled] - 1]
    ends = np.flatnonzero((second == ord("/")) & (third == ord("c")))
    if len(ends) != len(last) or (words[last] & _CELL_END_MASK != _CELL_END).any():
        raise NotPlain
    return _Cells(rows, columns, starts, last + _OF_END)


def _check_blanks(marks: _Bytes, tags: _Places, following: _Places) -> None:
    """Check that cells without anything in them are closed at once."""
    behind = tags[following]
    if (marks[behind - 1] != ord(">")).any() or (marks[behind - 2] != ord("/")).any():
        raise NotPlain


def _references(marks: _Bytes, at: _Places) -> tuple[_Places, Numbers, Numbers]:
    """Read references of cells: where each ends with its quotation mark, its row and column."""
    columns, letters = _letters(marks, at)
    rows = np.zeros(len(at), dtype=np.int32)
    digits = at + letters
    going = np.ones(len(at), dtype=bool)
    for _ in range(_MOST_DIGITS):
        digit = marks[digits].astype(np.int32) - ord("0")
        going &= (digit >= 0) & (digit <= 9)
        rows = np.where(going, rows * 10 + digit, rows)
        digits = digits + going
    if (
        (letters == 0).any()
        or (marks[digits] != ord('"')).any()
        or rows.min(initial=1) < 1
        or rows.max(initial=1) > MOST_ROWS
        or columns.max(initial=0) >= MOST_COLUMNS
    ):
        raise NotPlain
    return digits + 1, rows, columns


def _letters(marks: _Bytes, at: _Places) -> tuple[Numbers, Numbers]:
    """Read the letters of references: their column, counted from 0, and how many there are."""
    columns = np.full(len(at), -1, dtype=np.int32)
    letters = np.zeros(len(at), dtype=np.int32)
    going: Flags = np.ones(len(at), dtype=bool)
    for place in range(_MOST_LETTERS):
        letter = marks[at + place].astype(np.int32) - ord("A")
        going = going & (letter >= 0) & (letter < 26)
        columns = np.where(going, (columns + 1) * 26 + letter, columns)
        letters = letters + going
    return columns, letters

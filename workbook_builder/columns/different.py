"""Different texts, each kept once, as the bytes that they are.

A month of records says a few thousand different things a hundred thousand times, and names a
million children. What is asked of them all is asked of their bytes, and only those that need a
closer look become texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from workbook_builder.columns.told_apart import WORD, Flags, Numbers, Places, told_apart
from workbook_builder.names import BLANK_WORDS

_Texts = npt.NDArray[np.object_]
#: Characters that a cell of Excel's holds at most.
LONGEST_CELL = 32_767
#: Bytes that are gathered at once: each takes sixteen more until they are.
_AT_ONCE = 1_000_000
_BEHIND = bytes(WORD)
#: Up to so many are kept as texts once they have been asked for.
_FEW = 20_000
_LETTERS_AND_DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHORTEST = 1 + max(map(len, BLANK_WORDS))
#: By byte: whether a text that holds nothing else needs no look of its own.
_IS_LETTER_OR_DIGIT, _IS_NEAT = np.zeros((2, 256), dtype=bool)
_IS_LETTER_OR_DIGIT[[*_LETTERS_AND_DIGITS]] = True
_IS_NEAT[[*_LETTERS_AND_DIGITS, *b"/-"]] = True


@dataclass(frozen=True, eq=False)
class Different:
    """Texts of which no two are equal: slices of `content`, UTF-8 with WORD zeros behind it."""

    content: bytes
    starts: Places
    ends: Places

    @classmethod
    def of(cls, texts: Sequence[str]) -> Different:
        """Return texts, no two of which may be equal, as their bytes."""
        content, lengths = joined(texts)
        ends = np.cumsum(lengths, dtype=np.int32)
        return cls(content + _BEHIND, starts_of(ends), ends)

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def size(self) -> int:
        """The bytes of all texts together."""
        return int((self.ends - self.starts).sum())

    def take(self, some: Places | slice) -> Different:
        """Return some of the texts, in that order."""
        return Different(self.content, self.starts[some], self.ends[some])

    def texts(self, some: Places | None = None) -> _Texts:
        """Return them, or some of them, as texts."""
        if len(self) <= _FEW and (some is None or 2 * len(some) > len(self)):
            return self._as_texts if some is None else self._as_texts[some]
        return _array((self if some is None else self.take(some))._each())

    def packed(self) -> Different:
        """Return the same texts without the bytes between them."""
        if self.size + WORD == len(self.content):
            return self
        content = b"".join([piece.tobytes() for piece, _ in self.pieces()])
        ends = np.cumsum(self.ends - self.starts, dtype=np.int32)
        return Different(content + _BEHIND, starts_of(ends), ends)

    @cached_property
    def plain(self) -> Flags:
        """Which texts are letters and digits of ASCII alone, and neither short nor too long.

        A plain text is neat, and no number in scientific notation, whose exponent has a sign.
        """
        return self._all(_IS_LETTER_OR_DIGIT)

    @cached_property
    def neat(self) -> Flags:
        """Which texts are letters, digits, / and - of ASCII alone, and neither short nor too long.

        A neat text has no spaces around it, is no word for nothing and no Excel error, and is not
        longer than a cell of Excel's. Most identifiers and days without a time are neat.
        """
        return self._all(_IS_NEAT)

    def changed(self, some: Places, texts: Sequence[str]) -> tuple[Different, Numbers]:
        """Put other texts in place of some of them; say which of the result each one became."""
        own, other = self.packed(), Different.of(texts)
        starts, ends = own.starts.astype(np.int32), own.ends.astype(np.int32)
        starts[some], ends[some] = other.starts + own.size, other.ends + own.size
        return _once(own.content[:-WORD] + other.content, starts, ends)

    def _each(self) -> Iterator[str]:
        places = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        if self.size + WORD == len(self.content) and self.content.isascii():
            whole = self.content.decode("ascii")
            return (whole[start:end] for start, end in places)
        return (self.content[start:end].decode("utf-8", "surrogatepass") for start, end in places)

    @cached_property
    def _as_texts(self) -> _Texts:
        return _array(self._each())

    def _all(self, wanted: Flags) -> Flags:
        """Tell which texts are neither short nor too long and hold nothing but wanted bytes."""
        lengths = self.ends - self.starts
        found = (lengths >= _SHORTEST) & (lengths <= LONGEST_CELL)
        pieces = self.take(np.flatnonzero(found)).pieces()
        whole = [np.logical_and.reduceat(wanted[piece], starts) for piece, starts in pieces]
        found[found] = np.concatenate(whole) if whole else False
        return found

    def pieces(self) -> Iterator[tuple[npt.NDArray[np.uint8], Places]]:
        """Yield the bytes of texts one behind the other, and where each of these texts begins."""
        marks = np.frombuffer(self.content, dtype=np.uint8)
        lengths = self.ends - self.starts
        behind = np.cumsum(lengths, dtype=np.int64)
        first = 0
        while first < len(self):
            enough = (behind[first - 1] if first else 0) + _AT_ONCE
            last = max(int(np.searchsorted(behind, enough, side="right")), first + 1)
            own = lengths[first:last]
            begins = starts_of(np.cumsum(own, dtype=np.int64))
            places = np.repeat(self.starts[first:last] - begins, own)
            places += np.arange(len(places))
            yield marks[places], begins
            first = last


def plain(texts: Different) -> Flags:
    """Tell which texts are plain."""
    return texts.plain


def neat(texts: Different) -> Flags:
    """Tell which texts are neat."""
    return texts.neat


def together(many: Sequence[Different]) -> tuple[Different, Numbers]:
    """Return the texts of several as one, and which of the result each one became, in turn."""
    packed = [one.packed() for one in many]
    before = np.cumsum([0, *(one.size for one in packed)])
    starts = np.concatenate([one.starts + at for one, at in zip(packed, before, strict=False)])
    ends = np.concatenate([one.ends + at for one, at in zip(packed, before, strict=False)])
    content = b"".join([*(one.content[:-WORD] for one in packed), _BEHIND])
    return _once(content, starts, ends)


def _once(content: bytes, starts: Places, ends: Places) -> tuple[Different, Numbers]:
    numbers, first = told_apart(content, starts, ends)
    return Different(content, starts[first], ends[first]), numbers


def _array(texts: Iterator[str]) -> _Texts:
    found = list(texts)
    made = np.empty(len(found), dtype=object)
    made[:] = found
    return made


def starts_of(ends: Places) -> Places:
    """Return where each of slices begins that follow one another."""
    return np.concatenate((np.zeros(min(len(ends), 1), dtype=ends.dtype), ends[:-1]))


def joined(texts: Sequence[str]) -> tuple[bytes, Numbers]:
    """Return the bytes of texts one behind the other, and how many each of them has."""
    whole = "".join(texts)
    if whole.isascii():
        return whole.encode(), np.fromiter(map(len, texts), np.int32, len(texts))
    pieces = [text.encode("utf-8", "surrogatepass") for text in texts]
    return b"".join(pieces), np.fromiter(map(len, pieces), np.int32, len(texts))


NONE = Different.of([])

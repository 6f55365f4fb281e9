"""Slices of bytes in; which of them are equal, out.

Of the cells of a column only the different ones ever become texts. They are compared as numbers,
eight bytes at a time, and put into a table by a hash of them; what the hash says is held against
the bytes themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
#: Places among cells, or in bytes.
Places = npt.NDArray[np.signedinteger[Any]]
Numbers = npt.NDArray[np.signedinteger[Any]]
Keys = npt.NDArray[np.uint64]
#: Whatever is told apart by whole numbers of eight bytes.
Whole = Keys | npt.NDArray[np.int64]

#: Bytes that are compared at once. Bytes that are told apart have as many more behind their end.
WORD = 8
#: Slices that may be longer are compared one by one.
_LONGEST = 1_000 * WORD
#: By how many bytes of a word belong to a slice: the mask that leaves them.
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(WORD + 1)], dtype=np.uint64)
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9], dtype=np.uint64)
_HALF = np.uint64(32)
#: Hashes that are tried before what is left is sorted; each leaves few of the different keys.
_HASHES = (0x9E3779B97F4A7C15, 0xD1342543DE82EF95, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
#: A sample of this many keys tells whether few or many are different.
_SAMPLE = 512
_FEW_BITS = 14


def small(numbers: Numbers) -> Numbers:
    """Return whole numbers in as few bytes as hold them."""
    largest = int(max(numbers.max(initial=0), -1 - numbers.min(initial=0)))
    return numbers.astype(np.min_scalar_type(-largest - 1))


def told_apart(content: bytes, starts: Places, ends: Places) -> tuple[Numbers, Places]:
    """Number slices of `content`, equal ones alike, by first appearance.

    Returns the number of each slice, and for each number the first slice that has it. `content`
    ends with WORD zeros that belong to no slice.
    """
    lengths = ends - starts
    if lengths.max(initial=0) > _LONGEST:
        return _one_by_one(content, starts, ends)
    words = list(_words(content, starts, lengths))
    first = first_of_each(_mixed(words))
    # Of one word each is its own key, unless zeros are part of it; else two may have the same key.
    is_sure = len(words) == 1 and content.find(0, 0, -WORD) < 0
    if not is_sure and not _are_equal(words, lengths, first):
        return _one_by_one(content, starts, ends)
    return numbered_by(first)


def numbered_by(first: Places) -> tuple[Numbers, Places]:
    """Turn the place of the first that equals each into numbers, and where each number is first."""
    is_first = np.zeros(len(first), dtype=bool)
    is_first[first] = True
    number = np.cumsum(is_first, dtype=np.int32) - np.int32(1)
    return number[first], np.flatnonzero(is_first)


def number_keys(keys: Whole) -> tuple[Numbers, Places]:
    """Number keys, equal ones alike, by first appearance, and say where each number is first."""
    return numbered_by(first_of_each(keys))


def first_of_each(keys: Whole) -> Places:
    """Return for each key the place of the first that equals it."""
    keys = keys.view(np.uint64)
    first = np.empty(len(keys), dtype=np.int32)
    left = np.arange(len(keys), dtype=np.int32)
    for multiplier in _HASHES:
        own = keys[left] if len(left) < len(keys) else keys
        found = _first_in_slot(own, np.uint64(multiplier))
        same = own[found] == own
        if same.all():
            first[left] = left[found]
            return first
        first[left[same]] = left[found[same]]
        left = left[~same]
    _, earliest, numbers = np.unique(keys[left], return_index=True, return_inverse=True)
    first[left] = left[earliest[numbers]]
    return first


def _first_in_slot(keys: Keys, multiplier: np.uint64) -> Numbers:
    """Return for each key the place of the first one with the same hash."""
    bits = _bits(keys)
    slots = (keys * multiplier) >> np.uint64(64 - bits)
    slots = slots.astype(np.int32)
    table = np.empty(1 << bits, dtype=np.int32)
    # Of several with one slot the one that is put down last stays.
    table[slots[::-1]] = np.arange(len(keys) - 1, -1, -1, dtype=np.int32)
    found: Numbers = table[slots]
    return found


def _bits(keys: Keys) -> int:
    """Return how many bits a hash should have for few of different keys to share one."""
    enough = max(len(keys).bit_length() + 1, 4)
    if enough <= _FEW_BITS:
        return enough
    sample = keys[:: len(keys) // _SAMPLE]
    return _FEW_BITS if len(np.unique(sample)) < len(sample) // 2 else enough


class _Word(NamedTuple):
    """Eight bytes of each slice that reaches so far, zeros behind its end; `rows` None: all do."""

    rows: Places | None
    bytes: Keys


def _words(content: bytes, starts: Places, lengths: Places) -> Iterator[_Word]:
    """Yield slices word by word."""
    words: Keys = np.ndarray(len(content) - WORD + 1, dtype="<u8", buffer=content, strides=(1,))
    places = starts.astype(np.intp)
    yield _Word(None, _cut(words[places], lengths))
    shortest = lengths.min(initial=0)
    for begin in range(WORD, int(lengths.max(initial=0)), WORD):
        if shortest > begin:
            yield _Word(None, _cut(words[places + begin], lengths - begin))
        else:
            rows = np.flatnonzero(lengths > begin)
            yield _Word(rows, _cut(words[places[rows] + begin], lengths[rows] - begin))


def _cut(words: Keys, lengths: Places) -> Keys:
    if lengths.min(initial=WORD) < WORD:
        words &= _MASKS[np.minimum(lengths, WORD)]
    return words


def _mixed(words: Iterable[_Word]) -> Keys:
    """Return a key for each slice."""
    first, *others = words
    keys = first.bytes.copy() if others else first.bytes
    for rows, own in others:
        mixed = _stirred(keys if rows is None else keys[rows])
        mixed ^= own
        if rows is None:
            keys = mixed
        else:
            keys[rows] = mixed
    return keys


def _stirred(keys: Keys) -> Keys:
    """Let every bit of a key have a say in nearly all others, so that no later word undoes it."""
    made: Keys = keys * _FACTORS[0]
    made ^= made >> _HALF
    made *= _FACTORS[1]
    made ^= made >> _HALF
    return made


def _are_equal(words: Iterable[_Word], lengths: Places, first: Places) -> bool:
    """Tell whether each slice holds the same bytes as the first that has its key."""
    if not np.array_equal(lengths[first], lengths):
        return False
    for rows, own in words:
        whole = own
        if rows is not None:
            whole = np.zeros(len(lengths), dtype=np.uint64)
            whole[rows] = own
        if not np.array_equal(whole[first], whole):
            return False
    return True


def _one_by_one(content: bytes, starts: Places, ends: Places) -> tuple[Numbers, Places]:
    known: dict[bytes, int] = {}
    slices = (content[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
    first = [known.setdefault(one, at) for at, one in enumerate(slices)]
    return numbered_by(np.array(first, dtype=np.int32))

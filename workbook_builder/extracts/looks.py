"""How identifiers look: of letters or digits, in which order, with zeros before them or without."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from workbook_builder.columns.different import Different
from workbook_builder.columns.told_apart import Flags

#: The share of identifiers that must look alike.
_MOST = 0.9
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_ZERO, _NINE = b"09"


def begin_with_zero(texts: Different) -> Flags:
    """Tell which texts begin with a nought."""
    # Behind the last text stands something else, so an empty one has a byte as well.
    first = np.frombuffer(texts.content, dtype=np.uint8)[texts.starts]
    found: Flags = (first == _ZERO) & (texts.starts < texts.ends)
    return found


def look_of(texts: Different) -> str:
    """Return the shape that most of different identifiers share, as "A9"; empty if none is."""
    shapes = _plain_shapes(texts.take(np.flatnonzero(texts.plain)))
    shapes.update(map(_shape, texts.texts(np.flatnonzero(~texts.plain))))
    shape, count = shapes.most_common(1)[0]
    return shape if count / len(texts) >= _MOST else ""


def _plain_shapes(texts: Different) -> Counter[str]:
    """Count the shapes of texts that are letters and digits alone.

    These turn from one to the other so many times, and that with the first of them is the shape.
    """
    found: Counter[str] = Counter()
    for piece, starts in texts.pieces():
        digits = (piece >= _ZERO) & (piece <= _NINE)
        begins = np.ones(len(digits), dtype=bool)
        begins[1:] = digits[1:] != digits[:-1]
        begins[starts] = True
        turns = np.add.reduceat(begins, starts, dtype=np.int32)
        kinds, counts = np.unique(turns * 2 + digits[starts], return_counts=True)
        for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True):
            length, first_is_digit = divmod(kind, 2)
            found[(("9A" if first_is_digit else "A9") * length)[:length]] += count
    return found


def _shape(text: str) -> str:
    return _DIGITS.sub("9", _LETTERS.sub("A", text))

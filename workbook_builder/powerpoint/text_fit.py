"""How much room text takes: estimated with the widths of Arial, wider than most theme fonts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

#: The height of a line, and the widths of characters, in parts of the font's size.
LINE = 1.22
_WIDTHS = {
    **dict.fromkeys("ijl.,:;'|!", 0.27),
    **dict.fromkeys("ftrI()[]/ -", 0.34),
    **dict.fromkeys("mwMWQGO%@&▲▼►—", 0.86),
}
_CAPITAL, _OTHER = 0.69, 0.556
_BOLD = 1.07
#: What is not measured exactly must not be too little.
_SAFETY = 1.03


#: What XML cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """Return a text in which what XML cannot hold is a mark of replacement."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


@lru_cache(maxsize=16384)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width in points of a text on one line."""
    ems = sum(_WIDTHS.get(mark, _CAPITAL if mark.isupper() else _OTHER) for mark in text)
    return ems * size * (_BOLD if bold else 1) * _SAFETY


def line_count(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes in a width, wrapped between words as far as they fit."""
    return sum(_lines_of(paragraph, width, size, bold=bold) for paragraph in text.split("\n"))


def _lines_of(text: str, width: float, size: float, *, bold: bool) -> int:
    lines, used = 1, 0.0
    space = text_width(" ", size, bold)
    for word in text.split():
        needed = text_width(word, size, bold)
        if used and used + space + needed > width:
            lines, used = lines + 1, 0.0
        elif used:
            used += space
        while needed > width > 0:  # a word longer than the line goes on in the next one
            lines, needed = lines + 1, needed - width
        used += needed
    return lines


def text_height(
    paragraphs: Iterable[str], width: float, size: float, *, bold: bool = False
) -> float:
    """Return the height in points of paragraphs in a width."""
    lines = sum(line_count(text, width, size, bold=bold) for text in paragraphs)
    return lines * size * LINE


def largest_size(
    paragraphs: Iterable[str], width: float, height: float, sizes: Iterable[float]
) -> float | None:
    """Return the first of some font sizes at which paragraphs fit, or None."""
    texts = tuple(paragraphs)
    return next((size for size in sizes if text_height(texts, width, size) <= height), None)

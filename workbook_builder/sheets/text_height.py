"""How high a row must be for its wrapped text, since Excel does not work it out when it opens."""

from __future__ import annotations

import math

LINE_HEIGHT = 15.0
_PADDING = 5.0
#: Wrapping happens at words, so a line holds somewhat fewer characters than fit.
_USABLE = 0.92


def lines_needed(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width in characters."""
    usable = max(1.0, width * _USABLE)
    return sum(max(1, math.ceil(len(line) / usable)) for line in text.split("\n"))


def row_height(lines: int) -> float:
    """Return the height in points of a row of so many lines; Excel allows 409 at most."""
    return min(409.0, lines * LINE_HEIGHT + _PADDING)

"""A table's area in the shape of a slide, so that a copy of it fills one.

Slides are 16:9. A table that is too wide for that gets higher rows, and empty rows below where that
is not enough; one that is a little too high gets empty columns beside it. One that is far too high,
a list of many pages, stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbook_builder.sheets.text_height import LINE_HEIGHT

SLIDE = 16 / 9

#: Rows may grow by this much before empty ones are added.
_GROWTH = 1.6
#: A table narrower than so many times its height is no slide: empty columns would make it tiny.
_NARROWEST = 1.5
_POINTS_A_DIGIT = 5.25
_PADDING = 3.75
_EMPTY_COLUMN = 64 * 0.75


@dataclass(frozen=True)
class Shape:
    """By what rows grow, and how many empty rows and columns make the area a slide's."""

    growth: float = 1.0
    rows: int = 0
    columns: int = 0


def width_in_points(characters: float) -> float:
    """Return the width in points of a column so many characters wide."""
    return characters * _POINTS_A_DIGIT + _PADDING


def slide_shape(width: float, above: float, rows: Sequence[float]) -> Shape:
    """Return the shape of a table `width` wide, with its heading `above` high; all in points."""
    body = sum(rows)
    free = width / SLIDE - above - body
    if free >= 0:
        growth = min(_GROWTH, 1 + free / body)
        rest = free - body * (growth - 1)
        return Shape(growth, math.floor(rest / LINE_HEIGHT))
    if width < (above + body) * _NARROWEST:
        return Shape()
    return Shape(columns=math.floor(((above + body) * SLIDE - width) / _EMPTY_COLUMN))

"""Rectangles of a slide in points, and where the parts of a page stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pptx.util import Emu

#: English Metric Units in a point.
POINT = 12700


@dataclass(frozen=True)
class Box:
    """A rectangle of a slide, in points from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of_emu(cls, left: int, top: int, width: int, height: int) -> Box:
        """Return the rectangle of a shape."""
        return cls(left / POINT, top / POINT, width / POINT, height / POINT)

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        """Left, top, width and height as python-pptx takes them."""
        left, top = round(self.left * POINT), round(self.top * POINT)
        return Emu(left), Emu(top), Emu(round(self.width * POINT)), Emu(round(self.height * POINT))

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def below(self, height: float) -> Box:
        """Return what is left when so much is taken off the top."""
        return replace(self, top=self.top + height, height=max(self.height - height, 0.0))

    def above(self, height: float) -> Box:
        """Return what is left when so much is taken off the bottom."""
        return replace(self, height=max(self.height - height, 0.0))

    def first(self, height: float) -> Box:
        """Return the upper part of a height."""
        return replace(self, height=min(height, self.height))

    def last(self, height: float) -> Box:
        """Return the lower part of a height."""
        height = min(height, self.height)
        return replace(self, top=self.bottom - height, height=height)

    def touches(self, other: Box) -> bool:
        """Tell whether two rectangles share more than an edge."""
        return (
            self.left < other.right - 1 and other.left < self.right - 1
            and self.top < other.bottom - 1 and other.top < self.bottom - 1
        )  # fmt: skip


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest rectangle that holds all of some."""
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)

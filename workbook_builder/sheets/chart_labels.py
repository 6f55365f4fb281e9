"""Where a chart writes its numbers and names, so that none of them is on a line: plain geometry.

Places are pixels inside the chart, from its upper left corner. The program sets the axes and the
plot itself, so it knows where every point will be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbook_builder.definitions.measures import Unit
from workbook_builder.indicators.rounding import digits
from workbook_builder.sheets.plan import ChartKind, LabelPlace, PixelBox, PointLabel

#: The height of the letters of a label of 10 point, and the width of one of them.
LABEL_HEIGHT = 13
LETTER = 6.6
#: How far a label is from its point.
_AWAY = 6
#: Names at the ends of lines are at least so far apart.
_APART = 15
#: So many steps an axis has at most.
_STEPS = 6
_NICE = (1, 2, 5, 10)
#: Where a value may be written, the best place first.
_COLUMN_PLACES: tuple[LabelPlace, ...] = ("above", "inside")
_HIGH_PLACES: tuple[LabelPlace, ...] = ("above", "right", "left", "below")
_LOW_PLACES: tuple[LabelPlace, ...] = ("below", "right", "left", "above")

_Box = tuple[float, float, float, float]
_Point = tuple[float, float]
#: The points of a line from the left; None where it has a gap.
Polyline = Sequence[_Point | None]


@dataclass(frozen=True)
class Axis:
    """Where an axis of values starts and ends, and the step between its gridlines."""

    start: float
    end: float
    step: float


def nice_axis(
    lowest: float, highest: float, start: float, end: float | None, unit: Unit, decimals: int
) -> Axis:
    """Return an axis of round numbers that holds both values.

    It starts at `start`, lower if a value is, and ends at `end` if that is high enough.
    """
    start = min(start, lowest)
    top = max(highest, end if end is not None and end >= highest else highest)
    if top <= start:
        top = start + 10.0 ** -digits(unit, decimals)
    step = _nice_step(top - start, 10.0 ** -digits(unit, decimals))
    if end is None or end < highest:
        top = math.ceil(round(top / step, 9)) * step
    return Axis(round(math.floor(round(start / step, 9)) * step, 9), round(top, 9), step)


def common_axis(axes: Sequence[Axis]) -> Axis:
    """Return one axis that holds what all of these hold."""
    start, end = min(axis.start for axis in axes), max(axis.end for axis in axes)
    return Axis(start, end, max(axis.step for axis in axes))


def _nice_step(span: float, least: float) -> float:
    raw = span / _STEPS
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(nice * size for nice in _NICE if raw <= nice * size * (1 + 1e-9))
    return round(max(step, least), 12)


@dataclass(frozen=True)
class Frame:
    """The plot of a chart: where it is, how many months it has, and its axis of values."""

    plot: PixelBox
    count: int
    axis: Axis

    @property
    def pitch(self) -> float:
        """The width of a month."""
        return self.plot.width / max(self.count, 1)

    def x(self, month: float) -> float:
        """Return where the middle of a month is."""
        return self.plot.left + (month + 0.5) * self.pitch

    def y(self, value: float) -> float:
        """Return where a value is."""
        share = (value - self.axis.start) / (self.axis.end - self.axis.start)
        return self.plot.top + self.plot.height * (1 - share)

    def value(self, pixels: float) -> float:
        """Return what a distance downwards is worth on the axis, negative."""
        return -pixels / self.plot.height * (self.axis.end - self.axis.start)

    def line(self, values: Sequence[float | None]) -> Polyline:
        """Return the points of a line."""
        return [None if value is None else (self.x(month), self.y(value))
                for month, value in enumerate(values)]  # fmt: skip


def month_step(count: int, pitch: float, width: float) -> int:
    """Return how many months on a month's name is written again, so that none meets another.

    If it can be so, the last month is named.
    """
    fitting = [step for step in range(1, count + 1) if step * pitch >= width]
    ending = [step for step in fitting if (count - 1) % step == 0]
    return next(iter(ending or fitting), max(count, 1))


def label_box(place: LabelPlace, point: _Point, text: str) -> _Box:
    """Return the box of a text in a place beside a point: left, top, right, bottom."""
    x, y = point
    half = len(text) * LETTER / 2
    match place:
        case "above":
            return x - half, y - _AWAY - LABEL_HEIGHT, x + half, y - _AWAY
        case "below" | "inside":
            return x - half, y + _AWAY, x + half, y + _AWAY + LABEL_HEIGHT
        case "left":
            left = x - _AWAY - 2 * half
            return left, y - LABEL_HEIGHT / 2, x - _AWAY, y + LABEL_HEIGHT / 2
    right = x + _AWAY + 2 * half
    return x + _AWAY, y - LABEL_HEIGHT / 2, right, y + LABEL_HEIGHT / 2


def choose_place(
    places: Sequence[LabelPlace],
    point: _Point,
    text: str,
    lines: Iterable[Polyline],
    taken: Iterable[_Box],
    within: _Box,
) -> LabelPlace | None:
    """Return the first place in which a text meets no line and no other label, or None."""
    lines, taken = list(lines), list(taken)
    for place in places:
        box = label_box(place, point, text)
        inside = (
            box[0] >= within[0] and box[1] >= within[1]
            and box[2] <= within[2] and box[3] <= within[3]
        )  # fmt: skip
        if (
            inside
            and not any(crosses(line, box) for line in lines)
            and not any(overlaps(box, other) for other in taken)
        ):
            return place
    return None


def point_labels(
    frame: Frame,
    kind: ChartKind,
    measures: Mapping[str, Sequence[float | None]],
    levels: Sequence[float],
    ends: Sequence[_Box],
    text: Callable[[str, int], str],
    within: _Box,
) -> dict[str, list[PointLabel]]:
    """Return by measure the values to write beside points: the last column, highest and lowest.

    `levels` are the values of level lines, `ends` what is written at the ends of lines, the last
    value of a line among it; `text` gives a measure's value at a point as it is printed. A value
    for which there is no room beside its point `within` the chart is left out, never written over
    a line. Of several sets of columns none is written beside its columns.
    """
    if kind == "column" and len(measures) > 1:
        return {}
    drawn = [frame.line([level] * frame.count) for level in levels]
    if kind == "line":
        drawn += [frame.line(values) for values in measures.values()]
    taken = list(ends)
    labels: dict[str, list[PointLabel]] = {}
    for name, values in measures.items():
        for point, places in _telling_points(values, kind):
            value = values[point]
            assert value is not None  # only known ones are chosen
            spot, shown = (frame.x(point), frame.y(value)), text(name, point)
            if place := choose_place(places, spot, shown, drawn, taken, within):
                labels.setdefault(name, []).append(PointLabel(point, place))
                taken.append(label_box(place, spot, shown))
    return {name: sorted(placed, key=lambda label: label.point)
            for name, placed in labels.items()}  # fmt: skip


def _telling_points(
    values: Sequence[float | None], kind: ChartKind
) -> Iterator[tuple[int, tuple[LabelPlace, ...]]]:
    """Yield the points to label, each with the places to try, the best first."""
    known = {number: value for number, value in enumerate(values) if value is not None}
    if not known:
        return
    last = max(known)
    if kind == "column":
        yield last, _COLUMN_PLACES
    high = max(known, key=lambda number: (known[number], number))
    low = min(known, key=lambda number: (known[number], -number))
    if known[high] == known[low]:
        return
    if known[high] != known[last]:
        yield high, _COLUMN_PLACES if kind == "column" else _HIGH_PLACES
    if known[low] != known[last]:
        yield low, _COLUMN_PLACES if kind == "column" else _LOW_PLACES


def overlaps(box: _Box, other: _Box) -> bool:
    """Tell whether two boxes have more than an edge in common."""
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def crosses(line: Polyline, box: _Box) -> bool:
    """Tell whether a line runs through a box."""
    for start, end in pairwise(line):
        if start and end and _segment_crosses(start, end, box):
            return True
    return any(
        point and box[0] < point[0] < box[2] and box[1] < point[1] < box[3] for point in line
    )


def _segment_crosses(start: _Point, end: _Point, box: _Box) -> bool:
    """Clip the segment to the box's width; it crosses if what is left reaches into its height."""
    (x0, y0), (x1, y1) = sorted((start, end))
    left, top, right, bottom = box
    if x1 <= left or x0 >= right:
        return False
    if x1 == x0:
        return min(y0, y1) < bottom and max(y0, y1) > top
    slope = (y1 - y0) / (x1 - x0)
    first = y0 + slope * (max(x0, left) - x0)
    last = y0 + slope * (min(x1, right) - x0)
    return min(first, last) < bottom and max(first, last) > top


def spread(wanted: Mapping[str, float], top: float, bottom: float) -> dict[str, float]:
    """Return heights near the wanted ones, in their order, far enough apart to be read.

    They stay between top and bottom as long as there is room.
    """
    names = sorted(wanted, key=lambda name: wanted[name])
    heights = [wanted[name] for name in names]
    for number in range(1, len(heights)):
        heights[number] = max(heights[number], heights[number - 1] + _APART)
    low = bottom
    for number in reversed(range(len(heights))):
        heights[number] = min(heights[number], low)
        low = heights[number] - _APART
    high = top
    for number in range(len(heights)):
        heights[number] = max(heights[number], high)
        high = heights[number] + _APART
    return dict(zip(names, heights, strict=True))

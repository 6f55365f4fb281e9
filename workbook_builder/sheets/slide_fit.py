"""A table's area in the shape of a slide, so that a copy of it fills one.

Slides are 16:9. A table that is too wide for that gets higher rows, and empty rows below where that
is not enough; one that is a little too high gets empty columns beside it. One that is far too high,
a list of many pages, stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook_builder.definitions.sheet_layouts import GridArea
from workbook_builder.sheets.charts import Box
from workbook_builder.sheets.plan import Area, Width
from workbook_builder.sheets.text_height import LINE_HEIGHT, lines_needed, wrapped

WIDTH, HEIGHT = 1280, 720
EDGE = 22
GAP = 18
TITLE_ROWS = (40, 22)
FOOT = 22
_FOOT_WITHOUT_NOTE = 8
#: Rows are as high as leaves room for every team, within reason.
_LOWEST_ROW, _HIGHEST_ROW = 17, 23
_WITHOUT_TABLES = 24
_LINE = 14
_MOST_LINES = 3
#: What stands for the part of a name that there is no room for.
MORE = "…"
_END_KEPT = 12
_LEAST_FOR_NAMES = 0.34
_PADDING = 5
LARGE, SMALL = 11, 10
_LARGE_FROM = 19

FIRST_BODY_ROW = len(TITLE_ROWS)


@dataclass(frozen=True)
class Need:
    """What a table needs: the widths of its columns after the first, its rows, and its names.

    `title` stands above it and may take several lines; `least` are the rows without which there
    is no table, its title's among them.
    """

    area: GridArea
    widths: tuple[int, ...]
    rows: int
    names: tuple[str, ...]
    title: str
    least: int = 2


def characters(pixels: int, size: int = LARGE) -> float:
    """Return how many characters of a font size stand in a cell so wide."""
    return (pixels - 5) / 7 * LARGE / size


@dataclass(frozen=True)
class Grid:
    """The sizes of a slide's cells. `bands` and `columns` count the slide's own grid."""

    bands: int
    weights: tuple[int, ...]
    needs: tuple[Need, ...]
    noted: bool = False

    @property
    def foot(self) -> int:
        """The height of the row below all panels, where a note may stand."""
        return FOOT if self.noted else _FOOT_WITHOUT_NOTE

    @property
    def body(self) -> int:
        """The height that the panels share."""
        return HEIGHT - sum(TITLE_ROWS) - self.foot

    @cached_property
    def contents(self) -> tuple[int, ...]:
        """The width of each column of the slide's grid."""
        free = WIDTH - 2 * EDGE - GAP * (len(self.weights) - 1)
        widths = [free * weight // sum(self.weights) for weight in self.weights]
        return (*widths[:-1], free - sum(widths[:-1]))

    @cached_property
    def cells(self) -> tuple[tuple[int, ...], ...]:
        """The widths of the cells in each column of the slide's grid, the names' first."""
        found: list[tuple[int, ...]] = []
        for at, content in enumerate(self.contents):
            wanted = [need.widths for need in self.needs if need.area.left == at]
            count = max(map(len, wanted), default=0)
            numbers = [max(one[n] for one in wanted if n < len(one)) for n in range(count)]
            found.append(_shared(content, numbers))
        return tuple(found)

    @cached_property
    def row(self) -> int:
        """The height of a row: room for every team, and for long names, as far as there is."""
        if not self.needs:
            return _WITHOUT_TABLES
        usual = min(_HIGHEST_ROW, *(self._height(need) // (need.rows + 2) for need in self.needs))
        lines = min(self._lines(SMALL), _MOST_LINES)
        wanted = max(usual, lines * _LINE + _PADDING if lines > 1 else 0)
        highest = min(self._height(need) // (need.least + 1) for need in self.needs)
        return max(_LOWEST_ROW, min(wanted, highest))

    def _height(self, need: Need) -> int:
        return self.body * (need.area.bottom - need.area.top + 1) // self.bands

    def _lines(self, size: int) -> int:
        return max(
            (lines_needed(name, characters(self.cells[need.area.left][0], size))
             for need in self.needs for name in need.names),
            default=1,
        )  # fmt: skip

    def fitted(self, name: str, area: GridArea) -> str:
        """Return a name that fits the rows, if it must be without its middle.

        Its end stays, because teams are often told apart by the number there.
        """
        width = characters(self.cells[area.left][0], self.size)
        lines = max(1, (self.row - _PADDING + 1) // _LINE)
        end = name[-min(_END_KEPT, len(name) // 3) :].lstrip()
        shown, begin = name, len(name) - len(end)
        while lines_needed(shown, width) > lines and begin > 0:
            begin -= 1
            shown = f"{name[:begin].rstrip()}{MORE} {end}"
        return shown

    @cached_property
    def size(self) -> int:
        """The size of the font in tables."""
        narrow = any(
            sum(need.widths) > self.contents[need.area.left] * (1 - _LEAST_FOR_NAMES)
            for need in self.needs
        )
        large = self.row >= _LARGE_FROM and self._lines(LARGE) == 1 and not narrow
        return LARGE if large else SMALL

    @cached_property
    def rows_in_band(self) -> int:
        """How many rows of cells stand in each row of the slide's grid."""
        return max(2, self.body // self.bands // self.row)

    @cached_property
    def heights(self) -> tuple[int, ...]:
        """The heights of all rows from the top."""
        count = self.bands * self.rows_in_band
        each, rest = divmod(self.body, count)
        return (*TITLE_ROWS, *(each + (at < rest) for at in range(count)), self.foot)

    @cached_property
    def pixels(self) -> tuple[int, ...]:
        """The widths of all columns from the left."""
        inside: list[int] = []
        for at, cells in enumerate(self.cells):
            inside += [*([GAP] if at else []), *cells]
        return (EDGE, *inside, EDGE)

    @property
    def widths(self) -> tuple[Width, ...]:
        """The widths of all columns in characters."""
        return tuple(Width(at, at, _in_characters(pixels)) for at, pixels in enumerate(self.pixels))

    @property
    def print_area(self) -> Area:
        """The whole slide."""
        return Area(0, 0, len(self.heights) - 1, len(self.pixels) - 1)

    def column(self, at: int) -> int:
        """Return the first cell's column of a column of the slide's grid."""
        return 1 + sum(len(cells) + 1 for cells in self.cells[:at])

    def first_row(self, area: GridArea) -> int:
        """Return the first row of cells of a part of the slide's grid."""
        return FIRST_BODY_ROW + area.top * self.rows_in_band

    def room(self, area: GridArea) -> int:
        """Return how many rows of cells a part of the slide's grid has, but for the gap below."""
        return (area.bottom - area.top + 1) * self.rows_in_band - 1

    def width_of(self, area: GridArea) -> int:
        """Return how wide a part of the slide's grid is."""
        gaps = GAP * (area.right - area.left)
        return sum(self.contents[area.left : area.right + 1]) + gaps

    def box(self, area: GridArea) -> Box:
        """Return the space of a chart."""
        first = self.first_row(area)
        height = sum(self.heights[first : first + self.room(area) + 1]) - GAP // 2
        return Box(first, self.column(area.left), self.width_of(area), height)

    def lines(self, text: str, area: GridArea, size: int = LARGE) -> list[str]:
        """Return a text in lines that fit a part of the slide's grid."""
        # A little less than all of it: the text may be bold.
        return wrapped(text, characters(self.width_of(area), size) * 0.92)


def grid_of(bands: int, weights: Sequence[int], needs: Mapping[str, Need], *, noted: bool) -> Grid:
    """Return the grid under a slide whose tables have these needs; `noted` if it has a note."""
    return Grid(bands, tuple(weights), tuple(needs.values()), noted)


def _shared(content: int, numbers: Sequence[int]) -> tuple[int, ...]:
    """Return the widths of cells that fill a column; names have a fair share of a narrow one."""
    free = int(content * (1 - _LEAST_FOR_NAMES))
    wanted = sum(numbers)
    shown = [number * free // wanted for number in numbers] if wanted > free else list(numbers)
    return (content - sum(shown), *shown)


def _in_characters(pixels: int) -> float:
    return (pixels - 5) / 7


SLIDE = 16 / 9

#: Rows may grow by this much before empty ones are added.
_GROWTH = 1.6
#: A table narrower than so many times its height is no slide: empty columns would make it tiny.
_NARROWEST = 1.5
_POINTS_A_DIGIT = 5.25
_SLIDE_SHAPE_PADDING = 3.75
_EMPTY_COLUMN = 64 * 0.75


@dataclass(frozen=True)
class Shape:
    """By what rows grow, and how many empty rows and columns make the area a slide's."""

    growth: float = 1.0
    rows: int = 0
    columns: int = 0


def width_in_points(characters: float) -> float:
    """Return the width in points of a column so many characters wide."""
    return characters * _POINTS_A_DIGIT + _SLIDE_SHAPE_PADDING


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

"""Fit tables and charts into a slide of the shape 16:9: its grid, and how tables fit into that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workbook_builder.definitions.sheet_layouts import GridArea
from workbook_builder.sheets.charts import ChartBox
from workbook_builder.sheets.data_table import ELLIPSIS, lines_needed, wrapped
from workbook_builder.sheets.plan import Area, PixelBox, Width

#: The sizes of a slide sheet and its parts, in pixels.
WIDTH, HEIGHT = 1280, 720
EDGE = 22
GAP = 18
_TOPIC = 24
#: The height of a headline by the number of its lines, of this font size in points.
_HEADLINE, _HEADLINE_LINE, HEADLINE_SIZE = 10, 29, 18
#: The width of a rating beside the title of a chart; before it stands its target.
_CHIP_WIDTH, _LETTER, _CHIP_PADDING = 78, 6.4, 20
_FOOT, _FOOT_WITHOUT_NOTE = 22, 8
#: Rows are as high as leaves room for every team, within reason.
_LOWEST_ROW, _HIGHEST_ROW = 17, 23
_ROW_WITHOUT_TABLES = 24
_LINE = 14
_MOST_LINES = 3
_PADDING = 5
#: Font sizes of tables, in points; the large one needs rows at least so high.
LARGEST, LARGE, SMALL = 12, 11, 10
_LARGEST_FROM, _LARGE_FROM = 27, 19
#: Names have at least this share of their table's width.
_LEAST_FOR_NAMES = 0.34
#: Of bold letters so much fewer fit into a line.
_BOLD = 0.92
#: So many characters at the end of a name are kept if there is no room for all of it.
_END_KEPT = 12

#: Above are the topic and the headline.
FIRST_BODY_ROW = 2


@dataclass(frozen=True)
class TableNeed:
    """What a table needs: the widths of its columns after the first, its rows, and its names.

    `area` is its part of the slide's grid. `title` stands above it and may take several lines;
    `least` are the rows without which there is no table, its title's among them. Rows are at most
    `highest` pixels high, and names have at least a share of the width.
    """

    area: GridArea
    widths: tuple[int, ...]
    rows: int
    names: tuple[str, ...]
    title: str
    least: int = 2
    highest: int = _HIGHEST_ROW
    names_share: float = _LEAST_FOR_NAMES


@dataclass(frozen=True)
class SlideGrid:
    """The sizes in pixels of a slide's cells, given what its tables need.

    `bands` is the number of rows of the slide's own grid, `weights` are the relative widths of its
    columns; each band and each column holds several cells. `noted` says that there is a note below,
    `chips` are the longest texts beside ratings, by the column in which charts have them.
    """

    bands: int
    weights: tuple[int, ...]
    needs: tuple[TableNeed, ...]
    noted: bool = False
    headline: str = ""
    chips: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def head(self) -> tuple[int, int]:
        """The heights of the rows of the topic and of the headline."""
        width = _characters(WIDTH - 2 * EDGE, HEADLINE_SIZE) * _BOLD
        return _TOPIC, _HEADLINE + _HEADLINE_LINE * lines_needed(self.headline, width)

    @property
    def foot(self) -> int:
        """The height of the row below all panels, where a note may stand."""
        return _FOOT if self.noted else _FOOT_WITHOUT_NOTE

    @property
    def body(self) -> int:
        """The height that the panels share."""
        return HEIGHT - sum(self.head) - self.foot

    @cached_property
    def contents(self) -> tuple[int, ...]:
        """The width of each column of the slide's grid."""
        free = WIDTH - 2 * EDGE - GAP * (len(self.weights) - 1)
        widths = [free * weight // sum(self.weights) for weight in self.weights]
        return (*widths[:-1], free - sum(widths[:-1]))

    @cached_property
    def cells(self) -> tuple[tuple[int, ...], ...]:
        """The widths of the cells in each column of the slide's grid, the names' first.

        Cells share what a column has; names have a fair share of a narrow one.
        """
        cells: list[tuple[int, ...]] = []
        for column, content in enumerate(self.contents):
            wanted = [need.widths for need in self.needs if need.area.left == column]
            count = max(map(len, wanted), default=0)
            if column in self.chips and count < 2:
                wanted.append((self._aside_width(column), _CHIP_WIDTH))
                count = 2
            numbers = [max(widths[n] for widths in wanted if n < len(widths)) for n in range(count)]
            share = max((need.names_share for need in self.needs if need.area.left == column),
                        default=_LEAST_FOR_NAMES)  # fmt: skip
            free = int(content * (1 - share))
            if sum(numbers) > free:
                numbers = _shared_out(free, numbers)
            cells.append((content - sum(numbers), *numbers))
        return tuple(cells)

    @cached_property
    def row(self) -> int:
        """The height of a row: room for every team, and for long names, as far as there is."""
        if not self.needs:
            return _ROW_WITHOUT_TABLES
        heights = [self.body * (need.area.bottom - need.area.top + 1) // self.bands
                   for need in self.needs]  # fmt: skip
        by_need = list(zip(self.needs, heights, strict=True))
        usual = min(min(need.highest, height // (need.rows + 2)) for need, height in by_need)
        lines = min(self._lines(SMALL), _MOST_LINES)
        wanted = max(usual, lines * _LINE + _PADDING if lines > 1 else 0)
        highest = min(height // (need.least + 1) for need, height in by_need)
        return max(_LOWEST_ROW, min(wanted, highest))

    def _lines(self, size: int) -> int:
        """Return how many lines the longest name takes in a font size."""
        return max(
            (lines_needed(name, _characters(self.cells[need.area.left][0], size))
             for need in self.needs for name in need.names),
            default=1,
        )  # fmt: skip

    @cached_property
    def size(self) -> int:
        """The size of the font in tables."""
        narrow = any(
            sum(need.widths) > self.contents[need.area.left] * (1 - need.names_share)
            for need in self.needs
        )
        if self.row >= _LARGEST_FROM and not narrow:
            return LARGEST
        large = self.row >= _LARGE_FROM and self._lines(LARGE) == 1 and not narrow
        return LARGE if large else SMALL

    def fitted(self, name: str, area: GridArea, column: int = 0) -> str:
        """Return a name that fits the rows in a cell's column of a part, if need be shortened.

        Its end stays, because teams are often told apart by the number there.
        """
        width = _characters(self.cells[area.left][column], self.size)
        lines = max(1, (self.row - _PADDING + 1) // _LINE)
        end = name[-min(_END_KEPT, len(name) // 3) :].lstrip()
        shown, begin = name, len(name) - len(end)
        while lines_needed(shown, width) > lines and begin > 0:
            begin -= 1
            shown = f"{name[:begin].rstrip()}{ELLIPSIS} {end}"
        return shown

    @cached_property
    def rows_in_band(self) -> int:
        """How many rows of cells each row of the slide's grid holds."""
        return max(2, self.body // self.bands // self.row)

    @cached_property
    def heights(self) -> tuple[int, ...]:
        """The heights of all rows from the top."""
        count = self.bands * self.rows_in_band
        each, rest = divmod(self.body, count)
        return (*self.head, *(each + (row < rest) for row in range(count)), self.foot)

    @cached_property
    def pixels(self) -> tuple[int, ...]:
        """The widths of all columns from the left."""
        inside: list[int] = []
        for column, cells in enumerate(self.cells):
            inside += [*([GAP] if column else []), *cells]
        return (EDGE, *inside, EDGE)

    @property
    def widths(self) -> tuple[Width, ...]:
        """The widths of all columns in characters."""
        return tuple(
            Width(column, column, (pixels - 5) / 7) for column, pixels in enumerate(self.pixels)
        )

    @property
    def print_area(self) -> Area:
        """The whole slide."""
        return Area(0, 0, len(self.heights) - 1, len(self.pixels) - 1)

    def column(self, grid_column: int) -> int:
        """Return the first cell's column of a column of the slide's grid."""
        return 1 + sum(len(cells) + 1 for cells in self.cells[:grid_column])

    def first_row(self, area: GridArea) -> int:
        """Return the first row of cells of a part of the slide's grid."""
        return FIRST_BODY_ROW + area.top * self.rows_in_band

    def room(self, area: GridArea) -> int:
        """Return how many rows of cells a part of the slide's grid has, but for the gap below."""
        return (area.bottom - area.top + 1) * self.rows_in_band - 1

    def last_column(self, grid_column: int) -> int:
        """Return the last cell's column of a column of the slide's grid."""
        return self.column(grid_column) + len(self.cells[grid_column]) - 1

    def chip_width(self, grid_column: int) -> int:
        """Return the width of the cells of a rating and its target."""
        return self.cells[grid_column][-1] + self._aside_width(grid_column)

    def _aside_width(self, grid_column: int) -> int:
        return round(len(self.chips.get(grid_column, "")) * _LETTER) + _CHIP_PADDING

    def box(self, area: GridArea, lines: int) -> ChartBox:
        """Return the space of a chart below so many rows of cells."""
        first = self.first_row(area)
        height = sum(self.heights[first + lines : first + self.room(area) + 1]) - GAP // 2
        return ChartBox(first + lines, self.column(area.left), self._width(area), height)

    def panel_box(self, area: GridArea) -> PixelBox:
        """Return the space of a panel on the slide."""
        first = self.first_row(area)
        top = sum(self.heights[:first])
        height = sum(self.heights[first : first + self.room(area) + 1]) - GAP // 2
        left = EDGE + sum(self.contents[: area.left]) + GAP * area.left
        return PixelBox(left, top, self._width(area), height)

    def lines(self, text: str, area: GridArea, less: int = 0) -> list[str]:
        """Return a text in lines that fit a part of the slide's grid, `less` pixels narrower."""
        return wrapped(text, _characters(self._width(area) - less, LARGE) * _BOLD)

    def _width(self, area: GridArea) -> int:
        gaps = GAP * (area.right - area.left)
        return sum(self.contents[area.left : area.right + 1]) + gaps


def _characters(pixels: int, size: int) -> float:
    """Return how many characters of a font size a cell so wide holds."""
    return (pixels - 5) / 7 * LARGE / size


def _shared_out(free: int, wanted: Sequence[int]) -> list[int]:
    """Share what room there is out, so that the widest give way first: numbers cannot be cut."""
    level = max(wanted)
    while level > 1 and sum(min(each, level) for each in wanted) > free:
        level -= 1
    return [min(each, level) for each in wanted]

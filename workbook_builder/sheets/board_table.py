"""One table of indicators on a sheet of its own: titles, legend, headings, a row for each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, groupby

from workbook_builder.definitions.layouts import ColumnKind, KeyBlock, Table
from workbook_builder.indicators.rows import Indicator
from workbook_builder.sheets.data_table import (
    HEADING_ROW,
    HIGHEST,
    LINE_HEIGHT,
    TITLE_HEIGHTS,
    lines_needed,
    row_height,
    text_width,
    titles,
)
from workbook_builder.sheets.paging import Pages, fits_one_page, table_pages, width_in_points
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    ChangeMarks,
    FigureRow,
    IconSet,
    NativeTable,
    RatingFills,
    SheetPlan,
    Sparkline,
    StyleName,
    Text,
    Width,
)
from workbook_builder.sheets.table_columns import (
    COLUMN_KINDS,
    INDICATOR_WIDTHS,
    ColumnPositions,
    TableColumnKind,
    TableContext,
    TableRow,
    column_positions,
    headings_of,
)

#: The first row below the headings of a table without a legend.
FIRST_ROW = HEADING_ROW + 1
#: Months between one block of a legend and the next: a line of it runs over so many cells.
_LEGEND_MONTHS = 8
#: A heading is bold, so it is a little wider than its letters in usual print.
_BOLD = 1.06
#: The font sizes in points of a title, of the text whose letters widths are counted in, and the
#: smallest of a title that must fit the columns repeated on each page.
_TITLE_SIZE, _USUAL_SIZE, _LEAST_TITLE_SIZE = 18, 11, 11
#: Rows may grow by this much where a table leaves a page free.
_MOST_GROWTH = 0.6
#: So much of the room above and below its text, in points, a row gives where it saves a page.
_SLACK = 4.5
#: What tells rows apart: a table too wide for one page repeats these columns on each.
_NAMING: tuple[ColumnKind, ...] = ("reference", "indicator")


@dataclass(frozen=True)
class _Board:
    """A table on its way into a sheet: its rows, where its columns begin, where its rows do."""

    table: Table
    indicators: Sequence[Indicator]
    context: TableContext
    positions: ColumnPositions
    heading_row: int
    headings: Sequence[tuple[str, TableColumnKind]]
    indicator_width: float = INDICATOR_WIDTHS[0]

    @property
    def first_row(self) -> int:
        return self.heading_row + 1

    @property
    def last_row(self) -> int:
        return self.heading_row + len(self.indicators)

    def width(self, kind: ColumnKind) -> float:
        """Return the width in characters of a kind of column, as these rows need it."""
        record = COLUMN_KINDS[kind]
        if kind == "indicator":
            return self.indicator_width
        return record.fitted_width(self.indicators) if record.fitted_width else record.width

    @property
    def widths(self) -> tuple[float, ...]:
        """The width in characters of every column, so that its heading's words are not broken."""
        widths: list[float] = []
        for kind in self.table.columns:
            width, first = self.width(kind), self.positions.first[kind]
            for heading, _ in self.headings[first : first + self.columns(kind)]:
                longest = max((text_width(word) for word in heading.split()), default=0.0)
                is_month = kind == "months"  # whose usual width holds its heading
                widths.append(width if is_month else max(width, longest * _BOLD))
        return tuple(widths)

    @property
    def folded(self) -> range:
        """The columns of months that are folded away."""
        first = self.positions.first.get("months", 0)
        return range(first, first + self.context.folded)

    @property
    def points(self) -> tuple[float, ...]:
        """The width in points of every column; of one that is folded away nothing."""
        return tuple(
            0.0 if column in self.folded else width_in_points(width)
            for column, width in enumerate(self.widths)
        )

    def columns(self, kind: ColumnKind) -> int:
        """Return how many columns a kind has."""
        return len(headings_of(kind, self.context))

    def drawn_columns(self) -> Iterator[tuple[int, TableColumnKind]]:
        """Yield the columns of the table in the order in which rules are drawn on them."""
        for kind, record in COLUMN_KINDS.items():
            if kind in self.positions.first:
                yield self.positions.first[kind], record


def board_sheet(
    table: Table,
    table_name: str,
    indicators: Sequence[Indicator],
    context: TableContext,
    subtitle: str,
) -> SheetPlan:
    """Lay out a table; it is printed on pages of A4 in 8 points or more."""
    positions = column_positions(table.columns, context)
    heading_row = HEADING_ROW + _legend_height(table.key)
    headings = _unique_headings(table, context)
    board = _narrowed(_Board(table, indicators, context, positions, heading_row, headings))
    first_shown_month = positions.first.get("months", 0) + context.folded
    widths = board.widths
    lines = (lines_needed(text, widths[column], indented=not kind.centred)
             for column, (text, kind) in enumerate(headings))  # fmt: skip
    above = (*TITLE_HEIGHTS, (heading_row, row_height(max(lines, default=1))))
    heights = tuple(_heights(board))
    pages = _pages(board, sum(height for _, height in above), heights)
    last_column = positions.count - 1
    area = Area(heading_row, 0, board.last_row, last_column)
    return SheetPlan(
        name=table.name,
        cells=(
            *_titles(board, subtitle, pages),
            *_legend(table.key, HEADING_ROW, first_shown_month, board, pages),
            *_heading_cells(headings, heading_row),
            *_body(board),
        ),
        widths=tuple(_widths(board)),
        heights=(*above, *((row, min(height + pages.growth, HIGHEST)) for row, height in heights)),
        sparklines=tuple(_sparklines(board)),
        icon_sets=tuple(_icon_sets(board)),
        rating_fills=tuple(
            RatingFills(Area(board.first_row, column, board.last_row, column))
            for column, kind in board.drawn_columns()
            if kind.rating_fills
        ),
        change_marks=tuple(_change_marks(board)),
        tables=(NativeTable(table_name, area, tuple(text for text, _ in headings)),),
        freeze=(board.first_row, _first_moving_column(positions)),
        repeat_rows=(0, heading_row),
        figure_rows=tuple(_figure_rows(board)),
        repeat_columns=pages.repeat_columns,
        print_area=Area(0, 0, board.last_row, last_column),
        page_areas=pages.areas if len(pages.areas) > 1 else (),
        scale=pages.scale,
    )


def _narrowed(board: _Board) -> _Board:
    """Return a table with its titles as wide as lets it fit a page; they are wide if none does."""
    narrowed = (replace(board, indicator_width=width) for width in INDICATOR_WIDTHS)
    return next((narrow for narrow in narrowed if fits_one_page(narrow.points)), board)


def _pages(board: _Board, above: float, heights: Sequence[tuple[int, float]]) -> Pages:
    """Cut a table into pages; columns that compare with others go on one of their own first."""
    first = board.positions.first
    naming = [kind for kind in _NAMING if kind in first]
    repeated = max((first[kind] + 1 for kind in naming), default=0)
    starts = [first[kind] for kind in board.table.columns]
    return table_pages(
        board.points, above + (board.heading_row - HEADING_ROW) * LINE_HEIGHT,
        [height for _, height in heights], heading_row=board.heading_row, repeated=repeated,
        starts=starts, most_growth=_MOST_GROWTH, slack=_SLACK,
    )  # fmt: skip


def _legend_height(blocks: Sequence[KeyBlock]) -> int:
    """Return how many rows a legend takes, with an empty one below it."""
    return max(1 + len(block.lines) for block in blocks) + 1 if blocks else 0


def _titles(board: _Board, subtitle: str, pages: Pages) -> Iterator[Cell]:
    """Lay out title and subtitle, small enough for the columns repeated on each page."""
    title, below = titles(board.table.title, subtitle)
    if pages.repeat_columns:
        room = sum(board.widths[: pages.repeat_columns[1] + 1])
        usual = text_width(board.table.title) * _BOLD * _TITLE_SIZE / _USUAL_SIZE
        if usual > room:
            size = math.floor(_TITLE_SIZE * room / usual)
            title = title._replace(size=max(size, _LEAST_TITLE_SIZE))
    yield from (title, below)


def _legend(
    blocks: Sequence[KeyBlock], first_row: int, months: int, board: _Board, pages: Pages
) -> Iterator[Cell]:
    """Lay out a legend: the first block at the left, the others above the months and beyond.

    A block that would run over the edge of a page begins on the next.
    """
    for number, block in enumerate(blocks):
        column = months + (number - 1) * _LEGEND_MONTHS if number else 0
        column = _inside_a_page(block, column, board, pages) if number else column
        yield Cell(first_row, column, Text(block.title), "key_title")
        for row, line in enumerate(block.lines, first_row + 1):
            yield Cell(row, column, Text(line), "key")


def _inside_a_page(block: KeyBlock, column: int, board: _Board, pages: Pages) -> int:
    widest = width_in_points(max(map(text_width, block.lines), default=0.0))
    ends = sorted({area.last_column for area in pages.areas})
    end = next((end for end in ends if end >= column), board.positions.count - 1)
    crosses = sum(board.points[column : end + 1]) < widest
    return end + 1 if crosses and end < board.positions.count - 1 else column


def _unique_headings(table: Table, context: TableContext) -> list[tuple[str, TableColumnKind]]:
    """Return every column's heading and kind.

    A native table may not have the same heading twice, so a second England is "England (2)".
    """
    headings: list[tuple[str, TableColumnKind]] = []
    taken: set[str] = set()
    for kind in table.columns:
        for heading in headings_of(kind, context):
            numbered = (f"{heading} ({number})" for number in count(2))
            unique = next(
                text for text in chain([heading], numbered) if text.casefold() not in taken
            )
            headings.append((unique, COLUMN_KINDS[kind]))
            taken.add(unique.casefold())
    return headings


def _heading_cells(headings: Sequence[tuple[str, TableColumnKind]], row: int) -> Iterator[Cell]:
    for column, (heading, kind) in enumerate(headings):
        style: StyleName = "heading_centred" if kind.centred else "heading"
        if kind is COLUMN_KINDS["months"]:
            style = "heading_month"
        yield Cell(row, column, Text(heading), style)


def _body(board: _Board) -> Iterator[Cell]:
    for row, indicator in enumerate(board.indicators, board.first_row):
        table_row = TableRow(indicator, row, board.positions)
        for kind in board.table.columns:
            cells = COLUMN_KINDS[kind].cells(table_row)
            for column, parts in enumerate(cells, board.positions.first[kind]):
                yield Cell(row, column, *parts)


def _widths(board: _Board) -> Iterator[Width]:
    """Yield the widths; neighbours that are alike share one."""
    column = 0
    widths = ((width, number in board.folded) for number, width in enumerate(board.widths))
    for (width, folded), alike in groupby(widths):
        last = column + len(list(alike)) - 1
        yield Width(column, last, width, folded=folded)
        column = last + 1


def _heights(board: _Board) -> Iterator[tuple[int, float]]:
    """Yield each row with the height in points that its title and the texts beside it need."""
    kinds: set[ColumnKind] = {"indicator", *board.table.columns}
    needed = [
        (height, board.width(kind)) for kind in kinds if (height := COLUMN_KINDS[kind].row_height)
    ]
    for row, indicator in enumerate(board.indicators, board.first_row):
        yield row, max(height(indicator, width) for height, width in needed)


def _sparklines(board: _Board) -> Iterator[Sparkline]:
    column = board.positions.first.get("sparkline")
    if column is None:
        return
    months = board.positions.first["months"]
    first, last = months + board.context.folded, months + board.positions.months - 1
    for row in range(board.first_row, board.last_row + 1):
        yield Sparkline(row, column, Area(row, first, row, last))


def _icon_sets(board: _Board) -> Iterator[IconSet]:
    """Yield the icons of each column; neighbouring rows of one threshold share a rule."""
    for column, kind in board.drawn_columns():
        if kind.icons is None:
            continue
        row = board.first_row
        for threshold, rows in groupby(board.indicators, kind.icon_threshold):
            last_row = row + len(list(rows)) - 1
            yield IconSet(Area(row, column, last_row, column), kind.icons, threshold)
            row = last_row + 1


def _change_marks(board: _Board) -> Iterator[ChangeMarks]:
    """Yield the marks of changes; neighbouring rows of one polarity and level band share a rule."""
    for column, kind in board.drawn_columns():
        if not kind.change_marks:
            continue
        row = board.first_row
        for (better, band), rows in groupby(
            board.indicators, lambda indicator: (indicator.desired, indicator.level_band)
        ):
            last_row = row + len(list(rows)) - 1
            yield ChangeMarks(Area(row, column, last_row, column), better, band)
            row = last_row + 1


def _figure_rows(board: _Board) -> Iterator[FigureRow]:
    column = board.positions.first.get("months")
    if column is None:
        return
    for row, indicator in enumerate(board.indicators, board.first_row):
        yield FigureRow(row, column, indicator.measure, board.context.months)


def _first_moving_column(positions: ColumnPositions) -> int:
    """Return the first column that scrolls: what says which row this is stays in sight."""
    if "indicator" in positions.first:
        return positions.first["indicator"] + 1
    return positions.first.get("months", 0)

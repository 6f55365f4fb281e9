"""Cut a sheet into pages of A4 on which everybody can read: no text under 8 points.

Columns that do not fit beside one another go on pages of their own, rows that do not fit below one
another too; what says which row and which column this is, is repeated on each. All sizes are in
points as they are in the sheet, before the page makes it smaller.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from workbook_builder.sheets.plan import Area

#: The smallest text of a board page, and the size that text has in a sheet.
LEAST_SIZE, USUAL_SIZE = 8, 11
LEAST_SCALE = LEAST_SIZE / USUAL_SIZE
#: What Excel and LibreOffice set may be a little wider than what we add up.
_SAFETY = 0.97

_POINTS_AN_INCH = 72
#: Calibri's digits on paper; on a screen they are whole pixels, and columns a little narrower.
_POINTS_A_DIGIT = 5.58
_COLUMN_PADDING = 5 / 7 * _POINTS_A_DIGIT


@dataclass(frozen=True)
class Paper:
    """The inside of a page of A4 in points, without its margins (in inches)."""

    landscape: bool = True
    side: float = 0.25
    top: float = 0.4
    bottom: float = 0.55

    @property
    def width(self) -> float:
        """The width that columns may share."""
        return ((11.69 if self.landscape else 8.27) - 2 * self.side) * _POINTS_AN_INCH

    @property
    def height(self) -> float:
        """The height that rows may share."""
        edge = 8.27 if self.landscape else 11.69
        return (edge - self.top - self.bottom) * _POINTS_AN_INCH


LANDSCAPE, PORTRAIT = Paper(), Paper(landscape=False)


@dataclass(frozen=True)
class Pages:
    """How a sheet is cut: areas that are pages of their own, and the scale in percent.

    Without a scale the sheet is made as small as its width needs. `repeat_columns` are the first
    and the last column that each page has. `growth` is by how much each row is higher, or lower if
    it is negative.
    """

    areas: tuple[Area, ...]
    scale: int | None = None
    repeat_columns: tuple[int, int] | None = None
    growth: float = 0.0


def width_in_points(characters: float) -> float:
    """Return the width in points of a column so many characters wide."""
    return characters * _POINTS_A_DIGIT + _COLUMN_PADDING


def fits_one_page(widths: Sequence[float], paper: Paper = LANDSCAPE) -> bool:
    """Tell whether columns so wide fit beside one another with text of 8 points."""
    return sum(widths) <= paper.width / LEAST_SCALE


def column_blocks(
    widths: Sequence[float], repeated: int, starts: Sequence[int], room: float
) -> list[tuple[int, int]]:
    """Cut columns into blocks, first and last column of each, that fit a width.

    The first `repeated` columns stand in each block, so they are counted in each. A block begins
    where a group of columns `starts`, unless a group alone is wider than there is room for.
    """
    blocks: list[tuple[int, int]] = []
    first, used = 0, 0.0
    named = sum(widths[:repeated])
    for column, width in enumerate(widths):
        while used + width > room and column > max(first, repeated):
            group = max((start for start in starts if first < start <= column), default=column)
            end = group if group > repeated else column
            blocks.append((first, end - 1))
            first = end
            used = named + sum(widths[first:column])
        used += width
    return [*blocks, (first, len(widths) - 1)]


def row_blocks(heights: Sequence[float], room: float) -> list[tuple[int, int]]:
    """Cut rows into pages, first and last row of each, as few and as even as can be.

    A row that is higher than the room has a page for itself.
    """
    full = _full_blocks(heights, room)
    even = _even_blocks(heights, room, len(full))
    return even if len(even) == len(full) else full


def _full_blocks(heights: Sequence[float], room: float) -> list[tuple[int, int]]:
    """Cut rows into pages that are each as full as can be: there are no fewer."""
    blocks: list[tuple[int, int]] = []
    first, used = 0, 0.0
    for row, height in enumerate(heights):
        if used + height > room and row > first:
            blocks.append((first, row - 1))
            first, used = row, 0.0
        used += height
    return [*blocks, (first, len(heights) - 1)]


def _even_blocks(heights: Sequence[float], room: float, pages: int) -> list[tuple[int, int]]:
    """Cut rows into pages so that each has its share of what is left; it may take more pages."""
    blocks: list[tuple[int, int]] = []
    first, used, left = 0, 0.0, sum(heights)
    for row, height in enumerate(heights):
        share = left / max(pages - len(blocks), 1)
        full = used + height > room or (used + height / 2 > share and len(blocks) < pages - 1)
        if full and row > first:
            blocks.append((first, row - 1))
            left -= used
            first, used = row, 0.0
        used += height
    return [*blocks, (first, len(heights) - 1)]


def table_pages(
    widths: Sequence[float],
    above: float,
    heights: Sequence[float],
    *,
    heading_row: int,
    repeated: int = 0,
    starts: Sequence[int] = (),
    most_growth: float = 0.0,
    slack: float = 0.0,
    paper: Paper = LANDSCAPE,
) -> Pages:
    """Cut a table into pages.

    `above` is the height of all that is above its rows, which each page repeats; `heading_row` is
    the row of its headings, above the first of `heights`. `repeated` columns stand on each page;
    `starts` are the columns at which groups of columns begin. Where a page is left free, rows grow
    to fill it, all together by no more than this share of their height; where it saves a page each
    gives up to `slack` points of its height.
    """
    whole = fits_one_page(widths, paper)
    blocks = [(0, len(widths) - 1)]
    if not whole:
        blocks = column_blocks(widths, repeated, starts, paper.width / LEAST_SCALE * _SAFETY)
    named = sum(widths[:repeated])
    widest = max(sum(widths[first : last + 1]) + (named if first else 0) for first, last in blocks)
    scale = min(1.0, paper.width * (1.0 if whole else _SAFETY) / widest)
    scale = max(scale, LEAST_SCALE)  # a single column may be wider than a page
    room = paper.height / scale * _SAFETY - above
    pages = row_blocks(heights, room)
    tighter = row_blocks([height - slack for height in heights], room)
    if len(tighter) < len(pages):
        pages = tighter
    growth = min((room - sum(heights[first : last + 1])) / (last - first + 1)
                 for first, last in pages)  # fmt: skip
    most = most_growth * sum(heights) / len(heights)
    return Pages(
        areas=_areas(pages, blocks, heading_row + 1),
        scale=None if whole else math.floor(scale * 100),
        repeat_columns=(0, repeated - 1) if repeated and not whole else None,
        growth=max(-slack, min(growth, most)),
    )


def _areas(
    pages: Sequence[tuple[int, int]], blocks: Sequence[tuple[int, int]], first_row: int
) -> tuple[Area, ...]:
    """Return the areas of pages, row after row; those of the first rows have what is above them."""
    return tuple(
        Area(first_row + first if first else 0, left, first_row + last, right)
        for first, last in pages
        for left, right in blocks
    )


#: A stack of lists is made smaller in these steps until each list fits on a page.
_STEPS = (1.0, 0.9, 0.8, LEAST_SCALE)


def stack_pages(
    widths: Sequence[float], heights: Sequence[float], starts: Sequence[int], repeated: int,
    paper: Paper,
) -> Pages:  # fmt: skip
    """Cut a sheet of lists below one another into pages; a list that fits on a page is not cut.

    `starts` are the rows at which the lists begin; the first `repeated` rows stand on each page.
    """
    fitting = min(1.0, paper.width * _SAFETY / sum(widths))
    above = sum(heights[:repeated])
    pages: list[tuple[int, int]] = []
    for step in _STEPS:
        scale = min(step, fitting)
        room = paper.height / scale * _SAFETY - above
        pages = _stack(heights[repeated:], [start - repeated for start in starts], room)
        if len(pages) <= max(1, len(starts)):
            break
    areas = tuple(
        Area(repeated + first if first else 0, 0, repeated + last, len(widths) - 1)
        for first, last in pages
    )
    return Pages(areas, math.floor(scale * 100))


def _stack(
    heights: Sequence[float], starts: Sequence[int], room: float
) -> list[tuple[int, int]]:  # fmt: skip
    """Cut lists below one another into pages, first and last row of each."""
    ends = list(accumulate(heights, initial=0.0))
    # What is above the first list goes with it, also where that is longer than a page.
    bounds = [0, *starts[1:], len(heights)]
    blocks: list[tuple[int, int]] = []
    first = 0
    for start, end in pairwise(bounds):
        if ends[end] - ends[first] <= room:
            continue
        if start > first:
            blocks.append((first, start - 1))
            first = start
        if ends[end] - ends[first] > room:
            inside = row_blocks(heights[first:end], room)
            blocks += [(first + top, first + bottom) for top, bottom in inside[:-1]]
            first += inside[-1][0]
    return [*blocks, (first, len(heights) - 1)]

"""Native tables: cells of a sheet with fills, ratings in words on colours, arrows and sparklines.

python-pptx can neither set borders nor write many cells quickly, so the table's XML is written here
and put into the graphic frame that it makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from pptx.oxml import parse_xml
from pptx.util import Emu

from workbook_builder.looks import RATING_LOOKS
from workbook_builder.powerpoint.colours import Colour, Palette, rating_colours
from workbook_builder.powerpoint.geometry import POINT, Box
from workbook_builder.powerpoint.text_fit import LINE, line_count, text_width, without_controls
from workbook_builder.sheets.number_text import content_text
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    ChangeMarks,
    Content,
    Empty,
    Formula,
    Highlight,
    IconSet,
    Number,
    SheetPlan,
    Sparkline,
    StyleName,
)

#: Room inside a cell, in points: left and right of its text, above and below it.
_SIDE, _ABOVE = 3.0, 0.4
_SPARK_WIDTH = 58.0
#: Names of rows that need it have at least this width in points, and this share of the table's if
#: there is room. More lines than these call for a smaller font.
_LEAST_NAME, _USUAL_NAME, _MOST_LINES = 130.0, 0.35, 3
#: A sparkline is no higher than this, in points, however high its row is.
_HIGHEST_SPARKLINE = 22.0
_HIGHEST_GROWTH = 1.25

_HEADINGS: frozenset[StyleName] = frozenset({"heading", "heading_centred", "heading_month"})
_NAMES: frozenset[StyleName] = frozenset({
    "name", "group", "total_name", "other_name", "indicator", "text", "note",
})  # fmt: skip
_BOLD: frozenset[StyleName] = frozenset({
    *_HEADINGS, "latest", "group", "total_name", "total", "total_rag",
})  # fmt: skip
_PALE: frozenset[StyleName] = frozenset({"latest", "group", "total_name", "total", "total_rag"})
_QUIET: frozenset[StyleName] = frozenset({"reference", "other_name", "other", "small"})
_CENTRED: frozenset[StyleName] = frozenset({
    "heading_centred", "heading_month", "reference", "rag", "total_rag", "small",
    "direction", "target", "benchmark", "spark",
    "trend", "mark",
})  # fmt: skip
#: Columns that go first, in turn, where a table is too wide for a slide at its smallest font.
_DISPENSABLE: tuple[StyleName, ...] = (
    "note", "link", "benchmark", "reference", "spark", "trend", "change", "derived",
)  # fmt: skip
_ELLIPSIS = "…"
_ARROWS = {1: "▲", 0: "►", -1: "▼"}


@dataclass(frozen=True)
class DeckCell:
    """A cell of a table on a slide: its text, how it looks, and its rating if it is one."""

    text: str
    style: StyleName
    rag: int | None = None
    arrow: int | None = None
    stands_out: bool = False


@dataclass(frozen=True)
class DeckTable:
    """A table as a slide shows it: its rows from the headings down, and its sparklines.

    `sparklines` are the values of a row's months, by row and column of the table. `left_out` are
    headings of columns that there was no room for.
    """

    rows: tuple[tuple[DeckCell, ...], ...]
    sparklines: Mapping[tuple[int, int], tuple[float | None, ...]]
    left_out: tuple[str, ...] = ()

    @cached_property
    def name_column(self) -> int:
        """The column that takes what room the others leave: the first of names, or the first.

        Of several columns of names it is the one with the longest: names may be wrapped.
        """
        _, *body = self.rows
        styles = [cell.style for cell in body[0]] if body else []
        first = next((style for style in styles if style in _NAMES), None)
        longest = {
            number: max(len(row[number].text) for row in body)
            for number, style in enumerate(styles) if style == first
        }  # fmt: skip
        return max(longest, key=lambda number: (longest[number], -number), default=0)

    def widths(self, width: float, size: float) -> list[float]:
        """Return the widths in points of the columns that fill a width at a font size.

        Names have what the others leave, and what they do not need themselves is shared.
        """
        natural = [self._natural_width(column, size) for column in range(len(self.rows[0]))]
        names = natural[self.name_column]
        others = sum(natural) - names
        room = max(width - others, min(names, _LEAST_NAME))
        wanted = min(room, max(names, width * _USUAL_NAME))
        share = max(width - others - wanted, 0.0) / max(len(natural), 1)
        return [
            (wanted if column == self.name_column else needed) + share
            for column, needed in enumerate(natural)
        ]

    def _natural_width(self, column: int, size: float) -> float:
        """Return the width of a column's longest word of a heading, or longest text below it."""
        if any(key[1] == column for key in self.sparklines):
            return _SPARK_WIDTH
        heading, *body = (row[column] for row in self.rows)
        texts = [*heading.text.split(), *(cell_text(cell) for cell in body)]
        if column == self.name_column:
            texts = [cell_text(cell) for cell in body]
        bold = any(cell.style in _BOLD for cell in body)
        widest = max((text_width(text, size, bold) for text in texts), default=0.0)
        words = max((text_width(word, size, bold=True) for word in heading.text.split()), default=0)
        return max(widest, words) + 2 * _SIDE

    def fits_width(self, width: float, size: float) -> bool:
        """Tell whether the columns have the room that they need at a font size."""
        natural = [self._natural_width(column, size) for column in range(len(self.rows[0]))]
        others = sum(natural) - natural[self.name_column]
        return others + min(natural[self.name_column], _LEAST_NAME) <= width

    def reads_well(self, width: float, size: float) -> bool:
        """Tell whether the columns have their room at a font size, and names take few lines."""
        room = self.widths(width, size)[self.name_column] - 2 * _SIDE
        names = (cell_text(row[self.name_column]) for row in self.rows[1:])
        return self.fits_width(width, size) and all(
            line_count(name, room, size) <= _MOST_LINES for name in names
        )

    def heights(self, width: float, size: float) -> list[float]:
        """Return the heights in points of the rows at a font size."""
        widths = self.widths(width, size)
        return [
            max(line_count(cell_text(cell), room - 2 * _SIDE, size, bold=cell.style in _BOLD)
                for cell, room in zip(row, widths, strict=True))
            * size * LINE + 2 * _ABOVE
            for row in self.rows
        ]  # fmt: skip

    def part(self, first: int, last: int) -> DeckTable:
        """Return the headings with the rows from `first` to `last`, counted from 1 below them."""
        sparklines = {
            (row - first + 1, column): values
            for (row, column), values in self.sparklines.items()
            if first <= row <= last
        }
        return DeckTable((self.rows[0], *self.rows[first : last + 1]), sparklines, self.left_out)

    def without_column(self, column: int) -> DeckTable:
        """Return the table without a column, whose heading is among those left out."""
        rows = tuple(row[:column] + row[column + 1 :] for row in self.rows)
        sparklines = {
            (row, number - (number > column)): values
            for (row, number), values in self.sparklines.items()
            if number != column
        }
        return DeckTable(rows, sparklines, (*self.left_out, self.rows[0][column].text))

    def narrowed(self, width: float, size: float) -> DeckTable:
        """Return the table without the columns that there is no room for."""
        table = self
        for style in _DISPENSABLE:
            while not table.fits_width(width, size):
                styles = [cell.style for cell in table.rows[-1]]
                if style not in styles:
                    break
                last = len(styles) - 1 - styles[::-1].index(style)
                table = table.without_column(last)
        return table


def cell_text(cell: DeckCell) -> str:
    """Return what is written in a cell: its text behind its arrow or the shape of its rating."""
    if cell.rag is not None:
        return RATING_LOOKS[cell.rag].text
    return f"{_ARROWS[cell.arrow]} {cell.text}" if cell.arrow is not None else cell.text


class SheetCells:
    """The cells of a sheet by row and column, and what is drawn on them."""

    def __init__(self, sheet: SheetPlan) -> None:
        self.sheet = sheet

    @cached_property
    def cells(self) -> Mapping[tuple[int, int], Cell]:
        """The cells by row and column."""
        return {(cell.row, cell.column): cell for cell in self.sheet.cells}

    def value(self, row: int, column: int) -> float | None:
        """Return the number of a cell, or None where there is none."""
        cell = self.cells.get((row, column))
        return content_value(cell.content) if cell else None

    def text(self, row: int, column: int) -> str:
        """Return what Excel shows of a cell."""
        cell = self.cells.get((row, column))
        return without_controls(content_text(cell.content, cell.number_format)) if cell else ""

    def table(self, area: Area, sheets: Mapping[str, SheetCells]) -> DeckTable:
        """Return the table of an area, without bars and without columns that are folded away."""
        folded = {
            column
            for width in self.sheet.widths if width.folded
            for column in range(width.first, width.last + 1)
        }  # fmt: skip
        # A column of bars says in colour what the column before it says in numbers.
        bars = {cell.column for cell in self.sheet.cells if cell.style == "bar"
                and area.first_row <= cell.row <= area.last_row}  # fmt: skip
        columns = [column for column in range(area.first_column, area.last_column + 1)
                   if column not in folded | bars]  # fmt: skip
        rows = range(area.first_row, area.last_row + 1)
        sparks = {(spark.row, spark.column): spark for spark in self.sheet.sparklines}
        return DeckTable(
            tuple(tuple(self._deck_cell(row, column) for column in columns) for row in rows),
            {
                (row_number, number): self._spark_values(sparks[row, column], sheets)
                for row_number, row in enumerate(rows)
                for number, column in enumerate(columns)
                if (row, column) in sparks
            },
        )

    def _spark_values(
        self, sparkline: Sparkline, sheets: Mapping[str, SheetCells]
    ) -> tuple[float | None, ...]:
        source = sheets.get(sparkline.sheet, self) if sparkline.sheet else self
        area = sparkline.values
        return tuple(source.value(area.first_row, column)
                     for column in range(area.first_column, area.last_column + 1))  # fmt: skip

    def _deck_cell(self, row: int, column: int) -> DeckCell:
        cell = self.cells.get((row, column)) or Cell(row, column, Empty(), "figure")
        text = without_controls(content_text(cell.content, cell.number_format))
        if cell.note and _ELLIPSIS in text and cell.style in _NAMES:
            text = without_controls(
                cell.note
            )  # the whole name, which a sheet's cell had no room for
        value = content_value(cell.content)
        return DeckCell(
            text, cell.style, self._rag(cell, value), self._arrow(cell, value),
            self._stands_out(cell, value),
        )  # fmt: skip

    def _rag(self, cell: Cell, value: float | None) -> int | None:
        if cell.style not in ("rag", "total_rag") or value is None:
            return None
        return _sign(value)

    def _arrow(self, cell: Cell, value: float | None) -> int | None:
        """Return whether a cell has an arrow that points up (1), level (0) or down (-1)."""
        if value is None:
            return None
        for icons in self.sheet.icon_sets:
            if _holds(icons.area, cell):
                return _against(value, icons)
        for marks in self.sheet.change_marks:
            if _holds(marks.area, cell):
                return _beyond(value, marks)
        return None

    def _stands_out(self, cell: Cell, value: float | None) -> bool:
        return value is not None and any(
            _holds(highlight.area, cell) and value > self._threshold(highlight)
            for highlight in self.sheet.highlights
        )

    def _threshold(self, highlight: Highlight) -> float:
        if not isinstance(highlight.over, str):
            return highlight.over
        cells = {cell.address: cell for cell in self.sheet.cells}
        cell = cells.get(highlight.over.replace("$", ""))
        value = content_value(cell.content) if cell else None
        return float("inf") if value is None else value


def content_value(content: Content) -> float | None:
    """Return the number that a cell holds or works out, or None."""
    match content:
        case Number(value):
            return value
        case Formula(_, value) if not isinstance(value, str):
            return value
    return None


def _holds(area: Area, cell: Cell) -> bool:
    return (
        area.first_row <= cell.row <= area.last_row
        and area.first_column <= cell.column <= area.last_column
    )


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _against(value: float, icons: IconSet) -> int:
    return (value >= icons.threshold) - (value < -icons.threshold)


def _beyond(value: float, marks: ChangeMarks) -> int:
    return (value >= marks.band) - (value <= -marks.band)


# --- Drawing -------------------------------------------------------------------------------------


def add_table(
    slide: Any, table: DeckTable, box: Box, size: float, palette: Palette, name: str, alt: str
) -> tuple[Any, float]:
    """Draw a table in a box; return its frame and the height in points that it takes.

    `name` is the frame's, `alt` says in words what the table shows.
    """
    widths = table.widths(box.width, size)
    heights = table.heights(box.width, size)
    growth = min(max(box.height / sum(heights), 1.0), _HIGHEST_GROWTH)
    heights = [height * growth for height in heights]
    frame = slide.shapes.add_table(1, 1, *box.emu)
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", without_controls(alt))
    old = frame._element.graphic.graphicData.tbl
    old.getparent().replace(old, parse_xml(_table_xml(table, widths, heights, size, palette)))
    frame.height = Emu(round(sum(heights) * POINT))
    _add_sparklines(slide, table, box, widths, heights, palette, name)
    return frame, sum(heights)


def _table_xml(
    table: DeckTable,
    widths: Sequence[float],
    heights: Sequence[float],
    size: float,
    palette: Palette,
) -> str:
    columns = "".join(f'<a:gridCol w="{round(width * POINT)}"/>' for width in widths)
    rows = "".join(
        f'<a:tr h="{round(height * POINT)}">'
        + "".join(_cell_xml(cell, size, palette) for cell in row)
        + "</a:tr>"
        for row, height in zip(table.rows, heights, strict=True)
    )
    return (
        '<a:tbl xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<a:tblPr firstRow="1"/><a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl>'
    )


def _cell_xml(cell: DeckCell, size: float, palette: Palette) -> str:
    ink, fill = _look(cell, palette)
    bold = cell.style in _BOLD or cell.rag is not None or cell.stands_out
    properties = (
        f'lang="en-GB" sz="{round(size * 100)}" b="{int(bold)}"'
        + (' i="1"' if cell.style == "revised" else "")
        + ' dirty="0"'
    )
    text = escape(cell_text(cell))
    run = f"<a:r><a:rPr {properties}>{ink.fill}</a:rPr><a:t>{text}</a:t></a:r>" if text else ""
    end = "" if text else f"<a:endParaRPr {properties}/>"
    align = "ctr" if cell.style in _CENTRED else "l" if cell.style in (*_NAMES, "heading") else "r"
    side, above = round(_SIDE * POINT), round(_ABOVE * POINT)
    line = (
        f'w="6350" cap="flat" cmpd="sng" algn="ctr"><a:solidFill>{palette.rule.xml}</a:solidFill>'
    )
    borders = "".join(f"<a:{edge} {line}</a:{edge}>" for edge in ("lnL", "lnR", "lnT", "lnB"))
    ground = fill.fill if fill else "<a:noFill/>"
    return (
        f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{align}"/>{run}{end}</a:p>'
        f'</a:txBody><a:tcPr marL="{side}" marR="{side}" marT="{above}" marB="{above}" '
        f'anchor="ctr">{borders}{ground}</a:tcPr></a:tc>'
    )


def _look(cell: DeckCell, palette: Palette) -> tuple[Colour, Colour | None]:
    """Return the colours of a cell's text and of its ground, which may have none."""
    if cell.rag is not None:
        fill, ink = rating_colours(cell.rag)
        return ink, fill
    if cell.style in _HEADINGS:
        return palette.on_main, palette.main
    if cell.stands_out or cell.style == "revised":
        return palette.ink, palette.marked
    if cell.style == "direction" and cell.arrow:
        return (palette.better if cell.arrow > 0 else palette.worse), None
    ground = (
        palette.pale if cell.style in _PALE else palette.grey if cell.style == "blank" else None
    )
    return (palette.quiet if cell.style in _QUIET else palette.ink), ground


def _add_sparklines(
    slide: Any,
    table: DeckTable,
    box: Box,
    widths: Sequence[float],
    heights: Sequence[float],
    palette: Palette,
    name: str,
) -> None:
    """Draw the months of each row as a line over its cell, with a dot at the last."""
    for (row, column), values in table.sparklines.items():
        known = [(number, value) for number, value in enumerate(values) if value is not None]
        if len(known) < 2:
            continue
        left = box.left + sum(widths[:column]) + _SIDE + 1
        width, height = widths[column] - 2 * _SIDE - 2, min(heights[row] - 6, _HIGHEST_SPARKLINE)
        top = box.top + sum(heights[:row]) + (heights[row] - height) / 2
        lowest = min(value for _, value in known)
        spread = max(value for _, value in known) - lowest or 1.0
        points = [
            ((left + width * number / max(len(values) - 1, 1)) * POINT,
             (top + height * (1 - (value - lowest) / spread)) * POINT)
            for number, value in known
        ]  # fmt: skip
        title = cell_text(table.rows[row][table.name_column])
        _add_line(slide, points, palette, f"{name} sparkline {row}", f"Sparkline: {title}")


def _add_line(
    slide: Any, points: Sequence[tuple[float, float]], palette: Palette, name: str, alt: str
) -> None:
    (first_x, first_y), *others = points
    builder = slide.shapes.build_freeform(round(first_x), round(first_y), scale=1.0)
    builder.add_line_segments([(round(x), round(y)) for x, y in others], close=False)
    line = builder.convert_to_shape()
    line.name = name
    element = line._element
    element.nvSpPr.cNvPr.set("descr", without_controls(alt))
    for style in element.findall("{*}style"):
        element.remove(style)
    fill = '<a:ln xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="15875">'
    tail = '<a:tailEnd type="oval" w="med" len="med"/>'
    line.fill.background()
    element.spPr.append(parse_xml(f"{fill}{palette.series[0].fill}{tail}</a:ln>"))

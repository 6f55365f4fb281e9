"""The plan: a whole workbook as plain values, before any Excel. Rows and columns count from 0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from workbook_builder.figures import WHOLE_SERVICE, MonthInBrief
from workbook_builder.months import Month

StyleName = Literal[
    "title", "subtitle", "section", "body", "heading", "heading_centred", "heading_month",
    "reference", "indicator", "figure", "latest", "blank", "spark", "trend", "target", "rag",
    "direction", "unrated", "benchmark",
    "note", "link", "text", "data", "data_number", "change", "derived", "role", "mark", "quality",
    "key_title", "key", "revised",
    "plain_link", "count", "message", "news",
    "name", "group", "total_name", "total", "total_rag", "other_name", "other", "panel",
    "topic", "topic_aside", "headline", "aside", "small", "bar", "variation",
]  # fmt: skip

#: The part of the workbook that a sheet belongs to; its tab has the part's colour.
SheetGroup = Literal["", "summary", "board", "slides", "teams", "commentary", "reference"]

#: Which three icons a column of codes or changes shows, from high to low.
Icons = Literal["direction", "trend"]

SparklineKind = Literal["line", "column", "win_loss"]
SparklinePoint = Literal["last", "high", "low", "negative"]
ChartKind = Literal["line", "column", "bar"]
#: Whether a series of a chart is a measure, or a target, benchmark or process limit for it.
SeriesRole = Literal["measure", "target", "benchmark", "limit"]
#: Where a value is written beside its point; "inside" is the upper end of a column.
LabelPlace = Literal["above", "below", "left", "right", "inside"]

_LETTERS = 26


@dataclass(frozen=True)
class Text:
    """A text, written unchanged: never a formula, never a link."""

    text: str


@dataclass(frozen=True)
class Number:
    """A number, written as a value."""

    value: float


@dataclass(frozen=True)
class Formula:
    """A formula and the value it has when the workbook is written."""

    formula: str
    value: float | str


@dataclass(frozen=True)
class Link:
    """A link to the first cell of another sheet."""

    text: str
    sheet: str


@dataclass(frozen=True)
class Empty:
    """A formatted cell without content."""


Content = Text | Number | Formula | Link | Empty


class Cell(NamedTuple):
    """One cell: its place, content, style, number format, and a note that pops up.

    `size` is the font's size in points where it is not the style's. A tuple, since there are tens
    of thousands of them: a frozen dataclass takes three times as long to make.
    """

    row: int
    column: int
    content: Content
    style: StyleName
    number_format: str = ""
    note: str = ""
    size: int = 0

    @property
    def address(self) -> str:
        """The cell's address, as "B3"."""
        return address(self.row, self.column)


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, both corners included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def text(self) -> str:
        """The area's address, as "B3:D7"."""
        first = address(self.first_row, self.first_column)
        return f"{first}:{address(self.last_row, self.last_column)}"

    @property
    def absolute(self) -> str:
        """The area's address as names and charts write it, as "$B$3:$D$7"; of one cell "$B$3"."""
        first = f"${column_letters(self.first_column)}${self.first_row + 1}"
        last = f"${column_letters(self.last_column)}${self.last_row + 1}"
        return first if first == last else f"{first}:{last}"


@dataclass(frozen=True)
class Sparkline:
    """A small chart in one cell, drawn from an area of the same sheet, or of `sheet`."""

    row: int
    column: int
    values: Area
    kind: SparklineKind = "line"
    points: tuple[SparklinePoint, ...] = ("last",)
    sheet: str = ""


@dataclass(frozen=True)
class IconSet:
    """Icons beside numbers: the upper from `threshold`, the lower below minus `threshold`."""

    area: Area
    icons: Icons
    threshold: float = 0.5


@dataclass(frozen=True)
class RatingFills:
    """Cells of RAG codes that have the colours of their rating, whatever their formula gives."""

    area: Area


@dataclass(frozen=True)
class ChangeMarks:
    """Arrows and colours of changes: up from `band` on, down from minus `band` on, else level.

    `better` says which way is good; without it the arrows have no colour.
    """

    area: Area
    better: Literal["higher", "lower"] | None
    band: float


@dataclass(frozen=True)
class DataBars:
    """Bars inside cells, from nothing to `highest`, or to the highest of the area."""

    area: Area
    highest: float | None = None


@dataclass(frozen=True)
class Highlight:
    """Cells that stand out when their number is more than `over`, a number or a cell ("$F$3")."""

    area: Area
    over: float | str


@dataclass(frozen=True)
class SheetArea:
    """An area of any sheet."""

    sheet: str
    area: Area

    @property
    def text(self) -> str:
        """The area as formulas write it, as "'Visits'!$B$3:$D$7"."""
        return f"{quoted(self.sheet)}!{self.area.absolute}"


@dataclass(frozen=True)
class PixelBox:
    """A rectangle in pixels at 96 dpi, on a slide of 1280 by 720 or inside a chart."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class PointLabel:
    """A value written beside one point of a series, counted from 0."""

    point: int
    place: LabelPlace


@dataclass(frozen=True)
class EndName:
    """What is written at the right end of a series, in its colour, in place of a legend.

    `text` is the cell that holds the words. `values` are cells beside the months, all but the last
    of them empty: that one says how high the words stand, on the axis of the values.
    """

    text: SheetArea
    values: SheetArea
    words: str


@dataclass(frozen=True)
class Series:
    """One line or one set of columns of a chart; its months and values are cells.

    `labels` are the points whose values are written, None for all of them.
    """

    name: SheetArea | str
    categories: SheetArea
    values: SheetArea
    role: SeriesRole = "measure"
    labels: tuple[PointLabel, ...] | None = ()
    end: EndName | None = None


@dataclass(frozen=True)
class Chart:
    """A native chart whose upper left corner is that of a cell; sizes are pixels at 96 dpi.

    `alt_text` says in words what the chart shows. None leaves an end of the axis or its step to
    Excel, and so it does where the `plot` is. The name of every `month_step`th month is written.
    The title is in the cells above the chart.
    """

    row: int
    column: int
    width: int
    height: int
    kind: ChartKind
    title: str
    series: tuple[Series, ...]
    number_format: str
    alt_text: str
    axis_from: float | None = 0
    axis_to: float | None = None
    axis_step: float | None = None
    month_step: int = 1
    plot: PixelBox | None = None


@dataclass(frozen=True)
class NativeTable:
    """A native Excel table, found again by its name; the first row of its area has the headings."""

    name: str
    area: Area
    headings: tuple[str, ...]
    filtered: bool = False


@dataclass(frozen=True)
class Width:
    """The width of neighbouring columns, in characters; folded columns open with a click."""

    first: int
    last: int
    width: float
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """A PNG picture at the right edge of a cell, `height` high in points."""

    row: int
    column: int
    content: bytes = field(repr=False)
    alt_text: str
    height: float


@dataclass(frozen=True)
class PlanTheme:
    """The colours that a workbook may have for its own, as "#12436D"; the others are fixed."""

    main: str = "#12436D"
    pale: str = "#EAF0F6"
    accent: str = "#801650"


@dataclass(frozen=True)
class Chip:
    """How a measure on a slide is judged: its name, value and target as printed, RAG, direction.

    `rag` (1, 0, -1) and `direction` (1 better, 0 same, -1 worse) are None where nothing is judged.
    """

    name: str
    value: str
    target: str
    rag: int | None
    direction: int | None


@dataclass(frozen=True)
class SlidePanel:
    """One part of a slide: its title, chips, and a chart, a table or sentences that say why not.

    `box` is all of it, with its title. `table` is the area of the sheet that holds the table, with
    its headings.
    """

    title: str
    box: PixelBox
    chips: tuple[Chip, ...] = ()
    chart: Chart | None = None
    table: Area | None = None
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeckPage:
    """What the deck shows of a sheet: parts of it, and what it says beside them.

    `commentary` is what people wrote about its measures, `notes` are what a speaker may want to
    know: how each measure is counted, and its numbers. `source` says where the figures come from,
    and of which month.
    """

    title: str
    panels: tuple[SlidePanel, ...]
    headline: str = ""
    commentary: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Headline:
    """The sentence at the top of a slide, and the cells that hold it.

    `automatic` is what the program makes of the figures, also where a person has put another text
    in its place.
    """

    text: str
    automatic: str
    cell: Area


@dataclass(frozen=True)
class FigureRow:
    """Which figures a row of cells shows, for whoever wants to know more of one: not for Excel."""

    row: int
    first_column: int
    measure: str
    months: tuple[Month, ...]
    team: str = WHOLE_SERVICE


@dataclass(frozen=True)
class SheetPlan:
    """One sheet. `heights` are rows with their height in points; `freeze` the first moving cell.

    A `slide` is printed on one page, its print area filling a space of the shape 16:9. `page_areas`
    are pages of their own, in place of the print area as a whole; `scale` is in percent, None for
    as small as the width of a page needs. `deck` is what the deck shows of the sheet, if anything.
    The cells of a `merged` area are one, with the content of its first.
    """

    name: str
    cells: tuple[Cell, ...]
    widths: tuple[Width, ...] = ()
    heights: tuple[tuple[int, float], ...] = ()
    sparklines: tuple[Sparkline, ...] = ()
    icon_sets: tuple[IconSet, ...] = ()
    rating_fills: tuple[RatingFills, ...] = ()
    change_marks: tuple[ChangeMarks, ...] = ()
    tables: tuple[NativeTable, ...] = ()
    freeze: tuple[int, int] | None = None
    repeat_rows: tuple[int, int] | None = None
    repeat_columns: tuple[int, int] | None = None
    pictures: tuple[Picture, ...] = ()
    print_area: Area | None = None
    landscape: bool = True
    hidden: bool = False
    data_bars: tuple[DataBars, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    charts: tuple[Chart, ...] = ()
    slide: bool = False
    one_page: bool = False
    deck: DeckPage | None = None
    headline: Headline | None = None
    merged: tuple[Area, ...] = ()
    figure_rows: tuple[FigureRow, ...] = ()
    page_areas: tuple[Area, ...] = ()
    scale: int | None = None
    group: SheetGroup = ""


@dataclass(frozen=True)
class Properties:
    """The properties of the file."""

    title: str
    author: str
    created: datetime
    custom: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """A whole workbook; `names` are defined names, each with its sheet and area.

    `marking` is printed at the head and the foot of every page. `brief` is what the month comes to,
    for whoever tells of the workbook; it is on no sheet.
    """

    properties: Properties
    sheets: tuple[SheetPlan, ...]
    names: tuple[tuple[str, str, Area], ...] = field(default_factory=tuple)
    theme: PlanTheme = PlanTheme()
    marking: str = ""
    brief: MonthInBrief | None = None

    def values(self, place: SheetArea) -> tuple[float | str | None, ...]:
        """Return what the cells of an area show now, row by row; None of an empty cell.

        Raises StopIteration for a sheet that the plan does not have.
        """
        sheet = next(sheet for sheet in self.sheets if sheet.name == place.sheet)
        area = place.area
        shown = {(cell.row, cell.column): shown_value(cell.content) for cell in sheet.cells}
        return tuple(
            shown.get((row, column))
            for row in range(area.first_row, area.last_row + 1)
            for column in range(area.first_column, area.last_column + 1)
        )

    def cells(self) -> Iterator[tuple[SheetPlan, Cell]]:
        """Yield every cell with its sheet."""
        for sheet in self.sheets:
            for cell in sheet.cells:
                yield sheet, cell


def shown_value(content: Content) -> float | str | None:
    """Return what a cell shows: its text, its number or a formula's value; None if it is empty."""
    match content:
        case Text(text) | Link(text, _):
            return text
        case Number(value) | Formula(_, value):
            return value
        case _:
            return None


def column_letters(column: int) -> str:
    """Return a column's letters: 0 is "A", 26 is "AA"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return a cell's address: (2, 1) is "B3"."""
    return f"{column_letters(column)}{row + 1}"


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"

"""Tables of a measure by team, and the sheet that holds them below one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from workbook_builder.definitions.sheet_layouts import TeamSheet
from workbook_builder.indicators.rounding import decimals_shown, digits
from workbook_builder.indicators.rows import Shown
from workbook_builder.indicators.team_tables import TeamRow, TeamTable
from workbook_builder.sheets.data_table import (
    ELLIPSIS,
    LINE_HEIGHT,
    SECTION_HEIGHT,
    TITLE_HEIGHTS,
    lines_needed,
    row_height,
    titles,
    wrapped,
)
from workbook_builder.sheets.formulas import (
    DASH,
    HIDDEN,
    RAG_FORMAT,
    added_formula,
    entry_format,
    is_hidden,
    number_format,
    rag_formula,
    rest_formula,
    rounded,
    share_formula,
    unless_small,
)
from workbook_builder.sheets.paging import LANDSCAPE, PORTRAIT, stack_pages, width_in_points
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    DataBars,
    Empty,
    Formula,
    Highlight,
    IconSet,
    NativeTable,
    Number,
    RatingFills,
    SheetPlan,
    Sparkline,
    StyleName,
    Text,
    Width,
    address,
)
from workbook_builder.sheets.table_columns import month_width

_NAME_STYLES: dict[str, StyleName] = {
    "group": "group", "subtotal": "total_name", "headline": "total_name", "whole": "total_name",
    "other": "other_name", "overlap": "other_name", "target": "other_name",
}  # fmt: skip
_FIGURE_STYLES: dict[str, StyleName] = {
    "group": "group", "subtotal": "total", "headline": "total", "whole": "total",
    "other": "other", "overlap": "other", "target": "other",
}  # fmt: skip

#: The heading of the column of bars, and the format that shows no number beside a bar.
BAR_HEADING = "Chart"
_NO_NUMBER = ";;;"

#: A cell's content and number format.
_Formatted = tuple[Content, str]


@dataclass(frozen=True)
class TeamColumns:
    """Which columns a team table has, counted from its first; None where it has none.

    `bar` has a bar for the number before it. `months` is the first month's; the last column is then
    that of the sparklines.
    """

    denominator: int | None
    numerator: int
    value: int | None
    bar: int | None
    rag: int | None
    months: int | None
    headings: tuple[str, ...]

    @property
    def count(self) -> int:
        """The number of columns."""
        return len(self.headings)

    def is_month(self, column: int) -> bool:
        """Tell whether a column is a month's."""
        return self.months is not None and self.months <= column < self.count - 1


def team_columns(table: TeamTable) -> TeamColumns:
    """Return the columns that a table needs."""
    by, divided = table.breakdown.by, table.divided
    headings = ["Team/Locality" if by == "team" else by.capitalize()]
    if divided:
        headings += ["Denominator", "Numerator", "%" if table.unit == "percent" else "Average"]
    else:
        headings += ["Number"]
    months = max((row.months for row in table.rows), key=len, default=())
    with_months = table.breakdown.months and bool(months)
    # Beside months the sparklines show what bars would.
    bar = len(headings) if "bars" in table.breakdown.marks and not with_months else None
    headings += [BAR_HEADING] if bar is not None else []
    rag = len(headings) if table.judged else None
    headings += ["RAG"] if table.judged else []
    first_month = len(headings) if with_months else None
    if first_month is not None:
        headings += [shown.month.label for shown in months]
        headings += [f"Last {len(months)} months"]
    return TeamColumns(
        denominator=1 if divided else None,
        numerator=2 if divided else 1,
        value=3 if divided else None,
        bar=bar,
        rag=rag,
        months=first_month,
        headings=tuple(headings),
    )


@dataclass(frozen=True)
class TeamRows:
    """Rows by team or by worker laid out: their cells and what is drawn on them.

    `area` holds the headings too.
    """

    area: Area
    headings: tuple[str, ...]
    cells: tuple[Cell, ...]
    icon_sets: tuple[IconSet, ...] = ()
    data_bars: tuple[DataBars, ...] = ()
    sparklines: tuple[Sparkline, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    rating_fills: tuple[RatingFills, ...] = ()

    def column(self, number: int) -> Area:
        """Return the area of one column below its heading."""
        column = self.area.first_column + number
        return Area(self.area.first_row + 1, column, self.area.last_row, column)


def team_rows(
    table: TeamTable,
    row: int,
    column: int,
    *,
    size: int = 0,
    named: Callable[[str], str] = lambda name: name,
) -> TeamRows:
    """Lay out a table with its headings in a row.

    `size` is the font's in points, 0 for the usual; `named` says how a team's name is written.
    """
    return _TeamRowsWriter(table, row, column, size, named).written()


class _TeamRowsWriter:
    """Lays out one table; `rows` are its rows with the target's, each with its row of cells."""

    def __init__(
        self, table: TeamTable, row: int, column: int, size: int, named: Callable[[str], str]
    ) -> None:
        self.table = table
        self.columns = team_columns(table)
        self.row = row
        self.column = column
        self.size = size
        self.named = named
        self.shown_as = number_format(table.unit, table.decimals)
        target = (TeamRow("target", "Target"),) if table.judged else ()
        self.rows = list(enumerate((*table.rows, *target), row + 1))

    def written(self) -> TeamRows:
        last_column = self.column + self.columns.count - 1
        area = Area(self.row, self.column, self.row + len(self.rows), last_column)
        cells = [
            Cell(self.row, self.column + number, Text(text),
                 "heading_centred" if number else "heading", size=self.size)
            for number, text in enumerate(self.columns.headings)
        ]  # fmt: skip
        for place, row in self.rows:
            cells += self._cells(place, row)
        return TeamRows(
            area, self.columns.headings, tuple(cells), data_bars=tuple(self._data_bars()),
            sparklines=tuple(self._sparklines()), rating_fills=tuple(self._rating_fills()),
        )  # fmt: skip

    def _cells(self, place: int, row: TeamRow) -> Iterator[Cell]:
        name = self.named(row.name) if row.kind in ("team", "other") else row.name
        full_name = row.name if ELLIPSIS in name else ""
        style = _NAME_STYLES.get(row.kind, "name")
        yield Cell(place, self.column, Text(name), style, note=full_name, size=self.size)
        contents = self._contents(place, row)
        for column in range(1, self.columns.count):
            content, shown_as = contents.get(column, (Empty(), ""))
            mark = self._mark(row, column) if isinstance(content, Number) else ""
            style = "revised" if mark else self._style(row, column, content)
            shown = self._month(row, column)
            note = mark or (shown.reason if shown else "")
            yield Cell(place, self.column + column, content, style, shown_as, note, self.size)

    def _style(self, row: TeamRow, column: int, content: Content) -> StyleName:
        style = _FIGURE_STYLES.get(row.kind, "figure")
        if column == self.columns.rag and style != "group":
            if isinstance(content, Empty):
                return "unrated" if style != "total" else "total_rag"
            return "small" if row.small else "total_rag" if style == "total" else "rag"
        if column == self.columns.bar and style != "group":
            return "bar"
        is_blank = self.columns.is_month(column) and isinstance(content, Empty)
        return "blank" if is_blank and style == "figure" else style

    def _month(self, row: TeamRow, column: int) -> Shown | None:
        """Return what a row shows in a month's column."""
        if not self.columns.is_month(column):
            return None
        month = column - (self.columns.months or 0)
        return row.months[month] if month < len(row.months) else None

    def _mark(self, row: TeamRow, column: int) -> str:
        """Return what to say of a figure that is not what today's extracts give."""
        if column in (self.columns.denominator, self.columns.numerator):
            return row.mark
        shown = self._month(row, column)
        return shown.mark if shown else ""

    def _contents(self, place: int, row: TeamRow) -> dict[int, _Formatted]:
        """Return the contents of a row by column; what is missing there is empty."""
        columns = self.columns
        if row.kind == "group":
            return {}
        if row.kind == "target":
            return self._target()
        contents: dict[int, _Formatted] = {}
        if columns.denominator is not None:
            contents[columns.denominator] = self._amount(place, row, columns.denominator)
        contents[columns.numerator] = self._amount(place, row, columns.numerator)
        if columns.value is not None and row.kind != "overlap":
            contents[columns.value] = (self._value(place, row), self.shown_as)
        if columns.rag is not None and row.kind not in ("total", "overlap"):
            contents[columns.rag] = (self._rag(place, row), RAG_FORMAT)
        if columns.bar is not None and row.kind == "team":
            contents[columns.bar] = (self._bar(place, contents), _NO_NUMBER)
        if columns.months is not None:
            for column, shown in enumerate(row.months, columns.months):
                if is_hidden(shown):
                    contents[column] = (Text(HIDDEN), "")
                if shown.value is not None:
                    contents[column] = (Number(shown.value), self.shown_as)
        return contents

    def _target(self) -> dict[int, _Formatted]:
        indicator, column, target = self.table.indicator, self.columns.value, self.table.target
        assert indicator.target is not None  # else the table is not judged
        assert target is not None
        assert column is not None
        decimals = decimals_shown(target, indicator.unit, indicator.decimals)
        shown_as = entry_format(indicator.unit, decimals, indicator.target.sign)
        return {column: (Number(target), shown_as)}

    def _amount(self, place: int, row: TeamRow, column: int) -> _Formatted:
        """Return a numerator or denominator; sums and overlaps are formulas."""
        by_row = {
            where: other.denominator if column == self.columns.denominator else other.numerator
            for where, other in self.rows
        }
        whole = all(amount == int(amount) for amount in by_row.values() if amount is not None)
        shown_as = number_format("number", 0 if whole else self.table.decimals)
        amount = by_row[place]
        if amount is None:
            return Text(HIDDEN if row.hidden else DASH), shown_as
        if row.kind in ("subtotal", "total", "whole"):
            areas = self._summed(place, row, column)
            return (added_formula(areas, amount) if areas else Number(amount)), shown_as
        if row.kind == "overlap":
            parts = [self._address(where, column) for where in self._rows_of("total", "other")]
            (headline, *_) = self._rows_of("headline")
            return rest_formula(self._address(headline, column), parts, amount), shown_as
        return Number(amount), shown_as

    def _summed(self, place: int, row: TeamRow, column: int) -> list[str]:
        """Return the cells that a sum adds up, as few areas of neighbours.

        They are its group's teams, or all subtotals, or all teams.
        """
        rows = [where for where, _ in self.rows if where < place]
        if row.kind == "subtotal":
            start = max(where for where in self._rows_of("group") if where < place)
            rows = [where for where in rows if where > start]
        else:
            rows = [where for where in self._rows_of("subtotal") if where < place] or rows
        areas: list[str] = []
        for _, neighbours in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
            run = [where for _, where in neighbours]
            first, last = self._address(run[0], column), self._address(run[-1], column)
            areas.append(first if first == last else f"{first}:{last}")
        return areas

    def _value(self, place: int, row: TeamRow) -> Content:
        if row.denominator is None:  # a finished percentage, or what cannot be added up
            unknown = Text(HIDDEN if row.hidden else DASH)
            return unknown if row.value is None else Number(row.value)
        numerator = self._address(place, self.columns.numerator)
        denominator = self._address(place, self.columns.denominator or 0)
        return share_formula(numerator, denominator, row.value)

    def _rag(self, place: int, row: TeamRow) -> Content:
        indicator = self.table.indicator
        assert indicator.better is not None
        assert self.columns.value is not None
        target_row, _ = self.rows[-1]
        target = self._address(target_row, self.columns.value)
        places = digits(indicator.unit, self.table.decimals)
        value = rounded(self._address(place, self.columns.value), places)
        rating = rag_formula(value, target, indicator.better, indicator.tolerance, row.rag)
        limit, denominator = self.table.breakdown.small_under, self.columns.denominator
        if row.kind in ("team", "other") and self.table.unit == "percent" and limit and denominator:
            return unless_small(rating, self._address(place, denominator), limit, small=row.small)
        return rating

    def _bar(self, place: int, contents: dict[int, _Formatted]) -> Content:
        """Return the number that a bar shows, which follows the cell before it."""
        column = self.columns.value or self.columns.numerator
        content, _ = contents[column]
        if isinstance(content, Number | Formula):
            return Formula(f"={self._address(place, column)}", content.value)
        return Empty()

    def _address(self, row: int, column: int) -> str:
        return address(row, self.column + column)

    def _rows_of(self, *kinds: str) -> list[int]:
        return [place for place, row in self.rows if row.kind in kinds]

    def _rating_fills(self) -> Iterator[RatingFills]:
        if self.columns.rag is not None and "icons" in self.table.breakdown.marks:
            column = self.column + self.columns.rag
            last_row = self.row + len(self.table.rows)
            yield RatingFills(Area(self.row + 1, column, last_row, column))

    def _data_bars(self) -> Iterator[DataBars]:
        teams = self._rows_of("team")
        if self.columns.bar is not None and teams:
            column = self.column + self.columns.bar
            highest = 1 if self.table.unit == "percent" else None
            yield DataBars(Area(teams[0], column, teams[-1], column), highest)

    def _sparklines(self) -> Iterator[Sparkline]:
        if self.columns.months is None:
            return
        first, last = self.column + self.columns.months, self.column + self.columns.count - 1
        for place, row in self.rows:
            if any(shown.value is not None for shown in row.months):
                yield Sparkline(place, last, Area(place, first, place, last - 1))


#: The widths of names on a sheet without months and on one with them.
_NAME_WIDTH, _NAME_BESIDE_MONTHS = 52.0, 24.0
_NUMBER_WIDTH = 12.0
#: The widths of columns beside months: of numbers, shares, ratings and sparklines.
_COUNT_BESIDE, _SHARE_BESIDE, _RAG_BESIDE, _SPARKLINE_WIDTH = 11.5, 9.0, 10.0, 7.0
_FIRST_ROW = 3
_FEWEST_COLUMNS = 6
#: The rows of the titles, which each page has.
_REPEATED = len(TITLE_HEIGHTS)


def team_sheet(
    sheet: TeamSheet, tables: Sequence[TeamTable], table_name: Callable[[str], str], subtitle: str
) -> SheetPlan:
    """Lay out a sheet of team tables, each with what it adds up to in words below it.

    `table_name` returns a unique name for a native table.
    """
    width = max([_FEWEST_COLUMNS, *(team_columns(table).count for table in tables)])
    name_width = _NAME_WIDTH if width == _FEWEST_COLUMNS else _NAME_BESIDE_MONTHS
    row = _FIRST_ROW
    starts: list[int] = []
    cells: list[Cell] = []
    heights: list[tuple[int, float]] = []
    laid_out: list[TeamRows] = []
    native_tables: list[NativeTable] = []
    for table in tables:
        starts.append(row)
        cells.append(Cell(row, 0, Text(table.title), "section"))
        heights.append((row, SECTION_HEIGHT))
        row += 1
        if table.rows:
            rows = team_rows(table, row, 0)
            name = table_name(f"teams {table.breakdown.measure}")
            laid_out.append(rows)
            native_tables.append(NativeTable(name, rows.area, rows.headings))
            cells += rows.cells
            heights += [(cell.row, row_height(lines_needed(cell.content.text, name_width)))
                        for cell in rows.cells
                        if cell.column == 0 and isinstance(cell.content, Text)]  # fmt: skip
            row = rows.area.last_row + 1
        for sentence in table.sentences:
            for line in wrapped(sentence, name_width + 4 * _NUMBER_WIDTH):
                cells.append(Cell(row, 0, Text(line), "subtitle"))
                row += 1
        row += 1
    widths = tuple(_widths(tables, width, name_width))
    by_row = dict((*TITLE_HEIGHTS, *heights))
    pages = stack_pages(
        [width_in_points(each.width) for each in widths],
        [by_row.get(place, LINE_HEIGHT) for place in range(row)],
        starts, _REPEATED, LANDSCAPE if width > _FEWEST_COLUMNS else PORTRAIT,
    )  # fmt: skip
    return SheetPlan(
        name=sheet.name,
        cells=(*titles(sheet.title, subtitle), *cells),
        widths=widths,
        heights=(*TITLE_HEIGHTS, *heights),
        sparklines=tuple(line for rows in laid_out for line in rows.sparklines),
        rating_fills=tuple(fills for rows in laid_out for fills in rows.rating_fills),
        tables=tuple(native_tables),
        repeat_rows=(0, _REPEATED - 1),
        print_area=Area(0, 0, row - 1, width - 1),
        page_areas=pages.areas if len(pages.areas) > 1 else (),
        scale=pages.scale,
        landscape=width > _FEWEST_COLUMNS,
        data_bars=tuple(bars for rows in laid_out for bars in rows.data_bars),
    )


def _widths(tables: Sequence[TeamTable], count: int, name_width: float) -> Iterator[Width]:
    """Months may begin in another column in each table; the widest use of a column counts."""
    sizes = dict.fromkeys(range(1, count), 0.0)
    for table in tables:
        columns = team_columns(table)
        for column in range(1, columns.count):
            sizes[column] = max(sizes[column], _width(table, columns, column))
    yield Width(0, 0, name_width)
    yield from (Width(column, column, size or _NUMBER_WIDTH) for column, size in sizes.items())


def _width(table: TeamTable, columns: TeamColumns, column: int) -> float:
    """Return the width in characters that a table needs of a column."""
    if columns.months is None:
        return _NUMBER_WIDTH
    if columns.is_month(column):
        months = (shown for row in table.rows for shown in row.months)
        return month_width(months, table.unit, table.decimals)
    if column == columns.count - 1:
        return _SPARKLINE_WIDTH
    return {columns.value: _SHARE_BESIDE, columns.rag: _RAG_BESIDE}.get(column, _COUNT_BESIDE)

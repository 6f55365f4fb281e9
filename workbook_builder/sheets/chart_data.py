"""Where charts find their cells: board tables, or the Chart data sheet for what those lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.sheet_layouts import Sparklines
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month
from workbook_builder.sheets.data_table import TITLE_HEIGHTS, titles
from workbook_builder.sheets.formulas import is_hidden, number_format, trend_formula
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Empty,
    Formula,
    NativeTable,
    Number,
    Place,
    Sheet,
    Sparkline,
    Text,
    Width,
    address,
    quoted,
)
from workbook_builder.sheets.text_height import lines_needed, row_height

NAME = "Chart data"
TABLE = "t_chart_data"

_HEADINGS = ("Indicator", "Line", "Value")
_WIDTHS = (60.0, 30.0, 11.0)
_MONTH_WIDTH = 9.0
_HEADING_ROW = 2
_EXPLAINED = (
    "What charts draw that stands in no other table: targets and benchmarks month by month, "
    "measures without a table, changes, rows with hidden figures. Values follow the tables they "
    "come from."
)


@dataclass(frozen=True)
class CellSource:
    """Where a measure stands in a board table: its months, their headings, what it is held against.

    `held` are single cells by "target" or the heading of a benchmark column.
    """

    months: Place
    headings: Place
    held: Mapping[str, str]


def board_sources(
    boards: Sequence[Sheet], judged: Sequence[Sequence[Indicator]], months: Sequence[Month]
) -> dict[str, CellSource]:
    """Return where each measure first stands in a board table with months, by measure."""
    found: dict[str, CellSource] = {}
    for board, indicators in zip(boards, judged, strict=True):
        for measure, source in _sources(board, indicators, months).items():
            found.setdefault(measure, source)
    return found


def _sources(
    board: Sheet, indicators: Sequence[Indicator], months: Sequence[Month]
) -> dict[str, CellSource]:
    table = board.tables[0]
    labels = tuple(month.label for month in months)
    headings = table.headings
    starts = [at for at in range(len(headings)) if headings[at : at + len(labels)] == labels]
    if not starts:
        return {}
    first, top = table.area.first_column + starts[0], table.area.first_row
    last = first + len(labels) - 1
    numbers = {
        (cell.row, cell.column): address(cell.row, cell.column)
        for cell in board.cells
        if isinstance(cell.content, Number)
    }
    return {
        indicator.measure: CellSource(
            Place(board.name, Area(row, first, row, last)),
            Place(board.name, Area(top, first, top, last)),
            {
                heading.casefold(): f"{quoted(board.name)}!{numbers[row, at]}"
                for at, heading in enumerate(headings, table.area.first_column)
                if (row, at) in numbers and not first <= at <= last
            },
        )
        for row, indicator in reversed(list(enumerate(indicators, top + 1)))
    }


class ChartData:
    """The Chart data sheet as it grows: a row for each line that stands nowhere else."""

    def __init__(self, months: Sequence[Month], sources: Mapping[str, CellSource]) -> None:
        self.months = tuple(months)
        self.sources = sources
        self._rows: list[list[Cell]] = []
        self._places: dict[tuple[str, str], int] = {}

    def months_of(self, indicator: Indicator) -> tuple[Place, Place]:
        """Return the cells of an indicator's months, and those of the months' names."""
        source = self.sources.get(indicator.measure)
        if source and any(map(is_hidden, indicator.months)):
            shown = [one.value for one in indicator.months]
            return self.with_gaps(indicator.title, _shape(indicator), source.months, shown), (
                self.headings
            )
        if source:
            return source.months, source.headings
        values: list[Content] = [
            Empty() if shown.value is None else Number(shown.value) for shown in indicator.months
        ]
        texts, shape = (indicator.title, "Figure"), _shape(indicator)
        return self._line((indicator.measure, "Figure"), texts, shape, Empty(), values), (
            self.headings
        )

    def line(self, indicator: Indicator, key: str, name: str, value: float) -> tuple[Place, Place]:
        """Return the cells of a line that is level, and the cell of its name.

        Its value follows the board table in which it stands, under `key`, if there is one.
        """
        source = self.sources.get(indicator.measure)
        cell = source.held.get(key.casefold()) if source else None
        content: Content = Formula(f"={cell}", value) if cell else Number(value)
        line = (indicator.measure, name)
        row = self._next(line)
        level: list[Content] = [Formula(f"=${address(row, 2)}", value)] * self._count
        values = self._line(line, (indicator.title, name), _shape(indicator), content, level)
        return values, Place(NAME, Area(row, 1, row, 1))

    def changes(
        self, title: str, shape: str, months: Place, values: Sequence[float | None]
    ) -> Place:
        """Return the cells of changes on the month before, from months that stand in a row.

        The first month has none. Of more months than the sheet has, the last ones are taken.
        """
        cells = _cells(months)
        found: list[Content] = [Empty()]
        for at in range(1, len(values)):
            before, now = values[at - 1], values[at]
            change = None if before is None or now is None else now - before
            found.append(trend_formula(cells[at], cells[at - 1], _exact(change)))
        if len(found) >= self._count:
            found[-self._count] = Empty()
        return self._last_months((months.text, "changes"), (title, "Change on last month"), shape,
                                 found)  # fmt: skip

    def with_gaps(
        self, title: str, shape: str, months: Place, values: Sequence[float | None]
    ) -> Place:
        """Return the cells of months that stand in a row, empty where that has no number.

        Excel draws a text, as of a hidden figure, as nought; an empty cell is a gap.
        """
        cells = _cells(months)
        found: list[Content] = [
            Empty() if value is None else Formula(f"={cell}", value)
            for cell, value in zip(cells, values, strict=True)
        ]
        return self._last_months((months.text, "gaps"), (title, "Figure"), shape, found)

    def _last_months(
        self, line: tuple[str, str], texts: tuple[str, str], shape: str, found: Sequence[Content]
    ) -> Place:
        """Return the cells of a line; of more months than the sheet has, the last are taken."""
        count = min(len(found), self._count)
        unknown: list[Content] = [Empty()] * (self._count - count)
        whole = self._line(line, texts, shape, Empty(), [*unknown, *found[-count:]])
        return Place(NAME, replace(whole.area, first_column=whole.area.last_column - count + 1))

    @property
    def headings(self) -> Place:
        """The cells of the months' names."""
        return Place(NAME, Area(_HEADING_ROW, 3, _HEADING_ROW, 2 + self._count))

    @property
    def _count(self) -> int:
        return len(self.months)

    def _next(self, line: tuple[str, str]) -> int:
        return self._places.get(line, _HEADING_ROW + 1 + len(self._rows))

    def _line(
        self,
        line: tuple[str, str],
        texts: tuple[str, str],
        shape: str,
        value: Content,
        months: Sequence[Content],
    ) -> Place:
        row = self._next(line)
        if line not in self._places:
            self._places[line] = row
            cells = [Cell(row, at, Text(text), "text") for at, text in enumerate(texts)]
            cells += [Cell(row, 2 + at, content, "figure", shape)
                      for at, content in enumerate([value, *months])]  # fmt: skip
            self._rows.append(cells)
        return Place(NAME, Area(row, 3, row, 2 + self._count))

    def sheet(self) -> Sheet | None:
        """Return the sheet, or None where nothing stands on it."""
        if not self._rows:
            return None
        texts = (*_HEADINGS, *(month.label for month in self.months))
        area = Area(_HEADING_ROW, 0, _HEADING_ROW + len(self._rows), len(texts) - 1)
        headings = [Cell(_HEADING_ROW, at, Text(text), "heading" if at < 2 else "heading_centred")
                    for at, text in enumerate(texts)]  # fmt: skip
        return Sheet(
            name=NAME,
            cells=(*titles(NAME, _EXPLAINED), *headings, *(x for row in self._rows for x in row)),
            widths=(
                *(Width(at, at, width) for at, width in enumerate(_WIDTHS)),
                Width(3, 2 + self._count, _MONTH_WIDTH),
            ),
            heights=(*TITLE_HEIGHTS, *((row[0].row, _height(row)) for row in self._rows)),
            tables=(NativeTable(TABLE, area, texts),),
            freeze=(_HEADING_ROW + 1, 0),
            repeat_rows=(0, _HEADING_ROW),
            print_area=Area(0, 0, area.last_row, area.last_column),
        )


def _cells(months: Place) -> list[str]:
    """Return the address of each cell of a row, with its sheet."""
    area = months.area
    columns = range(area.first_column, area.last_column + 1)
    return [f"{quoted(months.sheet)}!{address(area.first_row, at)}" for at in columns]


def _shape(indicator: Indicator) -> str:
    return number_format(indicator.unit, indicator.decimals)


def _exact(change: float | None) -> float | None:
    return None if change is None else round(change, 9) + 0.0


def _height(row: Sequence[Cell]) -> float:
    texts = [cell.content.text for cell in row[:2] if isinstance(cell.content, Text)]
    return row_height(max(map(lines_needed, texts, _WIDTHS)))


def as_asked(look: Sparklines, sheet: Sheet, data: ChartData) -> Sheet:
    """Return a sheet with its sparklines of a kind and with points; the usual ones are as usual.

    Win and loss need signs, which counts and percentages do not have: they are drawn from the
    change on the month before, which stands on the Chart data sheet. So does a row with a hidden
    figure, whose mark would be drawn as a number.
    """
    if not sheet.sparklines:
        return sheet
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    drawn = tuple(_drawn(look, one, sheet.name, cells, data) for one in sheet.sparklines)
    return replace(sheet, sparklines=drawn)


def _drawn(
    look: Sparklines,
    one: Sparkline,
    sheet: str,
    cells: dict[tuple[int, int], Cell],
    data: ChartData,
) -> Sparkline:
    shaped = replace(one, kind=look.kind, points=look.points)
    area = one.values
    months = [cells[one.row, at] for at in range(area.first_column, area.last_column + 1)]
    if look.kind == "win_loss":
        elsewhere = data.changes
    elif any(isinstance(cell.content, Text) for cell in months):
        elsewhere = data.with_gaps
    else:
        return shaped
    values = [cell.content.value if isinstance(cell.content, Number) else None for cell in months]
    shape = max((cell.number_format for cell in months), key=len)
    place = elsewhere(_name(one.row, area.first_column, cells), shape, Place(sheet, area), values)
    return replace(shaped, sheet=place.sheet, values=place.area)


def _name(row: int, before: int, cells: dict[tuple[int, int], Cell]) -> str:
    """Return what a row is called: the longest of the texts before its months."""
    contents = [cells[row, at].content for at in range(before) if (row, at) in cells]
    return max((one.text for one in contents if isinstance(one, Text)), key=len, default="")

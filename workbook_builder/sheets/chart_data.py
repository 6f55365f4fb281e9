"""The Chart data sheet: what charts and sparklines draw that is in no other table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.sheet_layouts import TARGET_LINE, Sparklines
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month
from workbook_builder.sheets.data_table import (
    HEADING_ROW,
    TITLE_HEIGHTS,
    lines_needed,
    row_height,
    titles,
)
from workbook_builder.sheets.formulas import is_hidden, number_format, trend_formula
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Empty,
    Formula,
    NativeTable,
    Number,
    SheetArea,
    SheetPlan,
    Sparkline,
    Text,
    Width,
    address,
    quoted,
)

CHART_DATA_SHEET = "Chart data"
CHART_DATA_TABLE = "t_chart_data"

_HEADINGS = ("Indicator", "Line", "Value")
_VALUE, _FIRST_MONTH = 2, 3
_WIDTHS = (60.0, 30.0, 11.0)
_MONTH_WIDTH = 9.0
_EXPLAINED = (
    "What the charts need that no other table has: targets and benchmarks month by month, "
    "measures without a table, changes, rows with hidden figures. Values follow the tables they "
    "come from."
)


@dataclass(frozen=True)
class BoardCells:
    """The cells of a measure in a board table: its months, their headings, targets and benchmarks.

    `comparisons` are addresses with their sheet, by the heading of their column in small letters.
    """

    months: SheetArea
    headings: SheetArea
    comparisons: Mapping[str, str]


def board_cells(
    boards: Sequence[SheetPlan], judged: Sequence[Sequence[Indicator]], months: Sequence[Month]
) -> dict[str, BoardCells]:
    """Return by measure the first cells it has in a board table with all these months."""
    cells: dict[str, BoardCells] = {}
    labels = tuple(month.label for month in months)
    for board, indicators in zip(boards, judged, strict=True):
        for measure, of_measure in _cells_of_board(board, indicators, labels).items():
            cells.setdefault(measure, of_measure)
    return cells


def _cells_of_board(
    board: SheetPlan, indicators: Sequence[Indicator], labels: tuple[str, ...]
) -> dict[str, BoardCells]:
    table = board.tables[0]
    headings = table.headings
    starts = [first for first in range(len(headings))
              if headings[first : first + len(labels)] == labels]  # fmt: skip
    if not starts:
        return {}
    first, heading_row = table.area.first_column + starts[0], table.area.first_row
    last = first + len(labels) - 1
    numbers = {(cell.row, cell.column) for cell in board.cells if isinstance(cell.content, Number)}
    cells: dict[str, BoardCells] = {}
    for row, indicator in enumerate(indicators, heading_row + 1):
        comparisons = {
            heading.casefold(): f"{quoted(board.name)}!{address(row, column)}"
            for column, heading in enumerate(headings, table.area.first_column)
            if (row, column) in numbers and not first <= column <= last
        }
        months = SheetArea(board.name, Area(row, first, row, last))
        labelled = SheetArea(board.name, Area(heading_row, first, heading_row, last))
        cells.setdefault(indicator.measure, BoardCells(months, labelled, comparisons))
    return cells


class ChartData:
    """The Chart data sheet as it grows: a row for each line that no other table has."""

    def __init__(self, months: Sequence[Month], sources: Mapping[str, BoardCells]) -> None:
        self.months = tuple(months)
        self.sources = sources
        last_column = _FIRST_MONTH + len(self.months) - 1
        self.headings = self._area(HEADING_ROW, _FIRST_MONTH, last_column)
        self._rows: dict[tuple[str, str], list[Cell]] = {}

    def months_of(self, indicator: Indicator) -> tuple[SheetArea, SheetArea]:
        """Return the cells of an indicator's months, and those of the months' names."""
        source = self.sources.get(indicator.measure)
        shown_as = number_format(indicator.unit, indicator.decimals)
        values = [shown.value for shown in indicator.months]
        if source and any(map(is_hidden, indicator.months)):
            cells = self.with_gaps(indicator.title, shown_as, source.months, values)
            return cells, self.headings
        if source:
            return source.months, source.headings
        contents = [Empty() if value is None else Number(value) for value in values]
        texts = (Text(indicator.title), Text("Figure"))
        cells = self._line((indicator.measure, "Figure"), texts, shown_as, Empty(), contents)
        return cells, self.headings

    def reference_line(
        self, indicator: Indicator, heading: str, name: str, value: float
    ) -> tuple[SheetArea, SheetArea]:
        """Return the cells of a level line, a target or benchmark, and the cell of its name.

        Its value follows the board table that has it in a column of this heading, if there is one.
        """
        source = self.sources.get(indicator.measure)
        cell = source.comparisons.get(heading.casefold()) if source else None
        content: Content = Formula(f"={cell}", value) if cell else Number(value)
        key = (indicator.measure, name)
        row = self._rows[key][0].row if key in self._rows else self._next_row
        level = [Formula(f"=${address(row, _VALUE)}", value)] * len(self.months)
        shown_as = number_format(indicator.unit, indicator.decimals)
        texts = (Text(indicator.title), Text(name))
        values = self._line(key, texts, shown_as, content, level)
        return values, self._area(row, 1, 1)

    def level_cell(self, line: SheetArea) -> str:
        """Return the address of the value of a level line."""
        return f"{quoted(line.sheet)}!{address(line.area.first_row, _VALUE)}"

    def month_cell(self, indicator: Indicator, position: int) -> str:
        """Return the address of a month's value, by its position among the indicator's months."""
        values, _ = self.months_of(indicator)
        last = len(indicator.months) - 1
        column = values.area.last_column - (last - position)
        return f"{quoted(values.sheet)}!{address(values.area.first_row, column)}"

    def target_cell(self, indicator: Indicator) -> str:
        """Return the address of an indicator's target: in a board table, or else on this sheet.

        Its target must be a number.
        """
        source = self.sources.get(indicator.measure)
        if source and TARGET_LINE in source.comparisons:
            return source.comparisons[TARGET_LINE]
        assert indicator.target is not None  # else there is nothing to point at
        assert indicator.target.number is not None
        values, _ = self.reference_line(
            indicator, TARGET_LINE, "Target", indicator.target.number
        )  # fmt: skip
        return self.level_cell(values)

    def end_name(
        self, title: str, words: tuple[str, str], cell: str, value: float, shown_as: str,
        offset: float,
    ) -> tuple[SheetArea, SheetArea]:  # fmt: skip
        """Return the cell of what is written at the end of a line, and cells that say how high.

        It is the words with the number of a cell after them, at the height of that number and an
        `offset`; both follow the cell. The second of the words is the number as text.
        """
        before, number = words
        shown = f'TEXT({cell},"{shown_as}")'
        quoted_words = before.replace('"', '""')
        formula = f'="{quoted_words}"&{shown}' if before else f"={shown}"
        height = Formula(f"={cell}{offset:+.9g}" if offset else f"={cell}",
                         value + float(f"{offset:.9g}"))  # fmt: skip
        months: list[Content] = [*[Empty()] * (len(self.months) - 1), height]
        key = (f"end {len(self._rows)}", title)
        row = self._next_row
        texts = (Text(title), Formula(formula, f"{before}{number}"))
        values = self._line(key, texts, shown_as, Empty(), months)
        return self._area(row, 1, 1), values

    def changes(
        self, title: str, shown_as: str, months: SheetArea, values: Sequence[float | None]
    ) -> SheetArea:
        """Return the cells of changes on the month before, from a row of months elsewhere.

        The first month has none. Of more months than the sheet has, the last ones are taken.
        """
        addresses = _addresses(months)
        changes: list[Content] = [Empty()]
        for month in range(1, len(values)):
            before, now = values[month - 1], values[month]
            change = None if before is None or now is None else round(now - before, 9) + 0.0
            changes.append(trend_formula(addresses[month], addresses[month - 1], change))
        if len(changes) >= len(self.months):
            changes[-len(self.months)] = Empty()
        key, texts = (months.text, "changes"), (title, "Change on last month")
        return self._last_months(key, texts, shown_as, changes)

    def with_gaps(
        self, title: str, shown_as: str, months: SheetArea, values: Sequence[float | None]
    ) -> SheetArea:
        """Return the cells of a row of months elsewhere, empty where that has no number.

        Excel draws a text, as of a hidden figure, as nought; an empty cell is a gap.
        """
        contents = [
            Empty() if value is None else Formula(f"={cell}", value)
            for cell, value in zip(_addresses(months), values, strict=True)
        ]
        return self._last_months((months.text, "gaps"), (title, "Figure"), shown_as, contents)

    def _last_months(
        self,
        key: tuple[str, str],
        texts: tuple[str, str],
        shown_as: str,
        contents: Sequence[Content],
    ) -> SheetArea:
        """Return the cells of a line; of more months than the sheet has, the last are taken."""
        count = min(len(contents), len(self.months))
        unknown = [Empty()] * (len(self.months) - count)
        line = self._line(
            key, (Text(texts[0]), Text(texts[1])), shown_as, Empty(), [*unknown, *contents[-count:]]
        ).area
        return self._area(line.first_row, line.last_column - count + 1, line.last_column)

    def _line(
        self,
        key: tuple[str, str],
        texts: tuple[Content, Content],
        shown_as: str,
        value: Content,
        months: Sequence[Content],
    ) -> SheetArea:
        """Return the cells of the months of a line, added to the sheet unless its key is known."""
        if key not in self._rows:
            row = self._next_row
            cells = [Cell(row, column, text, "text") for column, text in enumerate(texts)]
            cells += [Cell(row, column, content, "figure", shown_as)
                      for column, content in enumerate([value, *months], _VALUE)]  # fmt: skip
            self._rows[key] = cells
        area = self.headings.area
        return self._area(self._rows[key][0].row, area.first_column, area.last_column)

    @property
    def _next_row(self) -> int:
        return HEADING_ROW + 1 + len(self._rows)

    @staticmethod
    def _area(row: int, first_column: int, last_column: int) -> SheetArea:
        return SheetArea(CHART_DATA_SHEET, Area(row, first_column, row, last_column))

    def sheet(self) -> SheetPlan | None:
        """Return the sheet, or None if nothing is on it."""
        if not self._rows:
            return None
        texts = (*_HEADINGS, *(month.label for month in self.months))
        area = Area(HEADING_ROW, 0, HEADING_ROW + len(self._rows), len(texts) - 1)
        headings = [
            Cell(
                HEADING_ROW, column, Text(text), "heading" if column < _VALUE else "heading_centred"
            )
            for column, text in enumerate(texts)
        ]
        rows = self._rows.values()
        return SheetPlan(
            name=CHART_DATA_SHEET,
            cells=(
                *titles(CHART_DATA_SHEET, _EXPLAINED),
                *headings,
                *(cell for row in rows for cell in row),
            ),
            widths=(
                *(Width(column, column, width) for column, width in enumerate(_WIDTHS)),
                Width(_FIRST_MONTH, len(texts) - 1, _MONTH_WIDTH),
            ),
            heights=(*TITLE_HEIGHTS, *((row[0].row, _height(row)) for row in rows)),
            tables=(NativeTable(CHART_DATA_TABLE, area, texts),),
            hidden=True,
            freeze=(HEADING_ROW + 1, 0),
            repeat_rows=(0, HEADING_ROW),
            print_area=Area(0, 0, area.last_row, area.last_column),
        )


def _addresses(months: SheetArea) -> list[str]:
    """Return the address of each cell of a row, with its sheet."""
    area = months.area
    columns = range(area.first_column, area.last_column + 1)
    return [f"{quoted(months.sheet)}!{address(area.first_row, column)}" for column in columns]


def _height(row: Sequence[Cell]) -> float:
    texts = [cell.content.text for cell in row[:_VALUE] if isinstance(cell.content, Text)]
    return row_height(max(map(lines_needed, texts, _WIDTHS)))


def with_sparkline_options(options: Sparklines, sheet: SheetPlan, data: ChartData) -> SheetPlan:
    """Return a sheet with its sparklines of the kind and with the points that the layout asks for.

    Win and loss need signs, which counts and percentages do not have: they are drawn from the
    change on the month before, which is added to the Chart data sheet. So is a row with a hidden
    figure, whose mark would be drawn as a number.
    """
    if not sheet.sparklines:
        return sheet
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}

    def drawn(sparkline: Sparkline) -> Sparkline:
        sparkline = replace(sparkline, kind=options.kind, points=options.points)
        row, area = sparkline.row, sparkline.values
        months = [cells[row, column]
                  for column in range(area.first_column, area.last_column + 1)]  # fmt: skip
        hidden = any(isinstance(cell.content, Text) for cell in months)
        if options.kind != "win_loss" and not hidden:
            return sparkline
        lay_out = data.changes if options.kind == "win_loss" else data.with_gaps
        before = (cells[row, column].content for column in range(area.first_column)
                  if (row, column) in cells)  # fmt: skip
        texts = (content.text for content in before if isinstance(content, Text))
        title = max(texts, key=len, default="")  # the longest text before the months
        values = [cell.content.value if isinstance(cell.content, Number) else None
                  for cell in months]  # fmt: skip
        shown_as = max((cell.number_format for cell in months), key=len)
        elsewhere = lay_out(title, shown_as, SheetArea(sheet.name, area), values)
        return replace(sparkline, sheet=elsewhere.sheet, values=elsewhere.area)

    return replace(sheet, sparklines=tuple(map(drawn, sheet.sparklines)))

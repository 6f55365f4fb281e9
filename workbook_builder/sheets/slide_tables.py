"""The tables of slides: measures by team, caseloads, and small tables of measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.sheet_layouts import GridArea
from workbook_builder.indicators.rating import direction
from workbook_builder.indicators.rows import Indicator, Shown
from workbook_builder.indicators.team_tables import TeamTable, team_rag, with_fewer_rows
from workbook_builder.sheets.caseload_sheet import CaseloadSummary, summary_rows, worker_rows
from workbook_builder.sheets.chart_data import BoardCells
from workbook_builder.sheets.formulas import (
    DASH,
    DIRECTION_FORMAT,
    HIDDEN,
    RAG_FORMAT,
    direction_formula,
    is_hidden,
    number_format,
    rag_formula,
)
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Content,
    Formula,
    IconSet,
    Number,
    RatingFills,
    SheetArea,
    StyleName,
    Text,
    address,
)
from workbook_builder.sheets.slide_fit import TableNeed
from workbook_builder.sheets.table_columns import NOT_RATED, entry_cell
from workbook_builder.sheets.team_sheet import TeamRows, team_columns, team_rows

#: Widths of columns in pixels, by their headings.
_WIDTHS = {
    "Denominator": 86,
    "Numerator": 78,
    "%": 60,
    "RAG": 78,
    "Average": 68,
    "Number": 78,
    "Chart": 72,
}
_OTHER_WIDTH = 70
_CASELOAD_LIST_WIDTHS = (118, 142)
_CASELOAD_SUMMARY_WIDTHS = (66, 58, 66, 76, 64)
_MEASURES_WIDTHS = (64, 64, 64, 78, 82)


@dataclass(frozen=True)
class TableSpot:
    """Where a table begins, its font size in points, its rows, and how a name is made to fit."""

    row: int
    column: int
    size: int
    room: int
    fit: Callable[[str], str]


@dataclass(frozen=True)
class SlideTable:
    """A table of a slide: what it needs, and how it is laid out in a spot."""

    need: TableNeed
    lay_out: Callable[[TableSpot], TeamRows]


def team_panel(table: TeamTable, area: GridArea, title: str, teams: Teams) -> SlideTable:
    """Return a measure by team; teams that there is no room for stand together in one row."""
    widths = tuple(_WIDTHS.get(text, _OTHER_WIDTH) for text in team_columns(table).headings[1:])
    rows = 1 + len(table.rows) + table.judged

    def lay_out(spot: TableSpot) -> TeamRows:
        missing = rows - spot.room
        shown = with_fewer_rows(table, missing) if missing > 0 else table
        return team_rows(
            shown, spot.row, spot.column, size=spot.size,
            named=lambda name: spot.fit(teams.get(name).short_name),
        )  # fmt: skip

    names = tuple(teams.get(row.name).short_name for row in table.rows)
    teams_shown = sum(row.kind == "team" for row in table.rows)
    need = TableNeed(area, widths, rows, names, title, 1 + rows - max(teams_shown - 1, 0))
    return SlideTable(need, lay_out)


def caseload_list_panel(
    summary: CaseloadSummary, area: GridArea, title: str, teams: Teams
) -> SlideTable:
    """Return the caseloads at or over the threshold; the lowest are left out if room is short."""
    workers = summary.at_or_over

    def lay_out(spot: TableSpot) -> TeamRows:
        shown = workers[: _rows_that_fit(len(workers), spot.room)]
        rows = worker_rows(shown, spot.row, spot.column, summary.threshold, teams, size=spot.size)
        left = len(workers) - len(shown)
        return _with_note(rows, left, f"and {left} more of {summary.threshold} or over", spot)

    names = tuple(str(number) for number in range(len(workers)))
    need = TableNeed(area, _CASELOAD_LIST_WIDTHS, 1 + len(workers), names, title, 4)
    return SlideTable(need, lay_out)


def caseload_summary_panel(
    summary: CaseloadSummary, area: GridArea, title: str, teams: Teams
) -> SlideTable:
    """Return the caseloads by team; the smallest teams are left out if room is short."""
    names = tuple(teams.get(load.team).short_name for load in summary.teams)

    def lay_out(spot: TableSpot) -> TeamRows:
        shown, room = summary, spot.room - 2
        if len(summary.teams) > room:
            largest = sorted(summary.teams, key=lambda load: -load.cases)[: max(room - 1, 0)]
            kept = tuple(load for load in summary.teams if load in largest)
            shown = replace(summary, teams=kept)
        rows = summary_rows(
            shown, spot.row, spot.column, teams, statuses=False, size=spot.size, fit=spot.fit
        )
        left = len(summary.teams) - len(shown.teams)
        return _with_note(rows, left, f"All teams: with {left} more", spot)

    need = TableNeed(area, _CASELOAD_SUMMARY_WIDTHS, 2 + len(summary.teams), names, title, 4)
    return SlideTable(need, lay_out)


def measures_panel(
    indicators: Sequence[Indicator], area: GridArea, title: str, sources: Mapping[str, BoardCells]
) -> SlideTable:
    """Return a small table: the last two months of each measure, target, RAG and direction."""

    def lay_out(spot: TableSpot) -> TeamRows:
        shown = indicators[: _rows_that_fit(len(indicators), spot.room)]
        rows = _MeasuresWriter(shown, indicators[0].months, sources, spot).written()
        left = len(indicators) - len(shown)
        return _with_note(rows, left, f"and {left} more, for which there is no room", spot)

    names = tuple(indicator.title for indicator in indicators)
    need = TableNeed(area, _MEASURES_WIDTHS, 1 + len(indicators), names, title, 4)
    return SlideTable(need, lay_out)


def _rows_that_fit(rows: int, room: int) -> int:
    """Return how many rows fit below their headings, with a note below them if not all do."""
    return rows if rows < room else max(room - 2, 0)


def _with_note(rows: TeamRows, left: int, text: str, spot: TableSpot) -> TeamRows:
    """Add a note on what is left out, if anything is."""
    if not left:
        return rows
    note = Cell(rows.area.last_row + 1, rows.area.first_column, Text(text), "subtitle",
                size=spot.size)  # fmt: skip
    return replace(rows, cells=(*rows.cells, note))


#: The columns of a small table, counted from its first.
_NAME, _PREVIOUS, _CURRENT, _TARGET, _RAG, _DIRECTION = range(6)


@dataclass(frozen=True)
class _MeasuresWriter:
    """Lays out a small table of measures.

    A month is judged as it stands here. The board table may judge an earlier one: a quarter's,
    where a month has none.
    """

    indicators: Sequence[Indicator]
    months: Sequence[Shown]
    sources: Mapping[str, BoardCells]
    spot: TableSpot

    def written(self) -> TeamRows:
        row, column = self.spot.row, self.spot.column
        labels = [shown.month.label for shown in self.months[-2:]]
        months = ("Before", *labels) if len(labels) < 2 else labels
        headings = ("Indicator", *months, "Target", "RAG", "Direction")
        cells = [self._cell(row, number, Text(text), "heading_centred" if number else "heading")
                 for number, text in enumerate(headings)]  # fmt: skip
        for place, indicator in enumerate(self.indicators, row + 1):
            cells += self._row(place, indicator)
        last_row = row + len(self.indicators)

        def column_area(number: int) -> Area:
            return Area(row + 1, column + number, last_row, column + number)

        icons = (IconSet(column_area(_DIRECTION), "direction"),)
        area = Area(row, column, last_row, column + len(headings) - 1)
        if not self.indicators:
            return TeamRows(area, headings, tuple(cells))
        fills = (RatingFills(column_area(_RAG)),)
        return TeamRows(area, headings, tuple(cells), icons, rating_fills=fills)

    def _row(self, row: int, indicator: Indicator) -> list[Cell]:
        name = self.spot.fit(indicator.title)
        note = indicator.title if name != indicator.title else ""
        target = entry_cell(indicator.target, "target", indicator, in_full=True)
        return [
            self._cell(row, _NAME, Text(name), "name", note=note),
            self._month(row, _PREVIOUS, indicator, -2, "figure"),
            self._month(row, _CURRENT, indicator, -1, "total"),
            self._cell(row, _TARGET, *target),
            self._rag(row, indicator),
            self._direction(row, indicator),
        ]

    def _cell(
        self, row: int, number: int, content: Content, style: StyleName, shown_as: str = "",
        note: str = "",
    ) -> Cell:  # fmt: skip
        column = self.spot.column + number
        return Cell(row, column, content, style, shown_as, note, self.spot.size)

    def _month(
        self, row: int, number: int, indicator: Indicator, position: int, style: StyleName
    ) -> Cell:
        """Return the cell of a month, counted back from the last; it follows the board table."""
        shown_as = number_format(indicator.unit, indicator.decimals)
        shown = _shown(indicator, position)
        if shown is None or shown.value is None:
            content: Content = Text(HIDDEN if shown and is_hidden(shown) else DASH)
        elif source := self.sources.get(indicator.measure):
            months = source.months.area
            column = months.last_column + 1 + position
            cell = Area(months.first_row, column, months.first_row, column)
            content = Formula(f"={SheetArea(source.months.sheet, cell).text}", shown.value)
        else:
            content = Number(shown.value)
        mark = shown.mark if shown else ""
        return self._cell(row, number, content, "revised" if mark else style, shown_as, mark)

    def _rag(self, row: int, indicator: Indicator) -> Cell:
        target = indicator.target
        if indicator.better is None or target is None or target.number is None:
            return self._cell(row, _RAG, *NOT_RATED)
        code = team_rag(indicator, _value(indicator, -1), indicator.decimals)
        content = rag_formula(
            self._address(row, _CURRENT), self._address(row, _TARGET), indicator.better,
            indicator.tolerance, code,
        )  # fmt: skip
        return self._cell(row, _RAG, content, "rag", RAG_FORMAT)

    def _direction(self, row: int, indicator: Indicator) -> Cell:
        if indicator.better is None:
            return self._cell(row, _DIRECTION, *NOT_RATED)
        current, previous = _value(indicator, -1), _value(indicator, -2)
        code = direction(current, previous, indicator.better)
        content = direction_formula(
            self._address(row, _CURRENT), self._address(row, _PREVIOUS), indicator.better, code
        )
        return self._cell(row, _DIRECTION, content, "direction", DIRECTION_FORMAT)

    def _address(self, row: int, number: int) -> str:
        return address(row, self.spot.column + number)


def _shown(indicator: Indicator, position: int) -> Shown | None:
    """Return what an indicator shows in a month, counted back from the last (-1)."""
    return indicator.months[position] if len(indicator.months) >= -position else None


def _value(indicator: Indicator, position: int) -> float | None:
    shown = _shown(indicator, position)
    return shown.value if shown else None

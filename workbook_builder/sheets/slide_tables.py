"""The tables of slides: measures by team, caseloads, and small tables of measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.sheet_layouts import (
    DEFAULT_SLIDE_COLUMNS,
    DEFAULT_SLIDE_MONTHS,
    GridArea,
    Panel,
    SlideColumn,
)
from workbook_builder.figures import Worker
from workbook_builder.indicators.rating import direction, trend
from workbook_builder.indicators.rounding import digits
from workbook_builder.indicators.rows import Indicator, Shown
from workbook_builder.indicators.team_tables import TeamTable, team_rag, with_fewer_rows
from workbook_builder.sheets.caseload_sheet import CaseloadSummary, summary_rows, worker_rows
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.data_table import text_width
from workbook_builder.sheets.formulas import (
    DASH,
    DIRECTION_FORMAT,
    HIDDEN,
    RAG_FORMAT,
    direction_formula,
    is_hidden,
    number_format,
    rag_formula,
    signed_format,
    trend_formula,
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
#: Where teams have long names: the status' width, the share of the numbers; and what a letter of
#: the smallest font takes, with the room beside a name.
_NARROW_STATUS, _SHARE_OF_NUMBERS = 80, 0.2
_LETTER, _BESIDE_NAME = 6.6, 12
_LIST_TEAM = 2
_CASELOAD_SUMMARY_WIDTHS = (66, 58, 66, 76, 64)
_MEASURE_WIDTHS: dict[SlideColumn, int] = {
    "trend": 92, "target": 64, "rag": 82, "direction": 92,
}  # fmt: skip
#: The width of a month where there are few or many, and rows where a table has the slide to itself.
_MONTH_WIDTH, _NARROW_MONTH_WIDTH, _MANY_MONTHS = 64, 55, 7
_HIGH_ROW, _SHARE_BESIDE_MONTHS = 56, 0.2
#: So many teams, the worst ones, have a row of their own before long names take more lines.
_LEAST_TEAMS = 4


@dataclass(frozen=True)
class TableSpot:
    """Where a table begins, its font size in points, its rows, and how a name is made to fit.

    `fit` takes a name and its column in the table, by default the first.
    """

    row: int
    column: int
    size: int
    room: int
    fit: Callable[..., str]


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
    together = max(teams_shown - _LEAST_TEAMS - 1, 0)  # one row for all others
    need = TableNeed(area, widths, rows, names, title, 1 + rows - together)
    return SlideTable(need, lay_out)


def caseload_list_panel(
    summary: CaseloadSummary, area: GridArea, title: str, teams: Teams
) -> SlideTable:
    """Return the caseloads at or over the threshold; the lowest are left out if room is short."""
    workers = summary.at_or_over

    def lay_out(spot: TableSpot) -> TeamRows:
        shown = workers[: _rows_that_fit(len(workers), spot.room)]
        rows = worker_rows(shown, spot.row, spot.column, summary.threshold, teams, size=spot.size,
                           fit=lambda name: spot.fit(name, _LIST_TEAM))  # fmt: skip
        rows = replace(rows, highlights=())  # all of them are high
        if not workers:
            return _with_note(rows, 1, f"No worker has {summary.threshold} or more.", spot)
        left = len(workers) - len(shown)
        return _with_note(rows, left, f"and {{left}} more of {summary.threshold} or over", spot)

    names = tuple(str(number) for number in range(len(workers)))
    need = _list_need(area, workers, teams, names, title)
    return SlideTable(need, lay_out)


def _list_need(
    area: GridArea, workers: Sequence[Worker], teams: Teams, names: tuple[str, ...], title: str
) -> TableNeed:
    """Return what a list of workers needs: the longer the names of the teams, the more width."""
    longest = max(
        (text_width(teams.get(worker.team).short_name) for worker in workers), default=0.0
    )
    status, team = _CASELOAD_LIST_WIDTHS
    wanted = round(longest * _LETTER) + _BESIDE_NAME
    need = TableNeed(area, (status, team), 1 + len(workers), names, title, 4)
    if wanted <= team:
        return need
    return replace(need, widths=(_NARROW_STATUS, wanted), names_share=_SHARE_OF_NUMBERS)


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
        return _with_note(rows, left, "All teams: with {left} more", spot)

    need = TableNeed(area, _CASELOAD_SUMMARY_WIDTHS, 2 + len(summary.teams), names, title, 4)
    return SlideTable(need, lay_out)


def caseload_teams_panel(
    summary: CaseloadSummary, panel: Panel, area: GridArea, title: str, teams: Teams
) -> SlideTable | None:
    """Return the lists of some teams, one after the other, or a part of them; None if it is empty.

    Workers at or over the threshold stand out; those that there is no room for are left out.
    """
    every = workers_of(summary, panel.caseload_teams)
    number, parts = panel.part or (1, 1)
    size = -(-len(every) // parts)
    workers = every[(number - 1) * size : number * size]
    if not workers:
        return None

    def lay_out(spot: TableSpot) -> TeamRows:
        shown = workers[: _rows_that_fit(len(workers), spot.room)]
        over = summary.threshold - 1
        rows = worker_rows(shown, spot.row, spot.column, over, teams, size=spot.size,
                           fit=lambda name: spot.fit(name, _LIST_TEAM))  # fmt: skip
        return _with_note(rows, len(workers) - len(shown), "and {left} more", spot)

    need = _list_need(area, workers, teams, ("0",), title)
    return SlideTable(need, lay_out)


def workers_of(summary: CaseloadSummary, patterns: Sequence[str] | None) -> tuple[Worker, ...]:
    """Return the workers of teams of these names, of which * may stand for a part, team by team."""
    folded = [pattern.casefold() for pattern in patterns or ("*",)]
    return tuple(
        worker
        for load in summary.teams
        if any(fnmatchcase(load.team.casefold(), pattern) for pattern in folded)
        for worker in load.workers
    )


def measures_panel(
    indicators: Sequence[Indicator], panel: Panel, area: GridArea, data: ChartData
) -> SlideTable:
    """Return a small table: the last months of each measure and what the layout asks for."""
    months = indicators[0].months[-(panel.months or DEFAULT_SLIDE_MONTHS) :]
    columns = DEFAULT_SLIDE_COLUMNS if panel.columns is None else panel.columns

    def lay_out(spot: TableSpot) -> TeamRows:
        shown = indicators[: _rows_that_fit(len(indicators), spot.room)]
        rows = _MeasuresWriter(shown, months, columns, data, spot).written()
        left = len(indicators) - len(shown)
        return _with_note(rows, left, "and {left} more, for which there is no room", spot)

    names = tuple(indicator.title for indicator in indicators)
    many = len(months) >= _MANY_MONTHS
    month_width = _NARROW_MONTH_WIDTH if many else _MONTH_WIDTH
    widths = (*[month_width] * len(months), *(_MEASURE_WIDTHS[column] for column in columns))
    need = TableNeed(area, widths, 1 + len(indicators), names, panel.title, 4)
    if many:
        need = replace(need, highest=_HIGH_ROW, names_share=_SHARE_BESIDE_MONTHS)
    return SlideTable(need, lay_out)


def _rows_that_fit(rows: int, room: int) -> int:
    """Return how many rows fit below their headings, with a note below them if not all do."""
    return rows if rows < room else max(room - 2, 0)


def _with_note(rows: TeamRows, left: int, text: str, spot: TableSpot) -> TeamRows:
    """Add a note on what is left out, if anything is; {left} in its text stands for how many."""
    if not left:
        return rows
    said = Text(text.replace("{left}", str(left)))
    note = Cell(rows.area.last_row + 1, rows.area.first_column, said, "subtitle",
                size=spot.size)  # fmt: skip
    return replace(rows, cells=(*rows.cells, note))


_HEADINGS: dict[SlideColumn, str] = {
    "trend": "Change", "target": "Target", "rag": "RAG", "direction": "Direction",
}  # fmt: skip


@dataclass(frozen=True)
class _MeasuresWriter:
    """Lays out a small table of measures: a column of names, the months, then further columns.

    A month is judged as it stands here. The board table may judge an earlier one: a quarter's,
    where a month has none.
    """

    indicators: Sequence[Indicator]
    months: Sequence[Shown]
    columns: Sequence[SlideColumn]
    data: ChartData
    spot: TableSpot

    def written(self) -> TeamRows:
        row, column = self.spot.row, self.spot.column
        labels = [shown.month.label for shown in self.months]
        headings = ("Indicator", *labels, *(_HEADINGS[kind] for kind in self.columns))
        cells = [self._cell(row, number, Text(text), "heading_centred" if number else "heading")
                 for number, text in enumerate(headings)]  # fmt: skip
        for place, indicator in enumerate(self.indicators, row + 1):
            cells += self._row(place, indicator)
        last_row = row + len(self.indicators)
        area = Area(row, column, last_row, column + len(headings) - 1)
        if not self.indicators:
            return TeamRows(area, headings, tuple(cells))
        fills = (RatingFills(self._column_area("rag")),) if "rag" in self.columns else ()
        return TeamRows(area, headings, tuple(cells), tuple(self._icons()), rating_fills=fills)

    def _icons(self) -> Iterator[IconSet]:
        if "direction" in self.columns:
            yield IconSet(self._column_area("direction"), "direction")
        if "trend" in self.columns:
            column = self._column_area("trend")
            for place, indicator in enumerate(self.indicators, column.first_row):
                half = 0.5 / 10 ** digits(indicator.unit, indicator.decimals)
                cell = replace(column, first_row=place, last_row=place)
                yield IconSet(cell, "trend", float(half))

    def _column_area(self, kind: SlideColumn) -> Area:
        column = self.spot.column + self._number(kind)
        first = self.spot.row + 1
        return Area(first, column, first + len(self.indicators) - 1, column)

    def _number(self, kind: SlideColumn) -> int:
        """Return a column's number, counted from that of the names."""
        return 1 + len(self.months) + self.columns.index(kind)

    def _row(self, row: int, indicator: Indicator) -> list[Cell]:
        name = self.spot.fit(indicator.title)
        note = indicator.title if name != indicator.title else ""
        cells = [self._cell(row, 0, Text(name), "name", note=note)]
        count = len(self.months)
        cells += [self._month(row, 1 + at, indicator, at - count) for at in range(count)]
        kinds: dict[SlideColumn, Callable[[int, Indicator], Cell]] = {
            "trend": self._trend, "target": self._target, "rag": self._rag,
            "direction": self._direction,
        }  # fmt: skip
        return [*cells, *(kinds[kind](row, indicator) for kind in self.columns)]

    def _cell(
        self, row: int, number: int, content: Content, style: StyleName, shown_as: str = "",
        note: str = "",
    ) -> Cell:  # fmt: skip
        column = self.spot.column + number
        return Cell(row, column, content, style, shown_as, note, self.spot.size)

    def _month(self, row: int, number: int, indicator: Indicator, position: int) -> Cell:
        """Return the cell of a month, counted back from the last; it follows the board table."""
        shown_as = number_format(indicator.unit, indicator.decimals)
        shown = _shown(indicator, position)
        style: StyleName = "total" if position == -1 else "figure"
        if shown is None or shown.value is None:
            content: Content = Text(HIDDEN if shown and is_hidden(shown) else DASH)
        elif source := self.data.sources.get(indicator.measure):
            months = source.months.area
            column = months.last_column + 1 + position
            cell = Area(months.first_row, column, months.first_row, column)
            content = Formula(f"={SheetArea(source.months.sheet, cell).text}", shown.value)
        else:
            content = Number(shown.value)
        mark = shown.mark if shown else ""
        return self._cell(row, number, content, "revised" if mark else style, shown_as, mark)

    def _trend(self, row: int, indicator: Indicator) -> Cell:
        current, previous = self._last_two(row)
        change = trend(_value(indicator, -1), _value(indicator, -2))
        signed = signed_format(indicator.unit, indicator.decimals)
        return self._cell(row, self._number("trend"), trend_formula(current, previous, change),
                          "trend", signed)  # fmt: skip

    def _target(self, row: int, indicator: Indicator) -> Cell:
        entry = entry_cell(indicator.target, "target", indicator, in_full=True)
        return self._cell(row, self._number("target"), *entry)

    def _rag(self, row: int, indicator: Indicator) -> Cell:
        target, number = indicator.target, self._number("rag")
        if indicator.better is None or target is None or target.number is None:
            return self._cell(row, number, *NOT_RATED)
        code = team_rag(indicator, _value(indicator, -1), indicator.decimals)
        current, _ = self._last_two(row)
        target_cell = (
            self._address(row, self._number("target")) if "target" in self.columns
            else self.data.target_cell(indicator)
        )  # fmt: skip
        content = rag_formula(current, target_cell, indicator.better, indicator.tolerance, code)
        return self._cell(row, number, content, "rag", RAG_FORMAT)

    def _direction(self, row: int, indicator: Indicator) -> Cell:
        number = self._number("direction")
        if indicator.better is None or len(self.months) < 2:
            return self._cell(row, number, *NOT_RATED)
        code = direction(_value(indicator, -1), _value(indicator, -2), indicator.better)
        content = direction_formula(*self._last_two(row), indicator.better, code)
        return self._cell(row, number, content, "direction", DIRECTION_FORMAT)

    def _last_two(self, row: int) -> tuple[str, str]:
        """Return the addresses of the last month and of the one before; of one month only its."""
        last = len(self.months)
        return self._address(row, last), self._address(row, max(last - 1, 1))

    def _address(self, row: int, number: int) -> str:
        return address(row, self.spot.column + number)


def _shown(indicator: Indicator, position: int) -> Shown | None:
    """Return what an indicator shows in a month, counted back from the last (-1)."""
    return indicator.months[position] if len(indicator.months) >= -position else None


def _value(indicator: Indicator, position: int) -> float | None:
    shown = _shown(indicator, position)
    return shown.value if shown else None

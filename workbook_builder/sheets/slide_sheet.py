"""A slide: charts, team tables and small tables on one sheet that prints as a page of 16:9."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.sheet_layouts import GridArea, Panel, Slide
from workbook_builder.definitions.targets import Comparator
from workbook_builder.indicators.caseload_summary import CaseloadSummary
from workbook_builder.indicators.rating import decimals_shown, direction
from workbook_builder.indicators.rows import Indicator
from workbook_builder.indicators.team_tables import TeamTable, rating, with_fewer_rows
from workbook_builder.sheets.caseload_sheet import Rows, summary_rows, worker_rows
from workbook_builder.sheets.chart_data import CellSource, ChartData
from workbook_builder.sheets.charts import Box, chart_of
from workbook_builder.sheets.data_table import titles
from workbook_builder.sheets.formulas import (
    DASH,
    DIRECTION_FORMAT,
    HIDDEN,
    RAG_FORMAT,
    direction_formula,
    entry_format,
    is_hidden,
    number_format,
    rag_formula,
)
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Chart,
    Content,
    Formula,
    Icons,
    IconSet,
    Number,
    Place,
    Series,
    Sheet,
    StyleName,
    Text,
    address,
)
from workbook_builder.sheets.slide_fit import Grid, Need, grid_of
from workbook_builder.sheets.team_sheet import TeamRowsLayout, columns_of, lay_out

_WIDTHS = {"Denominator": 88, "Numerator": 78, "%": 64, "RAG": 78, "Average": 68, "Number": 78,
           "No. of Allocations": 124, "Qualifying Status": 118, "Allocated_Team": 0}  # fmt: skip
_OTHER_WIDTH = 70
_SMALL_HEADINGS = ("Indicator", "", "", "Target", "RAG", "Direction")
_SMALL_WIDTHS = (64, 64, 64, 78, 82)


@dataclass(frozen=True)
class Spot:
    """Where a table begins, the size of its font, its rows, and how a name is made to fit."""

    row: int
    column: int
    size: int
    room: int
    fit: Callable[[str], str]


@dataclass(frozen=True)
class SlideTable:
    """A table of a slide: what it needs, and how it is laid out in a spot."""

    need: Need
    lay: Callable[[Spot], TeamRowsLayout]


def team_panel(table: TeamTable, area: GridArea, title: str, teams: Teams) -> SlideTable:
    """Return a measure by team; teams that there is no room for stand together in one row."""
    columns = columns_of(table)
    widths = tuple(_WIDTHS.get(text, _OTHER_WIDTH) for text in columns.headings[1:])

    def named(name: str) -> str:
        return teams.get(name).short_name

    def lay(spot: Spot) -> TeamRowsLayout:
        spare = spot.room - 1 - (len(table.rows) + table.judged)
        shown = with_fewer_rows(table, -spare) if spare < 0 else table

        def fitted(name: str) -> str:
            return spot.fit(named(name))

        return lay_out(shown, spot.row, spot.column, size=spot.size, named=fitted)

    names = tuple(named(row.name) for row in table.rows)
    rows = 1 + len(table.rows) + table.judged
    teams_shown = sum(row.kind == "team" for row in table.rows)
    need = Need(area, widths, rows, names, title, 1 + rows - max(teams_shown - 1, 0))
    return SlideTable(need, lay)


def high_caseloads_panel(
    summary: CaseloadSummary, area: GridArea, title: str, teams: Teams
) -> SlideTable:
    """Return the caseloads at or over the threshold; the lowest are left out if room is short."""
    workers = summary.at_or_over
    names = tuple(f"{at}" for at in range(len(workers)))

    def lay(spot: Spot) -> TeamRowsLayout:
        fits = workers if len(workers) < spot.room else workers[: max(spot.room - 2, 0)]
        rows = worker_rows(fits, spot.row, spot.column, summary.threshold, teams, size=spot.size)
        left = len(workers) - len(fits)
        text = f"and {left} more of {summary.threshold} or over"
        more = _more(rows.area, text, spot.size) if left else ()
        return _as_laid_out(rows, more)

    return SlideTable(Need(area, (118, 142), 1 + len(workers), names, title, 4), lay)


def _more(area: Area, text: str, size: int) -> tuple[Cell, ...]:
    return (Cell(area.last_row + 1, area.first_column, Text(text), "subtitle", size=size),)


def caseload_summary_panel(
    summary: CaseloadSummary, area: GridArea, title: str, teams: Teams
) -> SlideTable:
    """Return the caseloads by team; the smallest teams are left out if room is short."""
    names = tuple(teams.get(load.team).short_name for load in summary.teams)

    def lay(spot: Spot) -> TeamRowsLayout:
        fits = spot.room - 2
        left = len(summary.teams) - fits
        shown = summary if left <= 0 else _largest(summary, max(fits - 1, 0))
        rows = summary_rows(
            shown, spot.row, spot.column, teams, statuses=False, size=spot.size, fit=spot.fit
        )
        hidden = len(summary.teams) - len(shown.teams)
        more = _more(rows.area, f"All teams: with {hidden} more", spot.size) if hidden else ()
        return _as_laid_out(rows, more)

    widths = (66, 58, 66, 76, 64)
    return SlideTable(Need(area, widths, 2 + len(summary.teams), names, title, 4), lay)


def _largest(summary: CaseloadSummary, most: int) -> CaseloadSummary:
    kept = sorted(summary.teams, key=lambda load: -load.cases)[:most]
    return replace(summary, teams=tuple(load for load in summary.teams if load in kept))


def _as_laid_out(rows: Rows, more: Sequence[Cell] = ()) -> TeamRowsLayout:
    return TeamRowsLayout(
        rows.area, rows.headings, (*rows.cells, *more), (), (), (), rows.highlights
    )


def measures_panel(
    indicators: Sequence[Indicator], area: GridArea, title: str, sources: Mapping[str, CellSource]
) -> SlideTable:
    """Return a small table: the last two months of each measure, target, RAG and direction."""
    labels = [shown.month.label for shown in indicators[0].months[-2:]]
    months = ("Before", *labels) if len(labels) < 2 else tuple(labels)

    def lay(spot: Spot) -> TeamRowsLayout:
        fits = indicators if len(indicators) < spot.room else indicators[: max(spot.room - 2, 0)]
        laid = _Small(fits, sources, spot, months).laid_out()
        left = len(indicators) - len(fits)
        text = f"and {left} more, for which there is no room"
        more = _more(laid.area, text, spot.size) if left else ()
        return replace(laid, cells=(*laid.cells, *more))

    names = tuple(one.title for one in indicators)
    return SlideTable(Need(area, _SMALL_WIDTHS, 1 + len(indicators), names, title, 4), lay)


@dataclass(frozen=True)
class _Small:
    indicators: Sequence[Indicator]
    sources: Mapping[str, CellSource]
    spot: Spot
    months: tuple[str, ...]

    def laid_out(self) -> TeamRowsLayout:
        headings = self._headings()
        cells = [self._cell(self.spot.row, at, Text(text), "heading_centred" if at else "heading")
                 for at, text in enumerate(headings)]  # fmt: skip
        for row, one in enumerate(self.indicators, self.spot.row + 1):
            cells += self._indicator(row, one)
        last = self.spot.row + len(self.indicators)
        area = Area(self.spot.row, self.spot.column, last, self.spot.column + len(headings) - 1)
        codes: tuple[tuple[int, Icons], ...] = ((4, "rag"), (5, "direction"))
        columns = [(area.first_column + at, kind) for at, kind in codes if self.indicators]
        icons = [IconSet(Area(area.first_row + 1, at, last, at), kind) for at, kind in columns]
        return TeamRowsLayout(area, headings, tuple(cells), tuple(icons), (), ())

    def _headings(self) -> tuple[str, ...]:
        return (_SMALL_HEADINGS[0], *self.months, *_SMALL_HEADINGS[3:])

    def _cell(self, row: int, at: int, content: Content, style: StyleName, shape: str = "") -> Cell:
        return Cell(row, self.spot.column + at, content, style, shape, size=self.spot.size)

    def _name(self, row: int, one: Indicator) -> Cell:
        shown = self.spot.fit(one.title)
        note = one.title if shown != one.title else ""
        return self._cell(row, 0, Text(shown), "name")._replace(note=note)

    def _indicator(self, row: int, one: Indicator) -> list[Cell]:
        shape = number_format(one.unit, one.decimals)
        previous, current = self._month(one, -2), self._month(one, -1)
        cells = [
            self._name(row, one),
            self._marked(self._cell(row, 1, previous, "figure", shape), one, -2),
            self._marked(self._cell(row, 2, current, "total", shape), one, -1),
        ]
        return [*cells, self._target(row, one), self._rag(row, one), self._direction(row, one)]

    def _marked(self, cell: Cell, one: Indicator, back: int) -> Cell:
        """Mark a figure that is not what today's extracts give."""
        mark = one.months[back].mark if len(one.months) >= -back else ""
        return cell._replace(style="revised", note=mark) if mark else cell

    def _month(self, one: Indicator, back: int) -> Content:
        value = _shown(one, back)
        if value is None:
            return Text(HIDDEN if _is_hidden(one, back) else DASH)
        source = self.sources.get(one.measure)
        if source is None:
            return Number(value)
        area = source.months.area
        column = area.last_column + 1 + back
        cell = Place(source.months.sheet, Area(area.first_row, column, area.first_row, column))
        return Formula(f"={cell.text}", value)

    def _target(self, row: int, one: Indicator) -> Cell:
        entry = one.target
        if entry is None or entry.number is None:
            return self._cell(row, 3, Text(entry.word or DASH if entry else DASH), "target")
        decimals = decimals_shown(entry.number, one.unit, one.decimals)
        shape = entry_format(one.unit, decimals, entry.sign)
        return self._cell(row, 3, Number(entry.number), "target", shape)

    def _rag(self, row: int, one: Indicator) -> Cell:
        if one.better is None or one.target is None or one.target.number is None:
            return self._cell(row, 4, Text(DASH), "rag")
        current, target = self._at(row, 2), self._at(row, 3)
        code = rating(one, _shown(one, -1), one.decimals)
        content = rag_formula(current, target, one.better, one.tolerance, code)
        return self._cell(row, 4, content, "rag", RAG_FORMAT)

    def _direction(self, row: int, one: Indicator) -> Cell:
        if one.better is None:
            return self._cell(row, 5, Text(DASH), "direction")
        now, before = _shown(one, -1), _shown(one, -2)
        known = now is not None and before is not None
        code = direction(now, before, one.better) if known else None  # type: ignore[arg-type]
        content = direction_formula(self._at(row, 2), self._at(row, 1), one.better, code)
        return self._cell(row, 5, content, "direction", DIRECTION_FORMAT)

    def _at(self, row: int, at: int) -> str:
        return address(row, self.spot.column + at)


def _is_hidden(one: Indicator, back: int) -> bool:
    return len(one.months) >= -back and is_hidden(one.months[back])


def _shown(one: Indicator, back: int) -> float | None:
    """Return the value of a month counted from the last, which is judged as it stands here.

    The board table may judge an earlier one: a quarter's, where a month has none.
    """
    return one.months[back].value if len(one.months) >= -back else None


_POINTS = 0.75
_FOOT_SIZE = 10
_NO_ROOM = "There is no room for this table here: give it more of the grid."
_CASELOAD_TITLES = {"summary": "Caseloads by team", "chart": "Average caseload by team"}


@dataclass(frozen=True)
class CaseloadPlace:
    """Caseloads as a slide shows them; `summary` is None, with the reason, where there are none.

    `teams` and `averages` are the cells of their summary on their own sheet.
    """

    summary: CaseloadSummary | None
    said: str
    teams: Place | None = None
    averages: Place | None = None


@dataclass(frozen=True)
class Stage:
    """What slides are made of: indicators by measure, team tables by slide and panel, and so on."""

    indicators: Mapping[str, Indicator]
    team_tables: Mapping[str, TeamTable]
    comparators: Mapping[str, Comparator]
    teams: Teams
    caseloads: CaseloadPlace
    data: ChartData
    subtitle: str


def slide_sheet(slide: Slide, stage: Stage) -> Sheet:
    """Lay out a slide."""
    return _SlideLayout(slide, stage).sheet()


class _SlideLayout:
    def __init__(self, slide: Slide, stage: Stage) -> None:
        self.slide = slide
        self.stage = stage
        self.areas = slide.areas
        self.tables = {name: table for name in self.areas if (table := self._table(name))}
        bands = len(slide.grid)
        columns = len(slide.grid[0].split())
        weights = slide.widths or (1,) * columns
        needs = {name: table.need for name, table in self.tables.items()}
        self.grid: Grid = grid_of(bands, weights, needs, noted=bool(slide.note))
        self.cells: list[Cell] = []
        self.charts: list[Chart] = []
        self.laid: list[TeamRowsLayout] = []
        for name in self.areas:
            self._panel(name)

    def _table(self, name: str) -> SlideTable | None:
        panel, area, stage = self.slide.panels[name], self.areas[name], self.stage
        summary = stage.caseloads.summary
        if panel.teams:
            table = stage.team_tables[panel.teams]
            title = panel.title or table.title
            return team_panel(table, area, title, stage.teams) if table.rows else None
        if panel.table:
            names = panel.names or [stage.indicators[one].title for one in panel.table]
            indicators = [replace(stage.indicators[one], title=name)
                          for one, name in zip(panel.table, names, strict=True)]  # fmt: skip
            return measures_panel(indicators, area, panel.title, stage.data.sources)
        if panel.caseloads == "list" and summary:
            title = panel.title or f"Caseloads of {summary.threshold} or more"
            return high_caseloads_panel(summary, area, title, stage.teams)
        if panel.caseloads == "summary" and summary:
            title = panel.title or f"{_CASELOAD_TITLES['summary']}. {stage.caseloads.said}"
            return caseload_summary_panel(summary, area, title, stage.teams)
        return None

    def sheet(self) -> Sheet:
        title, subtitle = titles(self.slide.title, self.stage.subtitle)
        head = [Cell(one.row, 1, one.content, one.style) for one in (title, subtitle)]
        foot_row = len(self.grid.heights) - 1
        foot = [Cell(foot_row, 1, Text(self.slide.note), "subtitle", size=_FOOT_SIZE)]
        heights = self.grid.heights
        return Sheet(
            name=self.slide.name,
            cells=(*head, *self.cells, *(foot if self.slide.note else [])),
            widths=self.grid.widths,
            heights=tuple((row, pixels * _POINTS) for row, pixels in enumerate(heights)),
            icon_sets=tuple(icons for one in self.laid for icons in one.icon_sets),
            print_area=self.grid.print_area,
            data_bars=tuple(bars for one in self.laid for bars in one.data_bars),
            highlights=tuple(over for one in self.laid for over in one.highlights),
            charts=tuple(self.charts),
            slide=True,
        )

    def _panel(self, name: str) -> None:
        panel, area = self.slide.panels[name], self.areas[name]
        if name in self.tables:
            self._lay_table(self.tables[name], area)
        elif panel.chart and self._has_values(panel.chart):
            indicators = [self.stage.indicators[one] for one in panel.chart]
            box = self.grid.box(area)
            stage = self.stage
            self.charts.append(chart_of(panel, indicators, stage.comparators, stage.data, box))
        elif panel.caseloads == "chart" and self.stage.caseloads.summary:
            self.charts.append(_averages(panel, self.stage.caseloads, self.grid.box(area)))
        else:
            self._say(area, panel.title or self._name(panel), self._missing(panel))

    def _lay_table(self, table: SlideTable, area: GridArea) -> None:
        row, column = self.grid.first_row(area), self.grid.column(area.left)
        lines = self.grid.lines(table.need.title, area) if table.need.title else []
        room = self.grid.room(area) - len(lines)
        if room < table.need.least - 1:
            self._say(area, table.need.title, iter([_NO_ROOM]))
            return

        def fit(name: str) -> str:
            return self.grid.fitted(name, area)

        laid = table.lay(Spot(row + len(lines), column, self.grid.size, room, fit))
        self.cells += [Cell(row + at, column, Text(line), "panel")
                       for at, line in enumerate(lines)]  # fmt: skip
        self.laid.append(laid)
        self.cells += laid.cells

    def _has_values(self, measures: Sequence[str]) -> bool:
        indicators = (self.stage.indicators[one] for one in measures)
        return any(shown.value is not None for one in indicators for shown in one.months)

    def _name(self, panel: Panel) -> str:
        if panel.caseloads:
            return "Caseloads"
        return self.stage.indicators[panel.measures[0]].title

    def _missing(self, panel: Panel) -> Iterator[str]:
        if panel.teams:
            yield from self.stage.team_tables[panel.teams].sentences
        elif panel.caseloads:
            yield self.stage.caseloads.said
        else:
            reasons = (self.stage.indicators[one].months[-1].reason for one in panel.measures)
            yield "There are no figures to draw."
            yield from dict.fromkeys(reason for reason in reasons if reason)

    def _say(self, area: GridArea, title: str, sentences: Iterator[str]) -> None:
        """Say in an empty panel why it is empty."""
        row, column = self.grid.first_row(area), self.grid.column(area.left)
        lines: list[tuple[str, bool]] = [(line, True) for line in self.grid.lines(title, area)]
        lines += [(line, False) for text in sentences for line in self.grid.lines(text, area)]
        for at, (line, bold) in enumerate(lines[: self.grid.room(area)]):
            self.cells.append(Cell(row + at, column, Text(line), "panel" if bold else "subtitle"))


def _averages(panel: Panel, caseloads: CaseloadPlace, box: Box) -> Chart:
    summary = caseloads.summary
    assert summary is not None  # else the panel says why
    assert caseloads.teams is not None
    assert caseloads.averages is not None
    title = panel.title or _CASELOAD_TITLES["chart"]
    told = ", ".join(f"{load.team} {load.average:,.1f}" for load in summary.teams)
    series = Series("Average caseload", caseloads.teams, caseloads.averages)
    return Chart(
        box.row, box.column, box.width, box.height, "bar", title, (series,), "0.0",
        f"Bar chart: {title}. {told}.", axis_to=_beyond(summary),
    )  # fmt: skip


def _beyond(summary: CaseloadSummary) -> float:
    """Return an end of the axis that leaves room for the number beside the longest bar."""
    return float(int(max(load.average for load in summary.teams) * 1.2) + 1)


def caseload_place(summary: CaseloadSummary | None, said: str, sheet: Sheet) -> CaseloadPlace:
    """Return where a caseload sheet's summary stands, for the slides."""
    tables = [one for one in sheet.tables if one.headings[:1] == ("Team",)]
    if summary is None or not tables:
        return CaseloadPlace(None, said)
    area = tables[0].area
    first, last = area.first_row + 1, area.last_row - 1

    def column(at: int) -> Place:
        left = area.first_column + at
        return Place(sheet.name, Area(first, left, last, left))

    return CaseloadPlace(summary, said, column(0), column(3))

"""A slide: charts, team tables and small tables on one sheet that prints as a page of 16:9."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.benchmarks import Comparator
from workbook_builder.definitions.slides import GridArea, Panel, Slide
from workbook_builder.definitions.teams import Teams
from workbook_builder.indicators.caseloads import CaseloadSummary
from workbook_builder.indicators.rows import Indicator
from workbook_builder.indicators.team_tables import TeamTable
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.charts import Box, chart_of
from workbook_builder.sheets.plan import Area, Cell, Chart, Place, Series, Sheet, Text
from workbook_builder.sheets.slide_grid import Grid, grid_of
from workbook_builder.sheets.slide_tables import (
    SlideTable,
    Spot,
    caseload_summary_panel,
    high_caseloads_panel,
    measures_panel,
    team_panel,
)
from workbook_builder.sheets.team_rows import LaidOut
from workbook_builder.sheets.titles import titles

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
    return _Laid(slide, stage).sheet()


class _Laid:
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
        self.laid: list[LaidOut] = []
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

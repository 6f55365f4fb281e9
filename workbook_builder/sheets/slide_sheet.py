"""A slide: a headline, charts and tables on one sheet that prints as a page of 16:9."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.sheet_layouts import GridArea, Panel, Slide
from workbook_builder.definitions.targets import Comparator
from workbook_builder.figures import Worker
from workbook_builder.indicators.headline import headline, most_telling
from workbook_builder.indicators.rounding import decimals_shown, value_text
from workbook_builder.indicators.rows import Indicator
from workbook_builder.indicators.team_tables import TeamTable
from workbook_builder.problems import counted
from workbook_builder.sheets.caseload_sheet import CaseloadSummary, SummaryCells
from workbook_builder.sheets.chart_data import ChartData
from workbook_builder.sheets.chart_labels import Axis, common_axis
from workbook_builder.sheets.charts import (
    ChartBox,
    chart_axis,
    chart_measures,
    measure_chart,
)
from workbook_builder.sheets.data_table import text_width
from workbook_builder.sheets.formulas import RAG_FORMAT, rag_formula
from workbook_builder.sheets.plan import (
    Area,
    Cell,
    Chart,
    Chip,
    DeckPage,
    Headline,
    PixelBox,
    RatingFills,
    Series,
    SheetPlan,
    SlidePanel,
    StyleName,
    Text,
)
from workbook_builder.sheets.slide_fit import SlideGrid
from workbook_builder.sheets.slide_tables import (
    SlideTable,
    TableSpot,
    caseload_list_panel,
    caseload_summary_panel,
    caseload_teams_panel,
    measures_panel,
    team_panel,
    workers_of,
)
from workbook_builder.sheets.team_sheet import TeamRows

_POINTS_A_PIXEL = 0.75
_FOOT_SIZE = 10
#: A bar and its name can be read in so many pixels.
_LEAST_BAR = 19
#: Names of teams that would take more than the first share of a bar chart get the second, in
#: several lines; so wide, in pixels, is a letter of them, and so much room is around the bars.
_TOO_MUCH_FOR_TEAMS, _FOR_TEAMS, _BAR_LETTER, _AROUND_PLOT = 0.75, 0.55, 6.6, 10
_NO_ROOM = "The table does not fit here: give it more of the grid."


@dataclass(frozen=True)
class SlideContent:
    """What slides are made of: indicators and team tables by measure, comparators by name, more.

    `headlines` are those that people have written, by the slide's name.
    """

    indicators: Mapping[str, Indicator]
    team_tables: Mapping[str, TeamTable]
    comparators: Mapping[str, Comparator]
    teams: Teams
    caseloads: SummaryCells
    data: ChartData
    subtitle: str
    headlines: Mapping[str, str]


def slide_sheet(slide: Slide, content: SlideContent) -> SheetPlan:
    """Lay out a slide: each panel in its part of the grid; one without figures says why."""
    return _SlideWriter(slide, content).written()


def automatic_headline(slide: Slide, content: SlideContent) -> str:
    """Return the sentence at the top of a slide as its figures give it.

    It is about the measure that the layout names or, of all on the slide, the one that tells most.
    """
    if slide.headline:
        return headline(content.indicators[slide.headline])
    if slide.measures:
        shown = [content.indicators[measure] for measure in slide.measures]
        return headline(most_telling(shown))
    summary = content.caseloads.summary
    workers = _workers_shown(slide, summary) if summary else []
    return _caseload_headline(workers, summary) if workers and summary else (
        content.caseloads.origin
    )  # fmt: skip


def _workers_shown(slide: Slide, summary: CaseloadSummary) -> list[Worker]:
    """Return the workers that a slide is about: all, or those of the teams that it lists."""
    panels = [panel for panel in slide.panels.values() if panel.caseloads]
    if any(panel.caseloads != "teams" for panel in panels):
        return list(workers_of(summary, None))
    every = (worker for panel in panels for worker in workers_of(summary, panel.caseload_teams))
    return list({id(worker): worker for worker in every}.values())


def _caseload_headline(workers: Sequence[Worker], summary: CaseloadSummary) -> str:
    high = sum(worker.allocations >= summary.threshold for worker in workers)
    most = max(worker.allocations for worker in workers)
    have = "has" if high == 1 else "have"
    number = high or "None"
    have = have if high else "has"
    return (
        f"{number} of {counted(len(workers), 'worker')} {have} {summary.threshold} children or "
        f"more; the highest caseload is {most}"
    )


class _SlideWriter:
    def __init__(self, slide: Slide, content: SlideContent) -> None:
        self.slide = slide
        self.content = content
        self.areas = slide.areas
        self.automatic = automatic_headline(slide, content)
        self.headline = content.headlines.get(slide.name) or self.automatic
        self.tables = {name: table for name, area in self.areas.items()
                       if (table := self._table(slide.panels[name], area))}  # fmt: skip
        self.judged = {name: self._judged(slide.panels[name]) for name in self.areas}
        weights = slide.widths or (1,) * len(slide.grid[0].split())
        self.grid = SlideGrid(
            len(slide.grid), weights, tuple(table.need for table in self.tables.values()),
            noted=bool(slide.note), headline=self.headline,
            chips=self._chip_texts(),
        )  # fmt: skip
        self.percentages = self._percentage_axis()
        self.cells: list[Cell] = []
        self.rating_fills: list[RatingFills] = []
        self.table_rows: list[TeamRows] = []
        self.panels: list[SlidePanel] = []

    def _table(self, panel: Panel, area: GridArea) -> SlideTable | None:
        """Return the table of a panel that has one to show."""
        content, summary = self.content, self.content.caseloads.summary
        if panel.teams:
            table = content.team_tables[panel.teams]
            title = panel.title or table.title
            return team_panel(table, area, title, content.teams) if table.rows else None
        if panel.table:
            indicators = [content.indicators[measure] for measure in panel.table]
            if panel.names:
                indicators = [replace(indicator, title=name) for indicator, name
                              in zip(indicators, panel.names, strict=True)]  # fmt: skip
            return measures_panel(indicators, panel, area, content.data)
        if panel.caseloads == "list" and summary:
            title = panel.title or f"Caseloads of {summary.threshold} or more"
            return caseload_list_panel(summary, area, title, content.teams)
        if panel.caseloads == "teams" and summary:
            return caseload_teams_panel(summary, panel, area, panel.title, content.teams)
        if panel.caseloads == "summary" and summary:
            title = panel.title or f"Caseloads by team. {content.caseloads.origin}"
            return caseload_summary_panel(summary, area, title, content.teams)
        return None

    def _judged(self, panel: Panel) -> list[tuple[str, Indicator]]:
        """Return the measures of a chart that have a rating, with their names."""
        indicators = [self.content.indicators[measure] for measure in panel.chart or ()]
        return [(measure.name, measure.indicator) for measure in chart_measures(panel, indicators)
                if measure.indicator.rag is not None]  # fmt: skip

    def _percentage_axis(self) -> Axis | None:
        """Return the axis that all charts of percentages on the slide share."""
        axes: list[Axis] = []
        for panel in self.slide.panels.values():
            indicators = [self.content.indicators[measure] for measure in panel.chart or ()]
            if indicators and indicators[0].unit == "percent" and _has_values(indicators):
                axes.append(chart_axis(panel, indicators, self.content.comparators))
        return common_axis(axes) if axes else None

    def _chip_texts(self) -> dict[int, str]:
        """Return the longest text beside a rating in each column of the grid that has ratings."""
        longest: dict[int, str] = {}
        for name, judged in self.judged.items():
            column = self.areas[name].right
            texts = [_aside(self.slide.panels[name], *named) for named in judged]
            longest[column] = max([longest.get(column, ""), *texts], key=len)
        return {column: text for column, text in longest.items() if text}

    def written(self) -> SheetPlan:
        for name, area in self.areas.items():
            self.panels.append(self._panel(name, area))
        heights, last_column = self.grid.heights, len(self.grid.pixels) - 2
        headline_cell = Area(1, 1, 1, last_column)
        head = [
            Cell(0, 1, Text(self.slide.title), "topic"),
            Cell(1, 1, Text(self.headline), "headline"),
        ]
        if last_column > 1:
            head.insert(1, Cell(0, last_column, Text(self.content.subtitle), "topic_aside"))
        if self.slide.note:
            text = Text(self.slide.note)
            head.append(Cell(len(heights) - 1, 1, text, "subtitle", size=_FOOT_SIZE))
        return SheetPlan(
            name=self.slide.name,
            cells=(*head, *self.cells),
            widths=self.grid.widths,
            heights=tuple((row, pixels * _POINTS_A_PIXEL) for row, pixels in enumerate(heights)),
            icon_sets=tuple(icons for rows in self.table_rows for icons in rows.icon_sets),
            rating_fills=(*self.rating_fills, *(fills for rows in self.table_rows
                                                for fills in rows.rating_fills)),
            print_area=self.grid.print_area,
            data_bars=tuple(bars for rows in self.table_rows for bars in rows.data_bars),
            highlights=tuple(over for rows in self.table_rows for over in rows.highlights),
            charts=tuple(panel.chart for panel in self.panels if panel.chart),
            slide=True,
            headline=Headline(self.headline, self.automatic, headline_cell),
            deck=DeckPage(
                self.slide.title, tuple(self.panels), self.headline, source=self.slide.note
            ),
            merged=(headline_cell,) if last_column > 1 else (),
        )  # fmt: skip

    def _panel(self, name: str, area: GridArea) -> SlidePanel:
        panel, content = self.slide.panels[name], self.content
        indicators = [content.indicators[measure] for measure in panel.measures]
        title = panel.title or (indicators[0].title if indicators else "Caseloads")
        if name in self.tables:
            return self._table_panel(self.tables[name], area)
        if panel.chart and _has_values(indicators):
            return self._chart_panel(name, panel, indicators, area, title)
        if panel.teams:
            return self._explained(area, title, content.team_tables[panel.teams].sentences)
        if panel.caseloads == "chart" and content.caseloads.summary:
            return self._caseload_chart_panel(area, panel.title or "Average caseload by team")
        if panel.caseloads:
            empty = "There are no caseloads for these teams."
            said = empty if content.caseloads.summary else content.caseloads.origin
            return self._explained(area, title, [said])
        reasons = dict.fromkeys(indicator.months[-1].reason for indicator in indicators)
        sentences = ["There are no figures to draw.", *filter(None, reasons)]
        return self._explained(area, title, sentences)

    def _chart_panel(
        self, name: str, panel: Panel, indicators: Sequence[Indicator], area: GridArea, title: str
    ) -> SlidePanel:
        """Lay out a chart below its title, with the rating of each measure beside that."""
        judged, content = self.judged[name], self.content
        lines = max(self._titled(area, title, beside_chips=bool(judged)), len(judged))
        for row, (measure_name, indicator) in enumerate(judged, self.grid.first_row(area)):
            self._add_chip(row, area, _aside(panel, measure_name, indicator), indicator)
        axis = self.percentages if indicators[0].unit == "percent" else None
        chart = measure_chart(
            panel, indicators, content.comparators, content.data, self.grid.box(area, lines), axis
        )
        chips = tuple(chip_of(measure.name, measure.indicator)
                      for measure in chart_measures(panel, indicators))  # fmt: skip
        return SlidePanel(title, self.grid.panel_box(area), chips, chart)

    def _caseload_chart_panel(self, area: GridArea, title: str) -> SlidePanel:
        """Lay out the chart of caseloads, or say that there are too many teams for one."""
        summary = self.content.caseloads.summary
        assert summary is not None  # else the panel says why
        lines, count = len(self.grid.lines(title, area)), len(summary.teams)
        box = self.grid.box(area, lines)
        if count * _LEAST_BAR > box.height:
            said = f"{count} teams are too many for a chart. The caseload sheet has them all."
            return self._explained(area, title, [said])
        self._titled(area, title)
        chart = _caseload_chart(title, self.content.caseloads, box)
        return SlidePanel(title, self.grid.panel_box(area), chart=chart)

    def _titled(self, area: GridArea, title: str, *, beside_chips: bool = False) -> int:
        """Write a panel's title in as many rows as it needs, and return their number."""
        row, column = self.grid.first_row(area), self.grid.column(area.left)
        less = self.grid.chip_width(area.right) if beside_chips else 0
        lines = self.grid.lines(title, area, less)
        self.cells += [Cell(place, column, Text(line), "panel", size=self.grid.size)
                       for place, line in enumerate(lines, row)]  # fmt: skip
        return len(lines)

    def _add_chip(self, row: int, area: GridArea, aside: str, indicator: Indicator) -> None:
        """Write the target and the rating of a measure at the right of a panel."""
        column = self.grid.last_column(area.right)
        position = indicator.compared.current
        assert indicator.better is not None  # else it has no rating
        assert position is not None
        rating = rag_formula(
            self.content.data.month_cell(indicator, position),
            self.content.data.target_cell(indicator),
            indicator.better, indicator.tolerance, indicator.rag,
        )  # fmt: skip
        size = self.grid.size
        self.cells.append(Cell(row, column - 1, Text(aside), "aside", size=size))
        self.cells.append(Cell(row, column, rating, "rag", RAG_FORMAT, size=size))
        self.rating_fills.append(RatingFills(Area(row, column, row, column)))

    def _table_panel(self, table: SlideTable, area: GridArea) -> SlidePanel:
        row, column = self.grid.first_row(area), self.grid.column(area.left)
        title = table.need.title
        lines = self.grid.lines(title, area) if title else []
        room = self.grid.room(area) - len(lines)
        if room < table.need.least - 1:
            return self._explained(area, title, [_NO_ROOM])
        spot = TableSpot(row + len(lines), column, self.grid.size, room,
                         lambda name, column=0: self.grid.fitted(name, area, column))  # fmt: skip
        rows = table.lay_out(spot)
        self.cells += [Cell(place, column, Text(line), "panel", size=self.grid.size)
                       for place, line in enumerate(lines, row)]  # fmt: skip
        self.table_rows.append(rows)
        self.cells += rows.cells
        below = (cell.content for cell in rows.cells if cell.row > rows.area.last_row)
        notes = tuple(content.text for content in below if isinstance(content, Text))
        return SlidePanel(title, self.grid.panel_box(area), table=rows.area, sentences=notes)

    def _explained(self, area: GridArea, title: str, sentences: Iterable[str]) -> SlidePanel:
        """Say in an empty panel why it is empty."""
        row, column = self.grid.first_row(area), self.grid.column(area.left)
        lines: list[tuple[str, StyleName]] = [
            (line, "panel") for line in self.grid.lines(title, area)
        ]
        said = tuple(sentences)
        lines += [(line, "subtitle") for text in said for line in self.grid.lines(text, area)]
        self.cells += [Cell(place, column, Text(line), style) for place, (line, style)
                       in enumerate(lines[: self.grid.room(area)], row)]  # fmt: skip
        return SlidePanel(title, self.grid.panel_box(area), sentences=said)


def _has_values(indicators: Iterable[Indicator]) -> bool:
    return any(shown.value is not None for indicator in indicators for shown in indicator.months)


def _aside(panel: Panel, name: str, indicator: Indicator) -> str:
    """Return what is written beside the rating of a measure: its target, its name if needed."""
    target = chip_of(name, indicator).target
    return f"{name}, target {target}" if len(panel.measures) > 1 else f"Target {target}"


def chip_of(name: str, indicator: Indicator) -> Chip:
    """Return how an indicator is judged, its value and target as texts; no target is no text."""
    value = indicator.value_at(indicator.compared.current)
    entry = indicator.target
    target = ""
    if entry and entry.number is not None:
        decimals = decimals_shown(entry.number, indicator.unit, indicator.decimals)
        target = f"{entry.sign}{value_text(entry.number, indicator.unit, decimals)}"
    shown = value_text(value, indicator.unit, indicator.decimals)
    return Chip(name, shown, target, indicator.rag, indicator.direction)


def _caseload_chart(title: str, caseloads: SummaryCells, box: ChartBox) -> Chart:
    """Return the bar chart of average caseloads by team."""
    assert caseloads.summary is not None  # else the panel says why
    assert caseloads.teams is not None
    assert caseloads.averages is not None
    loads = caseloads.summary.teams
    averages = ", ".join(f"{load.team} {load.average:,.1f}" for load in loads)
    series = Series("Average caseload", caseloads.teams, caseloads.averages, labels=None)
    # Beyond the longest bar there is room for the number beside it.
    end = float(int(max(load.average for load in loads) * 1.2) + 1)
    longest = max(text_width(load.team) for load in loads) * _BAR_LETTER
    plot = None
    if longest > box.width * _TOO_MUCH_FOR_TEAMS:  # Excel would leave next to nothing for the bars
        left = round(box.width * _FOR_TEAMS)
        plot = PixelBox(left, _AROUND_PLOT, box.width - left - _AROUND_PLOT,
                        box.height - 2 * _AROUND_PLOT)  # fmt: skip
    return Chart(
        box.row, box.column, box.width, box.height, "bar", title, (series,), "0.0",
        f"Bar chart: {title}. {averages}.", axis_to=end, plot=plot,
    )  # fmt: skip

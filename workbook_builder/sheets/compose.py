"""Compose the plan of a whole workbook from a layout and everything that its sheets show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from workbook_builder import workbook_format
from workbook_builder.definitions.layouts import Layout, Row, Table, held_months, shown_months
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.sheet_layouts import Breakdown
from workbook_builder.figures import Caseloads, Figures
from workbook_builder.indicators.benchmarks import BenchmarkValues, comparators_of, typed_benchmarks
from workbook_builder.indicators.rows import Indicator, judged_rows
from workbook_builder.indicators.team_tables import TeamTable, team_table
from workbook_builder.months import day_label
from workbook_builder.problems import counted
from workbook_builder.sheets.about_sheets import (
    BENCHMARK_COLUMNS_TABLE,
    BLANKS_TABLE,
    CHECKS_SHEET,
    CHECKS_SUMMARY_TABLE,
    DEFINITIONS_TABLE,
    NOTES_SHEET,
    PROBLEMS_TABLE,
    SOURCES_SHEET,
    SOURCES_TABLE,
    THRESHOLDS_TABLE,
    UNKNOWN_VALUES_TABLE,
    checks_sheet,
    cover_sheet,
    notes_sheet,
    sources_sheet,
)
from workbook_builder.sheets.board_table import board_sheet
from workbook_builder.sheets.caseload_sheet import (
    SummaryCells,
    caseload_sheet,
    origin,
    summary_cells,
)
from workbook_builder.sheets.chart_data import (
    CHART_DATA_TABLE,
    ChartData,
    board_cells,
    with_sparkline_options,
)
from workbook_builder.sheets.content import WorkbookContent
from workbook_builder.sheets.data_sheets import (
    BENCHMARKS_SHEET,
    COMMENTARY_SHEET,
    FIGURES_SHEET,
    REVISIONS_SHEET,
    REVISIONS_TABLE,
    TARGETS_SHEET,
    CommentRow,
    HeadlineRow,
    benchmarks_sheet,
    comment_rows,
    commentary_sheet,
    figures_sheet,
    memory_sheet,
    revisions_sheet,
    targets_sheet,
    with_marks,
)
from workbook_builder.sheets.data_table import unique_name
from workbook_builder.sheets.plan import Area, Plan, PlanTheme, Properties, SheetGroup, SheetPlan
from workbook_builder.sheets.slide_sheet import SlideContent, slide_sheet
from workbook_builder.sheets.slide_words import board_page, with_words
from workbook_builder.sheets.table_columns import TableContext, column_positions
from workbook_builder.sheets.team_sheet import team_sheet


@dataclass(frozen=True)
class LayoutSheets:
    """The sheets of a layout, their indicators, and the names of what is copied into slides.

    `comment_rows` are the rows of all tables that have a column of commentary; `chart_data` is the
    Chart data sheet, if there is anything on it.
    """

    boards: tuple[SheetPlan, ...]
    slides: tuple[SheetPlan, ...]
    team_sheets: tuple[SheetPlan, ...]
    caseload_sheets: tuple[SheetPlan, ...]
    chart_data: tuple[SheetPlan, ...]
    indicators: tuple[Indicator, ...]
    comment_rows: tuple[CommentRow, ...]
    names: tuple[tuple[str, str, Area], ...]
    headlines: tuple[HeadlineRow, ...] = ()


@dataclass(frozen=True)
class _JudgedBoard:
    sheet: SheetPlan
    indicators: Sequence[Indicator]
    comment_rows: tuple[CommentRow, ...]


def layout_sheets(
    content: WorkbookContent, figures: Figures, benchmarks: BenchmarkValues, reserved: Sequence[str]
) -> LayoutSheets:
    """Lay out the sheets of the layout.

    `figures` and `benchmarks` are those to show; `reserved` are names of native tables that the
    other sheets have.
    """
    return _LayoutSheetsBuilder(content, figures, benchmarks, reserved).build()


class _LayoutSheetsBuilder:
    def __init__(
        self,
        content: WorkbookContent,
        figures: Figures,
        benchmarks: BenchmarkValues,
        reserved: Sequence[str],
    ) -> None:
        self.content = content
        self.layout = content.layout
        self.definitions = content.definitions
        self.figures = figures
        self.benchmarks = benchmarks
        self.taken = list(reserved)
        self.months = content.months[-self.layout.months :]
        self.indicators = self._indicators()

    def build(self) -> LayoutSheets:
        boards = [self._board(table) for table in self.layout.tables]
        judged = [board.indicators for board in boards]
        cells = board_cells([board.sheet for board in boards], judged, self.months)
        data = ChartData(self.months, cells)
        team_sheets = tuple(self._team_sheets(data))
        caseload_sheets = tuple(self._caseload_sheets())
        slides = tuple(self._slides(caseload_sheets, data))
        board_sheets = tuple(
            with_sparkline_options(table.sparklines, board.sheet, data)
            for table, board in zip(self.layout.tables, boards, strict=True)
        )
        chart_data = data.sheet()
        headlines = tuple(self._headlines(slides))
        pages = self._names(board_sheets, [*slides, *team_sheets, *caseload_sheets])
        return LayoutSheets(
            boards=board_sheets,
            slides=slides,
            team_sheets=team_sheets,
            caseload_sheets=caseload_sheets,
            chart_data=(chart_data,) if chart_data else (),
            indicators=(*chain(*judged), *self.indicators.values()),
            comment_rows=tuple(chain(*(board.comment_rows for board in boards))),
            names=(*pages, *((row.cell, row.slide, row.area) for row in headlines)),
            headlines=headlines,
        )

    def _board(self, table: Table) -> _JudgedBoard:
        content, definitions = self.content, self.definitions
        months = content.months[-held_months(table, self.layout, definitions.measures) :]
        comparators = comparators_of(table, self.layout, definitions)
        context = TableContext(
            months=months,
            comparators=tuple(definitions.comparators[name] for name in comparators),
            folded=max(len(months) - shown_months(table, self.layout), 0),
            target_years=table.target_years,
            headings=table.headings,
        )
        indicators = judged_rows(
            table, definitions, self.figures, months, content.commentary, self.benchmarks,
            context.comparator_names,
        )  # fmt: skip
        name = self._table_name(table.name)
        sheet = board_sheet(table, name, indicators, context, content.subtitle)
        first_columns = column_positions(table.columns, context).first
        comments = tuple(comment_rows(sheet.tables[0], first_columns, indicators))
        if self.layout.table_slides:
            paged = board_page(sheet, table.title)
            sheet = with_words(paged, indicators, self.content, self.figures)
        return _JudgedBoard(sheet, indicators, comments)

    def _indicators(self) -> dict[str, Indicator]:
        """Return the indicators of all measures on team sheets and slides, by measure."""
        of_teams = (sheet.measures for sheet in self.layout.team_sheets)
        of_slides = (slide.measures for slide in self.layout.slides)
        measures = dict.fromkeys(chain(*of_teams, *of_slides))
        if not measures:
            return {}
        rows = tuple(Row(measure=measure) for measure in measures)
        table = Table(name="-", title="-", columns=("months",), rows=rows)
        judged = judged_rows(
            table, self.definitions, self.figures, self.months, benchmarks=self.benchmarks
        )
        return {indicator.measure: indicator for indicator in judged}

    def _table_name(self, text: str) -> str:
        self.taken.append(unique_name(text, self.taken))
        return self.taken[-1]

    def _team_table(self, breakdown: Breakdown) -> TeamTable:
        return team_table(breakdown, self.definitions, self.figures, self.months)

    def _team_sheets(self, data: ChartData) -> Iterator[SheetPlan]:
        for sheet in self.layout.team_sheets:
            tables = [self._team_table(breakdown) for breakdown in sheet.breakdowns]
            laid_out = team_sheet(sheet, tables, self._table_name, self.content.subtitle)
            yield with_sparkline_options(sheet.sparklines, laid_out, data)

    def _caseload_sheets(self) -> Iterator[SheetPlan]:
        teams, month = self.definitions.known_teams, self.content.month
        for number, sheet in enumerate(self.layout.caseloads):
            yield caseload_sheet(sheet, self._caseloads(number), teams, month, self._table_name)

    def _caseloads(self, number: int) -> Caseloads:
        """Return the caseloads of a caseload sheet, counted from 0."""
        if number < len(self.content.caseloads):
            return self.content.caseloads[number]
        return Caseloads(reason="No caseload list was given.")

    def _slides(self, caseload_sheets: Sequence[SheetPlan], data: ChartData) -> Iterator[SheetPlan]:
        teams = self.definitions.known_teams
        summary = SummaryCells(None, "")
        if caseload_sheets:  # slides show the first caseload sheet of the layout
            caseloads, threshold = self._caseloads(0), self.layout.caseloads[0].threshold
            source = origin(caseloads, self.content.month)
            summary = summary_cells(caseloads, source, threshold, teams, caseload_sheets[0])
        commentary, month = self.content.commentary, self.content.month
        headlines = {slide.name: commentary.of(slide.name, month) for slide in self.layout.slides}
        for slide in self.layout.slides:
            measures = {panel.teams for panel in slide.panels.values() if panel.teams}
            team_tables = {name: self._team_table(self._slide_breakdown(name)) for name in measures}
            sheet = slide_sheet(slide, SlideContent(
                self.indicators, team_tables, self.definitions.comparators, teams, summary, data,
                self.content.subtitle, headlines,
            ))  # fmt: skip
            indicators = [self.indicators[measure] for measure in slide.measures]
            yield with_words(sheet, indicators, self.content, self.figures)

    def _headlines(self, slides: Sequence[SheetPlan]) -> Iterator[HeadlineRow]:
        """Yield the headlines of the slides, each with a name for its cell."""
        for number, slide in enumerate(slides, 1):
            if slide.headline:
                area = slide.headline.cell
                cell = replace(area, last_row=area.first_row, last_column=area.first_column)
                yield HeadlineRow(slide.name, f"headline_{number}", cell, slide.headline.text)

    def _slide_breakdown(self, measure: str) -> Breakdown:
        """Return a measure by team as its team sheet has it, but with the rest in one row."""
        breakdowns = (
            breakdown
            for sheet in self.layout.team_sheets
            for breakdown in sheet.breakdowns
            if breakdown.measure == measure
        )
        usual = next(breakdowns, Breakdown(measure))
        return replace(usual, group=None, others="one_row", months=False)

    def _names(
        self, boards: Sequence[SheetPlan], pages: Sequence[SheetPlan]
    ) -> Iterator[tuple[str, str, Area]]:
        """Name each table and each page, to be copied into a slide or found by other programs."""
        named_boards = ((board.tables[0].name, board) for board in boards)
        named_pages = ((self._table_name(page.name), page) for page in pages if page.print_area)
        for table_name, sheet in chain(named_boards, named_pages):
            if sheet.print_area:
                yield f"n_{table_name.removeprefix('t_')}", sheet.name, sheet.print_area


#: Names of native tables that a layout's own tables may not take, whatever their sheets are called.
_RESERVED_TABLES = (
    *workbook_format.TABLES, DEFINITIONS_TABLE, BLANKS_TABLE, THRESHOLDS_TABLE,
    BENCHMARK_COLUMNS_TABLE, PROBLEMS_TABLE, UNKNOWN_VALUES_TABLE, CHECKS_SUMMARY_TABLE,
    CHART_DATA_TABLE, REVISIONS_TABLE, SOURCES_TABLE,
)  # fmt: skip

#: What the cover says of the sheets that the program adds.
_DESCRIPTIONS = {
    COMMENTARY_SHEET: "What people have written about the indicators",
    REVISIONS_SHEET: "Published figures that today's extracts would make others, and what was done",
    NOTES_SHEET: "What each indicator means, how it is counted, and why a month is blank",
    TARGETS_SHEET: "The targets in force; what is changed here holds from next month on",
    BENCHMARKS_SHEET: "The benchmarks in force; what is changed here holds from next month on",
    CHECKS_SHEET: "What was found in the extracts, and what was done about it",
    SOURCES_SHEET: "The files that this workbook was made from, and what became of their rows",
    FIGURES_SHEET: "Every figure with numerator and denominator, by month and team",
}

#: Excel allows no more characters in a property of the file.
_LONGEST_PROPERTY = 255


def compose(content: WorkbookContent) -> Plan:
    """Return the plan: cover, the layout's sheets, and the sheets that the program adds."""
    layout, definitions, month = content.layout, content.definitions, content.month
    measures, origins, findings = definitions.measures, content.origins, content.findings
    figures = with_marks(content.figures, origins.revisions, measures, month)
    benchmarks = (
        typed_benchmarks(definitions) if findings.benchmarks is None else findings.benchmarks
    )
    from_layout = layout_sheets(content, figures, benchmarks, _RESERVED_TABLES)
    revisions = (
        (revisions_sheet(origins.revisions, measures, origins.previous),)
        if origins.previous
        else ()
    )
    groups: dict[SheetGroup, tuple[SheetPlan, ...]] = {
        "board": from_layout.boards,
        "slides": from_layout.slides,
        "teams": (*from_layout.team_sheets, *from_layout.caseload_sheets),
        "commentary": (
            commentary_sheet(layout.measures, content.commentary, month), *revisions,
        ),
        "reference": (
            notes_sheet(from_layout.indicators, definitions, layout, month, benchmarks),
            checks_sheet(findings.problems, findings.unknown),
            sources_sheet(origins.sources, origins.build),
            targets_sheet(origins.targets, measures),
            benchmarks_sheet(origins.benchmarks, measures),
            figures_sheet(figures),
        ),
    }  # fmt: skip
    sheets = [replace(sheet, group=group) for group, listed in groups.items() for sheet in listed]
    memory = memory_sheet(
        figures, origins.listed, content.commentary, from_layout.comment_rows,
        headlines=from_layout.headlines, month=month,
    )  # fmt: skip
    written = f"Written by {content.stamp.program} on {day_label(content.stamp.written.date())}."
    contents = list(_contents(layout, sheets))
    cover = cover_sheet(layout.title, month.label, contents, written, content.logo)
    theme = _theme(layout, definitions)
    shown = (replace(cover, group="summary"), *sheets, *from_layout.chart_data, memory)
    return Plan(_properties(content), shown, from_layout.names, theme)


def _contents(layout: Layout, sheets: Sequence[SheetPlan]) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet with a line on what it holds."""
    descriptions = dict(_DESCRIPTIONS)
    descriptions |= {slide.name: f"Slide: {slide.title}" for slide in layout.slides}
    descriptions |= {table.name: counted(len(table.rows), "indicator") for table in layout.tables}
    descriptions |= {
        sheet.name: f"{counted(len(sheet.blocks), 'indicator')} by team"
        for sheet in layout.team_sheets
    }
    descriptions |= {
        sheet.name: f"Caseloads of {sheet.threshold} or more, and all of them by team"
        for sheet in layout.caseloads
    }
    yield from ((sheet.name, descriptions[sheet.name]) for sheet in sheets)


def _theme(layout: Layout, definitions: Definitions) -> PlanTheme:
    chosen = definitions.themes.get(layout.theme)
    return PlanTheme(chosen.main, chosen.pale, chosen.accent) if chosen else PlanTheme()


def _properties(content: WorkbookContent) -> Properties:
    """Return the properties of the file, by which next month's build knows it again."""
    layout, stamp = content.layout, content.stamp
    custom = (
        (workbook_format.MONTH_PROPERTY, str(content.month)),
        (workbook_format.LAYOUT_PROPERTY, layout.name),
        (workbook_format.PROGRAM_PROPERTY, stamp.program),
        (workbook_format.FORMAT_PROPERTY, str(workbook_format.FORMAT)),
        (workbook_format.AUTHORITY_PROPERTY, layout.authority),
        (workbook_format.AUTHOR_PROPERTY, layout.author),
    )
    return Properties(
        title=f"{layout.title} {content.month.label}",
        author=layout.author,
        created=stamp.written,
        custom=tuple((name, text[:_LONGEST_PROPERTY]) for name, text in custom if text),
    )

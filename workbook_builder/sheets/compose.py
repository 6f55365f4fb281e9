"""Compose the plan of a whole workbook from a layout and everything that its sheets show."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from workbook_builder import workbook_format
from workbook_builder.definitions.layouts import Layout, Row, Table, held_months, shown_months
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.sheet_layouts import DEFAULT_SLIDE_COLUMNS, Breakdown, Panel
from workbook_builder.figures import Caseloads, Figures
from workbook_builder.indicators.benchmarks import BenchmarkValues, comparators_of, typed_benchmarks
from workbook_builder.indicators.highlights import each_measure_once
from workbook_builder.indicators.rows import Indicator, judged_rows
from workbook_builder.indicators.team_tables import TeamTable, team_table
from workbook_builder.months import Month, day_label
from workbook_builder.problems import counted
from workbook_builder.sheets.about_sheets import (
    BENCHMARK_COLUMNS_TABLE,
    BLANKS_TABLE,
    CHECKS_SUMMARY_TABLE,
    DEFINITIONS_TABLE,
    PROBLEMS_TABLE,
    SOURCES_TABLE,
    THRESHOLDS_TABLE,
    UNKNOWN_VALUES_TABLE,
    checks_sheet,
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
    REVISIONS_TABLE,
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
from workbook_builder.sheets.summary_sheet import (
    SUMMARY_SHEET,
    BoardRow,
    LinkColumns,
    SummaryPage,
    month_in_brief,
    summary_of,
    summary_sheet,
)
from workbook_builder.sheets.table_columns import TableContext, column_positions
from workbook_builder.sheets.team_sheet import team_sheet
from workbook_builder.workbook_format import KEY_MESSAGES


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
    board_rows: tuple[BoardRow, ...] = ()


@dataclass(frozen=True)
class _JudgedBoard:
    sheet: SheetPlan
    indicators: Sequence[Indicator]
    comment_rows: tuple[CommentRow, ...]
    rows: tuple[BoardRow, ...]


def layout_sheets(
    content: WorkbookContent, figures: Figures, benchmarks: BenchmarkValues, reserved: Sequence[str]
) -> LayoutSheets:
    """Lay out the sheets of the layout.

    `figures` and `benchmarks` are those to show; `reserved` are names of native tables that the
    other sheets have.
    """
    return _LayoutSheetsBuilder(content, figures, benchmarks, reserved).build()


def _empty_columns(indicators: Sequence[Indicator]) -> frozenset[str]:
    """Return the kinds of columns that no row of any table has anything for.

    A council without any target, or without any benchmark, is not shown empty columns for them.
    """
    held = {
        "target": any(row.target and not row.target.missing for row in indicators),
        "targets_by_year": any(entry and not entry.missing
                               for row in indicators for entry in row.targets_by_year),
        "benchmarks": any(not entry.missing for row in indicators for entry in row.benchmarks),
    }  # fmt: skip
    empty = {kind for kind, filled in held.items() if not filled}
    return frozenset(empty | {"rag"} if "target" in empty else empty)


def _table_without(table: Table, empty: Collection[str]) -> Table:
    columns = tuple(kind for kind in table.columns if kind not in empty)
    return replace(table, columns=columns) if columns else table


def _panel_without(panel: Panel, empty: Collection[str]) -> Panel:
    if not panel.table:
        return panel
    columns = DEFAULT_SLIDE_COLUMNS if panel.columns is None else panel.columns
    return replace(panel, columns=tuple(kind for kind in columns if kind not in empty))


@dataclass(frozen=True)
class _JudgedTable:
    """A table of the layout with its rows, judged."""

    table: Table
    context: TableContext
    indicators: Sequence[Indicator]


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
        self.empty: frozenset[str] = frozenset()
        self.months = content.months[-self.layout.months :]
        self.indicators = self._indicators()

    def build(self) -> LayoutSheets:
        tables = [self._judged(table) for table in self.layout.tables]
        rows = chain(self.indicators.values(), *(table.indicators for table in tables))
        self.empty = _empty_columns(tuple(rows))
        boards = [self._board(table) for table in tables]
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
            board_rows=tuple(chain(*(board.rows for board in boards))),
            names=(*pages, *((row.cell, row.slide, row.area) for row in headlines)),
            headlines=headlines,
        )

    def _judged(self, table: Table) -> _JudgedTable:
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
        return _JudgedTable(table, context, indicators)

    def _board(self, judged: _JudgedTable) -> _JudgedBoard:
        context, indicators = judged.context, judged.indicators
        table = _table_without(judged.table, self.empty)
        name = self._table_name(table.name)
        sheet = board_sheet(table, name, indicators, context, self.content.subtitle)
        first_columns = column_positions(table.columns, context).first
        comments = tuple(comment_rows(sheet.tables[0], first_columns, indicators))
        if self.layout.table_slides:
            paged = board_page(sheet, table.title)
            sheet = with_words(paged, indicators, self.content, self.figures)
        first_row = sheet.tables[0].area.first_row + 1
        rows = tuple(
            BoardRow(indicator, sheet.name, row, first_columns)
            for row, indicator in enumerate(indicators, first_row)
        )
        return _JudgedBoard(sheet, indicators, comments, rows)

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
            panels = {name: _panel_without(panel, self.empty)
                      for name, panel in slide.panels.items()}  # fmt: skip
            sheet = slide_sheet(replace(slide, panels=panels), SlideContent(
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
        """Return a measure by team as its team sheet has it, worst first, the rest in one row."""
        breakdowns = (
            breakdown
            for sheet in self.layout.team_sheets
            for breakdown in sheet.breakdowns
            if breakdown.measure == measure
        )
        usual = next(breakdowns, Breakdown(measure))
        return replace(usual, group=None, others="one_row", months=False, sort="worst")

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

#: What the summary calls the parts of the workbook, with the column of links that each stands in.
_PARTS: tuple[tuple[SheetGroup, str, int], ...] = (
    ("board", "Board tables", 0), ("slides", "Slides", 1), ("teams", "Teams and caseloads", 2),
    ("commentary", "Commentary", 3), ("reference", "Behind the figures", 3),
)  # fmt: skip

#: Excel allows no more characters in a property of the file.
_LONGEST_PROPERTY = 255


def compose(content: WorkbookContent, *, whole: bool = True) -> Plan:
    """Return the plan: summary, the layout's sheets, and the sheets that the program adds.

    Unless it is to be `whole`, the list of all figures is empty and hidden, and so is their copy.
    """
    layout, definitions, month = content.layout, content.definitions, content.month
    measures, origins, findings = definitions.measures, content.origins, content.findings
    figures = with_marks(content.figures, origins.revisions, measures, month)
    benchmarks = (
        typed_benchmarks(definitions) if findings.benchmarks is None else findings.benchmarks
    )
    from_layout = layout_sheets(content, figures, benchmarks, _RESERVED_TABLES)
    summary = summary_of(from_layout.board_rows, figures, origins, month)
    # Words are beside what the board tables say of a measure, where they show it.
    beside = {each.measure: each for each in each_measure_once(from_layout.indicators)}
    beside |= {name: row.indicator for name, row in summary.rows.items()}
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
            commentary_sheet(layout.measures, content.commentary, month, beside, summary.rows),
            *revisions,
        ),
        "reference": (
            notes_sheet(from_layout.indicators, definitions, layout, month, benchmarks),
            checks_sheet(findings.problems, findings.unknown),
            sources_sheet(origins.sources, origins.build),
            targets_sheet(origins.targets, measures),
            benchmarks_sheet(origins.benchmarks, measures),
            figures_sheet(figures) if whole else replace(figures_sheet(()), hidden=True),
        ),
    }  # fmt: skip
    written = day_label(content.stamp.written.date())
    page = SummaryPage(
        title=_title(definitions, layout, month),
        subtitle=f"Written by {content.stamp.program} on {written}.",
        links=_links(groups),
        printing=_printing(groups),
        written={name: content.commentary.of(name, month) for name in KEY_MESSAGES},
        logo=content.logo,
    )
    first, messages = summary_sheet(summary, page)
    groups = {"summary": (first,), **groups}
    sheets = [replace(sheet, group=group) for group, listed in groups.items() for sheet in listed]
    # A key message is kept as a slide's headline is: what a person makes of it counts from then on.
    kept = [HeadlineRow(each.name, each.cell, each.area, each.text) for each in messages]
    memory = memory_sheet(
        figures if whole else Figures(()), origins.listed, content.commentary,
        from_layout.comment_rows, headlines=(*from_layout.headlines, *kept), month=month,
    )  # fmt: skip
    names = (*from_layout.names, *((row.cell, SUMMARY_SHEET, row.area) for row in kept))
    shown = (*sheets, *from_layout.chart_data, memory)
    brief = month_in_brief(summary, origins)
    return Plan(_properties(content), shown, names, _theme(layout, definitions), brief=brief)


def _title(definitions: Definitions, layout: Layout, month: Month) -> str:
    """Return the title of the workbook: the council if it is known, the layout and the month."""
    authority = definitions.authority_of(layout)
    council = authority.short_name if authority else ""
    return ", ".join(text for text in (council, layout.title, month.label) if text)


def _links(groups: Mapping[SheetGroup, Sequence[SheetPlan]]) -> LinkColumns:
    """Return the columns of links to all sheets."""
    columns: list[list[tuple[str, Sequence[str]]]] = [[] for _ in range(4)]
    for group, heading, column in _PARTS:
        if groups[group]:
            columns[column].append((heading, [sheet.name for sheet in groups[group]]))
    return columns


def _printing(groups: Mapping[SheetGroup, Sequence[SheetPlan]]) -> str:
    """Say how the board is printed: the sheets from the first to the last slide, so many pages."""
    printed = (*groups["board"], *groups["slides"])
    pages = 1 + sum(max(1, len(sheet.page_areas)) for sheet in printed)
    last = printed[-1].name
    return (
        f"To print the board ({counted(pages, 'page')} of A4): click the first tab, hold Shift, "
        f'click "{last}", and print the active sheets.'
    )


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

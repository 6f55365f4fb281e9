"""A layout and all figures into the plan of the whole workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from workbook_builder.commentary import Commentary
from workbook_builder.definitions.layouts import Layout, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.month_ranges import held_months, shown_months
from workbook_builder.definitions.sheet_layouts import Breakdown
from workbook_builder.figures import Caseloads, FigureKey, Figures, Listed, Revision
from workbook_builder.indicators.benchmarks import BenchmarkValues, comparators_of, typed
from workbook_builder.indicators.caseload_summary import summed_up
from workbook_builder.indicators.rows import NOTHING_WRITTEN, Indicator, judged_rows
from workbook_builder.indicators.team_tables import TeamTable, team_table
from workbook_builder.months import Month, day_label
from workbook_builder.problems import Problem, counted
from workbook_builder.sheets.about_sheets import CHECKS_SHEET as CHECKS_NAME
from workbook_builder.sheets.about_sheets import (
    PROBLEMS_TABLE,
    SUMMARY_TABLE,
    UNKNOWN_TABLE,
    SourceRow,
    Unknown,
    checks_sheet,
    cover_sheet,
    sources_sheet,
)
from workbook_builder.sheets.about_sheets import SOURCES_SHEET as SOURCES_NAME
from workbook_builder.sheets.about_sheets import TABLE as SOURCES_TABLE
from workbook_builder.sheets.board_table import board_sheet
from workbook_builder.sheets.caseload_sheet import caseload_sheet, origin
from workbook_builder.sheets.chart_data import NAME as CHART_DATA
from workbook_builder.sheets.chart_data import TABLE as CHART_DATA_TABLE
from workbook_builder.sheets.chart_data import ChartData, as_asked, board_sources
from workbook_builder.sheets.data_sheets import (
    BENCHMARKS,
    MEMORY_TABLES,
    TARGETS,
    CommentRow,
    ValueRow,
    benchmarks_sheet,
    comment_rows,
    commentary_sheet,
    figures_sheet,
    memory_sheet,
    targets_sheet,
)
from workbook_builder.sheets.data_sheets import COMMENTARY_SHEET as COMMENTARY_NAME
from workbook_builder.sheets.data_sheets import FIGURES_SHEET as FIGURES_NAME
from workbook_builder.sheets.data_sheets import VALUE_TABLES as TARGETS_TABLES
from workbook_builder.sheets.data_table import free_name
from workbook_builder.sheets.notes import (
    BENCHMARKS_TABLE,
    BLANKS_TABLE,
    DEFINITIONS_TABLE,
    THRESHOLDS_TABLE,
    notes_sheet,
)
from workbook_builder.sheets.notes import NAME as NOTES_NAME
from workbook_builder.sheets.plan import Area, Plan, PlanTheme, Properties, Sheet
from workbook_builder.sheets.revisions_sheet import TABLE as REVISIONS_TABLE
from workbook_builder.sheets.revisions_sheet import revisions_sheet, with_marks
from workbook_builder.sheets.slide_sheet import CaseloadPlace, Stage, caseload_place, slide_sheet
from workbook_builder.sheets.table_columns import TableContext, placed
from workbook_builder.sheets.team_sheet import team_sheet
from workbook_builder.workbook_format import (
    AUTHOR_PROPERTY,
    AUTHORITY_PROPERTY,
    COMMENTARY_TABLE,
    FIGURES_TABLE,
    FORMAT,
    FORMAT_PROPERTY,
    LAYOUT_PROPERTY,
    MONTH_PROPERTY,
    PROGRAM_PROPERTY,
)

Contents = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Material:
    """All that the sheets are made of."""

    layout: Layout
    definitions: Definitions
    figures: Figures
    months: tuple[Month, ...]
    caseloads: tuple[Caseloads, ...]
    subtitle: str
    held: BenchmarkValues | None = None


@dataclass(frozen=True)
class Further:
    """The sheets, with what the cover says of them and the names of what is copied elsewhere.

    `boards` are the board tables as they were, or with what their sparklines need elsewhere.
    """

    boards: tuple[Sheet, ...]
    slides: tuple[Sheet, ...]
    sheets: tuple[Sheet, ...]
    data: tuple[Sheet, ...]
    indicators: tuple[Indicator, ...]
    slide_contents: Contents
    sheet_contents: Contents
    names: tuple[tuple[str, str, Area], ...]

    @property
    def data_contents(self) -> Contents:
        """What the cover says of the sheet that charts draw from."""
        said = "What charts draw that stands in no other table"
        return ((CHART_DATA, said),) if self.data else ()


def further_sheets(
    material: Material,
    boards: Sequence[Sheet],
    judged: Sequence[Sequence[Indicator]],
    taken: Sequence[str],
) -> Further:
    """Return the sheets; `taken` are names of tables that there are already."""
    return _SheetBuilder(material, boards, judged, taken).made()


class _SheetBuilder:
    def __init__(
        self,
        material: Material,
        boards: Sequence[Sheet],
        judged: Sequence[Sequence[Indicator]],
        taken: Sequence[str],
    ) -> None:
        self.of = material
        self.boards = boards
        self.judged = judged
        self.taken = list(taken)
        self.teams = material.definitions.known_teams
        self.data = ChartData(material.months, board_sources(boards, judged, material.months))

    def made(self) -> Further:
        layout = self.of.layout
        teams = [self._team_sheet(at) for at in range(len(layout.team_sheets))]
        caseloads = tuple(self._caseload_sheets())
        slides = tuple(self._slides(caseloads))
        tables = zip(layout.tables, self.boards, strict=True)
        boards = tuple(as_asked(table.sparklines, board, self.data) for table, board in tables)
        sheet = self.data.sheet()
        return Further(
            boards, slides, (*teams, *caseloads), (sheet,) if sheet else (),
            tuple(self.indicators.values()), tuple(self._slide_contents()),
            tuple(self._sheet_contents()), tuple(self._names([*slides, *teams, *caseloads])),
        )  # fmt: skip

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators of all measures that stand on these sheets."""
        layout = self.of.layout
        shown = [name for sheet in layout.team_sheets for name in sheet.measures]
        names = dict.fromkeys([*shown, *(name for one in layout.slides for name in one.measures)])
        if not names:
            return {}
        rows = tuple(Row(measure=name) for name in names)
        table = Table(name="-", title="-", columns=("months",), rows=rows)
        material = self.of
        made = judged_rows(
            table, material.definitions, material.figures, material.months, held=material.held
        )
        return {indicator.measure: indicator for indicator in made}

    def _table_name(self, text: str) -> str:
        self.taken.append(free_name(text, self.taken))
        return self.taken[-1]

    def _team_table(self, breakdown: Breakdown) -> TeamTable:
        return team_table(breakdown, self.of.definitions, self.of.figures, self.of.months)

    def _team_sheet(self, at: int) -> Sheet:
        sheet = self.of.layout.team_sheets[at]
        tables = [self._team_table(one) for one in sheet.breakdowns]
        laid = team_sheet(sheet, tables, self._table_name, self.of.subtitle)
        return as_asked(sheet.sparklines, laid, self.data)

    def _caseload_sheets(self) -> Iterator[Sheet]:
        month = self.of.months[-1]
        for at, sheet in enumerate(self.of.layout.caseloads):
            yield caseload_sheet(sheet, self._caseloads(at), self.teams, month, self._table_name)

    def _caseloads(self, at: int) -> Caseloads:
        given = self.of.caseloads
        return given[at] if at < len(given) else Caseloads(reason="No caseload list was given.")

    def _slides(self, caseload_sheets: Sequence[Sheet]) -> Iterator[Sheet]:
        place = self._caseload_place(caseload_sheets)
        for slide in self.of.layout.slides:
            names = dict.fromkeys(one.teams for one in slide.panels.values() if one.teams)
            stage = Stage(
                self.indicators, {name: self._team_table(self._on_slide(name)) for name in names},
                self.of.definitions.comparators, self.teams, place, self.data, self.of.subtitle,
            )  # fmt: skip
            yield slide_sheet(slide, stage)

    def _caseload_place(self, sheets: Sequence[Sheet]) -> CaseloadPlace:
        """Slides show the first caseload sheet of the layout."""
        if not sheets:
            return CaseloadPlace(None, "")
        first, found = self.of.layout.caseloads[0], self._caseloads(0)
        summary = summed_up(found, first.threshold, self.teams) if found.workers else None
        return caseload_place(summary, origin(found, self.of.months[-1]), sheets[0])

    def _on_slide(self, measure: str) -> Breakdown:
        """Return a measure by team as its team sheet has it, but with the rest in one row."""
        sheets = self.of.layout.team_sheets
        blocks = (one for sheet in sheets for one in sheet.breakdowns if one.measure == measure)
        usual = next(blocks, Breakdown(measure))
        return replace(usual, group=None, others="one_row", months=False)

    def _slide_contents(self) -> Iterator[tuple[str, str]]:
        for slide in self.of.layout.slides:
            yield slide.name, f"Slide: {slide.title}"

    def _sheet_contents(self) -> Iterator[tuple[str, str]]:
        for sheet in self.of.layout.team_sheets:
            yield sheet.name, f"{counted(len(sheet.blocks), 'indicator')} by team"
        for one in self.of.layout.caseloads:
            yield one.name, f"Caseloads of {one.threshold} or more, and all of them by team"

    def _names(self, sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, Area]]:
        """Name each page, to be copied into a slide or to be found by other programs."""
        name: Callable[[str], str] = self._table_name
        for sheet in sheets:
            if sheet.print_area:
                yield f"n_{name(sheet.name).removeprefix('t_')}", sheet.name, sheet.print_area


#: Names of tables that a layout's own tables may not take, whatever their sheets are called.
_OWN_TABLES = (
    FIGURES_TABLE, DEFINITIONS_TABLE, BLANKS_TABLE, THRESHOLDS_TABLE, PROBLEMS_TABLE,
    UNKNOWN_TABLE, SUMMARY_TABLE, BENCHMARKS_TABLE, COMMENTARY_TABLE, CHART_DATA_TABLE,
    REVISIONS_TABLE, SOURCES_TABLE, *MEMORY_TABLES, *TARGETS_TABLES,
)  # fmt: skip

_REVISIONS_HOLD = "Published figures that today's extracts would make others, and what was done"
#: Excel allows no more in a property of the file.
_LONGEST_PROPERTY = 255


@dataclass(frozen=True)
class Stamp:
    """When a workbook is written and by which program."""

    written: datetime
    program: str


@dataclass(frozen=True)
class Findings:
    """What a build met: all problems so far, and the values that no code list knows.

    `benchmarks` are those of the definitions unless published statistics gave others.
    """

    problems: tuple[Problem, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    benchmarks: BenchmarkValues | None = None


NOTHING_FOUND = Findings()


@dataclass(frozen=True)
class Origins:
    """Where a workbook comes from: its files, facts about the build, and last month's workbook.

    `previous` is its name, or nothing; `revisions` are what became of its figures, `listed` what
    the next workbook must know of them.
    """

    sources: tuple[SourceRow, ...] = ()
    build: tuple[tuple[str, str], ...] = ()
    previous: str = ""
    revisions: tuple[Revision, ...] = ()
    listed: Mapping[FigureKey, Listed] = field(default_factory=dict)
    targets: tuple[ValueRow, ...] = ()
    benchmarks: tuple[ValueRow, ...] = ()


NO_ORIGINS = Origins()


def compose(
    layout: Layout,
    definitions: Definitions,
    figures: Figures,
    months: Sequence[Month],
    stamp: Stamp,
    findings: Findings = NOTHING_FOUND,
    commentary: Commentary = NOTHING_WRITTEN,
    logo: bytes = b"",
    caseloads: Sequence[Caseloads] = (),
    origins: Origins = NO_ORIGINS,
) -> Plan:
    """Return the plan: cover, the layout's tables, and the sheets that the program makes itself.

    `months` are as many as any table of the layout holds; `logo` is a PNG picture for the cover;
    `caseloads` are those of each caseload sheet of the layout, in order.
    """
    figures = with_marks(figures, origins.revisions, definitions.measures, months[-1])
    held = typed(definitions) if findings.benchmarks is None else findings.benchmarks
    settings = [_setting(table, layout, definitions, months) for table in layout.tables]
    judged = [
        judged_rows(table, definitions, figures, setting.months, commentary, held, setting.names)
        for table, setting in zip(layout.tables, settings, strict=True)
    ]
    subtitle = f"{layout.title}, {months[-1].label}"
    table_names = _table_names(layout.tables)
    boards = [
        board_sheet(table, name, rows, setting, subtitle)
        for table, name, rows, setting in zip(
            layout.tables, table_names, judged, settings, strict=True
        )
    ]
    shown = tuple(months[-layout.months :])
    material = Material(layout, definitions, figures, shown, tuple(caseloads), subtitle, held)
    further = further_sheets(material, boards, judged, [*_OWN_TABLES, *table_names])
    every = [*(indicator for rows in judged for indicator in rows), *further.indicators]
    rows = [row for board in zip(boards, layout.tables, settings, judged, strict=True)
            for row in _comment_rows(*board)]  # fmt: skip
    revised = _revised(origins, definitions)
    contents = _contents(layout, further, revised)
    sheets = (
        cover_sheet(layout.title, months[-1].label, contents, _written(stamp), logo),
        *further.slides,
        *further.boards,
        *further.sheets,
        commentary_sheet(layout.measures, commentary, months[-1]),
        *revised,
        notes_sheet(every, definitions, layout, months[-1], held),
        targets_sheet(origins.targets, definitions.measures),
        benchmarks_sheet(origins.benchmarks, definitions.measures),
        checks_sheet(findings.problems, findings.unknown),
        sources_sheet(origins.sources, origins.build),
        *further.data,
        figures_sheet(figures),
        memory_sheet(figures, origins.listed, commentary, rows),
    )
    properties = _properties(layout, months[-1], stamp)
    names = (*_names(boards), *further.names)
    return Plan(properties, sheets, names, _theme(layout, definitions))


def _comment_rows(
    board: Sheet, table: Table, setting: TableContext, indicators: Sequence[Indicator]
) -> Iterator[CommentRow]:
    """Yield what tells the rows of a table with commentary, for the hidden sheet."""
    places, _ = placed(table.columns, setting)
    yield from comment_rows(board.tables[0], places.first, indicators)


def _revised(origins: Origins, definitions: Definitions) -> list[Sheet]:
    """Return the Revisions sheet where there is a workbook of last month to hold against."""
    if not origins.previous:
        return []
    return [revisions_sheet(origins.revisions, definitions.measures, origins.previous)]


def _contents(
    layout: Layout, further: Further, revised: Sequence[Sheet]
) -> tuple[tuple[str, str], ...]:
    return (
        *further.slide_contents,
        *((table.name, _indicators(len(table.rows))) for table in layout.tables),
        *further.sheet_contents,
        (COMMENTARY_NAME, "What people have written about the indicators"),
        *((sheet.name, _REVISIONS_HOLD) for sheet in revised),
        (NOTES_NAME, "What each indicator means, how it is counted, and why a month is blank"),
        (TARGETS, "The targets in force; what is changed here holds from next month on"),
        (BENCHMARKS, "The benchmarks in force; what is changed here holds from next month on"),
        (CHECKS_NAME, "What was found in the extracts, and what was done about it"),
        (SOURCES_NAME, "The files that this workbook was made from, and what became of their rows"),
        *further.data_contents,
        (FIGURES_NAME, "Every figure with numerator and denominator, by month and team"),
    )


def _theme(layout: Layout, definitions: Definitions) -> PlanTheme:
    chosen = definitions.themes.get(layout.theme)
    return PlanTheme(chosen.main, chosen.pale, chosen.accent) if chosen else PlanTheme()


def _setting(
    table: Table, layout: Layout, definitions: Definitions, months: Sequence[Month]
) -> TableContext:
    held = months[-held_months(table, layout, definitions) :]
    return TableContext(
        months=tuple(held),
        comparators=tuple(
            definitions.comparators[name] for name in comparators_of(table, layout, definitions)
        ),
        folded=max(len(held) - shown_months(table, layout), 0),
        target_years=table.target_years,
        headings=table.headings,
    )


def _indicators(count: int) -> str:
    return f"{count} indicators" if count > 1 else "1 indicator"


def _written(stamp: Stamp) -> str:
    return f"Written by {stamp.program} on {day_label(stamp.written.date())}."


def _properties(layout: Layout, month: Month, stamp: Stamp) -> Properties:
    given = (
        (MONTH_PROPERTY, str(month)),
        (LAYOUT_PROPERTY, layout.name),
        (PROGRAM_PROPERTY, stamp.program),
        (FORMAT_PROPERTY, str(FORMAT)),
        (AUTHORITY_PROPERTY, layout.authority),
        (AUTHOR_PROPERTY, layout.author),
    )
    custom = tuple((name, text[:_LONGEST_PROPERTY]) for name, text in given if text)
    return Properties(f"{layout.title} {month.label}", layout.author, stamp.written, custom)


def _table_names(tables: Sequence[Table]) -> list[str]:
    names = list(_OWN_TABLES)
    for table in tables:
        names.append(free_name(table.name, names))
    return names[len(_OWN_TABLES) :]


def _names(boards: Sequence[Sheet]) -> tuple[tuple[str, str, Area], ...]:
    """Name each table with its title and headings, as it is copied into a slide."""
    return tuple(
        (f"n_{board.tables[0].name.removeprefix('t_')}", board.name, board.print_area)
        for board in boards
        if board.print_area
    )

"""A layout and all figures into the plan of the whole workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workbook_builder.caseloads import Caseloads
from workbook_builder.commentary import Commentary
from workbook_builder.definitions.layouts import Layout, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.spans import held_months, shown_months
from workbook_builder.figures import FigureKey, Figures
from workbook_builder.indicators.benchmarks import Held, comparators_of, typed
from workbook_builder.indicators.rows import NOTHING_WRITTEN, Indicator, judged_rows
from workbook_builder.memory_format import (
    AUTHOR_PROPERTY,
    AUTHORITY_PROPERTY,
    FORMAT,
    FORMAT_PROPERTY,
    LAYOUT_PROPERTY,
    MONTH_PROPERTY,
    PROGRAM_PROPERTY,
)
from workbook_builder.months import Month, day_label
from workbook_builder.problems import Problem
from workbook_builder.revisions import Listed, Revision
from workbook_builder.sheets.board_table import board_sheet
from workbook_builder.sheets.chart_data import TABLE as CHART_DATA_TABLE
from workbook_builder.sheets.checks import NAME as CHECKS_NAME
from workbook_builder.sheets.checks import (
    PROBLEMS_TABLE,
    SUMMARY_TABLE,
    UNKNOWN_TABLE,
    Unknown,
    checks_sheet,
)
from workbook_builder.sheets.column import Setting
from workbook_builder.sheets.columns import placed
from workbook_builder.sheets.commentary_sheet import NAME as COMMENTARY_NAME
from workbook_builder.sheets.commentary_sheet import TABLE as COMMENTARY_TABLE
from workbook_builder.sheets.commentary_sheet import commentary_sheet
from workbook_builder.sheets.cover import cover_sheet
from workbook_builder.sheets.figures_sheet import NAME as FIGURES_NAME
from workbook_builder.sheets.figures_sheet import TABLE as FIGURES_TABLE
from workbook_builder.sheets.figures_sheet import figures_sheet
from workbook_builder.sheets.free_names import free_name
from workbook_builder.sheets.further import Further, Material, further_sheets
from workbook_builder.sheets.memory_sheet import TABLES as MEMORY_TABLES
from workbook_builder.sheets.memory_sheet import CommentRow, comment_rows, memory_sheet
from workbook_builder.sheets.notes import (
    BENCHMARKS_TABLE,
    BLANKS_TABLE,
    DEFINITIONS_TABLE,
    THRESHOLDS_TABLE,
    notes_sheet,
)
from workbook_builder.sheets.notes import NAME as NOTES_NAME
from workbook_builder.sheets.plan import Area, Plan, Properties, Sheet, Theme
from workbook_builder.sheets.revisions import TABLE as REVISIONS_TABLE
from workbook_builder.sheets.revisions import revisions_sheet, with_marks
from workbook_builder.sheets.sources import NAME as SOURCES_NAME
from workbook_builder.sheets.sources import TABLE as SOURCES_TABLE
from workbook_builder.sheets.sources import Source, sources_sheet
from workbook_builder.sheets.targets_sheet import (
    BENCHMARKS,
    TARGETS,
    ValueRow,
    benchmarks_sheet,
    targets_sheet,
)
from workbook_builder.sheets.targets_sheet import TABLES as TARGETS_TABLES

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
    benchmarks: Held | None = None


NOTHING_FOUND = Findings()


@dataclass(frozen=True)
class Origins:
    """Where a workbook comes from: its files, facts about the build, and last month's workbook.

    `previous` is its name, or nothing; `revisions` are what became of its figures, `listed` what
    the next workbook must know of them.
    """

    sources: tuple[Source, ...] = ()
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
    board: Sheet, table: Table, setting: Setting, indicators: Sequence[Indicator]
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


def _theme(layout: Layout, definitions: Definitions) -> Theme:
    chosen = definitions.themes.get(layout.theme)
    return Theme(chosen.main, chosen.pale, chosen.accent) if chosen else Theme()


def _setting(
    table: Table, layout: Layout, definitions: Definitions, months: Sequence[Month]
) -> Setting:
    held = months[-held_months(table, layout, definitions) :]
    return Setting(
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

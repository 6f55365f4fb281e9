"""Compose the plan of a whole workbook from a layout and everything that its sheets show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_builder import workbook_format
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.indicators.benchmarks import typed_benchmarks
from workbook_builder.months import day_label
from workbook_builder.problems import counted
from workbook_builder.sheets.about_sheets import (
    CHECKS_SHEET,
    CHECKS_SUMMARY_TABLE,
    PROBLEMS_TABLE,
    SOURCES_SHEET,
    SOURCES_TABLE,
    UNKNOWN_VALUES_TABLE,
    checks_sheet,
    cover_sheet,
    sources_sheet,
)
from workbook_builder.sheets.chart_data import CHART_DATA_SHEET, CHART_DATA_TABLE
from workbook_builder.sheets.content import WorkbookContent
from workbook_builder.sheets.data_sheets import (
    BENCHMARKS_SHEET,
    COMMENTARY_SHEET,
    FIGURES_SHEET,
    TARGETS_SHEET,
    benchmarks_sheet,
    commentary_sheet,
    figures_sheet,
    memory_sheet,
    targets_sheet,
)
from workbook_builder.sheets.layout_sheets import layout_sheets
from workbook_builder.sheets.notes_sheet import (
    BENCHMARK_COLUMNS_TABLE,
    BLANKS_TABLE,
    DEFINITIONS_TABLE,
    NOTES_SHEET,
    THRESHOLDS_TABLE,
    notes_sheet,
)
from workbook_builder.sheets.plan import Plan, PlanTheme, Properties, SheetPlan
from workbook_builder.sheets.revisions_sheet import (
    REVISIONS_SHEET,
    REVISIONS_TABLE,
    revisions_sheet,
    with_marks,
)

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
    CHART_DATA_SHEET: "What charts draw that stands in no other table",
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
    sheets = (
        *from_layout.slides,
        *from_layout.boards,
        *from_layout.team_sheets,
        *from_layout.caseload_sheets,
        commentary_sheet(layout.measures, content.commentary, month),
        *([revisions_sheet(origins.revisions, measures, origins.previous)]
          if origins.previous else []),
        notes_sheet(from_layout.indicators, definitions, layout, month, benchmarks),
        targets_sheet(origins.targets, measures),
        benchmarks_sheet(origins.benchmarks, measures),
        checks_sheet(findings.problems, findings.unknown),
        sources_sheet(origins.sources, origins.build),
        *from_layout.chart_data,
        figures_sheet(figures),
    )  # fmt: skip
    memory = memory_sheet(figures, origins.listed, content.commentary, from_layout.comment_rows)
    written = f"Written by {content.stamp.program} on {day_label(content.stamp.written.date())}."
    contents = list(_contents(layout, sheets))
    cover = cover_sheet(layout.title, month.label, contents, written, content.logo)
    theme = _theme(layout, definitions)
    return Plan(_properties(content), (cover, *sheets, memory), from_layout.names, theme)


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

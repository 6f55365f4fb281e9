"""The sheets about the workbook itself: Notes, Checks and Sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measure_text import (
    WORKING_DAYS,
    how_counted,
    polarity_word,
    taken_from,
    thresholds,
)
from workbook_builder.definitions.targets import Target
from workbook_builder.indicators.benchmarks import (
    Benchmark,
    BenchmarkValues,
    comparators_of,
    typed_benchmarks,
)
from workbook_builder.indicators.rounding import decimals_shown, value_text
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month, months_text
from workbook_builder.problems import Level, Problem, ProblemKind, Where, by_effect, counted
from workbook_builder.sheets.content import SourceRow, UnknownValueRow
from workbook_builder.sheets.data_table import (
    SECTION_HEIGHT,
    TITLE_HEIGHTS,
    TableStack,
    Value,
    data_table,
    titles,
    widths,
)
from workbook_builder.sheets.formulas import DASH
from workbook_builder.sheets.plan import Area, Cell, Number, SheetPlan, Text, Width

CHECKS_SHEET = "Checks"
PROBLEMS_TABLE = "t_problems"
UNKNOWN_VALUES_TABLE = "t_unknown_values"
CHECKS_SUMMARY_TABLE = "t_checks"
SOURCES_SHEET = "Sources"
SOURCES_TABLE = "t_sources"

LEGEND = (
    ("RAG", "● Green: the target is met. ▲ Amber: missed by less than the tolerance (see Notes). "
            "◆ Red: missed by more. Rated on the values as printed."),
    ("Direction of travel", "Better, Same or Worse than last month, allowing for which way is "
                            "better."),
    ("Change on last month", "This month less last month. The arrow shows which way, not whether "
                             "that is good."),
    ("Improved, worsened most", "On the Summary: by change relative to the earlier value. Numbers "
                                "under 10 and percentages of fewer than 10 are left out."),
    ("No rating", "Nothing to judge by: no target, no agreed direction, a blank month, or an "
                  "indicator that this table does not rate."),
    ("Yellow, in italics", "Today's data gives a different figure from the one published, or the "
                           "figure was changed since. See its note and the Revisions sheet."),
    ("Grey cell", "The figure is not known. The cell's note and the Notes sheet say why. A blank "
                  "is never a zero."),
)  # fmt: skip


_SUMMARY_COLUMNS = (
    ("Level", 11.0), ("Code", 9.0), ("What it means", 30.0), ("How many", 40.0),
)  # fmt: skip
_PROBLEM_COLUMNS = (
    ("Level", 11.0), ("Code", 9.0), ("File", 30.0), ("Where", 40.0), ("What happened", 60.0),
    ("What was done", 40.0), ("What to do", 50.0),
)  # fmt: skip
_UNKNOWN_COLUMNS = (
    ("Cells", 11.0), ("List", 9.0), ("From file", 30.0), ("Column", 40.0), ("Value", 60.0),
)  # fmt: skip
_LEVELS = {Level.ERROR: "Error", Level.WARNING: "Warning", Level.NOTE: "Note"}

#: A value found in fewer cells is not shown: it might be somebody's own words.
_OFTEN = 3
#: Enough to find the rows in the file; a whole column of faults would fill the sheet.
_ROWS_SHOWN = 40


def checks_sheet(problems: Sequence[Problem], unknown: Sequence[UnknownValueRow]) -> SheetPlan:
    """Lay out the problems by their effect: how many of each kind, then each by itself.

    Below them are the values that no code list knows.
    """
    ordered = by_effect(problems)
    stack = TableStack(first_row=2)
    stack.add(CHECKS_SUMMARY_TABLE, _SUMMARY_COLUMNS, list(_summary_rows(ordered)))
    stack.add(PROBLEMS_TABLE, _PROBLEM_COLUMNS, list(map(_problem_row, ordered)), "Each problem")
    if unknown:
        stack.add(UNKNOWN_VALUES_TABLE, _UNKNOWN_COLUMNS, list(_unknown_rows(unknown)),
                  "Values that are in no code list")  # fmt: skip
    return SheetPlan(
        name=CHECKS_SHEET,
        cells=(
            *titles(CHECKS_SHEET, "What was found in the extracts, and what was done about it"),
            *stack.headings,
            *(cell for listed in stack.data_tables for cell in listed.cells),
        ),
        widths=widths(_PROBLEM_COLUMNS),
        heights=(
            *TITLE_HEIGHTS,
            *((heading.row, SECTION_HEIGHT) for heading in stack.headings),
            *(height for listed in stack.data_tables for height in listed.heights),
        ),
        tables=stack.tables,
    )


def _summary_rows(problems: Iterable[Problem]) -> Iterator[list[Value]]:
    kinds: dict[ProblemKind, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.kind, []).append(problem)
    for kind, of_kind in kinds.items():
        rows = sum(len(problem.where.rows) for problem in of_kind)
        in_rows = f", {counted(rows, 'row')}" if rows else ""
        how_many = f"{counted(len(of_kind), 'problem')}{in_rows}"
        yield [_LEVELS[kind.level], kind.code, kind.title, how_many]


def _problem_row(problem: Problem) -> list[Value]:
    where = problem.where
    inside_file = Where("", where.sheet, where.rows, where.column, where.line, where.key)
    return [
        _LEVELS[problem.level],
        problem.code,
        where.file,
        inside_file.text(_ROWS_SHOWN),
        problem.what[:1].upper() + problem.what[1:],
        problem.done_text(),
        problem.to_do,
    ]


def _unknown_rows(unknown: Iterable[UnknownValueRow]) -> Iterator[list[Value]]:
    """Yield a row for each frequent value; the rare ones of a column share one row."""
    rare: dict[tuple[str, str, str], int] = {}
    for value in unknown:
        file = f"{value.file}, {value.sheet}" if value.sheet else value.file
        column = (value.codes, file, value.column)
        if value.cells >= _OFTEN:
            yield [value.cells, *column, value.value]
        else:
            rare[column] = rare.get(column, 0) + value.cells
    for column, cells in rare.items():
        yield [cells, *column, f"(values in fewer than {_OFTEN} cells)"]


_SOURCE_COLUMNS = (
    ("File", 34.0), ("Sheet", 22.0), ("Read as", 30.0), ("Size in bytes", 14.0),
    ("Modified", 18.0), ("Rows read", 12.0), ("Rows kept", 12.0), ("Rows not counted", 14.0),
    ("Why not counted", 50.0), ("SHA-256", 68.0),
)  # fmt: skip
_FIRST_FACT = 3


def sources_sheet(sources: Sequence[SourceRow], build: Sequence[tuple[str, str]]) -> SheetPlan:
    """Lay out what was built, by what and when, and below it the files.

    `build` are facts about the build, each with its name.
    """
    table_row = _FIRST_FACT + len(build) + 2
    listed = data_table(SOURCES_TABLE, table_row, _SOURCE_COLUMNS, list(map(_source_row, sources)))
    headings = [Cell(_FIRST_FACT - 1, 0, Text("This workbook"), "section"),
                Cell(table_row - 1, 0, Text("Files"), "section")]  # fmt: skip
    facts = [
        Cell(row, column, Text(text), "data")
        for row, fact in enumerate(build, _FIRST_FACT)
        for column, text in enumerate(fact)
    ]
    return SheetPlan(
        name=SOURCES_SHEET,
        cells=(
            *titles(SOURCES_SHEET, "What this workbook was made from. Counts only, no records."),
            *headings,
            *facts,
            *(
                cell._replace(style="figure", number_format="#,##0")
                if isinstance(cell.content, Number)
                else cell
                for cell in listed.cells
            ),
        ),
        widths=widths(_SOURCE_COLUMNS),
        heights=(
            *TITLE_HEIGHTS,
            *((heading.row, SECTION_HEIGHT) for heading in headings),
            *listed.heights,
        ),
        tables=(listed.table,),
        repeat_rows=(table_row, table_row),
    )


def _source_row(source: SourceRow) -> list[Value]:
    left_out = None
    if source.rows_read is not None and source.rows_kept is not None:
        left_out = source.rows_read - source.rows_kept
    return [
        source.file, source.sheet, source.taken_for, source.size, source.modified,
        source.rows_read, source.rows_kept, left_out, source.why, source.sha256,
    ]  # fmt: skip


NOTES_SHEET = "Notes"
DEFINITIONS_TABLE = "t_definitions"
THRESHOLDS_TABLE = "t_thresholds"
BENCHMARK_COLUMNS_TABLE = "t_benchmark_columns"
BLANKS_TABLE = "t_blanks"

RULES = (
    WORKING_DAYS,
    "Values are rounded half away from zero, as Excel does, and all ratings and changes are worked "
    "out on the values as printed. The Figures sheet holds them unrounded.",
    "A target that is missed by less than the tolerance, a share of the target, is amber.",
    "A month is left blank if no extract covers all of it. It is never filled with a zero.",
)

_DEFINITION_COLUMNS = (
    ("Ref.", 7.0), ("Indicator", 40.0), ("Definition", 52.0), ("Source", 40.0), ("Better", 11.0),
    ("Target", 10.0), ("Tolerance", 10.0), ("Extracts (see Sources)", 28.0),
    ("How it is counted", 60.0),
)  # fmt: skip
#: How a measure is counted is SQL: it is folded away to the right of what everybody reads.
_COUNTED = len(_DEFINITION_COLUMNS) - 1
_THRESHOLD_COLUMNS = (("Value", 7.0), ("Threshold", 40.0), ("Source", 52.0))
_BENCHMARK_COLUMNS = (
    ("No.", 7.0), ("Benchmark column", 40.0), ("Source", 52.0), ("Indicators", 40.0),
    ("Method", 11.0), ("Vintage", 10.0), ("Year", 10.0), ("Read from", 28.0),
)  # fmt: skip
_BLANK_COLUMNS = (("Ref.", 7.0), ("Indicator", 40.0), ("Months", 52.0), ("Why blank", 40.0))

_TYPED_IN = "Typed in benchmarks.toml"


def notes_sheet(
    indicators: Sequence[Indicator],
    definitions: Definitions,
    layout: Layout,
    month: Month,
    benchmarks: BenchmarkValues | None = None,
) -> SheetPlan:
    """Lay out the notes on all indicators of the workbook, each measure once.

    `benchmarks` are the values in force, or None for those of the definitions.
    """
    by_measure: dict[str, Indicator] = {}
    for indicator in indicators:
        by_measure.setdefault(indicator.measure, indicator)
    benchmarks = typed_benchmarks(definitions) if benchmarks is None else benchmarks
    legend = _legend(first_row=2)
    rules_row = 2 + len(LEGEND) + 2
    rules = [Cell(rules_row - 1, 0, Text("Rules"), "section")]
    rules += [Cell(row, 0, Text(rule), "body") for row, rule in enumerate(RULES, rules_row)]
    stack = TableStack(first_row=rules_row + len(RULES) + 2)
    definition_rows = [_definition_row(indicator, definitions, layout, month)
                       for indicator in by_measure.values()]  # fmt: skip
    stack.add(DEFINITIONS_TABLE, _DEFINITION_COLUMNS, definition_rows, "Indicators",
              unwrapped={_COUNTED})  # fmt: skip
    threshold_rows: list[list[Value]] = [
        [value, parameter.title, parameter.source]
        for parameter, value in thresholds(list(by_measure), definitions, layout)
    ]
    if threshold_rows:
        stack.add(THRESHOLDS_TABLE, _THRESHOLD_COLUMNS, threshold_rows, "Thresholds used")
    if benchmark_rows := list(_benchmark_rows(definitions, layout, benchmarks)):
        stack.add(BENCHMARK_COLUMNS_TABLE, _BENCHMARK_COLUMNS, benchmark_rows, "Benchmark columns")
    if blank_rows := list(_blank_rows(by_measure.values())):
        stack.add(BLANKS_TABLE, _BLANK_COLUMNS, blank_rows, "Blank months and why")
    return SheetPlan(
        name=NOTES_SHEET,
        cells=(
            *titles(NOTES_SHEET, "How to read the tables, definitions, rules and blanks"),
            *legend, *rules, *stack.cells,
        ),
        widths=(
            *widths(_DEFINITION_COLUMNS[:_COUNTED]), Width(_COUNTED, _COUNTED, 60.0, folded=True),
        ),
        heights=(*TITLE_HEIGHTS, (rules_row - 1, SECTION_HEIGHT), *stack.heights),
        tables=stack.tables,
        print_area=Area(0, 0, stack.end - 1, _COUNTED - 1),
    )  # fmt: skip


def _legend(first_row: int) -> Iterator[Cell]:
    """Lay out what the colours, words and marks of the tables mean, a line for each."""
    for row, (name, meaning) in enumerate(LEGEND, first_row):
        yield Cell(row, 0, Text(name), "panel")
        yield Cell(row, 2, Text(meaning), "body")


def _definition_row(
    indicator: Indicator, definitions: Definitions, layout: Layout, month: Month
) -> list[Value]:
    measure = definitions.measures[indicator.measure]
    target = definitions.targets.get(measure.name)
    target_source = f"Target: {target.source}" if target and target.source else ""
    return [
        indicator.reference,
        indicator.title,
        measure.definition,
        "; ".join(source for source in (measure.source, target_source) if source),
        polarity_word(indicator.desired),
        _target_text(target, indicator, month),
        _percent(target.tolerance) if target else DASH,
        "; ".join(taken_from(measure, definitions)),
        how_counted(measure, definitions, layout),
    ]


def _percent(share: float) -> str:
    return value_text(share, "percent", decimals_shown(share, "percent", 0))


def _target_text(target: Target | None, indicator: Indicator, month: Month) -> str:
    """Return the target of a month with all its digits, its word, or a dash."""
    entry = target.in_force(month) if target else None
    if entry is None or entry.number is None:
        return entry.word if entry else DASH
    decimals = decimals_shown(entry.number, indicator.unit, indicator.decimals)
    return f"{entry.sign}{value_text(entry.number, indicator.unit, decimals)}"


def _benchmark_rows(
    definitions: Definitions, layout: Layout, benchmarks: BenchmarkValues
) -> Iterator[list[Value]]:
    """Yield a row for each benchmark column and, in it, each year, source and file."""
    columns: dict[str, dict[str, str]] = {}  # the titles of measures by comparator and measure
    for table in layout.tables:
        if "benchmarks" in table.columns:
            for name in comparators_of(table, layout, definitions):
                titles_of_rows = columns.setdefault(name, {})
                for row in table.rows:
                    title = row.title or definitions.measures[row.measure].title
                    titles_of_rows.setdefault(row.measure, title)
    for number, (name, measure_titles) in enumerate(columns.items(), 1):
        comparator = definitions.comparators[name]
        groups: dict[tuple[str, str, str], list[str]] = {}
        for measure, title in measure_titles.items():
            benchmark = benchmarks[measure, name]
            if not benchmark.entry.missing:
                group = (benchmark.period, benchmark.source, _read_from(benchmark))
                groups.setdefault(group, []).append(title)
        no_values = {(comparator.period, comparator.source, "No values"): [DASH]}
        for (period, source, read_from), indicator_titles in (groups or no_values).items():
            yield [
                number, comparator.title, source, "; ".join(indicator_titles),
                comparator.method or DASH,
                f"{comparator.vintage} set" if comparator.vintage else DASH, period, read_from,
            ]  # fmt: skip


def _read_from(benchmark: Benchmark) -> str:
    """Say which file a value was read from, and of how many neighbours it is the average."""
    read_from = benchmark.file or _TYPED_IN
    if not benchmark.neighbours:
        return read_from
    having = f"{benchmark.having} of {benchmark.neighbours} neighbours"
    return f"{read_from}; {having} in {benchmark.neighbours_file}"


def _blank_rows(indicators: Iterable[Indicator]) -> Iterator[list[Value]]:
    for indicator in indicators:
        reasons: dict[str, list[Month]] = {}
        for shown in indicator.months:
            if shown.value is None:
                reasons.setdefault(shown.reason, []).append(shown.month)
        for reason, months in reasons.items():
            yield [indicator.reference, indicator.title, months_text(months), reason]

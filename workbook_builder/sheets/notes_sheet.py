"""The notes: what each indicator means, how it is counted, the rules in force, blanks and why."""

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
from workbook_builder.sheets.data_table import TITLE_HEIGHTS, TableStack, Value, titles, widths
from workbook_builder.sheets.formulas import DASH
from workbook_builder.sheets.plan import Area, Cell, SheetPlan, Text

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
    "A month is left blank where no extract covers all of it. It is never filled with a zero.",
)

_DEFINITION_COLUMNS = (
    ("Ref.", 7.0), ("Indicator", 40.0), ("Definition", 52.0), ("How it is counted", 60.0),
    ("Better", 11.0), ("Target", 10.0), ("Tolerance", 10.0), ("Source", 30.0),
    ("Extracts (see Sources)", 28.0),
)  # fmt: skip
_THRESHOLD_COLUMNS = (("Value", 7.0), ("Threshold", 40.0), ("Source", 52.0))
_BENCHMARK_COLUMNS = (
    ("No.", 7.0), ("Benchmark column", 40.0), ("Source", 52.0), ("Indicators", 60.0),
    ("Method", 11.0), ("Vintage", 10.0), ("Year", 10.0), ("Read from", 30.0),
)  # fmt: skip
_BLANK_COLUMNS = (("Ref.", 7.0), ("Indicator", 40.0), ("Months", 52.0), ("Why blank", 60.0))

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
    rules = [Cell(row, 0, Text(rule), "body") for row, rule in enumerate(RULES, 2)]
    stack = TableStack(first_row=3 + len(rules))
    definition_rows = [_definition_row(indicator, definitions, layout, month)
                       for indicator in by_measure.values()]  # fmt: skip
    stack.add(DEFINITIONS_TABLE, _DEFINITION_COLUMNS, definition_rows)
    threshold_rows: list[list[Value]] = [
        [value, parameter.title, parameter.source]
        for parameter, value in thresholds(list(by_measure), definitions, layout)
    ]
    if threshold_rows:
        stack.add(THRESHOLDS_TABLE, _THRESHOLD_COLUMNS, threshold_rows, "Thresholds in force")
    if benchmark_rows := list(_benchmark_rows(definitions, layout, benchmarks)):
        stack.add(BENCHMARK_COLUMNS_TABLE, _BENCHMARK_COLUMNS, benchmark_rows, "Benchmark columns")
    if blank_rows := list(_blank_rows(by_measure.values())):
        stack.add(BLANKS_TABLE, _BLANK_COLUMNS, blank_rows, "Blank months and why")
    return SheetPlan(
        name=NOTES_SHEET,
        cells=(*titles(NOTES_SHEET, "Definitions, rules and blanks"), *rules, *stack.cells),
        widths=widths(_DEFINITION_COLUMNS),
        heights=(*TITLE_HEIGHTS, *stack.heights),
        tables=stack.tables,
        print_area=Area(0, 0, stack.end - 1, len(_DEFINITION_COLUMNS) - 1),
    )


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
        how_counted(measure, definitions, layout),
        polarity_word(indicator.desired),
        _target_text(target, indicator, month),
        _percent(target.tolerance) if target else DASH,
        "; ".join(source for source in (measure.source, target_source) if source),
        "; ".join(taken_from(measure, definitions)),
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

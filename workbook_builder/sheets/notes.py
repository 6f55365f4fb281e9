"""The notes: what each indicator means, how it is counted, the rules in force, blanks and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measure_text import (
    WORKING_DAYS,
    how_counted,
    polarity_word,
    taken_from,
    thresholds,
)
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.targets import Comparator, Target
from workbook_builder.indicators.benchmarks import Benchmark, BenchmarkValues, comparators_of, typed
from workbook_builder.indicators.rating import decimals_shown
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month, months_text
from workbook_builder.sheets.data_table import (
    SECTION_HEIGHT,
    TITLE_HEIGHTS,
    Value,
    listing,
    titles,
    widths,
)
from workbook_builder.sheets.formulas import DASH
from workbook_builder.sheets.plan import Area, Cell, NativeTable, Sheet, Text

BENCHMARK_COLUMNS = (
    ("No.", 7.0), ("Benchmark column", 40.0), ("Source", 52.0), ("Indicators", 60.0),
    ("Method", 11.0), ("Vintage", 10.0), ("Year", 10.0), ("Read from", 30.0),
)  # fmt: skip

_TYPED = "Typed in benchmarks.toml"


def benchmark_rows(
    definitions: Definitions, layout: Layout, held: BenchmarkValues
) -> list[list[Value]]:
    """Return a row for each benchmark column and, in it, each year, source and file."""
    rows: list[list[Value]] = []
    for number, (name, measure_titles) in enumerate(_columns(definitions, layout).items(), 1):
        comparator = definitions.comparators[name]
        groups: dict[tuple[str, str, str], list[str]] = {}
        for measure, title in measure_titles.items():
            benchmark = held[measure, name]
            if not benchmark.entry.missing:
                groups.setdefault(_said(benchmark), []).append(title)
        nothing = {(comparator.period, comparator.source, "No values"): [DASH]}
        for said, found in (groups or nothing).items():
            rows.append(_row(number, comparator, said, found))
    return rows


def _columns(definitions: Definitions, layout: Layout) -> Mapping[str, dict[str, str]]:
    """Return the comparators that tables show, each with the titles of its measures."""
    found: dict[str, dict[str, str]] = {}
    for table in layout.tables:
        if "benchmarks" in table.columns:
            for name in comparators_of(table, layout, definitions):
                titles = found.setdefault(name, {})
                for row in table.rows:
                    title = row.title or definitions.measures[row.measure].title
                    titles.setdefault(row.measure, title)
    return found


def _said(benchmark: Benchmark) -> tuple[str, str, str]:
    """Return the year, the source, and what a value was read from."""
    read_from = benchmark.file or _TYPED
    if benchmark.neighbours:
        having = f"{benchmark.having} of {benchmark.neighbours} neighbours"
        read_from = f"{read_from}; {having} in {benchmark.neighbours_file}"
    return benchmark.period, benchmark.source, read_from


def _row(
    number: int, comparator: Comparator, said: tuple[str, str, str], titles: list[str]
) -> list[Value]:
    period, source, read_from = said
    return [
        number, comparator.title, source, "; ".join(titles), comparator.method or DASH,
        f"{comparator.vintage} set" if comparator.vintage else DASH, period, read_from,
    ]  # fmt: skip


NAME = "Notes"
DEFINITIONS_TABLE = "t_definitions"
BLANKS_TABLE = "t_blanks"
THRESHOLDS_TABLE = "t_thresholds"
BENCHMARKS_TABLE = "t_benchmark_columns"

_COLUMNS = (
    ("Ref.", 7.0), ("Indicator", 40.0), ("Definition", 52.0), ("How it is counted", 60.0),
    ("Better", 11.0), ("Target", 10.0), ("Tolerance", 10.0), ("Source", 30.0),
    ("Extracts (see Sources)", 28.0),
)  # fmt: skip
_THRESHOLD_COLUMNS = (("Value", 7.0), ("Threshold", 40.0), ("Source", 52.0))
_BLANK_COLUMNS = (("Ref.", 7.0), ("Indicator", 40.0), ("Months", 52.0), ("Why blank", 60.0))

RULES = (
    WORKING_DAYS,
    "Values are rounded half away from zero, as Excel does, and all ratings and changes are worked "
    "out on the values as printed. The Figures sheet holds them unrounded.",
    "A target that is missed by less than the tolerance, a share of the target, is amber.",
    "A month is left blank where no extract covers all of it. It is never filled with a zero.",
)


def notes_sheet(
    indicators: Sequence[Indicator],
    definitions: Definitions,
    layout: Layout,
    month: Month,
    held: BenchmarkValues | None = None,
) -> Sheet:
    """Lay out the notes on all indicators of the workbook, each once."""
    once = _each_measure_once(indicators)
    rules = [Cell(2 + at, 0, Text(rule), "body") for at, rule in enumerate(RULES)]
    rows = [_definition(indicator, definitions, layout, month) for indicator in once]
    parts = _NotesParts(3 + len(rules))
    parts.add(DEFINITIONS_TABLE, "", _COLUMNS, rows)
    in_force = list(_thresholds(once, definitions, layout))
    parts.add(THRESHOLDS_TABLE, "Thresholds in force", _THRESHOLD_COLUMNS, in_force)
    columns = benchmark_rows(definitions, layout, typed(definitions) if held is None else held)
    parts.add(BENCHMARKS_TABLE, "Benchmark columns", BENCHMARK_COLUMNS, columns)
    parts.add(BLANKS_TABLE, "Blank months and why", _BLANK_COLUMNS, list(_blanks(once)))
    return Sheet(
        name=NAME,
        cells=(*titles(NAME, "Definitions, rules and blanks"), *rules, *parts.cells),
        widths=widths(_COLUMNS),
        heights=(*TITLE_HEIGHTS, *parts.heights),
        tables=tuple(parts.tables),
        print_area=Area(0, 0, parts.row - 1, len(_COLUMNS) - 1),
    )


class _NotesParts:
    """Lists below one another, each under its heading; a list without rows is left out."""

    def __init__(self, first_row: int) -> None:
        self.row = first_row
        self.cells: list[Cell] = []
        self.heights: list[tuple[int, float]] = []
        self.tables: list[NativeTable] = []

    def add(
        self,
        name: str,
        heading: str,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Sequence[Value]],
    ) -> None:
        """Lay out the next list."""
        if not rows:
            return
        if heading:
            self.cells.append(Cell(self.row + 1, 0, Text(heading), "section"))
            self.heights.append((self.row + 1, SECTION_HEIGHT))
            self.row += 2
        made = listing(name, self.row, columns, rows)
        self.cells += made.cells
        self.heights += made.heights
        self.tables.append(made.table)
        self.row = made.end


def _thresholds(
    indicators: Sequence[Indicator], definitions: Definitions, layout: Layout
) -> Iterator[list[Value]]:
    """Give the thresholds that the indicators' definitions name, with the values in force."""
    names = [indicator.measure for indicator in indicators]
    for parameter, value in thresholds(names, definitions, layout):
        yield [value, parameter.title, parameter.source]


def _each_measure_once(indicators: Sequence[Indicator]) -> list[Indicator]:
    first: dict[str, Indicator] = {}
    for indicator in indicators:
        first.setdefault(indicator.measure, indicator)
    return list(first.values())


def _definition(
    indicator: Indicator, definitions: Definitions, layout: Layout, month: Month
) -> list[Value]:
    measure = definitions.measures[indicator.measure]
    target = definitions.targets.get(measure.name)
    return [
        indicator.reference,
        indicator.title,
        measure.definition,
        how_counted(measure, definitions, layout),
        polarity_word(indicator.desired),
        _target(target, indicator, month),
        _percent(target.tolerance) if target else DASH,
        _source(measure, target),
        "; ".join(taken_from(measure, definitions)),
    ]


def _source(measure: Measure, target: Target | None) -> str:
    said = f"Target: {target.source}" if target and target.source else ""
    return "; ".join(text for text in (measure.source, said) if text)


def _target(target: Target | None, indicator: Indicator, month: Month) -> str:
    entry = target.in_force(month) if target else None
    if entry is None or entry.number is None:
        return entry.word if entry else DASH
    value = entry.number
    decimals = decimals_shown(value, indicator.unit, indicator.decimals)
    text = f"{value:.{decimals}%}" if indicator.unit == "percent" else f"{value:,.{decimals}f}"
    return f"{entry.sign}{text}"


def _percent(share: float) -> str:
    return f"{share:.{decimals_shown(share, 'percent', 0)}%}"


def _blanks(indicators: Sequence[Indicator]) -> Iterator[list[Value]]:
    for indicator in indicators:
        reasons: dict[str, list[Month]] = {}
        for shown in indicator.months:
            if shown.value is None:
                reasons.setdefault(shown.reason, []).append(shown.month)
        for reason, months in reasons.items():
            yield [indicator.reference, indicator.title, months_text(months), reason]

"""Where the benchmark columns come from: year, source, vintage and method, for the notes."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.definitions.benchmarks import Comparator
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.indicators.benchmarks import Benchmark, Held, comparators_of
from workbook_builder.sheets.formulas import DASH
from workbook_builder.sheets.listing import Value

BENCHMARK_COLUMNS = (
    ("No.", 7.0), ("Benchmark column", 40.0), ("Source", 52.0), ("Indicators", 60.0),
    ("Method", 11.0), ("Vintage", 10.0), ("Year", 10.0), ("Read from", 30.0),
)  # fmt: skip

_TYPED = "Typed in benchmarks.toml"


def benchmark_rows(definitions: Definitions, layout: Layout, held: Held) -> list[list[Value]]:
    """Return a row for each benchmark column and, in it, each year, source and file."""
    rows: list[list[Value]] = []
    for number, (name, titles) in enumerate(_columns(definitions, layout).items(), 1):
        comparator = definitions.comparators[name]
        groups: dict[tuple[str, str, str], list[str]] = {}
        for measure, title in titles.items():
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

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
    ("Method", 7.0), ("Benchmark column", 40.0), ("Source", 52.0), ("Indicators", 60.0),
    ("Neighbours", 11.0), ("Vintage", 10.0), ("Year", 10.0), ("Read from", 30.0),
)  # fmt: skip

_TYPED = "Typed in benchmarks.toml"


def benchmark_rows(definitions: Definitions, layout: Layout, held: Held) -> list[list[Value]]:
    """Return a row for each benchmark column and, in it, each year, source and file."""
    rows: list[list[Value]] = []
    for name, titles in _columns(definitions, layout).items():
        comparator = definitions.comparators[name]
        groups: dict[tuple[Value, ...], list[str]] = {}
        for measure, title in titles.items():
            benchmark = held[measure, name]
            if not benchmark.entry.missing:
                groups.setdefault(_said(benchmark, comparator), []).append(title)
        rows += [_row(comparator, said, found) for said, found in groups.items()]
        rows += [] if groups else [_row(comparator, _nothing(comparator), [DASH])]
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


def _said(benchmark: Benchmark, comparator: Comparator) -> tuple[Value, ...]:
    count = f"{benchmark.having} of {benchmark.neighbours}" if benchmark.neighbours else DASH
    read_from = ", ".join(one for one in (benchmark.file, benchmark.neighbours_file) if one)
    return benchmark.period, benchmark.source, count, read_from or _TYPED


def _nothing(comparator: Comparator) -> tuple[Value, ...]:
    return comparator.period, comparator.source, DASH, "No values"


def _row(comparator: Comparator, said: tuple[Value, ...], titles: list[str]) -> list[Value]:
    period, source, count, read_from = said
    return [
        comparator.method or DASH, comparator.title, source, "; ".join(titles), count,
        comparator.vintage or DASH, period, read_from,
    ]  # fmt: skip

"""The benchmark of each measure and comparator, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbook_builder.definitions.benchmarks import Comparator, Method
from workbook_builder.definitions.layouts import Layout, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.values import MISSING, Entry
from workbook_builder.indicators.judge import printed


@dataclass(frozen=True)
class Benchmark:
    """A benchmark value with all that tells where it comes from.

    `file` is empty where the value was typed; `having` of `neighbours` statistical neighbours have
    a published figure, both 0 where the value is no mean or median.
    """

    entry: Entry
    period: str
    source: str
    file: str = ""
    neighbours_file: str = ""
    having: int = 0
    neighbours: int = 0


#: Benchmarks by measure and comparator.
Held = Mapping[tuple[str, str], Benchmark]


def comparators_of(table: Table, layout: Layout, definitions: Definitions) -> tuple[str, ...]:
    """Return the comparators that a table shows, from left to right."""
    if table.comparators is not None:
        return table.comparators
    return tuple(definitions.comparators) if layout.comparators is None else layout.comparators


def typed(definitions: Definitions) -> dict[tuple[str, str], Benchmark]:
    """Return the benchmarks that TOML holds, also those that are missing."""
    return {
        (measure, name): _typed(measure, comparator, definitions)
        for measure in definitions.measures
        for name, comparator in definitions.comparators.items()
    }


def _typed(measure: str, comparator: Comparator, definitions: Definitions) -> Benchmark:
    given = definitions.benchmarks.get(measure)
    entry = given.shown(comparator) if given else MISSING
    period = given.period(comparator) if given else comparator.period
    return Benchmark(entry, period, comparator.source)


def shown_text(entry: Entry, measure: Measure) -> str:
    """Write a number as it is printed."""
    if entry.number is None:
        return entry.word
    value = printed(entry.number, measure.unit, measure.decimals)
    if measure.unit == "percent":
        return f"{entry.sign}{value:.{measure.decimals}%}"
    return f"{entry.sign}{value:,.{measure.decimals}f}"


def middle(values: Sequence[float], method: Method) -> float:
    """Return the mean or the median, worked out in decimal fractions as they are published."""
    exact = sorted(Decimal(repr(value)) for value in values)
    if method == "mean":
        return float(sum(exact) / len(exact))
    half = len(exact) // 2
    return float(exact[half] if len(exact) % 2 else (exact[half - 1] + exact[half]) / 2)

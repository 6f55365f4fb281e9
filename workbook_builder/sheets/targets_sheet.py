"""The sheets of targets and benchmarks in force, where a council may keep its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.values import Entry
from workbook_builder.indicators.judge import decimals_shown
from workbook_builder.memory_format import (
    BENCHMARKS_COLUMNS,
    BENCHMARKS_TABLE,
    TARGETS_COLUMNS,
    TARGETS_TABLE,
)
from workbook_builder.sheets.formulas import number_format
from workbook_builder.sheets.listing import Value, listing, widths
from workbook_builder.sheets.plan import Cell, Number, Sheet
from workbook_builder.sheets.titles import TITLE_HEIGHTS, titles

TARGETS, BENCHMARKS = "Targets", "Benchmarks"
TABLES = (TARGETS_TABLE, BENCHMARKS_TABLE)

_WIDTHS = (40.0, 60.0, 24.0, 16.0, 16.0)
_EXPLAINED = (
    "Type over a target or benchmark, or add a row below the table: next month's workbook takes it "
    "in place of the layouts'."
)


@dataclass(frozen=True)
class ValueRow:
    """A target or benchmark in force, and what the layouts hold in its place.

    `place` is the period of a target, or the comparator of a benchmark.
    """

    measure: str
    place: str
    entry: Entry
    in_layouts: Entry


def targets_sheet(rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> Sheet:
    """Lay out the targets."""
    return _sheet(TARGETS, TARGETS_TABLE, TARGETS_COLUMNS, rows, measures)


def benchmarks_sheet(rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> Sheet:
    """Lay out the benchmarks."""
    return _sheet(BENCHMARKS, BENCHMARKS_TABLE, BENCHMARKS_COLUMNS, rows, measures)


def _sheet(
    name: str,
    table: str,
    columns: Sequence[str],
    rows: Sequence[ValueRow],
    measures: Mapping[str, Measure],
) -> Sheet:
    """Lay out one list; nothing stands below it, so that rows can be added there."""
    sized = list(zip(columns, _WIDTHS, strict=True))
    listed = listing(table, 2, sized, [_row(row, measures.get(row.measure)) for row in rows])
    return Sheet(
        name=name,
        cells=(
            *titles(name, _EXPLAINED),
            *(_shaped(cell, rows, measures) for cell in listed.cells),
        ),
        widths=widths(sized),
        heights=(*TITLE_HEIGHTS, *listed.heights),
        tables=(listed.table,),
        freeze=(3, 0),
        repeat_rows=(2, 2),
    )


def _row(row: ValueRow, measure: Measure | None) -> list[Value]:
    title = measure.title if measure else ""
    return [row.measure, title, row.place, _value(row.entry), _value(row.in_layouts)]


def _value(entry: Entry) -> Value:
    """A number without a sign stands as a number; all else as it is written in TOML."""
    if entry.number is None or not entry.sign:
        return entry.word or entry.number
    shown = f"{entry.number * 100:.10g}%" if entry.in_percent else f"{entry.number:.10g}"
    return f"{entry.sign}{shown}"


def _shaped(cell: Cell, rows: Sequence[ValueRow], measures: Mapping[str, Measure]) -> Cell:
    if not isinstance(cell.content, Number):
        return cell
    measure = measures.get(rows[cell.row - 3].measure)
    unit, usual = (measure.unit, measure.decimals) if measure else ("number", 0)
    decimals = decimals_shown(cell.content.value, unit, usual)
    return cell._replace(style="figure", number_format=number_format(unit, decimals))

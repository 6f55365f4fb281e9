"""Targets and benchmarks that a person changed in the workbook, in place of the layouts' own.

Beside each value that may be edited, the Targets and Benchmarks sheets of an earlier workbook keep
the one that the program wrote. Where the two differ, the person's value is used from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isclose

from pydantic_core import PydanticCustomError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.targets import MISSING, Entry, Target, entry_of
from workbook_builder.figures import LARGEST_SHARE
from workbook_builder.history.workbook_tables import Book, MeasureKeys, Value, WorkbookRow, text_of
from workbook_builder.indicators.benchmarks import Benchmark, BenchmarkValues, typed_benchmarks
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, counted
from workbook_builder.sheets.content import ValueRow
from workbook_builder.workbook_format import (
    BENCHMARKS_COLUMNS,
    BENCHMARKS_TABLE,
    TARGETS_COLUMNS,
    TARGETS_TABLE,
)

#: What the notes say of a value that the workbook holds.
SOURCE = "kept in the workbook"

_YEAR = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

#: Values by measure, and by period (of a target) or comparator (of a benchmark).
_Values = Mapping[tuple[str, str], Entry]


@dataclass(frozen=True)
class UserOverride:
    """One value that a person put in place of what the layouts hold.

    `place` is the period of a target ("2023-24", or the day from which it holds), or the comparator
    of a benchmark.
    """

    measure: str
    place: str
    entry: Entry


def read_targets(book: Book, keys: MeasureKeys) -> Result[tuple[UserOverride, ...]]:
    """Read the targets that a person changed."""
    return _read(book, TARGETS_TABLE, TARGETS_COLUMNS, keys)


def read_benchmarks(book: Book, keys: MeasureKeys) -> Result[tuple[UserOverride, ...]]:
    """Read the benchmarks that a person changed."""
    return _read(book, BENCHMARKS_TABLE, BENCHMARKS_COLUMNS, keys)


def _read(
    book: Book, name: str, columns: tuple[str, ...], keys: MeasureKeys
) -> Result[tuple[UserOverride, ...]]:
    measure, title, place, value, _ = columns
    overrides: list[UserOverride] = []
    problems: list[Problem] = []
    for table in book.tables(same_name(name), (measure, title, place)):
        unusable: list[int] = []
        for row in table.rows:
            try:
                overrides += _override(row, columns, keys)
            except PydanticCustomError:
                unusable.append(row.number)
        if unusable:
            text = "the measure, the period or comparator, or the value cannot be used."
            done = "The layouts' value was used."
            where = table.where(unusable, value)
            problems.append(Problem(catalogue.BAD_VALUE, text, where, done))
    return Result(tuple(overrides), tuple(problems))


def _override(
    row: WorkbookRow, columns: tuple[str, ...], keys: MeasureKeys
) -> Iterator[UserOverride]:
    """Yield the value of a row if it was changed. Raises PydanticCustomError if it is unusable."""
    measure, title, place_cell, value, written = (
        row.cells.get(same_name(name)) for name in columns
    )
    entry = _entry(value)
    if entry.missing or _same(entry, _entry(written)):
        return
    key = keys.key(text_of(measure)) or keys.titled(text_of(title))
    place = text_of(place_cell)
    if isinstance(place_cell, datetime | date):
        place = place_cell.strftime("%Y-%m-%d")
    bad_period = columns[2] == TARGETS_COLUMNS[2] and not _is_period(place)
    too_large = keys.is_percent(key) and entry.number is not None and entry.number > LARGEST_SHARE
    if not keys.knows(key) or not place or bad_period or too_large:
        raise PydanticCustomError("kept", "cannot be used")
    yield UserOverride(key, place, entry)


def _entry(cell: Value) -> Entry:
    return MISSING if cell is None else entry_of(cell)


def _is_period(text: str) -> bool:
    """Tell whether a text is a financial year or a day, as targets have them in TOML."""
    if year := _YEAR.fullmatch(text):
        return (int(year[1]) + 1) % 100 == int(year[2])
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _same(entry: Entry, other: Entry) -> bool:
    if entry.number is None or other.number is None:
        return entry == other
    return entry.sign == other.sign and isclose(entry.number, other.number, rel_tol=1e-9)


@dataclass(frozen=True)
class EffectiveDefinitions:
    """Definitions, layout and benchmarks with the user's values, and the rows of the two sheets."""

    definitions: Definitions
    layout: Layout
    held: BenchmarkValues
    targets: tuple[ValueRow, ...]
    benchmarks: tuple[ValueRow, ...]
    problems: tuple[Problem, ...]


def effective_definitions(
    definitions: Definitions,
    layout: Layout,
    held: BenchmarkValues | None,
    targets: Iterable[UserOverride],
    benchmarks: Iterable[UserOverride],
) -> EffectiveDefinitions:
    """Put the user's values, of which the later ones count, in place of the layouts'."""
    held = typed_benchmarks(definitions) if held is None else held
    user_targets: _Values = {(each.measure, each.place): each.entry for each in targets}
    # A comparator is known by its heading too.
    comparators = {same_name(each.title): name for name, each in definitions.comparators.items()}
    comparators |= {same_name(name): name for name in definitions.comparators}
    user_benchmarks: _Values = {
        (each.measure, comparators.get(same_name(each.place), each.place)): each.entry
        for each in benchmarks
    }
    shown = set(layout.measures)
    layout_targets = {
        (measure, keys[1]): entry
        for measure in layout.measures
        if measure in definitions.targets
        for keys, entry in definitions.targets[measure].entries
    }
    layout_benchmarks = {key: each.entry for key, each in held.items()
                         if key[0] in shown and not each.entry.missing}  # fmt: skip
    effective = {
        key: Benchmark(entry, held[key].period, "", SOURCE)
        for key, entry in user_benchmarks.items()
        if key in held
    }
    return EffectiveDefinitions(
        replace(definitions, targets=_targets(definitions, user_targets)),
        _without_row_targets(layout, {measure for measure, _ in user_targets}),
        {**held, **effective},
        _value_rows(layout_targets, user_targets),
        _value_rows(layout_benchmarks, user_benchmarks),
        tuple(_problems(user_targets, user_benchmarks, held)),
    )


def _targets(definitions: Definitions, user_targets: _Values) -> Mapping[str, Target]:
    targets = dict(definitions.targets)
    for (measure, period), entry in user_targets.items():
        value = {period: entry}
        years, dates = (value, {}) if _YEAR.fullmatch(period) else ({}, value)
        before = targets.get(measure) or Target(name=measure, years=years, dates=dates)
        sources = [text for text in before.source.split("; ") if text and text != SOURCE]
        targets[measure] = replace(
            before,
            years={**before.years, **years},
            dates={**before.dates, **dates},
            source="; ".join((*sources, SOURCE)),
        )
    return targets


def _without_row_targets(layout: Layout, measures: set[str]) -> Layout:
    """Drop the targets of single rows, which would count for more than those of the measures."""
    if not measures:
        return layout
    tables = []
    for table in layout.tables:
        rows = (replace(row, target=None) if row.measure in measures else row for row in table.rows)
        tables.append(replace(table, rows=tuple(rows)))
    return replace(layout, tables=tuple(tables))


def _value_rows(layout_values: _Values, user_values: _Values) -> tuple[ValueRow, ...]:
    """Return the rows of a sheet: measure, place, the value in force and the layouts' value."""
    rows: list[ValueRow] = []
    for key in dict.fromkeys((*layout_values, *user_values)):
        layout_value = layout_values.get(key, MISSING)
        rows.append(ValueRow(*key, user_values.get(key, layout_value), layout_value))
    return tuple(rows)


def _problems(
    user_targets: _Values, user_benchmarks: _Values, held: BenchmarkValues
) -> Iterator[Problem]:
    for key in user_benchmarks:
        if key not in held:
            text = f'the comparator "{key[1]}" on the Benchmarks sheet is not known.'
            done = "Its benchmark is kept there but not shown."
            yield Problem(catalogue.BAD_VALUE, text, done=done)
    usable = sum(key in held for key in user_benchmarks)
    for number, noun in ((len(user_targets), "target"), (usable, "benchmark")):
        if number:
            stands = "stands" if number == 1 else "stand"
            text = f"{counted(number, noun)} {stands} in the workbook, but not the layouts."
            done = "They were used instead of the layouts'."
            yield Problem(catalogue.KEPT_VALUES, text, done=done)

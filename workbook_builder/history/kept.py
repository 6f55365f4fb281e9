"""Targets and benchmarks that people keep in the workbook, out of its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import isclose

from pydantic_core import PydanticCustomError

from workbook_builder.definitions.values import MISSING, Entry, entry_of
from workbook_builder.history import kinds
from workbook_builder.history.cells import text_of
from workbook_builder.history.names import Names
from workbook_builder.history.workbook import Book, Row, Table, Value
from workbook_builder.memory_format import (
    BENCHMARKS_COLUMNS,
    BENCHMARKS_TABLE,
    TARGETS_COLUMNS,
    TARGETS_TABLE,
)
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result

_YEAR = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: A percentage above this is taken for one whose % sign was forgotten: 95 in place of 95%.
_LARGEST_SHARE = 1.5


@dataclass(frozen=True)
class Kept:
    """One value that a person put in place of what the layouts hold.

    `place` is the period of a target ("2023-24", or the day from which it holds), or the comparator
    of a benchmark.
    """

    measure: str
    place: str
    entry: Entry


def read_targets(book: Book, names: Names) -> Result[tuple[Kept, ...]]:
    """Return the targets that go before those of the layouts."""
    return _read(book, TARGETS_TABLE, TARGETS_COLUMNS, names)


def read_benchmarks(book: Book, names: Names) -> Result[tuple[Kept, ...]]:
    """Return the benchmarks that go before those of the layouts and of published statistics."""
    return _read(book, BENCHMARKS_TABLE, BENCHMARKS_COLUMNS, names)


def _read(
    book: Book, name: str, columns: tuple[str, ...], names: Names
) -> Result[tuple[Kept, ...]]:
    measure, _, place, value, _ = columns
    kept: list[Kept] = []
    problems: list[Problem] = []
    for table in book.tables(same_name(name), (measure, place)):
        bad: list[int] = []
        for row in table.rows:
            try:
                kept += _kept(row, columns, names)
            except PydanticCustomError:
                bad.append(row.number)
        problems += _unusable(table, bad, value)
    return Result(tuple(kept), tuple(problems))


def _kept(row: Row, columns: tuple[str, ...], names: Names) -> Iterator[Kept]:
    measure, _, place, value, before = (row.cells.get(same_name(column)) for column in columns)
    entry = _entry(value)
    if entry.missing or _same(entry, _entry(before)):
        return
    key, where = names.key(text_of(measure)), _place(place)
    periods = columns[2] == TARGETS_COLUMNS[2]
    share = names.is_percent(key) and entry.number is not None and entry.number > _LARGEST_SHARE
    if not names.knows(key) or not where or (periods and not _is_period(where)) or share:
        raise PydanticCustomError("kept", "cannot be used")
    yield Kept(key, where, entry)


def _place(cell: Value) -> str:
    return cell.strftime("%Y-%m-%d") if isinstance(cell, datetime | date) else text_of(cell)


def _is_period(text: str) -> bool:
    """Tell whether a text is a financial year or a day, as targets have them in TOML."""
    if found := _YEAR.fullmatch(text):
        return (int(found[1]) + 1) % 100 == int(found[2])
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _entry(cell: Value) -> Entry:
    return MISSING if cell is None else entry_of(cell)


def _same(one: Entry, other: Entry) -> bool:
    if one.number is None or other.number is None:
        return one == other
    return one.sign == other.sign and isclose(one.number, other.number, rel_tol=1e-9)


def _unusable(table: Table, rows: list[int], column: str) -> Iterator[Problem]:
    if rows:
        what = "the measure, the period or comparator, or the value cannot be used."
        done = "The layouts' value stands."
        yield Problem(kinds.BAD_VALUE, what, table.where(rows, column), done)

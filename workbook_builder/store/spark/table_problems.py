"""Counts of tables into problems: what, in which table and column, what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.extracts.model import UnknownValue
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Where, counted, listed

if TYPE_CHECKING:
    from workbook_builder.store.spark.columns import TypedTable
    from workbook_builder.store.spark.records import Keys, Profile

_LEFT_OUT = "They were left out."
_LEFT_BLANK = "Records kept, the cells left blank."


def faults_of(
    table: TypedTable, counts: Profile, unknown: Iterable[UnknownValue]
) -> Iterator[Problem]:
    """Yield what is at fault in the cells and records of a table."""
    nobodys = counts.kept.get(None, 0) + counts.left_out.get(None, 0)
    if nobodys:
        what = f"{counted(nobodys, 'record')} without an authority."
        yield Problem(catalogue.TABLES_NO_AUTHORITY, what, Where(table.name, column="authority"))
    yield from _left_out(table, counts)
    for column, cells in sorted(counts.failed.items()):
        if column not in table.dataset.required:
            what = f"{counted(cells, 'cell')} cannot be read."
            yield Problem(
                catalogue.TABLES_UNREADABLE, what, Where(table.name, column=column), _LEFT_BLANK
            )
    yield from _unknown_codes(table.name, unknown)


def _left_out(table: TypedTable, counts: Profile) -> Iterator[Problem]:
    for column, cells in sorted(counts.blank.items()):
        what = f"{counted(cells, 'record')} in which this is blank."
        yield Problem(catalogue.LEFT_OUT, what, Where(table.name, column=column), _LEFT_OUT)
    for column, cells in sorted(counts.failed.items()):
        if column in table.dataset.required:
            what = f"{counted(cells, 'record')} in which this cannot be read."
            yield Problem(catalogue.LEFT_OUT, what, Where(table.name, column=column), _LEFT_OUT)
    for order, cells in sorted(counts.reversed.items()):
        what = f"{counted(cells, 'record')} with {order}."
        yield Problem(catalogue.LEFT_OUT, what, Where(table.name), _LEFT_OUT)


def _unknown_codes(name: str, unknown: Iterable[UnknownValue]) -> Iterator[Problem]:
    by_column: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for one in unknown:
        by_column[one.column, one.codes].append(one.cells)
    for (column, codes), cells in by_column.items():
        what = (
            f"{counted(sum(cells), 'cell')} with {counted(len(cells), 'value')} that the code list "
            f'"{codes}" does not know.'
        )
        yield Problem(catalogue.TABLES_UNKNOWN_CODES, what, Where(name, column=column), _LEFT_BLANK)


def key_faults(table: TypedTable, keys: Keys) -> Iterator[Problem]:
    """Yield what is at fault with records of which several bear the same key."""
    key = ", ".join(table.dataset.key)
    if keys.different > keys.keys:
        what = f"{counted(keys.different - keys.keys, 'record')} with the {key} of a different one."
        yield Problem(catalogue.TABLES_SAME_KEY, what, Where(table.name))
    if keys.records > keys.different:
        what = f"{counted(keys.records - keys.different, 'record')} equal to another."
        yield Problem(catalogue.TABLES_TWICE, what, Where(table.name), "They were counted once.")


def names_in_two_ways(authorities: Sequence[str]) -> Iterator[Problem]:
    """Yield the problem that two names are one but for letter case, spaces or punctuation."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in authorities:
        found[same_name(name)].append(name)
    for names in found.values():
        if len(names) > 1:
            quoted = " and ".join(f'"{name}"' for name in names)
            yield Problem(catalogue.TWO_NAMES, f"{quoted} seem to be one authority.")


def none_of_one(lacking: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Yield a problem for each table in which some authorities have no records."""
    for name, authorities in sorted(lacking.items()):
        what = f"no records of {listed(authorities)}."
        yield Problem(catalogue.NONE_OF_ONE, what, Where(name))

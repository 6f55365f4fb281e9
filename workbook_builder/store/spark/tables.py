"""Tables of many councils' records, checked, and what each council or the region has in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pyspark.sql import DataFrame, SparkSession

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.code_lists import code_of, known_codes
from workbook_builder.extracts.model import Sheet, UnknownValue
from workbook_builder.problems import Problem, Result
from workbook_builder.store.spark.columns import TypedTable, find_tables, typed
from workbook_builder.store.spark.records import (
    Keys,
    Profile,
    cleaned,
    each_once,
    keys_of,
    profiles,
)
from workbook_builder.store.spark.table_problems import faults_of, key_faults, names_in_two_ways


@dataclass(frozen=True, eq=False)
class RecordTable:
    """A table that was checked: its records, cleaned, and counts of what is in them."""

    typed: TypedTable
    profile: Profile
    records: DataFrame
    unknown: tuple[UnknownValue, ...] = ()

    @property
    def dataset(self) -> Dataset:
        """The dataset whose records the table holds."""
        return self.typed.dataset

    def days(self, authority: str) -> Mapping[str, Mapping[date, int]]:
        """Return how many records of an authority bear each day, by column."""
        return {
            name: {date.fromisoformat(day): count for day, count in values.items()}
            for name in self.dataset.columns
            if self.dataset.columns[name].type == "date"
            and (values := self.profile.values.get((authority, name)))
        }

    def sheet(self, authorities: Sequence[str]) -> Sheet:
        """Return what was read for some authorities, as of a sheet of an extract."""
        kept = sum(self.profile.kept.get(one, 0) for one in authorities)
        left_out = sum(self.profile.left_out.get(one, 0) for one in authorities)
        days = [day for one in authorities for day in self.days(one).get(self._clock, ())]
        return Sheet(
            file=self.typed.name,
            sheet="",
            dataset=self.dataset.name,
            recognised_by=tuple(sorted(self.typed.columns)),
            rows_read=kept + left_out,
            rows_kept=kept,
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            unknown=self.unknown,
            columns=tuple(sorted(self.typed.columns)),
        )

    @property
    def _clock(self) -> str:
        dates = (one for one in self.dataset.date_columns if one in self.dataset.required)
        return next(dates, "")


@dataclass(frozen=True, eq=False)
class RecordTables:
    """All tables of a folder or schema, by dataset."""

    session: SparkSession
    by_dataset: Mapping[str, RecordTable] = field(default_factory=dict)

    @cached_property
    def authorities(self) -> tuple[str, ...]:
        """The authorities that have records in any table."""
        found = {one for table in self.by_dataset.values() for one in table.profile.authorities}
        return tuple(sorted(found))


def read_tables(
    session: SparkSession, place: str, definitions: Definitions
) -> Result[RecordTables]:
    """Find and check the tables of a folder or schema. Raises PySparkException.

    All are read once to count what is in them, and once more to look at keys.
    """
    raw = find_tables(session, place, definitions.datasets)
    made = [typed(one) for one in raw.value]
    problems = [*raw.problems, *(one for result in made for one in result.problems)]
    found = [result.value for result in made if result.value]
    counts = profiles(found)
    read = [_read(one, counts.get(one.dataset.name, Profile()), definitions) for one in found]
    problems += [
        one for table in read for one in faults_of(table.typed, table.profile, table.unknown)
    ]
    once = _each_once(read)
    tables = RecordTables(session, {table.dataset.name: table for table in once.value})
    problems += [*once.problems, *names_in_two_ways(tables.authorities)]
    return Result(tables, tuple(problems))


def _read(table: TypedTable, counts: Profile, definitions: Definitions) -> RecordTable:
    codes = dict(_codes(table, counts, definitions))
    records = cleaned(table, codes, _teams(table, counts, definitions))
    return RecordTable(table, counts, records, tuple(_unknown(table, counts, codes)))


def _each_once(tables: Sequence[RecordTable]) -> Result[tuple[RecordTable, ...]]:
    """Let records count once that stand twice; what bears the key of another is a problem."""
    keyed = {
        table.dataset.name: (table.dataset, table.records)
        for table in tables
        if table.dataset.key and set(table.dataset.key) <= table.typed.columns
    }
    keys = keys_of(keyed)
    found: list[RecordTable] = []
    problems: list[Problem] = []
    for table in tables:
        own = keys.get(table.dataset.name, Keys())
        problems += key_faults(table.typed, own)
        twice = own.records > own.different
        records = each_once(table.records, table.dataset) if twice else table.records
        found.append(replace(table, records=records))
    return Result(tuple(found), tuple(problems))


def _codes(
    table: TypedTable, counts: Profile, definitions: Definitions
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the columns of codes, and the code that each text in them means."""
    for name, column in table.dataset.columns.items():
        if column.codes in definitions.codes and name in table.columns:
            known = known_codes(definitions.codes[column.codes])
            found = {text: code_of(text, known) for text in counts.of(name)}
            yield name, {text: code for text, code in found.items() if code is not None}


def _unknown(
    table: TypedTable, counts: Profile, codes: Mapping[str, Mapping[str, str]]
) -> Iterator[UnknownValue]:
    for name, known in codes.items():
        for text, cells in sorted(counts.of(name).items()):
            if text not in known:
                codes_name = table.dataset.columns[name].codes
                yield UnknownValue(table.name, "", name, codes_name, text, cells)


def _teams(
    table: TypedTable, counts: Profile, definitions: Definitions
) -> Mapping[str, Mapping[str, str]]:
    column = table.dataset.team_column
    if column not in table.columns:
        return {}
    teams = definitions.known_teams
    names = {text: teams.get(text).name for text in counts.of(column)}
    return {column: {text: name for text, name in names.items() if text != name}}

"""Find and check the tables of many councils' records, in a folder or schema that Spark can read.

Each table has the name of its dataset, and a column that says whose a record is. All are read once
to count what is in them, and once more to look at keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.column_types import code_of, known_codes
from workbook_builder.extracts.model import Sheet, UnknownValue
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, Where, counted, did_you_mean, listed
from workbook_builder.store.spark.records import (
    KeyCounts,
    Profile,
    RawTable,
    TypedTable,
    cleaned,
    each_once,
    key_counts,
    profiles,
    typed_table,
)
from workbook_builder.store.spark.session import SPARK_ERRORS, error_message


@dataclass(frozen=True, eq=False)
class RecordTable:
    """A table that was checked: its cleaned records, and counts of what is in them."""

    typed: TypedTable
    profile: Profile
    records: DataFrame
    unknown: tuple[UnknownValue, ...] = ()

    @property
    def dataset(self) -> Dataset:
        """The dataset whose records the table holds."""
        return self.typed.dataset

    def days(self, authority: str) -> Mapping[str, Mapping[date, int]]:
        """Return how many records of an authority have each day, by column."""
        return {
            name: {date.fromisoformat(day): count for day, count in values.items()}
            for name in self.dataset.columns
            if self.dataset.columns[name].type == "date"
            and (values := self.profile.values.get((authority, name)))
        }

    def sheet(self, authorities: Sequence[str]) -> Sheet:
        """Return what was read for some authorities, as of a sheet of an extract."""
        kept = sum(self.profile.kept.get(name, 0) for name in authorities)
        left_out = sum(self.profile.left_out.get(name, 0) for name in authorities)
        required = self.dataset.required
        first_date = next((name for name in self.dataset.date_columns if name in required), "")
        days = [day for name in authorities for day in self.days(name).get(first_date, ())]
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


@dataclass(frozen=True, eq=False)
class RecordTables:
    """All tables of a folder or schema, by dataset."""

    session: SparkSession
    by_dataset: Mapping[str, RecordTable] = field(default_factory=dict)

    @cached_property
    def authorities(self) -> tuple[str, ...]:
        """The authorities that have records in any table."""
        tables = self.by_dataset.values()
        return tuple(sorted({name for table in tables for name in table.profile.authorities}))


def read_tables(
    session: SparkSession, place: str, definitions: Definitions
) -> Result[RecordTables]:
    """Find and check the tables of a folder or schema. Raises PySparkException."""
    raw = find_tables(session, place, definitions.datasets)
    results = [typed_table(table) for table in raw.value]
    problems = [*raw.problems, *(problem for result in results for problem in result.problems)]
    typed = [result.value for result in results if result.value]
    counts = profiles(typed)
    tables: list[RecordTable] = []
    for table in typed:
        profile = counts.get(table.dataset.name, Profile())
        codes = _codes(table, profile, definitions)
        records = cleaned(table, codes, _teams(table, profile, definitions))
        unknown = tuple(_unknown_values(table, profile, codes))
        tables.append(RecordTable(table, profile, records, unknown))
        problems += _table_problems(table, profile, unknown)
    once = _each_once(tables)
    by_dataset = RecordTables(session, {table.dataset.name: table for table in once.value})
    problems += [*once.problems, *_similar_names(by_dataset.authorities)]
    return Result(by_dataset, tuple(problems))


def _codes(
    table: TypedTable, profile: Profile, definitions: Definitions
) -> Mapping[str, Mapping[str, str]]:
    """Return the columns of codes, and the code that each text in them means."""
    codes: dict[str, Mapping[str, str]] = {}
    for name, column in table.dataset.columns.items():
        if column.codes in definitions.codes and name in table.columns:
            known = known_codes(definitions.codes[column.codes])
            meant = {text: code_of(text, known) for text in profile.of(name)}
            codes[name] = {text: code for text, code in meant.items() if code is not None}
    return codes


def _unknown_values(
    table: TypedTable, profile: Profile, codes: Mapping[str, Mapping[str, str]]
) -> Iterator[UnknownValue]:
    for name, known in codes.items():
        code_list = table.dataset.columns[name].codes
        for text, cells in sorted(profile.of(name).items()):
            if text not in known:
                yield UnknownValue(table.name, "", name, code_list, text, cells)


def _teams(
    table: TypedTable, profile: Profile, definitions: Definitions
) -> Mapping[str, Mapping[str, str]]:
    """Return the column of teams, and the name of each team that it calls by another one."""
    column = table.dataset.team_column
    if column not in table.columns:
        return {}
    teams = definitions.known_teams
    names = {text: teams.get(text).name for text in profile.of(column)}
    return {column: {text: name for text, name in names.items() if text != name}}


def _each_once(tables: Sequence[RecordTable]) -> Result[tuple[RecordTable, ...]]:
    """Count equal records once; different records with the same key are a problem."""
    keyed = {
        table.dataset.name: (table.dataset, table.records)
        for table in tables
        if table.dataset.key and set(table.dataset.key) <= table.typed.columns
    }
    counts = key_counts(keyed)
    once: list[RecordTable] = []
    problems: list[Problem] = []
    for table in tables:
        keys = counts.get(table.dataset.name, KeyCounts())
        problems += _key_problems(table.typed, keys)
        repeated = keys.records > keys.different
        records = each_once(table.records, table.dataset) if repeated else table.records
        once.append(replace(table, records=records))
    return Result(tuple(once), tuple(problems))


def find_tables(
    session: SparkSession, place: str, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    """Find the table of each dataset in a folder or, if there is no such folder, in a schema."""
    try:
        if Path(place).is_dir():
            return _in_folder(session, Path(place), datasets)
        return _in_schema(session, place, datasets)
    except SPARK_ERRORS as error:
        text = f"its tables cannot be read: {error_message(error)}"
        return Result((), (Problem(catalogue.NO_TABLES, text, Where(place)),))


def _in_folder(
    session: SparkSession, folder: Path, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    tables: list[RawTable] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")):
            continue
        name = path.name if path.is_dir() else path.stem
        files = path.rglob("*") if path.is_dir() else iter([path])
        endings = {file.suffix.lower() for file in files if not file.name.startswith((".", "_"))}
        formats = [each for each in ("parquet", "csv") if f".{each}" in endings]
        if name not in datasets or not formats:
            problems.append(_unknown_table(path.name, name, datasets))
        elif len(formats) > 1 or any(table.name == name for table in tables):
            text = "it is there as both Parquet and CSV."
            problems.append(Problem(catalogue.NO_TABLES, text, Where(path.name)))
        else:
            location = path.resolve().as_uri()
            is_text = formats == ["csv"]
            frame = (
                session.read.csv(
                    location,
                    header=True,
                    multiLine=True,
                    escape='"',
                    mode="FAILFAST",
                    encoding="UTF-8",
                    enforceSchema=False,
                )
                if is_text
                else session.read.parquet(location)
            )
            tables.append(RawTable(datasets[name], path.name, frame, is_text))
    return _or_no_tables(str(folder), tables, problems)


def _in_schema(
    session: SparkSession, schema: str, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    names = sorted(table.name for table in session.catalog.listTables(schema))
    problems = [_unknown_table(name, name, datasets) for name in names if name not in datasets]
    tables = [
        RawTable(datasets[name], f"{schema}.{name}", session.table(f"{schema}.`{name}`"))
        for name in names
        if name in datasets
    ]
    return _or_no_tables(schema, tables, problems)


def _or_no_tables(
    place: str, tables: Sequence[RawTable], problems: Sequence[Problem]
) -> Result[tuple[RawTable, ...]]:
    nothing = Problem(catalogue.NO_TABLES, "none is named after a dataset.", Where(place))
    return Result(tuple(tables), (*problems, *([] if tables else [nothing])))


def _unknown_table(shown: str, name: str, datasets: Mapping[str, Dataset]) -> Problem:
    text = "it holds neither Parquet nor CSV files."
    if name not in datasets:
        hint = did_you_mean(name, datasets) or f"Known: {listed(datasets)}."
        text = f"it is not named after a dataset, or has no Parquet or CSV files. {hint}"
    return Problem(catalogue.UNKNOWN_TABLE, text, Where(shown), "It was not read.")


_LEFT_OUT = "They were left out."
_LEFT_BLANK = "Records kept, the cells left blank."


def _table_problems(
    table: TypedTable, counts: Profile, unknown: Iterable[UnknownValue]
) -> Iterator[Problem]:
    """Yield the problems of the cells and records of a table."""
    nameless = counts.kept.get(None, 0) + counts.left_out.get(None, 0)
    if nameless:
        text = f"{counted(nameless, 'record')} without an authority."
        yield Problem(catalogue.TABLES_NO_AUTHORITY, text, Where(table.name, column="authority"))
    yield from _left_out(table, counts)
    for column, cells in sorted(counts.failed.items()):
        if column not in table.dataset.required:
            text = f"{counted(cells, 'cell')} cannot be read."
            yield Problem(
                catalogue.TABLES_UNREADABLE, text, Where(table.name, column=column), _LEFT_BLANK
            )
    yield from _unknown_codes(table.name, unknown)


def _left_out(table: TypedTable, counts: Profile) -> Iterator[Problem]:
    for column, cells in sorted(counts.blank.items()):
        text = f"{counted(cells, 'record')} in which this is blank."
        yield Problem(catalogue.LEFT_OUT, text, Where(table.name, column=column), _LEFT_OUT)
    for column, cells in sorted(counts.failed.items()):
        if column in table.dataset.required:
            text = f"{counted(cells, 'record')} in which this cannot be read."
            yield Problem(catalogue.LEFT_OUT, text, Where(table.name, column=column), _LEFT_OUT)
    for order, cells in sorted(counts.reversed.items()):
        text = f"{counted(cells, 'record')} with {order}."
        yield Problem(catalogue.LEFT_OUT, text, Where(table.name), _LEFT_OUT)


def _unknown_codes(name: str, unknown: Iterable[UnknownValue]) -> Iterator[Problem]:
    by_column: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for value in unknown:
        by_column[value.column, value.codes].append(value.cells)
    for (column, codes), cells in by_column.items():
        text = (
            f"{counted(sum(cells), 'cell')} with {counted(len(cells), 'value')} not in the code "
            f'list "{codes.replace("_", " ")}".'
        )
        yield Problem(catalogue.TABLES_UNKNOWN_CODES, text, Where(name, column=column), _LEFT_BLANK)


def _key_problems(table: TypedTable, keys: KeyCounts) -> Iterator[Problem]:
    """Yield the problems of records of which several have the same key."""
    key = ", ".join(table.dataset.key)
    if keys.different > keys.keys:
        text = f"{counted(keys.different - keys.keys, 'record')} with the {key} of a different one."
        yield Problem(catalogue.TABLES_SAME_KEY, text, Where(table.name))
    if keys.records > keys.different:
        text = f"{counted(keys.records - keys.different, 'record')} equal to another."
        yield Problem(catalogue.TABLES_TWICE, text, Where(table.name), "They were counted once.")


def _similar_names(authorities: Sequence[str]) -> Iterator[Problem]:
    """Yield the problem that two names differ only in letter case, spaces or punctuation."""
    by_folded: defaultdict[str, list[str]] = defaultdict(list)
    for name in authorities:
        by_folded[same_name(name)].append(name)
    for names in by_folded.values():
        if len(names) > 1:
            quoted = " and ".join(f'"{name}"' for name in names)
            yield Problem(catalogue.TWO_NAMES, f"{quoted} seem to be the same authority.")


def missing_authorities(lacking: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Yield a problem for each table in which some authorities have no records."""
    for name, authorities in sorted(lacking.items()):
        text = f"no records of {listed(authorities)}."
        yield Problem(catalogue.NONE_OF_ONE, text, Where(name))

"""Count and clean the records of typed tables, and take those of one authority or of a region."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Column, ColumnType, Dataset
from workbook_builder.extracts.column_types import COLUMN_TYPES
from workbook_builder.extracts.dates import FIRST_DAY, LAST_DAY
from workbook_builder.names import BLANK_WORDS, SPACES, same_name
from workbook_builder.problems import Problem, Result, Where, listed
from workbook_builder.store import duplicates
from workbook_builder.store.spark.session import spark_sql

#: The column that says whose a record is.
AUTHORITY = "authority"
#: The column that names, for each record, those of its columns that cannot be read.
FAILED = "_failed"


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it was found; the columns of a text table are texts, whatever they mean."""

    dataset: Dataset
    name: str
    frame: DataFrame
    is_text: bool = False


@dataclass(frozen=True, eq=False)
class TypedTable:
    """A table with the columns of its dataset, typed, and AUTHORITY and FAILED beside them.

    `columns` are those of the dataset that the table has; the others are blank.
    """

    dataset: Dataset
    name: str
    frame: DataFrame
    columns: frozenset[str]


def typed_table(raw: RawTable) -> Result[TypedTable | None]:
    """Find the columns of a dataset in its table and give them their types.

    None, with the problems, if a column is missing, double or of a type that cannot be used.
    """
    matched = _match_columns(raw)
    problems = [*matched.problems, *_wrong_types(raw, matched.value)]
    if problems:
        return Result(None, tuple(problems))
    names = matched.value
    values: list[SparkColumn] = []
    failed: list[SparkColumn] = []
    for name, column in raw.dataset.columns.items():
        if name not in names:
            absent = sql.lit(column.absent_value)
            values.append(absent.cast(COLUMN_TYPES[column.type].spark).alias(name))
            continue
        cell, value = _value(column, _column(names[name]), is_text=raw.is_text)
        values.append(value.alias(name))
        failed.append(sql.when(cell.isNotNull() & value.isNull(), sql.lit(name)))
    authority = _trimmed(_column(names[AUTHORITY])).alias(AUTHORITY)
    failed_names = sql.array_compact(sql.array(*failed)).alias(FAILED)
    frame = raw.frame.select(*values, authority, failed_names)
    return Result(TypedTable(raw.dataset, raw.name, frame, frozenset(names) - {AUTHORITY}))


def _match_columns(raw: RawTable) -> Result[dict[str, str]]:
    """Return the table's names of the dataset's columns, and what is missing or double."""
    known = {same_name(AUTHORITY): AUTHORITY}
    for name, column in raw.dataset.columns.items():
        known |= {same_name(text): name for text in (*column.aliases, name)}
    matches: dict[str, list[str]] = {}
    for heading in raw.frame.columns:
        if same_name(heading) in known:
            matches.setdefault(known[same_name(heading)], []).append(heading)
    where = Where(raw.name)
    problems = [
        Problem(catalogue.TWO_COLUMNS, f'{listed(headings)} both mean "{name}".', where)
        for name, headings in matches.items()
        if len(headings) > 1
    ]
    missing = sorted({AUTHORITY, *raw.dataset.required} - matches.keys())
    if missing:
        problems.append(Problem(catalogue.TABLE_LACKS, f"there is no {listed(missing)}.", where))
    return Result({name: headings[0] for name, headings in matches.items()}, tuple(problems))


def _wrong_types(raw: RawTable, names: Mapping[str, str]) -> Iterator[Problem]:
    if raw.is_text:
        return
    types = dict(raw.frame.dtypes)
    for name, heading in names.items():
        wanted: ColumnType = "text" if name == AUTHORITY else raw.dataset.columns[name].type
        rules = COLUMN_TYPES[wanted]
        if types[heading].partition("(")[0] not in rules.spark_types:
            text = f'"{name}" must be {rules.spark}, and is {types[heading].upper()}.'
            yield Problem(catalogue.WRONG_TYPE, text, Where(raw.name, column=heading))


def _column(heading: str) -> SparkColumn:
    return sql.col("`" + heading.replace("`", "``") + "`")


def _value(column: Column, cell: SparkColumn, *, is_text: bool) -> tuple[SparkColumn, SparkColumn]:
    """Return a cell, NULL where it is blank, and its value, NULL where it cannot be read."""
    rules = COLUMN_TYPES[column.type]
    written = is_text or rules.spark == "STRING"
    cell = _trimmed(cell) if written else cell
    value = cell
    if rules.spark_pattern and written:
        value = sql.when(cell.rlike(rules.spark_pattern), cell)
    if rules.spark != "STRING":
        value = value.try_cast(rules.spark)
    if column.type == "date":
        value = sql.when(
            value.between(sql.lit(FIRST_DAY.isoformat()), sql.lit(LAST_DAY.isoformat())), value
        )
    if column.type == "number":
        value = sql.when(~sql.isnan(value) & (sql.abs(value) < float("inf")), value)
    return cell, value


def _trimmed(cell: SparkColumn) -> SparkColumn:
    """Return a text without spaces around it, NULL where it is empty or a word for nothing."""
    text = sql.btrim(cell, sql.lit(SPACES))
    nothing = (text == "") | sql.lower(text).isin(*BLANK_WORDS)
    return sql.when(~nothing, text)


def empty_frame(session: SparkSession, dataset: Dataset) -> DataFrame:
    """Return a table of a dataset without any record."""
    columns = ", ".join(
        f"CAST(NULL AS {COLUMN_TYPES[column.type].spark}) AS `{name}`"
        for name, column in dataset.columns.items()
    )
    return session.sql(f"SELECT {columns} WHERE FALSE")


#: Kinds of counts: records kept and left out, values, and why cells or records are not.
_KEPT, _OUT, _VALUE, _FAILED, _BLANK, _ORDER = "kept", "out", "value", "failed", "blank", "order"
#: Authority, kind, column, value and how often.
_CountRow = tuple[Any, ...]
#: Longer texts than a code or a name are counted by their beginning.
_LONGEST = 200


@dataclass(frozen=True)
class Profile:
    """Counts of one table.

    `kept` and `left_out` are records by authority (None where none is named); `values` are those of
    kept records by authority and column. `failed` counts the cells that cannot be read, `blank`
    those that are needed and blank, `reversed` the records whose two dates are out of order.
    """

    kept: Mapping[str | None, int] = field(default_factory=dict)
    left_out: Mapping[str | None, int] = field(default_factory=dict)
    values: Mapping[tuple[str | None, str], Mapping[str, int]] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    blank: Mapping[str, int] = field(default_factory=dict)
    reversed: Mapping[str, int] = field(default_factory=dict)

    @property
    def authorities(self) -> frozenset[str]:
        """The authorities that have records, kept or not."""
        return frozenset(name for name in (*self.kept, *self.left_out) if name is not None)

    def of(self, column: str) -> Mapping[str, int]:
        """Return the values of a column over all authorities."""
        total: Counter[str] = Counter()
        for (_, name), values in self.values.items():
            if name == column:
                total.update(values)
        return total


def is_good(dataset: Dataset) -> SparkColumn:
    """Return the condition that a record has all that it needs, its dates in order."""
    good = sql.lit(True)
    for name in sorted(dataset.required):
        good = good & sql.col(name).isNotNull()
    for first, second in dataset.in_order:
        good = good & sql.coalesce(sql.col(second) >= sql.col(first), sql.lit(True))
    return good


def profiles(tables: Iterable[TypedTable]) -> Mapping[str, Profile]:
    """Count what tables hold, by dataset, all in one pass. Raises PySparkException."""
    counted = [_counts(table) for table in tables]
    if not counted:
        return {}
    by = ("dataset", AUTHORITY, "item.kind", "item.column", "item.value")
    grouped = reduce(DataFrame.unionByName, counted).groupBy(*by).count()
    rows: defaultdict[str, list[_CountRow]] = defaultdict(list)
    for dataset, *row in grouped.collect():
        rows[dataset].append(tuple(row))
    return {name: _profile(of_dataset) for name, of_dataset in rows.items()}


def _counts(table: TypedTable) -> DataFrame:
    """Return one row for each thing to count in each record."""
    good = is_good(table.dataset)
    counts = sql.array_compact(sql.array(*_entries(table, good)))
    failed = sql.transform(sql.col(FAILED), lambda name: _entry(_FAILED, name, sql.lit("")))
    name = sql.lit(table.dataset.name).alias("dataset")
    return table.frame.select(
        name, AUTHORITY, sql.explode(sql.concat(counts, failed)).alias("item")
    )


def _entries(table: TypedTable, good: SparkColumn) -> list[SparkColumn]:
    dataset = table.dataset
    nothing = sql.lit("")
    entries = [sql.when(good, _entry(_KEPT, nothing, nothing)),
               sql.when(~good, _entry(_OUT, nothing, nothing))]  # fmt: skip
    for name, column in dataset.columns.items():
        value = sql.substring(sql.col(name).cast("STRING"), 1, _LONGEST)
        if name in table.columns and (
            column.type in ("date", "code") or name == dataset.team_column
        ):
            counted = _entry(_VALUE, sql.lit(name), value)
            entries.append(sql.when(good & sql.col(name).isNotNull(), counted))
        if column.required:
            failed = sql.array_contains(sql.col(FAILED), sql.lit(name))
            blank = sql.col(name).isNull() & ~failed
            entries.append(sql.when(blank, _entry(_BLANK, sql.lit(name), nothing)))
    for first, second in dataset.in_order:
        wrong = sql.col(second) < sql.col(first)
        entries.append(
            sql.when(wrong, _entry(_ORDER, sql.lit(f"{second} before {first}"), nothing))
        )
    return entries


def _entry(kind: str, column: SparkColumn, value: SparkColumn) -> SparkColumn:
    return sql.struct(sql.lit(kind).alias("kind"), column.alias("column"), value.alias("value"))


def _profile(rows: Iterable[_CountRow]) -> Profile:
    by_authority: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    by_column: defaultdict[str, Counter[str]] = defaultdict(Counter)
    values: defaultdict[tuple[str | None, str], dict[str, int]] = defaultdict(dict)
    for authority, kind, column, value, count in rows:
        if kind == _VALUE:
            values[authority, column][value] = count
        elif kind in (_KEPT, _OUT):
            by_authority[kind][authority] += count
        else:
            by_column[kind][column] += count
    return Profile(
        kept=by_authority[_KEPT],
        left_out=by_authority[_OUT],
        values=values,
        failed=by_column[_FAILED],
        blank=by_column[_BLANK],
        reversed=by_column[_ORDER],
    )


#: What each value of a column means, by column.
Meanings = Mapping[str, Mapping[str, str]]

#: The table of a query that is run over a frame.
_RECORDS = exp.to_table("{records}")
#: Between an authority and an identifier of its own.
_SEPARATOR = " / "


def cleaned(table: TypedTable, codes: Meanings, teams: Meanings) -> DataFrame:
    """Return the records that have what they need, their codes and teams under one name.

    What means no code is blank; a team that is not named stays as it is.
    """
    records = table.frame.where(is_good(table.dataset)).drop(FAILED)
    for column, known in codes.items():
        records = records.withColumn(column, _named(column, known))
    for column, known in teams.items():
        named = sql.coalesce(_named(column, known), sql.col(column))
        records = records.withColumn(column, named)
    return records


def each_once(records: DataFrame, dataset: Dataset) -> DataFrame:
    """Return the records, equal ones with a key once."""
    query = duplicates.each_once(_RECORDS, records.columns, dataset.key)
    return records.sparkSession.sql(spark_sql(query), records=records)


@dataclass(frozen=True)
class KeyCounts:
    """How many records of a table have a key, how many of them differ, and how many keys do."""

    records: int = 0
    different: int = 0
    keys: int = 0


def key_counts(tables: Mapping[str, tuple[Dataset, DataFrame]]) -> Mapping[str, KeyCounts]:
    """Count the keys of tables by dataset, all in one pass. Raises PySparkException."""
    counts = []
    for name, (dataset, records) in tables.items():
        query = duplicates.key_counts(
            name, _RECORDS, records.columns, dataset.key, owner=(AUTHORITY,)
        )
        counts.append(records.sparkSession.sql(spark_sql(query), records=records))
    rows = reduce(DataFrame.unionAll, counts).collect() if counts else []
    return {name: KeyCounts(*numbers) for name, *numbers in rows}


def of_authority(records: DataFrame, authority: str) -> DataFrame:
    """Return the records of one authority."""
    return records.where(sql.col(AUTHORITY) == sql.lit(authority)).drop(AUTHORITY)


def of_region(records: DataFrame, dataset: Dataset) -> DataFrame:
    """Return the records of all authorities, each authority in place of a team.

    Identifiers mean something within their authority only, so its name is put before them: a child
    of one and a child of another may have the same number.
    """
    for name, column in dataset.columns.items():
        if column.type == "id":
            whole = sql.concat(sql.col(AUTHORITY), sql.lit(_SEPARATOR), sql.col(name))
            records = records.withColumn(name, whole)
    team = dataset.team_column
    return records.withColumn(team, sql.col(AUTHORITY)) if team else records


def _named(column: str, known: Mapping[str, str]) -> SparkColumn:
    pairs = [sql.lit(text) for pair in known.items() for text in pair]
    if not pairs:
        return sql.lit(None).cast("STRING")
    return sql.try_element_at(sql.create_map(*pairs), sql.col(column))

"""The columns of a table into those of its dataset, by their names; types are held against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Column, ColumnType, Dataset
from workbook_builder.extracts.column_types import COLUMN_TYPES
from workbook_builder.extracts.dates import FIRST_DAY, LAST_DAY
from workbook_builder.names import BLANK_WORDS, SPACES, same_name
from workbook_builder.problems import Problem, Result, Where, did_you_mean, listed
from workbook_builder.store.spark.session import FAULTS, said

_FORMATS = ("parquet", "csv")


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it stands; the columns of a text table are texts, whatever they mean."""

    dataset: Dataset
    name: str
    frame: DataFrame
    is_text: bool = False


def find_tables(
    session: SparkSession, place: str, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    """Find the table of each dataset in a folder or, if there is no such folder, in a schema."""
    try:
        if Path(place).is_dir():
            return _in_folder(session, Path(place), datasets)
        return _in_schema(session, place, datasets)
    except FAULTS as fault:
        what = f"its tables cannot be read: {said(fault)}"
        return Result((), (Problem(catalogue.NO_TABLES, what, Where(place)),))


def _in_folder(
    session: SparkSession, folder: Path, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    found: list[RawTable] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        name = path.name if path.is_dir() else path.stem
        formats = _formats(path)
        if path.name.startswith((".", "_")):
            continue
        if name not in datasets or not formats:
            problems.append(_unknown(path.name, name, datasets))
        elif len(formats) > 1 or any(one.name == name for one in found):
            what = "it stands there both as Parquet and as CSV."
            problems.append(Problem(catalogue.NO_TABLES, what, Where(path.name)))
        else:
            found.append(_read(session, path, formats[0], datasets[name]))
    return _found(str(folder), found, problems)


def _formats(path: Path) -> list[str]:
    files = path.rglob("*") if path.is_dir() else iter([path])
    endings = {file.suffix.lower() for file in files if not file.name.startswith((".", "_"))}
    return [one for one in _FORMATS if f".{one}" in endings]


def _read(session: SparkSession, path: Path, kind: str, dataset: Dataset) -> RawTable:
    place = path.resolve().as_uri()
    if kind == "parquet":
        return RawTable(dataset, path.name, session.read.parquet(place))
    frame = session.read.csv(
        place,
        header=True,
        multiLine=True,
        escape='"',
        mode="FAILFAST",
        encoding="UTF-8",
        enforceSchema=False,
    )
    return RawTable(dataset, path.name, frame, is_text=True)


def _in_schema(
    session: SparkSession, schema: str, datasets: Mapping[str, Dataset]
) -> Result[tuple[RawTable, ...]]:
    names = sorted(table.name for table in session.catalog.listTables(schema))
    problems = [_unknown(name, name, datasets) for name in names if name not in datasets]
    found = [
        RawTable(datasets[name], f"{schema}.{name}", session.table(f"{schema}.`{name}`"))
        for name in names
        if name in datasets
    ]
    return _found(schema, found, problems)


def _found(
    place: str, tables: Iterable[RawTable], problems: Iterable[Problem]
) -> Result[tuple[RawTable, ...]]:
    found = tuple(tables)
    nothing = (
        []
        if found
        else [Problem(catalogue.NO_TABLES, "none bears a dataset's name.", Where(place))]
    )
    return Result(found, (*problems, *nothing))


def _unknown(shown: str, name: str, datasets: Mapping[str, Dataset]) -> Problem:
    hint = did_you_mean(name, datasets) or f"Known: {listed(datasets)}."
    what = f"no dataset is called that, or it holds neither Parquet nor CSV files. {hint}"
    if name in datasets:
        what = "it holds neither Parquet nor CSV files."
    return Problem(catalogue.UNKNOWN_TABLE, what, Where(shown), "It was not read.")


#: The column that says whose a record is.
AUTHORITY = "authority"
#: The names of the columns of a record in which something stands that cannot be read.
FAILED = "_failed"


@dataclass(frozen=True, eq=False)
class TypedTable:
    """A table with the columns of its dataset, typed, and AUTHORITY and FAILED beside them.

    `columns` are those of the dataset that the table has; the others are blank.
    """

    dataset: Dataset
    name: str
    frame: DataFrame
    columns: frozenset[str]


def typed(raw: RawTable) -> Result[TypedTable | None]:
    """Find the columns of a dataset in its table and give them their types."""
    columns = _columns(raw)
    types = dict(raw.frame.dtypes)
    problems = [*columns.problems, *_wrong_types(raw, columns.value, types)]
    if problems:
        return Result(None, tuple(problems))
    return Result(_typed(raw, columns.value))


def _columns(raw: RawTable) -> Result[dict[str, str]]:
    """Return the table's own names of the dataset's columns, and what is missing or double."""
    known = {same_name(AUTHORITY): AUTHORITY}
    for name, column in raw.dataset.columns.items():
        known |= {same_name(text): name for text in (*column.aliases, name)}
    found: dict[str, list[str]] = {}
    for own in raw.frame.columns:
        if (means := known.get(same_name(own))) is not None:
            found.setdefault(means, []).append(own)
    where = Where(raw.name)
    problems = [
        Problem(catalogue.TWO_COLUMNS, f'{listed(own)} both mean "{name}".', where)
        for name, own in found.items()
        if len(own) > 1
    ]
    missing = sorted({AUTHORITY, *raw.dataset.required} - found.keys())
    if missing:
        problems.append(Problem(catalogue.TABLE_LACKS, f"there is no {listed(missing)}.", where))
    return Result({name: own[0] for name, own in found.items()}, tuple(problems))


def _wrong_types(
    raw: RawTable, columns: Mapping[str, str], types: Mapping[str, str]
) -> Iterator[Problem]:
    if raw.is_text:
        return
    for name, own in columns.items():
        wanted: ColumnType = "text" if name == AUTHORITY else raw.dataset.columns[name].type
        rules = COLUMN_TYPES[wanted]
        if types[own].partition("(")[0] not in rules.spark_types:
            what = f'"{name}" must be {rules.spark}, and is {types[own].upper()}.'
            yield Problem(catalogue.WRONG_TYPE, what, Where(raw.name, column=own))


def _typed(raw: RawTable, columns: Mapping[str, str]) -> TypedTable:
    values: list[SparkColumn] = []
    failed: list[SparkColumn] = []
    for name, column in raw.dataset.columns.items():
        own = _own(columns[name]) if name in columns else None
        if own is None:
            values.append(sql.lit(None).cast(COLUMN_TYPES[column.type].spark).alias(name))
            continue
        value, given = _value(column, own, is_text=raw.is_text)
        values.append(value.alias(name))
        failed.append(sql.when(given.isNotNull() & value.isNull(), sql.lit(name)))
    authority = _text(_own(columns[AUTHORITY])).alias(AUTHORITY)
    faults = sql.array_compact(sql.array(*failed)).alias(FAILED)
    frame = raw.frame.select(*values, authority, faults)
    return TypedTable(raw.dataset, raw.name, frame, frozenset(columns) - {AUTHORITY})


def _own(name: str) -> SparkColumn:
    return sql.col("`" + name.replace("`", "``") + "`")


def _value(column: Column, own: SparkColumn, *, is_text: bool) -> tuple[SparkColumn, SparkColumn]:
    """Return the value of a cell, blank where it cannot be read, and what is given in it."""
    kind, rules = column.type, COLUMN_TYPES[column.type]
    given = _text(own) if is_text or rules.spark == "STRING" else own
    value = given
    if rules.spark_pattern and (is_text or rules.spark == "STRING"):
        value = sql.when(given.rlike(rules.spark_pattern), given)
    if rules.spark != "STRING":
        value = value.try_cast(rules.spark)
    if kind == "date":
        value = sql.when(
            value.between(sql.lit(FIRST_DAY.isoformat()), sql.lit(LAST_DAY.isoformat())), value
        )
    if kind == "number":
        value = sql.when(~sql.isnan(value) & (sql.abs(value) < float("inf")), value)
    return value, given


def _text(own: SparkColumn) -> SparkColumn:
    """Return a text without spaces around it; words for nothing are nothing."""
    text = sql.btrim(own, sql.lit(SPACES))
    nothing = (text == "") | sql.lower(text).isin(*BLANK_WORDS)
    return sql.when(~nothing, text)


def empty_frame(session: SparkSession, dataset: Dataset) -> DataFrame:
    """Return a table of a dataset without any record."""
    columns = ", ".join(
        f"CAST(NULL AS {COLUMN_TYPES[column.type].spark}) AS `{name}`"
        for name, column in dataset.columns.items()
    )
    return session.sql(f"SELECT {columns} WHERE FALSE")

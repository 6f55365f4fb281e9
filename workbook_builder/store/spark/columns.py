"""Match the columns of a table to those of its dataset by name, and give them their types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Column, ColumnType, Dataset
from workbook_builder.extracts.column_types import COLUMN_TYPES
from workbook_builder.extracts.dates import FIRST_DAY, LAST_DAY
from workbook_builder.names import BLANK_WORDS, SPACES, same_name
from workbook_builder.problems import Problem, Result, Where, listed

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
            values.append(sql.lit(None).cast(COLUMN_TYPES[column.type].spark).alias(name))
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

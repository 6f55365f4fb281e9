"""Typed tables into the records that measures count: of one authority, or of a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame
from pyspark.sql import functions as sql
from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.engine import duplicates
from workbook_builder.engine.spark.columns import AUTHORITY, FAILED, TypedTable
from workbook_builder.engine.spark.dialect import spark_sql
from workbook_builder.engine.spark.profile import is_good

#: What each value of a column stands for.
Names = Mapping[str, Mapping[str, str]]

#: The table of a query that is run over a frame.
_RECORDS = exp.to_table("{records}")
#: Between an authority and an identifier of its own.
_BETWEEN = " / "


def cleaned(table: TypedTable, codes: Names, teams: Names) -> DataFrame:
    """Return the records that have what they need, their codes and teams under one name.

    What stands for no code is blank; a team that is not named stays as it is.
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
class Keys:
    """How many records of a table have a key, how many of them differ, and how many keys do."""

    records: int = 0
    different: int = 0
    keys: int = 0


def keys_of(tables: Mapping[str, tuple[Dataset, DataFrame]]) -> Mapping[str, Keys]:
    """Count the keys of tables by dataset, all in one pass. Raises PySparkException."""
    counts = []
    for name, (dataset, records) in tables.items():
        query = duplicates.key_counts(
            name, _RECORDS, records.columns, dataset.key, owner=(AUTHORITY,)
        )
        counts.append(records.sparkSession.sql(spark_sql(query), records=records))
    rows = reduce(DataFrame.unionAll, counts).collect() if counts else []
    return {name: Keys(*numbers) for name, *numbers in rows}


def of_authority(records: DataFrame, authority: str) -> DataFrame:
    """Return the records of one authority."""
    return records.where(sql.col(AUTHORITY) == sql.lit(authority)).drop(AUTHORITY)


def of_region(records: DataFrame, dataset: Dataset) -> DataFrame:
    """Return the records of all authorities, each authority in place of a team.

    Identifiers mean something within their authority only, so they bear its name: a child of one
    and a child of another may have the same number.
    """
    for name, column in dataset.columns.items():
        if column.type == "id":
            whole = sql.concat(sql.col(AUTHORITY), sql.lit(_BETWEEN), sql.col(name))
            records = records.withColumn(name, whole)
    team = dataset.team_column
    return records.withColumn(team, sql.col(AUTHORITY)) if team else records


def _named(column: str, known: Mapping[str, str]) -> SparkColumn:
    pairs = [sql.lit(text) for pair in known.items() for text in pair]
    if not pairs:
        return sql.lit(None).cast("STRING")
    return sql.try_element_at(sql.create_map(*pairs), sql.col(column))

"""Spark, where many councils' records live: tables that are already there, and rows of figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.engine.calendar import calendar_days
from workbook_builder.engine.protocol import MONTHS, Failed, Rows
from workbook_builder.engine.spark.dialect import NUMBERS, WORKING_DAYS, spark_sql
from workbook_builder.engine.spark.said import FAULTS, said
from workbook_builder.engine.spark.trees import for_spark
from workbook_builder.months import Month

if TYPE_CHECKING:
    from typing import Self

#: What the queries mean depends on these, so they are set for the session, whatever it had.
_MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.session.collation.enabled": "false",
}


class SparkEngine:
    """A Spark session with one view for each dataset, which answers query trees.

    The views are gone when the engine is closed; the session stays its owner's.
    """

    def __init__(
        self, session: SparkSession, tables: Mapping[str, tuple[Dataset, DataFrame]]
    ) -> None:
        self._session = session
        self._days = {
            name: frozenset(one for one, column in dataset.columns.items() if column.type == "date")
            for name, (dataset, _) in tables.items()
        }
        self._days[MONTHS] = frozenset({"month_start", "month_end"})
        for name, (_, frame) in tables.items():
            frame.createOrReplaceTempView(name)
        for statement in _calendar():
            session.sql(statement)
        self.set_months(())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in self._days:
            self._session.catalog.dropTempView(name)

    def rows(self, query: exp.Query) -> Rows:
        """Run a query tree and return its rows. Raises Failed."""
        try:
            found = self._session.sql(spark_sql(for_spark(query, self._days))).collect()
        except FAULTS as fault:
            raise Failed(said(fault)) from None
        return [tuple(row) for row in found]

    def answers(self, queries: Iterable[exp.Query]) -> Iterator[Rows]:
        """Run query trees and yield the rows of each. Raises Failed."""
        return map(self.rows, queries)

    def set_months(self, months: Sequence[Month]) -> None:
        """Say which months the queries are about, in place of any said before."""
        days = [(str(one), one.first_day.isoformat(), one.last_day.isoformat()) for one in months]
        rows = ", ".join(
            f"('{month}', DATE '{first}', DATE '{last}')" for month, first, last in days
        )
        values = rows or "('', DATE '2000-01-01', DATE '2000-01-31')"
        self._session.sql(
            f"CREATE OR REPLACE TEMPORARY VIEW {MONTHS} AS SELECT * FROM VALUES {values} "
            f"AS _(month, month_start, month_end) WHERE month <> ''"
        )


@lru_cache(maxsize=1)
def _calendar() -> tuple[str, str]:
    """Return the statements that put the working-day calendar into the session's variables."""
    days = list(calendar_days())
    numbers = ",".join(str(number) for _, number, _ in days)
    working = ",".join(day.isoformat() for day, _, working in days if working)
    return (
        f"DECLARE OR REPLACE VARIABLE {NUMBERS} ARRAY<INT> "
        f"DEFAULT CAST(SPLIT('{numbers}', ',') AS ARRAY<INT>)",
        f"DECLARE OR REPLACE VARIABLE {WORKING_DAYS} ARRAY<DATE> "
        f"DEFAULT CAST(SPLIT('{working}', ',') AS ARRAY<DATE>)",
    )

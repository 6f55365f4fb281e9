"""A Spark session: on this computer alone, or on the cluster that the user named.

Nothing is looked for on the network. A cluster is spoken to where the user names it in Spark's own
way: in SPARK_REMOTE, or by starting the program with spark-submit.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from py4j.java_gateway import JavaGateway
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result
from workbook_builder.store.calendar import calendar_days
from workbook_builder.store.engine import MONTHS, EngineFailed, Rows
from workbook_builder.store.spark.dialect import NUMBERS, WORKING_DAYS, for_spark, spark_sql

if TYPE_CHECKING:
    from typing import Self

#: What any call of Spark may raise: its own errors, and those of the connection to Java.
SPARK_ERRORS = (PySparkException, Py4JError)

#: How Spark writes the name of an error before its text.
_ERROR_NAME = re.compile(r"\[([A-Z]+_[A-Z_]+(?:\.[A-Z_]+)*)\]")


def error_message(error: Exception) -> str:
    """Return the name of an error without its text, which may quote a record."""
    condition = error.getCondition() if isinstance(error, PySparkException) else None
    match = None if condition else _ERROR_NAME.search(str(error))
    return f"Spark stopped with {condition or (match[1] if match else type(error).__name__)}."


#: What the queries mean depends on these settings, so they are set whatever the session had.
_QUERY_SETTINGS = {
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
            name: frozenset(key for key, column in dataset.columns.items() if column.type == "date")
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
        """Run a query tree and return its rows. Raises EngineFailed."""
        try:
            rows = self._session.sql(spark_sql(for_spark(query, self._days))).collect()
        except SPARK_ERRORS as error:
            raise EngineFailed(error_message(error)) from None
        return [tuple(row) for row in rows]

    def answers(self, queries: Iterable[exp.Query]) -> Iterator[Rows]:
        """Run query trees and yield the rows of each. Raises EngineFailed."""
        return map(self.rows, queries)

    def set_months(self, months: Sequence[Month]) -> None:
        """Say which months the queries are about, in place of any said before."""
        rows = ", ".join(
            f"('{month}', DATE '{month.first_day}', DATE '{month.last_day}')" for month in months
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


_LOOPBACK = "127.0.0.1"

#: How the user names a cluster: Spark's own variable, and what spark-submit sets.
_REMOTE, _SUBMITTED = "SPARK_REMOTE", "PYSPARK_GATEWAY_PORT"

_LOCAL = {
    "spark.master": "local[*]",
    "spark.app.name": "Workbook Builder",
    "spark.driver.host": _LOOPBACK,
    "spark.driver.bindAddress": _LOOPBACK,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.ui.explainMode": "simple",
}


@contextmanager
def spark_session() -> Iterator[Result[SparkSession | None]]:
    """Open a session for as long as the block runs; without one, a problem says why.

    On this computer it listens on the loopback address only, and its temporary folder goes with it.
    """
    if os.environ.get(_REMOTE) or os.environ.get(_SUBMITTED):
        with _on_cluster() as opened:
            yield opened
    elif _java() is None:
        yield Result(None, (Problem(catalogue.NO_JAVA, "Spark runs on Java, and there is none."),))
    else:
        with _on_this_computer() as opened:
            yield opened


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


@contextmanager
def _on_cluster() -> Iterator[Result[SparkSession | None]]:
    try:
        session = SparkSession.builder.appName(_LOCAL["spark.app.name"]).getOrCreate()
    except SPARK_ERRORS as error:
        yield _failed(error)
        return
    try:
        yield Result(session)
    finally:
        session.stop()


@contextmanager
def _on_this_computer() -> Iterator[Result[SparkSession | None]]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            gateway, session = _started(Path(folder))
        except SPARK_ERRORS as error:
            yield _failed(error)
            return
        try:
            yield Result(session)
        finally:
            session.stop()
            _stop_java(gateway)


def _started(folder: Path) -> tuple[JavaGateway, SparkSession]:
    """Start Java quietly, with all that it writes in one folder, and Spark in it."""
    folders = {
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": folder / "warehouse",
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -XX:-UsePerfData",
    }
    pairs = [*_LOCAL.items(), *((name, str(value)) for name, value in folders.items())]
    conf = SparkConf(loadDefaults=False).setAll(pairs)
    os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        launch: Callable[..., JavaGateway] = launch_gateway
        gateway = launch(conf, popen_kwargs={"stdout": nowhere, "stderr": nowhere})
    # Spark would write its queries to the error stream: errors are problems here.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    return gateway, SparkSession(SparkContext(conf=conf, gateway=gateway))


def _stop_java(gateway: JavaGateway) -> None:
    """End Java and forget it, so that a later session can start anew."""
    process = gateway.proc
    gateway.shutdown()
    SparkContext._gateway = None
    SparkContext._jvm = None
    if process is not None:
        process.stdin.close()
        process.wait()


def _failed(error: Exception) -> Result[SparkSession | None]:
    text = f"the session could not be opened: {error_message(error)}"
    return Result(None, (Problem(catalogue.SPARK_FAILED, text),))

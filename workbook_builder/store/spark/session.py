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

#: What may come out of any call of Spark: its own faults, and those of the way to Java.
FAULTS = (PySparkException, Py4JError)


#: How Spark writes the name of a fault before it says more.
_NAME = re.compile(r"\[([A-Z]+_[A-Z_]+(?:\.[A-Z_]+)*)\]")


def said(fault: Exception) -> str:
    """Return the name of a fault alone: what Spark says of it may quote a record."""
    condition = fault.getCondition() if isinstance(fault, PySparkException) else None
    named = None if condition else _NAME.search(str(fault))
    return f"Spark stopped with {condition or (named[1] if named else type(fault).__name__)}."


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
            raise EngineFailed(said(fault)) from None
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
    except FAULTS as fault:
        yield _failed(fault)
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
        except FAULTS as fault:
            yield _failed(fault)
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
    _silence()
    return gateway, SparkSession(SparkContext(conf=conf, gateway=gateway))


def _silence() -> None:
    """Keep Spark from writing its queries to the error stream: faults are problems here."""
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)


def _stop_java(gateway: JavaGateway) -> None:
    """End Java and forget it, so that a later session can start anew."""
    process = gateway.proc
    gateway.shutdown()
    SparkContext._gateway = None
    SparkContext._jvm = None
    if process is not None:
        process.stdin.close()
        process.wait()


def _failed(fault: Exception) -> Result[SparkSession | None]:
    what = f"the session could not be opened: {said(fault)}"
    return Result(None, (Problem(catalogue.SPARK_FAILED, what),))

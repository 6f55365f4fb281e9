"""A Spark session: on this computer alone, or on the cluster that the user named.

Nothing is looked for on the network. A cluster is spoken to where the user names it in Spark's own
way: in SPARK_REMOTE, or by starting the program with spark-submit.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from py4j.java_gateway import JavaGateway
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from workbook_builder.engine import kinds
from workbook_builder.engine.spark.said import FAULTS, said
from workbook_builder.problems import Problem, Result

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
        yield Result(None, (Problem(kinds.NO_JAVA, "Spark runs on Java, and there is none."),))
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
    return Result(None, (Problem(kinds.SPARK_FAILED, what),))

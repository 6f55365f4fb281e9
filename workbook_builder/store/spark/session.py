"""Open a Spark session and run query trees on it, with the meaning DuckDB gives them.

Nothing is looked for on the network. A cluster is spoken to where the user names it in Spark's own
way: in SPARK_REMOTE, or by starting the program with spark-submit.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
from collections import defaultdict
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
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result
from workbook_builder.store.calendar import FIRST_DAY, calendar_days
from workbook_builder.store.duckdb_store import parsed
from workbook_builder.store.engine import (
    MONTHS,
    EngineFailed,
    NumberedWorkingDay,
    Rows,
    WorkingDayNumber,
)

if TYPE_CHECKING:
    from typing import Self

#: The list of the running numbers of all days from FIRST_DAY on, and that of the working days.
NUMBERS = "_working_day_numbers"
WORKING_DAYS = "_working_days"

#: A character that is in no pattern, so that a backslash is one like others.
_NO_ESCAPE = "\x01"


def spark_sql(tree: exp.Expr) -> str:
    """Write a tree in Spark's dialect, every name quoted."""
    return tree.sql(_SparkDialect, identify=True)


class _Generator(SparkGenerator):
    TRANSFORMS = {  # noqa: RUF012 - as the library declares it
        **SparkGenerator.TRANSFORMS,
        WorkingDayNumber: lambda self, node: self.sql(_number(node.this)),
        NumberedWorkingDay: lambda self, node: self.sql(_day(node.this)),
        exp.Div: lambda self, node: self.sql(_quotient(node)),
        exp.DateDiff: lambda self, node: self.func("DATEDIFF", node.this, node.expression),
        exp.Like: lambda self, node: _pattern(self, node, "LIKE"),
        exp.ILike: lambda self, node: _pattern(self, node, "ILIKE"),
    }


class _SparkDialect(Spark):
    Generator = _Generator


def _number(day: exp.Expr) -> exp.Expr:
    first = exp.cast(exp.Literal.string(FIRST_DAY.isoformat()), "DATE")
    return _entry(NUMBERS, exp.Anonymous(this="DATEDIFF", expressions=[day.copy(), first]))


def _day(number: exp.Expr) -> exp.Expr:
    """The list of working days starts with number 1; a fraction is the number of none."""
    whole = _WholeNumber(this=number.copy())
    day = _entry(WORKING_DAYS, exp.Sub(this=whole, expression=exp.Literal.number(1)))
    is_whole = exp.EQ(this=exp.paren(number.copy()), expression=whole.copy())
    return exp.Case().when(is_whole, day)


def _entry(name: str, position: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="GET", expressions=[exp.column(name), position])


class _WholeNumber(exp.Expression, exp.Func):
    """A number without its fraction; blank where it is too large for a place in a list."""


class _Quotient(exp.Expression, exp.Binary):
    """A division that is written as it stands."""


def _quotient(node: exp.Div) -> exp.Expr:
    """Divide as floating point does: by nothing gives infinity, or no number."""
    above, below = (exp.cast(exp.paren(part.copy()), "DOUBLE")
                    for part in (node.this, node.expression))  # fmt: skip
    infinity = exp.cast(exp.Literal.string("Infinity"), "DOUBLE")
    by_nothing = exp.EQ(this=below, expression=exp.Literal.number(0))
    endless = exp.Mul(this=above, expression=infinity)
    divided = _Quotient(this=above.copy(), expression=below.copy())
    return exp.Case().when(by_nothing, endless).else_(divided)


def _pattern(writer: SparkGenerator, node: exp.Binary, word: str) -> str:
    text, pattern = writer.sql(node.this), writer.sql(node.expression)
    word = f"NOT {word}" if node.args.get("negate") else word
    return f"{text} {word} {pattern} ESCAPE '{_NO_ESCAPE}'"


_Generator.TRANSFORMS |= {
    _Quotient: lambda self, node: self.binary(node, "/"),
    _WholeNumber: lambda self, node: f"TRY_CAST({self.sql(node.this)} AS INT)",
}


#: The sources of a select by alias.
Sources = Mapping[str, exp.Expr]

#: Tells the names of a table's columns that hold days.
Days = Mapping[str, frozenset[str]]


def for_spark(query: exp.Query, days: Days) -> exp.Query:
    """Return a copy of a tree that Spark can run; `days` names the columns of days by table."""
    tree = query.copy()
    _rewrite(tree, _in_as_exists)
    tables = {table.alias_or_name: table.name for table in tree.find_all(exp.Table)}
    known = frozenset(
        (alias, name) for alias, table in tables.items() for name in days.get(table, ())
    )
    _rewrite(tree, lambda node: _in_days(node, known))
    for select in [each for each in tree.find_all(exp.Select) if not _is_inner(each)]:
        _bring_in(select, {})
    return tree


def _rewrite(tree: exp.Expr, change: Callable[[exp.Expr], exp.Expr]) -> None:
    """Change the nodes below a tree, the innermost first."""
    for node in reversed(list(tree.bfs())):
        if node is not tree and (changed := change(node)) is not node:
            node.replace(changed)


# --- IN ------------------------------------------------------------------------------------------


def _in_as_exists(node: exp.Expr) -> exp.Expr:
    """Write IN over a sub-select as yes, no or cannot be told."""
    query = node.args.get("query") if isinstance(node, exp.In) else None
    if query is None:
        return node
    select = query.this if isinstance(query, exp.Subquery) else query
    (value,) = select.expressions
    if value.find(exp.AggFunc):
        return exp.paren(exp.EQ(this=node.this, expression=exp.Subquery(this=select)))
    same = exp.EQ(this=exp.paren(value), expression=exp.paren(node.this))
    matches = _exists(select, same)
    unclear = _exists(select, exp.Is(this=exp.paren(same.copy()), expression=exp.null()))
    case = exp.Case().when(matches, exp.true()).when(unclear, exp.null()).else_(exp.false())
    return exp.paren(case)


def _exists(select: exp.Select, condition: exp.Expr) -> exp.Expr:
    return exp.Exists(this=select.copy().select("1", append=False).where(condition))


# --- Days ----------------------------------------------------------------------------------------

_SAME = (exp.Coalesce, exp.Greatest, exp.Least, exp.Nullif, exp.Max, exp.Min, exp.Paren)


def _in_days(node: exp.Expr, known: frozenset[tuple[str, str]]) -> exp.Expr:
    if not isinstance(node, exp.Add | exp.Sub):
        return node
    left, right = node.this, node.expression
    if isinstance(node, exp.Sub) and _is_day(left, known) and _is_day(right, known):
        return exp.DateDiff(this=left, expression=right)
    for day, other in ((left, right), (right, left)):
        if _is_day(day, known) and not other.find(exp.Interval):
            ahead: exp.Expr = exp.cast(exp.paren(other), "INT")
            ahead = exp.Neg(this=ahead) if isinstance(node, exp.Sub) else ahead
            return exp.Anonymous(this="DATE_ADD", expressions=[day, ahead])
    return node


def _is_day(node: exp.Expr, known: frozenset[tuple[str, str]]) -> bool:
    if isinstance(node, exp.Column):
        return (node.table, node.name) in known
    if isinstance(node, exp.Cast):
        return bool(node.to.this == exp.DataType.Type.DATE)
    if isinstance(node, exp.Subquery):
        return _is_day(node.this.expressions[0], known)
    if isinstance(node, exp.Case):
        return any(_is_day(branch.args["true"], known) for branch in node.args["ifs"])
    if isinstance(node, exp.Anonymous):
        return str(node.this) == "DATE_ADD"
    same = isinstance(node, _SAME) and _is_day(node.this, known)
    return same or isinstance(node, NumberedWorkingDay)


# --- Sub-selects inside sub-selects --------------------------------------------------------------


def _is_inner(select: exp.Select) -> bool:
    """Tell whether a select stands in an expression, so that it may ask of those around it."""
    around = select.parent
    while isinstance(around, exp.Subquery | exp.SetOperation):
        around = around.parent
    return around is not None and not isinstance(around, exp.From | exp.Join)


def _bring_in(select: exp.Select, around: Sources) -> None:
    """Let no sub-select of a select ask of what is further out than the select right around it."""
    visible = {**around, **_sources(select)}
    for inner in list(_inner_selects(select)):
        further: defaultdict[str, list[exp.Column]] = defaultdict(list)
        for deeper in _inner_selects(inner):
            for column in deeper.find_all(exp.Column):
                equal = _equal_in(inner, column)
                if equal is not None:
                    column.replace(equal.copy())
                elif column.table in visible:
                    further[column.table].append(column)
        for alias, columns in further.items():
            _join(inner, alias, columns, visible[alias])
        _bring_in(inner, visible)


def _join(inner: exp.Select, alias: str, columns: Sequence[exp.Column], source: exp.Expr) -> None:
    """Bring the values of columns from further out into the inner select, each once."""
    names = sorted({column.name for column in columns})
    brought = f"{alias}_of_{next(iter(_sources(inner)))}"
    values = exp.select(*(exp.column(name) for name in names)).from_(source.copy()).distinct()
    inner.join(values.subquery(brought), join_type="cross", copy=False)
    for name in names:
        copy, outer = exp.column(name, table=brought), exp.column(name, table=alias)
        inner.where(exp.NullSafeEQ(this=copy, expression=outer), copy=False)
    for column in columns:
        column.replace(exp.column(column.name, table=brought))


def _equal_in(inner: exp.Select, column: exp.Column) -> exp.Column | None:
    """Return the inner select's own column that its condition says is equal to one further out."""
    condition = inner.args.get("where")
    sources = _sources(inner)
    for part in condition.this.flatten() if condition else ():
        if isinstance(part, exp.EQ | exp.NullSafeEQ):
            for left, right in ((part.this, part.expression), (part.expression, part.this)):
                if right == column and isinstance(left, exp.Column) and left.table in sources:
                    return left
    return None


def _sources(select: exp.Select) -> Sources:
    from_ = select.args.get("from_")
    parts = [from_.this] if from_ else []
    parts += [join.this for join in select.args.get("joins") or ()]
    return {part.alias_or_name: part for part in parts}


def _inner_selects(select: exp.Select) -> Iterator[exp.Select]:
    """Yield the sub-selects in the expressions of a select, without those inside them."""
    for inner in list(select.find_all(exp.Select)):
        nearest = inner.find_ancestor(exp.Select)
        if inner is not select and _is_inner(inner) and nearest is select:
            yield inner


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

    def rows(self, query: exp.Query | str) -> Rows:
        """Run a query, a tree or a text of ours, and return its rows. Raises EngineFailed."""
        tree = parsed(query) if isinstance(query, str) else query
        try:
            rows = self._session.sql(spark_sql(for_spark(tree, self._days))).collect()
        except SPARK_ERRORS as error:
            raise EngineFailed(error_message(error)) from None
        return [tuple(row) for row in rows]

    def answers(self, queries: Iterable[exp.Query | str]) -> Iterator[Rows]:
        """Run queries and yield the rows of each. Raises EngineFailed."""
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
        yield Result(
            None, (Problem(catalogue.NO_JAVA, "Spark needs Java, which is not installed."),)
        )
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

"""What every engine answers: query trees over records, and how DuckDB runs them in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

import duckdb
from sqlglot import exp

from workbook_builder.months import Month
from workbook_builder.problem_catalogue import EXHAUSTED, SPARK_FAILED
from workbook_builder.problems import Problem, ProblemKind

if TYPE_CHECKING:
    import pandas as pd

#: The table of the months that the queries are about: month, month_start, month_end.
MONTHS = "_months"

Rows = list[tuple[Any, ...]]


class StoreError(Exception):
    """A store could not answer; its problem says why."""

    kind: ClassVar[ProblemKind]

    @property
    def problem(self) -> Problem:
        """What the user should know."""
        return Problem(self.kind, str(self))


class Exhausted(StoreError):
    """A query took more time or memory than any measure over a council's records needs."""

    kind = EXHAUSTED


class OutOfMemory(Exhausted):
    """A query took more memory; over fewer months it may do with less."""


class EngineFailed(StoreError):
    """An engine could not answer; says why, in the engine's own words."""

    kind = SPARK_FAILED


class Engine(Protocol):
    """Tables of records that answer query trees."""

    def rows(self, query: exp.Query | str) -> Rows:
        """Run a query and return its rows; a text is ours, in DuckDB's dialect.

        Raises Exhausted or Failed.
        """

    def answers(self, queries: Iterable[exp.Query | str]) -> Iterator[Rows]:
        """Run queries and yield the rows of each, in order. Raises Exhausted or Failed."""

    def set_months(self, months: Sequence[Month]) -> None:
        """Say which months the queries are about, in place of any said before."""


class Trial(Protocol):
    """Tables, empty perhaps, on which a query tree can be tried without running it."""

    def fault(self, query: exp.Query) -> str:
        """Return why a query tree cannot run on these tables, or nothing if it can."""


class WorkingDayNumber(exp.Expression, exp.Func):
    """The running count of working days up to and including a day; blank beyond the calendar."""


class NumberedWorkingDay(exp.Expression, exp.Func):
    """The working day that bears a running number; blank where there is none."""


A = TypeVar("A")

#: Seconds that a query may take.
_PATIENCE = 120

#: Planning a query takes a single core, and every PC has two.
_ABREAST = 2

#: Seconds between two calls that stop queries.
_AGAIN = 0.05


class QueryRunner:
    """One connection to the database, whose queries are interrupted when they take too long."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, out_of_memory: str) -> None:
        self._connection = connection
        self._out_of_memory = out_of_memory
        self._watch = _Watch(connection)

    def rows(self, text: str) -> Rows:
        """Run a query and return its rows. Raises Exhausted."""
        return self._asked(text, lambda answer: answer.fetchall())

    def frame(self, text: str) -> pd.DataFrame:
        """Run a query and return its rows as a frame. Raises Exhausted."""
        return self._asked(text, lambda answer: answer.df())

    def _asked(self, text: str, fetch: Callable[[duckdb.DuckDBPyConnection], A]) -> A:
        self._watch.begin()
        try:
            return fetch(self._connection.execute(text))
        except duckdb.InterruptException:
            raise Exhausted(f"this took longer than {_PATIENCE} seconds.") from None
        except duckdb.OutOfMemoryException:
            raise OutOfMemory(self._out_of_memory) from None
        finally:
            self._watch.end()

    def fault(self, text: str) -> str:
        """Return why a query cannot run, in one line, or nothing if it can."""
        try:
            # Planned like one that runs, and unlike EXPLAIN it takes no time to draw the plan.
            self._connection.execute("PREPARE _trial AS " + text)
            self._connection.execute("DEALLOCATE _trial")
        except duckdb.Error as error:
            return str(error).partition("\n")[0]
        return ""

    def interrupt(self) -> None:
        """Stop the query that runs, if there is one."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._watch.close()
        self._connection.close()


class _Watch:
    """A thread that interrupts the query of a connection when its time is over.

    It sleeps until the query it knows of should have ended, so a query costs no thread of its own.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._ends: float | None = None
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        with self._lock:
            self._ends = time.monotonic() + _PATIENCE
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, daemon=True)
            self._thread.start()

    def end(self) -> None:
        with self._lock:
            self._ends = None

    def close(self) -> None:
        self._closed.set()

    def _look(self) -> None:
        while not self._closed.wait(self._left()):
            with self._lock:
                if self._ends is not None and self._ends <= time.monotonic():
                    self._connection.interrupt()
                    self._ends = None

    def _left(self) -> float:
        with self._lock:
            return _PATIENCE if self._ends is None else max(self._ends - time.monotonic(), 0.0)


@dataclass(frozen=True)
class AskedQuery:
    """The text of a query, and of parts of it, if any, whose rows are together those of it."""

    whole: str
    parts: tuple[str, ...] = ()


class QueryPool:
    """Several connections to one database, on which queries run beside one another."""

    def __init__(self, database: duckdb.DuckDBPyConnection, out_of_memory: str) -> None:
        self._askers = [QueryRunner(database.cursor(), out_of_memory) for _ in range(_ABREAST)]
        self._free = list(self._askers)

    def rows_of(
        self, queries: Iterable[AskedQuery], alone: Callable[[str], Rows]
    ) -> Iterator[Rows]:
        """Run queries by parts and yield the rows of each in the order given.

        What runs out of time or memory beside another is run again as a whole, `alone`, and so are
        those after it. Raises Exhausted.
        """
        kept: list[str] = []
        with ThreadPoolExecutor(_ABREAST) as pool:
            asked: list[Future[Rows]] = []
            for query in queries:
                kept.append(query.whole)
                asked.append(pool.submit(self._rows, query.parts or (query.whole,)))
            try:
                while asked:
                    yield asked[0].result()
                    del asked[0]
            except Exhausted:
                pass
            finally:
                self._stop(asked)
        for text in kept[len(kept) - len(asked) :]:
            yield alone(text)

    def close(self) -> None:
        """Close the connections."""
        for asker in self._askers:
            asker.close()

    def _rows(self, parts: Sequence[str]) -> Rows:
        asker = self._free.pop()
        try:
            return [row for text in parts for row in asker.rows(text)]
        finally:
            self._free.append(asker)

    def _stop(self, asked: Iterable[Future[Rows]]) -> None:
        running = [one for one in asked if not one.cancel()]
        while wait(running, _AGAIN).not_done:
            for asker in self._askers:
                asker.interrupt()


def retry_by_month(
    ask: Callable[[], Rows],
    set_months: Callable[[Sequence[Month]], None],
    months: Sequence[Month],
) -> Rows:
    """Ask a query each row of which is about one of the months.

    What does not fit into memory is asked for half of the months at a time, and so on. Raises
    Exhausted or Failed.
    """
    try:
        return ask()
    except OutOfMemory:
        if len(months) < 2:
            raise
    half = len(months) // 2
    found: Rows = []
    for some in (months[:half], months[half:]):
        set_months(some)
        found += retry_by_month(ask, set_months, some)
    set_months(months)
    return found

"""What a query tree may ask of the working-day calendar; each engine writes it in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Protocol

from sqlglot import exp

from workbook_builder.months import Month
from workbook_builder.problem_catalogue import EXHAUSTED, SPARK_FAILED
from workbook_builder.problems import Problem, ProblemKind

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

    def rows(self, query: exp.Query) -> Rows:
        """Run a query tree and return its rows. Raises Exhausted or Failed."""

    def answers(self, queries: Iterable[exp.Query]) -> Iterator[Rows]:
        """Run query trees and yield the rows of each, in order. Raises Exhausted or Failed."""

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

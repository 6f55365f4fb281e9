"""The time limits that conditions of measures hold, so that lists can say how late a record is.

A condition that a record meets in time has one of a few shapes: working days from one of its days
to another, the latest visit not longer ago than so many days, one day not after another. Where a
condition has no such shape, or two of them, nothing is said.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from sqlglot import exp

from workbook_builder.measures.expressions import MONTH, RECORD
from workbook_builder.store.calendar import is_working_day, working_days
from workbook_builder.store.engine import NumberedWorkingDay, WorkingDayNumber

Unit = Literal["working days", "days", "months"]

_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Timing:
    """How a record lies against its limit.

    `taken` are the days from the first of its two days to the second; `over` is by how many they
    are too many (below zero: how many are left); `due` is the last day that is in time. None is not
    known.
    """

    taken: int | None = None
    over: int | None = None
    due: date | None = None


@dataclass(frozen=True)
class TimeLimit:
    """The time that a condition allows from one day to another.

    `first` and `until` are the trees of the two days; with an `event` (dataset and date column) the
    first is the day of its latest record. The span is in `unit`; `earliest` is the tree of the
    day on which `first` may lie at the earliest, where the span is of months or differs between
    records; a `span` of None is not known. `beyond` says that the condition asks for what is over
    the limit, as for plans of 15 months or more.
    """

    first: exp.Expr
    until: exp.Expr
    unit: Unit
    span: int | None = None
    earliest: exp.Expr | None = None
    event: tuple[str, str] | None = None
    beyond: bool = False

    @property
    def counted_in(self) -> Literal["working days", "days"]:
        """The unit in which `Timing` counts."""
        return "working days" if self.unit == "working days" else "days"

    @property
    def ends_with_month(self) -> bool:
        """Whether the time runs up to the end of the month."""
        return self.until == _month_end()

    def timing(self, first: date | None, until: date | None, earliest: date | None) -> Timing:
        """Return how a record lies against the limit, from the values of the three trees."""
        due = self._due(first) if first else None
        if first is None or until is None:
            return Timing(due=due)
        taken = self._days(first, until)
        if self.unit == "months":
            return Timing(taken, (earliest - first).days if earliest else None, due)
        return Timing(taken, None if self.span is None else taken - self.span, due)

    def _days(self, first: date, until: date) -> int:
        if self.unit == "working days":
            return working_days_after(first, until)
        return (until - first).days

    def _due(self, first: date) -> date | None:
        if self.span is None:
            return None
        if self.unit == "working days":
            return working_day_after(first, self.span)
        if self.unit == "days":
            return first + timedelta(days=self.span)
        return last_day_within(first, self.span)


def working_days_after(first: date, until: date) -> int:
    """Return the working days after one day up to and including another; below zero if before."""
    one = timedelta(days=1)
    return working_days(first + one, until) - working_days(until + one, first)


def working_day_after(first: date, number: int) -> date:
    """Return the working day of a number after a day; of number 0 the day itself."""
    day, left = first, number
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def last_day_within(first: date, months: int) -> date:
    """Return the last day from which so many months back is not after the first one."""
    year, month = divmod(first.year * _MONTHS_A_YEAR + first.month - 1 + months, _MONTHS_A_YEAR)
    length = monthrange(year, month + 1)[1]
    # From the days that a shorter month lacks, months back lead to its last day.
    ends_month = first.day == monthrange(first.year, first.month)[1]
    return date(year, month + 1, length if ends_month else min(first.day, length))


def time_limit(condition: exp.Expr) -> TimeLimit | None:
    """Return the one time limit that a bound condition holds, or None."""
    limits = [limit for part in conjuncts(condition) for limit in _limits_of(part)]
    return limits[0] if len(limits) == 1 else None


def conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    """Return the parts of a condition all of which must hold."""
    plain = condition.unnest()
    if isinstance(plain, exp.And):
        return [part for side in plain.flatten() for part in conjuncts(side)]
    return [plain]


def _limits_of(part: exp.Expr) -> Iterator[TimeLimit]:
    """Yield the time limits in one part of a condition; one of several ways may be in time."""
    if isinstance(part, exp.Or):
        for way in part.flatten():
            yield from _limits_of(way.unnest())
    elif isinstance(part, exp.Exists):
        if isinstance(part.this, exp.Select) and (limit := _of_lookup(part.this)):
            yield limit
    elif limit := _of_record(part):
        yield limit


def _of_record(part: exp.Expr) -> TimeLimit | None:
    """Return the limit of a comparison between days of the record itself."""
    if span := _span_of_days(part):
        return span
    if not isinstance(part, exp.LTE):
        return None
    left, right = part.this.unnest(), part.expression.unnest()
    if not _is_column_of(left, RECORD):
        return None
    if _is_column_of(right, RECORD):
        return TimeLimit(right.copy(), left.copy(), "days", 0)
    limit = _ago(left.copy(), right)
    return replace(limit, beyond=True) if limit else None


def _span_of_days(part: exp.Expr) -> TimeLimit | None:
    """Return the limit of `working_days(a, b) <= 45` and the like, also from the other side."""
    bound = _upper_bound(part)
    if bound is None:
        return None
    value, most = bound
    beyond = isinstance(part, exp.GT | exp.GTE)
    if isinstance(value, exp.Sub):
        end, start = value.this, value.expression
        if isinstance(end, WorkingDayNumber) and isinstance(start, WorkingDayNumber):
            days = start.this.copy(), end.this.copy()
            return TimeLimit(*days, "working days", most, beyond=beyond)
    if isinstance(value, exp.DateDiff):
        days = value.expression.copy(), value.this.copy()
        return TimeLimit(*days, "days", most, beyond=beyond)
    return None


def _upper_bound(part: exp.Expr) -> tuple[exp.Expr, int] | None:
    """Return a value and the most that it may be in time; more than that may be what is asked."""
    if isinstance(part, exp.Between):
        low, high = _whole_number(part.args["low"]), _whole_number(part.args["high"])
        in_time = low is not None and low <= 0  # between 11 and 25 days is a band, not a limit
        return (part.this.unnest(), high) if in_time and high is not None else None
    if not isinstance(part, exp.LTE | exp.LT | exp.GT | exp.GTE):
        return None
    number = _whole_number(part.expression)
    is_strict = isinstance(part, exp.LT | exp.GTE)
    return None if number is None else (part.this.unnest(), number - is_strict)


def _whole_number(node: exp.Expr) -> int | None:
    node = node.unnest()
    negative = isinstance(node, exp.Neg)
    literal = node.this if negative else node
    if not isinstance(literal, exp.Literal) or not literal.is_int:
        return None
    return -int(literal.name) if negative else int(literal.name)


def _of_lookup(select: exp.Select) -> TimeLimit | None:
    """Return the limit of an EXISTS: the latest record in a window, or a record in time.

    The other conditions of the sub-select say which records are looked at.
    """
    table, where = select.args["from_"].this, select.args.get("where")
    if where is None or not isinstance(table, exp.Table):
        return None
    parts = conjuncts(where.this)
    limits = [
        limit
        for number, part in enumerate(parts)
        if (limit := _in_window(part, parts[:number] + parts[number + 1 :], table)
            or _in_time(part, parts[:number] + parts[number + 1 :], table))
    ]  # fmt: skip
    return limits[0] if len(limits) == 1 else None


def _in_window(part: exp.Expr, others: Sequence[exp.Expr], table: exp.Table) -> TimeLimit | None:
    """Return the limit of a window that ends with the month: `visit_date BETWEEN x AND month_end`.

    It may stand in two parts, too.
    """
    if isinstance(part, exp.Between):
        day, low, high = part.this, part.args["low"], part.args["high"]
        others = [*others, exp.LTE(this=day.copy(), expression=high.copy())]
    elif isinstance(part, exp.GTE):
        day, low = part.this, part.expression
    else:
        return None
    until_month_end = [other for other in others if _is_up_to_month_end(other, day)]
    if not _is_column_of(day, table.alias) or not until_month_end or _mentions(low, table.alias):
        return None
    limit = _ago(_latest(day, others, table), low.unnest())
    if limit is None:
        limit = TimeLimit(_latest(day, others, table), _month_end(), "months", None, low.copy())
    return replace(limit, event=(table.name, day.name))


def _in_time(part: exp.Expr, others: Sequence[exp.Expr], table: exp.Table) -> TimeLimit | None:
    """Return the limit of working days from a day of the looked-up record to one outside it."""
    limit = _span_of_days(part)
    if (
        limit is None
        or not _is_column_of(limit.first, table.alias)
        or _mentions(limit.until, table.alias)
    ):
        return None
    latest = _latest(limit.first, others, table)
    return replace(limit, first=latest, event=(table.name, limit.first.name))


def _ago(first: exp.Expr, low: exp.Expr) -> TimeLimit | None:
    """Return the limit of a day that must not lie before so many days or months ago."""
    until = _month_end()
    if isinstance(low, NumberedWorkingDay):
        number = low.this
        if isinstance(number, exp.Sub) and number.this == WorkingDayNumber(this=until):
            span = _whole_number(number.expression)
            return None if span is None else TimeLimit(first, until, "working days", span)
        return None
    if not isinstance(low, exp.Cast) or not isinstance(low.this, exp.Sub) or low.this.this != until:
        return None
    interval = low.this.expression
    if not isinstance(interval, exp.Interval):
        return None
    span = int(interval.this.name)
    if interval.text("unit") == "DAY":
        return TimeLimit(first, until, "days", span)
    return TimeLimit(first, until, "months", span, low.copy())


def _latest(day: exp.Expr, conditions: Sequence[exp.Expr], table: exp.Table) -> exp.Expr:
    """Return the tree of the latest day among the records that meet the conditions."""
    query = exp.select(exp.Max(this=day.copy())).from_(table.copy())
    return exp.Subquery(this=query.where(*(each.copy() for each in conditions)))


def _month_end() -> exp.Column:
    return exp.column("month_end", table=MONTH)


def _is_up_to_month_end(part: exp.Expr, day: exp.Expr) -> bool:
    return isinstance(part, exp.LTE) and part.this == day and part.expression == _month_end()


def _is_column_of(node: exp.Expr, table: str) -> bool:
    return isinstance(node, exp.Column) and node.table == table


def _mentions(node: exp.Expr, table: str) -> bool:
    return any(column.table == table for column in node.find_all(exp.Column))

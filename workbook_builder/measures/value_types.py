"""Sorts of value in checked expressions: texts, numbers, days, yes or no; mixing them is a fault.

The engine is lenient: it would turn a text into a number where it is held against one, and stop
half-way through the records at the first text that is none. So this is judged from the types of the
columns, before any record is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Any

from sqlglot import exp

from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.column_types import COLUMN_TYPES
from workbook_builder.store.duckdb_store import duck_sql
from workbook_builder.store.engine import NumberedWorkingDay, WorkingDayNumber


class _Sort(Enum):
    """The sorts of value, by the words that a message uses for them."""

    TEXT = "a text"
    NUMBER = "a number"
    DAY = "a day"
    FLAG = "a yes or no"
    SPAN = "a span of time"


_OF_NODE: tuple[tuple[tuple[type[exp.Expr], ...], _Sort], ...] = (
    ((exp.Boolean, exp.Exists, exp.Is, exp.Like, exp.ILike), _Sort.FLAG),
    ((exp.Lower, exp.Upper, exp.Trim), _Sort.TEXT),
    ((exp.Interval,), _Sort.SPAN),
    ((NumberedWorkingDay,), _Sort.DAY),
    (
        (exp.Count, exp.Sum, exp.Avg, exp.Abs, exp.DateDiff, exp.Year, exp.Month, exp.Day,
         WorkingDayNumber, exp.Mul, exp.Div, exp.Neg, exp.Add, exp.Sub),
        _Sort.NUMBER,
    ),
)  # fmt: skip

_ALIASES = re.compile(r"\b(?:record|month|look_\d+)\.")
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)
_CHOICES = (exp.Coalesce, exp.Greatest, exp.Least, exp.Nullif)


class _Unfit(Exception):
    """Two sorts are mixed; says which, in words."""


class Sorts:
    """Works out sorts of value over columns of known types, by alias and name."""

    def __init__(self, columns: Mapping[tuple[str, str], ColumnType]) -> None:
        self._columns = columns

    def unfit_condition(self, tree: exp.Expr) -> str:
        """Say why a tree cannot be a condition, or nothing if it can."""
        return self._unfit(tree, _Sort.FLAG, "a condition")

    def unfit_value(self, tree: exp.Expr) -> str:
        """Say why a tree cannot be a value to take the mean of, or nothing if it can."""
        return self._unfit(tree, _Sort.NUMBER, "a number to take the mean of")

    def _unfit(self, tree: exp.Expr, wanted: _Sort, words: str) -> str:
        try:
            found = self._of(tree)
        except _Unfit as unfit:
            return str(unfit)
        return "" if found in (wanted, None) else f"the SQL gives {found.value}, not {words}."

    def _of(self, node: exp.Expr) -> _Sort | None:
        """Return the sort of a tree, None where it has none of its own (NULL)."""
        rules: tuple[tuple[tuple[type[exp.Expr], ...], Callable[[Any], _Sort | None]], ...] = (
            ((exp.Column,), self._column),
            ((exp.Cast,), self._cast),
            ((exp.And, exp.Or, exp.Not), lambda found: self._conditions(_parts(found))),
            ((exp.Select,), self._select),
            ((exp.Case, exp.If), self._case),
            (_COMPARISONS, self._comparison),
            (_CHOICES, lambda found: self._alike(_parts(found))),
        )
        if isinstance(node, exp.Literal):
            return _Sort.TEXT if node.is_string else _Sort.NUMBER
        for classes, rule in rules:
            if isinstance(node, classes):
                return rule(node)
        return self._other(node)

    def _column(self, node: exp.Column) -> _Sort:
        given = self._columns.get((node.table, node.name))
        if given:
            return _Sort(COLUMN_TYPES[given].values)
        return _Sort.DAY  # what is in no dataset is the month's

    def _comparison(self, node: exp.Expr) -> _Sort:
        self._alike(_parts(node))
        return _Sort.FLAG

    def _other(self, node: exp.Expr) -> _Sort | None:
        found = [self._of(part) for part in _parts(node)]
        if isinstance(node, exp.Add | exp.Sub) and _Sort.DAY in found:
            return _Sort.NUMBER if found == [_Sort.DAY, _Sort.DAY] else _Sort.DAY
        for classes, sort in _OF_NODE:
            if isinstance(node, classes):
                return sort
        return found[0] if found else None

    def _cast(self, node: exp.Cast) -> _Sort:
        if node.this.is_string:
            _check_day(node.this.name)
        else:
            self._of(node.this)
        return _Sort.DAY

    def _select(self, node: exp.Select) -> _Sort | None:
        if condition := node.args.get("where"):
            self._conditions([condition.this])
        found = [self._of(value) for value in node.expressions]
        return found[0]

    def _conditions(self, nodes: Iterable[exp.Expr]) -> _Sort:
        for node in nodes:
            found = self._of(node)
            if found not in (_Sort.FLAG, None):
                raise _Unfit(f'"{_text(node)}" is {found.value}, not a condition.')
        return _Sort.FLAG

    def _case(self, node: exp.Case | exp.If) -> _Sort | None:
        branches = node.args.get("ifs") or [node]
        conditions = [branch.this for branch in branches]
        if isinstance(node, exp.Case) and node.this:
            self._alike([node.this, *conditions])
        else:
            self._conditions(conditions)
        values = [branch.args["true"] for branch in branches]
        last = node.args.get("default") or node.args.get("false")
        return self._alike([*values, last] if last else values)

    def _alike(self, nodes: list[exp.Expr]) -> _Sort | None:
        """Return the one sort that all values have; a text that is a day passes for one."""
        found = {node: sort for node in nodes if (sort := self._of(node))}
        if _Sort.DAY in found.values():
            for node in [one for one, sort in found.items() if sort is _Sort.TEXT]:
                if isinstance(node, exp.Literal):
                    _check_day(node.name)
                    found[node] = _Sort.DAY
        for one, other in pairwise(found):
            if found[one] is not found[other]:
                words = [f'"{_text(node)}" is {found[node].value}' for node in (one, other)]
                raise _Unfit(f"{', '.join(words)}.")
        return next(iter(found.values()), None)


def _parts(node: exp.Expr) -> list[exp.Expr]:
    return [part for part in node.iter_expressions() if not isinstance(part, exp.Var)]


def _check_day(text: str) -> None:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        raise _Unfit(f"'{text}' is not a day, as in DATE '2023-07-31'.") from None


def _text(node: exp.Expr) -> str:
    text = _ALIASES.sub("", duck_sql(node))
    return text if len(text) <= 60 else text[:57] + "..."

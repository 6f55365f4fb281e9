"""Types of value in checked expressions: text, number, day, yes or no; mixing them is a fault.

The engine is lenient: it would turn a text into a number where the two are compared, and stop
half-way through the records at the first text that is none. So this is judged from the types of the
columns, before any record is read. (sqlglot's `annotate_types` names the type of a tree, but lets
types be mixed; finding where they are is the work done here.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from itertools import pairwise

from sqlglot import exp

from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.column_types import COLUMN_TYPES
from workbook_builder.store.duckdb_store import duck_sql
from workbook_builder.store.engine import NumberedWorkingDay, WorkingDayNumber


class _ValueType(Enum):
    """The types of value, by the words that a message uses for them."""

    TEXT = "a text"
    NUMBER = "a number"
    DAY = "a day"
    FLAG = "a yes or no"
    SPAN = "a span of time"


_OF_NODE: tuple[tuple[tuple[type[exp.Expr], ...], _ValueType], ...] = (
    ((exp.Boolean, exp.Exists, exp.Is, exp.Like, exp.ILike), _ValueType.FLAG),
    ((exp.Lower, exp.Upper, exp.Trim), _ValueType.TEXT),
    ((exp.Interval,), _ValueType.SPAN),
    ((NumberedWorkingDay,), _ValueType.DAY),
    (
        (exp.Count, exp.Sum, exp.Avg, exp.Abs, exp.DateDiff, exp.Year, exp.Month, exp.Day,
         WorkingDayNumber, exp.Mul, exp.Div, exp.Neg, exp.Add, exp.Sub),
        _ValueType.NUMBER,
    ),
)  # fmt: skip

_ALIASES = re.compile(r"\b(?:record|month|look_\d+)\.")
_LONGEST_QUOTE = 60


class _Mixed(Exception):
    """Two types are mixed; says which, in words."""


class ValueTypes:
    """Works out types of value over columns of known types, by alias and name."""

    def __init__(self, columns: Mapping[tuple[str, str], ColumnType]) -> None:
        self._columns = columns

    def condition_fault(self, tree: exp.Expr) -> str:
        """Return why a tree cannot be a condition, or nothing if it can."""
        return self._fault(tree, _ValueType.FLAG, "a condition")

    def mean_fault(self, tree: exp.Expr) -> str:
        """Return why a tree cannot be a value to take the mean of, or nothing if it can."""
        return self._fault(tree, _ValueType.NUMBER, "a number to take the mean of")

    def _fault(self, tree: exp.Expr, wanted: _ValueType, use: str) -> str:
        try:
            value_type = self._of(tree)
        except _Mixed as mixed:
            return str(mixed)
        if value_type in (wanted, None):
            return ""
        return f"the SQL gives {value_type.value}, not {use}."

    def _of(self, node: exp.Expr) -> _ValueType | None:  # noqa: PLR0911, PLR0912 - a case each
        """Return the type of a tree; None where it has none of its own (NULL). Raises _Mixed."""
        match node:
            case exp.Literal():
                return _ValueType.TEXT if node.is_string else _ValueType.NUMBER
            case exp.Column():
                column_type = self._columns.get((node.table, node.name))
                # What is in no dataset is the month's first or last day.
                return _ValueType(COLUMN_TYPES[column_type or "date"].values)
            case exp.Cast():  # only days are written with a type
                if node.this.is_string:
                    _check_day(node.this.name)
                else:
                    self._of(node.this)
                return _ValueType.DAY
            case exp.And() | exp.Or() | exp.Not():
                return self._conditions(_parts(node))
            case exp.Select():
                if where := node.args.get("where"):
                    self._conditions([where.this])
                types = [self._of(value) for value in node.expressions]
                return types[0]
            case exp.Case() | exp.If():
                return self._case(node)
            case (exp.EQ() | exp.NEQ() | exp.GT() | exp.GTE() | exp.LT() | exp.LTE()
                  | exp.Between() | exp.In()):  # fmt: skip
                self._same_type(_parts(node))
                return _ValueType.FLAG
            case exp.Coalesce() | exp.Greatest() | exp.Least() | exp.Nullif():
                return self._same_type(_parts(node))
        types = [self._of(part) for part in _parts(node)]
        if isinstance(node, exp.Add | exp.Sub) and _ValueType.DAY in types:
            both = types == [_ValueType.DAY, _ValueType.DAY]
            return _ValueType.NUMBER if both else _ValueType.DAY
        for classes, value_type in _OF_NODE:
            if isinstance(node, classes):
                return value_type
        return types[0] if types else None

    def _conditions(self, nodes: Iterable[exp.Expr]) -> _ValueType:
        for node in nodes:
            value_type = self._of(node)
            if value_type not in (_ValueType.FLAG, None):
                raise _Mixed(f'"{_quoted(node)}" is {value_type.value}, not a condition.')
        return _ValueType.FLAG

    def _case(self, node: exp.Case | exp.If) -> _ValueType | None:
        branches = node.args.get("ifs") or [node]
        conditions = [branch.this for branch in branches]
        if isinstance(node, exp.Case) and node.this:
            self._same_type([node.this, *conditions])
        else:
            self._conditions(conditions)
        values = [branch.args["true"] for branch in branches]
        otherwise = node.args.get("default") or node.args.get("false")
        return self._same_type([*values, otherwise] if otherwise else values)

    def _same_type(self, nodes: list[exp.Expr]) -> _ValueType | None:
        """Return the type that all values have; beside days, a text that is a day passes for one.

        Raises _Mixed.
        """
        types = {node: value_type for node in nodes if (value_type := self._of(node))}
        if _ValueType.DAY in types.values():
            for node in nodes:
                if types.get(node) is _ValueType.TEXT and isinstance(node, exp.Literal):
                    _check_day(node.name)
                    types[node] = _ValueType.DAY
        for left, right in pairwise(types):
            if types[left] is not types[right]:
                texts = [f'"{_quoted(node)}" is {types[node].value}' for node in (left, right)]
                raise _Mixed(f"{', '.join(texts)}.")
        return next(iter(types.values()), None)


def _parts(node: exp.Expr) -> list[exp.Expr]:
    return [part for part in node.iter_expressions() if not isinstance(part, exp.Var)]


def _check_day(text: str) -> None:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        raise _Mixed(f"'{text}' is not a day, as in DATE '2023-07-31'.") from None


def _quoted(node: exp.Expr) -> str:
    text = _ALIASES.sub("", duck_sql(node))
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "..."

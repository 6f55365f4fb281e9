"""Measure definitions into checked, bound expressions; every fault in their SQL is collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Any

from sqlglot import exp

from workbook_builder.definitions import kinds
from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Clocked
from workbook_builder.engine.duck import MONTHS, DuckEngine
from workbook_builder.measures.expressions import MONTH, RECORD, Expression, bound
from workbook_builder.measures.query import Prepared, group_query
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result, Where

#: Any month will do where a query is only tried on empty tables.
_ANY_MONTH = Month(2000, 1)


def prepared_measures(
    definitions: Definitions, engine: DuckEngine, layout: Layout | None = None
) -> Result[Mapping[str, Prepared]]:
    """Check the SQL of all measures on a clock, and that it fits the types of the columns.

    Parameters have the layout's values, or their own where it gives none.
    """
    parameters = definitions.parameters_in_force(layout)
    ready: dict[str, Prepared] = {}
    problems: list[Problem] = []
    for name, measure in definitions.measures.items():
        if isinstance(measure, Clocked):
            made = _prepared(measure, definitions, parameters)
            problems += made.problems or _misfits(made.value, definitions, engine)
            ready[name] = made.value
    return Result(ready, tuple(problems))


def _prepared(
    measure: Clocked, definitions: Definitions, parameters: Mapping[str, int]
) -> Result[Prepared]:
    expressions: dict[str, Expression] = {}
    problems: list[Problem] = []
    for key, text in measure.expressions.items():
        where = _where(definitions, measure, key)
        made = bound(text, measure.dataset, definitions.datasets, where, parameters)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            expressions[key] = made
    return Result(Prepared(measure, expressions), tuple(problems))


def _misfits(prepared: Prepared, definitions: Definitions, engine: DuckEngine) -> list[Problem]:
    """Say what cannot run, or could only on records of some values: texts that are numbers, say."""
    measure = prepared.measure
    found = {
        key: fault
        for key, one in prepared.expressions.items()
        if (fault := _unfit(key, one, measure, definitions))
    }
    query = group_query([prepared], definitions.datasets[measure.dataset], _ANY_MONTH)
    if not found and (fault := engine.fault(query)):
        found = {_key_at_fault(prepared, engine): f"the SQL cannot run ({fault})."}
    return [
        Problem(kinds.SQL_DOES_NOT_FIT, text, _where(definitions, measure, key))
        for key, text in found.items()
    ]


def _key_at_fault(prepared: Prepared, engine: DuckEngine) -> str:
    """Return the key of the expression that cannot run even on its own."""
    measure = prepared.measure
    for key, one in prepared.expressions.items():
        records, months = (
            exp.to_table(measure.dataset, alias=RECORD),
            exp.to_table(MONTHS, alias=MONTH),
        )
        value = exp.paren(one.tree.copy())
        if engine.fault(exp.select(value).from_(records).join(months, join_type="cross")):
            return key
    return next(iter(measure.expressions), measure.own_key)


def _unfit(key: str, one: Expression, measure: Clocked, definitions: Definitions) -> str:
    tables = {RECORD: measure.dataset}
    tables |= {table.alias: table.name for table in one.tree.find_all(exp.Table)}
    sorts = _Sorts(
        {
            (alias, name): column.type
            for alias, table in tables.items()
            if table in definitions.datasets
            for name, column in definitions.datasets[table].columns.items()
        }
    )
    return sorts.unfit_value(one.tree) if key == "value" else sorts.unfit_condition(one.tree)


def _where(definitions: Definitions, measure: Clocked, key: str) -> Where:
    return definitions.where("measures", measure.name, *key.split(".", 1))


class _Sort(Enum):
    """The sorts of value, by the words that a message uses for them."""

    TEXT = "a text"
    NUMBER = "a number"
    DAY = "a day"
    FLAG = "a yes or no"
    SPAN = "a span of time"


#: Columns of any other type hold texts.
_OF_TYPE: dict[str, _Sort] = {
    "date": _Sort.DAY, "integer": _Sort.NUMBER, "number": _Sort.NUMBER, "flag": _Sort.FLAG,
}  # fmt: skip

_OF_NODE: tuple[tuple[tuple[type[exp.Expr], ...], _Sort], ...] = (
    ((exp.Boolean, exp.Exists, exp.Is, exp.Like, exp.ILike), _Sort.FLAG),
    ((exp.Lower, exp.Upper, exp.Trim), _Sort.TEXT),
    ((exp.Interval,), _Sort.SPAN),
    (
        (exp.Count, exp.Sum, exp.Avg, exp.Abs, exp.DateDiff, exp.Year, exp.Month, exp.Day,
         exp.Mul, exp.Div, exp.Neg, exp.Add, exp.Sub),
        _Sort.NUMBER,
    ),
)  # fmt: skip

_ALIASES = re.compile(r"\b(?:record|month|look_\d+)\.")
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)
_CHOICES = (exp.Coalesce, exp.Greatest, exp.Least, exp.Nullif)


class _Unfit(Exception):
    """Two sorts are mixed; says which, in words."""


class _Sorts:
    """Works out sorts of value over columns of known types, by alias and name.

    The engine is lenient: it would turn a text into a number where it is held against one, and stop
    half-way through the records at the first text that is none. So this is judged from the types of
    the columns, before any record is read.
    """

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
            return _OF_TYPE.get(given, _Sort.TEXT)
        # What is in no dataset is the calendar's or the month's.
        return {"number": _Sort.NUMBER, "working": _Sort.FLAG}.get(node.name, _Sort.DAY)

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
    text = _ALIASES.sub("", node.sql("duckdb"))
    return text if len(text) <= 60 else text[:57] + "..."

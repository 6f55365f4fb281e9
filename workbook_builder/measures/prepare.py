"""Measures made ready to be counted: their SQL checked, bound to columns and tried out.

Every fault in the SQL of any measure is collected. Checking and binding takes no engine; trying out
runs each query on empty tables, which can go on in the background while extracts are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from itertools import pairwise

from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import ColumnType, Dataset
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Clocked
from workbook_builder.extracts.column_types import COLUMN_TYPES
from workbook_builder.measures.expressions import (
    MONTH,
    RECORD,
    Expression,
    bind_expression,
    named_table,
    with_unknown_starts,
)
from workbook_builder.measures.query import ANY_MONTH, Prepared, group_query, query_groups
from workbook_builder.problems import Problem, Result, Where, has_errors
from workbook_builder.store.duckdb_store import duck_sql
from workbook_builder.store.engine import MONTHS, NumberedWorkingDay, Trial, WorkingDayNumber


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
        raise _Mixed(f"'{text}' is not a date, as in DATE '2023-07-31'.") from None


def _quoted(node: exp.Expr) -> str:
    text = _ALIASES.sub("", duck_sql(node))
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "..."


@dataclass(frozen=True)
class BoundMeasures:
    """Measures on a clock with their SQL bound to columns, and the faults met in it, by name.

    `tried` are the names of those that are also tried out on an engine.
    """

    definitions: Definitions
    bound_for: Layout | None
    results: Mapping[str, Result[Prepared]]
    tried: frozenset[str]

    @property
    def layout(self) -> Layout:
        """The layout whose parameters the SQL holds."""
        assert self.bound_for  # without one nothing can be built, only tried out
        return self.bound_for

    @property
    def prepared(self) -> Mapping[str, Prepared]:
        """All measures on a clock, by name."""
        return {name: result.value for name, result in self.results.items()}

    @property
    def is_faulty(self) -> bool:
        """Whether a fault is known already, before any measure is tried out."""
        return any(result.problems for name, result in self.results.items() if name in self.tried)

    def try_all_of(self, others: BoundMeasures) -> bool:
        """Tell whether to try these out is to try the others out too, the very same."""
        return others.tried <= self.tried and all(
            self.results.get(name) is result for name, result in others.results.items()
        )

    def problems(self, engine: Trial) -> tuple[Problem, ...]:
        """Try the measures out on tables and return every fault in their SQL.

        All measures that one query counts are tried together. Nearly always all of them can run,
        and trying each by itself takes several times as long.
        """
        sound = [result.value for name, result in self.results.items()
                 if name in self.tried and not result.problems]  # fmt: skip
        doubtful: set[str] = set()
        for group in query_groups(sound):
            dataset = self.definitions.datasets[group[0].measure.dataset]
            if engine.fault(group_query(group, dataset, ANY_MONTH, briefly=True)):
                doubtful |= {prepared.measure.name for prepared in group}
        problems: list[Problem] = []
        for name, result in self.results.items():
            trial = engine if name in doubtful else None
            faults = result.problems or _misfits(result.value, self.definitions, trial)
            needed = name in self.tried
            problems += faults if needed else (
                replace(fault, kind=catalogue.OF_NO_NEED, done="Left out.") for fault in faults
            )  # fmt: skip
        return tuple(problems)


@dataclass
class _Bound:
    """Measures that this process has bound without fault, and what they were bound for."""

    datasets: Mapping[str, Dataset]
    parameters: Mapping[str, int]
    results: dict[str, Result[Prepared]]

    def result(self, measure: Clocked) -> Result[Prepared] | None:
        """Return a measure as it was bound, if it was the same."""
        result = self.results.get(measure.name)
        return result if result and result.value.measure == measure else None


_bound_last = _Bound({}, {}, {})


def _bound_for(datasets: Mapping[str, Dataset], parameters: Mapping[str, int]) -> _Bound:
    global _bound_last  # noqa: PLW0603 - what one run of this process hands to the next
    bound = _bound_last
    if (bound.datasets, bound.parameters) != (datasets, parameters):
        _bound_last = bound = _Bound(datasets, parameters, {})
    return bound


def bind_measures(definitions: Definitions, layout: Layout | None = None) -> BoundMeasures:
    """Bind the SQL of all measures on a clock.

    Parameters have the layout's values, or their own where it gives none. The measures of the
    layout, or all without a layout, are to be tried out, which takes longer. What this process has
    bound before is taken over if it would be the same.
    """
    parameters = definitions.parameters_in_force(layout)
    shown = layout.measures if layout else definitions.measures
    tried = definitions.with_parts(name for name in shown if name in definitions.measures)
    bound = _bound_for(definitions.datasets, parameters)
    results: dict[str, Result[Prepared]] = {}
    for name, measure in definitions.measures.items():
        if isinstance(measure, Clocked):
            result = bound.result(measure) or _bind(measure, definitions, parameters)
            if not result.problems:
                bound.results[name] = result
            results[name] = result
    return BoundMeasures(definitions, layout, results, frozenset(tried))


def _bind(
    measure: Clocked, definitions: Definitions, parameters: Mapping[str, int]
) -> Result[Prepared]:
    expressions: dict[str, Expression] = {}
    problems: list[Problem] = []
    dataset = definitions.datasets[measure.dataset]
    for key, text in measure.expressions.items():
        where = _where(definitions, measure, key)
        expression = bind_expression(text, measure.dataset, definitions.datasets, where, parameters)
        if isinstance(expression, Problem):
            problems.append(expression)
        else:
            expressions[key] = with_unknown_starts(expression, dataset)
    return Result(Prepared(measure, expressions), tuple(problems))


def prepare_measures(
    definitions: Definitions, engine: Trial, layout: Layout | None = None
) -> Result[Mapping[str, Prepared]]:
    """Bind the SQL of all measures on a clock and try it out on the engine's empty tables."""
    measures = bind_measures(definitions, layout)
    return Result(measures.prepared, measures.problems(engine))


@dataclass(frozen=True, eq=False)
class BackgroundValidation:
    """Measures that are being tried out in the background."""

    _problems: Future[tuple[Problem, ...]]

    @property
    def has_failed(self) -> bool:
        """Whether it is known by now that a measure cannot be counted; waits for nothing."""
        return self._problems.done() and has_errors(self._problems.result())

    def problems(self) -> tuple[Problem, ...]:
        """Wait until all measures are tried, and return every fault in their SQL."""
        return self._problems.result()


@contextmanager
def validate_in_background(
    measures: BoundMeasures, engine: Trial
) -> Iterator[BackgroundValidation]:
    """Try measures out while the block runs; the thread ends with the block at the latest."""
    with ThreadPoolExecutor(1) as pool:
        yield BackgroundValidation(pool.submit(measures.problems, engine))


def _misfits(prepared: Prepared, definitions: Definitions, engine: Trial | None) -> list[Problem]:
    """Return why a measure cannot run at all, or not on records of some values.

    Where its types fit, it is tried out if an engine is given.
    """
    measure = prepared.measure
    faults: dict[str, str] = {}
    for key, expression in prepared.expressions.items():
        types = _column_types(expression, measure, definitions)
        check = types.mean_fault if key == "value" else types.condition_fault
        if fault := check(expression.tree):
            faults[key] = fault
    if engine and not faults:
        query = group_query([prepared], definitions.datasets[measure.dataset], ANY_MONTH)
        if fault := engine.fault(query):
            faults = {_key_at_fault(prepared, engine): f"the SQL cannot run ({fault})."}
    return [
        Problem(catalogue.SQL_DOES_NOT_FIT, text, _where(definitions, measure, key))
        for key, text in faults.items()
    ]


def _column_types(expression: Expression, measure: Clocked, definitions: Definitions) -> ValueTypes:
    datasets = definitions.datasets
    tables = {RECORD: measure.dataset}
    tables |= {table.alias: table.name for table in expression.tree.find_all(exp.Table)}
    return ValueTypes(
        {
            (alias, name): column.type
            for alias, table in tables.items()
            if table in datasets
            for name, column in datasets[table].columns.items()
        }
    )


def _key_at_fault(prepared: Prepared, engine: Trial) -> str:
    """Return the key of the expression that cannot run even on its own."""
    measure = prepared.measure
    for key, expression in prepared.expressions.items():
        records = named_table(measure.dataset, RECORD)
        query = exp.select(exp.paren(expression.tree.copy())).from_(records)
        if engine.fault(query.join(named_table(MONTHS, MONTH), join_type="cross")):
            return key
    return next(iter(measure.expressions), measure.own_key)


def _where(definitions: Definitions, measure: Clocked, key: str) -> Where:
    return definitions.where("measures", measure.name, *key.split(".", 1))

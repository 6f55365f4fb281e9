"""Measures made ready to be counted: their SQL checked, bound to columns and tried out.

Every fault in the SQL of any measure is collected. Checking and binding takes no engine; trying out
runs each query on empty tables, which can go on in the background while extracts are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Clocked
from workbook_builder.measures.expressions import (
    MONTH,
    RECORD,
    Expression,
    bind_expression,
    named_table,
)
from workbook_builder.measures.query import Prepared, group_query, query_groups
from workbook_builder.measures.value_types import ValueTypes
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result, Where, has_errors
from workbook_builder.store.engine import MONTHS, Trial

#: Any month will do where a query is only tried on empty tables.
_ANY_MONTH = Month(2000, 1)


@dataclass(frozen=True)
class BoundMeasures:
    """Measures on a clock with their SQL bound to columns, and the faults met in it, by name.

    `tried` are the names of those that are also tried out on an engine.
    """

    definitions: Definitions
    results: Mapping[str, Result[Prepared]]
    tried: frozenset[str]

    @property
    def prepared(self) -> Mapping[str, Prepared]:
        """All measures on a clock, by name."""
        return {name: result.value for name, result in self.results.items()}

    @property
    def is_faulty(self) -> bool:
        """Whether a fault is known already, before any measure is tried out."""
        return any(result.problems for result in self.results.values())

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
            if engine.fault(group_query(group, dataset, _ANY_MONTH)):
                doubtful |= {prepared.measure.name for prepared in group}
        problems: list[Problem] = []
        for name, result in self.results.items():
            trial = engine if name in doubtful else None
            problems += result.problems or _misfits(result.value, self.definitions, trial)
        return tuple(problems)


def bind_measures(definitions: Definitions, layout: Layout | None = None) -> BoundMeasures:
    """Bind the SQL of all measures on a clock.

    Parameters have the layout's values, or their own where it gives none. The measures of the
    layout, or all without a layout, are to be tried out, which takes longer.
    """
    parameters = definitions.parameters_in_force(layout)
    shown = layout.measures if layout else definitions.measures
    tried = definitions.with_parts(name for name in shown if name in definitions.measures)
    results: dict[str, Result[Prepared]] = {}
    for name, measure in definitions.measures.items():
        if isinstance(measure, Clocked):
            expressions: dict[str, Expression] = {}
            problems: list[Problem] = []
            for key, text in measure.expressions.items():
                where = _where(definitions, measure, key)
                expression = bind_expression(
                    text, measure.dataset, definitions.datasets, where, parameters
                )
                if isinstance(expression, Problem):
                    problems.append(expression)
                else:
                    expressions[key] = expression
            results[name] = Result(Prepared(measure, expressions), tuple(problems))
    return BoundMeasures(definitions, results, frozenset(tried))


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
        query = group_query([prepared], definitions.datasets[measure.dataset], _ANY_MONTH)
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

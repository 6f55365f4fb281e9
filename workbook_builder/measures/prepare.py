"""Measure definitions into checked, bound expressions; every fault in their SQL is collected."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.definitions import kinds
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Clocked
from workbook_builder.engine.duck import DuckEngine
from workbook_builder.measures.expressions import Expression, bound
from workbook_builder.measures.query import Prepared, group_query
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result

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
        where = definitions.where("measures", measure.name, *key.split(".", 1))
        made = bound(text, measure.dataset, definitions.datasets, where, parameters)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            expressions[key] = made
    return Result(Prepared(measure, expressions), tuple(problems))


def _misfits(prepared: Prepared, definitions: Definitions, engine: DuckEngine) -> list[Problem]:
    measure = prepared.measure
    query = group_query([prepared], definitions.datasets[measure.dataset], _ANY_MONTH)
    fault = engine.fault(query)
    if not fault:
        return []
    key = next(iter(measure.expressions), measure.own_key)
    where = definitions.where("measures", measure.name, *key.split(".", 1))
    return [Problem(kinds.SQL_DOES_NOT_FIT, f"the SQL cannot run ({fault}).", where)]

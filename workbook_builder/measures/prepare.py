"""Measure definitions into checked, bound expressions; every fault in their SQL is collected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Clocked
from workbook_builder.measures.expressions import MONTH, RECORD, Expression, bound
from workbook_builder.measures.query import Prepared, group_query, together
from workbook_builder.measures.value_types import Sorts
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result, Where, has_errors
from workbook_builder.store.engine import MONTHS, Trial

#: Any month will do where a query is only tried on empty tables.
_ANY_MONTH = Month(2000, 1)


@dataclass(frozen=True)
class Bound:
    """Measures on a clock with their SQL bound to columns, and what was at fault in it.

    `tried` are the names of those that are also tried out on an engine.
    """

    definitions: Definitions
    made: Mapping[str, Result[Prepared]]
    tried: frozenset[str]

    @property
    def prepared(self) -> Mapping[str, Prepared]:
        """All measures on a clock, by name."""
        return {name: one.value for name, one in self.made.items()}

    @property
    def is_faulty(self) -> bool:
        """Whether a fault is known already, before any is tried out."""
        return any(one.problems for one in self.made.values())

    def problems(self, engine: Trial) -> tuple[Problem, ...]:
        """Return every fault in the SQL of the measures, by trying it out on tables."""
        whole = [one.value for name, one in self.made.items()
                 if name in self.tried and not one.problems]  # fmt: skip
        doubtful = set(_doubtful(whole, self.definitions, engine))
        problems: list[Problem] = []
        for name, one in self.made.items():
            trial = engine if name in doubtful else None
            problems += one.problems or _misfits(one.value, self.definitions, trial)
        return tuple(problems)


def bound_measures(definitions: Definitions, layout: Layout | None = None) -> Bound:
    """Bind the SQL of all measures on a clock.

    Parameters have the layout's values, or their own where it gives none. Those of the layout, or
    all without one, are to be tried out, which takes longer.
    """
    parameters = definitions.parameters_in_force(layout)
    shown = layout.measures if layout else definitions.measures
    tried = definitions.with_parts(name for name in shown if name in definitions.measures)
    made = {
        name: _prepared(measure, definitions, parameters)
        for name, measure in definitions.measures.items()
        if isinstance(measure, Clocked)
    }
    return Bound(definitions, made, frozenset(tried))


def prepared_measures(
    definitions: Definitions, engine: Trial, layout: Layout | None = None
) -> Result[Mapping[str, Prepared]]:
    """Bind the SQL of all measures on a clock and try it out on the engine's empty tables."""
    bound = bound_measures(definitions, layout)
    return Result(bound.prepared, bound.problems(engine))


def _doubtful(
    prepared: Iterable[Prepared], definitions: Definitions, engine: Trial
) -> Iterator[str]:
    """Yield the measures of which some cannot run: all that one query counts are tried as one.

    Nearly always all can, and trying each by itself takes several times as long.
    """
    for group in together(prepared):
        dataset = definitions.datasets[group[0].measure.dataset]
        if engine.fault(group_query(group, dataset, _ANY_MONTH)):
            yield from (one.measure.name for one in group)


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


def _misfits(prepared: Prepared, definitions: Definitions, engine: Trial | None) -> list[Problem]:
    """Say what cannot run, or could only on records of some values: texts that are numbers, say."""
    measure = prepared.measure
    found = {
        key: fault
        for key, one in prepared.expressions.items()
        if (fault := _unfit(key, one, measure, definitions))
    }
    if engine and not found:
        query = group_query([prepared], definitions.datasets[measure.dataset], _ANY_MONTH)
        if fault := engine.fault(query):
            found = {_key_at_fault(prepared, engine): f"the SQL cannot run ({fault})."}
    return [
        Problem(catalogue.SQL_DOES_NOT_FIT, text, _where(definitions, measure, key))
        for key, text in found.items()
    ]


def _key_at_fault(prepared: Prepared, engine: Trial) -> str:
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
    sorts = Sorts(
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


@dataclass(frozen=True, eq=False)
class Trying:
    """Measures that are being tried out."""

    verdict: Future[tuple[Problem, ...]]

    @property
    def has_failed(self) -> bool:
        """Whether it is known by now that a measure cannot be counted."""
        return self.verdict.done() and has_errors(self.verdict.result())

    def problems(self) -> tuple[Problem, ...]:
        """Return every fault in the SQL of the measures, when all of them are tried."""
        return self.verdict.result()


@contextmanager
def trying(measures: Bound, engine: Trial) -> Iterator[Trying]:
    """Try measures out beside what the block does; the thread ends with it, at the latest."""
    with ThreadPoolExecutor(1) as pool:
        yield Trying(pool.submit(measures.problems, engine))

"""Explain one measure: how it is defined, which records enter it, and why others are left out.

The counts come from the same queries as the figures: each reason to leave records out is counted as
if it were a measure of its own, on the clock of the measure that is explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlglot import exp

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measure_text import (
    clock_words,
    how_counted,
    polarity_word,
    sql_words,
    thresholds,
)
from workbook_builder.definitions.measures import (
    Average,
    ChildrenInAny,
    Clocked,
    Count,
    Measure,
    Rate,
    Supplied,
    Unit,
)
from workbook_builder.figures import REASONS, WHOLE_SERVICE, Memory, Status
from workbook_builder.measures.compute import POPULATION, Computed, Task, compute_figures
from workbook_builder.measures.expressions import Expression
from workbook_builder.measures.finished_figures import FIGURES
from workbook_builder.measures.query import Prepared, children_query, group_query
from workbook_builder.months import Month
from workbook_builder.store.duckdb_store import duck_sql
from workbook_builder.store.engine import Engine, retry_by_month

NOT_LOOKED_AT = "not among those counted"
NOT_COUNTED = "not part of the average"
WITHOUT_VALUE = "without a value"

_CLOCK = ("during", "over", "open", "latest")

#: Used in a query for the reporting month where that is not known; shown as a placeholder.
_UNKNOWN_MONTH = Month(1, 1)


@dataclass(frozen=True)
class Threshold:
    """A parameter that the measure's SQL names, with the value in force."""

    name: str
    title: str
    value: int
    source: str


@dataclass(frozen=True)
class MonthNumbers:
    """The counts of one month for the whole service.

    `entered` are the records on the clock; `left_out` how many of them each reason took away, in
    the order of the explanation's `reasons`; both are blank where no record is counted. Of the rest
    `not_judged` lack a cell that is needed; only a percentage whose `unknown` is "no" has them in
    its denominator. A blank value has its `reason`; percentages are shares of one. `published` is
    the value that last month's workbook holds for the month, which a build keeps.
    """

    month: Month
    entered: int | None
    left_out: tuple[int, ...]
    numerator: float | None
    denominator: float | None
    value: float | None
    status: Status
    reason: str = ""
    published: float | None = None
    not_judged: int = 0


@dataclass(frozen=True)
class Explanation:
    """All that there is to say of one measure; `months` is empty where no extract was given.

    `exclusions` are the conditions on which records are left out, by their reason. `datasets` are
    the names of those that its records come from or that its SQL looks at, and of its parts'.
    """

    name: str
    title: str
    definition: str
    how: str
    clock: str
    exclusions: Mapping[str, str]
    otherwise: str
    polarity: str
    unit: Unit
    decimals: int
    source: str
    thresholds: tuple[Threshold, ...]
    datasets: tuple[str, ...]
    sql: str
    per_population: bool
    reasons: tuple[str, ...]
    months: tuple[MonthNumbers, ...] = ()
    parts: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What a measure is explained from; `month` is the reporting month, if it is known."""

    definitions: Definitions
    prepared: Mapping[str, Prepared]
    layout: Layout
    month: Month | None = None


def explain_measure(name: str, subject: Subject) -> Explanation:
    """Explain a measure from its definition alone, and with it the parts it is derived from."""
    definitions, layout = subject.definitions, subject.layout
    measure = definitions.measures[name]
    prepared = subject.prepared.get(name)
    exclude = measure.exclude if isinstance(measure, Clocked) else {}
    return Explanation(
        name=name,
        title=measure.title,
        definition=measure.definition,
        how=how_counted(measure, definitions, layout),
        clock=clock_words(measure, definitions) if isinstance(measure, Clocked) else "",
        exclusions={
            reason: sql_words(text, definitions, layout) for reason, text in exclude.items()
        },
        otherwise=(
            f'"{definitions.measures[measure.otherwise].title}" ({measure.otherwise}), where these '
            "extracts do not give a month"
            if measure.otherwise
            else ""
        ),
        polarity=polarity_word(measure.better),
        unit=measure.unit,
        decimals=measure.decimals,
        source=measure.source,
        thresholds=tuple(
            Threshold(parameter.name, parameter.title, value, parameter.source)
            for parameter, value in thresholds([measure.name], definitions, layout)
        ),
        datasets=_datasets(measure, subject),
        sql=_sql(measure, subject),
        per_population=isinstance(measure, Rate),
        reasons=tuple(reason for reason, _ in _removals(prepared)),
        parts=tuple(explain_measure(part, subject) for part in measure.parts),
    )


def with_numbers(explanation: Explanation, task: Task, engine: Engine) -> Explanation:
    """Add the counts and figures of the task's months to an explanation and to its parts."""
    names = task.definitions.with_parts([explanation.name])
    computed = compute_figures(replace(task, wanted=names), engine)
    return _add_numbers(explanation, task, engine, computed)


def with_published(explanation: Explanation, memory: Memory) -> Explanation:
    """Add what was published of a measure and of its parts in the months before this one."""
    months: list[MonthNumbers] = []
    for numbers in explanation.months[:-1]:
        published = memory.published.get((explanation.name, numbers.month, WHOLE_SERVICE))
        known = published and numbers.month <= memory.month
        value = published.amount.value if published and known else None
        months.append(replace(numbers, published=value))
    parts = tuple(with_published(part, memory) for part in explanation.parts)
    return replace(explanation, months=(*months, *explanation.months[-1:]), parts=parts)


def _datasets(measure: Measure, subject: Subject) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for part_name in subject.definitions.with_parts([measure.name]):
        part = subject.definitions.measures[part_name]
        if isinstance(part, Clocked):
            names[part.dataset] = None
            names |= dict.fromkeys(sorted(subject.prepared[part_name].lookups))
        elif isinstance(part, Rate | Supplied):
            names[POPULATION if isinstance(part, Rate) else FIGURES] = None
    return tuple(names)


def _sql(measure: Measure, subject: Subject) -> str:
    """Return the query of a measure alone, or nothing where it is derived from other figures."""
    datasets, month = subject.definitions.datasets, subject.month or _UNKNOWN_MONTH
    if isinstance(measure, Clocked):
        dataset = datasets[measure.dataset]
        query = group_query([subject.prepared[measure.name]], dataset, month)
    elif isinstance(measure, ChildrenInAny):
        parts = [subject.prepared[part] for part in measure.parts]
        query = children_query(parts, datasets, month)
    else:
        return ""

    def with_placeholder(node: exp.Expr) -> exp.Expr:
        unknown = isinstance(node, exp.Literal) and node.is_string
        is_month = unknown and node.name == str(_UNKNOWN_MONTH)
        return exp.Placeholder(this="reporting_month") if is_month else node

    return duck_sql(query.transform(with_placeholder), pretty=True)


def _add_numbers(
    explanation: Explanation, task: Task, engine: Engine, computed: Computed
) -> Explanation:
    name = explanation.name
    reasons: dict[Month, str] = {}
    for blank in computed.blanks:
        if blank.measure == name:
            missing = blank.finding.status is Status.NO_POPULATION
            dataset = POPULATION if missing else blank.finding.dataset
            title = task.definitions.datasets[dataset].title
            reasons[blank.month] = f"{title}: {REASONS[blank.finding.status]}"
    counts = _record_counts(name, task, engine)
    nothing_counted = [0] * (1 + len(explanation.reasons))
    months: list[MonthNumbers] = []
    for month in task.months:
        figure = computed.figures.get(name, month, WHOLE_SERVICE)
        assert figure is not None  # each measure has one for each month
        entered, *left_out = (None,) if counts is None else counts.get(str(month), nothing_counted)
        numbers = MonthNumbers(
            month=month,
            entered=entered,
            left_out=tuple(left_out),
            numerator=figure.numerator,
            denominator=figure.denominator,
            value=figure.value,
            status=figure.status,
            reason=reasons.get(month, ""),
            not_judged=figure.not_judged,
        )
        months.append(numbers)
    parts = tuple(_add_numbers(part, task, engine, computed) for part in explanation.parts)
    return replace(explanation, months=tuple(months), parts=parts)


def _record_counts(name: str, task: Task, engine: Engine) -> Mapping[str, Sequence[int]] | None:
    """Count by month the records that entered and those that each reason left out.

    None where no record is counted.
    """
    measure = task.definitions.measures[name]
    if not isinstance(measure, Clocked) or not task.coverage.datasets[measure.dataset].has_extract:
        return None
    conditions = [condition for _, condition in _removals(task.prepared.get(name))]
    counters = [_counter(measure)]
    for position, condition in enumerate(conditions):
        # A record counts under the first reason that holds.
        earlier = (exp.not_(each) for each in conditions[:position])
        counters.append(_counter(measure, exp.and_(condition, *earlier)))
    dataset = task.definitions.datasets[measure.dataset]
    query = group_query(counters, dataset, task.coverage.reporting_month)
    rows = retry_by_month(lambda: engine.rows(query), engine.set_months, task.months)
    # Of each row: month, whether it is of the whole service, team, then pairs of counts.
    return {row[0]: row[3 : 3 + 2 * len(counters) : 2] for row in rows if row[1]}


def _removals(prepared: Prepared | None) -> Sequence[tuple[str, exp.Expr]]:
    """Return why records leave the count, in order, and the condition on which they do."""
    if prepared is None:
        return ()
    removals = [(reason, _is_true(tree)) for reason, tree in prepared.exclusions.items()]
    if among := prepared.tree("among"):
        removals.append((NOT_LOOKED_AT, exp.not_(_is_true(among))))
    if isinstance(prepared.measure, Average):
        if where := prepared.tree("where"):
            removals.append((NOT_COUNTED, exp.not_(_is_true(where))))
        if value := prepared.tree("value"):
            removals.append((WITHOUT_VALUE, exp.paren(value).is_(exp.null())))
    return removals


def _is_true(tree: exp.Expr) -> exp.Expr:
    """Return a condition that is false where the tree is NULL."""
    return exp.func("COALESCE", exp.paren(tree), exp.false())


def _counter(measure: Clocked, condition: exp.Expr | None = None) -> Prepared:
    """Return a measure that counts records on another's clock for which a condition holds."""
    clock: dict[str, Any] = {key: getattr(measure, key) for key in _CLOCK if getattr(measure, key)}
    count = Count(name=measure.name, title=measure.title, count_of=measure.dataset, **clock)
    where = {"where": Expression(condition, frozenset())} if condition else {}
    return Prepared(count, where)

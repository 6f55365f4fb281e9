"""One measure taken apart: how it is defined, which records enter it, and what is left of them.

The counts come from the same queries as the figures: each reason to leave records out is counted as
if it were a measure of its own, on the clock of the measure that is explained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from workbook_builder.figures import REASONS, WHOLE_SERVICE, Figures, Memory, Status
from workbook_builder.measures.compute import POPULATION, Computed, Task, compute_figures
from workbook_builder.measures.covered_months import Finding
from workbook_builder.measures.expressions import Expression
from workbook_builder.measures.finished_figures import FIGURES
from workbook_builder.measures.query import Prepared, children_query, group_query
from workbook_builder.months import Month
from workbook_builder.store.duckdb_store import duck_sql
from workbook_builder.store.engine import Engine
from workbook_builder.store.query_runner import retry_by_month

NOT_LOOKED_AT = "not among those looked at"
NOT_COUNTED = "not those whose mean is taken"
WITHOUT_VALUE = "without a value"

_CLOCK = ("during", "over", "open", "latest")

#: Stands in a query for the reporting month where that is not known; shown as a placeholder.
_UNKNOWN = Month(1, 1)


@dataclass(frozen=True)
class Threshold:
    """A parameter that the measure's SQL names, with the value in force."""

    name: str
    title: str
    value: int
    source: str


@dataclass(frozen=True)
class Numbers:
    """The counts of one month for the whole service.

    `entered` are the records on the clock; `left_out` how many of them each reason took away, in
    the order of the explanation's `reasons`. Both are blank where no record is counted. A blank
    value has its `reason`; percentages are shares of one. `published` is the value that last
    month's workbook holds for the month, which a build keeps.
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


@dataclass(frozen=True)
class Explanation:
    """All that there is to say of one measure; `months` is empty where no extract was given.

    `exclusions` are the conditions on which records are left out, by their reason. `datasets` are
    the names of those that its records come from or that its SQL looks at, those of its parts too.
    """

    name: str
    title: str
    definition: str
    how: str
    clock: str
    exclusions: Mapping[str, str]
    polarity: str
    unit: Unit
    decimals: int
    source: str
    thresholds: tuple[Threshold, ...]
    datasets: tuple[str, ...]
    sql: str
    per_population: bool
    reasons: tuple[str, ...]
    months: tuple[Numbers, ...] = ()
    parts: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What is explained from: definitions, prepared measures, the layout, the month if known."""

    definitions: Definitions
    prepared: Mapping[str, Prepared]
    layout: Layout
    month: Month | None = None


def explained(name: str, subject: Subject) -> Explanation:
    """Explain a measure from its definition alone, and with it the parts it is derived from."""
    definitions, layout = subject.definitions, subject.layout
    measure = definitions.measures[name]
    prepared = subject.prepared.get(name)
    return Explanation(
        name=name,
        title=measure.title,
        definition=measure.definition,
        how=how_counted(measure, definitions, layout),
        clock=clock_words(measure.clock) if isinstance(measure, Clocked) else "",
        exclusions=_exclusions(measure, definitions, layout),
        polarity=polarity_word(measure.better),
        unit=measure.unit,
        decimals=measure.decimals,
        source=measure.source,
        thresholds=tuple(
            Threshold(one.name, one.title, value, one.source)
            for one, value in thresholds([measure.name], definitions, layout)
        ),
        datasets=tuple(_datasets(measure, subject)),
        sql=_sql(measure, subject),
        per_population=isinstance(measure, Rate),
        reasons=tuple(why for why, _ in _removals(prepared)) if prepared else (),
        parts=tuple(explained(part, subject) for part in measure.parts),
    )


def with_numbers(explanation: Explanation, task: Task, engine: Engine) -> Explanation:
    """Add the counts and figures of the task's months to an explanation and to its parts."""
    names = task.definitions.with_parts([explanation.name])
    computed = compute_figures(replace(task, wanted=names), engine)
    return _Counting(task, engine, computed).added_to(explanation)


def with_published(explanation: Explanation, memory: Memory) -> Explanation:
    """Add what was published of a measure and of its parts in the months before this one."""
    months = tuple(
        replace(one, published=_published(explanation.name, one.month, memory))
        for one in explanation.months[:-1]
    )
    parts = tuple(with_published(part, memory) for part in explanation.parts)
    return replace(explanation, months=(*months, *explanation.months[-1:]), parts=parts)


def _published(name: str, month: Month, memory: Memory) -> float | None:
    found = memory.published.get((name, month, WHOLE_SERVICE))
    return found.amount.value if found and month <= memory.month else None


def _exclusions(measure: Measure, definitions: Definitions, layout: Layout) -> Mapping[str, str]:
    given = measure.exclude if isinstance(measure, Clocked) else {}
    return {why: sql_words(text, definitions, layout) for why, text in given.items()}


def _datasets(measure: Measure, subject: Subject) -> Sequence[str]:
    found: dict[str, None] = {}
    for name in subject.definitions.with_parts([measure.name]):
        one = subject.definitions.measures[name]
        if isinstance(one, Clocked):
            found[one.dataset] = None
            found |= dict.fromkeys(sorted(subject.prepared[name].looks_at))
        elif isinstance(one, Rate | Supplied):
            found[POPULATION if isinstance(one, Rate) else FIGURES] = None
    return list(found)


def _sql(measure: Measure, subject: Subject) -> str:
    """Return the query of a measure alone, or nothing where it is worked out from other figures."""
    datasets, month = subject.definitions.datasets, subject.month or _UNKNOWN
    if isinstance(measure, Clocked):
        dataset = datasets[measure.dataset]
        query = group_query([subject.prepared[measure.name]], dataset, month)
    elif isinstance(measure, ChildrenInAny):
        parts = [subject.prepared[part] for part in measure.parts]
        query = children_query(parts, datasets, month)
    else:
        return ""
    return duck_sql(query.transform(_with_placeholder), pretty=True)


def _with_placeholder(node: exp.Expr) -> exp.Expr:
    unknown = isinstance(node, exp.Literal) and node.is_string and node.name == str(_UNKNOWN)
    return exp.Placeholder(this="reporting_month") if unknown else node


class _Counting:
    """Fills explanations with the counts of one task."""

    def __init__(self, task: Task, engine: Engine, computed: Computed) -> None:
        self.task = task
        self.engine = engine
        self.figures: Figures = computed.figures
        self.reasons = {
            (blank.measure, blank.month): _reason(blank.finding, task.definitions)
            for blank in computed.blanks
        }

    def added_to(self, explanation: Explanation) -> Explanation:
        counts = self._counts(explanation.name)
        months = tuple(self._numbers(explanation.name, month, counts) for month in self.task.months)
        parts = tuple(self.added_to(part) for part in explanation.parts)
        return replace(explanation, months=months, parts=parts)

    def _numbers(
        self, name: str, month: Month, counts: Mapping[str, Sequence[int]] | None
    ) -> Numbers:
        figure = self.figures.get(name, month, WHOLE_SERVICE)
        assert figure is not None  # each measure has one for each month
        none = [0] * (1 + len(self._removals(name)))
        entered, *left_out = (None,) if counts is None else counts.get(str(month), none)
        return Numbers(
            month=month,
            entered=entered,
            left_out=tuple(left_out),
            numerator=figure.numerator,
            denominator=figure.denominator,
            value=figure.value,
            status=figure.status,
            reason=self.reasons.get((name, month), ""),
        )

    def _counts(self, name: str) -> Mapping[str, Sequence[int]] | None:
        """Count by month the records that entered and those that each reason left out."""
        measure = self.task.definitions.measures[name]
        if not isinstance(measure, Clocked) or not self._given(measure):
            return None
        removals = [tree for _, tree in self._removals(name)]
        group = [_counter(measure), *(_counter(measure, tree) for tree in _first_of(removals))]
        dataset = self.task.definitions.datasets[measure.dataset]
        query = group_query(group, dataset, self.task.coverage.reporting_month)
        rows = retry_by_month(
            lambda: self.engine.rows(query), self.engine.set_months, self.task.months
        )
        # Of each row: month, whether it is of the whole service, team, then pairs of counts.
        return {row[0]: row[3::2] for row in rows if row[1]}

    def _given(self, measure: Clocked) -> bool:
        return self.task.coverage.datasets[measure.dataset].given

    def _removals(self, name: str) -> Sequence[tuple[str, exp.Expr]]:
        prepared = self.task.prepared.get(name)
        return _removals(prepared) if prepared else ()


def _removals(prepared: Prepared) -> Sequence[tuple[str, exp.Expr]]:
    """Return why records leave the count, in order, and the condition on which they do."""
    found = [(why, _held(tree)) for why, tree in prepared.exclusions.items()]
    if among := prepared.tree("among"):
        found.append((NOT_LOOKED_AT, exp.not_(_held(among))))
    if isinstance(prepared.measure, Average):
        if where := prepared.tree("where"):
            found.append((NOT_COUNTED, exp.not_(_held(where))))
        if value := prepared.tree("value"):
            found.append((WITHOUT_VALUE, exp.paren(value).is_(exp.null())))
    return found


def _held(tree: exp.Expr) -> exp.Expr:
    """A condition that cannot be told does not hold."""
    return exp.func("COALESCE", exp.paren(tree), exp.false())


def _first_of(conditions: Sequence[exp.Expr]) -> Iterator[exp.Expr]:
    """Return each condition where none before it holds, so that a record counts under one only."""
    for at, condition in enumerate(conditions):
        yield exp.and_(condition, *(exp.not_(earlier) for earlier in conditions[:at]))


def _counter(measure: Clocked, condition: exp.Expr | None = None) -> Prepared:
    """Return a measure that counts records on another's clock for which a condition holds."""
    clock: dict[str, Any] = {key: getattr(measure, key) for key in _CLOCK if getattr(measure, key)}
    count = Count(name=measure.name, title=measure.title, count_of=measure.dataset, **clock)
    where = {"where": Expression(condition, frozenset())} if condition else {}
    return Prepared(count, where)


def _reason(finding: Finding, definitions: Definitions) -> str:
    """Say why a month is blank, and which list makes it so."""
    name = POPULATION if finding.status is Status.NO_POPULATION else finding.dataset
    return f"{definitions.datasets[name].title}: {REASONS[finding.status]}"

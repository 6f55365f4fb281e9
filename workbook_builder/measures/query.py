"""Measures into query trees: months joined to a dataset on a clock, filtered, counted, grouped.

All measures of one dataset and clock share one query, so each dataset is walked once a clock, but
for those with sub-selects, of which a query holds a few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.measures import (
    EXCLUDE,
    Average,
    Children,
    ChildrenPercentage,
    Clock,
    Clocked,
    During,
    Open,
    Percentage,
)
from workbook_builder.figures import NO_TEAM
from workbook_builder.measures.expressions import MONTH, RECORD, Expression, named_table
from workbook_builder.months import Month
from workbook_builder.store.engine import MONTHS

_JOINED = "joined"
#: So many sub-selects stand in one query, unless a single measure has more.
_MOST_SELECTS = 2

#: Names of columns by the name of their dataset.
Needs = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Prepared:
    """A measure on a clock with its expressions checked and bound, by key."""

    measure: Clocked
    expressions: Mapping[str, Expression]

    @property
    def exclusions(self) -> Mapping[str, exp.Expr]:
        """Copies of the trees of the exclusions, by their reason."""
        return {
            key.removeprefix(EXCLUDE): one.tree.copy()
            for key, one in self.expressions.items()
            if key.startswith(EXCLUDE)
        }

    @cached_property
    def needs(self) -> Needs:
        """The columns without which the figure would be wrong, by dataset.

        A column that stands only in coalesce may be missing: what it then means is said there.
        Exclusions are looked at by themselves: see `exclusion_needs`.
        """
        dataset, clock = self.measure.dataset, self.measure.clock
        clocked = {dataset: frozenset({clock.column})} if isinstance(clock, During) else {}
        trees = [one.tree for key, one in self.expressions.items() if not key.startswith(EXCLUDE)]
        return _together([clocked, *(_needs(tree, dataset) for tree in trees)])

    @cached_property
    def exclusion_needs(self) -> Mapping[str, Needs]:
        """The columns that each exclusion looks at, by its reason and dataset."""
        dataset = self.measure.dataset
        return {why: _needs(tree, dataset) for why, tree in self.exclusions.items()}

    @cached_property
    def looks_at(self) -> frozenset[str]:
        """The other datasets that the expressions look at."""
        return frozenset().union(*(one.looks_at for one in self.expressions.values()))

    @cached_property
    def selects(self) -> int:
        """How many sub-selects the expressions hold."""
        return sum(1 for one in self.expressions.values() for _ in one.tree.find_all(exp.Select))

    def tree(self, key: str) -> exp.Expr | None:
        """Return a copy of the tree of one expression, or None where none was given."""
        given = self.expressions.get(key)
        return given.tree.copy() if given else None


def _needs(tree: exp.Expr, dataset: str) -> Needs:
    """Return the columns that stand in a tree outside coalesce, by dataset."""
    tables = {RECORD: dataset} | {one.alias: one.name for one in tree.find_all(exp.Table)}
    found: dict[str, set[str]] = {}
    for column in tree.find_all(exp.Column):
        if column.table in tables and not column.find_ancestor(exp.Coalesce):
            found.setdefault(tables[column.table], set()).add(column.name)
    return {name: frozenset(columns) for name, columns in found.items()}


def _together(many: Iterable[Needs]) -> Needs:
    found: dict[str, frozenset[str]] = {}
    for needs in many:
        for dataset, columns in needs.items():
            found[dataset] = found.get(dataset, frozenset()) | columns
    return found


def together(prepared: Iterable[Prepared]) -> Iterator[tuple[Prepared, ...]]:
    """Yield the measures that one query counts: they share a dataset, a clock and few sub-selects.

    Planning a query takes far more than twice as long for twice as many sub-selects.
    """
    groups: defaultdict[tuple[str, Clock], list[Prepared]] = defaultdict(list)
    for one in prepared:
        groups[one.measure.dataset, one.measure.clock].append(one)
    for group in groups.values():
        found: list[Prepared] = []
        selects = 0
        for one in group:
            if found and one.selects and selects + one.selects > _MOST_SELECTS:
                yield tuple(found)
                found, selects = [], 0
            found.append(one)
            selects += one.selects
        yield tuple(found)


def clock_condition(clock: Clock, reporting_month: Month) -> exp.Expr:
    """Return when a record belongs to a month, as a condition on RECORD and MONTH."""
    if isinstance(clock, During):
        day = exp.column(clock.column, table=RECORD)
        begun = day >= _window_start(clock.months)
        return exp.and_(begun, day <= _month("month_end"), copy=False)
    if isinstance(clock, Open):
        start, end = (exp.column(name, table=RECORD) for name in (clock.start, clock.end))
        still_open = exp.or_(end.is_(exp.null()), end > _month("month_end"), copy=False)
        return exp.and_(start <= _month("month_end"), still_open, copy=False)
    return _month("month").eq(str(reporting_month))


def group_query(group: Sequence[Prepared], dataset: Dataset, reporting_month: Month) -> exp.Select:
    """Return the query of measures that share a dataset and a clock.

    Its rows are: month, 1 if the row is for the whole service else 0, team, then the numerator and
    the denominator of each measure in turn.
    """
    inner = _flagged(group, dataset, reporting_month)
    columns: list[exp.Expr] = [
        exp.column("month", table=_JOINED),
        exp.func("GROUPING", exp.column("team", table=_JOINED)),
        exp.column("team", table=_JOINED),
    ]
    for number, prepared in enumerate(group):
        columns += [
            exp.alias_(part, f"{name}_{number}", copy=False)
            for name, part in zip("nd", _aggregates(prepared, number), strict=True)
        ]
    return _grouped(_selected(columns, inner))


def children_query(
    parts: Sequence[Prepared], datasets: Mapping[str, Dataset], reporting_month: Month
) -> exp.Select:
    """Return the query that counts children who stand in any of the measures, each once.

    Its rows are those of `group_query` for one measure without a denominator.
    """
    selects = [_children_of(part, datasets, reporting_month) for part in parts]
    every = exp.union(*selects, distinct=False) if len(selects) > 1 else selects[0]
    child = exp.column("child", table=_JOINED)
    columns = [
        exp.column("month", table=_JOINED),
        exp.func("GROUPING", exp.column("team", table=_JOINED)),
        exp.column("team", table=_JOINED),
        exp.Count(this=exp.Distinct(expressions=[child])),
        exp.null(),
    ]
    return _grouped(_selected(columns, every))


def _selected(columns: Sequence[exp.Expr], inner: exp.Query) -> exp.Select:
    # Without the copies that the builders make unasked: they take longer than all the rest.
    query = exp.Select().select(*columns, copy=False)
    return query.from_(inner.subquery(_JOINED, copy=False), copy=False)


def activity_query(dataset: Dataset, columns: Sequence[str]) -> exp.Select:
    """Return the query of how many records bear each day in any of these columns."""
    selects = [
        _from(dataset, [exp.alias_(exp.column(name), "day", copy=False)]) for name in columns
    ]
    every = exp.union(*selects, distinct=False, copy=False) if len(selects) > 1 else selects[0]
    day = exp.column("day", table=_JOINED)
    found = _selected([day, exp.Count(this=day.copy())], every)
    return found.where(_is_known(day), copy=False).group_by(day.copy(), copy=False)


def spells_query(dataset: Dataset, clock: Open) -> exp.Select:
    """Return the query of how many records started on each day and ended on each, if they did."""
    start, end = exp.column(clock.start), exp.column(clock.end)
    counted = _from(dataset, [start, end, exp.Count(this=exp.Star())])
    known = counted.where(_is_known(start), copy=False)
    return known.group_by(start.copy(), end.copy(), copy=False)


def _from(dataset: Dataset, columns: Sequence[exp.Expr]) -> exp.Select:
    return exp.Select().select(*columns, copy=False).from_(exp.to_table(dataset.name), copy=False)


def _is_known(day: exp.Expr) -> exp.Expr:
    return exp.not_(exp.Is(this=day.copy(), expression=exp.null()), copy=False)


def _month(column: str) -> exp.Column:
    return exp.column(column, table=MONTH)


def _window_start(months: int) -> exp.Expr:
    if months == 1:
        return _month("month_start")
    back = exp.Interval(this=exp.Literal.string(str(months - 1)), unit=exp.var("MONTH"))
    return exp.cast(exp.Sub(this=_month("month_start"), expression=back), "DATE")


def _joined(dataset: Dataset, clock: Clock, reporting_month: Month) -> exp.Select:
    months, records = named_table(MONTHS, MONTH), named_table(dataset.name, RECORD)
    condition = clock_condition(clock, reporting_month)
    month = exp.alias_(_month("month"), "month", copy=False)
    query = exp.Select().select(month, copy=False).from_(months, copy=False)
    return query.join(records, on=condition, copy=False)


def _team(dataset: Dataset) -> exp.Expr:
    if not dataset.team:
        return exp.alias_(exp.null(), "team")
    team = exp.Nullif(
        this=exp.column(dataset.team, table=RECORD), expression=exp.Literal.string("")
    )
    named = exp.Coalesce(this=team, expressions=[exp.Literal.string(NO_TEAM)])
    return exp.alias_(named, "team")


def _flagged(group: Sequence[Prepared], dataset: Dataset, reporting_month: Month) -> exp.Select:
    """Return the records of each month with each measure's conditions worked out beside them."""
    columns = [_team(dataset)]
    for number, prepared in enumerate(group):
        columns += [
            exp.alias_(part, f"{name}_{number}", copy=False) for name, part in _flags(prepared)
        ]
    query = _joined(dataset, group[0].measure.clock, reporting_month)
    return query.select(*columns, copy=False)


def _flags(prepared: Prepared) -> Iterator[tuple[str, exp.Expr]]:
    """Yield what is worked out beside each record for one measure, by name."""
    for key in prepared.measure.expression_keys:
        if tree := prepared.tree(key):
            yield key, exp.paren(tree, copy=False)
    if prepared.exclusions:
        yield "kept", _kept(prepared)
    if isinstance(prepared.measure, Children | ChildrenPercentage):
        yield "child", exp.column(prepared.measure.child, table=RECORD)


def _kept(prepared: Prepared) -> exp.Expr:
    """A record is kept unless an exclusion holds; one that cannot be told does not hold."""
    held = [
        exp.func("COALESCE", exp.paren(tree, copy=False), exp.false(), copy=False)
        for tree in prepared.exclusions.values()
    ]
    return exp.not_(exp.paren(exp.or_(*held, copy=False), copy=False), copy=False)


def _aggregates(prepared: Prepared, number: int) -> tuple[exp.Expr, exp.Expr]:
    kept = ["kept"] if prepared.exclusions else []
    among = kept + [key for key in ("among",) if key in prepared.expressions]
    both = among + [key for key in ("where",) if key in prepared.expressions]
    measure = prepared.measure
    if isinstance(measure, Children):
        child = exp.column(f"child_{number}", table=_JOINED)
        return _when(exp.Count(this=exp.Distinct(expressions=[child])), both, number), exp.null()
    if isinstance(measure, ChildrenPercentage):
        child = exp.column(f"child_{number}", table=_JOINED)
        every = exp.Count(this=exp.Distinct(expressions=[child]))
        return _when(every, both, number), _when(every.copy(), among, number)
    if isinstance(measure, Percentage):
        return (_when(_count_all(), both, number), _when(_count_all(), among, number))
    if isinstance(measure, Average):
        value = exp.column(f"value_{number}", table=_JOINED)
        total = _when(exp.Sum(this=value), both, number)
        return total, _when(exp.Count(this=value.copy()), both, number)
    return _when(_count_all(), both, number), exp.null()


def _count_all() -> exp.Expr:
    return exp.Count(this=exp.Star())


def _when(aggregate: exp.Expr, keys: Sequence[str], number: int) -> exp.Expr:
    if not keys:
        return aggregate
    conditions = [exp.column(f"{key}_{number}", table=_JOINED) for key in keys]
    return exp.Filter(this=aggregate, expression=exp.Where(this=exp.and_(*conditions, copy=False)))


def _grouped(query: exp.Select) -> exp.Select:
    month, team = (exp.column(name, table=_JOINED) for name in ("month", "team"))
    sets = [exp.Tuple(expressions=[month]), exp.Tuple(expressions=[month.copy(), team])]
    query.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)]))
    return query


def _children_of(
    part: Prepared, datasets: Mapping[str, Dataset], reporting_month: Month
) -> exp.Select:
    dataset = datasets[part.measure.dataset]
    child = exp.column(getattr(part.measure, "child", "child_id"), table=RECORD)
    query = _joined(dataset, part.measure.clock, reporting_month)
    query = query.select(_team(dataset), exp.alias_(child, "child", copy=False), copy=False)
    conditions = [tree for key in ("among", "where") if (tree := part.tree(key))]
    kept = [_kept(part)] if part.exclusions else []
    return query.where(*kept, *conditions, copy=False)

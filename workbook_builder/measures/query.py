"""The query trees that count measures.

All have one shape: the months joined to the records of a dataset on a clock, filtered, counted, and
grouped by month and by month and team. Measures of one dataset and clock share one query, so that
each dataset is read once for each clock; of those with sub-selects, a query holds only a few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

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
    Latest,
    Open,
    Percentage,
)
from workbook_builder.figures import NO_TEAM
from workbook_builder.measures.expressions import (
    MONTH,
    RECORD,
    Expression,
    is_tested_for_blank,
    named_table,
)
from workbook_builder.months import Month
from workbook_builder.store.engine import MONTHS

_JOINED, _LATEST_RECORD = "joined", "latest"
#: So many sub-selects may be in one query, unless a single measure has more.
_MOST_SELECTS = 2

#: The month of a query that says the same of any month.
ANY_MONTH = Month(2000, 1)

#: Names of columns by the name of their dataset.
Needs = Mapping[str, frozenset[str]]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A measure on a clock with its expressions checked and bound, by key.

    `certain` are the exclusions that decide nothing, because the extracts have nothing of what
    they ask about: that they cannot be made is said once, not of each record.
    """

    measure: Clocked
    expressions: Mapping[str, Expression]
    certain: frozenset[str] = frozenset()

    @property
    def exclusions(self) -> Mapping[str, exp.Expr]:
        """Copies of the trees of the exclusions, by their reason."""
        return {
            key.removeprefix(EXCLUDE): expression.tree.copy()
            for key, expression in self.expressions.items()
            if key.startswith(EXCLUDE)
        }

    @cached_property
    def needs(self) -> Needs:
        """The columns without which the figure would be wrong, by dataset.

        A column that appears only in coalesce may be missing: what it then means is said there.
        Exclusions are left to `exclusion_needs`.
        """
        clock = self.measure.clock
        days = {clock.column} if isinstance(clock, During) else frozenset[str]()
        on_the_clock = {self.measure.dataset: frozenset(days)} if days else {}
        return _merged([on_the_clock, self._columns_of(self._deciding_keys, _is_needed)])

    @cached_property
    def exclusion_needs(self) -> Mapping[str, Needs]:
        """The columns that each exclusion needs, by its reason and dataset."""
        return {
            key.removeprefix(EXCLUDE): self._columns_of([key], _is_needed)
            for key in self.expressions
            if key.startswith(EXCLUDE)
        }

    @cached_property
    def used(self) -> Needs:
        """All columns that the figure depends on, by dataset."""
        return _merged([self._on_the_clock, self._columns_of(self.expressions)])

    @cached_property
    def silent(self) -> Needs:
        """The columns of which a cell that cannot be read would be taken for a blank one.

        What a blank one means is said: an end that is blank has not come, coalesce has its value.
        """
        said = self._columns_of(self.expressions, _has_a_meaning_if_blank)
        return _merged([self._on_the_clock, said])

    @cached_property
    def filled(self) -> Needs:
        """The columns that must be filled somewhere: a blank cell means that it has not been."""
        return self._columns_of(self._deciding_keys, _must_not_be_blank)

    @cached_property
    def deciding(self) -> Needs:
        """The columns that decide of a record that is not left out, by dataset."""
        return _merged([self._on_the_clock, self._columns_of(self._deciding_keys)])

    @property
    def _deciding_keys(self) -> Sequence[str]:
        """The keys of all expressions but the exclusions."""
        return [key for key in self.expressions if not key.startswith(EXCLUDE)]

    def _columns_of(
        self, keys: Iterable[str], test: Callable[[exp.Column], object] = lambda column: True
    ) -> Needs:
        """Return the columns of datasets in some expressions that pass a test, by dataset."""
        needs: defaultdict[str, set[str]] = defaultdict(set)
        for key in keys:
            for dataset, column in self._columns[key]:
                if test(column):
                    needs[dataset].add(column.name)
        return {name: frozenset(columns) for name, columns in needs.items()}

    @cached_property
    def _columns(self) -> Mapping[str, Sequence[tuple[str, exp.Column]]]:
        """The columns of datasets in each expression, each with its dataset."""
        found: dict[str, Sequence[tuple[str, exp.Column]]] = {}
        for key, expression in self.expressions.items():
            nodes = list(expression.tree.find_all(exp.Table, exp.Column))
            tables = {RECORD: self.measure.dataset}
            tables |= {node.alias: node.name for node in nodes if isinstance(node, exp.Table)}
            found[key] = [
                (tables[node.table], node)
                for node in nodes
                if isinstance(node, exp.Column) and node.table in tables
            ]
        return found

    @property
    def _on_the_clock(self) -> Needs:
        clock = self.measure.clock
        if isinstance(clock, Open):
            return {self.measure.dataset: frozenset({clock.start, clock.end})}
        columns = {clock.column} if isinstance(clock, During) else frozenset[str]()
        return {self.measure.dataset: frozenset(columns)}

    @property
    def asked(self) -> frozenset[tuple[str, str]]:
        """The columns that may leave a record unjudged, each with its dataset."""
        return frozenset().union(*(each.asks for each in self.expressions.values()))

    def is_doubtful(self, key: str) -> bool:
        """Tell whether one of its expressions may be NULL."""
        return key in self.expressions and bool(self.expressions[key].asks)

    @cached_property
    def doubtful_exclusions(self) -> Sequence[exp.Expr]:
        """Copies of the trees of the exclusions that may be NULL for a record."""
        return [
            each.tree.copy()
            for key, each in self.expressions.items()
            if key.startswith(EXCLUDE)
            and each.asks
            and key.removeprefix(EXCLUDE) not in self.certain
        ]

    @cached_property
    def has_doubts(self) -> bool:
        """Whether a record may be one that cannot be judged."""
        keys = ("among", "where")
        return any(map(self.is_doubtful, keys)) or bool(self.doubtful_exclusions)

    @property
    def counts_children(self) -> bool:
        """Whether it counts children, each of them once, rather than records."""
        return isinstance(self.measure, Children | ChildrenPercentage)

    @cached_property
    def lookups(self) -> frozenset[str]:
        """The other datasets that the expressions look at."""
        return frozenset().union(*(each.lookups for each in self.expressions.values()))

    @cached_property
    def selects(self) -> int:
        """How many sub-selects the expressions hold."""
        return sum(1 for each in self.expressions.values() for _ in each.tree.find_all(exp.Select))

    def tree(self, key: str) -> exp.Expr | None:
        """Return a copy of the tree of one expression, or None where the measure has none."""
        expression = self.expressions.get(key)
        return expression.tree.copy() if expression else None


def _merged(several: Iterable[Needs]) -> Needs:
    merged: dict[str, frozenset[str]] = {}
    for needs in several:
        for name, columns in needs.items():
            merged[name] = merged.get(name, frozenset()) | columns
    return merged


def _is_needed(column: exp.Column) -> bool:
    return not column.find_ancestor(exp.Coalesce)


def _has_a_meaning_if_blank(column: exp.Column) -> bool:
    return is_tested_for_blank(column) or column.find_ancestor(exp.Coalesce) is not None


def _must_not_be_blank(column: exp.Column) -> bool:
    test = column.parent
    return isinstance(test, exp.Is) and isinstance(test.parent, exp.Not)


def query_groups(measures: Iterable[Prepared]) -> Iterator[tuple[Prepared, ...]]:
    """Yield the measures that one query counts: they share a dataset, a clock and few sub-selects.

    Planning a query takes far more than twice as long for twice as many sub-selects.
    """
    by_clock: defaultdict[tuple[str, Clock], list[Prepared]] = defaultdict(list)
    for prepared in measures:
        by_clock[prepared.measure.dataset, prepared.measure.clock].append(prepared)
    for sharing in by_clock.values():
        group: list[Prepared] = []
        selects = 0
        for prepared in sharing:
            if group and prepared.selects and selects + prepared.selects > _MOST_SELECTS:
                yield tuple(group)
                group, selects = [], 0
            group.append(prepared)
            selects += prepared.selects
        yield tuple(group)


def clock_condition(clock: Clock, reporting_month: Month, dataset: Dataset) -> exp.Expr:
    """Return when a record belongs to a month, as a condition on RECORD and MONTH.

    Of a list as it stands, what began after the month's end does not; of what a return lists
    without its start it is known only that it is there.
    """
    if isinstance(clock, During):
        day = exp.column(clock.column, table=RECORD)
        begun = day >= _window_start(clock.months)
        return exp.and_(begun, day <= _month("month_end"), copy=False)
    if isinstance(clock, Open):
        start, end = (exp.column(name, table=RECORD) for name in (clock.start, clock.end))
        still_open = exp.or_(end.is_(exp.null()), end > _month("month_end"), copy=False)
        return exp.and_(start <= _month("month_end"), still_open, copy=False)
    is_reported = _month("month").eq(str(reporting_month))
    if not dataset.start_column:
        return is_reported
    start = exp.column(dataset.start_column, table=RECORD)
    is_there = exp.or_(start.is_(exp.null()), start <= _month("month_end"), copy=False)
    return exp.and_(is_reported, is_there, copy=False)


def group_query(
    group: Sequence[Prepared], dataset: Dataset, reporting_month: Month, *, briefly: bool = False
) -> exp.Select:
    """Return the query of measures that share a dataset and a clock; nobody may change it.

    Its rows are: month, 1 if the row is for the whole service else 0, team, then the numerator and
    the denominator of each measure in turn; behind these, in turn again, how many records could
    not be judged, how many are in doubt, and how many were asked about.

    To count children once each takes long. `briefly`, of a measure that counts them there is only
    how many records are in doubt, in that place: where none is, the others need not be counted.
    """
    is_of_month = isinstance(group[0].measure.clock, Latest)
    month = reporting_month if is_of_month else ANY_MONTH
    return _group_query(tuple(group), dataset, month, briefly)


@lru_cache(maxsize=200)
def _group_query(
    group: tuple[Prepared, ...], dataset: Dataset, reporting_month: Month, briefly: bool
) -> exp.Select:
    """Return the same; what was tried out is then counted without being put together again."""
    beside_records = [_team(dataset)]
    columns: list[exp.Expr] = []
    for number, prepared in enumerate(group):
        beside_records += [
            exp.alias_(tree, f"{name}_{number}", copy=False) for name, tree in _flags(prepared)
        ]
        columns += [
            exp.alias_(aggregate, f"{name}_{number}", copy=False)
            for name, aggregate in zip("nd", _aggregates(prepared, number), strict=True)
        ]
    for number, prepared in enumerate(group):
        columns += [
            exp.alias_(aggregate, f"{name}_{number}", copy=False)
            for name, aggregate in zip("uda", _judged(prepared, number, briefly), strict=True)
        ]
    records = _records_by_month(dataset, group[0].measure.clock, reporting_month)
    return _by_month_and_team(columns, records.select(*beside_records, copy=False))


def records_query(
    prepared: Prepared, dataset: Dataset, reporting_month: Month, beside: Sequence[exp.Expr]
) -> exp.Select:
    """Return the query of the records behind a measure's figures, without the grouping.

    Its columns are `month`, `team`, the measure's own `among`, `where`, `value`, `unsure` and
    `child` (those that it has), and then `beside`. Records that are left out or not looked at are
    not there, nor those that a number without a denominator does not count; what may be, is.
    """
    flags = [
        exp.alias_(tree, name, copy=False) for name, tree in _flags(prepared) if name != "kept"
    ]
    query = _records_by_month(dataset, prepared.measure.clock, reporting_month)
    query = query.select(_team(dataset), *flags, *beside, copy=False)
    of_interest = [_kept(prepared)] if prepared.exclusions else []
    share = isinstance(prepared.measure, Percentage | ChildrenPercentage)
    for key in ("among",) if share else ("among", "where"):
        if tree := prepared.tree(key):
            of_interest.append(_not_false(exp.paren(tree, copy=False)))
    return query.where(*of_interest, copy=False)


def children_query(
    parts: Sequence[Prepared], datasets: Mapping[str, Dataset], reporting_month: Month
) -> exp.Select:
    """Return the query that counts children who are in any of the measures, each once.

    Its rows are those of `group_query` for one measure without a denominator. How many records
    could not be judged is told by the figures of its parts.
    """
    selects: list[exp.Select] = []
    for part in parts:
        dataset = datasets[part.measure.dataset]
        child = exp.column(getattr(part.measure, "child", "child_id"), table=RECORD)
        query = _records_by_month(dataset, part.measure.clock, reporting_month)
        query = query.select(_team(dataset), exp.alias_(child, "child", copy=False), copy=False)
        conditions = [tree for key in ("among", "where") if (tree := part.tree(key))]
        kept = [_kept(part)] if part.exclusions else []
        selects.append(query.where(*kept, *conditions, copy=False))
    every = exp.union(*selects, distinct=False) if len(selects) > 1 else selects[0]
    child = exp.column("child", table=_JOINED)
    return _by_month_and_team(
        [exp.Count(this=exp.Distinct(expressions=[child])), *(exp.null() for _ in range(4))], every
    )


def latest_records_query(
    prepared: Prepared, dataset: Dataset, latest: Dataset, day: str, month: Month
) -> exp.Select:
    """Return the query of what a list of each child's latest record tells of those asked about.

    Its row counts the children whom a measure asks about in a month, or may: whose latest record is
    later, who have none at all, and all.
    """
    child, known = (
        exp.column("child_id", table=RECORD),
        exp.column("child_id", table=_LATEST_RECORD),
    )
    conditions: list[exp.Expr] = [_month("month").eq(str(month))]
    if prepared.exclusions:
        conditions.append(_kept(prepared))
    if among := prepared.tree("among"):
        conditions.append(_not_false(exp.paren(among, copy=False)))
    every = exp.Count(this=exp.Distinct(expressions=[child]))
    later = exp.column(day, table=_LATEST_RECORD) > _month("month_end")
    query = _records_by_month(dataset, prepared.measure.clock, month)
    query = query.select(
        _where(every.copy(), [later]), _where(every.copy(), [known.copy().is_(exp.null())]), every,
        append=False, copy=False,
    )  # fmt: skip
    same_child = known.eq(child.copy())
    return query.join(
        named_table(latest.name, _LATEST_RECORD), on=same_child, join_type="left", copy=False
    ).where(*conditions, copy=False)


def _by_month_and_team(columns: Sequence[exp.Expr], inner: exp.Query) -> exp.Select:
    """Return the query that aggregates records by month, and by month and team, in one pass."""
    month, team = (exp.column(name, table=_JOINED) for name in ("month", "team"))
    is_whole = exp.func("GROUPING", team.copy())
    query = _select([month, is_whole, team, *columns], inner)
    sets = [
        exp.Tuple(expressions=[month.copy()]),
        exp.Tuple(expressions=[month.copy(), team.copy()]),
    ]
    query.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)]))
    return query


def _select(columns: Sequence[exp.Expr], inner: exp.Query) -> exp.Select:
    # Without the copies that the builders make unasked: they take longer than all the rest.
    query = exp.Select().select(*columns, copy=False)
    return query.from_(inner.subquery(_JOINED, copy=False), copy=False)


def days_query(dataset: Dataset, columns: Sequence[str]) -> exp.Select:
    """Return the query of the name of a column, a day, and how many records have it there."""
    selects = [
        _from(
            dataset,
            [
                exp.alias_(exp.Literal.string(name), "name", copy=False),
                exp.alias_(exp.column(name), "day", copy=False),
            ],
        )
        for name in columns
    ]
    every = exp.union(*selects, distinct=False, copy=False) if len(selects) > 1 else selects[0]
    name, day = (exp.column(each, table=_JOINED) for each in ("name", "day"))
    query = _select([name, day, exp.Count(this=exp.Star())], every)
    return query.where(_is_known(day), copy=False).group_by(name.copy(), day.copy(), copy=False)


def episodes_query(dataset: Dataset, clock: Open) -> exp.Select:
    """Return the query of how many records started on each day and ended on each, if they did."""
    start, end = exp.column(clock.start), exp.column(clock.end)
    counted = _from(dataset, [start, end, exp.Count(this=exp.Star())])
    started = counted.where(_is_known(start), copy=False)
    return started.group_by(start.copy(), end.copy(), copy=False)


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


def _records_by_month(dataset: Dataset, clock: Clock, reporting_month: Month) -> exp.Select:
    """Return the months joined to the records that belong to them on a clock."""
    months, records = named_table(MONTHS, MONTH), named_table(dataset.name, RECORD)
    condition = clock_condition(clock, reporting_month, dataset)
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


def _flags(prepared: Prepared) -> Iterator[tuple[str, exp.Expr]]:
    """Yield what is worked out beside each record of a month for one measure, by name."""
    for key in prepared.measure.expression_keys:
        if tree := prepared.tree(key):
            yield key, exp.paren(tree, copy=False)
    if prepared.exclusions:
        yield "kept", _kept(prepared)
    if prepared.doubtful_exclusions:
        unknown = (exp.paren(tree, copy=False).is_(exp.null())
                   for tree in prepared.doubtful_exclusions)  # fmt: skip
        yield "unsure", exp.paren(exp.or_(*unknown, copy=False), copy=False)
    if isinstance(prepared.measure, Children | ChildrenPercentage):
        yield "child", exp.column(prepared.measure.child, table=RECORD)


def _kept(prepared: Prepared) -> exp.Expr:
    """Return the condition that no exclusion holds; one that is NULL does not hold."""
    exclusions = [
        exp.func("COALESCE", exp.paren(tree, copy=False), exp.false(), copy=False)
        for tree in prepared.exclusions.values()
    ]
    return exp.not_(exp.paren(exp.or_(*exclusions, copy=False), copy=False), copy=False)


def _aggregates(prepared: Prepared, number: int) -> tuple[exp.Expr, exp.Expr]:
    """Return the numerator and the denominator of a measure; NULL where it has none."""
    measure = prepared.measure
    kept = ["kept"] if prepared.exclusions else []
    among = kept + [key for key in ("among",) if key in prepared.expressions]
    both = among + [key for key in ("where",) if key in prepared.expressions]
    count = _count(prepared, number)
    if isinstance(measure, Percentage | ChildrenPercentage):
        judged = [*_conditions(among, number)]
        if prepared.is_doubtful("where") and measure.unknown == "left out":
            judged.append(_is_known(exp.column(f"where_{number}", table=_JOINED)))
        return _filtered(count, both, number), _where(count.copy(), judged)
    if isinstance(measure, Average):
        value = exp.column(f"value_{number}", table=_JOINED)
        total = _filtered(exp.Sum(this=value), both, number)
        return total, _filtered(exp.Count(this=value.copy()), both, number)
    return _filtered(count, both, number), exp.null()


def _filtered(aggregate: exp.Expr, keys: Sequence[str], number: int) -> exp.Expr:
    """Return an aggregate over the records for which all of a measure's conditions hold."""
    return _where(aggregate, _conditions(keys, number))


def _conditions(keys: Sequence[str], number: int) -> list[exp.Expr]:
    return [exp.column(f"{key}_{number}", table=_JOINED) for key in keys]


def _where(aggregate: exp.Expr, conditions: Sequence[exp.Expr]) -> exp.Expr:
    if not conditions:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=exp.and_(*conditions, copy=False)))


def _count(prepared: Prepared, number: int) -> exp.Expr:
    """Return what counts the records of a measure, or their children."""
    if prepared.counts_children:
        child = exp.column(f"child_{number}", table=_JOINED)
        return exp.Count(this=exp.Distinct(expressions=[child]))
    return exp.Count(this=exp.Star())


def _judged(prepared: Prepared, number: int, briefly: bool) -> tuple[exp.Expr, exp.Expr, exp.Expr]:
    """Return how many records of a measure cannot be judged, are in doubt, and are asked about.

    NULL where each can be judged. In doubt is a record of which something is not known; it cannot
    be judged if it may count. One that a condition rules out is judged, whatever else is not known.
    """
    if not prepared.has_doubts:
        return exp.null(), exp.null(), exp.null()
    asked = _conditions(["kept"] if prepared.exclusions else [], number)
    if "among" in prepared.expressions:
        asked.append(_not_false(exp.column(f"among_{number}", table=_JOINED)))
    unknown: list[exp.Expr] = []
    if prepared.doubtful_exclusions:
        unknown.append(exp.column(f"unsure_{number}", table=_JOINED))
    unknown += [
        exp.column(f"{key}_{number}", table=_JOINED).is_(exp.null())
        for key in ("among", "where")
        if prepared.is_doubtful(key)
    ]
    doubt = exp.paren(exp.or_(*unknown, copy=False), copy=False)
    if briefly and prepared.counts_children:
        return exp.null(), _where(exp.Count(this=exp.Star()), [*asked, doubt]), exp.null()
    counting: list[exp.Expr] = []
    if "where" in prepared.expressions and not isinstance(
        prepared.measure, Percentage | ChildrenPercentage
    ):
        counting.append(_not_false(exp.column(f"where_{number}", table=_JOINED)))
    count = _count(prepared, number)
    every = [*asked, doubt], [*asked, doubt, *counting], asked
    in_doubt, not_judged, all_asked = (
        _where(count.copy(), [condition.copy() for condition in conditions]) for conditions in every
    )
    return not_judged, in_doubt, all_asked


def _not_false(condition: exp.Expr) -> exp.Expr:
    return exp.func("COALESCE", condition.copy(), exp.true(), copy=False)

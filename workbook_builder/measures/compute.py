"""Compute the figures: each measure for each month and team once.

The counts come from the engine, one query for each group of measures that can share it. Rates,
shares and sums are derived from the figures of other measures, finished figures fill what the
records leave blank, and every blank figure of the whole service keeps the reason why.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp

from workbook_builder.definitions.authorities import LocalAuthority
from workbook_builder.definitions.layouts import DEFAULT_NOT_JUDGED_TOLERANCE
from workbook_builder.definitions.library import Definitions, measures_in_order
from workbook_builder.definitions.measures import (
    Average,
    Children,
    ChildrenInAny,
    ChildrenPercentage,
    Clocked,
    Count,
    Measure,
    Percentage,
    Rate,
    Share,
    Sum,
    Supplied,
)
from workbook_builder.figures import NO_TEAM, WHOLE_SERVICE, Figure, FigureKey, Figures, Status
from workbook_builder.measures.covered_months import Coverage, Finding
from workbook_builder.measures.finished_figures import FIGURES, SuppliedFigures
from workbook_builder.measures.query import Prepared, children_query, group_query, query_groups
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problem_catalogue import POPULATION_DIFFERS, POPULATION_KNOWN
from workbook_builder.problems import Problem, Result, listed
from workbook_builder.store.engine import Engine, EngineFailed, Exhausted, Rows

POPULATION = "population"

_MID_YEAR = (6, 30)
#: Why extracts do not tell a month that another list may.
_UNTOLD = frozenset({
    Status.NO_EXTRACT, Status.NO_COLUMN, Status.NOT_COVERED, Status.UNFINISHED,
    Status.NOT_A_SNAPSHOT_MONTH, Status.END_NOT_KNOWN, Status.NOT_JUDGED, Status.CHILDREN_MISSING,
    Status.LATEST_ONLY,
})  # fmt: skip


@dataclass(frozen=True)
class Populations:
    """Mid-year estimates by group and year."""

    estimates: Mapping[tuple[str, int], int]

    def in_force(self, group: str, month: Month) -> int | None:
        """Return the latest mid-year (30 June) estimate that is not after the month's end."""
        key = same_name(group)
        years = [
            year
            for name, year in self.estimates
            if name == key and date(year, *_MID_YEAR) <= month.last_day
        ]
        return self.estimates[key, max(years)] if years else None


def with_published(
    populations: Populations, published: Mapping[tuple[str, int], float]
) -> Result[Populations]:
    """Return populations filled up from published estimates by group and year.

    The population extract counts for more; where the two differ, a note says both.
    """
    estimates = dict(populations.estimates)
    problems: list[Problem] = []
    for (group, year), number in sorted(published.items()):
        key, people = (same_name(group), year), round(number)
        extract = populations.estimates.get(key)
        if extract is None:
            estimates[key] = people
        elif extract != people:
            text = (
                f'"{group}" in mid-{year}: {extract:,} in the population extract, {people:,} in '
                "the published estimates."
            )
            done = f"Rates are for {extract:,} people."
            problems.append(Problem(POPULATION_DIFFERS, text, done=done))
    return Result(Populations(estimates), tuple(problems))


def with_known(
    populations: Populations, authority: LocalAuthority | None, groups: Collection[str]
) -> Result[Populations]:
    """Return populations with what is known of the authority, for groups that lack any estimate."""
    given = {group for group, _ in populations.estimates}
    lacking = {group for group in groups if same_name(group) not in given}
    if authority is None:
        return Result(populations)
    estimates = dict(populations.estimates)
    problems: list[Problem] = []
    for group in sorted(lacking & authority.populations.keys()):
        years = authority.populations[group]
        estimates |= {(same_name(group), year): people for year, people in years.items()}
        text = f'"{group}": no population was given.'
        done = f"{authority.name}'s mid-year estimates for {min(years)} to {max(years)} are used."
        problems.append(Problem(POPULATION_KNOWN, text, done=done))
    return Result(Populations(estimates), tuple(problems))


def read_populations(engine: Engine) -> Populations:
    """Return the estimates that the population dataset holds."""
    columns = [exp.column(name) for name in ("population_group", "year", "people")]
    rows = engine.rows(exp.select(*columns).from_(POPULATION))
    return Populations(
        {(same_name(group), year): people for group, year, people in rows if people is not None}
    )


def derived_figure(
    measure: Measure,
    month: Month,
    team: str,
    figures: Mapping[FigureKey, Figure],
    measures: Mapping[str, Measure],
    populations: Populations,
) -> Figure:
    """Return the figure of a rate, share or sum; blank, with the reason, where a part is blank."""
    values: list[float] = []
    for name in measure.parts:
        part = _part(measures[name], month, team, figures)
        if part is None or part.value is None:
            reason = part.status if part else Status.NOT_COVERED
            return Figure(measure.name, month, team, None, None, None, reason)
        values.append(part.value)
    if isinstance(measure, Rate):
        people = populations.in_force(measure.population, month)
        return _ratio(measure, month, team, values[0], people, measure.per)
    if isinstance(measure, Share):
        return _ratio(measure, month, team, values[0], values[1], 1)
    assert isinstance(measure, Sum)  # the only other derived kind
    added = len(measure.sum_of)
    total = sum(values[:added]) - sum(values[added:])
    return Figure(measure.name, month, team, total, None, total, Status.CALCULATED)


def _part(
    measure: Measure, month: Month, team: str, figures: Mapping[FigureKey, Figure]
) -> Figure | None:
    """Return a part's figure; a team without any record in a list that is counted has none: 0."""
    figure = figures.get((measure.name, month, team))
    whole = figures.get((measure.name, month, WHOLE_SERVICE))
    if figure or not whole or not measure.teams:
        return figure
    counts = isinstance(measure, Count | Children | ChildrenInAny | Sum)
    if counts and whole.status is Status.CALCULATED:
        return Figure(measure.name, month, team, 0, None, 0, Status.CALCULATED)
    return whole if whole.value is None else None


def _ratio(
    measure: Measure,
    month: Month,
    team: str,
    numerator: float,
    denominator: float | None,
    per: int,
) -> Figure:
    value, status = None, Status.CALCULATED
    if denominator is None:
        status = Status.NO_POPULATION
    elif denominator == 0:
        denominator, status = 0, Status.NO_DENOMINATOR
    else:
        value = numerator / denominator * per
    return Figure(measure.name, month, team, numerator, denominator, value, status)


@dataclass(frozen=True)
class RecordCounts:
    """The numerator and denominator of one measure, and the records that could not be judged.

    `not_judged` are those that may count; something is not known of all that are `in_doubt`. Both
    are among those `asked` about.
    """

    numerator: float | None = 0
    denominator: float | None = None
    not_judged: int = 0
    in_doubt: int = 0
    asked: int = 0

    def is_too_doubtful(self, tolerance: float, *, is_share: bool) -> bool:
        """Tell whether more than a share of its records could not be judged.

        Of a number that is so many of those that may be in it, but for a single one where less than
        this share of all that were asked about is in doubt: one blank cell makes no number blank.
        """
        if is_share:
            return self.not_judged > tolerance * self.asked
        alone = self.not_judged == 1 and self.in_doubt <= tolerance * self.asked
        return self.not_judged > tolerance * ((self.numerator or 0) + self.not_judged) and not alone


NONE_COUNTED = RecordCounts()

#: What was counted of one measure by month and team.
Counts = Mapping[tuple[Month, str], RecordCounts]


@dataclass(frozen=True)
class Task:
    """What to compute: these measures (and what they are derived from) in these months.

    The tables show the last `asked` of the months, or all if that is 0. `tolerance` is the share of
    its records that a figure may leave out unjudged.
    """

    definitions: Definitions
    prepared: Mapping[str, Prepared]
    coverage: Coverage
    populations: Populations
    supplied: SuppliedFigures
    months: tuple[Month, ...]
    wanted: tuple[str, ...]
    asked: int = 0
    tolerance: float = DEFAULT_NOT_JUDGED_TOLERANCE

    @property
    def asked_months(self) -> tuple[Month, ...]:
        """The months that the tables show."""
        return self.months[-self.asked :]


@dataclass(frozen=True)
class Blank:
    """A figure of the whole service that is blank, and the finding that made it so."""

    measure: str
    month: Month
    finding: Finding


@dataclass(frozen=True)
class Computed:
    """All figures, and every month of the whole service that had to stay blank.

    `differing` are the finished figures that are not what the records give, `replaced` those of the
    whole service that another measure gave, with the finding that made it so.
    """

    figures: Figures
    blanks: tuple[Blank, ...]
    differing: tuple[Figure, ...]
    replaced: tuple[Blank, ...] = ()


def compute_figures(
    task: Task, engine: Engine, on_share: Callable[[float], None] = lambda share: None
) -> Computed:
    """Compute all figures of a task; `on_share` hears the share of the measures that is counted.

    A finished figure is used only where the records give none. Raises Exhausted or EngineFailed.
    """
    engine.set_months(task.months)
    wanted = set(task.definitions.with_parts(task.wanted))
    needed = tuple(name for name in measures_in_order(task.definitions) if name in wanted)
    counts: dict[str, Counts] = {}
    for group in _count(task, engine, needed):
        counts |= group
        on_share(len(counts) / len(needed))
        # Judged here, while the engine counts the next group.
        for name in group:
            for month in task.months if name in task.prepared else ():
                task.coverage.of(task.prepared[name], month)
    figures: dict[FigureKey, Figure] = {}
    findings: dict[tuple[str, Month], Finding] = {}
    #: Of each measure's own lists, whatever measure stands in for it.
    own_findings: dict[tuple[str, Month], Finding] = {}
    teams: defaultdict[str, set[str]] = defaultdict(set)
    differing: list[Figure] = []
    replaced: list[Blank] = []
    for name in needed:
        measure, counted = task.definitions.measures[name], counts.get(name, {})
        for month in task.months:
            # Children in any of several lists are counted in these lists themselves.
            of_parts = own_findings if isinstance(measure, ChildrenInAny) else findings
            findings[name, month] = _finding(measure, month, task, of_parts)
            own_findings[name, month] = findings[name, month]
        own_teams = _teams(measure, counted, teams)
        computed = list(_measure_figures(measure, task, counted, own_teams, figures, findings))
        for month in task.months if (otherwise := measure.otherwise) else ():
            others = [figures[otherwise, month, team] for team in sorted(teams[otherwise])
                      if (otherwise, month, team) in figures]  # fmt: skip
            if findings[name, month].status in _UNTOLD and others[0].value is not None:
                replaced.append(Blank(name, month, findings[name, month]))
                findings[name, month] = findings[otherwise, month]
                computed = [figure for figure in computed if figure.month != month]
                computed += [replace(figure, measure=name) for figure in others]
        for figure in _with_supplied(computed, measure, task, differing):
            figures[figure.key] = figure
            teams[name].add(figure.team)
    blanks = tuple(
        Blank(name, month, _blank_finding(name, findings[name, month], figure, task))
        for name in task.wanted
        for month in task.months
        if (figure := figures[name, month, WHOLE_SERVICE]).value is None
    )
    return Computed(Figures(figures.values()), blanks, tuple(differing), tuple(replaced))


def _blank_finding(name: str, finding: Finding, figure: Figure, task: Task) -> Finding:
    """Return why a figure is blank; if records could not be judged, with the columns asked."""
    if figure.status is not Status.NOT_JUDGED or finding.status is Status.NOT_JUDGED:
        return replace(finding, status=figure.status)
    parts = [part for part in task.definitions.with_parts([name]) if part in task.prepared]
    asked = frozenset[tuple[str, str]]().union(*(task.prepared[part].asked for part in parts))
    columns = {
        f"{dataset}.{column}" if dataset != finding.dataset else column for dataset, column in asked
    }
    return replace(finding, status=figure.status, columns=tuple(sorted(columns)))


def _count(task: Task, engine: Engine, needed: Iterable[str]) -> Iterator[Mapping[str, Counts]]:
    """Yield what each query counts, by measure; lists are compared first, while others run.

    Measures of a list that was not given count nothing, so they are not asked about. Measures that
    count children are asked again, and yielded again, where records are in doubt. What exhausts the
    engine or makes it fail has the names of its measures in the message.
    """
    datasets, month = task.definitions.datasets, task.coverage.reporting_month
    given = {name for name, coverage in task.coverage.datasets.items() if coverage.has_extract}
    unions: list[ChildrenInAny] = []
    clocked: list[Prepared] = []
    for name in needed:
        measure = task.definitions.measures[name]
        if isinstance(measure, Clocked) and measure.dataset in given:
            clocked.append(task.coverage.countable(task.prepared[name]))
        elif isinstance(measure, ChildrenInAny):
            unions.append(measure)
    groups = list(query_groups(clocked))
    queries: list[tuple[tuple[str, ...], exp.Query]] = []
    for union in unions:
        parts = [task.prepared[part] for part in union.parts]
        if given.intersection(part.measure.dataset for part in parts):
            queries.append(((union.name,), children_query(parts, datasets, month)))
    queries += [_named_query(group, task, briefly=True) for group in groups]
    lists = task.coverage.completeness
    compared = lists.queries() if lists else ()
    answers = engine.answers([*compared, *(query for _, query in queries)])
    if lists:
        lists.take(answers)
    in_doubt: set[str] = set()
    for counts in _read_answers(answers, queries):
        in_doubt |= {
            name
            for name, counted in counts.items()
            if name in task.prepared and task.prepared[name].counts_children
            and any(each.in_doubt for each in counted.values())
        }  # fmt: skip
        yield counts
    for union in unions:  # it adds up what was asked about in its parts
        if in_doubt.intersection(union.parts):
            in_doubt.update(union.parts)
    doubtful = (prepared for prepared in clocked if prepared.measure.name in in_doubt)
    again = [_named_query(group, task, briefly=False) for group in query_groups(doubtful)]
    yield from _read_answers(engine.answers(query for _, query in again), again)


def _named_query(
    group: Sequence[Prepared], task: Task, *, briefly: bool
) -> tuple[tuple[str, ...], exp.Query]:
    """Return the names of measures and the query that counts them."""
    dataset = task.definitions.datasets[group[0].measure.dataset]
    query = group_query(group, dataset, task.coverage.reporting_month, briefly=briefly)
    return tuple(prepared.measure.name for prepared in group), query


def _read_answers(
    answers: Iterator[Rows], queries: Sequence[tuple[tuple[str, ...], exp.Query]]
) -> Iterator[Mapping[str, Counts]]:
    """Yield what each of these queries counts, by measure."""
    for names, _ in queries:
        try:
            rows = next(answers)
        except (Exhausted, EngineFailed) as fault:
            kind = Exhausted if isinstance(fault, Exhausted) else EngineFailed
            raise kind(f"counting {listed(names)}: {fault}") from None
        yield _read_counts(rows, names)


def _read_counts(rows: Rows, measures: Sequence[str]) -> Mapping[str, Counts]:
    """Read the rows of `group_query` or `children_query`."""
    counts: dict[str, dict[tuple[Month, str], RecordCounts]] = {name: {} for name in measures}
    judged = 2 * len(measures)
    for text, is_whole, team, *numbers in rows:
        month = Month.parse(text)
        assert month is not None  # the months came from us
        key = month, WHOLE_SERVICE if is_whole else team or NO_TEAM
        for position, name in enumerate(measures):
            numerator, denominator = numbers[2 * position : 2 * position + 2]
            behind = judged + 3 * position
            not_judged, in_doubt, asked = (number or 0 for number in numbers[behind : behind + 3])
            counts[name][key] = RecordCounts(numerator, denominator, not_judged, in_doubt, asked)
    return counts


def _finding(
    measure: Measure, month: Month, task: Task, findings: Mapping[tuple[str, Month], Finding]
) -> Finding:
    """Return whether a measure has figures in a month; of derived ones, by those of the parts."""
    if isinstance(measure, Clocked):
        finding = task.coverage.of(task.prepared[measure.name], month)
    elif isinstance(measure, Supplied):
        has_extract = task.coverage.datasets[FIGURES].has_extract
        finding = Finding(Status.NOT_COVERED if has_extract else Status.NO_EXTRACT, FIGURES)
    else:
        parts = [findings[part, month] for part in measure.parts]
        blank = (part for part in parts if part.status is not Status.CALCULATED)
        finding = next(blank, parts[0])
    if measure.quarterly and not month.ends_quarter:
        return replace(finding, status=Status.BETWEEN_QUARTERS)
    return finding


def _teams(measure: Measure, counts: Counts, teams: Mapping[str, Collection[str]]) -> Sequence[str]:
    """Return the teams of a measure: those of its counts and of the measures it is derived from."""
    if not measure.teams:
        return [WHOLE_SERVICE]
    names = {team for _, team in counts}.union(*(teams[part] for part in measure.parts))
    return [WHOLE_SERVICE, *sorted(names - {WHOLE_SERVICE})]


def _measure_figures(
    measure: Measure,
    task: Task,
    counts: Counts,
    teams: Sequence[str],
    figures: Mapping[FigureKey, Figure],
    findings: Mapping[tuple[str, Month], Finding],
) -> Iterator[Figure]:
    """Yield the figures of one measure for all months and teams, from its records or its parts."""
    measures = task.definitions.measures
    for month in task.months:
        for team in teams:
            status = findings[measure.name, month].status
            if status is Status.BETWEEN_QUARTERS:
                yield Figure(measure.name, month, team, None, None, None, status)
            elif isinstance(measure, Clocked | ChildrenInAny | Supplied):
                counted = counts.get((month, team), NONE_COUNTED)
                if isinstance(measure, ChildrenInAny):
                    parts = [figures.get((part, month, team)) for part in measure.parts]
                    known = [part for part in parts if part]
                    counted = _with_doubts_of(counted, known)
                    if any(part.status is Status.NOT_JUDGED for part in known):
                        status = Status.NOT_JUDGED
                yield _counted_figure(measure, month, team, status, counted, task.tolerance)
            else:
                yield derived_figure(measure, month, team, figures, measures, task.populations)


def _counted_figure(
    measure: Measure,
    month: Month,
    team: str,
    status: Status,
    counted: RecordCounts,
    tolerance: float,
) -> Figure:
    if status is not Status.CALCULATED:
        return Figure(measure.name, month, team, None, None, None, status)

    def figure(
        numerator: float | None, denominator: float | None, value: float | None, status: Status
    ) -> Figure:
        return Figure(
            measure.name, month, team, numerator, denominator, value, status,
            not_judged=counted.not_judged, asked=counted.asked,
        )  # fmt: skip

    is_share = isinstance(measure, Percentage | ChildrenPercentage | Average)
    if counted.is_too_doubtful(tolerance, is_share=is_share):
        return figure(None, None, None, Status.NOT_JUDGED)
    numerator, denominator = counted.numerator, counted.denominator
    if not is_share:
        return figure(numerator, None, numerator, status)
    if not denominator:
        return figure(numerator or 0, 0, None, Status.NO_DENOMINATOR)
    value = (numerator or 0) / denominator
    if not math.isfinite(value):
        return figure(None, denominator, None, Status.CANNOT_BE_COMPUTED)
    return figure(numerator, denominator, value, status)


def _with_doubts_of(counted: RecordCounts, parts: Sequence[Figure]) -> RecordCounts:
    """Add the records of its parts that could not be judged to what counts children in any."""
    not_judged = sum(part.not_judged for part in parts)
    asked = sum(part.asked for part in parts)
    return replace(counted, not_judged=not_judged, in_doubt=not_judged, asked=asked)


def _with_supplied(
    computed: Iterable[Figure], measure: Measure, task: Task, differing: list[Figure]
) -> Iterator[Figure]:
    """Yield a measure's figures, finished ones where the records give none.

    Finished figures that are not what the records give are added to `differing`.
    """
    supplied = {key: figure for key, figure in task.supplied.items() if key[0] == measure.name}
    for figure in computed:
        finished = supplied.pop(figure.key, None)
        if finished and figure.value is None:
            yield finished
            continue
        if finished and finished.value is not None and figure.value is not None:
            # Rounding to the printed digits is no difference.
            places = measure.decimals + (2 if measure.unit == "percent" else 0)
            if abs(finished.value - figure.value) > 0.5 * 10**-places + 1e-9:
                differing.append(finished)
        yield figure
    yield from (figure for figure in supplied.values() if figure.month in task.months)

"""Records and prepared measures into figures: each measure, month and team once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp

from workbook_builder.definitions.library import Definitions
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
from workbook_builder.definitions.references import in_order
from workbook_builder.figures import NO_TEAM, WHOLE_SERVICE, Figure, Figures, Status
from workbook_builder.measures.covered_months import Coverage, Finding
from workbook_builder.measures.finished_figures import FIGURES, SuppliedFigures
from workbook_builder.measures.query import Prepared, children_query, group_query, together
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problem_catalogue import POPULATION_DIFFERS
from workbook_builder.problems import Problem, Result, listed
from workbook_builder.store.engine import Engine, EngineFailed, Exhausted, Rows

POPULATION = "population"

_MID_YEAR = (6, 30)


@dataclass(frozen=True)
class Populations:
    """Mid-year estimates by group and year."""

    estimates: Mapping[tuple[str, int], int]

    def in_force(self, group: str, month: Month) -> int | None:
        """Return the latest mid-year (30 June) estimate that is not after the month's end."""
        wanted = same_name(group)
        years = [
            year
            for name, year in self.estimates
            if name == wanted and date(year, *_MID_YEAR) <= month.last_day
        ]
        return self.estimates[wanted, max(years)] if years else None


def with_published(
    populations: Populations, published: Mapping[tuple[str, int], float]
) -> Result[Populations]:
    """Return populations filled up from published estimates by group and year.

    What the population extract says goes before; where the two differ, a note says both.
    """
    estimates = {(same_name(group), year): round(people)
                 for (group, year), people in published.items()}  # fmt: skip
    problems = tuple(
        _differs(group, year, populations.estimates[same_name(group), year], round(people))
        for (group, year), people in sorted(published.items())
        if populations.estimates.get((same_name(group), year), round(people)) != round(people)
    )
    return Result(Populations(estimates | dict(populations.estimates)), problems)


def _differs(group: str, year: int, extract: int, published: int) -> Problem:
    what = (
        f'"{group}" in mid-{year}: {extract:,} in the population extract, {published:,} in the '
        "published estimates."
    )
    return Problem(POPULATION_DIFFERS, what, done=f"Rates are for {extract:,} people.")


def read_populations(engine: Engine) -> Populations:
    """Return the estimates that the population dataset holds."""
    columns = [exp.column(name) for name in ("population_group", "year", "people")]
    rows = engine.rows(exp.select(*columns).from_(POPULATION))
    return Populations(
        {(same_name(group), year): people for group, year, people in rows if people is not None}
    )


_Made = Mapping[tuple[str, Month, str], Figure]


def derived(
    measure: Measure,
    month: Month,
    team: str,
    figures: _Made,
    measures: Mapping[str, Measure],
    populations: Populations,
) -> Figure:
    """Return the figure of a rate, share or sum; blank, with the reason, where a part is blank."""
    parts = [_part(measures[part], month, team, figures) for part in measure.parts]
    for part in parts:
        if part is None or part.value is None:
            reason = part.status if part else Status.NOT_COVERED
            return Figure(measure.name, month, team, None, None, None, reason)
    values = [part.value for part in parts if part and part.value is not None]
    if isinstance(measure, Rate):
        people = populations.in_force(measure.population, month)
        return _ratio(measure, month, team, values[0], people, measure.per)
    if isinstance(measure, Share):
        return _ratio(measure, month, team, values[0], values[1], 1)
    assert isinstance(measure, Sum)  # the only other derived kind
    added = len(measure.sum_of)
    total = sum(values[:added]) - sum(values[added:])
    return Figure(measure.name, month, team, total, None, total, Status.CALCULATED)


def _part(measure: Measure, month: Month, team: str, figures: _Made) -> Figure | None:
    """Return a part's figure; a team without any record in a list that is counted has none: 0."""
    found = figures.get((measure.name, month, team))
    whole = figures.get((measure.name, month, WHOLE_SERVICE))
    if found or not whole or not measure.teams:
        return found
    if whole.status is Status.CALCULATED and isinstance(
        measure, Count | Children | ChildrenInAny | Sum
    ):
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
    if denominator is None:
        reason = Status.NO_POPULATION
        return Figure(measure.name, month, team, numerator, None, None, reason)
    if denominator == 0:
        reason = Status.NO_DENOMINATOR
        return Figure(measure.name, month, team, numerator, 0, None, reason)
    value = numerator / denominator * per
    return Figure(measure.name, month, team, numerator, denominator, value, Status.CALCULATED)


#: What a query found: numerator and denominator by month and team.
Counts = Mapping[tuple[Month, str], tuple[float | None, float | None]]


@dataclass(frozen=True)
class Task:
    """What is to be computed: these measures (and what they are derived from) in these months.

    The tables show the last `asked` of the months, or all if that is 0.
    """

    definitions: Definitions
    prepared: Mapping[str, Prepared]
    coverage: Coverage
    populations: Populations
    supplied: SuppliedFigures
    months: tuple[Month, ...]
    wanted: tuple[str, ...]
    asked: int = 0

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
    """All figures, and every month of the whole service that had to stay blank."""

    figures: Figures
    blanks: tuple[Blank, ...]
    differing: tuple[Figure, ...]


def compute_figures(
    task: Task, engine: Engine, on_share: Callable[[float], None] = lambda share: None
) -> Computed:
    """Compute all figures of a task; `on_share` hears the share of the measures that is counted.

    Records go before finished figures; a finished figure stands where the records give none.
    """
    engine.set_months(task.months)
    needed = _needed(task)
    counts: dict[str, Counts] = {}
    for counted in _all_counts(task, engine, needed):
        counts |= counted
        on_share(len(counts) / len(needed))
        _look_at_coverage(task, counted)
    figures: dict[tuple[str, Month, str], Figure] = {}
    findings: dict[tuple[str, Month], Finding] = {}
    teams: defaultdict[str, set[str]] = defaultdict(set)
    differing: list[Figure] = []
    for name in needed:
        measure = task.definitions.measures[name]
        seen = _teams(measure, counts.get(name, {}), teams)
        made = _figures_of(measure, task, counts.get(name, {}), seen, figures, findings)
        for figure in _with_supplied(made, name, task, differing):
            figures[figure.measure, figure.month, figure.team] = figure
            teams[name].add(figure.team)
    blanks = tuple(_blanks(task, figures, findings))
    return Computed(Figures(figures.values()), blanks, tuple(differing))


def _look_at_coverage(task: Task, names: Iterable[str]) -> None:
    """Find out, while the engine counts others, in which months measures are covered."""
    for name in names:
        if prepared := task.prepared.get(name):
            for month in task.months:
                task.coverage.of(prepared, month)


def _needed(task: Task) -> tuple[str, ...]:
    """Return the wanted measures and all that they are derived from, in order of need."""
    needed = set(task.definitions.with_parts(task.wanted))
    return tuple(name for name in in_order(task.definitions) if name in needed)


@dataclass(frozen=True)
class _Question:
    """One query: the measures that it counts and what goes into it."""

    names: tuple[str, ...]
    parts: tuple[Prepared, ...]

    def query(self, task: Task) -> exp.Query:
        month, datasets = task.coverage.reporting_month, task.definitions.datasets
        if isinstance(task.definitions.measures[self.names[0]], ChildrenInAny):
            return children_query(self.parts, datasets, month)
        return group_query(self.parts, datasets[self.parts[0].measure.dataset], month)


def _all_counts(
    task: Task, engine: Engine, needed: Iterable[str]
) -> Iterator[Mapping[str, Counts]]:
    questions = tuple(_questions(task, needed))
    answers = engine.answers(question.query(task) for question in questions)
    for question in questions:
        rows = _next(answers, question.names)
        yield _read(rows, question.names)


def _questions(task: Task, needed: Iterable[str]) -> Iterator[_Question]:
    clocked: list[Prepared] = []
    for name in needed:
        measure = task.definitions.measures[name]
        if isinstance(measure, Clocked):
            clocked.append(task.prepared[name])
        elif isinstance(measure, ChildrenInAny):
            yield _Question((name,), tuple(task.prepared[part] for part in measure.parts))
    for group in together(clocked):
        yield _Question(tuple(prepared.measure.name for prepared in group), group)


def _next(answers: Iterator[Rows], measures: Sequence[str]) -> Rows:
    """Return the next answer; what exhausts the engine bears the names of its measures."""
    try:
        return next(answers)
    except Exhausted as fault:
        raise Exhausted(f"counting {listed(measures)}: {fault}") from None
    except EngineFailed as fault:
        raise EngineFailed(f"counting {listed(measures)}: {fault}") from None


def _read(rows: Rows, measures: Sequence[str]) -> Mapping[str, Counts]:
    found: dict[str, dict[tuple[Month, str], tuple[float | None, float | None]]] = {
        name: {} for name in measures
    }
    for text, whole_service, team, *pairs in rows:
        month = Month.parse(text)
        assert month is not None  # the months came from us
        key = month, WHOLE_SERVICE if whole_service else team or NO_TEAM
        for at, name in enumerate(measures):
            found[name][key] = (pairs[2 * at], pairs[2 * at + 1])
    return found


def _figures_of(
    measure: Measure,
    task: Task,
    counts: Counts,
    teams: Sequence[str],
    figures: Mapping[tuple[str, Month, str], Figure],
    findings: dict[tuple[str, Month], Finding],
) -> list[Figure]:
    measures = task.definitions.measures
    made: list[Figure] = []
    for month in task.months:
        finding = _finding(measure, month, task, findings)
        findings[measure.name, month] = finding
        for team in teams:
            if finding.status is Status.BETWEEN_QUARTERS:
                made.append(Figure(measure.name, month, team, None, None, None, finding.status))
            elif isinstance(measure, Clocked | ChildrenInAny | Supplied):
                made.append(_counted(measure, month, team, finding.status, counts))
            else:
                made.append(derived(measure, month, team, figures, measures, task.populations))
    return made


def _teams(measure: Measure, counts: Counts, known: Mapping[str, Collection[str]]) -> Sequence[str]:
    """Return the teams of a measure: those of its counts and of the measures it is made from."""
    if not measure.teams:
        return [WHOLE_SERVICE]
    seen = {team for _, team in counts}.union(*(known[part] for part in measure.parts))
    return [WHOLE_SERVICE, *sorted(seen - {WHOLE_SERVICE})]


def _finding(
    measure: Measure, month: Month, task: Task, findings: Mapping[tuple[str, Month], Finding]
) -> Finding:
    found = _found(measure, month, task, findings)
    if measure.quarterly and not month.ends_quarter:
        return replace(found, status=Status.BETWEEN_QUARTERS)
    return found


def _found(
    measure: Measure, month: Month, task: Task, findings: Mapping[tuple[str, Month], Finding]
) -> Finding:
    if isinstance(measure, Clocked):
        return task.coverage.of(task.prepared[measure.name], month)
    if isinstance(measure, Supplied):
        given = task.coverage.datasets[FIGURES].given
        return Finding(Status.NOT_COVERED if given else Status.NO_EXTRACT, FIGURES)
    parts = [findings[part, month] for part in measure.parts]
    blank = [finding for finding in parts if finding.status is not Status.CALCULATED]
    return blank[0] if blank else parts[0]


def _counted(measure: Measure, month: Month, team: str, status: Status, counts: Counts) -> Figure:
    if status is not Status.CALCULATED:
        return Figure(measure.name, month, team, None, None, None, status)
    numerator, denominator = counts.get((month, team), (0, None))
    if not isinstance(measure, Percentage | ChildrenPercentage | Average):
        return Figure(measure.name, month, team, numerator, None, numerator, status)
    if not denominator:
        return Figure(measure.name, month, team, numerator or 0, 0, None, Status.NO_DENOMINATOR)
    value = (numerator or 0) / denominator
    if not math.isfinite(value):
        unusable = Status.CANNOT_BE_COMPUTED
        return Figure(measure.name, month, team, None, denominator, None, unusable)
    return Figure(measure.name, month, team, numerator, denominator, value, status)


def _with_supplied(
    made: Iterable[Figure], name: str, task: Task, differing: list[Figure]
) -> Iterable[Figure]:
    given = {key: figure for key, figure in task.supplied.items() if key[0] == name}
    for figure in made:
        other = given.pop((name, figure.month, figure.team), None)
        if other and figure.value is None:
            yield other
            continue
        if other and _differ(other, figure, task.definitions.measures[name]):
            differing.append(other)
        yield figure
    yield from (figure for figure in given.values() if figure.month in task.months)


def _differ(one: Figure, other: Figure, measure: Measure) -> bool:
    """Tell whether two figures differ by more than rounding to the printed digits explains."""
    if one.value is None or other.value is None:
        return False
    places = measure.decimals + (2 if measure.unit == "percent" else 0)
    return bool(abs(one.value - other.value) > 0.5 * 10**-places + 1e-9)


def _blanks(
    task: Task,
    figures: Mapping[tuple[str, Month, str], Figure],
    findings: Mapping[tuple[str, Month], Finding],
) -> Iterable[Blank]:
    for name in task.wanted:
        for month in task.months:
            figure = figures[name, month, WHOLE_SERVICE]
            if figure.value is None:
                yield Blank(name, month, replace(findings[name, month], status=figure.status))

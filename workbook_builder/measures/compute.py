"""Records and prepared measures into figures: each measure, month and team once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    Average,
    ChildrenInAny,
    ChildrenPercentage,
    Clocked,
    Measure,
    Percentage,
    Supplied,
)
from workbook_builder.definitions.references import in_order
from workbook_builder.engine.protocol import Engine, Exhausted, Failed, Rows
from workbook_builder.figures import NO_TEAM, WHOLE_SERVICE, Figure, Figures, Status
from workbook_builder.measures.by_months import rows_by_months
from workbook_builder.measures.covered import Coverage, Finding
from workbook_builder.measures.derived import derived
from workbook_builder.measures.population import Populations
from workbook_builder.measures.query import Prepared, children_query, group_query, together
from workbook_builder.measures.supplied import FIGURES, SuppliedFigures
from workbook_builder.months import Month
from workbook_builder.problems import listed

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
    figures: dict[tuple[str, Month, str], Figure] = {}
    findings: dict[tuple[str, Month], Finding] = {}
    differing: list[Figure] = []
    for name in needed:
        measure = task.definitions.measures[name]
        made = _figures_of(measure, task, counts.get(name, {}), figures, findings)
        for figure in _with_supplied(made, name, task, differing):
            figures[figure.measure, figure.month, figure.team] = figure
    blanks = tuple(_blanks(task, figures, findings))
    return Computed(Figures(figures.values()), blanks, tuple(differing))


def _needed(task: Task) -> tuple[str, ...]:
    """Return the wanted measures and all that they are derived from, in order of need."""
    needed = set(task.definitions.with_parts(task.wanted))
    return tuple(name for name in in_order(task.definitions) if name in needed)


def _all_counts(
    task: Task, engine: Engine, needed: Iterable[str]
) -> Iterator[Mapping[str, Counts]]:
    clocked: list[Prepared] = []
    month = task.coverage.reporting_month
    datasets = task.definitions.datasets
    for name in needed:
        measure = task.definitions.measures[name]
        if isinstance(measure, Clocked):
            clocked.append(task.prepared[name])
        elif isinstance(measure, ChildrenInAny):
            parts = [task.prepared[part] for part in measure.parts]
            query = children_query(parts, datasets, month)
            yield {name: _read(_rows(engine, query, [name], task.months), 0)}
    for group in together(clocked):
        named = [prepared.measure.name for prepared in group]
        dataset = datasets[group[0].measure.dataset]
        rows = _rows(engine, group_query(group, dataset, month), named, task.months)
        yield {name: _read(rows, at) for at, name in enumerate(named)}


def _rows(
    engine: Engine, query: exp.Query, measures: Sequence[str], months: Sequence[Month]
) -> Rows:
    """Run the query that counts some measures; what exhausts the engine bears their names."""
    try:
        return rows_by_months(engine, query, months)
    except Exhausted as fault:
        raise Exhausted(f"counting {listed(measures)}: {fault}") from None
    except Failed as fault:
        raise Failed(f"counting {listed(measures)}: {fault}") from None


def _read(rows: Rows, at: int) -> Counts:
    found: dict[tuple[Month, str], tuple[float | None, float | None]] = {}
    for text, whole_service, team, *pairs in rows:
        month = Month.parse(text)
        assert month is not None  # the months came from us
        name = WHOLE_SERVICE if whole_service else team or NO_TEAM
        found[month, name] = (pairs[2 * at], pairs[2 * at + 1])
    return found


def _figures_of(
    measure: Measure,
    task: Task,
    counts: Counts,
    figures: Mapping[tuple[str, Month, str], Figure],
    findings: dict[tuple[str, Month], Finding],
) -> list[Figure]:
    teams = _teams(measure, task, counts, figures)
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


def _teams(
    measure: Measure,
    task: Task,
    counts: Counts,
    figures: Mapping[tuple[str, Month, str], Figure],
) -> Sequence[str]:
    if not measure.teams:
        return [WHOLE_SERVICE]
    seen = {team for _, team in counts}
    seen |= {team for name, _, team in figures if name in measure.parts}
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

"""Put together what a workbook of lists of children shows, and refuse what it may not.

Each list is held against the figure that it stands behind: a list that does not add up to it is
never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isclose
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.figures import (
    NO_TEAM,
    REASONS,
    WHOLE_SERVICE,
    Figure,
    Figures,
    Status,
)
from workbook_builder.measures.compute import Computed, Task, compute_figures
from workbook_builder.measures.count import ReadyMeasures, blank_text
from workbook_builder.measures.finished_figures import MeasureNames
from workbook_builder.measures.listed_records import ListSource, RecordList, worst_first
from workbook_builder.measures.record_lists import listed_measures, record_lists, workers_of
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result, Where, did_you_mean
from workbook_builder.record_sources import Loaded
from workbook_builder.request import WorklistRequest
from workbook_builder.store.engine import Engine
from workbook_builder.worklists.data_quality import (
    QualityRow,
    quality_rows,
    unreadable_cells,
)

#: Records of one list: more are no list that anybody works through, and take long to open.
MOST_LISTED = 100_000

#: The marking of a list where the council's profile has none.
USUAL_MARKING = "OFFICIAL-SENSITIVE"


@dataclass(frozen=True)
class ListedMeasure:
    """One measure of a worklist: its figures of the month, and the records behind them.

    Without records, `reason` says why there are none, or `parts` name the measures that it is
    worked out from, which have records. `note` is what a reader of the list should know.
    """

    measure: Measure
    figures: Figures
    records: RecordList | None = None
    reason: str = ""
    parts: tuple[str, ...] = ()
    note: str = ""

    def figure(self, month: Month, team: str = WHOLE_SERVICE) -> Figure | None:
        """Return the figure of a team or of the whole service."""
        return self.figures.get(self.measure.name, month, team)


@dataclass(frozen=True)
class WorklistContent:
    """All that a workbook of lists of children shows.

    `team` is the only one that is listed, or nothing; `quality` is None where the data quality list
    was not asked for.
    """

    month: Month
    team: str
    authority: str
    marking: str
    written: datetime
    program: str
    measures: tuple[ListedMeasure, ...]
    teams: Teams
    quality: tuple[QualityRow, ...] | None = None


def marking_of(definitions: Definitions) -> str:
    """Return the protective marking that lists of children carry."""
    return definitions.council.marking or USUAL_MARKING


def chosen_measures(
    asked: WorklistRequest, definitions: Definitions, layout: Layout
) -> Result[tuple[str, ...]]:
    """Return the keys of the measures that were asked for, or why there may be no lists of them.

    A measure is named by its key, or by a reference or title that means one measure only.
    """
    if not definitions.council.worklists:
        what = "the council's profile does not allow lists of children."
        return Result((), (Problem(catalogue.WORKLISTS_OFF, what, done="Nothing was written."),))
    names = MeasureNames(definitions, layout)
    chosen: dict[str, None] = {}
    problems: list[Problem] = []
    for name in asked.measures:
        measure = names.find(name)
        if measure is None:
            what = f'the measure "{name}" is not known. {names.hint(name)}'.strip()
            advice = "Correct the name; the layouts list them."
            problems.append(Problem(catalogue.UNKNOWN_MEASURE, what, advice=advice))
        elif not listed_measures(measure.name, definitions):
            what = f'"{measure.title}" comes as finished figures, without records.'
            problems.append(Problem(catalogue.NO_RECORDS_BEHIND, what))
        else:
            chosen[measure.name] = None
    return Result(tuple(chosen), tuple(problems))


@dataclass(frozen=True)
class _Counted:
    """The figures of the month that is listed, and where their records come from."""

    task: Task
    computed: Computed
    source: ListSource
    engine: Engine
    month: Month

    def taken(self, name: str) -> str:
        """Return the measure whose figures a measure has: its own, or those that it takes over."""
        replaced = {blank.measure for blank in self.computed.replaced if blank.month == self.month}
        while name in replaced:
            name = self.task.definitions.measures[name].otherwise
        return name

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the measures that have the records of a measure; nothing if it has its own."""
        taken = self.taken(name)
        parts = listed_measures(taken, self.task.definitions)
        return () if parts == (taken,) else parts

    def records(self, name: str) -> RecordList:
        """Return the records behind a measure that has its own."""
        lists = record_lists(self.taken(name), (self.month,), self.task, self.engine, self.source)
        return replace(lists[self.month], measure=name)


def collect(
    asked: WorklistRequest,
    chosen: Sequence[str],
    ready: ReadyMeasures,
    loaded: Loaded,
    problems: Sequence[Problem],
) -> Result[tuple[ListedMeasure, ...]]:
    """Return the measures with the records behind them, in the month that is reported on.

    What was met while reading says which cells could not be read. Raises Exhausted.
    """
    counted = _count(chosen, ready, loaded, problems)
    measures = tuple(_listed(name, counted, ready) for name in _with_parts(chosen, counted))
    met: list[Problem] = []
    if asked.team and any(one.records and one.records.has_teams for one in measures):
        team = _team_named(asked.team, measures, ready)
        if isinstance(team, Problem):
            return Result((), (*_nothing_to_list(measures, ready.month), team))
        measures = tuple(_of_team(one, team) for one in measures)
    elif asked.team:
        measures = tuple(_of_team(one, asked.team) for one in measures)
    met += _nothing_to_list(measures, ready.month)
    too_long = [one for one in measures if one.records and len(one.records.records) > MOST_LISTED]
    for one in too_long:
        what = f'"{one.measure.title}" has more than {MOST_LISTED:,} records.'
        met.append(Problem(catalogue.TOO_MANY, what, advice="List one team at a time."))
    return Result(measures, tuple(met))


def unjudged_rows(
    ready: ReadyMeasures, loaded: Loaded, problems: Sequence[Problem]
) -> tuple[QualityRow, ...]:
    """Return the data quality list: every row that was left out, and every cell that is missing.

    Those are missing without which a measure of the layout cannot judge a record of the month.
    Raises Exhausted.
    """
    definitions, coverage = ready.task.definitions, ready.task.coverage
    prepared = [
        ready.task.prepared[name]
        for name in definitions.with_parts(ready.layout.measures)
        if name in ready.task.prepared
    ]
    told = (Status.CALCULATED, Status.NOT_JUDGED)
    shown = [
        one.measure.name
        for one in prepared
        if one.has_doubts and coverage.of(one, ready.month).status in told
    ]
    counted = _Counted(ready.task, Computed(Figures(()), (), ()), _source(loaded, problems, {}),
                       ready.store, ready.month)  # fmt: skip
    lists = ((definitions.measures[name].title, counted.records(name)) for name in shown)
    return quality_rows(problems, loaded.extracts.numbered, lists)


def refusals(
    measures: Sequence[ListedMeasure], quality: Sequence[QualityRow] | None, path: Path
) -> tuple[Problem, ...]:
    """Return why there is nothing to write, or the warning that goes with a new file."""
    if quality is None and not any(one.records for one in measures):
        what = "none of the measures has records to list."
        return (Problem(catalogue.NOTHING_LISTED, what, done="Nothing was written."),)
    if path.exists() or not any(one.records for one in measures):
        return ()
    what = "the file holds identifiers of children."
    return (Problem(catalogue.LISTS_CHILDREN, what, Where(path.name)),)


def _source(
    loaded: Loaded, problems: Sequence[Problem], workers: Mapping[Month, Mapping[str, str]]
) -> ListSource:
    return ListSource(loaded.extracts.numbered, unreadable_cells(problems), workers)


def _count(
    chosen: Sequence[str], ready: ReadyMeasures, loaded: Loaded, problems: Sequence[Problem]
) -> _Counted:
    """Count the figures of the month as the board's are counted."""
    task = replace(ready.task, months=(ready.month,), asked=1, wanted=tuple(chosen))
    computed = compute_figures(task, ready.store)
    workers = workers_of((ready.month,), task.definitions, ready.store)
    return _Counted(task, computed, _source(loaded, problems, workers), ready.store, ready.month)


def _with_parts(chosen: Iterable[str], counted: _Counted) -> tuple[str, ...]:
    """Return the measures, each derived one before those that have its records."""
    names = (each for name in chosen for each in (name, *counted.parts(name)))
    return tuple(dict.fromkeys(names))


def _listed(name: str, counted: _Counted, ready: ReadyMeasures) -> ListedMeasure:
    """Return a measure with its records, or with the reason why there are none."""
    month = counted.month
    measure = counted.task.definitions.measures[name]
    figures = Figures(figure for figure in counted.computed.figures if figure.measure == name)
    figure = figures.get(name, month)
    assert figure is not None  # each measure that is counted has one
    if parts := counted.parts(name):
        return ListedMeasure(measure, figures, parts=parts)
    note = _note(name, figure, counted, ready)
    if figure.status is Status.SUPPLIED:
        return ListedMeasure(measure, figures, reason="The figure came finished, as a number.")
    if figure.value is None and figure.status not in (Status.NOT_JUDGED, Status.NO_DENOMINATOR):
        return ListedMeasure(measure, figures, reason=note)
    records = counted.records(name)
    for each in figures:
        _hold_against(each, records)
    return ListedMeasure(measure, figures, records, note=note)


def _hold_against(figure: Figure, records: RecordList) -> None:
    """Raise RuntimeError if records do not add up to the figure that they stand behind."""
    if figure.numerator is None or figure.status is Status.SUPPLIED:
        return  # too many of its records could not be judged, or nobody counted them
    tally = records.tally(figure.team)
    below = tally.denominator if figure.denominator is None else figure.denominator
    # The order in which the values of a mean are added changes the last digits of their sum.
    if tally.denominator != below or not isclose(tally.numerator, figure.numerator, abs_tol=1e-9):
        raise RuntimeError(f"the list of {figure.measure} does not add up to its figure")


def _note(name: str, figure: Figure, counted: _Counted, ready: ReadyMeasures) -> str:
    """Say why a figure is blank, or that another list gave it."""
    coverages = ready.task.coverage.datasets
    if figure.status is Status.BETWEEN_QUARTERS:
        return REASONS[figure.status]
    blanks = (*counted.computed.blanks, *counted.computed.replaced)
    for blank in blanks:
        if (blank.measure, blank.month) == (name, counted.month):
            text = blank_text(blank.finding, coverages, [counted.month])
            if figure.value is None:
                return text[:1].upper() + text[1:]
            other = counted.task.definitions.measures[counted.taken(name)]
            return f'Counted as "{other.title}", since {text}'
    return ""


def _nothing_to_list(measures: Iterable[ListedMeasure], month: Month) -> Iterator[Problem]:
    """Yield why there is no list of a measure."""
    for one in measures:
        if one.reason:
            what = f'"{one.measure.title}" has no list for {month.label}. {one.reason}'
            yield Problem(catalogue.NO_LIST, what)


def _team_named(
    name: str, measures: Iterable[ListedMeasure], ready: ReadyMeasures
) -> str | Problem:
    """Return the team that a name means among those that the records are of."""
    known = ready.task.definitions.known_teams
    teams = {team for one in measures if one.records for team in one.records.teams if team}
    meant = known.get(name).name
    for team in sorted(teams):
        if same_name(team) in (same_name(meant), same_name(name)):
            return team
    hint = did_you_mean(name, teams - {NO_TEAM})
    what = f'the team "{name}" has no records in {ready.month.label}. {hint}'.strip()
    return Problem(catalogue.UNKNOWN_LISTED_TEAM, what, done="Nothing was written.")


def _of_team(one: ListedMeasure, team: str) -> ListedMeasure:
    if one.records is None:
        return one
    if not one.records.has_teams:
        return replace(one, records=None, reason="Its records name no team.")
    own = tuple(record for record in one.records.records if record.team == team)
    return replace(one, records=replace(one.records, records=own))


def in_order(one: ListedMeasure, teams: Teams) -> RecordList | None:
    """Return a measure's records by team, in each the worst first."""
    if one.records is None:
        return None
    ordered = worst_first(one.records.records, one.measure.better, teams.sort_key)
    return replace(one.records, records=ordered)

"""Build the workbook of a request: the stages, from definitions to the file on disk.

Command line and window call `build`, `check`, `explain` and `worklist` and show what comes back.
The only place that reads the clock.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from workbook_builder.definitions.load_definitions import (
    only_parts_of,
    read_logo,
    without_profile,
)
from workbook_builder.excel.draw import draw
from workbook_builder.figures import ListFinding
from workbook_builder.history.previous_workbooks import recall_history
from workbook_builder.indicators.benchmarks import (
    find_benchmarks,
    published_populations,
    with_known_neighbours,
)
from workbook_builder.measures.count import ReadyMeasures, ready_to_count
from workbook_builder.measures.explain import Subject, explain_measure, with_numbers, with_published
from workbook_builder.measures.needed_lists import list_findings
from workbook_builder.measures.prepare import BoundMeasures, bind_measures
from workbook_builder.output import (
    Loss,
    OutputPath,
    backed_up,
    keep_backup,
    loss_at,
    output_path,
    worklist_path,
    write_output,
)
from workbook_builder.paths import program_version
from workbook_builder.plan_workbook import BuiltFrom, plan_workbook
from workbook_builder.problem_catalogue import NO_LISTS_ON_SPARK
from workbook_builder.problems import Problem, Result, has_errors
from workbook_builder.record_sources import AnySource, Loaded, sort_request, source_of
from workbook_builder.request import (
    Explained,
    OnProgress,
    Outcome,
    ProgressReporter,
    Request,
    Step,
    WorklistRequest,
)
from workbook_builder.sheets.plan import Plan
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import StoreError
from workbook_builder.suppression.apply_suppression import (
    apply_suppression,
    with_limit,
    withheld_words,
)
from workbook_builder.worklists.collect import (
    WorklistContent,
    chosen_measures,
    collect,
    marking_of,
    refusals,
    unjudged_rows,
)
from workbook_builder.worklists.plan import plan_worklist
from workbook_builder.workspace import Workspace
from workbook_builder.write_slides import DeckRequest, no_deck_asked, write_slides

T = TypeVar("T")


def build(request: Request, on_progress: OnProgress, source: AnySource = None) -> Outcome:
    """Build a workbook. Errors, all of them collected, mean that nothing was written.

    The records are those of the inputs, or of another source. Files in a file cache, as looking at
    them put them there, are not read again.
    """
    with Workspace(source) as workspace:
        prepared = prepare(request, on_progress, workspace)
    return write_prepared(prepared, on_progress)


def check(request: Request, on_progress: OnProgress, source: AnySource = None) -> Outcome:
    """Do everything that building does, but write nothing."""
    with Workspace(source) as workspace:
        return _prepare(_Run(request, workspace, on_progress), write=False).outcome


@dataclass(frozen=True)
class PreparedWorkbook:
    """A workbook before it is drawn: what came of the request so far, and what it is made of.

    Without `built`, because of errors, there is nothing to draw; without `place` nothing is to be
    written. `loss` is what would go with the file that lies there. `lists` say which lists leave
    figures blank, None if nothing was counted.
    """

    request: Request
    outcome: Outcome
    built: BuiltFrom | None = None
    place: OutputPath | None = None
    loss: Loss | None = None
    lists: tuple[ListFinding, ...] | None = None


def prepare(request: Request, on_progress: OnProgress, workspace: Workspace) -> PreparedWorkbook:
    """Do everything of a build but drawing and writing; `write_prepared` does the rest."""
    return _prepare(_Run(request, workspace, on_progress), write=True)


def plan_of(prepared: PreparedWorkbook) -> Plan | None:
    """Return the plan of a workbook that was prepared, without the sheets that only Excel shows.

    It has the time of now where none was given. None where errors left nothing to show.
    """
    return plan_workbook(_dated(prepared.built), whole=False) if prepared.built else None


def write_prepared(prepared: PreparedWorkbook, on_progress: OnProgress) -> Outcome:
    """Draw and write a workbook that was prepared; what stands in its place is not looked at again.

    A file whose figures would be lost is only replaced if the request says so, and a backup of it
    is kept. Return the outcome of the whole build.
    """
    place, outcome, request = prepared.place, prepared.outcome, prepared.request
    if (built := prepared.built) is None or place is None:
        return outcome
    if prepared.loss and not request.replace_fuller:
        return replace(outcome, problems=(*outcome.problems, prepared.loss.refusal()))
    progress = ProgressReporter(on_progress, request.inputs)
    progress.at("Laying out the sheets", Step.SHEETS)
    plan = plan_workbook(_dated(built))
    content = draw(plan, progress.drawn)
    progress.at("Writing the workbook", Step.WRITING)
    written = _replace(prepared.loss, request, place, content)
    problems = (*outcome.problems, *written.problems)
    if written.value is None:
        return replace(outcome, problems=problems)
    slides: Result[Path | None] = Result(None)
    if request.slides:
        progress.at("Writing the slides", Step.WRITING)
        measures = built.measures
        decks = built.loaded.inputs.decks
        slides = write_slides(
            DeckRequest(request.slides, plan, written.value, decks),
            measures.layout, measures.definitions,
        )  # fmt: skip
    elif built.loaded.inputs.decks:
        slides = Result(None, (no_deck_asked(built.loaded.inputs.decks),))
    progress.at("Done", Step.DONE)
    problems = (*problems, *slides.problems)
    return replace(outcome, written=written.value, slides=slides.value, problems=problems,
                   brief=plan.brief)  # fmt: skip


def _replace(
    loss: Loss | None, request: Request, place: OutputPath, content: bytes
) -> Result[Path | None]:
    """Write the workbook, after a backup of a file whose figures would be lost."""
    if loss is None:
        return write_output(request, place, content)
    kept = keep_backup(loss.path)
    if kept.value is None:
        return kept
    written = write_output(request, place, content)
    if written.value != loss.path:  # it lies where it was
        kept.value.unlink(missing_ok=True)
        return written
    return Result(written.value, (*written.problems, backed_up(loss, kept.value)))


def time_stamp() -> datetime:
    """Return the time of now, or the one that SOURCE_DATE_EPOCH says, to the second."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch)) if epoch.isdecimal() else datetime.now()
    return now.replace(microsecond=0)


class _Stopped(Exception):
    """An error ended the run; the collected problems say which."""


class _Run:
    """What every stage needs: the request, the workspace, the progress and the problems."""

    def __init__(self, request: Request, workspace: Workspace, on_progress: OnProgress) -> None:
        self.request = request
        self.workspace = workspace
        self.progress = ProgressReporter(on_progress, request.inputs)
        self.problems: list[Problem] = []

    def stop_on_errors(self) -> None:
        """Stop the run if one of the problems met so far is an error."""
        if has_errors(self.problems):
            raise _Stopped

    def keep(self, result: Result[T]) -> T:
        """Return the value of a result and keep its problems; the run goes on."""
        self.problems += result.problems
        return result.value

    def need(self, result: Result[T | None]) -> T:
        """Return the value of a result; the run stops where its problems say it is missing."""
        if (value := self.keep(result)) is None:
            raise _Stopped
        return value


def _prepare(run: _Run, *, write: bool) -> PreparedWorkbook:
    request, progress = run.request, run.progress
    outcome = Outcome((), month=request.month)
    built, place, loss = None, None, None
    lists: tuple[ListFinding, ...] | None = None
    try:
        measures = _load_definitions(run)
        definitions, layout = measures.definitions, measures.layout
        loaded = _read(run, measures)
        outcome = replace(outcome, sheets=loaded.sheets)
        run.stop_on_errors()
        statistics = with_known_neighbours(loaded.extracts.statistics, definitions, layout)
        benchmarks = run.keep(find_benchmarks(definitions, layout, statistics))
        ready = _make_ready(run, measures, loaded)
        outcome = replace(outcome, month=ready.month)
        if write:
            place = run.keep(output_path(request, layout, ready.month, loaded.inputs, definitions))
        run.stop_on_errors()
        existing = place.existing if place else None
        history = run.keep(recall_history(loaded.inputs, existing, layout, ready.month))
        run.stop_on_errors()
        computed = ready.figures(progress.counted)
        reconciled = run.keep(
            history.reconcile(computed, ready.task, request.recalculate, layout.revisions)
        )
        run.problems += ready.problems(reconciled.computed)
        task = ready.task
        lists = list_findings(reconciled.computed, task.coverage.datasets, task.asked_months)
        run.stop_on_errors()
        reconciled = apply_suppression(reconciled, layout.suppress_under, definitions)
        typed = ready.typed(request.typed)
        commentary = run.keep(history.commentary(ready.commentary(), typed, layout, ready.month))
        logo = run.keep(read_logo(layout, definitions))
        caseloads = run.keep(ready.caseloads())
        run.problems += without_profile(definitions, layout)
        effective = run.keep(history.effective(definitions, layout, benchmarks))
        built = BuiltFrom(
            request, measures, loaded, ready.task.months, history, effective, reconciled,
            commentary, caseloads, logo, request.written or time_stamp(), tuple(run.problems),
            ready.delivery_facts,
        )  # fmt: skip
        outcome = replace(outcome, figures=reconciled.computed.figures, asked=ready.task.asked,
                          measures=frozenset(layout.measures),
                          revisions=reconciled.revisions)  # fmt: skip
        loss = loss_at(place, layout, outcome.figures) if place else None
    except StoreError as fault:
        run.problems.append(fault.problem)
    except _Stopped:
        pass
    outcome = replace(outcome, problems=tuple(run.problems))
    return PreparedWorkbook(request, outcome, built, place, loss, lists)


def explain(request: Request, measure: str, on_progress: OnProgress) -> Explained:
    """Explain a measure; with inputs also how its figures came about. Nothing is written."""
    source = source_of(request)
    run = _Run(request, Workspace(source), on_progress)
    outcome = Explained((), month=request.month)
    try:
        every = _load_definitions(run)
        definitions, layout = every.definitions, every.layout
        measures = bind_measures(run.need(only_parts_of(measure, definitions)), layout)
        with DuckDBStore(definitions.datasets) as store:
            run.problems += measures.problems(store)
            run.stop_on_errors()
            subject = Subject(definitions, measures.prepared, layout, request.month)
            withheld = withheld_words(layout, request)
            if withheld or not request.inputs:
                outcome = replace(outcome, explanation=explain_measure(measure, subject))
                return replace(outcome, problems=tuple(run.problems), withheld=withheld)
            inputs = run.keep(sort_request(request, definitions, run.progress.reading))
            loaded = run.keep(source.load(inputs, definitions, store, run.progress.reading))
            outcome = replace(outcome, sheets=loaded.sheets)
            run.stop_on_errors()
            ready = _make_ready(run, replace(measures, definitions=definitions), loaded)
            outcome = replace(outcome, month=ready.month)
            explanation = explain_measure(measure, replace(subject, month=ready.month))
            explanation = with_numbers(explanation, ready.task, store)
        history = run.keep(recall_history(inputs, None, layout, ready.month))
        run.stop_on_errors()
        if history.memory:
            explanation = with_published(explanation, history.memory)
        outcome = replace(outcome, explanation=explanation)
    except StoreError as fault:
        run.problems.append(fault.problem)
    except _Stopped:
        pass
    return replace(outcome, problems=tuple(run.problems))


def _dated(built: BuiltFrom) -> BuiltFrom:
    """Return the parts of a workbook with the time of now, unless the request has another."""
    return replace(built, written=built.request.written or time_stamp())


def worklist(
    request: Request,
    asked: WorklistRequest,
    on_progress: OnProgress,
    source: AnySource | Workspace = None,
) -> Outcome:
    """Write a workbook of the children behind figures, apart from the board's.

    It needs the leave of the council's profile. Errors mean that nothing was written. What a
    workspace keeps is not read again.
    """
    if isinstance(source, Workspace):
        return _worklist(_Run(request, source, on_progress), asked)
    with Workspace(source) as workspace:
        return _worklist(_Run(request, workspace, on_progress), asked)


def _worklist(run: _Run, asked: WorklistRequest) -> Outcome:
    request = run.request
    outcome = Outcome((), month=request.month)
    try:
        measures = _load_definitions(run)
        definitions, layout = measures.definitions, measures.layout
        chosen = run.keep(chosen_measures(asked, definitions, layout))
        run.stop_on_errors()
        loaded = _read(run, measures)
        outcome = replace(outcome, sheets=loaded.sheets)
        if not isinstance(loaded.engine, DuckDBStore):
            what = "tables do not say which file a record came from."
            run.problems.append(Problem(NO_LISTS_ON_SPARK, what))
        run.stop_on_errors()
        ready = _make_ready(run, measures, loaded)
        outcome = replace(outcome, month=ready.month)
        marking = marking_of(definitions)
        place = run.keep(worklist_path(request, ready.month, marking, loaded.inputs))
        run.stop_on_errors()
        met = tuple(run.problems)
        listed = run.keep(collect(asked, chosen, ready, loaded, met))
        quality = unjudged_rows(ready, loaded, met) if asked.data_quality else None
        run.problems += refusals(listed, quality, place.path)
        run.stop_on_errors()
        run.progress.at("Laying out the sheets", Step.SHEETS)
        content = WorklistContent(
            ready.month, asked.team, definitions.council.authority or layout.authority, marking,
            request.written or time_stamp(), f"Workbook Builder {program_version()}", listed,
            definitions.known_teams, quality,
        )  # fmt: skip
        workbook = draw(plan_worklist(content), run.progress.drawn)
        run.progress.at("Writing the workbook", Step.WRITING)
        outcome = replace(outcome, written=run.need(write_output(request, place, workbook)))
        run.progress.at("Done", Step.DONE)
    except StoreError as fault:
        run.problems.append(fault.problem)
    except _Stopped:
        pass
    return replace(outcome, problems=tuple(run.problems))


# --- Stages --------------------------------------------------------------------------------------


def _load_definitions(run: _Run) -> BoundMeasures:
    """Load all definitions and the layout that was asked for, the SQL of its measures bound."""
    run.progress.at("Reading the layouts", Step.DEFINITIONS)
    measures = run.need(run.workspace.measures(run.request))
    layout = run.keep(with_limit(measures.layout, run.request.suppress_under))
    run.stop_on_errors()
    return replace(measures, bound_for=layout)


def _read(run: _Run, measures: BoundMeasures) -> Loaded:
    """Read the inputs and load their records."""
    return run.need(run.workspace.records(run.request, measures, run.progress.reading))


def _make_ready(run: _Run, measures: BoundMeasures, loaded: Loaded) -> ReadyMeasures:
    """Make the measures ready to be counted, for the months up to the reporting month."""
    run.progress.at("Counting", Step.COUNTING)
    definitions, layout = measures.definitions, measures.layout
    statistics = loaded.extracts.statistics
    populations = published_populations(definitions, layout, statistics)
    coverages = loaded.coverages(run.request.covers)
    ready = ready_to_count(measures, coverages, run.request.month, populations, loaded.engine)
    run.problems += [problem for problem in ready.problems if problem not in run.problems]
    if ready.value is None:
        raise _Stopped
    return ready.value

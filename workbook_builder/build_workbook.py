"""Build the workbook of a request: the stages, from definitions to the file on disk.

Command line and window call `build`, `check` and `explain` and show what comes back. The only
place that reads the clock.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import (
    known_definitions,
    layout_named,
    only_parts_of,
    read_logo,
)
from workbook_builder.excel.draw import draw
from workbook_builder.extracts.read_extracts import ReadFiles
from workbook_builder.history.previous_workbooks import History, SortedInputs, recall_history
from workbook_builder.history.reconcile_published_figures import Reconciled
from workbook_builder.indicators.benchmarks import find_benchmarks as benchmarks_from
from workbook_builder.indicators.benchmarks import published_populations
from workbook_builder.measures.count import ReadyMeasures, delivery_facts, ready_to_count
from workbook_builder.measures.explain import Subject, explain_measure, with_numbers, with_published
from workbook_builder.measures.prepare import (
    BoundMeasures,
    bind_measures,
    prepare_measures,
    validate_in_background,
)
from workbook_builder.measures.query import Prepared
from workbook_builder.measures.reporting_month import reporting_month
from workbook_builder.output import output_path, write_output
from workbook_builder.plan_workbook import BuiltFrom, plan_workbook
from workbook_builder.problem_catalogue import EMPTY_WORKBOOK
from workbook_builder.problems import Problem, Result, has_errors
from workbook_builder.record_sources import Loaded, RecordSource, sort_request, source_of
from workbook_builder.request import Explained, OnProgress, Outcome, ProgressReporter, Request, Step
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import StoreError
from workbook_builder.suppression.apply_suppression import (
    apply_suppression,
    with_limit,
    withheld_words,
)

T = TypeVar("T")


def build(
    request: Request, on_progress: OnProgress, source: RecordSource | ReadFiles | None = None
) -> Outcome:
    """Build a workbook. Errors, all of them collected, mean that nothing was written.

    The records are those of the inputs, or of another source. Files in a file cache, as looking at
    them put them there, are not read again.
    """
    return _build(request, on_progress, source, write=True)


def check(request: Request, on_progress: OnProgress, source: RecordSource | None = None) -> Outcome:
    """Do everything that building does, but write nothing."""
    return _build(request, on_progress, source, write=False)


def time_stamp() -> datetime:
    """Return the time of now, or the one that SOURCE_DATE_EPOCH says, to the second."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch)) if epoch.isdecimal() else datetime.now()
    return now.replace(microsecond=0)


class _Stopped(Exception):
    """An error ended the run; the collected problems say which."""


class _Problems:
    """The problems met so far, of all stages."""

    def __init__(self) -> None:
        self.collected: list[Problem] = []

    def stop_on_errors(self) -> None:
        """Stop the run if one of the problems collected is an error."""
        if has_errors(self.collected):
            raise _Stopped

    def keep(self, result: Result[T]) -> T:
        """Return the value of a result and keep its problems; the run goes on."""
        self.collected += result.problems
        return result.value

    def need(self, result: Result[T | None]) -> T:
        """Return the value of a result; the run stops where its problems say it is missing."""
        if (value := self.keep(result)) is None:
            raise _Stopped
        return value


def _build(
    request: Request,
    on_progress: OnProgress,
    source: RecordSource | ReadFiles | None,
    *,
    write: bool,
) -> Outcome:
    problems, progress = _Problems(), ProgressReporter(on_progress, request.inputs)
    outcome = Outcome((), month=request.month)
    try:
        source = source_of(request, source)
        definitions, layout = _definitions(request, source, problems, progress)
        with DuckDBStore(definitions.datasets) as store:
            measures = bind_measures(definitions, layout)
            inputs, loaded = _read(request, source, measures, store, problems, progress)
            outcome = replace(outcome, sheets=(*loaded.extracts.sheets, *inputs.sheets))
            problems.stop_on_errors()
            statistics = loaded.extracts.statistics
            benchmarks = problems.keep(benchmarks_from(definitions, layout, statistics))
            count = _count(
                request, definitions, layout, measures.prepared, loaded, problems, progress
            )
            outcome = replace(outcome, month=count.month)
            place = None
            if write:
                place = problems.keep(
                    output_path(request, layout, count.month, inputs, definitions)
                )
            problems.stop_on_errors()
            recalled = problems.keep(
                recall_history(inputs, place.existing if place else None, layout, count.month)
            )
            problems.stop_on_errors()
            reconciled = _figures(request, count, recalled, problems, progress)
            commentary = problems.keep(recalled.commentary(count.commentary(), layout, count.month))
            logo = problems.keep(read_logo(layout, definitions))
            caseloads = problems.keep(count.caseloads())
        effective = problems.keep(recalled.effective(definitions, layout, benchmarks))
        if place:
            progress.at("Laying out the sheets", Step.SHEETS)
            plan = plan_workbook(
                BuiltFrom(
                    request,
                    definitions,
                    layout,
                    count.task.months,
                    loaded.extracts.files,
                    outcome.sheets,
                    recalled,
                    effective,
                    reconciled,
                    commentary,
                    caseloads,
                    logo,
                    request.written or time_stamp(),
                    tuple(problems.collected),
                    delivery_facts(count.task.coverage.datasets.values()),
                )
            )
            content = draw(plan, progress.drawn)
            progress.at("Writing the workbook", Step.WRITING)
            outcome = replace(outcome, written=problems.need(write_output(request, place, content)))
            progress.at("Done", Step.DONE)
        outcome = replace(
            outcome,
            figures=reconciled.computed.figures,
            asked=count.task.asked,
            revisions=reconciled.revisions,
        )
    except StoreError as fault:
        problems.collected.append(fault.problem)
    except _Stopped:
        pass
    return replace(outcome, problems=tuple(problems.collected))


def explain(request: Request, measure: str, on_progress: OnProgress) -> Explained:
    """Explain a measure; with inputs also how its figures came about. Nothing is written."""
    problems, progress = _Problems(), ProgressReporter(on_progress, request.inputs)
    outcome = Explained((), month=request.month)
    try:
        source = source_of(request)
        definitions, layout = _definitions(request, source, problems, progress)
        parts = problems.need(only_parts_of(measure, definitions))
        with DuckDBStore(definitions.datasets) as store:
            prepared = problems.keep(prepare_measures(parts, store, layout))
            problems.stop_on_errors()
            subject = Subject(definitions, prepared, layout, request.month)
            withheld = withheld_words(layout, request)
            if withheld or not request.inputs:
                explanation = explain_measure(measure, subject)
                return replace(
                    outcome,
                    problems=tuple(problems.collected),
                    explanation=explanation,
                    withheld=withheld,
                )
            inputs = problems.keep(sort_request(request, definitions, progress.reading))
            loaded = problems.keep(source.load(inputs, definitions, store, progress.reading))
            outcome = replace(outcome, sheets=(*loaded.extracts.sheets, *inputs.sheets))
            problems.stop_on_errors()
            count = _count(request, definitions, layout, prepared, loaded, problems, progress)
            outcome = replace(outcome, month=count.month)
            explanation = explain_measure(measure, replace(subject, month=count.month))
            explanation = with_numbers(explanation, count.task, store)
        recalled = problems.keep(recall_history(inputs, None, layout, count.month))
        problems.stop_on_errors()
        if recalled.memory:
            explanation = with_published(explanation, recalled.memory)
        outcome = replace(outcome, explanation=explanation)
    except StoreError as fault:
        problems.collected.append(fault.problem)
    except _Stopped:
        pass
    return replace(outcome, problems=tuple(problems.collected))


# --- Stages --------------------------------------------------------------------------------------


def _definitions(
    request: Request, source: RecordSource, problems: _Problems, progress: ProgressReporter
) -> tuple[Definitions, Layout]:
    """Load all definitions and the layout that was asked for."""
    progress.at("Reading the layouts", Step.DEFINITIONS)
    definitions = problems.keep(known_definitions(request.layout))
    named = layout_named(str(request.layout), definitions)
    if named.value is None and has_errors(problems.collected):
        raise _Stopped  # what is wrong with the layout has been said
    layout = problems.keep(with_limit(problems.need(named), request.suppress_under))
    problems.stop_on_errors()
    return source.adjusted(definitions, layout)


def _read(
    request: Request,
    source: RecordSource,
    measures: BoundMeasures,
    store: DuckDBStore,
    problems: _Problems,
    progress: ProgressReporter,
) -> tuple[SortedInputs, Loaded]:
    """Read the inputs into the store while the SQL of the measures is tried out beside it.

    What is at fault in a measure comes first; then nothing is said of the inputs.
    """
    if measures.is_faulty:
        problems.collected += measures.problems(store)
        raise _Stopped
    reading = _Problems()
    with validate_in_background(measures, store.trial()) as validation:

        def on_file(name: str) -> None:
            if validation.has_failed:
                raise _Stopped
            progress.reading(name)

        try:
            inputs = reading.keep(sort_request(request, measures.definitions, on_file))
            loaded = reading.keep(source.load(inputs, measures.definitions, store, on_file))
        finally:
            problems.collected += validation.problems()
            problems.stop_on_errors()
            problems.collected += reading.collected
    return inputs, loaded


def _count(
    request: Request,
    definitions: Definitions,
    layout: Layout,
    prepared: Mapping[str, Prepared],
    loaded: Loaded,
    problems: _Problems,
    progress: ProgressReporter,
) -> ReadyMeasures:
    """Make the measures ready to be counted, for the months up to the reporting month."""
    progress.at("Counting", Step.COUNTING)
    coverages = loaded.coverages()
    month = problems.need(reporting_month(request.month, coverages))
    published = published_populations(definitions, layout, loaded.extracts.statistics)
    problems.collected += [one for one in published.problems if one not in problems.collected]
    return problems.keep(
        ready_to_count(
            definitions, layout, prepared, coverages, month, published.value, loaded.engine
        )
    )


def _figures(
    request: Request,
    count: ReadyMeasures,
    recalled: History,
    problems: _Problems,
    progress: ProgressReporter,
) -> Reconciled:
    """ReadyMeasures all figures, reconcile them with those published, and hide the small ones."""
    computed = count.figures(progress.counted)
    reconciled = problems.keep(
        recalled.reconcile(computed, count.task, request.recalculate, count.layout.revisions)
    )
    problems.collected += count.problems(reconciled.computed)
    if all(figure.value is None for figure in reconciled.computed.figures):
        what = f"no figure can be computed for the months up to {count.month.label}."
        problems.collected.append(Problem(EMPTY_WORKBOOK, what))
        raise _Stopped
    return apply_suppression(reconciled, count.layout.suppress_under, count.task.definitions)

"""The one use case: inputs and wishes in, a workbook on disk and an outcome out.

Command line and window call this and show what comes back. The only place that reads the clock.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.atomic_write import write_workbook
from workbook_builder.commentary import Commentary
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import (
    known_definitions,
    layout_named,
    only_parts_of,
    read_logo,
)
from workbook_builder.definitions.month_ranges import asked_months, span
from workbook_builder.excel.draw import draw
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.inputs import Reading
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.read_extracts import ReadFiles
from workbook_builder.figures import Caseloads, Figures
from workbook_builder.history.previous_workbooks import (
    Recalled,
    SortedInputs,
    left_out_problems,
    recall,
    revision_problems,
    sheets_of,
    sort_inputs,
    unknown_measures,
    words_without_row,
)
from workbook_builder.history.reconcile import Reconciled, reconcile
from workbook_builder.history.user_overrides import EffectiveDefinitions, effective_definitions
from workbook_builder.indicators.benchmarks import BenchmarkValues, populations_of
from workbook_builder.indicators.benchmarks import held as benchmarks_held
from workbook_builder.measures import explain as explain_module
from workbook_builder.measures.blank_reasons import blank_problems, exclusion_problems
from workbook_builder.measures.caseloads import caseloads_of
from workbook_builder.measures.compute import (
    Task,
    compute_figures,
    read_populations,
    with_published,
)
from workbook_builder.measures.covered_months import Coverage, DatasetCoverage, usual_last_month
from workbook_builder.measures.explain import Explanation, Subject, explained, with_numbers
from workbook_builder.measures.finished_figures import read_commentary, supplied_figures
from workbook_builder.measures.prepare import (
    Bound,
    Trying,
    bound_measures,
    prepared_measures,
    trying,
)
from workbook_builder.measures.query import Prepared
from workbook_builder.months import Month, months_ending
from workbook_builder.output_path import OutputPath, output_place
from workbook_builder.paths import program_version
from workbook_builder.problem_catalogue import EMPTY_WORKBOOK
from workbook_builder.problems import Problem, Result, has_errors
from workbook_builder.provenance import BuildDetails, findings_of, origins_of
from workbook_builder.record_sources import FromFiles, Loaded, RecordSource
from workbook_builder.request import Explained, OnProgress, Outcome, Progress, Request, Step
from workbook_builder.sheets.compose import Origins, Stamp, compose
from workbook_builder.sheets.plan import Plan
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import Engine, EngineFailed, Exhausted
from workbook_builder.suppression.apply_suppression import (
    apply_suppression,
    with_limit,
    withheld_words,
)


class Steps:
    """Tells whoever watches a run how far it has come."""

    def __init__(self, on_progress: OnProgress, inputs: Sequence[Path]) -> None:
        self._on_progress = on_progress
        self._reading = Reading(inputs)

    def at(self, doing: str, step: Step, share: float = 0.0) -> None:
        """Tell what is being done, and what share of its step is done."""
        self._on_progress(Progress.at(doing, step, share))

    def reading(self, name: str) -> None:
        """Tell that a file is read next."""
        self.at(f"Reading {name}", Step.READING, self._reading.before(name))

    def counted(self, share: float) -> None:
        """Tell the share of the measures that is counted."""
        self.at("Counting", Step.COUNTING, share)

    def drawn(self, share: float) -> None:
        """Tell the share of the sheets that is drawn."""
        self.at("Laying out the sheets", Step.SHEETS, share)


T = TypeVar("T")


def build(
    request: Request, on_progress: OnProgress, source: RecordSource | ReadFiles | None = None
) -> Outcome:
    """Build a workbook. Errors, all of them collected, mean that nothing was written.

    The records are those of the inputs, or of another source. Files in a cache, as looking at them
    put them there, are not read again.
    """
    return _Run(request, on_progress, source).build(write=True)


def check(request: Request, on_progress: OnProgress, source: RecordSource | None = None) -> Outcome:
    """Do everything that building does, but write nothing."""
    return _Run(request, on_progress, source).build(write=False)


def explain(request: Request, measure: str, on_progress: OnProgress) -> Explained:
    """Explain a measure; with inputs also how its figures came about. Nothing is written."""
    return _Run(request, on_progress).explain(measure)


def time_stamp() -> datetime:
    """Return the time of now, or the one that SOURCE_DATE_EPOCH says, to the second."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(said)) if said.isdecimal() else datetime.now()
    return now.replace(microsecond=0)


class _Stopped(Exception):
    """An error that ends the run; the problems say which."""


@dataclass(frozen=True)
class _Content:
    """What a workbook is made of."""

    values: EffectiveDefinitions
    figures: Figures
    months: tuple[Month, ...]
    commentary: Commentary
    logo: bytes
    origins: Origins
    caseloads: tuple[Caseloads, ...] = ()


class _Run:
    """One request on its way to an outcome, with the problems met so far."""

    def __init__(
        self,
        request: Request,
        on_progress: OnProgress,
        source: RecordSource | ReadFiles | None = None,
    ) -> None:
        self.request = request
        self.steps = Steps(on_progress, request.inputs)
        if source is None or isinstance(source, FileCache):
            source = FromFiles(request, source or FileCache(keeps=False), self._reading)
        self.source: RecordSource = source
        self.problems: list[Problem] = []
        self.sheets: tuple[Sheet, ...] = ()
        self.month = request.month
        self.written = request.written or time_stamp()
        self.benchmarks: BenchmarkValues | None = None
        self.withheld = ""
        self.trying: Trying | None = None

    def build(self, *, write: bool) -> Outcome:
        try:
            return self._built(write=write)
        except Exhausted as fault:
            self._add(Problem(catalogue.EXHAUSTED, str(fault)))
        except EngineFailed as fault:
            self._add(Problem(catalogue.SPARK_FAILED, str(fault)))
        except _Stopped:
            pass
        return Outcome(tuple(self.problems), None, self.month, self.sheets)

    def explain(self, name: str) -> Explained:
        explanation: Explanation | None = None
        try:
            explanation = self._explained(name)
        except Exhausted as fault:
            self._add(Problem(catalogue.EXHAUSTED, str(fault)))
        except _Stopped:
            pass
        return Explained(tuple(self.problems), None, self.month, self.sheets,
                         explanation=explanation, withheld=self.withheld)  # fmt: skip

    def _explained(self, name: str) -> Explanation:
        definitions, layout = self._defined()
        parts = self._sure(self._kept(only_parts_of(name, definitions)))
        with DuckDBStore(definitions.datasets) as engine:
            prepared = self._kept(prepared_measures(parts, engine, layout))
            self._stop_on_errors()
            subject = Subject(definitions, prepared, layout, self.month)
            self.withheld = withheld_words(layout, self.request)
            if self.withheld or not self.request.inputs:
                return explained(name, subject)
            given = self._given(definitions)
            loaded = self._loaded(given, definitions, engine)
            task = self._task(layout, definitions, prepared, loaded)
            explanation = explained(name, replace(subject, month=self.month))
            explanation = with_numbers(explanation, task, engine)
        memory = self._recalled(given, None, layout, task.months[-1]).memory
        return explain_module.with_published(explanation, memory) if memory else explanation

    def _defined(self) -> tuple[Definitions, Layout]:
        self.steps.at("Reading the layouts", Step.DEFINITIONS)
        definitions = self._kept(known_definitions(self.request.layout))
        layout = self._kept(with_limit(self._layout(definitions), self.request.suppress_under))
        self._stop_on_errors()
        return self.source.adjusted(definitions, layout)

    def _built(self, *, write: bool) -> Outcome:
        definitions, layout = self._defined()
        with DuckDBStore(definitions.datasets) as own:
            measures = bound_measures(definitions, layout)
            given, loaded = self._read_while_tried(measures, definitions, own)
            statistics, engine = loaded.extracts.statistics, loaded.engine
            self.benchmarks = self._kept(benchmarks_held(definitions, layout, statistics))
            task = self._task(layout, definitions, measures.prepared, loaded)
            month = task.months[-1]
            place = self._place(layout, given, task) if write else None
            recalled = self._recalled(given, place, layout, month)
            found = self._figures(task, engine, recalled, layout)
            settled = apply_suppression(found, layout.suppress_under, definitions)
            commentary = self._commentary(
                read_commentary(engine, definitions, layout, month), recalled, layout, month
            )
            logo = self._kept(read_logo(layout, definitions))
            caseloads = self._kept(caseloads_of(definitions, layout, task.coverage, engine))
        figures = settled.computed.figures
        values = effective_definitions(definitions, layout, self.benchmarks, recalled.pasts)
        self.problems += values.problems
        self.benchmarks = values.held
        out = None
        if place:
            made = BuildDetails(layout, definitions, month, self._stamp(), self.request)
            files = loaded.extracts.files
            origins = origins_of(made, files, recalled, values, settled, self.sheets, self.problems)
            content = _Content(values, figures, task.months, commentary, logo, origins, caseloads)
            out = self._write(content, place)
        problems, revisions = tuple(self.problems), settled.revisions
        return Outcome(problems, out, month, self.sheets, figures, task.asked, revisions)

    def _layout(self, definitions: Definitions) -> Layout:
        named = layout_named(str(self.request.layout), definitions)
        if named.value is None and not has_errors(self.problems):
            self.problems += named.problems
        return self._sure(named.value)

    def _given(self, definitions: Definitions) -> SortedInputs:
        """Sort the inputs into extracts and earlier workbooks."""
        request, measures = self.request, definitions.measures
        given = self._kept(sort_inputs(request.inputs, request.previous, measures, self._reading))
        if request.recalculate:
            self.problems += unknown_measures(request.recalculate, measures)
        return given

    def _read_while_tried(
        self, measures: Bound, definitions: Definitions, own: DuckDBStore
    ) -> tuple[SortedInputs, Loaded]:
        """Read the records while the measures are tried out; what is at fault there goes first."""
        if measures.is_faulty:
            self.problems += measures.problems(own)
            raise _Stopped
        before, self.problems = self.problems, []
        with trying(measures, own.trial()) as self.trying:
            try:
                given = self._given(definitions)
                return given, self._loaded(given, definitions, own)
            finally:
                faults = self.trying.problems()
                self.problems = [*before, *faults, *self.problems]
                if has_errors(faults):
                    self.problems, self.sheets = [*before, *faults], ()
                    raise _Stopped

    def _reading(self, name: str) -> None:
        """Hear that a file is read next, which is of no use if the measures are at fault."""
        if self.trying and self.trying.has_failed:
            raise _Stopped
        self.steps.reading(name)

    def _loaded(self, given: SortedInputs, definitions: Definitions, own: DuckDBStore) -> Loaded:
        loaded = self._kept(self.source.load(given.extracts, definitions, own))
        self.sheets = (*loaded.extracts.sheets, *sheets_of(given))
        self._stop_on_errors()
        return loaded

    def _task(
        self,
        layout: Layout,
        definitions: Definitions,
        prepared: Mapping[str, Prepared],
        loaded: Loaded,
    ) -> Task:
        self.steps.at("Counting", Step.COUNTING)
        coverages, engine = loaded.coverages(), loaded.engine
        month = self._reporting_month(coverages.values())
        self.month = month
        published = populations_of(definitions, layout, loaded.extracts.statistics)
        self.problems += [one for one in published.problems if one not in self.problems]
        return Task(
            definitions=definitions,
            prepared=prepared,
            coverage=Coverage(coverages, month),
            populations=self._kept(with_published(read_populations(engine), published.value)),
            supplied=self._kept(supplied_figures(engine, definitions, layout)),
            months=months_ending(month, span(layout, definitions)),
            wanted=layout.measures,
            asked=max(asked_months(table, layout) for table in layout.tables),
        )

    def _place(self, layout: Layout, given: SortedInputs, task: Task) -> OutputPath:
        month = task.months[-1]
        name = layout.file_name.replace("{month}", month.label)
        measures = task.definitions.measures
        place = self._kept(output_place(self.request, name, month, given, measures))
        self._stop_on_errors()
        return place

    def _recalled(
        self, given: SortedInputs, place: OutputPath | None, layout: Layout, month: Month
    ) -> Recalled:
        """Recall what earlier workbooks know."""
        recalled = self._kept(recall(given, place.existing if place else None, layout, month))
        self._stop_on_errors()
        return recalled

    def _commentary(
        self, given: Result[Commentary], recalled: Recalled, layout: Layout, month: Month
    ) -> Commentary:
        commentary = recalled.commentary(self._kept(given), month)
        self.problems += words_without_row(commentary, layout, month)
        return commentary

    def _figures(
        self, task: Task, engine: Engine, recalled: Recalled, layout: Layout
    ) -> Reconciled:
        computed = compute_figures(task, engine, self.steps.counted)
        settled = Reconciled(computed)
        if recalled.memory:
            renewed = self.request.recalculate
            settled = reconcile(computed, recalled.memory, task, renewed, layout.revisions)
        self.problems += revision_problems(settled.revisions, recalled.past)
        self.problems += left_out_problems(settled.left_out, recalled.past)
        coverages = task.coverage.datasets
        self.problems += blank_problems(
            settled.computed, task.definitions, coverages, task.asked_months
        )
        shown = task.definitions.with_parts(task.wanted)
        counted = [task.prepared[name] for name in shown if name in task.prepared]
        self.problems += exclusion_problems(counted, coverages)
        if all(figure.value is None for figure in settled.computed.figures):
            what = f"no figure can be computed for the months up to {task.months[-1].label}."
            self._add(Problem(EMPTY_WORKBOOK, what))
            raise _Stopped
        return settled

    def _reporting_month(self, coverages: Iterable[DatasetCoverage]) -> Month:
        month = self.request.month or usual_last_month(tuple(coverages))
        if month is None:
            what = "no extract covers a whole month, so the reporting month cannot be told."
            self._add(Problem(catalogue.NO_MONTH, what))
            raise _Stopped
        return month

    def _write(self, content: _Content, place: OutputPath) -> Path:
        self.steps.at("Laying out the sheets", Step.SHEETS)
        drawn = draw(self._plan(content), self.steps.drawn)
        self.steps.at("Writing the workbook", Step.WRITING)
        beside = self.request.beside_if_locked
        path = self._sure(self._kept(write_workbook(place.path, drawn, beside_if_locked=beside)))
        self.steps.at("Done", Step.DONE)
        return path

    def _stamp(self) -> Stamp:
        return Stamp(self.written, f"Workbook Builder {program_version()}")

    def _plan(self, content: _Content) -> Plan:
        return compose(
            content.values.layout,
            content.values.definitions,
            content.figures,
            content.months,
            self._stamp(),
            findings_of(self.problems, self.sheets, self.benchmarks),
            content.commentary,
            content.logo,
            content.caseloads,
            content.origins,
        )

    def _add(self, problem: Problem) -> None:
        self.problems.append(problem)

    def _kept(self, result: Result[T]) -> T:
        self.problems += result.problems
        return result.value

    def _sure(self, value: T | None) -> T:
        """Return a value that the problems do not say is missing."""
        if value is None:
            raise _Stopped
        return value

    def _stop_on_errors(self) -> None:
        if has_errors(self.problems):
            raise _Stopped

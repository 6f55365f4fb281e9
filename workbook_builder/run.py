"""The one use case: inputs and wishes in, a workbook on disk and an outcome out.

Command line and window call this and show what comes back. The only place that reads the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from workbook_builder.commentary import Commentary
from workbook_builder.definitions import kinds as definition_kinds
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions, load_definitions
from workbook_builder.definitions.logos import read_logo
from workbook_builder.definitions.references import check_references
from workbook_builder.definitions.spans import asked_months, span
from workbook_builder.engine.duck import DuckEngine, Exhausted
from workbook_builder.excel.draw import draw
from workbook_builder.extracts.model import Extracts, Sheet
from workbook_builder.extracts.published import Published, kept_files
from workbook_builder.extracts.read import read_extracts
from workbook_builder.figures import Figures
from workbook_builder.indicators.benchmarks import Held
from workbook_builder.indicators.published import held as benchmarks_held
from workbook_builder.indicators.published import populations_of
from workbook_builder.measures import explain as measure_explain
from workbook_builder.measures import kinds as measure_kinds
from workbook_builder.measures.blanks import blank_problems, exclusion_problems
from workbook_builder.measures.comments import read_commentary
from workbook_builder.measures.compute import Task, compute_figures
from workbook_builder.measures.covered import Coverage, DatasetCoverage, usual_last_month
from workbook_builder.measures.explain import Explanation, Numbers
from workbook_builder.measures.population import read_populations, with_published
from workbook_builder.measures.prepare import prepared_measures
from workbook_builder.measures.query import Prepared
from workbook_builder.measures.supplied import supplied_figures
from workbook_builder.months import Month, months_ending
from workbook_builder.outcomes import (
    ALL_KINDS,
    BAD_OUTPUT,
    DEFAULT_LAYOUT,
    EMPTY_WORKBOOK,
    NO_LAYOUT,
    NOTHING_READ,
    Explained,
    OnProgress,
    Outcome,
    Progress,
    Request,
)
from workbook_builder.paths import layout_folders, program_version
from workbook_builder.problems import (
    Problem,
    Result,
    Where,
    did_you_mean,
    has_errors,
    listed,
)
from workbook_builder.sheets.checks import Unknown
from workbook_builder.sheets.compose import Findings, Stamp, compose
from workbook_builder.sheets.plan import Plan
from workbook_builder.writing import replace_file

__all__ = [
    "ALL_KINDS", "Explained", "Explanation", "Numbers", "OnProgress", "Outcome", "Progress",
    "Request", "build", "check", "explain", "known_definitions",
]  # fmt: skip

T = TypeVar("T")


def build(request: Request, on_progress: OnProgress) -> Outcome:
    """Build a workbook. Errors, all of them collected, mean that nothing was written."""
    return _Run(request, on_progress).build(write=True)


def check(request: Request, on_progress: OnProgress) -> Outcome:
    """Do everything that building does, but write nothing."""
    return _Run(request, on_progress).build(write=False)


def explain(request: Request, measure: str, on_progress: OnProgress) -> Explained:
    """Explain a measure; with inputs also how its figures came about. Nothing is written."""
    return _Run(request, on_progress).explain(measure)


def known_definitions(layout: str = DEFAULT_LAYOUT) -> Result[Definitions]:
    """Return all definitions, the user's own before the shipped ones, and every fault in them."""
    file = Path(layout) if layout.endswith(".toml") else None
    loaded = load_definitions(layout_folders(), file)
    return Result(loaded.value, (*loaded.problems, *check_references(loaded.value)))


class _Stopped(Exception):
    """An error that ends the run; the problems say which."""


@dataclass(frozen=True)
class _Content:
    """What a workbook is made of."""

    layout: Layout
    definitions: Definitions
    figures: Figures
    months: tuple[Month, ...]
    commentary: Commentary
    logo: bytes


class _Run:
    """One request on its way to an outcome, with the problems met so far."""

    def __init__(self, request: Request, on_progress: OnProgress) -> None:
        self.request = request
        self.on_progress = on_progress
        self.problems: list[Problem] = []
        self.sheets: tuple[Sheet, ...] = ()
        self.month = request.month
        self.benchmarks: Held | None = None

    def build(self, *, write: bool) -> Outcome:
        try:
            return self._built(write=write)
        except Exhausted as fault:
            self._add(Problem(measure_kinds.EXHAUSTED, str(fault)))
        except _Stopped:
            pass
        return Outcome(tuple(self.problems), None, self.month, self.sheets)

    def explain(self, name: str) -> Explained:
        try:
            explanation: Explanation | None = self._explained(name)
        except Exhausted as fault:
            self._add(Problem(measure_kinds.EXHAUSTED, str(fault)))
            explanation = None
        except _Stopped:
            explanation = None
        return Explained(
            tuple(self.problems), None, self.month, self.sheets, explanation=explanation
        )

    def _explained(self, name: str) -> Explanation:
        definitions, layout = self._defined()
        parts = self._with_parts(name, definitions)
        with DuckEngine(definitions.datasets) as engine:
            prepared = self._kept(prepared_measures(parts, engine, layout))
            self._stop_on_errors()
            subject = measure_explain.Subject(definitions, prepared, layout, self.month)
            if not self.request.inputs:
                return measure_explain.explained(name, subject)
            extracts = self._extracts(definitions, engine)
            task = self._task(layout, definitions, prepared, extracts, engine)
            explanation = measure_explain.explained(name, replace(subject, month=self.month))
            return measure_explain.with_numbers(explanation, task, engine)

    def _with_parts(self, name: str, definitions: Definitions) -> Definitions:
        """Return the definitions with no other measures than this one and its parts."""
        if name not in definitions.measures:
            hint = did_you_mean(name, definitions.measures)
            what = f'the measure "{name}" is not known. {hint}'.strip()
            advice = "See the known ones with: workbook-builder layouts"
            self._add(Problem(definition_kinds.UNKNOWN_MEASURE, what, advice=advice))
            raise _Stopped
        parts = definitions.with_parts([name])
        return replace(definitions, measures={part: definitions.measures[part] for part in parts})

    def _defined(self) -> tuple[Definitions, Layout]:
        self._progress("Reading the layouts", 0)
        definitions = self._kept(known_definitions(self.request.layout))
        layout = self._layout(definitions)
        self._stop_on_errors()
        return definitions, layout

    def _built(self, *, write: bool) -> Outcome:
        definitions, layout = self._defined()
        with DuckEngine(definitions.datasets) as engine:
            prepared = self._kept(prepared_measures(definitions, engine, layout))
            self._stop_on_errors()
            extracts = self._extracts(definitions, engine)
            self.benchmarks = self._kept(benchmarks_held(definitions, layout, extracts.statistics))
            task = self._task(layout, definitions, prepared, extracts, engine)
            figures = self._figures(task, engine)
            month = task.months[-1]
            commentary = self._kept(read_commentary(engine, definitions, layout, month))
            logo = self._kept(read_logo(layout, definitions))
        content = _Content(layout, definitions, figures, task.months, commentary, logo)
        out = self._write(content) if write else None
        return Outcome(tuple(self.problems), out, month, self.sheets, figures, task.asked)

    def _layout(self, definitions: Definitions) -> Layout:
        name = Path(self.request.layout).stem
        if name in definitions.layouts:
            return definitions.layouts[name]
        if not has_errors(self.problems):
            hint = did_you_mean(name, definitions.layouts)
            known = f"Known: {listed(definitions.layouts)}."
            self._add(Problem(NO_LAYOUT, f'the layout "{name}" is not known. {hint} {known}'))
        raise _Stopped

    def _extracts(self, definitions: Definitions, engine: DuckEngine) -> Extracts:
        datasets = definitions.datasets
        codes, standards = definitions.codes, definitions.standards
        published = Published(
            definitions.statistics, definitions.neighbours, kept_files(self._layout_folders())
        )
        extracts = self._kept(
            read_extracts(self.request.inputs, datasets, self._on_file, codes, standards, published)
        )
        self.sheets = extracts.sheets
        if not extracts.records:
            self._add(Problem(NOTHING_READ, "no file was recognised as an extract."))
        self._stop_on_errors()
        for name, records in extracts.records.items():
            engine.load(datasets[name], records)
        return extracts

    def _task(
        self,
        layout: Layout,
        definitions: Definitions,
        prepared: Mapping[str, Prepared],
        extracts: Extracts,
        engine: DuckEngine,
    ) -> Task:
        self._progress("Counting", 2)
        coverages = _coverages(definitions, extracts, engine)
        month = self._reporting_month(coverages.values())
        self.month = month
        published = populations_of(definitions, layout, extracts.statistics)
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

    def _figures(self, task: Task, engine: DuckEngine) -> Figures:
        computed = compute_figures(task, engine)
        coverages = task.coverage.datasets
        self.problems += blank_problems(computed, task.definitions, coverages)
        shown = task.definitions.with_parts(task.wanted)
        counted = [task.prepared[name] for name in shown if name in task.prepared]
        self.problems += exclusion_problems(counted, coverages)
        if all(figure.value is None for figure in computed.figures):
            what = f"no figure can be computed for the months up to {task.months[-1].label}."
            self._add(Problem(EMPTY_WORKBOOK, what))
            raise _Stopped
        return computed.figures

    def _reporting_month(self, coverages: Iterable[DatasetCoverage]) -> Month:
        month = self.request.month or usual_last_month(tuple(coverages))
        if month is None:
            what = "no extract covers a whole month, so the reporting month cannot be told."
            self._add(Problem(measure_kinds.NO_MONTH, what))
            raise _Stopped
        return month

    def _write(self, content: _Content) -> Path:
        out = self._output(content.layout, content.months[-1])
        self._progress("Laying out the sheets", 3)
        drawn = draw(self._plan(content))
        self._progress("Writing the workbook", 4)
        problem = replace_file(out, drawn)
        if problem:
            self._add(problem)
            raise _Stopped
        self._progress("Done", 5)
        return out

    def _plan(self, content: _Content) -> Plan:
        written = self.request.written or datetime.now().replace(microsecond=0)
        return compose(
            content.layout,
            content.definitions,
            content.figures,
            content.months,
            Stamp(written, f"Workbook Builder {program_version()}"),
            self._findings(),
            content.commentary,
            content.logo,
        )

    def _findings(self) -> Findings:
        unknown = [
            Unknown(one.file, one.sheet, one.column, one.codes, one.value, one.cells)
            for sheet in self.sheets
            for one in sheet.unknown
        ]
        return Findings(tuple(self.problems), tuple(unknown), self.benchmarks)

    def _output(self, layout: Layout, month: Month) -> Path:
        name = layout.file_name.replace("{month}", month.label)
        out = self.request.out or Path(name)
        if out.is_dir():
            out = out / name
        if out.suffix.lower() != ".xlsx":
            self._add(Problem(BAD_OUTPUT, "the output must end with .xlsx.", Where(str(out))))
        if any(out.resolve() == given.resolve() for given in self.request.inputs):
            self._add(Problem(BAD_OUTPUT, "the output is one of the inputs.", Where(str(out))))
        self._stop_on_errors()
        return out

    def _layout_folders(self) -> tuple[Path, ...]:
        """Return the layouts folders, among them that of a layout file."""
        beside = [Path(self.request.layout).parent] if self.request.layout.endswith(".toml") else []
        return (*layout_folders(), *beside)

    def _on_file(self, name: str) -> None:
        self._progress(f"Reading {name}", 1)

    def _progress(self, doing: str, done: int) -> None:
        self.on_progress(Progress(doing, done, 5))

    def _add(self, problem: Problem) -> None:
        self.problems.append(problem)

    def _kept(self, result: Result[T]) -> T:
        self.problems += result.problems
        return result.value

    def _stop_on_errors(self) -> None:
        if has_errors(self.problems):
            raise _Stopped


def _coverages(
    definitions: Definitions, extracts: Extracts, engine: DuckEngine
) -> Mapping[str, DatasetCoverage]:
    return {
        name: _coverage(dataset, [one for one in extracts.sheets if one.dataset == name], engine)
        for name, dataset in definitions.datasets.items()
    }


def _coverage(dataset: Dataset, sheets: Sequence[Sheet], engine: DuckEngine) -> DatasetCoverage:
    """Return what the sheets of a dataset cover; one that holds all makes up for the others."""
    held = [sheet.held_from for sheet in sheets if sheet.held_from]
    return DatasetCoverage(
        dataset,
        engine,
        given=bool(sheets),
        stated=[sheet.stated for sheet in sheets if sheet.stated],
        held_from=min(held) if held and len(held) == len(sheets) else None,
        latest_only=bool(sheets) and all(sheet.latest_only for sheet in sheets),
        columns=_columns_of_all(sheets),
    )


def _columns_of_all(sheets: Sequence[Sheet]) -> frozenset[str] | None:
    """Return the columns that every sheet with records has; what one lacks would count too few."""
    found = [frozenset(sheet.columns) for sheet in sheets if sheet.rows_kept]
    return frozenset.intersection(*found) if found else None

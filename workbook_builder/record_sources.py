"""Read the inputs, or take the tables of an engine, and say what their lists cover."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from workbook_builder.definitions.datasets import FINANCIAL_YEAR, Dataset
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.sheet_layouts import TeamSheet
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.headings import Assignments
from workbook_builder.extracts.model import ColumnCells, Sheet
from workbook_builder.extracts.read_extracts import (
    ExtractDefinitions,
    ReadFiles,
    read_file,
    shown_sheets,
)
from workbook_builder.extracts.statistics_files import KnownStatistics, kept_files
from workbook_builder.history.previous_workbooks import (
    SortedInputs,
    sheet_of,
    sort_inputs,
    unknown_measures,
)
from workbook_builder.measures.coverage import Period
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.measures.finished_figures import size_problems
from workbook_builder.measures.reporting_month import (
    delivery_of,
    period_of_delivery,
    proposed_reporting_month,
)
from workbook_builder.months import Month
from workbook_builder.paths import Fingerprint, layout_folders
from workbook_builder.problem_catalogue import NOTHING_READ
from workbook_builder.problems import Problem, Result, has_errors
from workbook_builder.request import Request
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import Engine
from workbook_builder.store.load_extracts import Extracts, load_extracts, name_teams


def coverages_of(
    definitions: Definitions, extracts: Extracts, engine: Engine, covers: Period | None = None
) -> Mapping[str, DatasetCoverage]:
    """Return what the extracts of each dataset cover, judged as one delivery.

    `covers` is the period that all lists hold, as the user says.
    """
    coverages = {
        name: _coverage(dataset, [one for one in extracts.sheets if one.dataset == name],
                        extracts, definitions, engine)
        for name, dataset in definitions.datasets.items()
    }  # fmt: skip
    asked = [(one, query) for one in coverages.values() if (query := one.days_query())]
    answers = engine.answers(query for _, query in asked)
    for (one, _), counted in zip(asked, answers, strict=True):
        one.take_days(counted)
    began = [one.activity(one.first_column) for one, _ in asked]
    days = [one.activity(*one.dataset.event_dates) for one, _ in asked]
    delivery = delivery_of(began, days, covers)
    for one in coverages.values():
        one.delivery = delivery
    return coverages


def _coverage(
    dataset: Dataset,
    sheets: Sequence[Sheet],
    extracts: Extracts,
    definitions: Definitions,
    engine: Engine,
) -> DatasetCoverage:
    """Return what the sheets of a dataset cover; one that holds all makes up for the others."""
    held = [sheet.held_from for sheet in sheets if sheet.held_from]
    # Records that say their own day are as old as that, whenever their file was saved.
    undated = [sheet for sheet in sheets if dataset.snapshot not in sheet.columns]
    written = [_written(extracts.files.get(sheet.file)) for sheet in undated]
    reaching = [_reach(sheet, extracts) for sheet in sheets]
    return DatasetCoverage(
        dataset,
        engine,
        has_extract=bool(sheets),
        stated=[sheet.stated for sheet in sheets if sheet.stated],
        complete_from=min(held) if held and len(held) == len(sheets) else None,
        latest_only=bool(sheets) and all(sheet.latest_only for sheet in sheets),
        columns=columns_of_all(sheets),
        holds=[period for sheet in sheets if (period := _held(sheet, extracts, definitions))],
        written=max((day for day in written if day), default=None) if all(written) else None,
        reaches=max((day for day in reaching if day), default=None),
        ends_in_doubt=frozenset(column for sheet in sheets for column in sheet.ends_in_doubt),
        cells=_cells_of_all(sheets),
        sheets=frozenset((sheet.file, sheet.sheet) for sheet in sheets),
        headings=_headings_of(sheets),
    )


def _headings_of(sheets: Sequence[Sheet]) -> Mapping[str, Sequence[str]]:
    """Return the headings under which sheets have each column, the first sheet's first."""
    headings: dict[str, list[str]] = {}
    for sheet in sheets:
        # What a sheet has without a heading of its own comes after those that it was known by.
        for column, heading in zip(sheet.columns, sheet.recognised_by, strict=False):
            headings.setdefault(column, []).append(heading)
    return headings


def _written(file: Fingerprint | None) -> date | None:
    """Return the day on which a file was written, going by its time stamp."""
    return file.day if file else None


def _reach(sheet: Sheet, extracts: Extracts) -> date | None:
    """Return the day of the last record in any list of the sheet's file.

    A time stamp that is older than the records says that the file was put together otherwise.
    """
    written = _written(extracts.files.get(sheet.file))
    days = [one.last_day for one in extracts.sheets if one.file == sheet.file and one.last_day]
    known = [day for day in days if written is None or day <= written]
    return max(known, default=None) if len(known) == len(days) else None


def _held(sheet: Sheet, extracts: Extracts, definitions: Definitions) -> Period | None:
    """Return the period of which a sheet of a return holds everything."""
    if not sheet.held_from or sheet.latest_only:
        return None
    first = sheet.held_from
    holds = {
        given.holds
        for standard in definitions.standards.values()
        for table in standard.tables
        for given in table.gives
        if (f"{standard.title}, {table.name}", given.dataset) == (sheet.standard, sheet.dataset)
    }
    if holds == {FINANCIAL_YEAR}:
        return first, date(first.year + 1, 3, 31)
    reach = _reach(sheet, extracts)
    return (first, reach) if reach else None


def _cells_of_all(sheets: Sequence[Sheet]) -> Mapping[str, ColumnCells]:
    """Count the cells of each column over all sheets."""
    cells: dict[str, ColumnCells] = {}
    for sheet in sheets:
        for name, counted in sheet.cells.items():
            cells[name] = cells[name] + counted if name in cells else counted
    return cells


def columns_of_all(sheets: Sequence[Sheet]) -> frozenset[str] | None:
    """Return the columns that every sheet with records has; what one lacks would count too few."""
    found = [frozenset(sheet.columns) for sheet in sheets if sheet.rows_kept]
    return frozenset.intersection(*found) if found else None


@dataclass(frozen=True)
class Overview:
    """What the files are together: the month they reach, and last month's workbook if one is named.

    The month is the one that a run would report on if none was asked for; None if none is clear.
    `covered` are the days that at least half of the lists hold, up to the delivery day.
    """

    month: Month | None
    named: Sheet | None = None
    covered: Period | None = None


def look(
    path: Path, definitions: Definitions, assigned: Assignments, cache: ReadFiles, layout: str = ""
) -> Result[tuple[Sheet, ...]]:
    """Say what each sheet of one file is, with the problems met in it."""
    given = sort_inputs([path], None, definitions.measures, _nobody)
    sheets = given.value.sheets
    if not given.value.extracts:
        return Result(sheets, given.problems)
    read = read_file(path, path.name, extract_definitions(definitions, layout, assigned), cache)
    sheets = shown_sheets([one.sheet for one in read.sheets], definitions.datasets)
    return Result(sheets, read.problems)


def look_over(
    inputs: Sequence[Path],
    named: Path | None,
    definitions: Definitions,
    assigned: Assignments,
    cache: ReadFiles,
    layout: str = "",
    without: Sequence[Path] = (),
    covers: Period | None = None,
) -> Result[Overview]:
    """Say what all files are together, with the problems of each and between them.

    `covers` is the period that all lists hold, as the user says.
    """
    given = sort_inputs(inputs, named, definitions.measures, _nobody, without)
    known = extract_definitions(definitions, layout, assigned)
    with DuckDBStore(definitions.datasets) as engine:
        extracts = load_extracts(given.value.extracts, known, engine, _nobody, cache, covers)
        lists = tuple(coverages_of(definitions, extracts.value, engine, covers).values())
        month = proposed_reporting_month(lists)  # which asks the engine
        covered = period_of_delivery(lists)
    past = given.value.named
    overview = Overview(month, sheet_of(past) if past else None, covered)
    return Result(overview, (*given.problems, *extracts.problems))


def overview_of(loaded: Loaded, covers: Period | None) -> Overview:
    """Say what the files of loaded records are together."""
    lists = tuple(loaded.coverages(covers).values())
    past = loaded.inputs.named
    return Overview(
        proposed_reporting_month(lists),
        sheet_of(past) if past else None,
        period_of_delivery(lists),
    )


def extract_definitions(
    definitions: Definitions, layout: str, assigned: Assignments
) -> ExtractDefinitions:
    """Return what sheets are read by; statistics may be kept with the layouts."""
    files = kept_files(folders_of(layout))
    return ExtractDefinitions(
        definitions.datasets,
        definitions.codes,
        definitions.standards,
        KnownStatistics(definitions.statistics, definitions.neighbours, files),
        assigned,
    )


def folders_of(layout: str) -> tuple[Path, ...]:
    """Return the layouts folders, among them that of a layout file."""
    beside = [Path(layout).parent] if layout.endswith(".toml") else []
    return (*layout_folders(), *beside)


def _nobody(name: str) -> None:
    """Hear the name of a file that nobody waits for."""


Coverages = Mapping[str, DatasetCoverage]


NO_INPUTS = SortedInputs((), ())


@dataclass(frozen=True, eq=False)
class Loaded:
    """Records in an engine, what they were read from, and (when asked) what they cover.

    `coverages` takes the period that all lists hold, as the user says.
    """

    extracts: Extracts
    engine: Engine
    coverages: Callable[[Period | None], Coverages]
    inputs: SortedInputs = NO_INPUTS

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What every sheet of the extracts, and every earlier workbook, was recognised as."""
        return (*self.extracts.sheets, *self.inputs.sheets)


class RecordSource(Protocol):
    """Gives a run its records."""

    def adjusted(self, definitions: Definitions, layout: Layout) -> tuple[Definitions, Layout]:
        """Return the definitions and the layout as they are for these records."""

    def load(
        self,
        inputs: SortedInputs,
        definitions: Definitions,
        store: DuckDBStore,
        on_file: Callable[[str], None],
    ) -> Result[Loaded]:
        """Read the extracts among the inputs and load their records; `store` is the run's own.

        An error among the problems means that nothing may be counted.
        """


class FromFiles:
    """Records out of the extracts that a request names, counted by the program itself."""

    def __init__(self, request: Request, file_cache: ReadFiles) -> None:
        self._request = request
        self._file_cache = file_cache

    def adjusted(self, definitions: Definitions, layout: Layout) -> tuple[Definitions, Layout]:
        """Return both as they are."""
        return definitions, layout

    def load(
        self,
        inputs: SortedInputs,
        definitions: Definitions,
        store: DuckDBStore,
        on_file: Callable[[str], None],
    ) -> Result[Loaded]:
        """Read the extracts and load their records into the run's own store."""
        known = extract_definitions(definitions, self._request.layout, self._request.assigned)
        covers = self._request.covers
        read = load_extracts(inputs.extracts, known, store, on_file, self._file_cache, covers)
        problems, extracts = list(read.problems), read.value
        if not any(sheet.dataset for sheet in extracts.sheets):
            problems.append(Problem(NOTHING_READ, "no file was recognised as an extract."))
        if not has_errors(problems):
            name_teams(store, definitions.datasets, definitions.known_teams)
            problems += size_problems(store, definitions)

        @lru_cache(maxsize=1)
        def coverages(covers: Period | None) -> Coverages:
            return coverages_of(definitions, extracts, store, covers)

        return Result(Loaded(extracts, store, coverages, inputs), tuple(problems))


@dataclass(frozen=True, eq=False)
class FromTables:
    """The records of one authority or of a region, where they live: in tables of an engine.

    `name` is the authority's or the region's. Of the files that are kept with the layouts only
    published statistics are read.
    """

    name: str
    layout: str
    is_region: bool
    loaded: Loaded
    problems: tuple[Problem, ...] = ()

    def also(self, problems: Sequence[Problem]) -> FromTables:
        """Return the same source with problems that were met before it."""
        return replace(self, problems=(*problems, *self.problems))

    def adjusted(self, definitions: Definitions, layout: Layout) -> tuple[Definitions, Layout]:
        """Return a layout of this authority or region; a region has authorities for teams."""
        ours = replace(layout, authority=self.name, file_name=_with_name(layout, self.name))
        definitions = definitions.for_authority(self.name)
        if not self.is_region:
            return definitions, ours
        # What the layout says of teams is about a council's own.
        sheets = tuple(_of_all_teams(sheet) for sheet in layout.team_sheets)
        return replace(definitions, teams={}), replace(ours, team_sheets=sheets)

    def load(
        self,
        inputs: SortedInputs,
        definitions: Definitions,
        store: DuckDBStore,
        on_file: Callable[[str], None],
    ) -> Result[Loaded]:
        """Return what was loaded, with the statistics that are kept with the layouts.

        What a workbook could not hold is an error, as in extracts.
        """
        known = extract_definitions(definitions, self.layout, {})
        read = load_extracts((), known, store, on_file, FileCache(keeps=False))
        kept = read.value
        extracts = replace(self.loaded.extracts, statistics=kept.statistics, files=kept.files)
        too_many = size_problems(self.loaded.engine, definitions)
        return Result(
            replace(self.loaded, extracts=extracts, inputs=inputs),
            (*read.problems, *self.problems, *too_many),
        )


#: Where records come from: another source, files read before, or the request's files.
AnySource = RecordSource | ReadFiles | None


def source_of(request: Request, source: AnySource = None) -> RecordSource:
    """Return where the records come from: the request's files unless another source is given.

    Files in a file cache are not read again.
    """
    if source is None or isinstance(source, FileCache):
        return FromFiles(request, source or FileCache(keeps=False))
    return source


def sort_request(
    request: Request, definitions: Definitions, on_file: Callable[[str], None]
) -> Result[SortedInputs]:
    """Sort the inputs of a request into extracts and earlier workbooks, and read the latter.

    A recalculation of measures that nobody knows is a problem.
    """
    measures = definitions.measures
    sorted_inputs = sort_inputs(
        request.inputs, request.previous, measures, on_file, request.without
    )
    unknown = unknown_measures(request.recalculate, measures) if request.recalculate else ()
    return Result(sorted_inputs.value, (*sorted_inputs.problems, *unknown))


def _of_all_teams(sheet: TeamSheet) -> TeamSheet:
    blocks = tuple(replace(one, teams=None, group=None, by=None) for one in sheet.blocks)
    return replace(sheet, teams=(), group=None, by="team", blocks=blocks)


def _with_name(layout: Layout, name: str) -> str:
    plain = "".join(mark if mark.isalnum() or mark in " -&'()" else "_" for mark in name).strip()
    return f"{layout.file_name.removesuffix('.xlsx')} - {plain}.xlsx"

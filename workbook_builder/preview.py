"""Inputs looked at before a workbook is built: what each file is, and which month they reach.

What is read here is kept in a cache, so that building need not read it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.headings import Assignments
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.read_extracts import ExtractDefinitions, ReadFiles, read_file
from workbook_builder.extracts.statistics_files import KnownStatistics, kept_files
from workbook_builder.history.previous_workbooks import sheet_of, sort_inputs
from workbook_builder.measures.covered_months import DatasetCoverage
from workbook_builder.measures.reporting_month import proposed_reporting_month
from workbook_builder.months import Month
from workbook_builder.paths import layout_folders
from workbook_builder.problems import Result
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import Engine
from workbook_builder.store.load_extracts import Extracts, load_extracts


def coverages_of(
    definitions: Definitions, extracts: Extracts, engine: Engine
) -> Mapping[str, DatasetCoverage]:
    """Return what the extracts of each dataset cover."""
    coverages = {
        name: _coverage(dataset, [one for one in extracts.sheets if one.dataset == name], engine)
        for name, dataset in definitions.datasets.items()
    }
    # The days of one are judged while the engine counts those of the next.
    asked = [(one, query) for one in coverages.values() if (query := one.days_query())]
    answers = engine.answers(query for _, query in asked)
    for (coverage, _), rows in zip(asked, answers, strict=True):
        coverage.set_days(rows)
    return coverages


def _coverage(dataset: Dataset, sheets: Sequence[Sheet], engine: Engine) -> DatasetCoverage:
    """Return what the sheets of a dataset cover; one that holds all makes up for the others."""
    held = [sheet.held_from for sheet in sheets if sheet.held_from]
    return DatasetCoverage(
        dataset,
        engine,
        has_extract=bool(sheets),
        stated=[sheet.stated for sheet in sheets if sheet.stated],
        complete_from=min(held) if held and len(held) == len(sheets) else None,
        latest_only=bool(sheets) and all(sheet.latest_only for sheet in sheets),
        columns=_columns_of_all(sheets),
    )


def _columns_of_all(sheets: Sequence[Sheet]) -> frozenset[str] | None:
    """Return the columns that every sheet with records has; what one lacks would count too few."""
    found = [frozenset(sheet.columns) for sheet in sheets if sheet.rows_kept]
    return frozenset.intersection(*found) if found else None


@dataclass(frozen=True)
class Overview:
    """What the files are together: the month they reach, and last month's workbook if one is named.

    The month is the one that a run would report on if none was asked for; None if none is clear.
    """

    month: Month | None
    named: Sheet | None = None


def look(
    path: Path, definitions: Definitions, assigned: Assignments, cache: ReadFiles, layout: str = ""
) -> Result[tuple[Sheet, ...]]:
    """Say what each sheet of one file is, with the problems met in it."""
    given = sort_inputs([path], None, definitions.measures, _nobody)
    sheets = given.value.sheets
    if not given.value.extracts:
        return Result(sheets, given.problems)
    read = read_file(path, path.name, extract_definitions(definitions, layout, assigned), cache)
    return Result(tuple(one.sheet for one in read.sheets), read.problems)


def look_over(
    inputs: Sequence[Path],
    named: Path | None,
    definitions: Definitions,
    assigned: Assignments,
    cache: ReadFiles,
    layout: str = "",
) -> Result[Overview]:
    """Say what all files are together, with the problems of each and between them."""
    given = sort_inputs(inputs, named, definitions.measures, _nobody)
    known = extract_definitions(definitions, layout, assigned)
    with DuckDBStore(definitions.datasets) as engine:
        extracts = load_extracts(given.value.extracts, known, engine, _nobody, cache)
        covered = tuple(coverages_of(definitions, extracts.value, engine).values())
        month = proposed_reporting_month(covered)  # which asks the engine
    past = given.value.named
    overview = Overview(month, sheet_of(past) if past else None)
    return Result(overview, (*given.problems, *extracts.problems))


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

"""Inputs looked at before a workbook is built: what each file is, and which month they reach.

What is read here is kept in a cache, so that building need not read it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.building.coverages import coverages_of
from workbook_builder.building.recall import sheet_of, sheets_of, sort_inputs
from workbook_builder.definitions.library import Definitions
from workbook_builder.engine.duck import DuckEngine
from workbook_builder.engine.load_extracts import load_extracts
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.headings import Assignments
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.read_extracts import ExtractDefinitions, ReadFiles, read_file
from workbook_builder.extracts.statistics_files import KnownStatistics, kept_files
from workbook_builder.measures.covered import usual_last_month
from workbook_builder.months import Month
from workbook_builder.paths import layout_folders
from workbook_builder.problems import Result

__all__ = [
    "FileCache", "Overview", "ReadFiles", "extract_definitions", "find_files", "folders_of",
    "kept_files", "look", "look_over",
]  # fmt: skip


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
    sheets = tuple(sheets_of(given.value))
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
    with DuckEngine(definitions.datasets) as engine:
        extracts = load_extracts(given.value.extracts, known, engine, _nobody, cache)
        covered = tuple(coverages_of(definitions, extracts.value, engine).values())
        month = usual_last_month(covered)  # which asks the engine
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

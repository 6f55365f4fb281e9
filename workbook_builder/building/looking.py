"""Inputs looked at before a workbook is built: what each file is, and which month they reach.

What is read here is put on a shelf, so that building need not read it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbook_builder.building.coverages import coverages_of
from workbook_builder.building.recall import sheets_of, sort_inputs
from workbook_builder.definitions.library import Definitions
from workbook_builder.engine.duck import DuckEngine
from workbook_builder.extracts.assigned import Assignments
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.published import Published, kept_files
from workbook_builder.extracts.read import Files, Known, look_at, read_all
from workbook_builder.measures.covered import usual_last_month
from workbook_builder.months import Month
from workbook_builder.paths import layout_folders
from workbook_builder.problems import Result

__all__ = [
    "Files", "find_files", "folders_of", "kept_files", "known_of", "look", "proposed_month",
]  # fmt: skip


def look(
    path: Path, definitions: Definitions, assigned: Assignments, shelf: Files
) -> Result[tuple[Sheet, ...]]:
    """Say what each sheet of one file is, with the problems met in it."""
    given = sort_inputs([path], None, definitions.measures, _nobody)
    sheets = tuple(sheets_of(given.value))
    if not given.value.extracts:
        return Result(sheets, given.problems)
    return look_at(path, known_of(definitions, "", assigned), shelf)


def proposed_month(
    inputs: Sequence[Path], definitions: Definitions, assigned: Assignments, shelf: Files
) -> Month | None:
    """Return the month that a run would report on if none was asked for; None if none is clear."""
    given = sort_inputs(inputs, None, definitions.measures, _nobody).value
    known = known_of(definitions, "", assigned)
    extracts = read_all(given.extracts, known, _nobody, shelf).value
    with DuckEngine(definitions.datasets) as engine:
        for name, records in extracts.records.items():
            engine.load(definitions.datasets[name], records)
        return usual_last_month(tuple(coverages_of(definitions, extracts, engine).values()))


def known_of(definitions: Definitions, layout: str, assigned: Assignments) -> Known:
    """Return what sheets are read by; statistics may be kept with the layouts."""
    published = Published(
        definitions.statistics, definitions.neighbours, kept_files(folders_of(layout))
    )
    return Known(
        definitions.datasets, definitions.codes, definitions.standards, published, assigned
    )


def folders_of(layout: str) -> tuple[Path, ...]:
    """Return the layouts folders, among them that of a layout file."""
    beside = [Path(layout).parent] if layout.endswith(".toml") else []
    return (*layout_folders(), *beside)


def _nobody(name: str) -> None:
    """Hear the name of a file that nobody waits for."""

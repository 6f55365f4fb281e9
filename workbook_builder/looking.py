"""Inputs looked at before a workbook is built: what each file is, and which month they reach.

What is read here is put on a shelf, so that building need not read it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbook_builder.coverages import coverages_of
from workbook_builder.definitions.library import Definitions
from workbook_builder.engine.duck import DuckEngine
from workbook_builder.extracts.assigned import Assignments
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.published import Published, kept_files
from workbook_builder.extracts.read import Files, Known, look_at, read_extracts
from workbook_builder.measures.covered import usual_last_month
from workbook_builder.months import Month
from workbook_builder.paths import layout_folders
from workbook_builder.problems import Result

__all__ = ["Files", "find_files", "look", "proposed_month"]


def look(
    path: Path, definitions: Definitions, assigned: Assignments, shelf: Files
) -> Result[tuple[Sheet, ...]]:
    """Say what each sheet of one file is, with the problems met in it."""
    return look_at(path, _known(definitions, assigned), shelf)


def proposed_month(
    inputs: Sequence[Path], definitions: Definitions, assigned: Assignments, shelf: Files
) -> Month | None:
    """Return the month that a run would report on if none was asked for; None if none is clear."""
    known = _known(definitions, assigned)
    extracts = read_extracts(
        inputs, known.datasets, _nobody, known.codes, known.standards, known.published,
        known.assigned, shelf,
    ).value  # fmt: skip
    with DuckEngine(definitions.datasets) as engine:
        for name, records in extracts.records.items():
            engine.load(definitions.datasets[name], records)
        return usual_last_month(tuple(coverages_of(definitions, extracts, engine).values()))


def _known(definitions: Definitions, assigned: Assignments) -> Known:
    published = Published(
        definitions.statistics, definitions.neighbours, kept_files(layout_folders())
    )
    return Known(
        definitions.datasets, definitions.codes, definitions.standards, published, assigned
    )


def _nobody(name: str) -> None:
    """Hear the name of a file that nobody waits for."""

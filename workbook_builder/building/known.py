"""All definitions at hand: the shipped ones, the user's own, and those beside a layout's file."""

from __future__ import annotations

from pathlib import Path

from workbook_builder.definitions.extending import EXTENDS, TABLES
from workbook_builder.definitions.kinds import NOT_A_LAYOUT
from workbook_builder.definitions.library import Definitions, load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.definitions.toml_files import read_toml
from workbook_builder.outcomes import DEFAULT_LAYOUT
from workbook_builder.paths import layout_folders
from workbook_builder.problems import Problem, Result, Where


def known_definitions(layout: str = DEFAULT_LAYOUT) -> Result[Definitions]:
    """Return all definitions, the user's own before the shipped ones, and every fault in them.

    Of a file that is no layout nothing is taken.
    """
    file = Path(layout).absolute() if layout.endswith(".toml") else None
    fault = _no_layout(file) if file else None
    loaded = load_definitions(layout_folders(), None if fault else file)
    faults = (*((fault,) if fault else ()), *loaded.problems, *check_references(loaded.value))
    return Result(loaded.value, faults)


def _no_layout(file: Path) -> Problem | None:
    """Tell that a file cannot be a layout; what a layout lacks is told elsewhere."""
    if not file.is_file():
        return Problem(NOT_A_LAYOUT, "there is no such file.", Where(str(file)))
    read = read_toml(file)
    if isinstance(read, Problem) or {TABLES, EXTENDS} & read.content.keys():
        return None
    what = "the file has no tables of a workbook."
    return Problem(NOT_A_LAYOUT, what, Where(str(file)))

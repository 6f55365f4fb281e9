"""All definitions at hand: the shipped ones, the user's own, and those beside a layout's file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbook_builder.definitions.extending import EXTENDS, TABLES
from workbook_builder.definitions.kinds import NOT_A_LAYOUT, UNKNOWN_MEASURE
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions, load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.definitions.toml_files import read_toml
from workbook_builder.outcomes import DEFAULT_LAYOUT, NO_LAYOUT
from workbook_builder.paths import layout_folders
from workbook_builder.problems import Problem, Result, Where, did_you_mean, listed


def known_definitions(layout: str = DEFAULT_LAYOUT) -> Result[Definitions]:
    """Return all definitions, the user's own before the shipped ones, and every fault in them.

    Of a file that is no layout nothing is taken.
    """
    file = Path(layout).absolute() if layout.endswith(".toml") else None
    fault = _no_layout(file) if file else None
    loaded = load_definitions(layout_folders(), None if fault else file)
    faults = (*((fault,) if fault else ()), *loaded.problems, *check_references(loaded.value))
    return Result(loaded.value, faults)


def layout_named(name_or_file: str, definitions: Definitions) -> Result[Layout | None]:
    """Return the layout of this name or file, or the problem that none is known by it."""
    name = Path(name_or_file).stem
    if name in definitions.layouts:
        return Result(definitions.layouts[name])
    hint = did_you_mean(name, definitions.layouts)
    known = f"Known: {listed(definitions.layouts)}."
    return Result(None, (Problem(NO_LAYOUT, f'the layout "{name}" is not known. {hint} {known}'),))


def only_parts_of(name: str, definitions: Definitions) -> Result[Definitions | None]:
    """Return the definitions with no other measures than this one and its parts, if it is known."""
    if name not in definitions.measures:
        hint = did_you_mean(name, definitions.measures)
        what = f'the measure "{name}" is not known. {hint}'.strip()
        return Result(None, (Problem(UNKNOWN_MEASURE, what, advice="Correct the name."),))
    parts = {part: definitions.measures[part] for part in definitions.with_parts([name])}
    return Result(replace(definitions, measures=parts))


def _no_layout(file: Path) -> Problem | None:
    """Tell that a file cannot be a layout; what a layout lacks is told elsewhere."""
    if not file.is_file():
        return Problem(NOT_A_LAYOUT, "there is no such file.", Where(str(file)))
    read = read_toml(file)
    if isinstance(read, Problem) or {TABLES, EXTENDS} & read.content.keys():
        return None
    what = "the file has no tables of a workbook."
    return Problem(NOT_A_LAYOUT, what, Where(str(file)))

"""The logo of a layout's theme, read from beside the file that defines the theme."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.inheritance import EXTENDS, TABLES
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions, load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.definitions.toml_files import read_toml
from workbook_builder.paths import layout_folders
from workbook_builder.problem_catalogue import NO_LAYOUT, NOT_A_LAYOUT, UNKNOWN_MEASURE
from workbook_builder.problems import Problem, Result, Where, did_you_mean, listed

DEFAULT_LAYOUT = "board"


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


LARGEST = 2_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_HEADER = b"IHDR"


def read_logo(layout: Layout, definitions: Definitions) -> Result[bytes]:
    """Return the bytes of a PNG picture, or nothing where there is no logo or it cannot be used."""
    theme = definitions.themes.get(layout.theme)
    if theme is None or not theme.logo:
        return Result(b"")
    where = definitions.where("themes", theme.name, "logo")
    try:
        with (Path(where.file).parent / theme.logo).open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        what = f'the picture "{theme.logo}" cannot be opened.'
        return Result(b"", (Problem(catalogue.NO_LOGO, what, where, _DONE),))
    if not content.startswith(_PNG) or content[12:16] != _HEADER or len(content) > LARGEST:
        what = f'"{theme.logo}" is no PNG picture of at most {LARGEST // 1_000_000} MB.'
        return Result(b"", (Problem(catalogue.NO_LOGO, what, where, _DONE),))
    return Result(content)


_DONE = "The workbook was written without a logo."

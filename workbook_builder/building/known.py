"""All definitions at hand: the shipped ones, the user's own, and those beside a layout's file."""

from __future__ import annotations

from pathlib import Path

from workbook_builder.definitions.library import Definitions, load_definitions
from workbook_builder.definitions.references import check_references
from workbook_builder.outcomes import DEFAULT_LAYOUT
from workbook_builder.paths import layout_folders
from workbook_builder.problems import Result


def known_definitions(layout: str = DEFAULT_LAYOUT) -> Result[Definitions]:
    """Return all definitions, the user's own before the shipped ones, and every fault in them."""
    file = Path(layout) if layout.endswith(".toml") else None
    loaded = load_definitions(layout_folders(), file)
    return Result(loaded.value, (*loaded.problems, *check_references(loaded.value)))

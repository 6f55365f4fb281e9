"""Where the files that come with the program lie, installed or in a checkout."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """Return the folder that comes with the program ("layouts", "sample_inputs").

    An installed program carries it inside the package; a checkout has it at its top.
    """
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def program_version() -> str:
    """Return the version of the program, from the one place that states it (pyproject.toml)."""
    return installed_version("workbook-builder")

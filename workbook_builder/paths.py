"""Where the files that come with the program lie, installed or in a checkout."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """Return the folder that comes with the program ("layouts", "sample_inputs").

    An installed program carries it inside the package; a checkout has it at its top.
    """
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def layout_folders() -> tuple[Path, ...]:
    """Return the layouts folders that exist, the shipped one first, the user's own last.

    The user's own is the folder "layouts" beside the packaged program.
    """
    own = Path(sys.executable).parent / "layouts"
    packaged = bool(getattr(sys, "frozen", False))
    return (shipped("layouts"), *([own] if packaged and own.is_dir() else []))


def program_version() -> str:
    """Return the version of the program, from the one place that states it (pyproject.toml)."""
    return installed_version("workbook-builder")

"""Where the files that come with the program lie, installed, packaged or in a checkout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_own_layouts = ContextVar("_own_layouts", default=True)


def shipped(folder: str) -> Path:
    """Return the folder that comes with the program ("layouts", "sample_inputs").

    An installed program carries it inside the package; a checkout has it at its top.
    """
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def licences() -> Path:
    """Return the folder with the licences of all that a packaged program carries."""
    beside = _program_folder() / "LICENCES"
    return beside if beside.is_dir() else _PACKAGE.parent / "LICENCES"


def layout_folders() -> tuple[Path, ...]:
    """Return the layouts folders that exist, the shipped one first, the user's own last.

    A packaged program has two for the user's own: "layouts" beside the program, for all who use
    it, and "Workbook Builder/layouts" in the user's documents.
    """
    own = own_layout_folders() if _own_layouts.get() else ()
    return (shipped("layouts"), *(folder for folder in own if folder.is_dir()))


def own_layout_folders() -> tuple[Path, ...]:
    """Return where the user's own layouts are looked for; in a checkout nowhere."""
    if not getattr(sys, "frozen", False):
        return ()
    from platformdirs import user_documents_path  # noqa: PLC0415 (asks Windows)

    documents = user_documents_path() / "Workbook Builder"
    return _program_folder() / "layouts", documents / "layouts"


@contextmanager
def without_own_layouts() -> Iterator[None]:
    """Let the program know only the layouts that came with it, as its test of itself needs."""
    token = _own_layouts.set(False)
    try:
        yield
    finally:
        _own_layouts.reset(token)


def same_place(path: Path) -> Path:
    """Return the one path by which a file is known, whichever way led to it.

    Windows does not tell for a path that is too long for it; that stays as it is.
    """
    try:
        return path.resolve()
    except OSError:
        return path.absolute()


def program_version() -> str:
    """Return the version of the program, from the one place that states it (pyproject.toml)."""
    from importlib.metadata import version  # noqa: PLC0415 (slow, and the window never asks)

    return version("workbook-builder")


def _program_folder() -> Path:
    return Path(sys.executable).parent

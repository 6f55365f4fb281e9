"""Find the program's files and the user's own layouts; tell the content of files apart."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True)
class Fingerprint:
    """The size of a file in bytes, its SHA-256, and the day and time at which it was last saved.

    All of a file that was not read are missing: None, or blank.
    """

    size: int | None = None
    sha256: str = ""
    modified: str = ""

    @property
    def day(self) -> date | None:
        """The day on which it was last saved, if that is known."""
        return date.fromisoformat(self.modified[:10]) if self.modified else None


def fingerprint_of(path: Path, content: bytes) -> Fingerprint:
    """Return the fingerprint of a file that was just read; `content` is all of it."""
    return fingerprint_of_digest(path, hashlib.sha256(content).hexdigest(), len(content))


def fingerprint_of_digest(path: Path, digest: str, size: int) -> Fingerprint:
    """Return the fingerprint of a file that was just read, by its SHA-256 and its size in bytes."""
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    except OSError:  # it went away meanwhile, but what was read of it is known
        modified = ""
    return Fingerprint(size, digest, modified)


#: The folder of shipped definitions, and of those inside the user's own folder.
LAYOUTS = "layouts"

#: The folder of the made-up extracts that come with the program.
SAMPLE = "sample_inputs"

#: The files of definitions that are no layouts, by their names.
NAMED_DEFINITIONS = (
    "council.toml", "parameters.toml", "themes.toml", "targets.toml", "benchmarks.toml",
    "teams.toml",
)  # fmt: skip

_PACKAGE = Path(__file__).resolve().parent
_with_user_layouts = ContextVar("_with_user_layouts", default=True)


def shipped(folder: str) -> Path:
    """Return a folder that comes with the program ("layouts", "docs", "sample_inputs").

    An installed program carries it inside the package; a checkout has it at its top.
    """
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def licences() -> Path:
    """Return the folder with the licences of everything that a packaged program carries."""
    beside = Path(sys.executable).parent / "LICENCES"
    return beside if beside.is_dir() else _PACKAGE.parent / "LICENCES"


def layout_folders() -> tuple[Path, ...]:
    """Return the folders of definitions that exist, the shipped one first, the user's last."""
    folders = user_layout_folders() if _with_user_layouts.get() else ()
    return (shipped(LAYOUTS), *(folder for folder in folders if folder.is_dir()))


def user_layout_folders() -> tuple[Path, ...]:
    """Return where definitions of the user's own are looked for, whether there are any or not.

    "layouts" beside a packaged program is for all who use it. The user's own folder holds the
    council's profile, and "layouts" in it everything else.
    """
    packaged = getattr(sys, "frozen", False)
    beside = (Path(sys.executable).parent / LAYOUTS,) if packaged else ()
    return (*beside, own_folder(), own_folder() / LAYOUTS)


def own_folder() -> Path:
    """Return the folder for the user's own definitions, "Workbook Builder" in their documents.

    The variable WORKBOOK_BUILDER_FOLDER names another.
    """
    if named := os.environ.get("WORKBOOK_BUILDER_FOLDER"):
        return Path(named)
    from platformdirs import user_documents_path  # noqa: PLC0415 (asks Windows)

    return user_documents_path() / "Workbook Builder"


def own_layouts() -> Path:
    """Return a person's own folder of layouts; it is made where it is asked for first.

    Where it cannot be made, whoever looks into it says so.
    """
    folder = own_folder() / LAYOUTS
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def without_user_layouts() -> Iterator[None]:
    """Let the program know only the layouts that came with it, as its self-test needs."""
    token = _with_user_layouts.set(False)
    try:
        yield
    finally:
        _with_user_layouts.reset(token)


def same_place(path: Path) -> Path:
    """Return the canonical path of a file, the same whichever way led to it.

    Windows cannot resolve a path that is too long for it; that is only made absolute.
    """
    try:
        return path.resolve()
    except OSError:
        return path.absolute()


def program_version() -> str:
    """Return the version of the program, which only pyproject.toml states."""
    from importlib.metadata import version  # noqa: PLC0415 (slow, and the window never asks)

    return version("workbook-builder")

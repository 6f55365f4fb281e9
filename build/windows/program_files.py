"""What the installers install: the finished program's folder as a tree, in the order of names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

#: How long a path below the program's folder may be, so that it fits below any person's folder
#: on a PC that knows no long paths (260 signs).
LONGEST = 150


class TooLong(Exception):
    """A path that would not fit on a PC that knows no long paths."""


@dataclass(frozen=True)
class Folder:
    """A folder of the program: its path below the program's own, its files and folders."""

    path: PureWindowsPath
    files: tuple[Path, ...]
    folders: tuple[Folder, ...]

    def walk(self) -> Iterator[Folder]:
        """Return this folder and all below it, each before those inside it."""
        yield self
        for folder in self.folders:
            yield from folder.walk()


def read_folder(folder: Path, path: PureWindowsPath | None = None) -> Folder:
    """Read the tree of a folder. Raises TooLong."""
    here = path or PureWindowsPath()
    inside = sorted(folder.iterdir(), key=lambda one: one.name)
    for one in inside:
        if len(str(here / one.name)) > LONGEST:
            raise TooLong(str(here / one.name))
    return Folder(
        here,
        tuple(one for one in inside if one.is_file()),
        tuple(read_folder(one, here / one.name) for one in inside if one.is_dir()),
    )

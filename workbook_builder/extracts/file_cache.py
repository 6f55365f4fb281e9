"""Files as they were read, kept until they change, so that none is read twice.

The window looks at each file as it is dropped; Build then takes its records from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from workbook_builder.readers.limits import MOST_KEPT_MB


class HasSize(Protocol):
    """Something that takes memory."""

    def size(self) -> int:
        """Return the bytes of memory that it takes, as far as they matter."""


R = TypeVar("R", bound=HasSize)
D = TypeVar("D")

#: The size of a file in bytes and the time of its last change in nanoseconds.
_Stamp = tuple[int, int]


class FileCache(Generic[D, R]):
    """What was read of each file by some definitions.

    A file that has another size or time of change, and all files once the definitions are others,
    are read again. A cache that keeps nothing is for a single reading, which then takes less
    memory; one that is full keeps nothing more.
    """

    #: The bytes of memory that a cache may take.
    most = MOST_KEPT_MB * 1_000_000

    def __init__(self, *, keeps: bool = True) -> None:
        self._keeps = keeps
        self._definitions: D | None = None
        self._files: dict[Path, tuple[_Stamp, R]] = {}

    def __contains__(self, path: Path) -> bool:
        return path in self._files

    def get(self, path: Path, definitions: D, read: Callable[[Path, D], R]) -> R:
        """Return what was read of a file, or read and keep it."""
        if self._definitions is not definitions and self._definitions != definitions:
            self._files.clear()
        self._definitions = definitions
        stamp = _stamp(path)
        kept = self._files.pop(path, None)
        content = kept[1] if kept and kept[0] == stamp else read(path, definitions)
        # A file with another stamp by now was changed while it was read.
        if self._keeps and stamp and stamp == _stamp(path):
            used = sum(other.size() for _, other in self._files.values())
            if used + content.size() <= self.most:
                self._files[path] = (stamp, content)
        return content

    def keep_only(self, paths: Iterable[Path]) -> None:
        """Let go of all other files."""
        wanted = set(paths)
        self._files = {path: file for path, file in self._files.items() if path in wanted}


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns

"""Files as they were read, kept until they change, so that none is read twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

from workbook_builder.readers.limits import MOST_KEPT_MB

T = TypeVar("T")
K = TypeVar("K")

_Stamp = tuple[int, int]


class Shelf(Generic[K, T]):
    """What was made of each file by what is known: definitions and the like.

    A file that has another size or time of change, and all files once something else is known, are
    read again. A shelf that keeps nothing is for a single reading, which then takes less memory;
    one that is full keeps nothing more.
    """

    #: The bytes of memory that a shelf may take.
    most = MOST_KEPT_MB * 1_000_000

    def __init__(self, *, keeps: bool = True) -> None:
        self._keeps = keeps
        self._known: K | None = None
        self._made: dict[Path, tuple[_Stamp, T, int]] = {}

    def __contains__(self, path: Path) -> bool:
        return path in self._made

    def get(self, path: Path, known: K, make: Callable[[Path, K], T]) -> T:
        """Return what was made of a file, or make and keep it."""
        if self._known is not known and self._known != known:
            self._made.clear()
        self._known = known
        stamp = _stamp(path)
        kept = self._made.get(path)
        if kept and kept[0] == stamp:
            return kept[1]
        made = make(path, known)
        self._made.pop(path, None)
        # A file with another stamp by now was changed while it was read.
        if self._keeps and stamp and stamp == _stamp(path):
            self._keep(path, stamp, made)
        return made

    def weight(self, made: T) -> int:
        """Return the bytes of memory that something takes, as far as they matter."""
        return 0

    def _keep(self, path: Path, stamp: _Stamp, made: T) -> None:
        weight = self.weight(made)
        if weight + sum(one for *_, one in self._made.values()) <= self.most:
            self._made[path] = (stamp, made, weight)

    def keep_only(self, paths: Iterable[Path]) -> None:
        """Let go of all other files."""
        wanted = set(paths)
        self._made = {path: made for path, made in self._made.items() if path in wanted}


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns

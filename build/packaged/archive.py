"""Archives and checksums that come out the same for the same files."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

SUMS = "SHA256SUMS"
#: The least and most time that an archive can hold.
_FIRST, _LAST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2107, 12, 31, tzinfo=UTC)
_ON_UNIX = 3


def commit_time() -> datetime:
    """Return the time that SOURCE_DATE_EPOCH states, which stands for the commit's."""
    stated = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    return min(max(stated, _FIRST), _LAST)


def write_zip(folder: Path, archive: Path, when: datetime) -> None:
    """Pack a folder, under its own name, in the order of names and all of one time."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in _files(folder):
            inside = file.relative_to(folder.parent).as_posix()
            entry = zipfile.ZipInfo(inside, when.timetuple()[:6])
            entry.create_system = _ON_UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _mode(file) << 16
            content = os.fsencode(file.readlink()) if file.is_symlink() else file.read_bytes()
            packed.writestr(entry, content)


def write_sums(files: Iterable[Path], into: Path) -> None:
    """Write the checksums of files, in the form of sha256sum, into a folder above them."""
    lines = [f"{_sum(file)}  {file.relative_to(into).as_posix()}\n" for file in sorted(files)]
    (into / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def write_sums_inside(folder: Path) -> None:
    """Write the checksums of all files in a folder into it."""
    write_sums([file for file in _files(folder) if file != folder / SUMS], folder)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_symlink() or file.is_file())


def _mode(file: Path) -> int:
    """Return the mode of a file whoever wrote it: a link, a program or a plain file."""
    if file.is_symlink():
        return stat.S_IFLNK | 0o777
    runs = os.access(file, os.X_OK) and os.name == "posix"
    return stat.S_IFREG | (0o755 if runs else 0o644)


def _sum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

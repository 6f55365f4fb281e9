"""Bytes onto disk in one step: the old file stays whole until the new one takes its place."""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from workbook_builder.problems import Kind, Level, Problem, Result, Where
from workbook_builder.unfinished import put_in_place

CANNOT_WRITE = Kind("W001", Level.ERROR, "The workbook cannot be written",
                    "Close it if it is open in Excel, check the folder, or choose another "
                    "place.")  # fmt: skip
LOCKED = Kind("W002", Level.WARNING, "The workbook is open in another program",
              "Close it there and build again, or use the new file.")  # fmt: skip
LEFT_ALONE = Kind("W003", Level.WARNING, "Another month's workbook is in the way",
                  "Nothing to do, or give another name.")  # fmt: skip

ALL = (CANNOT_WRITE, LOCKED, LEFT_ALONE)

#: The files by which LibreOffice and Excel tell others that they have a workbook open.
_LOCKS = (".~lock.{}#", "~${}")


def is_locked(path: Path) -> bool:
    """Tell whether another program has a file open, or it may not be written for another reason."""
    if not path.is_file():
        return False
    if any((path.parent / lock.format(path.name)).exists() for lock in _LOCKS):
        return True
    try:
        with path.open("r+b"):
            return False
    except OSError:
        return True


def beside(path: Path) -> Path:
    """Return the first free name beside a file: "board (2).xlsx"."""
    names = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(2))
    return next(name for name in names if not name.exists())


def write_workbook(path: Path, content: bytes, *, beside_if_locked: bool) -> Result[Path | None]:
    """Write a workbook and return where it stands; None where that cannot be.

    Another program may have opened the old file since it was looked at.
    """
    fault = _replaced(path, content)
    if isinstance(fault, PermissionError) and path.exists() and beside_if_locked:
        other = beside(path)
        if _replaced(other, content) is None:
            what = "the file is open in another program."
            done = f"It was left as it is; the new workbook is {other.name}."
            return Result(other, (Problem(LOCKED, what, Where(str(path)), done),))
    return Result(None, (_problem(path, fault),)) if fault else Result(path)


_PART = ".part"
_LONGEST_STEM = 40
#: Seconds after which an unfinished file is nobody's any more; one is written in a few.
_OLD = 3600


def part_start(process: int | str) -> str:
    """Return how the name of a file begins that a process has not finished yet."""
    return f".workbook-{process}-"


def _part_of(path: Path, process: str, quoted: Callable[[str], str] = str) -> str:
    """Return how the name of a file's unfinished form begins; names may not be long everywhere."""
    return f".workbook-{process}-{quoted(path.stem[:_LONGEST_STEM])}-"


def clear_parts(folder: Path, process: int) -> None:
    """Take away what a process that was stopped left unfinished in a folder."""
    for part in folder.glob(f"{part_start(process)}*{_PART}"):
        part.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes) -> Problem | None:
    """Write a file beside its place and move it there; a failure leaves things as they were."""
    fault = _replaced(path, content)
    return _problem(path, fault) if fault else None


def _replaced(path: Path, content: bytes) -> OSError | None:
    part = path.with_name(f"{_part_of(path, f'{os.getpid()}')}{secrets.token_hex(4)}{_PART}")
    try:
        _remove_left_over(path)
        put_in_place(content, part, path, _usual_mode(path))
    except OSError as fault:
        part.unlink(missing_ok=True)
        return fault
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return None


def _remove_left_over(path: Path) -> None:
    """Remove what runs that were killed while they wrote left unfinished in a folder.

    That is what bears the name of this file; of another name it may be in the making just now, on
    another computer perhaps, unless it is old.
    """
    same = _part_of(path, "*", glob.escape)
    for left in path.parent.glob(f"{part_start('*')}*{_PART}"):
        with contextlib.suppress(OSError):
            if left.match(f"{same}*") or time.time() - left.stat().st_mtime > _OLD:
                left.unlink()


def _usual_mode(path: Path) -> int:
    """Return the rights that the old file had, or those that a new file would be given."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _problem(path: Path, fault: OSError) -> Problem:
    if not path.parent.is_dir():
        what = f'the folder "{path.parent}" does not exist.'
    else:
        what = f"the workbook could not be written ({fault.strerror or fault})."
    return Problem(CANNOT_WRITE, what, Where(str(path)), done="Nothing was changed.")

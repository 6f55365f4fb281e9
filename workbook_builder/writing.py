"""Bytes onto disk in one step: the old file stays whole until the new one takes its place."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import time
from itertools import count
from pathlib import Path

from workbook_builder.problems import Kind, Level, Problem, Result, Where
from workbook_builder.unfinished import is_abandoned, put_in_place

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


_START, _PART = ".workbook-", ".part"
#: The names of all unfinished files, and of nothing that a person would make.
_UNFINISHED = re.compile(rf"{re.escape(_START)}\d+-.+-[0-9a-f]{{8}}{re.escape(_PART)}", re.DOTALL)
_LONGEST_STEM = 40
#: Seconds after which an unfinished file is nobody's any more; one is written in a few.
_OLD = 3600


def part_start(process: int) -> str:
    """Return how the name of a file begins that a process has not finished yet."""
    return f"{_START}{process}-"


def _part_of(path: Path) -> Path:
    """Return a new place for a file's unfinished form; names may not be long everywhere."""
    named = f"{part_start(os.getpid())}{path.stem[:_LONGEST_STEM]}-{secrets.token_hex(4)}{_PART}"
    return path.with_name(named)


def clear_parts(folder: Path, process: int) -> None:
    """Take away what a process that was stopped left unfinished in a folder."""
    for part in folder.glob(f"{part_start(process)}*{_PART}"):
        part.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes) -> Problem | None:
    """Write a file beside its place and move it there; a failure leaves things as they were."""
    fault = _replaced(path, content)
    return _problem(path, fault) if fault else None


def _replaced(path: Path, content: bytes) -> OSError | None:
    part = _part_of(path)
    try:
        _remove_left_over(path.parent)
        put_in_place(content, part, path, _usual_mode(path))
    except OSError as fault:
        part.unlink(missing_ok=True)
        return fault
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return None


def _remove_left_over(folder: Path) -> None:
    """Remove what runs that were killed while they wrote left unfinished in a folder.

    What somebody is still writing, perhaps on another computer, stays unless it is old.
    """
    for left in folder.glob(f"{_START}*{_PART}"):
        with contextlib.suppress(OSError):
            if _UNFINISHED.fullmatch(left.name) and _is_nobodys(left):
                left.unlink()


def _is_nobodys(part: Path) -> bool:
    told = part.lstat()
    is_old = time.time() - told.st_mtime > _OLD
    return stat.S_ISREG(told.st_mode) and (is_old or is_abandoned(part))


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

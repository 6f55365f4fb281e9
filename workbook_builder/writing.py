"""Bytes onto disk in one step: the old file stays whole until the new one takes its place."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from workbook_builder.problems import Kind, Level, Problem, Where

CANNOT_WRITE = Kind("W001", Level.ERROR, "The workbook cannot be written",
                    "Close it if it is open in Excel, check the folder, or choose another "
                    "place with --out.")  # fmt: skip


_PART = ".part"


def part_start(process: int) -> str:
    """Return how the name of a file begins that a process has not finished yet."""
    return f".workbook-{process}-"


def clear_parts(folder: Path, process: int) -> None:
    """Take away what a process that was stopped left unfinished in a folder."""
    for part in folder.glob(f"{part_start(process)}*{_PART}"):
        part.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes) -> Problem | None:
    """Write a file beside its place and move it there; a failure leaves things as they were."""
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=part_start(os.getpid()), suffix=_PART, delete=False
        ) as unfinished:
            part = Path(unfinished.name)
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        part.chmod(_usual_mode(path))
        part.replace(path)
    except OSError as fault:
        if part:
            part.unlink(missing_ok=True)
        return _problem(path, fault)
    except BaseException:
        if part:
            part.unlink(missing_ok=True)
        raise
    return None


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

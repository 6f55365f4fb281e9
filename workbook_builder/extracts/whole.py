"""A path in, the bytes of the whole file out, or why they could not be had."""

from __future__ import annotations

from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.extracts.bounds import file_too_large
from workbook_builder.problems import Problem, Where


def whole_content(path: Path) -> bytes | Problem:
    """Read a file; one that changes or goes away meanwhile is a problem, never half a file."""
    try:
        before = path.stat()
        problem = file_too_large(path.name, before.st_size)
        if problem:
            return problem
        content = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        return _changing(path, "the file went away before it was read.")
    except PermissionError:
        return _unopened(path, "you have no right to read the file.")
    except OSError:
        return _unopened(path, "the file cannot be opened.")
    if (before.st_size, before.st_mtime_ns) != (len(content), after.st_mtime_ns):
        return _changing(path, "the file was changed while it was read.")
    return content


def _changing(path: Path, what: str) -> Problem:
    return Problem(catalogue.CHANGING, what, Where(path.name), "File left out.")


def _unopened(path: Path, what: str) -> Problem:
    return Problem(catalogue.CANNOT_OPEN, what, Where(path.name), "File left out.")

"""The bytes of a workbook in, the cells of its sheets as text out."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from python_calamine import CalamineError, PasswordError

from workbook_builder.extracts import kinds
from workbook_builder.extracts.apart import Bounds, Unreadable, Why, sheets_read_apart
from workbook_builder.extracts.bounds import (
    MOST_CELL_TEXT_MB_APART,
    MOST_CELLS,
    MOST_CELLS_APART,
    cell_text_too_large_apart,
    cells_too_many,
    reaches_too_far,
    too_large_to_read_apart,
)
from workbook_builder.extracts.calamine import RawSheet, as_texts, raw_sheets
from workbook_builder.extracts.grids import cells_of
from workbook_builder.extracts.marks import Marks, SheetMarks
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.notes import notes_of
from workbook_builder.extracts.packages import looked_through
from workbook_builder.extracts.xls_marks import xls_marks
from workbook_builder.problems import Problem, Where

_BOUNDS_APART = Bounds(MOST_CELLS_APART, MOST_CELL_TEXT_MB_APART * 1_000_000)
_FAULTS_OF_READING = (
    CalamineError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError,
)  # fmt: skip


def read_workbook(file: str, content: bytes) -> tuple[Grid, ...] | Problem:
    """Read the cells of all sheets, hidden ones too, or say why the workbook cannot be read."""
    try:
        return _read(file, content)
    except PasswordError:
        return locked(file)
    except Unreadable as fault:
        return _FAULTS_APART[fault.why](file)
    except _FAULTS_OF_READING:
        return damaged(file)
    except BaseException as fault:
        # A failed assertion inside calamine arrives as this exception, which cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
        return damaged(file)


def locked(file: str) -> Problem:
    """Return the problem that a workbook needs a password."""
    what = "the workbook is protected with a password."
    return Problem(kinds.PASSWORD, what, Where(file), "File left out.")


def damaged(file: str) -> Problem:
    """Return the problem that a workbook cannot be read."""
    return Problem(kinds.DAMAGED, "the workbook is damaged.", Where(file), "File left out.")


_FAULTS_APART: Mapping[Why, Callable[[str], Problem]] = {
    Why.LOCKED: locked,
    Why.DAMAGED: damaged,
    Why.TOO_LARGE: cell_text_too_large_apart,
}


def _read(file: str, content: bytes) -> tuple[Grid, ...] | Problem:
    plain = _is_plain(content)
    problem = None if plain else too_large_to_read_apart(file, len(content))
    if problem:
        return problem
    marks = looked_through(file, content) if content.startswith(b"PK") else Marks()
    if isinstance(marks, Problem):
        return marks
    grids: list[Grid] = []
    sheets = raw_sheets(content) if plain else sheets_read_apart(content, _BOUNDS_APART)
    most = MOST_CELLS if plain else MOST_CELLS_APART
    if not content.startswith(b"PK"):
        marks = xls_marks(content)
    cells = 0
    for sheet in sheets:
        cells += sheet.height * sheet.width
        where = Where(file, sheet.name)
        problem = reaches_too_far(where, sheet.height, sheet.width, most) or cells_too_many(
            file, cells, most
        )
        if problem:
            return problem
        grids.append(_grid(file, sheet, marks))
    return tuple(grids)


def _is_plain(content: bytes) -> bool:
    """Tell an .xlsx, which has been looked through, from the kinds that can end the process."""
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _grid(file: str, sheet: RawSheet, marks: Marks) -> Grid:
    marked = marks.sheets.get(sheet.name, SheetMarks())
    cells = cells_of(sheet.rows, marked.errors, as_texts)
    grid = Grid(file, sheet.name, cells, from_1904=marks.from_1904)
    return replace(grid, notes=notes_of(grid, marked, sheet_hidden=sheet.hidden))

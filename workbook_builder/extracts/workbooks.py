"""The bytes of a workbook in, the cells of its sheets as text out."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import replace

from python_calamine import CalamineError, PasswordError

from workbook_builder.extracts import kinds
from workbook_builder.extracts.apart import Unreadable, sheets_read_apart
from workbook_builder.extracts.bounds import MOST_CELLS, reaches_too_far
from workbook_builder.extracts.calamine import RawSheet, raw_sheets
from workbook_builder.extracts.grids import cells_of
from workbook_builder.extracts.marks import Marks, SheetMarks
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.notes import notes_of
from workbook_builder.extracts.packages import looked_through
from workbook_builder.extracts.xls_marks import xls_marks
from workbook_builder.problems import Problem, Where

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
        return locked(file) if fault.locked else damaged(file)
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


def _read(file: str, content: bytes) -> tuple[Grid, ...] | Problem:
    marks = looked_through(file, content) if content.startswith(b"PK") else Marks()
    if isinstance(marks, Problem):
        return marks
    grids: list[Grid] = []
    sheets = raw_sheets(content) if _is_plain(content) else sheets_read_apart(content, MOST_CELLS)
    if not content.startswith(b"PK"):
        marks = xls_marks(content)
    cells = 0
    for sheet in sheets:
        cells += sheet.height * sheet.width
        problem = reaches_too_far(Where(file, sheet.name), sheet.height, sheet.width)
        if problem or cells > MOST_CELLS:
            return problem or _too_many(file, cells)
        grids.append(_grid(file, sheet, marks))
    return tuple(grids)


def _is_plain(content: bytes) -> bool:
    """Tell an .xlsx, which has been looked through, from the kinds that can end the process."""
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _too_many(file: str, cells: int) -> Problem:
    what = f"the sheets reach over {cells:,} cells together; at most {MOST_CELLS:,} are read."
    return Problem(kinds.TOO_LARGE, what, Where(file), "File left out.")


def _grid(file: str, sheet: RawSheet, marks: Marks) -> Grid:
    marked = marks.sheets.get(sheet.name, SheetMarks())
    cells = cells_of(sheet.rows, marked.errors)
    grid = Grid(file, sheet.name, cells, from_1904=marks.from_1904)
    return replace(grid, notes=notes_of(grid, marked, sheet_hidden=sheet.hidden))

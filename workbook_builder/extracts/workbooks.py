"""The bytes of a workbook in, the cells of its sheets as text out."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.columns.table import Cells
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
from workbook_builder.extracts.calamine import as_texts, raw_sheet, worksheets
from workbook_builder.extracts.cells_decoded import texts_of, with_other_sheets
from workbook_builder.extracts.grids import cells_of
from workbook_builder.extracts.marks import Marks
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
    return Problem(catalogue.PASSWORD, what, Where(file), "File left out.")


def damaged(file: str) -> Problem:
    """Return the problem that a workbook cannot be read."""
    return Problem(catalogue.DAMAGED, "the workbook is damaged.", Where(file), "File left out.")


_FAULTS_APART: Mapping[Why, Callable[[str], Problem]] = {
    Why.LOCKED: locked,
    Why.DAMAGED: damaged,
    Why.TOO_LARGE: cell_text_too_large_apart,
}


def _read(file: str, content: bytes) -> tuple[Grid, ...] | Problem:
    if _is_plain(content):
        marks = looked_through(file, content)
        return marks if isinstance(marks, Problem) else _plain_grids(file, content, marks)
    problem = too_large_to_read_apart(file, len(content))
    if problem:
        return problem
    marks = looked_through(file, content) if content.startswith(b"PK") else xls_marks(content)
    if isinstance(marks, Problem):
        return marks
    book = _Grids(file, marks, MOST_CELLS_APART)
    for sheet in sheets_read_apart(content, _BOUNDS_APART):
        problem = book.beyond(sheet.name, sheet.height, sheet.width)
        if problem:
            return problem
        cells = cells_of(sheet.rows, marks.of(sheet.name).errors, as_texts)
        book.add(sheet.name, cells, hidden=sheet.hidden)
    return tuple(book.grids)


def _plain_grids(file: str, content: bytes, marks: Marks) -> tuple[Grid, ...] | Problem:
    """Read an .xlsx, of its plain sheets each different cell once."""
    book = _Grids(file, marks, MOST_CELLS)
    plain = {one.part: one.cells for one in marks.sheets.values() if one.cells}
    different = {part: cells.different() for part, cells in plain.items()}
    counts = {part: len(cells) for part, cells in different.items()}
    whole = with_other_sheets(content, different) if different else io.BytesIO(content)
    del different  # which may take much memory
    with CalamineWorkbook.from_filelike(whole) as workbook:
        del whole
        for one in worksheets(workbook):
            marked = marks.of(one.name)
            streamed = plain.get(marked.part)
            raw = raw_sheet(one)
            reach = (streamed or raw).height, (streamed or raw).width
            problem = book.beyond(one.name, *reach)
            if problem:
                return problem
            if streamed:
                behind = ["", *marked.errors.values()]
                texts = texts_of(one.sheet, counts[marked.part], behind)
                cells = streamed.cells(texts, marked.errors)
            else:
                cells = cells_of(raw.rows, marked.errors, as_texts)
            book.add(one.name, cells, hidden=one.hidden)
    return tuple(book.grids)


def _is_plain(content: bytes) -> bool:
    """Tell an .xlsx, which has been looked through, from the kinds that can end the process."""
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" in archive.namelist()


class _Grids:
    """The sheets of a workbook as they are read."""

    def __init__(self, file: str, marks: Marks, most: int) -> None:
        self._file, self._marks, self._most = file, marks, most
        self._cells = 0
        self.grids: list[Grid] = []

    def beyond(self, sheet: str, height: int, width: int) -> Problem | None:
        """Return the problem that with this sheet there are too many cells, if so."""
        self._cells += height * width
        where = Where(self._file, sheet)
        return reaches_too_far(where, height, width, self._most) or cells_too_many(
            self._file, self._cells, self._most
        )

    def add(self, sheet: str, cells: Cells, *, hidden: bool) -> None:
        """Add a sheet, with what is worth saying of it."""
        grid = Grid(self._file, sheet, cells, from_1904=self._marks.from_1904)
        notes = notes_of(grid, self._marks.of(sheet), sheet_hidden=hidden)
        self.grids.append(replace(grid, notes=notes))

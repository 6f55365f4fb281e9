"""What the workbooks of all formats share: facts on their cells, their grids and their problems."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from python_calamine import CalamineError, PasswordError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, Where
from workbook_builder.readers.grid import Grid, Place, frame_of_rows
from workbook_builder.readers.limits import (
    MOST_SANDBOX_CELLS,
    MOST_SANDBOX_TEXT_MB,
    cell_text_too_large_for_sandbox,
    cells_too_many,
    reaches_too_far,
    too_large_for_sandbox,
)
from workbook_builder.readers.sandbox import (
    Failure,
    SandboxError,
    SandboxLimits,
    SheetRows,
    as_texts,
    read_in_sandbox,
)

#: Stands in a cell whose formula was saved without its result.
NO_RESULT = "#FORMULA!"

_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
           "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!")  # fmt: skip

#: A whole cell that is an Excel error, or that is filled with # because a column was too narrow.
ERROR_TEXT = rf"(?:{'|'.join(map(re.escape, _ERRORS))}|Err:\d{{3}}|{NO_RESULT}|#{{2,}})"

#: The errors of the binary formats by their number ([MS-XLS] 2.5.10, BErr).
ERROR_CODES: Mapping[int, str] = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip

_SANDBOX_LIMITS = SandboxLimits(MOST_SANDBOX_CELLS, MOST_SANDBOX_TEXT_MB * 1_000_000)
_READING_FAULTS = (
    CalamineError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError,
)  # fmt: skip


@dataclass(eq=False)
class SheetMetadata:
    """What calamine does not tell of a sheet: errors, hidden rows, and how far it reaches.

    `errors` are cells with an Excel error, and formulas without a result, by their place.
    `hidden_rows` count from 1, as `last_row` and `last_column` do; 0 is none, or not looked for.
    """

    errors: dict[Place, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    filtered: bool = False
    last_row: int = 0
    last_column: int = 0


@dataclass(frozen=True, eq=False)
class WorkbookMetadata:
    """The metadata of the sheets by their names, and whether days are counted from 1904."""

    sheets: Mapping[str, SheetMetadata] = field(default_factory=dict)
    from_1904: bool = False


def read_guarded(file: str, read: Callable[[], list[Grid] | Problem]) -> list[Grid] | Problem:
    """Run the reader of a workbook; what it raises over a broken one becomes a problem."""
    try:
        return read()
    except PasswordError:
        return locked(file)
    except _READING_FAULTS:
        return damaged(file)
    except SandboxError as fault:
        if fault.failure is Failure.TOO_LARGE:
            return cell_text_too_large_for_sandbox(file)
        return locked(file) if fault.failure is Failure.LOCKED else damaged(file)
    except BaseException as fault:
        # A failed assertion inside calamine arrives as this exception, which cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
        return damaged(file)


def read_sandboxed(
    file: str, content: bytes, find_metadata: Callable[[], WorkbookMetadata | Problem]
) -> list[Grid] | Problem:
    """Read a workbook of an old or rare format in the sandbox process, or say why it cannot be."""

    def read() -> list[Grid] | Problem:
        problem = too_large_for_sandbox(file, len(content))
        if problem:
            return problem
        metadata = find_metadata()
        if isinstance(metadata, Problem):
            return metadata
        sheets = read_in_sandbox(content, _SANDBOX_LIMITS)
        return grids_of(file, sheets, metadata, MOST_SANDBOX_CELLS)

    return read_guarded(file, read)


def sheet_too_far(file: str, metadata: WorkbookMetadata) -> Problem | None:
    """Return the problem that a sheet reaches so far that reading it would fill the memory."""
    for name, sheet in metadata.sheets.items():
        where = Where(file, name)
        problem = reaches_too_far(where, sheet.last_row, max(sheet.last_column, 1))
        if problem:
            return problem
    return None


def grids_of(
    file: str, sheets: Iterable[SheetRows], metadata: WorkbookMetadata, most_cells: int
) -> list[Grid] | Problem:
    """Return the grids of sheets with their notes, or the problem that they have too many cells."""
    grids: list[Grid] = []
    cells = 0
    for sheet in sheets:
        known = metadata.sheets.get(sheet.name) or SheetMetadata()
        # Calamine leaves out formulas without a result at the edge of a sheet.
        height = max([sheet.height, *(row for row, _ in known.errors)])
        width = max([sheet.width, *(column + 1 for _, column in known.errors)])
        cells += height * width
        where = Where(file, sheet.name)
        problem = reaches_too_far(where, height, width, most_cells) or cells_too_many(
            file, cells, most_cells
        )
        if problem:
            return problem
        frame = frame_of_rows(sheet.rows, known.errors, as_texts)
        grid = Grid(file, sheet.name, frame, from_1904=metadata.from_1904)
        grids.append(replace(grid, notes=notes_on(grid, known, sheet_hidden=sheet.hidden)))
    return grids


def notes_on(
    grid: Grid, metadata: SheetMetadata, *, sheet_hidden: bool = False
) -> tuple[Problem, ...]:
    """Return the notes on a hidden sheet, on hidden rows and on days that count from 1904."""
    notes: list[Problem] = []
    if sheet_hidden:
        what = "the sheet is hidden."
        notes.append(Problem(catalogue.HIDDEN, what, grid.where(), "It was read all the same."))
    rows = tuple(row for row in metadata.hidden_rows if row <= len(grid.cells))
    if rows:
        by = "a filter hides" if metadata.filtered else "the sheet hides"
        what = f"{by} {'this row' if len(rows) == 1 else 'these rows'}."
        notes.append(Problem(catalogue.HIDDEN, what, grid.where(rows), "It was read all the same."))
    if grid.from_1904:
        what = "the workbook counts its days from 1904, not from 1900."
        notes.append(Problem(catalogue.FROM_1904, what, grid.where(), "Dates were read that way."))
    return tuple(notes)


def locked(file: str) -> Problem:
    """Return the problem that a workbook needs a password."""
    what = "the workbook is protected with a password."
    return Problem(catalogue.PASSWORD, what, Where(file), "File left out.")


def damaged(file: str) -> Problem:
    """Return the problem that a workbook cannot be read."""
    return Problem(catalogue.DAMAGED, "the workbook is damaged.", Where(file), "File left out.")

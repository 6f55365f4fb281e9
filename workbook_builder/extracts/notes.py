"""What is worth saying of a sheet that is read, though nothing of it is left out."""

from __future__ import annotations

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.extracts.marks import SheetMarks
from workbook_builder.extracts.model import Grid
from workbook_builder.problems import Problem


def notes_of(grid: Grid, marks: SheetMarks, *, sheet_hidden: bool = False) -> tuple[Problem, ...]:
    """Return the notes on a hidden sheet, on hidden rows and on days that count from 1904."""
    notes: list[Problem] = []
    if sheet_hidden:
        what = "the sheet is hidden."
        notes.append(Problem(catalogue.HIDDEN, what, grid.where(), "Read like any other."))
    rows = tuple(row for row in marks.hidden if row <= len(grid.cells))
    if rows:
        by = "a filter hides" if marks.filtered else "the sheet hides"
        what = f"{by} {'this row' if len(rows) == 1 else 'these rows'}."
        notes.append(Problem(catalogue.HIDDEN, what, grid.where(rows), "Read like any other."))
    if grid.from_1904:
        what = "the workbook counts its days from 1904, not from 1900."
        notes.append(
            Problem(catalogue.FROM_1904, what, grid.where(), "Days were read accordingly.")
        )
    return tuple(notes)

"""A sheet that a person said the dataset of in, its headings by that word out."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.assignments import Assignment, headings_mark
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.headings import lacking, places_of
from workbook_builder.extracts.model import Grid, Headings, Row
from workbook_builder.names import same_name
from workbook_builder.problems import Problem

Assignments = Mapping[str, Assignment]


def likely_headings(grid: Grid) -> Row | None:
    """Return the row that is most likely that of the headings: the first with most plain words.

    Records nearly always hold digits (identifiers, days, numbers), and headings hardly ever do.
    """
    rows = [row for row in grid.top if _words(row)]
    return max(rows, key=_words, default=None)  # the first of those that have as many


def recognise_assigned(
    grid: Grid, datasets: Mapping[str, Dataset], assignments: Assignments
) -> Headings | Problem | None:
    """Return the headings of a sheet by what a person said of it; None if nobody said anything."""
    row = likely_headings(grid) if assignments else None
    assignment = assignments.get(headings_mark(row.texts)) if row else None
    if row is None or assignment is None or assignment.dataset not in datasets:
        return None
    dataset = datasets[assignment.dataset]
    said = {column: same_name(text) for column, text in assignment.columns.items()}
    found = Headings(dataset, row.number, row.texts, places_of(row, dataset, said))
    return lacking(grid, found) or found


def assigned_note(grid: Grid, headings: Headings) -> Problem:
    """Return the note that a sheet was read as a person said."""
    what = f'this was read as "{headings.dataset.title}", as it was assigned by hand.'
    return Problem(catalogue.ASSIGNED, what, grid.where((headings.row,)))


def _words(row: Row) -> int:
    return sum(any(mark.isalpha() for mark in text) and not any(mark.isdigit() for mark in text)
               for text in row.texts)  # fmt: skip

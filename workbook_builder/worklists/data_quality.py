"""The data quality list: which rows were left out or not judged, and what to correct.

It names files, rows and columns, and no value of any cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.record_problems import LEFT_OUT
from workbook_builder.measures.listed_records import NOT_TOLD, Counts, RecordList
from workbook_builder.problems import Level, Problem

#: What says that a cell holds something which cannot be used, so that it is not merely blank.
_UNREADABLE = frozenset({
    catalogue.UNREADABLE_CELL, catalogue.SCIENTIFIC_ID, catalogue.UNKNOWN_VALUE,
    catalogue.MONTH_FIRST, catalogue.ERROR_CELL, catalogue.NO_RESULT, catalogue.CELL_TOO_LONG,
    catalogue.NO_DAY,
})  # fmt: skip

_BLANK = "The cell is blank"
_NOT_JUDGED = "Record kept, but not judged by the measures named here."
_FILL_IT = "Fill the cell in the case management system, if it is known, and run the report again."


@dataclass(frozen=True)
class QualityRow:
    """One row of an extract, or one cell of it, that somebody should look at.

    `measures` are the titles of those that cannot judge the record without the cell.
    """

    file: str
    sheet: str
    row: int
    column: str
    matter: str
    done: str
    correct: str
    measures: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str, int, str]:
        """File, sheet, row and column."""
        return self.file, self.sheet, self.row, self.column


def unreadable_cells(problems: Iterable[Problem]) -> frozenset[tuple[str, str, int, str]]:
    """Return the file, sheet, row and heading of every cell that holds what cannot be read."""
    return frozenset(
        (problem.where.file, problem.where.sheet, row, problem.where.column)
        for problem in problems
        if problem.kind in _UNREADABLE
        for row in problem.where.rows
    )


def quality_rows(
    problems: Iterable[Problem],
    sheets: Sequence[Sheet],
    lists: Iterable[tuple[str, RecordList]],
) -> tuple[QualityRow, ...]:
    """Return the rows that were left out, and those that lists cannot judge, by their place.

    `lists` are the records behind measures, with the title of each measure. A cell about which
    several things are to be said has a row for each. What was read as it stands, and what stands in
    two extracts and counts once, is not among them.
    """
    files = {sheet.file for sheet in sheets}
    rows = list(_left_out(problem for problem in problems if problem.where.file in files))
    at_fault = {row.place: number for number, row in enumerate(rows)}
    doubts: dict[tuple[tuple[str, str, int, str], str], dict[str, None]] = {}
    for title, records in lists:
        for record in records.records:
            place = (record.file, record.sheet, record.row)
            matters = [((*place, heading), _BLANK) for heading in record.unknown]
            is_unknown = record.counts is Counts.NOT_JUDGED and record.why != NOT_TOLD
            if not matters and is_unknown:
                matters = [((*place, ""), record.why)]
            for doubt in matters:
                doubts.setdefault(doubt, {})[title] = None
    for (cell, matter), titles in doubts.items():
        if cell in at_fault:
            number = at_fault[cell]
            rows[number] = replace(rows[number], measures=tuple(titles))
        else:
            rows.append(QualityRow(*cell, matter, _NOT_JUDGED, _FILL_IT, tuple(titles)))
    return tuple(sorted(rows, key=lambda row: (row.place, row.matter)))


def _left_out(problems: Iterable[Problem]) -> Iterator[QualityRow]:
    for problem in dict.fromkeys(problems):
        where = problem.where
        matters = problem.level >= Level.WARNING or problem.done == LEFT_OUT
        for row in where.rows if matters else ():
            yield QualityRow(where.file, where.sheet, row, where.column, problem.kind.title,
                             problem.done, problem.to_do)  # fmt: skip

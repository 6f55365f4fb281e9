"""The checks: every problem of the build, and values that no code list knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbook_builder.problems import Kind, Level, Problem, Where, counted
from workbook_builder.sheets.listing import Listing, Value, listing, widths
from workbook_builder.sheets.plan import Cell, Sheet, Text
from workbook_builder.sheets.titles import SECTION_HEIGHT, TITLE_HEIGHTS, titles

NAME = "Checks"
PROBLEMS_TABLE = "t_problems"
UNKNOWN_TABLE = "t_unknown_values"
SUMMARY_TABLE = "t_checks"

_COLUMNS = (
    ("Level", 11.0), ("Code", 9.0), ("File", 30.0), ("Where", 40.0), ("What happened", 60.0),
    ("What was done", 40.0), ("What to do", 50.0),
)  # fmt: skip
_UNKNOWN_COLUMNS = (
    ("Cells", 11.0), ("List", 9.0), ("From file", 30.0), ("Column", 40.0), ("Value", 60.0),
)  # fmt: skip
_SUMMARY_COLUMNS = (
    ("Level", 11.0), ("Code", 9.0), ("What it means", 30.0), ("How many", 40.0),
)  # fmt: skip
_WORDS = {Level.ERROR: "Error", Level.WARNING: "Warning", Level.NOTE: "Note"}

#: A value that stands in fewer cells is not shown: it might be somebody's own words.
_OFTEN = 3
#: Enough to find the rows in the file; a whole column of faults would fill the sheet.
_ROWS_SHOWN = 40


@dataclass(frozen=True)
class Unknown:
    """A value that a code list does not know, where it stands, and in how many cells."""

    file: str
    sheet: str
    column: str
    codes: str
    value: str
    cells: int


def checks_sheet(problems: Sequence[Problem], unknown: Sequence[Unknown]) -> Sheet:
    """Lay out the problems, the worst first: how many of each kind, then each by itself.

    Below them stand the values that map to nothing.
    """
    ordered = sorted(problems, key=lambda problem: -problem.level)
    summary = listing(SUMMARY_TABLE, 2, _SUMMARY_COLUMNS, list(_summary(ordered)))
    listed = listing(PROBLEMS_TABLE, summary.end + 2, _COLUMNS, [_problem(one) for one in ordered])
    lists = [summary, listed]
    heads = [(summary.end + 1, "Each problem")]
    if unknown:
        heads.append((listed.end + 1, "Values that no code list knows"))
        lists.append(_unknown_values(unknown, listed.end + 2))
    return Sheet(
        name=NAME,
        cells=(
            *titles(NAME, "What was found in the extracts, and what was done about it"),
            *(Cell(row, 0, Text(text), "section") for row, text in heads),
            *(cell for one in lists for cell in one.cells),
        ),
        widths=widths(_COLUMNS),
        heights=(
            *TITLE_HEIGHTS,
            *((row, SECTION_HEIGHT) for row, _ in heads),
            *(height for one in lists for height in one.heights),
        ),
        tables=tuple(one.table for one in lists),
    )


def _summary(problems: Iterable[Problem]) -> Iterator[list[Value]]:
    kinds: dict[Kind, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.kind, []).append(problem)
    for kind, found in kinds.items():
        rows = sum(len(problem.where.rows) for problem in found)
        in_rows = f", {counted(rows, 'row')}" if rows else ""
        how_many = f"{counted(len(found), 'problem')}{in_rows}"
        yield [_WORDS[kind.level], kind.code, kind.title, how_many]


def _problem(problem: Problem) -> list[Value]:
    where = problem.where
    inside = Where("", where.sheet, where.rows, where.column, where.line, where.key)
    return [
        _WORDS[problem.level],
        problem.code,
        where.file,
        inside.text(_ROWS_SHOWN),
        problem.what[:1].upper() + problem.what[1:],
        problem.done,
        problem.to_do,
    ]


def _unknown_values(unknown: Sequence[Unknown], first_row: int) -> Listing:
    return listing(UNKNOWN_TABLE, first_row, _UNKNOWN_COLUMNS, list(_shown(unknown)))


def _shown(unknown: Iterable[Unknown]) -> Iterator[list[Value]]:
    """Give values that stand often by themselves; of each column the rare ones in one row."""
    rare: dict[tuple[str, str, str], int] = {}
    for one in unknown:
        place = (one.codes, _place(one), one.column)
        if one.cells >= _OFTEN:
            yield [one.cells, *place, one.value]
        else:
            rare[place] = rare.get(place, 0) + one.cells
    for place, cells in rare.items():
        yield [cells, *place, f"(values that stand in fewer than {_OFTEN} cells)"]


def _place(one: Unknown) -> str:
    return f"{one.file}, {one.sheet}" if one.sheet else one.file

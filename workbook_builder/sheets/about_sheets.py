"""The Sources sheet: every file that was used, what became of its rows, and who built it when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbook_builder.problems import Level, Problem, ProblemKind, Where, counted
from workbook_builder.sheets.data_table import (
    SECTION_HEIGHT,
    TITLE_HEIGHTS,
    Listing,
    Value,
    listing,
    titles,
    widths,
)
from workbook_builder.sheets.plan import Cell, Link, Number, Picture, Sheet, Text, Width
from workbook_builder.sheets.text_height import lines_needed, row_height

CHECKS_SHEET = "Checks"
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
        name=CHECKS_SHEET,
        cells=(
            *titles(CHECKS_SHEET, "What was found in the extracts, and what was done about it"),
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
    kinds: dict[ProblemKind, list[Problem]] = {}
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


_WIDTHS = (34.0, 100.0)
_FIRST_ENTRY = 5
_LOGO_HEIGHT = 48.0

KEY = (
    ("RAG", "Green: the target is met. Amber: missed by less than the tolerance (see Notes). "
            "Red: missed by more. Rated on the values as printed."),
    ("Direction of travel", "Better, Same or Worse than last month, given which way is better."),
    ("Change on last month", "This month less last month. The arrow shows which way, not whether "
                             "that is good."),
    ("-", "Nothing to judge by: no target, no agreed better way, a blank month, or an indicator "
          "that this table does not judge."),
    ("Yellow, in italics", "A published figure that today's extracts would make another, or one "
                           "that was changed since. Its note says how; see the Revisions sheet."),
    ("Grey cell", "The figure is not known. The reason stands in the cell's note and on the Notes "
                  "sheet. A blank is never a zero."),
)  # fmt: skip


def cover_sheet(
    title: str,
    month: str,
    contents: Sequence[tuple[str, str]],
    written: str,
    logo: bytes = b"",
) -> Sheet:
    """Lay out the cover; `contents` are sheet names, each with a line on what it holds.

    `logo` is a PNG picture, if there is one.
    """
    key_row = _FIRST_ENTRY + len(contents) + 2
    cells = [
        *titles(title, f"Reporting month: {month}"),
        Cell(2, 0, Text(written), "subtitle"),
        Cell(_FIRST_ENTRY - 1, 0, Text("Contents"), "section"),
        Cell(key_row - 1, 0, Text("How to read the tables"), "section"),
    ]
    for row, (name, holds) in enumerate(contents, _FIRST_ENTRY):
        cells += [Cell(row, 0, Link(name, name), "link"), Cell(row, 1, Text(holds), "text")]
    for row, (name, meaning) in enumerate(KEY, key_row):
        cells += [Cell(row, 0, Text(name), "text"), Cell(row, 1, Text(meaning), "text")]
    entries = tuple(
        (row, row_height(lines_needed(text, _WIDTHS[1])))
        for first, entries in ((_FIRST_ENTRY, contents), (key_row, KEY))
        for row, (_, text) in enumerate(entries, first)
    )
    sections = ((_FIRST_ENTRY - 1, SECTION_HEIGHT), (key_row - 1, SECTION_HEIGHT))
    heights = (*TITLE_HEIGHTS, *sections, *entries)
    widths = (Width(0, 0, _WIDTHS[0]), Width(1, 1, _WIDTHS[1]))
    pictures = (Picture(0, 1, logo, "Logo", _LOGO_HEIGHT),) if logo else ()
    return Sheet("Cover", tuple(cells), widths, heights, pictures=pictures, one_page=True)


SOURCES_SHEET = "Sources"
TABLE = "t_sources"
BUILD_TABLE = "t_build"

_SOURCES_COLUMNS = (
    ("File", 34.0), ("Sheet", 22.0), ("Taken for", 30.0), ("Size in bytes", 14.0),
    ("Modified", 18.0), ("Rows read", 12.0), ("Rows kept", 12.0), ("Rows left out", 14.0),
    ("Why left out", 50.0), ("SHA-256", 68.0),
)  # fmt: skip
_BUILD_COLUMNS = (("What", 34.0), ("Value", 22.0))


@dataclass(frozen=True)
class SourceRow:
    """One sheet of one file, a file of which no sheet was used, or a table of a database.

    `modified` is the day and time at which it was last saved; a table has neither that nor a size.
    Rows are blank where none are counted.
    """

    file: str
    sheet: str
    taken_for: str
    size: int | None
    sha256: str
    modified: str
    rows_read: int | None = None
    rows_kept: int | None = None
    why: str = ""


def sources_sheet(sources: Sequence[SourceRow], build: Sequence[tuple[str, str]]) -> Sheet:
    """Lay out what was built, by what and when, and below it the files."""
    rows = [Text(text) for pair in build for text in pair]
    first = 3
    facts = [Cell(first + at // 2, at % 2, text, "data") for at, text in enumerate(rows)]
    listed_from = first + len(build) + 2
    listed = listing(TABLE, listed_from, _SOURCES_COLUMNS, [_row(one) for one in sources])
    heads = [Cell(2, 0, Text("This workbook"), "section"),
             Cell(listed_from - 1, 0, Text("Files"), "section")]  # fmt: skip
    return Sheet(
        name=SOURCES_SHEET,
        cells=(
            *titles(
                SOURCES_SHEET, "What this workbook was made from. Only counts, nothing of a record."
            ),
            *heads,
            *facts,
            *(_grouped(cell) for cell in listed.cells),
        ),
        widths=widths(_SOURCES_COLUMNS),
        heights=(*TITLE_HEIGHTS, *((head.row, SECTION_HEIGHT) for head in heads), *listed.heights),
        tables=(listed.table,),
        repeat_rows=(listed_from, listed_from),
    )


def _grouped(cell: Cell) -> Cell:
    """Write a number with commas between its thousands."""
    if not isinstance(cell.content, Number):
        return cell
    return cell._replace(style="figure", number_format="#,##0")


def _row(one: SourceRow) -> list[Value]:
    left = None
    if one.rows_read is not None and one.rows_kept is not None:
        left = one.rows_read - one.rows_kept
    return [
        one.file, one.sheet, one.taken_for, one.size, one.modified, one.rows_read, one.rows_kept,
        left, one.why, one.sha256,
    ]  # fmt: skip

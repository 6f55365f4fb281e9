"""The Sources sheet: every file that was used, what became of its rows, and who built it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_builder.sheets.listing import Value, listing, widths
from workbook_builder.sheets.plan import Cell, Number, Sheet, Text
from workbook_builder.sheets.titles import SECTION_HEIGHT, TITLE_HEIGHTS, titles

NAME = "Sources"
TABLE = "t_sources"
BUILD_TABLE = "t_build"

_COLUMNS = (
    ("File", 34.0), ("Sheet", 22.0), ("Taken for", 30.0), ("Size in bytes", 14.0),
    ("Modified", 18.0), ("Rows read", 12.0), ("Rows kept", 12.0), ("Rows left out", 14.0),
    ("Why left out", 50.0), ("SHA-256", 68.0),
)  # fmt: skip
_BUILD_COLUMNS = (("What", 34.0), ("Value", 22.0))


@dataclass(frozen=True)
class Source:
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


def sources_sheet(sources: Sequence[Source], build: Sequence[tuple[str, str]]) -> Sheet:
    """Lay out what was built, by what and when, and below it the files."""
    rows = [Text(text) for pair in build for text in pair]
    first = 3
    facts = [Cell(first + at // 2, at % 2, text, "data") for at, text in enumerate(rows)]
    listed_from = first + len(build) + 2
    listed = listing(TABLE, listed_from, _COLUMNS, [_row(one) for one in sources])
    heads = [Cell(2, 0, Text("This workbook"), "section"),
             Cell(listed_from - 1, 0, Text("Files"), "section")]  # fmt: skip
    return Sheet(
        name=NAME,
        cells=(
            *titles(NAME, "What this workbook was made from. Only counts, nothing of a record."),
            *heads,
            *facts,
            *(_grouped(cell) for cell in listed.cells),
        ),
        widths=widths(_COLUMNS),
        heights=(*TITLE_HEIGHTS, *((head.row, SECTION_HEIGHT) for head in heads), *listed.heights),
        tables=(listed.table,),
        repeat_rows=(listed_from, listed_from),
    )


def _grouped(cell: Cell) -> Cell:
    """Write a number with commas between its thousands."""
    if not isinstance(cell.content, Number):
        return cell
    return cell._replace(style="figure", number_format="#,##0")


def _row(one: Source) -> list[Value]:
    left = None
    if one.rows_read is not None and one.rows_kept is not None:
        left = one.rows_read - one.rows_kept
    return [
        one.file, one.sheet, one.taken_for, one.size, one.modified, one.rows_read, one.rows_kept,
        left, one.why, one.sha256,
    ]  # fmt: skip

"""How large an input may be, and the problems that name these limits.

They hold what a spreadsheet program could have written and keep a run under 2 GB of memory; what
lies beyond is no month of records but a mistake or an attack.
"""

from __future__ import annotations

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, Where

#: Excel's own limits.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384

#: Rows times columns of one file, as far as its sheets reach: a million rows of seven columns.
MOST_CELLS = 8_000_000
#: Megabytes (of a million bytes) of a file as it lies on the disk, of a text file, of a web page,
#: and of all parts of a workbook once unpacked.
MOST_FILE_MB = 300
MOST_TEXT_MB = 80
MOST_PAGE_MB = 60
#: The same of the XML of a return, which is streamed, and rows times columns of all its tables.
MOST_XML_MB = 1_500
MOST_XML_CELLS = 20_000_000
MOST_UNPACKED_MB = 700
#: Megabytes of different texts in the cells of a workbook, and of all texts: many cells may share
#: one long text, of which each holds a copy while the sheet is read.
MOST_CELL_TEXT_MB = 200
MOST_COPIED_TEXT_MB = 700
#: The same for the workbooks that the sandbox reads as a whole: .xls, .xlsb, .ods.
MOST_SANDBOX_CELLS = 3_000_000
MOST_SANDBOX_FILE_MB = 60
MOST_SANDBOX_UNPACKED_MB = 200
MOST_SANDBOX_TEXT_MB = 50
#: Megabytes of memory that the records of all files take as they are kept, and that those of one
#: dataset take where they are made whole, to find out which stand twice.
MOST_KEPT_MB = 500
MOST_OF_ONE_MB = 500
#: Characters of one line of a text file.
LONGEST_LINE = 5_000_000

_MB = 1_000_000


class LimitExceeded(Exception):
    """An input has more than is read; `problem` names the limit."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


def file_too_large(file: str, size: int) -> Problem | None:
    """Return the problem that a file has too many bytes, if it has."""
    return _over(file, size, MOST_FILE_MB, "the file")


def text_too_large(file: str, size: int) -> Problem | None:
    """Return the problem that a text file has too many bytes, if it has."""
    return _over(file, size, MOST_TEXT_MB, "the text file")


def xml_too_large(file: str, size: int) -> Problem | None:
    """Return the problem that the XML of a return has too many bytes, if it has."""
    return _over(file, size, MOST_XML_MB, "the XML file")


def page_too_large(file: str, size: int) -> Problem | None:
    """Return the problem that a web page has too many bytes, if it has."""
    return _over(file, size, MOST_PAGE_MB, "the web page")


def too_large_for_sandbox(file: str, size: int) -> Problem | None:
    """Return the problem that a workbook of an old or rare kind has too many bytes, if it has."""
    return _over(file, size, MOST_SANDBOX_FILE_MB, "a workbook of this kind (.xls, .xlsb, .ods)")


def unpacked_too_large(file: str, size: int, most_mb: int) -> Problem | None:
    """Return the problem that the parts of a workbook are too large once unpacked, if they are."""
    return _over(file, size, most_mb, "the workbook, once unpacked,")


def too_much_kept(file: str, size: int) -> Problem | None:
    """Return the problem that records fill too much of the memory with those of this file."""
    return _over(file, size, MOST_KEPT_MB, "what is read from this and earlier files")


def too_much_of_one(file: str, title: str, size: int) -> Problem | None:
    """Return the problem that the records of one dataset fill too much of the memory."""
    what = f'what is read as "{title}" from this and earlier files'
    return _over(file, size, MOST_OF_ONE_MB, what)


def cell_text_too_large(file: str, size: int, most_mb: int = MOST_CELL_TEXT_MB) -> Problem | None:
    """Return the problem that the cells of a workbook hold too much text, if they do."""
    return _over(file, size, most_mb, "the text in the cells of the workbook")


def cell_text_too_large_for_sandbox(file: str) -> Problem:
    """Return the problem that the cells of a workbook read in the sandbox hold too much text."""
    what = (f"the text in the workbook's cells has more than {MOST_SANDBOX_TEXT_MB} MB; "
            "save it as .xlsx.")  # fmt: skip
    return Problem(catalogue.TOO_LARGE, what, Where(file), "File left out.")


def cells_too_many(file: str, cells: int, most: int = MOST_CELLS) -> Problem | None:
    """Return the problem that the sheets of a file have too many cells together, if they have."""
    if cells <= most:
        return None
    what = f"the sheets have {cells:,} cells together; at most {most:,} are read."
    return Problem(catalogue.TOO_LARGE, what, Where(file), "File left out.")


def too_wide(where: Where, columns: int) -> Problem:
    """Return the problem that a sheet has too many columns."""
    return _reaching(where, f"{columns:,} columns", f"{MOST_COLUMNS:,} columns")


def too_long(where: Where, rows: int) -> Problem:
    """Return the problem that a sheet has too many rows."""
    return _reaching(where, f"{rows:,} rows", f"{MOST_ROWS:,} rows")


def reaches_too_far(
    where: Where, rows: int, columns: int, most_cells: int = MOST_CELLS
) -> Problem | None:
    """Return the problem that a sheet has too many rows, columns or cells, if it has."""
    if columns > MOST_COLUMNS:
        return too_wide(where, columns)
    if rows > MOST_ROWS:
        return too_long(where, rows)
    if rows * columns > most_cells:
        found = f"{rows:,} rows by {columns:,} columns (cell {column_letters(columns)}{rows})"
        return _reaching(where, found, f"{most_cells:,} cells")
    return None


def most_rows(columns: int, most_cells: int = MOST_CELLS) -> int:
    """Return how many rows a sheet of so many columns may have."""
    return min(MOST_ROWS, most_cells // columns) if columns <= MOST_COLUMNS else 0


def line_too_long(file: str, row: int) -> Problem:
    """Return the problem that a text file has a line that no report would write."""
    where = Where(file, rows=(row,))
    what = f"a line has more than {LONGEST_LINE:,} characters."
    return Problem(catalogue.TOO_LARGE, what, where, "File left out.")


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 1, as Excel shows them."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _over(file: str, size: int, limit: int, what: str) -> Problem | None:
    if size <= limit * _MB:
        return None
    found = f"{what} has {size / _MB:,.0f} MB; at most {limit:,} MB are read."
    return Problem(catalogue.TOO_LARGE, found, Where(file), "File left out.")


def _reaching(where: Where, found: str, limit: str) -> Problem:
    what = f"the sheet reaches too far: {found}; at most {limit} are read."
    return Problem(catalogue.TOO_WIDE, what, where, "File left out.")

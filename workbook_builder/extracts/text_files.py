"""The bytes of a text file in, its cells out: encoding and separator are found from the file."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.columns.table import Cells
from workbook_builder.extracts.bounds import (
    LONGEST_LINE,
    line_too_long,
    most_rows,
    reaches_too_far,
    text_too_large,
)
from workbook_builder.extracts.grids import cells_of
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.plain_lines import cells_of_lines
from workbook_builder.problems import Problem, Where

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_SAMPLE_BYTES = 4096
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\n', re.IGNORECASE)
#: A byte order mark; some programs write a second one.
_MARK = "\ufeff"
#: What is put behind a text to see whether it comes out as a row of its own. No text holds it.
_END = "\0"
# A longer cell than Excel's is reported where it stands, and must not stop the reader here.
csv.field_size_limit(LONGEST_LINE)


@dataclass(frozen=True)
class _Shape:
    """The separator of a text file and how many cells most of its rows have."""

    separator: str
    width: int


class _Beyond(Exception):
    """A text reaches beyond the bounds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


class _Open(Exception):
    """A quotation mark is opened in a row and never closed."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


def read_text_file(file: str, content: bytes) -> Grid | Problem:
    """Read the cells of a text file, or say why it is damaged."""
    problem = text_too_large(file, len(content))
    if problem:
        return problem
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        what = "the file holds NUL characters."
        row = text.count("\n", 0, text.index("\0")) + 1
        return Problem(catalogue.NUL_BYTES, what, Where(file, rows=(row,)), "File left out.")
    separators, text = _without_instruction(text.lstrip(_MARK))
    if row := _too_long_line(text):
        return line_too_long(file, row)
    shape = _shape(text, separators)
    width = _plain_width(text, shape)
    whole = text.encode()
    del text  # which may take four times the room
    # Nearly all texts are plain, and need not be walked through.
    cells = cells_of_lines(whole, shape.separator, width) if width else None
    return _odd_grid(file, whole.decode(), shape) if cells is None else Grid(file, "", cells)


def _without_instruction(text: str) -> tuple[tuple[str, ...], str]:
    """Return the separators that a text may have, and the text without the line that says which.

    Excel takes the line "sep=;" as an instruction and does not count it as a row.
    """
    stated = _SEPARATOR_LINE.match(text)
    return ((stated[1],), text[stated.end() :]) if stated else (SEPARATORS, text)


def _too_long_line(text: str) -> int:
    """Return the number of the first line that is longer than any is read; 0 if there is none."""
    at = 0
    while at + LONGEST_LINE < len(text):
        end = text.rfind("\n", at, at + LONGEST_LINE + 1)
        if end < 0:
            return text.count("\n", 0, at) + 1
        at = end + 1
    return 0


def decoded(content: bytes) -> str:
    """Read bytes as text: UTF-8, UTF-16 by its mark or its NULs, else Windows-1252."""
    encoding = _utf_16(content)
    if encoding:
        return content.decode(encoding, errors="replace").removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _utf_16(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if content.startswith(b"\xff\xfe") else "utf-16-be"
    sample = content[:_SAMPLE_BYTES]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if second > half * 0.6 and first < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if first > half * 0.6 and second < half * 0.1 else ""


def _shape(text: str, separators: tuple[str, ...]) -> _Shape:
    """Choose the separator that cuts most rows into the same number of cells."""
    sample = text[: _end_of_line(text, _SAMPLE_ROWS)]
    found = [(_most_common_width(sample, separator), separator) for separator in separators]
    (_, width), separator = max(found, key=lambda one: one[0])
    return _Shape(separator, width)


def _end_of_line(text: str, count: int) -> int:
    end = -1
    for _ in range(count):
        end = text.find("\n", end + 1)
        if end < 0:
            return len(text)
    return end


def _most_common_width(sample: str, separator: str) -> tuple[int, int]:
    """Return how many rows have the most common number of cells, and that number.

    Rows of one cell count as none: the separator does not cut them.
    """
    try:
        widths = Counter(len(row) for row in _rows(sample, separator) if row)
    except csv.Error:
        return 0, 1
    width, rows = max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
    return (rows, width) if width > 1 else (0, 1)


def _rows(text: str, separator: str, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(_lines(text), delimiter=separator, strict=strict)


def _lines(text: str) -> Iterator[str]:
    # Not io.StringIO, which takes four bytes a character.
    at = 0
    while (end := text.find("\n", at)) >= 0:
        yield text[at : end + 1]
        at = end + 1
    if at < len(text):
        yield text[at:]


def _plain_width(text: str, shape: _Shape) -> int:
    """Return how many columns a text of plain lines seems to have; 0 if it may not be plain."""
    if '"' in text:
        return 0
    sample = _rows(text[: _end_of_line(text, _SAMPLE_ROWS)], shape.separator)
    width = max(map(len, sample), default=0)
    return 0 if reaches_too_far(Where(""), text.count("\n") + 1, width) else width


def _odd_grid(file: str, text: str, shape: _Shape) -> Grid | Problem:
    """Read the cells of a text that must be walked through: long rows, or breaks in cells."""
    try:
        cells = cells_of(_bounded(file, _whole_rows(text, shape)))
    except csv.Error:
        return _open_quote(file, ())
    except _Open as fault:
        return _open_quote(file, (fault.row,))
    except _Beyond as fault:
        return fault.problem
    swallowed = _swallowing_rows(cells, text, shape)
    return _open_quote(file, swallowed) if swallowed else Grid(file, "", cells)


def _bounded(file: str, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield rows. Raises _Beyond."""
    width, most = 1, most_rows(1)
    for count, row in enumerate(rows, 1):
        if len(row) > width:
            width, most = len(row), most_rows(len(row))
        if count > most and (problem := reaches_too_far(Where(file), count, width)):
            raise _Beyond(problem)
        yield row


def _whole_rows(text: str, shape: _Shape) -> Iterator[list[str]]:
    """Yield the rows of a text. Raises _Open."""
    rows = csv.reader(itertools.chain(_lines(text), (_END,)), delimiter=shape.separator)
    count = 0
    for row in rows:
        if row == [_END]:
            return
        count += 1
        yield row
    raise _Open(count)


def _is_well_quoted(text: str, shape: _Shape) -> bool:
    try:
        for _ in _rows(text, shape.separator, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _swallowing_rows(cells: Cells, text: str, shape: _Shape) -> tuple[int, ...]:
    """Return the row where a stray quotation mark has drawn later rows into one cell, if any has.

    A cell may hold line breaks. It has swallowed rows when quotation marks do not pair up in the
    file, or when a line inside the cell is itself a whole row.
    """
    if text.count("\n") <= len(cells):
        return ()
    well_quoted = _is_well_quoted(text, shape)

    def swallows(cell: str) -> bool:
        return "\n" in cell and not (well_quoted and not _holds_whole_row(cell, shape))

    found = (cells.numbers(column.passing(swallows)) for column in cells.columns.values())
    return next((rows[:1] for rows in found if rows), ())


def _holds_whole_row(cell: str, shape: _Shape) -> bool:
    between = cell.split("\n")[1:-1]
    return shape.width >= 3 and any(
        line.count(shape.separator) == shape.width - 1 for line in between
    )


def _open_quote(file: str, rows: tuple[int, ...]) -> Problem:
    what = "a quotation mark is opened and never closed."
    return Problem(catalogue.OPEN_QUOTE, what, Where(file, rows=rows), "File left out.")

"""The bytes of a text file in, its cells out: encoding and separator are found from the file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from workbook_builder.extracts import kinds
from workbook_builder.extracts.bounds import (
    LONGEST_LINE,
    line_too_long,
    reaches_too_far,
    text_too_large,
)
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.plain_lines import columns_of_lines
from workbook_builder.extracts.texts import encoded, matching
from workbook_builder.problems import Problem, Where

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
#: Up to so many columns the texts of each go when it is numbered; that is work for every column
#: left, which of many columns would never end.
_FEW_COLUMNS = 200
_SAMPLE_BYTES = 4096
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\n', re.IGNORECASE)
#: A second byte order mark, which pandas takes for none.
_MARK = "\ufeff"
# A longer cell than Excel's is reported where it stands, and must not stop the reader here.
csv.field_size_limit(LONGEST_LINE)
_ROW_OF_QUOTE = re.compile(r"starting at row (\d+)")


@dataclass(frozen=True)
class _Shape:
    """The separator of a text file and how many cells most of its rows have."""

    separator: str
    width: int


@dataclass(frozen=True)
class _Look:
    """What a text seems to be: its lines, the cells of its widest row near the top, its quotes."""

    lines: int
    width: int
    quoted: bool


def read_text_file(file: str, content: bytes) -> Grid | Problem:
    """Read the cells of a text file, or say why it is damaged."""
    problem = text_too_large(file, len(content))
    if problem:
        return problem
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        what = "the file holds NUL characters."
        row = text.count("\n", 0, text.index("\0")) + 1
        return Problem(kinds.NUL_BYTES, what, Where(file, rows=(row,)), "File left out.")
    separators, text = _without_instruction(text)
    if row := _too_long_line(text):
        return line_too_long(file, row)
    shape = _shape(text, separators)
    look = _first_look(text, shape)
    whole = text.encode()
    del text  # which may take four times the room
    cells = _plain_cells(whole, shape, look) if look else None
    return _odd_grid(file, whole, shape) if cells is None else Grid(file, "", cells)


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


def _first_look(text: str, shape: _Shape) -> _Look | None:
    """Return how many rows and columns a text seems to have; None if it may not be plain."""
    lines = text.count("\n") + 1
    try:
        sample = _rows(text[: _end_of_line(text, _SAMPLE_ROWS)], shape.separator)
        width = max((len(row) for row in sample), default=0)
    except csv.Error:
        return None
    if reaches_too_far(Where(""), lines, width):
        return None
    return _Look(lines, width, quoted='"' in text or text.startswith(_MARK))


def _plain_cells(whole: bytes, shape: _Shape, look: _Look) -> pd.DataFrame | None:
    """Return the cells of a text each line of which is a row no wider than the first ones.

    Nearly all are, and need not be walked through beforehand. None if this one may not be.
    """
    if look.width and not look.quoted:
        return columns_of_lines(whole, shape.separator, look.width)
    try:
        cells = _cells(whole, shape, look.width)
    except pd.errors.ParserError:
        return None
    return cells if look.lines - 1 <= len(cells) else None


def _odd_grid(file: str, whole: bytes, shape: _Shape) -> Grid | Problem:
    """Read the cells of a text that must be walked through: long rows, or breaks in cells."""
    text = whole.decode()
    well_quoted = _is_well_quoted(text, shape)
    try:
        rows, width = _reach(text, shape)
        problem = reaches_too_far(Where(file), rows, width)
        if problem:
            return problem
        cells = _cells(whole, shape, width)
    except (csv.Error, pd.errors.ParserError) as fault:
        row = _ROW_OF_QUOTE.search(str(fault))
        return _open_quote(file, (int(row[1]) + 1,) if row else ())
    swallowed = _swallowing_rows(cells, text, shape, well_quoted=well_quoted)
    return _open_quote(file, swallowed) if swallowed else Grid(file, "", cells)


def _is_well_quoted(text: str, shape: _Shape) -> bool:
    if '"' not in text:
        return True
    try:
        for _ in _rows(text, shape.separator, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _reach(text: str, shape: _Shape) -> tuple[int, int]:
    """Return how many rows there are, and how many cells the longest has."""
    rows = width = 0
    for row in _rows(text, shape.separator):
        rows += 1
        width = max(width, len(row))
    return rows, width


def _cells(whole: bytes, shape: _Shape, width: int) -> pd.DataFrame:
    # pandas must be told the width beforehand: it refuses rows longer than the first.
    cells: pd.DataFrame = pd.read_csv(
        io.BytesIO(whole), encoding="utf-8", sep=shape.separator, header=None,
        names=list(range(max(width, 1))),
        index_col=False, dtype=object, keep_default_na=False, na_filter=False,
        skip_blank_lines=False, engine="c",
    )  # fmt: skip
    cells.index = index = pd.RangeIndex(1, len(cells) + 1)
    made = {}
    for column in range(max(width, 1)):
        made[column] = encoded(cells[column])
        if width <= _FEW_COLUMNS:
            del cells[column]
    return pd.DataFrame(made, index=index, copy=False)


def _swallowing_rows(
    cells: pd.DataFrame, text: str, shape: _Shape, *, well_quoted: bool
) -> tuple[int, ...]:
    """Return the row where a stray quotation mark has drawn later rows into one cell, if any has.

    A cell may hold line breaks. It has swallowed rows when quotation marks do not pair up in the
    file, or when a line inside the cell is itself a whole row.
    """
    if text.count("\n") <= len(cells):
        return ()
    for column in cells:
        broken = cells[column][matching(cells[column], lambda cell: "\n" in cell)]
        whole = matching(broken, lambda cell: _holds_whole_row(cell, shape))
        rows = broken.index if not well_quoted else broken.index[whole]
        if len(rows):
            return (int(rows[0]),)
    return ()


def _holds_whole_row(cell: str, shape: _Shape) -> bool:
    between = cell.split("\n")[1:-1]
    return shape.width >= 3 and any(
        line.count(shape.separator) == shape.width - 1 for line in between
    )


def _open_quote(file: str, rows: tuple[int, ...]) -> Problem:
    what = "a quotation mark is opened and never closed."
    return Problem(kinds.OPEN_QUOTE, what, Where(file, rows=rows), "File left out.")

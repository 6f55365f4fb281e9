"""Read a text file (CSV and its like) into a grid; encoding and separator are found from it."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, Where
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.limits import (
    LONGEST_LINE,
    line_too_long,
    most_rows,
    reaches_too_far,
    text_too_large,
)

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_SAMPLE_BYTES = 4096
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\n', re.IGNORECASE)
#: A byte order mark; some programs write a second one.
_MARK = "\ufeff"
#: The line below the headings of a list in columns of fixed width, as SQL*Plus writes it.
_RULE = re.compile(r"^-{2,}(?: +-+)+ *$", re.MULTILINE)
#: How reports keep the zeros of a text from Excel: ="00123".
_TEXT_FORMULA = re.compile(r'^="([^"]*)"$')
#: What is put behind a text to see whether it comes out as a row of its own. No text holds it.
_END = "\0"
# A longer cell than Excel's is reported where it stands, and must not stop the reader here.
csv.field_size_limit(LONGEST_LINE)


@dataclass(frozen=True)
class _Dialect:
    """The separator of a text file and how many cells most of its rows have."""

    separator: str
    width: int


def read(file: str, content: bytes) -> list[Grid] | Problem:
    """Read the cells of a text file, or say why it is damaged or too large.

    A row number counts rows as Excel does: a cell may hold line breaks, a blank line is a row, and
    the line "sep=;" is none.
    """
    problem = text_too_large(file, len(content))
    if problem:
        return problem
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    if _END in text:
        what = "the file holds NUL characters."
        row = text.count("\n", 0, text.index(_END)) + 1
        return Problem(catalogue.NUL_BYTES, what, Where(file, rows=(row,)), "File left out.")
    text = text.lstrip(_MARK)
    separators: tuple[str, ...] = SEPARATORS
    if stated := _SEPARATOR_LINE.match(text):
        separators = (stated[1],)
        text = text[stated.end() :]
    if row := _too_long_line(text):
        return line_too_long(file, row)
    if rule := _RULE.search(text[:_SAMPLE_BYTES]):
        text = _with_tabs(text, [part.start() for part in re.finditer("-+", rule[0])])
        separators = ("\t",)
    dialect = _find_dialect(text, separators)
    width = _plain_width(text, dialect)
    encoded = text.encode()
    del text  # which may take four times the room
    cells = _read_cells(file, encoded, dialect.separator, width)
    if isinstance(cells, Problem):
        return cells
    if problem := _swallowed_rows(file, encoded, cells, dialect):
        return problem
    if b'="' in encoded:
        cells = cells.replace(_TEXT_FORMULA, r"\1", regex=True)
    return [Grid(file, "", cells)]


def decode(content: bytes) -> str:
    """Read bytes as text: UTF-8, UTF-16 by its mark or its NULs, else Windows-1252."""
    sample = content[:_SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    encoding = ""
    if content.startswith(b"\xff\xfe"):
        encoding = "utf-16-le"
    elif content.startswith(b"\xfe\xff"):
        encoding = "utf-16-be"
    elif odd > half * 0.6 and even < half * 0.1:
        encoding = "utf-16-le"
    elif even > half * 0.6 and odd < half * 0.1:
        encoding = "utf-16-be"
    if encoding:
        return content.decode(encoding, errors="replace").removeprefix(_MARK)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _with_tabs(text: str, starts: Sequence[int]) -> str:
    """Return a list in columns of fixed width with tabs between its cells."""
    ends = [*starts[1:], None]
    return "\n".join(
        "\t".join(
            line[start:end].strip() for start, end in zip([0, *starts[1:]], ends, strict=True)
        )
        if line.strip()
        else ""
        for line in text.replace("\t", " ").split("\n")
    )


def _too_long_line(text: str) -> int:
    """Return the number of the first line that is longer than any is read; 0 if there is none."""
    start = 0
    while start + LONGEST_LINE < len(text):
        end = text.rfind("\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            return text.count("\n", 0, start) + 1
        start = end + 1
    return 0


def _find_dialect(text: str, separators: tuple[str, ...]) -> _Dialect:
    """Choose the separator that cuts most of the first rows into the same number of cells."""
    end = -1
    for _ in range(_SAMPLE_ROWS):
        end = text.find("\n", end + 1)
        if end < 0:
            end = len(text)
            break
    sample = text[:end]

    def rows_and_width(separator: str) -> tuple[int, int]:
        # Rows of one cell count as none: the separator does not cut them.
        try:
            rows = csv.reader(_lines(sample), delimiter=separator)
            widths = Counter(len(row) for row in rows if row)
        except csv.Error:
            return 0, 1
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return (count, width) if width > 1 else (0, 1)

    best = max(separators, key=rows_and_width)  # the first of equal ones
    return _Dialect(best, rows_and_width(best)[1])


def _lines(text: str) -> Iterator[str]:
    # Not io.StringIO, which takes four bytes a character.
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start : end + 1]
        start = end + 1
    if start < len(text):
        yield text[start:]


def _plain_width(text: str, dialect: _Dialect) -> int:
    """Return how many cells the longest of the first rows has; 0 if the text may be too large."""
    try:
        rows = csv.reader(_lines(text), delimiter=dialect.separator)
        width = max(map(len, itertools.islice(rows, _SAMPLE_ROWS)), default=0) or 1
    except csv.Error:  # a cell is longer than any is read
        return 0
    return 0 if reaches_too_far(Where(), text.count("\n") + 1, width) else width


def _read_cells(file: str, encoded: bytes, separator: str, width: int) -> pd.DataFrame | Problem:
    """Cut a text into cells; `width` is that of the first rows, 0 if all must be looked at."""
    if not encoded:
        return pd.DataFrame(index=pd.RangeIndex(1, 1), dtype=object)
    try:
        if width:
            return _parse(encoded, separator, width)
    except pd.errors.ParserError:
        pass  # a later row is longer, or a quotation mark is open
    widest = _walk(file, encoded.decode(), separator)
    return widest if isinstance(widest, Problem) else _parse(encoded, separator, widest)


def _parse(encoded: bytes, separator: str, width: int) -> pd.DataFrame:
    """Cut a text into cells. Raises ParserError over an open quotation mark or a longer row.

    A first row that is longer than `width` would be cut short in silence.
    """
    cells = pd.read_csv(
        io.BytesIO(encoded),
        sep=separator,
        header=None,
        names=range(width),
        index_col=False,
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        engine="c",
        low_memory=False,
    )
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    return cells


def _walk(file: str, text: str, separator: str) -> int | Problem:
    """Walk through the rows of a text; return how many cells the longest has.

    That it reaches too far, or that a quotation mark is opened and never closed, is a problem.
    """
    # So that a last line which is a lone quotation mark is open, too.
    ended = (line if line.endswith("\n") else f"{line}\n" for line in _lines(text))
    lines = itertools.chain(ended, (_END,))
    width, most, count = 1, most_rows(1), 0
    try:
        for row in csv.reader(lines, delimiter=separator):
            if row == [_END]:
                return width
            count += 1
            if len(row) > width:
                width, most = len(row), most_rows(len(row))
            if count > most and (problem := reaches_too_far(Where(file), count, width)):
                return problem
    except csv.Error:  # a cell is longer than any is read
        return _open_quote(file, ())
    return _open_quote(file, (count,))


def _swallowed_rows(
    file: str, encoded: bytes, cells: pd.DataFrame, dialect: _Dialect
) -> Problem | None:
    """Return the problem that a stray quotation mark has drawn later rows into one cell.

    A cell may hold line breaks. It has swallowed rows when quotation marks do not pair up in the
    file, or when a line inside the cell is itself a whole row.
    """
    if encoded.count(b"\n") <= len(cells):
        return None
    try:
        for _ in csv.reader(_lines(encoded.decode()), delimiter=dialect.separator, strict=True):
            pass
        well_quoted = True
    except csv.Error:
        well_quoted = False

    def holds_whole_row(cell: str) -> bool:
        separators = dialect.width - 1
        between = cell.split("\n")[1:-1]
        return separators >= 2 and any(
            line.count(dialect.separator) == separators for line in between
        )

    for column in cells:
        for row, cell in enumerate(cells[column], 1):
            if "\n" not in cell:
                continue
            if len(cell) > LONGEST_LINE:
                return _open_quote(file, ())
            if not well_quoted or holds_whole_row(cell):
                return _open_quote(file, (row,))
    return None


def _open_quote(file: str, rows: tuple[int, ...]) -> Problem:
    what = "a quotation mark is opened and never closed."
    return Problem(catalogue.OPEN_QUOTE, what, Where(file, rows=rows), "File left out.")

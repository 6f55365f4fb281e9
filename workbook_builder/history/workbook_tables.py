"""Read the tables of an earlier workbook, as people and programs leave them.

Tables are found by name and columns by heading, wherever somebody has moved them. Cells are read as
texts, months and numbers, and names of measures as keys, those that they had formerly too.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbook_builder.definitions.measures import Measure
from workbook_builder.extracts.dates import read_month
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, ProblemKind, Where, counted, did_you_mean

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.table import Table as OpenpyxlTable
    from openpyxl.worksheet.worksheet import Worksheet

#: What may be in a cell; formulas are read as the value that was last worked out for them.
Value = str | float | bool | datetime | date | time | timedelta | None

#: A workbook of ours is a few megabytes when unpacked, even with years of figures in it.
MOST_UNPACKED_BYTES = 400_000_000
_TABLE_PARTS = re.compile(r"xl/tables/[^/]+\.(?:xml|bin)|content\.xml", re.IGNORECASE)
_HEADING_ROWS = 40
_DISPLAY_NAME = re.compile(rb"""(displayName=["'])([^"']*)(["'])""")
_TABLE_NAMES = re.compile(rb"""(\s(?:n|displayN)ame=["'])([^"']*)(["'])""")
_FIRST_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_RENAMED = re.compile(r"__again\d+$")


@dataclass(frozen=True)
class WorkbookRow:
    """One row of a table: its number as a person counts, and its cells by folded heading."""

    number: int
    cells: Mapping[str, Value]


@dataclass(frozen=True)
class WorkbookTable:
    """A table of a workbook; `headings` are the headings as written, by folded name."""

    file: str
    sheet: str
    headings: Mapping[str, str]
    rows: tuple[WorkbookRow, ...]

    def where(self, rows: Sequence[int] = (), column: str = "") -> Where:
        """Return a place in the table."""
        heading = self.headings.get(same_name(column), column)
        return Where(self.file, self.sheet, tuple(rows), heading)

    def has(self, columns: Sequence[str]) -> bool:
        """Tell whether the table has all of these columns."""
        return all(same_name(column) in self.headings for column in columns)


class Book:
    """An open workbook."""

    def __init__(self, file: str, book: Workbook) -> None:
        self.file = file
        self._sheets = cast("list[Worksheet]", book.worksheets)  # it is read in full
        self._names = {same_name(name): cell for name, cell in book.defined_names.items()}
        custom: Any = book.custom_doc_props  # type: ignore[attr-defined]  # unknown to its types
        self.properties = {
            same_name(each.name): str(each.value)
            for each in custom.props
            if each.name and each.value is not None
        }
        self.created: datetime | None = book.properties.created

    def named_cell(self, name: str) -> Value:
        """Return what is in the first cell of a defined name; None where that is not there."""
        defined = self._names.get(same_name(name))
        for sheet_name, area in defined.destinations if defined else ():
            sheet = next((sheet for sheet in self._sheets if sheet.title == sheet_name), None)
            found = _FIRST_CELL.match(area)
            if sheet and found:
                return _value(sheet, int(found[2]), _column_number(found[1]))
        return None

    def tables(self, name: str, keys: Sequence[str]) -> tuple[WorkbookTable, ...]:
        """Return the tables of a name, in the order of the sheets.

        Rows typed below a table belong to it, until one in which all `keys` are blank.
        """
        return tuple(
            _table(self.file, sheet, _Frame.of(table, sheet), keys)
            for sheet in self._sheets
            for table in sheet.tables.values()
            if same_name(_RENAMED.sub("", table.displayName or "")) == name
        )

    def table_headings(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the folded name of every table with its headings."""
        for sheet in self._sheets:
            for table in sheet.tables.values():
                headings = tuple(column.name or "" for column in table.tableColumns)
                yield same_name(_RENAMED.sub("", table.displayName or "")), headings

    def lists(self, headings: Sequence[str]) -> tuple[WorkbookTable, ...]:
        """Return what is below a row of these headings, though it is no table any more."""
        frames = ((sheet, _heading_row(sheet, headings)) for sheet in self._sheets)
        return tuple(
            _table(self.file, sheet, frame, headings[:2]) for sheet, frame in frames if frame
        )


def holds_table(path: Path, name: str) -> bool:
    """Tell, without reading the sheets, whether a workbook holds a native table of a name.

    Also one that was saved in a format that is not read (.xlsb, .ods), so that this can be said.
    """
    utf8, utf16 = re.escape(name).encode("ascii"), re.escape(name.encode("utf-16-le"))
    named = rb"""displayName=["']%b["']|table:name=["']%b["']|%b"""
    pattern = re.compile(named % (utf8, utf8, utf16), re.IGNORECASE)
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            parts = [part for part in archive.infolist() if _TABLE_PARTS.fullmatch(part.filename)]
            return any(pattern.search(archive.read(part)) for part in parts
                       if part.file_size < MOST_UNPACKED_BYTES)  # fmt: skip
    except Exception:  # damaged in any of many ways: whoever reads it in full says so
        return False


def open_book(file: str, content: bytes) -> Book | None:
    """Open a workbook (.xlsx, .xlsm) with the values of its cells; None if it cannot be read."""
    import openpyxl  # noqa: PLC0415

    try:
        content = _with_unique_table_names(content)
        with warnings.catch_warnings():  # of sparklines and such, which are not looked at
            warnings.simplefilter("ignore")
            return Book(file, openpyxl.load_workbook(io.BytesIO(content), data_only=True))
    except Exception:  # openpyxl raises whatever the damage leads it to
        return None


def _with_unique_table_names(content: bytes) -> bytes:
    """Rename tables that share a name: openpyxl refuses a workbook with two of them.

    Raises ValueError for a workbook that is far too large when unpacked.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
            raise ValueError("far too large when unpacked")
        renamed: dict[str, bytes] = {}
        names: set[bytes] = set()
        for part in parts:
            if not _TABLE_PARTS.fullmatch(part.filename):
                continue
            xml = archive.read(part)
            match = _DISPLAY_NAME.search(xml)
            name = match[2].lower() if match else b""
            if match and name in names:
                unique = rb"\g<1>%b__again%d\g<3>" % (match[2], len(names))
                end = xml.index(b">", match.start())  # of the table's own tag: columns have names
                renamed[part.filename] = _TABLE_NAMES.sub(unique, xml[:end]) + xml[end:]
            names.add(name)
        if not renamed:
            return content
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
            for part in parts:
                target.writestr(part.filename, renamed.get(part.filename) or archive.read(part))
        return copy.getvalue()


@dataclass(frozen=True)
class _Frame:
    """Where a table is on its sheet: columns by folded heading, its first and last row."""

    headings: Mapping[str, str]
    columns: Mapping[str, int]
    first_row: int
    last_row: int

    @staticmethod
    def of(table: OpenpyxlTable, sheet: Worksheet) -> _Frame:
        from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415

        # A table is never a whole column or row, so none of these is missing.
        left, top, right, bottom = (edge or 1 for edge in range_boundaries(table.ref))
        headed = table.headerRowCount != 0
        names = [column.name or "" for column in table.tableColumns]
        columns = range(left, right + 1)
        shown = [sheet.cell(top, column).value for column in columns] if headed else names
        texts = [str(text) if text is not None else name
                 for text, name in zip(shown, names, strict=False)]  # fmt: skip
        return _frame(texts, left, top + headed, bottom - (table.totalsRowCount or 0))


def _frame(texts: Sequence[str], left: int, first_row: int, last_row: int) -> _Frame:
    headings: dict[str, str] = {}
    columns: dict[str, int] = {}
    for column, text in enumerate(texts, left):
        if same_name(text):
            headings.setdefault(same_name(text), text)
            columns.setdefault(same_name(text), column)
    return _Frame(headings, columns, first_row, last_row)


def _heading_row(sheet: Worksheet, headings: Sequence[str]) -> _Frame | None:
    wanted = {same_name(heading) for heading in headings}
    for number, row in enumerate(sheet.iter_rows(max_row=_HEADING_ROWS), 1):
        texts = ["" if cell.value is None else str(cell.value) for cell in row]
        if wanted <= {same_name(text) for text in texts}:
            return _frame(texts, 1, number + 1, number)
    return None


def _table(file: str, sheet: Worksheet, frame: _Frame, keys: Sequence[str]) -> WorkbookTable:
    rows = tuple(_rows(sheet, frame, [same_name(key) for key in keys]))
    return WorkbookTable(file, sheet.title, frame.headings, rows)


def _rows(sheet: Worksheet, frame: _Frame, keys: Sequence[str]) -> Iterator[WorkbookRow]:
    """Yield the rows that hold anything; below the table's end until all keys are blank."""
    for number in count(frame.first_row):
        cells = {name: _value(sheet, number, column) for name, column in frame.columns.items()}
        blank = all(cells.get(key) in (None, "") for key in keys)
        if number > frame.last_row and (blank or number > sheet.max_row):
            return
        if any(value not in (None, "") for value in cells.values()):
            yield WorkbookRow(number, cells)


def _column_number(letters: str) -> int:
    """Return the number of a column by its letters, as "A": 1."""
    from openpyxl.utils.cell import column_index_from_string  # noqa: PLC0415

    return int(column_index_from_string(letters))


def _value(sheet: Worksheet, row: int, column: int) -> Value:
    value = sheet.cell(row, column).value  # that of the rest of a merged cell is None
    return value.strip() if isinstance(value, str) else value  # type: ignore[return-value]


_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,3})?%?")


class NotANumber(Exception):
    """A cell holds something, but no number."""


def text_of(cell: Value) -> str:
    """Return a cell as a person would type it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def month_of(cell: Value) -> Month | None:
    """Read a month, also where Excel or a person has made a day of it."""
    if isinstance(cell, datetime | date):
        return Month(cell.year, cell.month)
    return Month.parse(read_month(text_of(cell)) or "")


def number_of(cell: Value) -> float | None:
    """Read a number, None from an empty cell; "95%" is 0.95. Raises NotANumber for any other."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = text_of(cell)
    if isinstance(cell, str) and _NUMBER.fullmatch(text) and any(map(str.isdigit, text)):
        plain = text.replace(",", "").removesuffix("%")
        return float(plain) / 100 if text.endswith("%") else float(plain)
    raise NotANumber


class MeasureKeys:
    """Finds the key of a measure by its key, by those that it had formerly, and by its title."""

    def __init__(self, measures: Mapping[str, Measure]) -> None:
        self._measures = measures
        self._keys = {
            same_name(name): measure.name
            for measure in measures.values()
            for name in measure.formerly
        } | {same_name(name): name for name in measures}

    def key(self, name: str) -> str:
        """Return the key of a measure; one that is not known keeps its name."""
        return self._keys.get(same_name(name), name)

    def titled(self, title: str) -> str:
        """Return the key of the only measure with a title, or nothing."""
        keys = [measure.name for measure in self._measures.values()
                if same_name(measure.title) == same_name(title)]  # fmt: skip
        return keys[0] if len(keys) == 1 else ""

    def knows(self, key: str) -> bool:
        """Tell whether a measure is defined."""
        return key in self._measures

    def is_percent(self, key: str) -> bool:
        """Tell whether a measure is known to be a percentage."""
        return key in self._measures and self._measures[key].unit == "percent"

    def unknown(self, kind: ProblemKind, name: str, figures: int, file: str) -> Problem:
        """Return the problem that a measure with so many figures is not known."""
        hint = did_you_mean(name, self._measures)
        text = f'the measure "{name}" is not known. {hint}'.strip()
        done = f"Its {counted(figures, 'figure')} stay on the Figures sheet."
        return Problem(kind, text, Where(file), done)

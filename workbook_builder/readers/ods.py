"""Read an .ods, the spreadsheet of LibreOffice, into grids of text cells.

Calamine reads the cells, in the sandbox process. Here the XML (OASIS OpenDocument 1.2) is walked
through for what it does not tell: errors, hidden rows, how far sheets reach, and where days begin.
"""

from __future__ import annotations

from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.limits import MOST_SANDBOX_UNPACKED_MB
from workbook_builder.readers.untrusted_parts import checked_parts, open_archive, parse_xml
from workbook_builder.readers.workbook import (
    SheetMetadata,
    WorkbookMetadata,
    read_sandboxed,
    sheet_too_far,
)

_ROW, _CELL, _COVERED = "table-row", "table-cell", "covered-table-cell"
_MOST_ERRORS = 100_000


def read(file: str, content: bytes) -> list[Grid] | Problem:
    """Read the cells of all sheets, hidden ones too, or say why the workbook cannot be read."""

    def find_metadata() -> WorkbookMetadata | Problem:
        archive = open_archive(file, content, MOST_SANDBOX_UNPACKED_MB)
        if isinstance(archive, Problem):
            return archive
        with archive:
            xml = checked_parts(archive).get("content.xml", b"<none/>")
        walk = _Walk()
        parse_xml(xml, walk.on_start, walk.on_end)
        metadata = WorkbookMetadata(walk.sheets, from_1904=walk.from_1904)
        return sheet_too_far(file, metadata) or metadata

    return read_sandboxed(file, content, find_metadata)


class _Walk:
    """The metadata of the sheets that have been met so far."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetMetadata] = {}
        self.from_1904 = False
        self._sheet = SheetMetadata()
        self._row = 0
        self._repeated = 1
        self._column = 0
        self._filled = False

    def on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table" and "name" in attributes:
            self._sheet = self.sheets.setdefault(attributes["name"], SheetMetadata())
            self._row = 0
        elif tag == "null-date":
            self.from_1904 = attributes.get("date-value", "").startswith("1904")
        elif tag == _ROW:
            self._start_row(attributes)
        elif tag in (_CELL, _COVERED):
            self._add_cell(attributes)

    def on_end(self, tag: str) -> None:
        if tag == _ROW:
            self._row += self._repeated
            if self._filled:
                self._sheet.last_row = max(self._sheet.last_row, self._row)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._repeated = _repeats(attributes, "number-rows-repeated")
        self._column = 0
        self._filled = False
        hidden = attributes.get("visibility", "")
        if hidden in ("collapse", "filter"):
            self._sheet.filtered = self._sheet.filtered or hidden == "filter"
            most = min(self._repeated, 1000)
            self._sheet.hidden_rows += range(self._row + 1, self._row + most + 1)

    def _add_cell(self, attributes: dict[str, str]) -> None:
        width = _repeats(attributes, "number-columns-repeated")
        if "value-type" in attributes or "formula" in attributes:
            self._filled = True
            self._sheet.last_column = max(self._sheet.last_column, self._column + width)
        is_error = attributes.get("value-type") == "error"
        if is_error and len(self._sheet.errors) < _MOST_ERRORS:
            for column in range(self._column, self._column + min(width, 1000)):
                self._sheet.errors[self._row + 1, column] = "#VALUE!"
        self._column += width


def _repeats(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 12 else 1

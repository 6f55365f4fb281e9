"""Of an .ods: errors, hidden rows, and how far its sheets reach."""

from __future__ import annotations

from workbook_builder.extracts.marks import Marks, SheetMarks
from workbook_builder.extracts.xml_parts import parse

_ROW, _CELL, _COVERED = "table-row", "table-cell", "covered-table-cell"
_ERROR_TYPES = frozenset({"error"})
_MOST_ERRORS = 100_000


def ods_marks(content: bytes) -> Marks:
    """Walk through the part that holds the sheets. Raises ValueError over broken XML."""
    walk = _Walk()
    parse(content, walk.on_start, walk.on_end)
    return Marks(walk.sheets, from_1904=walk.from_1904)


class _Walk:
    def __init__(self) -> None:
        self.sheets: dict[str, SheetMarks] = {}
        self.from_1904 = False
        self._sheet = SheetMarks()
        self._row = 0
        self._rows = 1
        self._column = 0
        self._filled = False

    def on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table" and "name" in attributes:
            self._sheet = self.sheets.setdefault(attributes["name"], SheetMarks())
            self._row = 0
        elif tag == "null-date":
            self.from_1904 = attributes.get("date-value", "").startswith("1904")
        elif tag == _ROW:
            self._begin_row(attributes)
        elif tag in (_CELL, _COVERED):
            self._cell(attributes)

    def on_end(self, tag: str) -> None:
        if tag == _ROW:
            self._row += self._rows
            if self._filled:
                self._sheet.last_row = max(self._sheet.last_row, self._row)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._rows = _repeats(attributes, "number-rows-repeated")
        self._column = 0
        self._filled = False
        hidden = attributes.get("visibility", "")
        if hidden in ("collapse", "filter"):
            self._sheet.filtered = self._sheet.filtered or hidden == "filter"
            most = min(self._rows, 1000)
            self._sheet.hidden += range(self._row + 1, self._row + most + 1)

    def _cell(self, attributes: dict[str, str]) -> None:
        wide = _repeats(attributes, "number-columns-repeated")
        kinds = [value for key, value in attributes.items() if key == "value-type"]
        if kinds or "formula" in attributes:
            self._filled = True
            self._sheet.last_column = max(self._sheet.last_column, self._column + wide)
        if _ERROR_TYPES & set(kinds) and len(self._sheet.errors) < _MOST_ERRORS:
            for column in range(self._column, self._column + min(wide, 1000)):
                self._sheet.errors[self._row + 1, column] = "#VALUE!"
        self._column += wide


def _repeats(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 12 else 1

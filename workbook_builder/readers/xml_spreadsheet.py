"""Read an XML Spreadsheet 2003 into grids of text cells; case systems still write them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, Where
from workbook_builder.readers.grid import Grid, frame_of_rows
from workbook_builder.readers.limits import (
    LimitExceeded,
    cells_too_many,
    reaches_too_far,
    text_too_large,
)
from workbook_builder.readers.untrusted_parts import UnsafeXml, parse_xml
from workbook_builder.readers.workbook import SheetMetadata, notes_on


def read(file: str, content: bytes) -> list[Grid] | Problem:
    """Read the cells of every sheet, or say why the file cannot be used."""
    problem = text_too_large(file, len(content))
    if problem:
        return problem
    parser = _Parser(file)
    try:
        parse_xml(content, parser.on_start, parser.on_end, parser.on_text)
    except LimitExceeded as exceeded:
        return exceeded.problem
    except UnsafeXml:
        what = "the file declares XML entities, which no spreadsheet program writes."
        return Problem(catalogue.DAMAGED, what, Where(file), "File left out.")
    except ValueError as fault:
        what = f"the XML cannot be read from {fault}."
        return Problem(catalogue.DAMAGED, what, Where(file), "File left out.")
    what = "the file is really an XML Spreadsheet 2003."
    note = Problem(catalogue.READ_AS_TABLES, what, Where(file), "It was read.")
    grids: list[Grid] = []
    for sheet in parser.sheets:
        frame = frame_of_rows(sheet.rows)
        grid = Grid(file, sheet.name, frame, from_1904=parser.from_1904)
        hidden = notes_on(grid, SheetMetadata(hidden_rows=sheet.hidden_rows))
        grids.append(replace(grid, notes=(note, *hidden)))
    return grids


@dataclass(eq=False)
class _Sheet:
    """A sheet as far as its XML has been read."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    width: int = 0

    @property
    def reach(self) -> int:
        """The cells as far as the sheet reaches; an empty row counts as one."""
        return len(self.rows) * max(self.width, 1)


class _Parser:
    """The sheets of a workbook, as its tags and texts come."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sheets: list[_Sheet] = []
        self.from_1904 = False
        #: The cells of the sheets before the last.
        self._cells_before = 0
        self._text: list[str] | None = None
        self._merged = 0
        self._type = ""

    def on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Worksheet":
            self._cells_before += self.sheets[-1].reach if self.sheets else 0
            self.sheets.append(_Sheet(attributes.get("Name", "")))
        elif tag == "Date1904":
            self.from_1904 = True
        elif tag == "Row" and self.sheets:
            self._start_row(attributes)
        elif tag == "Cell" and self.sheets and self.sheets[-1].rows:
            self._start_cell(attributes)
        elif tag == "Data":
            self._type = attributes.get("Type", "")
            self._text = []

    def on_text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def on_end(self, tag: str) -> None:
        if tag == "Data" and self._text is not None:
            if self.sheets and self.sheets[-1].rows and self.sheets[-1].rows[-1]:
                self.sheets[-1].rows[-1][-1] = _value(self._type, "".join(self._text))
            self._text = None
        elif tag == "Row" and self.sheets:
            self.sheets[-1].rows[-1] += [""] * self._merged
            self._check_limits()

    def _start_row(self, attributes: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        self._merged = 0
        number = _number(attributes.get("Index", "")) or len(sheet.rows) + 1
        where = Where(self.file, sheet.name)
        problem = reaches_too_far(where, number, 1) or cells_too_many(
            self.file, self._cells_before + number
        )
        if problem:
            raise LimitExceeded(problem)
        sheet.rows += [[] for _ in range(number - len(sheet.rows))]
        if attributes.get("Hidden") == "1":
            sheet.hidden_rows.append(number)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        row = self.sheets[-1].rows[-1]
        row += [""] * self._merged
        self._merged = _number(attributes.get("MergeAcross", ""))
        place = _number(attributes.get("Index", "")) or len(row) + 1
        self._check_limits(place + self._merged)
        row += [""] * (place - len(row))

    def _check_limits(self, width: int = 0) -> None:
        sheet = self.sheets[-1]
        sheet.width = max(sheet.width, width)
        where = Where(self.file, sheet.name)
        problem = reaches_too_far(where, len(sheet.rows), sheet.width) or cells_too_many(
            self.file, self._cells_before + sheet.reach
        )
        if problem:
            raise LimitExceeded(problem)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _value(kind: str, text: str) -> str:
    if kind == "Boolean":
        return "Yes" if text == "1" else "No"
    if kind == "Number":
        return _whole_number(text)
    return text


def _whole_number(text: str) -> str:
    """Write a whole number without the exponent that the file gives long ones."""
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 10**15 else text

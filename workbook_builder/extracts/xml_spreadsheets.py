"""An XML Spreadsheet of 2003 in, the cells of its sheets out; case systems still write them."""

from __future__ import annotations

from dataclasses import replace

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.extracts.bounds import cells_too_many, reaches_too_far, text_too_large
from workbook_builder.extracts.grids import cells_of
from workbook_builder.extracts.marks import SheetMarks
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.notes import notes_of
from workbook_builder.extracts.xml_parts import UnsafeXml, parse
from workbook_builder.problems import Problem, Where


def read_xml_spreadsheet(file: str, content: bytes) -> tuple[Grid, ...] | Problem:
    """Read the cells of every sheet, or say why the file cannot be used."""
    problem = text_too_large(file, len(content))
    if problem:
        return problem
    book = _Book(file)
    try:
        parse(content, book.on_start, book.on_end, book.on_text)
    except _Beyond as beyond:
        return beyond.problem
    except UnsafeXml:
        what = "the file declares XML entities, which no spreadsheet program writes."
        return Problem(catalogue.DAMAGED, what, Where(file), "File left out.")
    except ValueError as fault:
        what = f"the XML cannot be read from {fault} on."
        return Problem(catalogue.DAMAGED, what, Where(file), "File left out.")
    return tuple(_grid(file, sheet, book) for sheet in book.sheets)


class _Beyond(Exception):
    """A sheet reaches beyond the bounds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


class _Sheet:
    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[str]] = []
        self.hidden_rows: list[int] = []
        self.width = 0

    @property
    def reach(self) -> int:
        """The cells as far as the sheet reaches; an empty row counts as one."""
        return len(self.rows) * max(self.width, 1)


class _Book:
    """What has been met so far of the XML."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sheets: list[_Sheet] = []
        self.from_1904 = False
        #: The cells of the sheets before the last.
        self._before = 0
        self._text: list[str] | None = None
        self._merged = 0
        self._type = ""

    def on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Worksheet":
            self._before += self.sheets[-1].reach if self.sheets else 0
            self.sheets.append(_Sheet(attributes.get("Name", "")))
        elif tag == "Date1904":
            self.from_1904 = True
        elif tag == "Row" and self.sheets:
            self._row(attributes)
        elif tag == "Cell" and self.sheets and self.sheets[-1].rows:
            self._cell(attributes)
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
            self._check()

    def _row(self, attributes: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        self._merged = 0
        number = _number(attributes.get("Index", "")) or len(sheet.rows) + 1
        where = Where(self.file, sheet.name)
        problem = reaches_too_far(where, number, 1) or cells_too_many(
            self.file, self._before + number
        )
        if problem:
            raise _Beyond(problem)
        sheet.rows += [[] for _ in range(number - len(sheet.rows))]
        if attributes.get("Hidden") == "1":
            sheet.hidden_rows.append(number)

    def _cell(self, attributes: dict[str, str]) -> None:
        row = self.sheets[-1].rows[-1]
        row += [""] * self._merged
        self._merged = _number(attributes.get("MergeAcross", ""))
        place = _number(attributes.get("Index", "")) or len(row) + 1
        self._check(place + self._merged)
        row += [""] * (place - len(row))

    def _check(self, width: int = 0) -> None:
        sheet = self.sheets[-1]
        sheet.width = max(sheet.width, width)
        where = Where(self.file, sheet.name)
        problem = reaches_too_far(where, len(sheet.rows), sheet.width) or cells_too_many(
            self.file, self._before + sheet.reach
        )
        if problem:
            raise _Beyond(problem)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _value(kind: str, text: str) -> str:
    if kind == "Boolean":
        return "Yes" if text == "1" else "No"
    if kind == "Number":
        return _plain(text)
    return text


def _plain(text: str) -> str:
    """Write a whole number without the exponent that the file gives long ones."""
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 10**15 else text


def _grid(file: str, sheet: _Sheet, book: _Book) -> Grid:
    what = "the file is an XML Spreadsheet of 2003, whatever its name says."
    note = Problem(catalogue.READ_AS_TABLES, what, Where(file), "Read as it stands.")
    marks = SheetMarks(hidden=sheet.hidden_rows)
    grid = Grid(file, sheet.name, cells_of(sheet.rows), from_1904=book.from_1904)
    return replace(grid, notes=(note, *notes_of(grid, marks)))

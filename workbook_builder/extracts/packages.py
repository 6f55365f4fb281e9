"""A zipped workbook in; whether it may be opened, and what the reader of cells would not tell, out.

The parts are read once from beginning to end before any other reader sees them: broken parts, parts
that grow beyond bounds and cells so far away that they would fill the memory are found here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator

from workbook_builder.extracts.bounds import (
    MOST_CELL_TEXT_MB,
    cell_text_too_large,
    reaches_too_far,
    unpacked_too_large,
)
from workbook_builder.extracts.marks import NO_RESULT, Marks, SheetMarks
from workbook_builder.extracts.ods_marks import ods_marks
from workbook_builder.extracts.shared_texts import text_of_cells
from workbook_builder.extracts.sheet_xml import NotPlain, SheetCells
from workbook_builder.extracts.xlsb_marks import xlsb_marks
from workbook_builder.extracts.xml_parts import parse
from workbook_builder.problems import Problem, Where

_CHUNK = 4_000_000
_MOST_TEXT = MOST_CELL_TEXT_MB * 1_000_000
#: Cells beyond column Z or row 99,999, in sheets of any writer; nearer ones cannot do harm. What
#: stands before the r is looked at where one is found: a search for "r" is much the faster one.
_FAR = re.compile(rb"""r\s*=\s*["'](?:([A-Za-z]{2,3})(\d{1,7})|([A-Za-z]?)(\d{6,7}))["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(?:(.*?)</(?:\w+:)?c>)?", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ERROR = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]{1,20})<")
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^>/]*>\s*[^<\s]")
_HIDDEN_ROW = re.compile(
    rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true))[^>]*\br=["'](\d{1,7})"""
)
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_ROW_BEGINS = (b"<row ", b"<row>", b"<row/")
_IN_A_WORD = re.compile(rb"\w")
_DOCUMENT_TYPE = b"<!DOCTYPE"


def looked_through(file: str, content: bytes) -> Marks | Problem:
    """Read all parts of a zipped workbook once.

    Raises BadZipFile, ValueError and what else zipfile raises over broken parts.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [part.filename for part in archive.infolist()]
        problem = unpacked_too_large(file, archive, plain="xl/workbook.xml" in names)
        if problem:
            return problem
        if len({name.casefold() for name in names}) < len(names):
            raise zipfile.BadZipFile("a part stands twice")
        found = {name: _part(archive, name) for name in names}
        marks = _marks(archive, names, found)
        others = [one for one in names if found[one].last_row and not found[one].cells]
        shared = text_of_cells(archive, others, _MOST_TEXT)
        own = max((one.cells.text for one in found.values() if one.cells), default=0)
        problem = cell_text_too_large(file, max(shared, own))
        if problem:
            return problem
    for title, sheet in marks.sheets.items():
        problem = reaches_too_far(Where(file, title), sheet.last_row, max(sheet.last_column, 1))
        if problem:
            return problem
    return marks


def _marks(archive: zipfile.ZipFile, names: list[str], found: dict[str, SheetMarks]) -> Marks:
    """Return the marks of a workbook of any zipped kind."""
    if "content.xml" in names:
        return ods_marks(archive.read("content.xml"))
    if "xl/workbook.bin" in names:
        return xlsb_marks({name: archive.read(name) for name in names if name.startswith("xl/")})
    if "xl/workbook.xml" not in names:
        return Marks()
    book = _Book(archive, names)
    if not book.lists_each_once(names):
        for one in found.values():
            one.cells = None
    # A sheet that no list names is kept under its part's own name: its reach counts all the same.
    sheets = {book.titles.get(name, name): marks for name, marks in found.items() if marks.last_row}
    return Marks(sheets, from_1904=book.from_1904)


def _part(archive: zipfile.ZipFile, name: str) -> SheetMarks:
    """Read one part to its end, which checks it; look for marks if it is a sheet."""
    if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
        for _ in _checked(archive, name):
            pass
        return SheetMarks()
    try:
        return _plain_sheet(archive, name)
    except NotPlain:
        marks = SheetMarks()
        for piece in _checked(archive, name):
            _reach(marks, piece)
            _mark(marks, piece)
        return marks


def _plain_sheet(archive: zipfile.ZipFile, name: str) -> SheetMarks:
    """Read a sheet with its cells. Raises NotPlain."""
    cells = SheetCells()
    marks = SheetMarks(part=name, cells=cells)
    for piece in _checked(archive, name):
        cells.take(piece)
        _mark(marks, piece)
    if not cells.are_whole:
        raise NotPlain
    marks.last_row, marks.last_column = cells.height, cells.width
    return marks


def _checked(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    for piece in _pieces(archive, name):
        if _DOCUMENT_TYPE in piece and name.endswith((".xml", ".rels")):
            raise ValueError("a document type")
        yield piece


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part in pieces that begin with a row, but for the first."""
    rest = b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            rest += chunk
            last = max(rest.rfind(b"<row"), rest.rfind(b":row "))
            if last > 0 and len(rest) >= _CHUNK:
                cut = rest.rfind(b"<", 0, last + 1)
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _mark(marks: SheetMarks, piece: bytes) -> None:
    if b'hidden="' in piece or b"hidden='" in piece:
        marks.hidden += [int(found[1]) for found in _HIDDEN_ROW.finditer(piece)]
    marks.filtered = marks.filtered or b"<filterColumn" in piece
    if b't="e"' in piece or b"<f" in piece or b":f>" in piece:
        _mark_cells(marks, piece)


def _reach(marks: SheetMarks, piece: bytes) -> None:
    """Note how far the cells reach; the rows are counted too, for they need not bear a number."""
    rows = marks.last_row + _rows_in(piece)
    for found in _FAR.finditer(piece):
        if not _IN_A_WORD.match(piece, found.start() - 1, found.start()):
            letters, row, letter, far_row = found.groups(b"")
            rows = max(rows, int(row or far_row))
            marks.last_column = max(marks.last_column, column_number(letters or letter))
    marks.last_row = rows


def _rows_in(piece: bytes) -> int:
    """Return how many rows begin in a piece of XML."""
    rows = piece.count(b"<row")
    if b":row" not in piece and rows == sum(map(piece.count, _ROW_BEGINS)):
        return rows  # as of nearly every writer
    return len(_ROW.findall(piece))


def _mark_cells(marks: SheetMarks, piece: bytes) -> None:
    for found in _CELL.finditer(piece):
        attributes, inside = found[1], found[2] or b""
        is_error = b't="e"' in attributes
        if not is_error and (b"<f" not in inside and b":f" not in inside):
            continue
        place = _REFERENCE.search(attributes)
        if place is None:
            continue
        at = (int(place[2]), column_number(place[1]) - 1)
        if is_error:
            text = _ERROR.search(inside)
            marks.errors[at] = text[1].decode("ascii", "replace") if text else "#VALUE!"
        elif b't="str"' not in attributes and not _RESULT.search(inside):
            marks.errors[at] = NO_RESULT


def column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


class _Book:
    """The names of the sheets by their parts, from the parts that list them."""

    def __init__(self, archive: zipfile.ZipFile, names: list[str]) -> None:
        self.from_1904 = False
        self.ids: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self.listed = 0
        parse(archive.read("xl/workbook.xml"), self._sheet)
        if "xl/_rels/workbook.xml.rels" in names:
            parse(archive.read("xl/_rels/workbook.xml.rels"), self._relation)

    @property
    def titles(self) -> dict[str, str]:
        """The name of each sheet by its part."""
        return {self.targets[one]: name for one, name in self.ids.items() if one in self.targets}

    def lists_each_once(self, names: Collection[str]) -> bool:
        """Tell whether every sheet that is listed has a part of its own."""
        titles = self.titles
        return len(titles) == len(set(titles.values())) == self.listed and set(titles) <= set(names)

    def _sheet(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet" and "name" in attributes:
            self.listed += 1
            self.ids[attributes.get("id", "")] = attributes["name"]
        elif tag == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")

    def _relation(self, tag: str, attributes: dict[str, str]) -> None:
        target = attributes.get("Target", "")
        if tag == "Relationship":
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            self.targets[attributes.get("Id", "")] = path

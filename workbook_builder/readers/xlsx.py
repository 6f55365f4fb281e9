"""Read an .xlsx or .xlsm into grids of text cells.

Calamine reads the cells. Before it does, all parts are read once from beginning to end: broken
parts, parts that grow beyond bounds and cells so far away that calamine would fill the memory are
found here, and so is what calamine does not tell: errors, formulas without results, hidden rows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.limits import (
    MOST_CELLS,
    MOST_COPIED_TEXT_MB,
    MOST_UNPACKED_MB,
    cell_text_too_large,
)
from workbook_builder.readers.sandbox import read_sheets
from workbook_builder.readers.untrusted_parts import open_archive, parse_xml, pieces_of
from workbook_builder.readers.workbook import (
    NO_RESULT,
    SheetMetadata,
    WorkbookMetadata,
    grids_of,
    read_guarded,
    sheet_too_far,
)

_SHEET_PART = re.compile(r"xl/worksheets/.*\.xml", re.DOTALL)
_SHARED_STRINGS = "xl/sharedStrings.xml"
#: Bytes of a sheet's XML that are searched at once.
_SEARCHED_AT_ONCE = 4_000_000

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(?:(.*?)</(?:\w+:)?c>)?", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ERROR = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]{1,20})<")
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^>/]*>\s*[^<\s]")
_HIDDEN_ROW = re.compile(
    rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true))[^>]*\br=["'](\d{1,7})"""
)
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["'](\d{1,7})["']""")
#: Cells beyond column Z, in sheets of any writer, and cells and rows from row 100,000 on, but for
#: rows in blocks of 10,000 that are known. An r inside a word is no reference.
_FAR = rb"""r(?<!\wr)\s*=\s*["'](?:([A-Za-z]{2,3})(\d{1,7})|([A-Za-z]?)(%s\d{6,7}))["']"""
_MOST_KNOWN_BLOCKS = 20

_END_OF_SHARED = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*(\d{1,9})""")
#: Bytes of the shortest cell that shows a shared text, and of text that such cells may hold
#: together before each of them is looked at.
_SHORTEST_CELL = len('<c t="s"><v>0</v></c>')
_MOST_COPIED_TEXT = MOST_COPIED_TEXT_MB * 1_000_000
#: Bytes of a cell with a text of its own that are no text.
_INLINE_MARKUP = len('<c r="A1" t="inlineStr"><is><t></t></is></c>')


def read(file: str, content: bytes) -> list[Grid] | Problem:
    """Read the cells of all sheets, hidden ones too, or say why the workbook cannot be read."""

    def read_sound() -> list[Grid] | Problem:
        metadata = inspect(file, content)
        if isinstance(metadata, Problem):
            return metadata
        return grids_of(file, read_sheets(content), metadata, MOST_CELLS)

    return read_guarded(file, read_sound)


def inspect(file: str, content: bytes) -> WorkbookMetadata | Problem:
    """Read all parts of a workbook once; return its metadata, or say which limit it exceeds.

    Raises BadZipFile, ValueError and what else zipfile raises over broken parts.
    """
    archive = open_archive(file, content, MOST_UNPACKED_MB)
    if isinstance(archive, Problem):
        return archive
    with archive:
        scans: dict[str, SheetMetadata] = {}
        inline_text = 0
        for name in archive.namelist():
            if _SHEET_PART.fullmatch(name):
                scans[name], text = _scan_sheet(pieces_of(archive, name))
                inline_text += text
            else:
                for _ in pieces_of(archive, name):
                    pass
        titles, from_1904 = _listed_sheets(archive)
        lengths = _shared_lengths(archive)
        problem = cell_text_too_large(file, inline_text + sum(lengths)) or cell_text_too_large(
            file, _copied_text(archive, scans, lengths), MOST_COPIED_TEXT_MB
        )
        if problem:
            return problem
    # A sheet that no list names is kept under its part's own name: its reach counts all the same.
    sheets = {titles.get(name, name): sheet for name, sheet in scans.items()}
    metadata = WorkbookMetadata(sheets, from_1904=from_1904)
    return sheet_too_far(file, metadata) or metadata


def _listed_sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Return the name of each sheet by its part, and whether days are counted from 1904."""
    names = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}
    from_1904 = False

    def on_book(tag: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        if tag == "sheet" and "name" in attributes:
            ids[attributes.get("id", "")] = attributes["name"]
        elif tag == "workbookPr":
            from_1904 = attributes.get("date1904") in ("1", "true")

    def on_relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            targets[attributes.get("Id", "")] = path

    parse_xml(archive.read(names["xl/workbook.xml"]), on_book)
    if relations := names.get("xl/_rels/workbook.xml.rels"):
        parse_xml(archive.read(relations), on_relation)
    return {targets[key]: title for key, title in ids.items() if key in targets}, from_1904


def _scan_sheet(pieces: Iterator[bytes]) -> tuple[SheetMetadata, int]:
    """Search the XML of a sheet; return also how many bytes of text its cells hold at most.

    Quick searches come first, for most sheets hold nothing special.
    """
    sheet = SheetMetadata()
    inline_text = 0
    for piece in _cut_before_rows(pieces):
        _find_reach(sheet, piece)
        if b"hidden=" in piece:
            sheet.hidden_rows += map(int, _HIDDEN_ROW.findall(piece))
        sheet.filtered = sheet.filtered or b"<filterColumn" in piece
        if b't="e"' in piece or b"<f" in piece or b":f>" in piece:
            _find_errors(sheet, piece)
        if b"is>" in piece:
            inline_text += max(len(piece) - piece.count(b"</is>") * _INLINE_MARKUP, 0)
    return sheet, inline_text


def _cut_before_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the XML of a sheet in pieces that begin with a row, but for the first."""
    rest = b""
    for piece in pieces:
        rest += piece
        last_row = max(rest.rfind(b"<row"), rest.rfind(b":row "))
        if last_row > 0 and len(rest) >= _SEARCHED_AT_ONCE:
            cut = rest.rfind(b"<", 0, last_row + 1)
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _find_reach(sheet: SheetMetadata, piece: bytes) -> None:
    """Note how far the cells reach; those near the top left corner can do no harm.

    Rows are counted too, for they need not bear a number. Millions of cells stand in rows that are
    as far down as their neighbours: such rows are excluded before the search.
    """
    rows = piece.count(b"<row") - piece.count(b"<rowBreaks")
    if b":row" in piece:
        rows = len(_ROW.findall(piece))
    last_row = sheet.last_row + rows
    first = _ROW_NUMBER.search(piece)
    last = _ROW_NUMBER.search(piece, max(piece.rfind(b"<row"), 0))
    known = b""
    if first and last:
        last_row = max(last_row, int(first[1]), int(last[1]))
        blocks = range(int(first[1]) // 10_000, int(last[1]) // 10_000 + 1)
        if len(blocks) <= _MOST_KNOWN_BLOCKS:
            known = rb"(?!(?:%s)\d{4}[\"'])" % b"|".join(b"%d" % block for block in blocks)
    for letters, row, letter, far_row in set(re.findall(_FAR % known, piece)):
        last_row = max(last_row, int(row or far_row))
        sheet.last_column = max(sheet.last_column, _column_number(letters or letter))
    sheet.last_row = last_row


def _find_errors(sheet: SheetMetadata, piece: bytes) -> None:
    for cell in _CELL.finditer(piece):
        attributes, inside = cell[1], cell[2] or b""
        is_error = b't="e"' in attributes
        if not is_error and (b"<f" not in inside and b":f" not in inside):
            continue
        reference = _REFERENCE.search(attributes)
        if reference is None:
            continue
        place = (int(reference[2]), _column_number(reference[1]) - 1)
        if is_error:
            text = _ERROR.search(inside)
            sheet.errors[place] = text[1].decode("ascii", "replace") if text else "#VALUE!"
        elif b't="str"' not in attributes and not _RESULT.search(inside):
            sheet.errors[place] = NO_RESULT


def _column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _copied_text(archive: zipfile.ZipFile, sheets: Iterable[str], lengths: Sequence[int]) -> int:
    """Return how many bytes of shared text the cells show, a bound if it is low enough.

    The count may stop above what is read.
    """
    most_cells = sum(archive.getinfo(name).file_size for name in sheets) // _SHORTEST_CELL
    most = most_cells * max(lengths, default=0)
    if most <= _MOST_COPIED_TEXT:  # as in most workbooks
        return most
    copied = 0
    for name in sheets:
        for piece in _cut_before_rows(pieces_of(archive, name)):
            numbers = map(int, _SHARED.findall(piece))
            copied += sum(lengths[number] for number in numbers if number < len(lengths))
            if copied > _MOST_COPIED_TEXT:
                return copied
    return copied


def _shared_lengths(archive: zipfile.ZipFile) -> list[int]:
    """Return the length of each shared text, with the XML around it."""
    lengths: list[int] = []
    if _SHARED_STRINGS not in archive.namelist():
        return lengths
    before = 0
    rest = b""
    for piece in pieces_of(archive, _SHARED_STRINGS):
        *texts, rest = _END_OF_SHARED.split(rest + piece)
        if texts:
            lengths += map(len, texts)
            lengths[-len(texts)] += before
            before = 0
        if len(rest) > 64:  # what is kept is long enough to hold an end that the piece has cut
            before += len(rest) - 64
            rest = rest[-64:]
    return lengths

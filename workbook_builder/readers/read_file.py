"""Read one file of any format into grids of text cells: what it is, it says itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.paths import Fingerprint, fingerprint_of
from workbook_builder.problems import Problem, ProblemKind, Where
from workbook_builder.readers import (
    ods,
    return_xml,
    text_file,
    web_page,
    xls,
    xlsb,
    xlsx,
    xml_spreadsheet,
)
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.limits import file_too_large
from workbook_builder.readers.return_xml import XmlShape
from workbook_builder.readers.workbook import damaged, locked


@dataclass(frozen=True, eq=False)
class FileRead:
    """The sheets of a file that hold anything, or why there are none; and what file it was."""

    grids: list[Grid] | Problem
    fingerprint: Fingerprint = field(default_factory=Fingerprint)


def read_file(path: Path, shapes: Sequence[XmlShape] = ()) -> FileRead:
    """Read the cells of a file; that no sheet of it holds anything is a problem.

    `shapes` are those of the XML of returns.
    """
    if _is_plain_xml(path):
        return _read_xml(path, shapes)
    content = read_bytes(path)
    if isinstance(content, Problem):
        return FileRead(content)
    fingerprint = fingerprint_of(path, content)
    grids = _read_grids(path.name, content)
    if isinstance(grids, list):
        empty = _left_out(path.name, catalogue.EMPTY_FILE, "the file is empty.")
        grids = [grid for grid in grids if not _is_empty(grid)] or empty
    return FileRead(grids, fingerprint)


def _is_plain_xml(path: Path) -> bool:
    """Tell whether a file is XML, and neither a web page nor a spreadsheet."""
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError:
        return False
    return file_type(head)[0] is FileType.XML


def _read_xml(path: Path, shapes: Sequence[XmlShape]) -> FileRead:
    """Stream the XML of a return; a file that changes meanwhile is a problem."""
    try:
        before = path.stat()
        grids, fingerprint = return_xml.read(path, shapes)
        after = path.stat()
    except OSError:
        return FileRead(_left_out(path.name, catalogue.CANNOT_OPEN, "the file cannot be opened."))
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        what = "the file was changed while it was read."
        return FileRead(_left_out(path.name, catalogue.CHANGING, what))
    if not grids:
        what = "the XML of the return holds no child."
        grids = _left_out(path.name, catalogue.EMPTY_FILE, what)
    return FileRead(grids, fingerprint)


def read_bytes(path: Path) -> bytes | Problem:
    """Read a file; one that changes or goes away meanwhile is a problem, never half a file."""
    file = path.name
    try:
        before = path.stat()
        problem = file_too_large(file, before.st_size)
        if problem:
            return problem
        content = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        return _left_out(file, catalogue.CHANGING, "the file disappeared before it was read.")
    except PermissionError:
        return _left_out(
            file, catalogue.CANNOT_OPEN, "you do not have permission to read the file."
        )
    except OSError:
        return _left_out(file, catalogue.CANNOT_OPEN, "the file cannot be opened.")
    if (before.st_size, before.st_mtime_ns) != (len(content), after.st_mtime_ns):
        return _left_out(file, catalogue.CHANGING, "the file was changed while it was read.")
    return content


class FileType(Enum):
    """What the bytes of a file can be."""

    TEXT = "text"
    XLSX = "a workbook (.xlsx, .xlsm)"
    XLS = "a workbook of Excel 97 to 2003 (.xls)"
    XLSB = "a binary workbook (.xlsb)"
    ODS = "an OpenDocument spreadsheet (.ods)"
    BROKEN_WORKBOOK = "a broken workbook"
    LOCKED_WORKBOOK = "a workbook with a password"
    WEB_PAGE = "a web page"
    WEB_ARCHIVE = "a web archive"
    XML_SPREADSHEET = "an XML Spreadsheet 2003"
    XML = "an XML file"
    OTHER = "other"


_READERS: Mapping[FileType, Callable[[str, bytes], list[Grid] | Problem]] = {
    FileType.TEXT: text_file.read,
    FileType.XLSX: xlsx.read,
    FileType.XLS: xls.read,
    FileType.XLSB: xlsb.read,
    FileType.ODS: ods.read,
    FileType.WEB_PAGE: web_page.read,
    FileType.XML_SPREADSHEET: xml_spreadsheet.read,
}

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_PARTS = {
    "content.xml": FileType.ODS,
    "xl/workbook.bin": FileType.XLSB,
    "xl/workbook.xml": FileType.XLSX,
}
_WEB_PAGES = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<table", b"<style", b"<body",
              b"<div", b"<!--")  # fmt: skip
_OTHERS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document",
    b"\x1f\x8b": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"Rar!": "a compressed file",
    b"MZ\x90": "a program",
    b"L\0\0\0\x01\x14\x02\0": "a shortcut to a file",
    b"[InternetShortcut]": "a shortcut to a web address",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
}
#: Bytes at the beginning in which markup says what it is.
_LOOKED_AT = 4096
_XML_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"


def file_type(content: bytes) -> tuple[FileType, str]:
    """Tell what a file holds by its bytes; its ending is not believed.

    What is not read comes with a name for a person.
    """
    if content.startswith(_ZIP):
        return _zip_type(content)
    if content.startswith(_OLE):
        return (FileType.LOCKED_WORKBOOK if _ENCRYPTED in content else FileType.XLS), ""
    others = [name for start, name in _OTHERS.items() if content.startswith(start)]
    if others:
        return FileType.OTHER, others[0]
    return _markup_or_text(content)


def _markup_or_text(content: bytes) -> tuple[FileType, str]:
    # Without NULs and the byte order marks, UTF-16 markup looks like any other.
    head = content[:_LOOKED_AT].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    is_xml = head.startswith((b"<?xml", b"<workbook", b"<!doctype", b"<message", b"<expssda903"))
    if head.startswith(b"mime-version:"):
        return FileType.WEB_ARCHIVE, ""
    if head.startswith(_WEB_PAGES) or (is_xml and b"<html" in head):
        return FileType.WEB_PAGE, ""
    if is_xml and _XML_SPREADSHEET in head:
        return FileType.XML_SPREADSHEET, ""
    return (FileType.XML, "an XML file") if is_xml else (FileType.TEXT, "")


def _zip_type(content: bytes) -> tuple[FileType, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name.replace("\\", "/").casefold() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return FileType.BROKEN_WORKBOOK, ""
    workbooks = [kind for part, kind in _WORKBOOK_PARTS.items() if part in parts]
    if workbooks:
        return workbooks[0], ""
    return FileType.OTHER, "a ZIP file or a document of another program"


def _read_grids(file: str, content: bytes) -> list[Grid] | Problem:
    if not content:
        return []
    kind, name = file_type(content)
    if kind in _READERS:
        return _READERS[kind](file, content)
    if kind is FileType.LOCKED_WORKBOOK:
        return locked(file)
    if kind is FileType.BROKEN_WORKBOOK:
        return damaged(file)
    if kind is FileType.WEB_ARCHIVE:
        what = "the file is really a web archive (MHTML)."
        return _left_out(file, catalogue.WEB_PAGE, what)
    return _left_out(file, catalogue.OTHER_CONTENT, f"the file is {name}.")


def _is_empty(grid: Grid) -> bool:
    if any(any(row.texts) for row in grid.top):  # as in nearly all
        return False
    return not any(cell.strip() for column in grid.cells for cell in grid.cells[column].unique())


def _left_out(file: str, kind: ProblemKind, what: str) -> Problem:
    return Problem(kind, what, Where(file), "File left out.")

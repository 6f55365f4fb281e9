"""The bytes of a file in, what kind of file it is out; its ending is not believed."""

from __future__ import annotations

import io
import zipfile
from enum import Enum

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
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
_LOOKED_AT = 4096
_XML_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"


class Content(Enum):
    """What the bytes of a file can be."""

    TEXT = "text"
    WORKBOOK = "workbook"
    BROKEN_WORKBOOK = "broken workbook"
    LOCKED_WORKBOOK = "locked workbook"
    WEB_PAGE = "a web page"
    WEB_ARCHIVE = "a web archive"
    XML_SPREADSHEET = "an XML Spreadsheet of 2003"
    OTHER = "other"


def content_of(content: bytes) -> tuple[Content, str]:
    """Tell what a file holds, with a name for what is not read."""
    if content.startswith(_ZIP):
        return _zip_content(content)
    if content.startswith(_OLE):
        return (Content.LOCKED_WORKBOOK if _ENCRYPTED in content else Content.WORKBOOK), ""
    for start, name in _OTHERS.items():
        if content.startswith(start):
            return Content.OTHER, name
    return _markup_or_text(content)


def _zip_content(content: bytes) -> tuple[Content, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name.replace("\\", "/").casefold() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return Content.BROKEN_WORKBOOK, ""
    if parts & _WORKBOOK_PARTS:
        return Content.WORKBOOK, ""
    return Content.OTHER, "a ZIP file or a document of another program"


def _markup_or_text(content: bytes) -> tuple[Content, str]:
    # Without NULs and the byte order marks, UTF-16 markup looks like any other.
    head = content[:_LOOKED_AT].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(b"mime-version:"):
        return Content.WEB_ARCHIVE, ""
    if head.startswith(_WEB_PAGES):
        return Content.WEB_PAGE, ""
    if not head.startswith((b"<?xml", b"<workbook", b"<!doctype")):
        return Content.TEXT, ""
    if b"<html" in head:
        return Content.WEB_PAGE, ""
    if _XML_SPREADSHEET in head:
        return Content.XML_SPREADSHEET, ""
    return Content.OTHER, "an XML file"

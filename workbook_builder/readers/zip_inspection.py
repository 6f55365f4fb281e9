"""Zipped workbooks from strangers: checked part by part before anything else unpacks them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from workbook_builder.problems import Problem
from workbook_builder.readers.limits import unpacked_too_large

#: Bytes that are unpacked at once.
_PIECE = 4_000_000
_DOCUMENT_TYPE = b"<!DOCTYPE"


def open_archive(file: str, content: bytes, most_mb: int) -> zipfile.ZipFile | Problem:
    """Open a zipped workbook, or say that its parts have more MB than these once unpacked.

    Raises BadZipFile over a broken archive, and over one in which a part comes twice.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    problem = unpacked_too_large(file, sum(part.file_size for part in parts), most_mb)
    if problem:
        return problem
    if len({part.filename.casefold() for part in parts}) < len(parts):
        raise zipfile.BadZipFile("a part comes twice")
    return archive


def pieces_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part piece by piece; taken to the end, it is known to be sound.

    Raises BadZipFile and ValueError, over a document type in XML too: it could multiply entities or
    fetch files.
    """
    is_xml = name.endswith((".xml", ".rels"))
    before = b""
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            if is_xml and _DOCUMENT_TYPE in before + piece:
                raise ValueError("a document type")
            before = piece[-len(_DOCUMENT_TYPE) :]
            yield piece


def checked_parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Read all parts by their names. Raises as `pieces_of` does."""
    return {name: b"".join(pieces_of(archive, name)) for name in archive.namelist()}

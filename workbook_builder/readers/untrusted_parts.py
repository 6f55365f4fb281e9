"""Zipped workbooks from strangers: checked part by part before anything else unpacks them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

from workbook_builder.problems import Problem
from workbook_builder.readers.limits import unpacked_too_large


class UnsafeXml(ValueError):
    """The XML declares a document type or entities, which no spreadsheet program writes."""


def parse_xml(
    content: bytes,
    on_start: Callable[[str, dict[str, str]], None],
    on_end: Callable[[str], None] = lambda name: None,
    on_text: Callable[[str], None] = lambda text: None,
) -> None:
    """Walk through XML; names come without the prefix of their namespace.

    Raises UnsafeXml over a document type, and ValueError with a line number over broken XML.
    """
    reader = expat.ParserCreate()
    reader.buffer_text = True
    reader.StartDoctypeDeclHandler = _refuse
    reader.EntityDeclHandler = _refuse
    reader.StartElementHandler = lambda name, attributes: on_start(
        _local_name(name), {_local_name(key): value for key, value in attributes.items()}
    )
    reader.EndElementHandler = lambda name: on_end(_local_name(name))
    reader.CharacterDataHandler = on_text
    try:
        reader.Parse(content, True)
    except expat.ExpatError as fault:
        raise ValueError(f"line {fault.lineno}") from None


def _refuse(*declared: object) -> None:
    raise UnsafeXml


def _local_name(name: str) -> str:
    return name.rpartition(":")[2]


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

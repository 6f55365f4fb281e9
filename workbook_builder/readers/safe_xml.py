"""XML from strangers: read without document types, so that no entity can multiply or fetch."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat


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

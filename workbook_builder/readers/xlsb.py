"""Read an .xlsb, Excel's binary workbook, into grids of text cells.

Calamine reads the cells, in the sandbox process. Here the records ([MS-XLSB]) are walked through
for what it does not tell: errors, hidden rows, and whether days are counted from 1904.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.limits import MOST_SANDBOX_UNPACKED_MB
from workbook_builder.readers.untrusted_parts import checked_parts, open_archive, parse_xml
from workbook_builder.readers.workbook import (
    ERROR_CODES,
    SheetMetadata,
    WorkbookMetadata,
    read_sandboxed,
    sheet_too_far,
)

_ROW, _ERROR, _FORMULA_ERROR, _SHEET, _BOOK = 0, 3, 11, 156, 153
_HIDDEN = 0x10


def read(file: str, content: bytes) -> list[Grid] | Problem:
    """Read the cells of all sheets, hidden ones too, or say why the workbook cannot be read."""

    def find_metadata() -> WorkbookMetadata | Problem:
        archive = open_archive(file, content, MOST_SANDBOX_UNPACKED_MB)
        if isinstance(archive, Problem):
            return archive
        with archive:
            metadata = _workbook_metadata(checked_parts(archive))
        return sheet_too_far(file, metadata) or metadata

    return read_sandboxed(file, content, find_metadata)


def _workbook_metadata(parts: Mapping[str, bytes]) -> WorkbookMetadata:
    """Walk through the records of all sheets. Raises ValueError over broken ones."""
    targets: dict[str, str] = {}

    def on_relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = "xl/" + attributes.get("Target", "")

    parse_xml(parts.get("xl/_rels/workbook.bin.rels", b"<none/>"), on_relation)
    sheets: dict[str, SheetMetadata] = {}
    from_1904 = False
    for kind, body in _records(parts.get("xl/workbook.bin", b"")):
        if kind == _BOOK:
            from_1904 = bool(body[0] & 1) if body else False
        elif kind == _SHEET:
            relation, end = _wide_text(body, 8)
            name, _ = _wide_text(body, end)
            sheets[name] = _sheet_metadata(parts.get(targets.get(relation, ""), b""))
    return WorkbookMetadata(sheets, from_1904=from_1904)


def _sheet_metadata(content: bytes) -> SheetMetadata:
    metadata = SheetMetadata()
    row = 0
    for kind, body in _records(content):
        if kind == _ROW and len(body) >= 12:
            row = int.from_bytes(body[:4], "little")
            metadata.last_row = max(metadata.last_row, row + 1)
            if body[11] & _HIDDEN:
                metadata.hidden_rows.append(row + 1)
        elif 1 <= kind <= _FORMULA_ERROR and len(body) >= 4:
            column = int.from_bytes(body[:4], "little")
            metadata.last_column = max(metadata.last_column, column + 1)
            if kind in (_ERROR, _FORMULA_ERROR) and len(body) >= 9:
                metadata.errors[row + 1, column] = ERROR_CODES.get(body[8], "#VALUE!")
    return metadata


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the body of each record. Raises ValueError over one that is cut off."""
    end = 0
    while end < len(content):
        kind, end = _variable_number(content, end, 2)
        length, end = _variable_number(content, end, 4)
        if end + length > len(content):
            raise ValueError("a record is cut off")
        yield kind, content[end : end + length]
        end += length


def _variable_number(content: bytes, offset: int, most_bytes: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; return where it ends, too."""
    number = 0
    for place in range(most_bytes):
        if offset >= len(content):
            raise ValueError("a record is cut off")
        byte = content[offset]
        offset += 1
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return number, offset


def _wide_text(body: bytes, offset: int) -> tuple[str, int]:
    """Read a text in UTF-16 with its length before it; return where it ends, too."""
    try:
        (length,) = struct.unpack_from("<I", body, offset)
    except struct.error:
        raise ValueError("a text is cut off") from None
    end = offset + 4 + 2 * length
    return body[offset + 4 : end].decode("utf-16-le", "replace"), end

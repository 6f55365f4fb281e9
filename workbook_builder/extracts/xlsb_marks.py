"""Of an .xlsb: errors, hidden rows, and whether it counts its days from 1904."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from workbook_builder.extracts.marks import ERROR_CODES, Marks, SheetMarks
from workbook_builder.extracts.xml_parts import parse

_ROW, _ERROR, _FORMULA_ERROR, _SHEET, _BOOK = 0, 3, 11, 156, 153
_HIDDEN = 0x10


def xlsb_marks(parts: Mapping[str, bytes]) -> Marks:
    """Walk through the parts below xl/. Raises ValueError over broken ones."""
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = "xl/" + attributes.get("Target", "")

    parse(parts.get("xl/_rels/workbook.bin.rels", b"<none/>"), relation)
    sheets: dict[str, SheetMarks] = {}
    from_1904 = False
    for kind, body in _records(parts["xl/workbook.bin"]):
        if kind == _BOOK:
            from_1904 = bool(body[0] & 1) if body else False
        elif kind == _SHEET:
            identity, at = _wide(body, 8)
            name, _ = _wide(body, at)
            sheets[name] = _sheet(parts.get(targets.get(identity, ""), b""))
    return Marks(sheets, from_1904=from_1904)


def _sheet(content: bytes) -> SheetMarks:
    marks = SheetMarks()
    row = 0
    for kind, body in _records(content):
        if kind == _ROW and len(body) >= 12:
            row = int.from_bytes(body[:4], "little")
            marks.last_row = max(marks.last_row, row + 1)
            if body[11] & _HIDDEN:
                marks.hidden.append(row + 1)
        elif 1 <= kind <= _FORMULA_ERROR and len(body) >= 4:
            column = int.from_bytes(body[:4], "little")
            marks.last_column = max(marks.last_column, column + 1)
            if kind in (_ERROR, _FORMULA_ERROR) and len(body) >= 9:
                marks.errors[row + 1, column] = ERROR_CODES.get(body[8], "#VALUE!")
    return marks


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the body of each record; a body that is cut off ends the walk."""
    at = 0
    while at < len(content):
        kind, at = _number(content, at, 2)
        length, at = _number(content, at, 4)
        if at + length > len(content):
            raise ValueError("a record is cut off")
        yield kind, content[at : at + length]
        at += length


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; kinds keep the mark of their first byte."""
    number = 0
    for place in range(most):
        if at >= len(content):
            raise ValueError("a record is cut off")
        byte = content[at]
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return number, at


def _wide(body: bytes, at: int) -> tuple[str, int]:
    try:
        (length,) = struct.unpack_from("<I", body, at)
    except struct.error:
        raise ValueError("a text is cut off") from None
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end

"""Read an .xls of Excel 97 to 2003 into grids of text cells.

Calamine reads the cells, in the sandbox process. Here the records are walked through for what it
does not tell: errors, hidden rows, and whether days are counted from 1904. The file is a small file
system ([MS-CFB]) that holds the workbook as one stream of records ([MS-XLS], BIFF8).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.workbook import (
    ERROR_CODES,
    SheetMetadata,
    WorkbookMetadata,
    read_sandboxed,
)

_END_OF_CHAIN = 0xFFFFFFFA
_DIRECTORY_ENTRY = 128
_STREAMS = ("Workbook", "Book")
_BOF, _EOF, _SHEET, _DATE_MODE, _FILTER = 0x0809, 0x000A, 0x0085, 0x0022, 0x009B
_ROW, _ERROR, _FORMULA = 0x0208, 0x0205, 0x0006
_HIDDEN = 0x20


def read(file: str, content: bytes) -> list[Grid] | Problem:
    """Read the cells of all sheets, hidden ones too, or say why the workbook cannot be read."""
    return read_sandboxed(file, content, lambda: find_metadata(content))


def find_metadata(content: bytes) -> WorkbookMetadata:
    """Walk through the records of the workbook; where they are odd, nothing is known."""
    try:
        stream = _workbook_stream(content)
        sheets: dict[str, SheetMetadata] = {}
        from_1904 = False
        for kind, body in _records(stream, 0):
            if kind == _DATE_MODE:
                from_1904 = body[:1] == b"\x01"
            elif kind == _SHEET and len(body) > 8:
                (offset,) = struct.unpack_from("<I", body)
                is_wide = body[7] & 1
                text = body[8 : 8 + body[6] * (2 if is_wide else 1)]
                name = text.decode("utf-16-le" if is_wide else "latin-1", "replace")
                sheets[name] = _sheet_metadata(stream, offset)
    except (struct.error, IndexError, ValueError):
        return WorkbookMetadata()
    return WorkbookMetadata(sheets, from_1904=from_1904)


def _sheet_metadata(stream: bytes, offset: int) -> SheetMetadata:
    metadata = SheetMetadata()
    for kind, body in _records(stream, offset):
        if kind == _ROW and len(body) >= 14 and body[12] & _HIDDEN:
            metadata.hidden_rows.append(int.from_bytes(body[:2], "little") + 1)
        elif kind == _FILTER:
            metadata.filtered = True
        elif (code := _error_code(kind, body)) is not None:
            row, column = struct.unpack_from("<HH", body)
            metadata.errors[row + 1, column] = ERROR_CODES.get(code, "#VALUE!")
    return metadata


def _error_code(kind: int, body: bytes) -> int | None:
    """Return the number of the error that a cell holds, if it holds one."""
    if kind == _ERROR and len(body) >= 8 and body[7]:
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from a beginning to its end; those of charts in between too."""
    depth = 0
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        yield kind, stream[offset + 4 : offset + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        offset += 4 + length


def _workbook_stream(content: bytes) -> bytes:
    """Return the stream of the workbook."""
    sector = 1 << content[30]
    fat = _allocation(content, sector)
    (first,) = struct.unpack_from("<I", content, 48)
    directory = _chain(content, first, fat, sector, sector)
    entries = [
        directory[at : at + _DIRECTORY_ENTRY] for at in range(0, len(directory), _DIRECTORY_ENTRY)
    ]
    named = {entry[: max(entry[64] - 2, 0)].decode("utf-16-le", "replace"): entry
             for entry in entries}  # fmt: skip
    entry = next((named[name] for name in _STREAMS if name in named), None)
    if entry is None:
        return b""
    start, size = struct.unpack_from("<II", entry, 116)
    (cutoff,) = struct.unpack_from("<I", content, 56)
    if size >= cutoff:
        return _chain(content, start, fat, sector, sector)[:size]
    (root,) = struct.unpack_from("<I", entries[0], 116)
    small = _chain(content, root, fat, sector, sector)
    (first,) = struct.unpack_from("<I", content, 60)
    table = _chain(content, first, fat, sector, sector)
    mini = list(struct.unpack(f"<{len(table) // 4}I", table))
    return _chain(small, start, mini, 1 << content[32], 0)[:size]


def _allocation(content: bytes, sector: int) -> list[int]:
    """Return for each sector the one that follows it."""
    listed = list(struct.unpack_from("<109I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    while more < _END_OF_CHAIN and len(listed) * sector < 4 * len(content):
        block = content[(more + 1) * sector : (more + 2) * sector]
        *numbers, more = struct.unpack(f"<{len(block) // 4}I", block)
        listed += numbers
    fat: list[int] = []
    for number in listed:
        if number < _END_OF_CHAIN:
            block = content[(number + 1) * sector : (number + 2) * sector]
            fat += struct.unpack(f"<{len(block) // 4}I", block)
    return fat


def _chain(content: bytes, number: int, fat: list[int], sector: int, header: int) -> bytes:
    """Return the sectors of a chain, one after the other; a circle ends it."""
    blocks: list[bytes] = []
    while number < len(fat) and len(blocks) <= len(fat):
        at = header + number * sector
        blocks.append(content[at : at + sector])
        number = fat[number]
    return b"".join(blocks)

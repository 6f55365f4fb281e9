"""How much text a workbook's cells hold together: many cells may share one long text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator

_PART = "xl/sharedStrings.xml"
_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*(\d{1,9})""")
_CHUNK = 4_000_000
#: Bytes of the shortest cell that shows a shared text.
_SHORTEST_CELL = len('<c t="s"><v>0</v></c>')


def text_of_cells(archive: zipfile.ZipFile, sheets: Iterable[str], enough: int) -> int:
    """Return at most how many bytes of text the cells hold, or the first count above `enough`.

    The cells are those of `sheets`; in others a text that several cells share is held once.
    """
    names = archive.namelist()
    if _PART not in names:
        return 0
    sheets, once = tuple(sheets), archive.getinfo(_PART).file_size
    if not sheets:
        return once if once <= enough else sum(_lengths(archive))
    lengths = list(_lengths(archive))
    most_cells = sum(archive.getinfo(name).file_size for name in sheets) // _SHORTEST_CELL
    most = most_cells * max(lengths, default=0)
    if most <= enough:  # in nearly all workbooks the cells need not be looked at
        return most
    total = 0
    for name in sheets:
        for numbers in _numbers(archive, name):
            total += sum(lengths[int(one)] for one in numbers if int(one) < len(lengths))
            if total > enough:
                return total
    return total


def _lengths(archive: zipfile.ZipFile) -> Iterator[int]:
    """Yield the length of each shared text, with the XML around it."""
    length = 0
    rest = b""
    with archive.open(_PART) as part:
        while chunk := part.read(_CHUNK):
            *whole, rest = _END.split(rest + chunk)
            yield from (length + len(text) for text in whole[:1])
            yield from map(len, whole[1:])
            length = 0 if whole else length
            # What is kept is long enough to hold an end that the chunk has cut.
            if len(rest) > 64:
                length += len(rest) - 64
                rest = rest[-64:]


def _numbers(archive: zipfile.ZipFile, name: str) -> Iterator[list[bytes]]:
    """Yield, piece by piece, the numbers of the shared texts that the cells of a sheet show."""
    rest = b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            piece = rest + chunk
            cut = max(piece.rfind(b"</"), 0)
            yield _SHARED.findall(piece[:cut])
            rest = piece[cut:]
    yield _SHARED.findall(rest)

"""PNG pictures made by hand."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int, colour: tuple[int, int, int] = (18, 67, 109)) -> bytes:
    """Return a picture of one colour."""
    return png_of(width, height, bytes(colour) * width * height)


def png_of(width: int, height: int, colours: bytes) -> bytes:
    """Return a picture of pixels: red, green and blue of each, row by row from the top."""
    line = 3 * width
    rows = b"".join(b"\0" + colours[at : at + line] for at in range(0, line * height, line))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )

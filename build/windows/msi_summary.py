"""Replaces in an MSI what wixl makes anew each time, and the language that it writes for ours.

These stand in the summary of the MSI, a property set as [MS-OLEPS] describes it.
"""

from __future__ import annotations

import hashlib
import struct
from uuid import UUID

#: How the property set of a summary begins: its kind (a class identifier) and where it starts.
_SUMMARY = UUID("f29f85e0-4ff9-1068-ab91-08002b27b3d9").bytes_le
_HEAD = 28
_TEMPLATE, _PACKAGE_CODE, _MADE, _SAVED = 7, 9, 12, 13
#: The processor and language that wixl writes whatever it is told, and what they are.
_AMERICAN, _BRITISH = b"x64;1033", b"x64;2057"
_TEXT, _TIME = 30, 64
#: Seconds from 1601, from which Windows counts, to 1970; and its ticks in a second.
_FROM_1601, _TICKS = 11_644_473_600, 10_000_000


class NotUnderstood(Exception):
    """The file has no summary of the form that wixl writes."""


def settled(content: bytes, seconds: int) -> bytes:
    """Return an MSI in British English whose code follows from its content, made at a time.

    Raises NotUnderstood.
    """
    made = bytearray(content)
    places = _places(content)
    for which in (_MADE, _SAVED):
        at = _place(content, places, which, _TIME)
        struct.pack_into("<Q", made, at, (seconds + _FROM_1601) * _TICKS)
    at = _place(content, places, _TEMPLATE, _TEXT) + 4
    if not content.startswith(_AMERICAN, at):
        raise NotUnderstood
    made[at : at + len(_BRITISH)] = _BRITISH
    at = _place(content, places, _PACKAGE_CODE, _TEXT) + 4
    length = len("{00000000-0000-0000-0000-000000000000}")
    made[at : at + length] = bytes(length)
    code = UUID(bytes=hashlib.sha256(made).digest()[:16], version=4)
    made[at : at + length] = f"{{{code}}}".upper().encode()
    return bytes(made)


def _places(content: bytes) -> dict[int, int]:
    """Return where each property of the summary stands in the file."""
    if content.count(_SUMMARY) != 1:
        raise NotUnderstood
    kind = content.index(_SUMMARY)
    start = kind - _HEAD + struct.unpack_from("<I", content, kind + len(_SUMMARY))[0]
    count = struct.unpack_from("<I", content, start + 4)[0]
    table = (struct.unpack_from("<II", content, start + 8 + 8 * at) for at in range(count))
    return {which: start + offset for which, offset in table}


def _place(content: bytes, places: dict[int, int], which: int, kind: int) -> int:
    """Return where the value of a property stands, which must be of a kind."""
    at = places.get(which, 0)
    if not at or struct.unpack_from("<I", content, at)[0] != kind:
        raise NotUnderstood
    return at + 4

"""A zipped workbook in, the same with other parts in place of some out.

The other parts are taken over as they lie in the file, packed; zipfile itself would unpack them.
"""

from __future__ import annotations

import copy
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

#: Bytes of what stands before a part's name, and where in them its length stands, twice two bytes.
_HEADER, _LENGTHS = 30, 26
#: Other parts are pictures, macros and the like, of which nothing is read.
_ENDINGS = (".xml", ".rels")


def repacked(
    content: bytes, parts: Mapping[str, Iterable[bytes]], packed: frozenset[str]
) -> io.BytesIO:
    """Return a workbook with these parts, given piece by piece, in place of those of their names.

    Those named in `packed` are compressed, which takes time and saves memory.
    """
    whole = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(whole, "w", compresslevel=1) as new,
    ):
        for part in old.infolist():
            if part.filename not in parts and part.filename.endswith(_ENDINGS):
                _take_over(content, part, new, whole)
        for name, pieces in parts.items():
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED if name in packed else zipfile.ZIP_STORED
            with new.open(part, "w") as file:
                for piece in pieces:
                    file.write(piece)
    whole.seek(0)
    return whole


def _take_over(
    content: bytes, part: zipfile.ZipInfo, new: zipfile.ZipFile, whole: io.BytesIO
) -> None:
    """Copy a part with its header; the list at the end of an archive says the rest of it."""
    begin = part.header_offset
    name, extra = struct.unpack_from("<HH", content, begin + _LENGTHS)
    own = copy.copy(part)
    own.header_offset = whole.tell()
    whole.write(memoryview(content)[begin : begin + _HEADER + name + extra + part.compress_size])
    new.filelist.append(own)
    new.NameToInfo[own.filename] = own
    new.start_dir = whole.tell()

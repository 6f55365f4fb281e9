"""Office files as packages: the same bytes for the same content."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

#: The time of every part of a package, the first that a ZIP file can hold.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_NO_DAY = datetime(2000, 1, 1)


def fixed_zip(content: bytes, written: datetime = _NO_DAY) -> bytes:
    """Return a package without the times of its making; its properties say `written`."""
    stamp = f"{written:%Y-%m-%dT%H:%M:%SZ}".encode()
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == _CORE:
                part = _TIMES.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # the same on each system
            package.writestr(info, part)
    return target.getvalue()

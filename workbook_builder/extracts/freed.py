"""Memory that a large file has taken and no longer needs, given back to the system.

The C library of Linux keeps what is freed for later; what is read next is added to it all the same.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

#: Bytes of a file below which what is kept is not worth the time.
_LARGE = 5_000_000


def give_back_after(file: Path) -> None:
    """Give back what reading a file has left free; where the system does so itself, do nothing."""
    if sys.platform != "linux" or not _is_large(file):
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def _is_large(file: Path) -> bool:
    try:
        return file.stat().st_size > _LARGE
    except OSError:
        return False

"""Keeps the window alive where a PySide6 for newer Pythons was put beside Python 3.11.

From 6.12 on PySide6 gives out None without counting it, as Python 3.12 and later allow. Python 3.11
does count, and ends the program once its count of None is used up, after some thousand calls.
pyproject.toml asks for an older PySide6 there, but cannot hinder anybody from installing another.
This goes when Python 3.11 goes.
"""

from __future__ import annotations

import ctypes
import sys

_PLENTY = 1 << 40


def keep_none() -> None:
    """Count None so often that it is never used up."""
    if sys.version_info < (3, 12) and sys.maxsize > _PLENTY:
        ctypes.c_ssize_t.from_address(id(None)).value += _PLENTY

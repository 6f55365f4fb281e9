"""Python looks for rings of unreachable objects seldom while a workbook is built.

What a build makes mostly lives until its end, so looking through it every few hundred objects finds
nothing. Objects that are in no ring go at once, as ever.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Python looks after so many new objects; its own number is 700 up to Python 3.12.
_OBJECTS = 50_000


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look seldom while the block runs."""
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)

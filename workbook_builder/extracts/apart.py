"""Reads a workbook of an old or rare kind in a process of its own.

A damaged .xls, .xlsb or .ods can end the process that reads it; then only that process is gone.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection

from workbook_builder.extracts.calamine import RawSheet, raw_sheets

#: Seconds after which a workbook counts as one that cannot be read.
_PATIENCE = 120
#: Bytes of memory that the reading process may take, on systems that can be told so.
_MEMORY = 3_000_000_000

Sheets = tuple[RawSheet, ...]


class Unreadable(Exception):
    """The workbook could not be read; `locked` tells whether for want of a password."""

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__()
        self.locked = locked


def sheets_read_apart(content: bytes, most_cells: int) -> Sheets:
    """Read the sheets of a workbook; one that reaches beyond so many cells comes without its rows.

    Raises Unreadable.
    """
    if multiprocessing.current_process().daemon:
        # This is such a process already: it may have no children, and whoever waits for it
        # learns of its end.
        return _sheets(content, most_cells)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    reader = context.Process(target=_read, args=(theirs, most_cells), daemon=True)
    reader.start()
    theirs.close()
    try:
        return _answer(ours, content)
    finally:
        reader.kill()
        reader.join()
        ours.close()


def _answer(ours: Connection, content: bytes) -> Sheets:
    try:
        ours.send_bytes(content)
        found = ours.recv() if ours.poll(_PATIENCE) else None
    except (EOFError, OSError):
        raise Unreadable from None
    if isinstance(found, tuple):
        return found
    raise Unreadable(locked=found == "locked")


def _read(theirs: Connection, most_cells: int) -> None:
    _be_modest()
    try:
        theirs.send(_sheets(theirs.recv_bytes(), most_cells))
    except Unreadable as fault:
        theirs.send("locked" if fault.locked else "damaged")


def _sheets(content: bytes, most_cells: int) -> Sheets:
    try:
        return tuple(
            sheet._replace(rows=list(sheet.rows))
            if sheet.height * sheet.width <= most_cells
            else sheet._replace(rows=[])
            for sheet in raw_sheets(content)
        )
    except (Exception, MemoryError) as fault:
        raise Unreadable(locked=type(fault).__name__ == "PasswordError") from None
    except BaseException as fault:
        # A failed assertion inside calamine arrives as this exception, which cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
        raise Unreadable from None


def _be_modest() -> None:
    """Limit the memory of this process, and keep what calamine says of its end to itself."""
    import os  # noqa: PLC0415
    import sys  # noqa: PLC0415

    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))

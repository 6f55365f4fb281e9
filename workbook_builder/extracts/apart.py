"""Reads a workbook of an old or rare kind in a process of its own.

A damaged .xls, .xlsb or .ods can end the process that reads it; then only that process is gone.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from multiprocessing.connection import Connection
from typing import NamedTuple

from workbook_builder.extracts.calamine import RawSheet, as_text, raw_sheets
from workbook_builder.extracts.modest import be_modest, end_with_parent

#: Seconds after which a workbook counts as one that cannot be read.
_PATIENCE = 120
#: Bytes of memory that the reading process may take.
_MEMORY = 1_000_000_000

Sheets = tuple[RawSheet, ...]


class Bounds(NamedTuple):
    """The cells of a sheet beyond which it comes without rows, and the characters of all cells."""

    cells: int
    characters: int


class Why(Enum):
    """Why a workbook could not be read."""

    LOCKED = "locked"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"


class Unreadable(Exception):
    """The workbook could not be read."""

    def __init__(self, why: Why = Why.DAMAGED) -> None:
        super().__init__()
        self.why = why


def sheets_read_apart(content: bytes, bounds: Bounds) -> Sheets:
    """Read the sheets of a workbook; one that reaches too far comes without its rows.

    Raises Unreadable.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    reader = context.Process(target=_read, args=(theirs, bounds), daemon=True)
    with _free_to_have_children():
        reader.start()
    theirs.close()
    try:
        return _answer(ours, content)
    finally:
        reader.kill()
        reader.join()
        ours.close()


@contextmanager
def _free_to_have_children() -> Iterator[None]:
    """Lift the rule that a daemonic process has no children, who might live on without it.

    The window's worker is one. The child that is started here ends with its parent.
    """
    config: dict[str, object] = getattr(multiprocessing.current_process(), "_config")  # noqa: B009
    daemonic = config.pop("daemon", None)
    try:
        yield
    finally:
        if daemonic is not None:
            config["daemon"] = daemonic


def _answer(ours: Connection, content: bytes) -> Sheets:
    try:
        ours.send_bytes(content)
        found = ours.recv() if ours.poll(_PATIENCE) else None
    except (EOFError, OSError):
        raise Unreadable from None
    if isinstance(found, tuple):
        return found
    raise Unreadable(found) if isinstance(found, Why) else Unreadable


def _read(theirs: Connection, bounds: Bounds) -> None:
    be_modest(_MEMORY)
    end_with_parent()
    try:
        theirs.send(_sheets(theirs.recv_bytes(), bounds))
    except Unreadable as fault:
        theirs.send(fault.why)


def _sheets(content: bytes, bounds: Bounds) -> Sheets:
    try:
        return tuple(_bounded(raw_sheets(content), bounds))
    except Unreadable:
        raise
    except (Exception, MemoryError) as fault:
        locked = type(fault).__name__ == "PasswordError"
        raise Unreadable(Why.LOCKED if locked else Why.DAMAGED) from None
    except BaseException as fault:
        # A failed assertion inside calamine arrives as this exception, which cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
        raise Unreadable from None


def _bounded(sheets: Iterable[RawSheet], bounds: Bounds) -> Iterator[RawSheet]:
    characters = 0
    for sheet in sheets:
        rows: list[list[str]] = []
        for row in sheet.rows if sheet.height * sheet.width <= bounds.cells else ():
            texts = [as_text(cell) for cell in row]
            rows.append(texts)
            characters += sum(map(len, texts))
            if characters > bounds.characters:
                raise Unreadable(Why.TOO_LARGE)
        yield sheet._replace(rows=rows)

"""A process of its own that reads a workbook of an old or rare format.

A damaged .xls, .xlsb or .ods can end the process that reads it, or fill the memory; then only that
process is gone. Imports nothing heavy: each such process does it anew.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from enum import Enum
from multiprocessing.connection import Connection
from typing import NamedTuple, cast

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Cell = int | float | str | bool | time | date | datetime | timedelta
#: Above this a floating-point number is no longer written as a whole number.
_LARGEST_EXACT = 10**15


class SheetRows(NamedTuple):
    """A sheet: its name, whether Excel hides it, its last row and column, its rows from the top.

    Their cells are as calamine gives them, or texts already.
    """

    name: str
    hidden: bool
    height: int
    width: int
    rows: Iterable[Sequence[Cell]]


def read_sheets(content: bytes) -> Iterator[SheetRows]:
    """Read every sheet of cells, hidden ones too; its rows must be taken before the next one.

    Raises CalamineError, PasswordError among them, and other exceptions over a damaged workbook.
    """
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for number, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            cells = workbook.get_sheet_by_index(number)
            last_row, last_column = cells.end or (-1, -1)
            left = [""] * (cells.start[1] if cells.start else 0)
            rows: Iterable[Sequence[Cell]] = cells.iter_rows()
            if left:  # calamine begins with the first column that holds anything
                rows = ([*left, *row] for row in rows)
            hidden = sheet.visible != SheetVisibleEnum.Visible
            yield SheetRows(sheet.name, hidden, last_row + 1, last_column + 1, rows)


def as_texts(cells: Sequence[Cell]) -> Sequence[str]:
    """Write cells as `as_text` does, equal ones once."""
    types = set(map(type, cells))
    if types <= {str}:
        return cast("Sequence[str]", cells)
    if len(types & {bool, int, float}) > 1:  # which may be equal and yet be written differently
        return [as_text(cell) for cell in cells]
    texts = {cell: as_text(cell) for cell in set(cells)}
    return [texts[cell] for cell in cells]


def as_text(cell: Cell) -> str:
    """Write a cell as a person would type it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < _LARGEST_EXACT
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return str(cell)


#: Seconds after which a workbook counts as one that cannot be read.
_PATIENCE = 120
#: Bytes of memory that the reading process may take.
_MEMORY = 1_000_000_000


class SandboxLimits(NamedTuple):
    """The cells of a sheet beyond which it comes without rows, and the characters of all cells."""

    cells: int
    characters: int


class Failure(Enum):
    """Why a workbook could not be read."""

    LOCKED = "locked"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"


class SandboxError(Exception):
    """The workbook could not be read."""

    def __init__(self, failure: Failure = Failure.DAMAGED) -> None:
        super().__init__()
        self.failure = failure


def read_in_sandbox(content: bytes, limits: SandboxLimits) -> tuple[SheetRows, ...]:
    """Read the sheets of a workbook; one that reaches too far comes without its rows.

    Raises SandboxError.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    reader = context.Process(target=_answer, args=(theirs, limits), daemon=True)
    with _allowed_to_start_processes():
        reader.start()
    theirs.close()
    try:
        ours.send_bytes(content)
        answer = ours.recv() if ours.poll(_PATIENCE) else None
    except (EOFError, OSError):
        raise SandboxError from None
    finally:
        reader.kill()
        reader.join()
        ours.close()
    if isinstance(answer, tuple):
        return answer
    raise SandboxError(answer) if isinstance(answer, Failure) else SandboxError


@contextmanager
def _allowed_to_start_processes() -> Iterator[None]:
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


def _answer(connection: Connection, limits: SandboxLimits) -> None:
    """Read what the other process sends; this is all that the sandbox process does."""
    limit_resources(_MEMORY)
    end_with_parent()
    answer: tuple[SheetRows, ...] | Failure = Failure.DAMAGED
    try:
        answer = _read_within(connection.recv_bytes(), limits)
    except Exception as fault:
        if type(fault).__name__ == "PasswordError":
            answer = Failure.LOCKED
    except BaseException as fault:
        # A failed assertion inside calamine arrives as this exception, which cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
    connection.send(answer)


def _read_within(content: bytes, limits: SandboxLimits) -> tuple[SheetRows, ...] | Failure:
    sheets: list[SheetRows] = []
    characters = 0
    for sheet in read_sheets(content):
        rows: list[list[str]] = []
        for row in sheet.rows if sheet.height * sheet.width <= limits.cells else ():
            texts = [as_text(cell) for cell in row]
            rows.append(texts)
            characters += sum(map(len, texts))
            if characters > limits.characters:
                return Failure.TOO_LARGE
        sheets.append(sheet._replace(rows=rows))
    return tuple(sheets)


def limit_resources(memory: int) -> None:
    """Limit the memory of this process to so many bytes, and silence its last words."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
    _limit_memory(memory)


def end_with_parent() -> None:
    """End this process when the one that started it is gone, whatever this one is doing."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
    _PROCESS_MEMORY = 0x100  # JOB_OBJECT_LIMIT_PROCESS_MEMORY

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _JobLimits(ctypes.Structure):
        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def _limit_memory(memory: int) -> None:
        """Put this process into a job of its own, which ends with it."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = [ctypes.c_void_p, wintypes.LPCWSTR]
        kernel.SetInformationJobObject.argtypes = [
            wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD,
        ]  # fmt: skip
        kernel.AssignProcessToJobObject.argtypes = [wintypes.HANDLE, wintypes.HANDLE]
        limits = _JobLimits()
        limits.BasicLimitInformation.LimitFlags = _PROCESS_MEMORY
        limits.ProcessMemoryLimit = memory
        job = kernel.CreateJobObjectW(None, None)
        kernel.SetInformationJobObject(
            job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())

else:
    import resource

    def _limit_memory(memory: int) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

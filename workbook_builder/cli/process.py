"""Output for a program that Windows gave none: one that shows a window and has no console."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Generic, NoReturn, TypeVar

from platformdirs import user_log_path

from workbook_builder.paths import program_version

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


def keep_log(fault: BaseException) -> Path | None:
    """Write the kind and the place of a fault to the log and return the log's path.

    The fault's own words are left out: they may quote a record. Where the folder of logs cannot be
    written to, the log is a new file in the temporary folder; where that cannot be either, None.
    """
    text = "".join(_lines(fault))
    for keep in (_in_the_folder_of_logs, _in_the_temporary_folder):
        try:
            return keep(text)
        except Exception:  # whatever it is, it must not hide the fault itself
            continue
    return None


def log_words(log: Path | None) -> str:
    """Return the sentence that says where the log is."""
    if log is None:
        return "No log of it could be kept."
    return f"A log without any of your data is kept at {log}."


def _lines(fault: BaseException) -> Iterator[str]:
    yield f"Workbook Builder {program_version()}: {type(fault).__name__}\n"
    for frame in traceback.extract_tb(fault.__traceback__):
        yield f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}\n"


def _in_the_folder_of_logs(text: str) -> Path:
    log = user_log_path("workbook-builder", appauthor=False, ensure_exists=True) / "crash.log"
    with log.open("a", encoding="utf-8") as kept:
        kept.write(text)
    return log


def _in_the_temporary_folder(text: str) -> Path:
    number, name = tempfile.mkstemp(prefix="workbook-builder-crash-", suffix=".log")
    with os.fdopen(number, "w", encoding="utf-8") as kept:
        kept.write(text)
    return Path(name)


T = TypeVar("T")

#: Seconds between two looks, for on Windows a thread that waits for good does not hear of Ctrl+C.
_PAUSE = 0.1
_NAME = "stoppable work"


class _Work(Generic[T]):
    """Work, and what came of it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.found: list[T] = []
        self.fault: BaseException | None = None

    def do(self) -> None:
        try:
            self.found.append(self._work())
        except BaseException as fault:  # the thread that waits raises it
            self.fault = fault


def stoppable(work: Callable[[], T]) -> T:
    """Return what the work returns, or raise what it raises, or KeyboardInterrupt at Ctrl+C.

    After the last the work still goes on: the process is to end by `leave`.
    """
    made = _Work(work)
    thread = threading.Thread(target=made.do, name=_NAME, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_PAUSE)
    if made.fault:
        raise made.fault
    return made.found[0]


def leave(status: int) -> NoReturn:
    """End this process with an exit status, without waiting for work that was stopped.

    Nor for Python to take all that a build made to pieces, which takes a twentieth of the build.
    What libraries have asked to be done at the end is done, but after work that was stopped.
    """
    if not any(thread.name == _NAME for thread in threading.enumerate()):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream:  # a program without a console has none
            with suppress(OSError):  # whoever was to read it is gone
                stream.flush()
    os._exit(status)


def print_anything() -> None:
    """Let every text be printed: Windows writes into a file or a pipe in a code of 256 signs.

    A sign that is not in it is shown by its number.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def without_console() -> bool:
    """Tell whether there is nowhere to print to; from then on, what is printed goes nowhere."""
    missing = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    for name in missing:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
    return bool(missing)

"""The command line's process: work that Ctrl+C interrupts, its output, and a quick end."""

from __future__ import annotations

import atexit
import io
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn, TypeVar

T = TypeVar("T")

#: Seconds between two looks: on Windows a thread that waits for good does not hear of Ctrl+C.
_POLL_SECONDS = 0.1
_THREAD_NAME = "interruptible work"


def run_interruptible(work: Callable[[], T]) -> T:
    """Do work in a thread; return or raise what it does, or raise KeyboardInterrupt at Ctrl+C.

    After Ctrl+C the work still goes on in its thread: the process must end by `exit_now`.
    """
    results: list[T] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as fault:  # the thread that waits raises it
            faults.append(fault)

    thread = threading.Thread(target=run, name=_THREAD_NAME, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_POLL_SECONDS)
    if faults:
        raise faults[0]
    return results[0]


def exit_now(status: int) -> NoReturn:
    """End this process with an exit status, without waiting for work that was interrupted.

    Nor does Python take the objects of a build apart, which takes a twentieth of the build. The
    exit functions of libraries are still called, but not after interrupted work.
    """
    if not any(thread.name == _THREAD_NAME for thread in threading.enumerate()):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream:  # a program without a console has none
            with suppress(OSError):  # its reader is gone
                stream.flush()
    os._exit(status)


def escape_unprintable() -> None:
    """Let every text be printed: characters that the output's encoding lacks are escaped.

    Windows writes to a file or a pipe in an encoding of 256 characters.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def discard_missing_output() -> bool:
    """Discard what is printed where there is no output; tell whether there is none.

    Windows gives a program that shows a window neither a console nor output.
    """
    missing = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    for name in missing:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
    return bool(missing)

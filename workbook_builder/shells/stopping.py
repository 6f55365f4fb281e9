"""Work that Ctrl+C stops at once, even while a library is deep in its own code.

Python hears of Ctrl+C in the main thread alone, and only between two steps of its own. So that
thread does nothing but wait while another works.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, NoReturn, TypeVar

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

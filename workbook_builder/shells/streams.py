"""Output for a program that Windows gave none: one that shows a window and has no console."""

from __future__ import annotations

import io
import os
import sys


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

"""Tells when the window was first painted, to whoever measures the start of the program."""

from __future__ import annotations

import os
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

#: The variable that names the file to tell it in; nothing is told without it.
TOLD_IN = "WORKBOOK_BUILDER_FIRST_PAINT"


class FirstPaint(QObject):
    """Waits for the first paint of a window and writes into a file when it was.

    In seconds, both by the clock and of the processor's time that the window has taken.
    """

    def __init__(self, window: QWidget, file: Path) -> None:
        super().__init__(window)
        self._file = file
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look at the events of the window; none of them is kept from it."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            told = f"{time.time()} {time.process_time()}"
            self._file.write_text(told, encoding="utf-8")
        return False


def tell_first_paint(window: QWidget) -> None:
    """Tell the first paint of a window, if somebody asked for it."""
    if file := os.environ.get(TOLD_IN):
        FirstPaint(window, Path(file))

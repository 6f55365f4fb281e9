"""Qt's application: the window run until it is closed, or off screen for the self-test."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from workbook_builder.window.qt.main_window import TITLE, Window
from workbook_builder.window.qt.widgets import follow_desktop
from workbook_builder.window.worker import WorkerProcess

#: The variable that names the file to write the time of the first paint to; without it none is.
FIRST_PAINT_VARIABLE = "WORKBOOK_BUILDER_FIRST_PAINT"
#: Seconds that the self-test waits for the worker to read a file.
_PATIENCE = 120.0
_PAUSE = 0.02
_MANY = 1 << 40


def run_window(paths: Sequence[Path]) -> int:
    """Show the window until it is closed, and return the exit status."""
    app = application_of()
    window = Window(WorkerProcess())
    sys.excepthook = window.crashed
    if file := os.environ.get(FIRST_PAINT_VARIABLE):
        FirstPaint(window, Path(file))
    window.show_window(paths)
    return app.exec()


def application_of(*options: str) -> QApplication:
    """Return Qt's application, made with Qt's own options if there is none yet."""
    if sys.version_info < (3, 12) and sys.maxsize > _MANY:
        # From 6.12 on, PySide6 gives out None without counting it: Python 3.11 would end the
        # program once None is used up, which it never is from so high a count.
        ctypes.c_ssize_t.from_address(id(None)).value += _MANY
    app = QApplication.instance() or QApplication([TITLE, *options])
    assert isinstance(app, QApplication)
    icon = QIcon()
    for picture in (Path(__file__).parent / "icon").glob("*.png"):  # one a size, by build/icon
        icon.addFile(str(picture))
    app.setApplicationDisplayName(TITLE)
    app.setWindowIcon(icon)
    app.setStyle("Fusion")  # looks, focus and contrast alike everywhere, light and dark
    follow_desktop(app)
    return app


class FirstPaint(QObject):
    """Writes to a file when a window was painted first.

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
            self._file.write_text(f"{time.time()} {time.process_time()}", encoding="utf-8")
        return False


def describe_off_screen(file: Path, settings: Path) -> str | None:
    """Open the window with a file and return what it says of it; None if it never knows it."""
    qInstallMessageHandler(_ignore_message)
    app = application_of("-platform", "offscreen")
    window = Window(WorkerProcess(), settings)
    try:
        window.show_window([file])
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            app.processEvents()
            for entry in window.presenter.state.entries:
                if entry.known and entry.summary and window.isVisible():
                    return None if window.grab().isNull() else entry.summary.words
            time.sleep(_PAUSE)
        return None
    finally:
        window.close()
        app.processEvents()
        qInstallMessageHandler(None)


def _ignore_message(*message: object) -> None:
    """Say nothing: without a screen, Qt complains of what only a screen can do."""

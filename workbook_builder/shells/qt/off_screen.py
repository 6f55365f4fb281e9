"""The window off screen, for the self-test: it opens, and its worker reads a file for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from workbook_builder.shells.qt.window import Window, application_of
from workbook_builder.shells.worker import Worker

_PATIENCE = 120.0
_PAUSE = 0.02


def look_off_screen(file: Path, settings: Path) -> str | None:
    """Open the window with a file and return what it says of it; None if it never knows it."""
    qInstallMessageHandler(_unheard)
    application = application_of("-platform", "offscreen")
    window = Window(Worker(), settings)
    try:
        window.show_window([file])
        shown = _until(lambda: window.isVisible() and _words(window) != "", application)
        return _words(window) if shown and not window.grab().isNull() else None
    finally:
        window.close()
        application.processEvents()
        qInstallMessageHandler(None)


def _unheard(*message: object) -> None:
    """Say nothing: without a screen, Qt complains of what only a screen can do."""


def _words(window: Window) -> str:
    """What the window says of the file, once that was recognised."""
    entries = window.presenter.state.entries
    return entries[0].seen.words if entries and entries[0].seen and entries[0].known else ""


def _until(condition: Callable[[], bool], application: QApplication) -> bool:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        application.processEvents()
        if condition():
            return True
        time.sleep(_PAUSE)
    return False

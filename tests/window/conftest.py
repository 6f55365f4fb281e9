"""Real windows on a screen in memory, driven from outside by X11."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import WRITTEN
from tests.window.desktop import PATIENCE, Desktop, dropping, screen_in_memory
from tests.window.holding import Gate, gate_for_workers, start_method
from workbook_builder.window.settings import Settings, save_settings
from workbook_builder.window.state import State
from workbook_builder.window.worker import WorkerProcess

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from workbook_builder.window.qt.main_window import Window

TITLE = "Workbook Builder"
#: Where pictures of the windows are kept, if anywhere.
PICTURES = os.environ.get("WINDOW_PICTURES", "")


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """A screen in memory; windows of this process are shown on it."""
    if not shutil.which("Xvfb"):
        pytest.skip("needs Xvfb")
    with screen_in_memory("1200x760x24") as screen, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", screen.name)
        patch.setenv("QT_QPA_PLATFORM", "xcb")
        patch.setenv("XDG_CURRENT_DESKTOP", "GNOME")  # one that can be told to be dark
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        try_out = "from PySide6.QtWidgets import QApplication; QApplication([])"
        tried = subprocess.run([sys.executable, "-c", try_out], capture_output=True, check=False)
        if tried.returncode:  # Qt would end the tests as well
            pytest.skip("Qt cannot show windows here; .ci/run lists the libraries that it needs")
        yield screen


@pytest.fixture(scope="session")
def application(desktop: Desktop) -> QApplication:
    """Qt, once for all windows."""
    from workbook_builder.window.qt.main_window import application_of  # noqa: PLC0415

    return application_of()


class User:
    """A person at a window: drops files and presses keys, and sees what happens."""

    def __init__(
        self, window: Window, application: QApplication, desktop: Desktop, gate: Gate
    ) -> None:
        self.window, self.application, self.desktop, self.gate = window, application, desktop, gate

    @property
    def state(self) -> State:
        return self.window.presenter.state

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"waited in vain; the window says: {self.state.message}"
            self.application.processEvents()
            time.sleep(0.002)

    def settle(self) -> None:
        """Let the window hear and show all that has happened on the screen by now."""
        self.application.sync()
        self.application.processEvents()

    def drop(self, *paths: Path) -> None:
        """Drop files, from outside, while the window lives."""
        with dropping(self.desktop, TITLE, paths) as outside:
            self.until(lambda: outside.poll() is not None)
        assert outside.returncode == 0

    def keys(self, *names: str) -> None:
        """Press keys, from outside, and wait until the window has done what each means."""
        self.come()
        for name in names:
            with presses_of(name, self.application) as heard:
                self.desktop.keys(name)
                self.until(lambda: bool(heard))
            self.until(self.no_button_is_down)

    def no_button_is_down(self) -> bool:
        """Whether none of the window's buttons is pressed; by its key it is so before it acts."""
        from PySide6.QtWidgets import QAbstractButton  # noqa: PLC0415

        buttons = self.window.findChildren(QAbstractButton)
        # Dialogs for files show the way that they list them by a button that stays pressed.
        return not any(one.isDown() and one.window() is self.window for one in buttons)

    def more_options(self) -> None:
        """Open the panel of further options."""
        self.keys("alt+i")
        self.until(self.window.options.advanced.panel.isVisible)

    def come(self) -> None:
        """Give the window, or its dialog, the keys."""
        dialog = self.application.activeModalWidget()
        self.desktop.focus(dialog.windowTitle() if dialog else TITLE)
        self.until(lambda: self.application.activeWindow() is not None)

    def all_read(self) -> bool:
        """Whether all files have been looked at, and the preview is there if there can be one."""
        state = self.state
        if not state.entries or not state.all_looked_at or state.proposing or state.previewing:
            return False
        return state.preview is not None or not state.month_can_be_proposed

    def be_dark(self, dark: bool) -> None:
        """Let the desktop turn dark, or light again."""
        from PySide6.QtCore import Qt  # noqa: PLC0415
        from PySide6.QtGui import QPalette  # noqa: PLC0415

        scheme = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
        self.application.styleHints().setColorScheme(scheme)
        base = QPalette.ColorRole.Base
        self.until(lambda: (self.window.palette().color(base).lightness() < 128) is dark)
        self.settle()

    def picture(self, name: str) -> None:
        """Keep a picture of the screen, if pictures are wanted."""
        if PICTURES:
            self.settle()
            self.desktop.picture(Path(PICTURES) / f"{name}.png")


@contextmanager
def presses_of(key: str, application: QApplication) -> Iterator[list[bool]]:
    """Give a list that is empty until the program hears of a key, as "Return" or "alt+b"."""
    from PySide6.QtCore import QEvent, QObject, Qt  # noqa: PLC0415
    from PySide6.QtGui import QKeyEvent  # noqa: PLC0415

    name = key.rpartition("+")[2]
    wanted = getattr(Qt.Key, f"Key_{name[0].upper()}{name[1:]}")
    heard: list[bool] = []

    class Ears(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
                assert isinstance(event, QKeyEvent)
                if event.key() == wanted:
                    heard.append(True)
            return False

    ears = Ears()
    application.installEventFilter(ears)
    try:
        yield heard
    finally:
        application.removeEventFilter(ears)


@pytest.fixture
def stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same time for all workbooks; to stand before `user`, whose worker goes by it too."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(WRITTEN.timestamp())))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder that workbooks go to."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def user(
    application: QApplication,
    desktop: Desktop,
    tmp_path: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[User]:
    """A person at an open window that is ready."""
    from workbook_builder.window.qt.main_window import Window  # noqa: PLC0415

    settings = tmp_path / "settings" / "settings.json"
    save_settings(Settings(output_folder=str(out), council_asked=True), settings)
    gate = gate_for_workers(settings.parent, monkeypatch)
    window = Window(WorkerProcess(start_method()), settings)
    window.show_window([])
    person = User(window, application, desktop, gate)
    person.until(lambda: bool(person.state.layouts))
    yield person
    window.close()
    window.deleteLater()
    application.processEvents()

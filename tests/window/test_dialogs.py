"""Dialogs and menus are opened and closed time and again: nothing that is gone is asked again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.window.desktop import PATIENCE, screen_in_memory

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from workbook_builder.window.qt.main_window import Window

_TIMES = 3
#: Dialogs that are opened, and menus.
_DIALOGS, _MENUS = 5, 3


@pytest.mark.parametrize("manager", ["", "openbox"])
def test_every_dialog_and_list_is_opened_and_closed_again_and_again(
    manager: str, tmp_path: Path
) -> None:
    """A window manager hands the focus back by itself, which a bare screen does not."""
    for needed in ("Xvfb", manager):
        if needed and not shutil.which(needed):
            pytest.skip(f"needs {needed}")
    with screen_in_memory("1200x760x24") as screen:
        surroundings = {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb"}
        managing = subprocess.Popen([manager], env=surroundings) if manager else None
        try:
            done = subprocess.run(
                [sys.executable, "-m", "tests.window.test_dialogs", tmp_path / "s.json", manager],
                capture_output=True, text=True, check=False, env=surroundings,
                cwd=Path(__file__).parents[2],
            )  # fmt: skip
        finally:
            if managing:
                managing.terminate()
                managing.wait()
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == (["closed"] * _DIALOGS + ["menu"] * _MENUS) * _TIMES
    assert "Traceback" not in done.stderr


def open_and_close_everything(settings: Path, *, managed: bool) -> int:
    """Open each dialog, menu and drop-down list of the window in turn; return the exit status.

    With a window manager each waits until it has the focus, and so does the window after it.
    """
    from PySide6.QtCore import QTimer  # noqa: PLC0415
    from PySide6.QtWidgets import QComboBox, QFileDialog  # noqa: PLC0415

    from tests.window.test_window import contacts  # noqa: PLC0415
    from workbook_builder.window.messages import ReplaceAsked, SheetSummary  # noqa: PLC0415
    from workbook_builder.window.qt.dialogs import ReplaceAnswer, ask_to_replace  # noqa: PLC0415
    from workbook_builder.window.qt.main_window import Window, application_of  # noqa: PLC0415
    from workbook_builder.window.qt.widgets import AssignDialog, run_dialog  # noqa: PLC0415
    from workbook_builder.window.worker import WorkerProcess  # noqa: PLC0415

    app = application_of()
    faults: list[BaseException] = []
    sys.excepthook = lambda kind, fault, trace: faults.append(fault)
    window = Window(WorkerProcess(), settings)
    sheet = SheetSummary("", "Not recognised", "", known=False, headings=("Ref",), mark="mark")

    def until(condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition() and time.monotonic() < end:
            app.processEvents()

    def close_once_active() -> None:
        dialog = app.activeModalWidget()
        if dialog and (app.activeWindow() is dialog or not managed):
            dialog.close()
        else:
            QTimer.singleShot(5, close_once_active)

    def assign() -> None:
        datasets = window.presenter.state.datasets
        run_dialog(AssignDialog(window, sheet, "a.csv", datasets, None))

    def browse() -> None:
        QFileDialog.getOpenFileName(window, "Add files",
                                    options=QFileDialog.Option.DontUseNativeDialog)  # fmt: skip

    def ask() -> None:
        answer = ask_to_replace(window, ReplaceAsked("board.xlsx", 85, 6, "board (2).xlsx"))
        assert answer is ReplaceAnswer.CANCEL  # which closing the box means

    window.show_window([contacts(settings.parent / "contacts.csv", 60)])
    until(lambda: window.presenter.state.preview)
    for _ in range(_TIMES):
        for open_dialog in (window.help, partial(window.help, "X015"), assign, browse, ask):
            QTimer.singleShot(5, close_once_active)
            open_dialog()
            until(lambda: not managed or app.activeWindow() is window)
            print("closed")  # noqa: T201
        open_menus(window, app, until)
    for box in window.findChildren(QComboBox):
        if box.isVisible():
            box.showPopup()
            until(app.activePopupWidget)
            box.hidePopup()
            until(lambda: app.activePopupWidget() is None)
    window.close()
    window.deleteLater()
    app.processEvents()
    for fault in faults:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)  # noqa: T201
    return 1 if faults else 0


def open_menus(
    window: Window, app: QApplication, until: Callable[[Callable[[], object]], None]
) -> None:
    """Open and close the menus of the files, of the problems and of the preview."""
    from PySide6.QtCore import QPoint  # noqa: PLC0415

    problems = window.problems.tree
    group = problems.topLevelItem(0)
    if group and (first := group.child(0)):
        problems.setCurrentItem(first)
    for place, widget in enumerate((window.files, problems, window.preview.table)):
        window.tabs.setCurrentIndex(place)
        widget.customContextMenuRequested.emit(QPoint(5, 5))
        until(app.activePopupWidget)
        if menu := app.activePopupWidget():
            menu.close()
            print("menu")  # noqa: T201
        until(lambda: app.activePopupWidget() is None)


if __name__ == "__main__":
    sys.exit(open_and_close_everything(Path(sys.argv[1]), managed=bool(sys.argv[2])))

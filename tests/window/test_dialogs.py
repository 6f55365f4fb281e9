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

from tests.window.desktop import PATIENCE, Desktop, screen_in_memory

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QComboBox, QWidget

    from workbook_builder.window.qt.main_window import Window

_TIMES, _PRESSES = 3, 10
#: Dialogs that are opened, and menus.
_DIALOGS, _MENUS = 10, 4


@pytest.mark.parametrize("manager", [pytest.param("", marks=pytest.mark.slow), "openbox"])
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
    once, end = ["closed"] * _DIALOGS + ["menu"] * _MENUS, ["Alt+F4"] if manager else []
    assert done.stdout.split() == once * _TIMES + end
    assert "Traceback" not in done.stderr


class Hand:
    """Does to a window what a person does, with a window manager or without, and notes faults.

    With one, each dialog waits until it has the keys; after it they are where they were before.
    """

    def __init__(self, app: QApplication, window: Window, *, managed: bool) -> None:
        self.app, self.window, self.managed = app, window, managed
        self.faults: list[BaseException] = []
        sys.excepthook = lambda kind, fault, trace: self.faults.append(fault)

    def until(self, condition: Callable[[], object], seconds: float = PATIENCE) -> bool:
        """Let the window work until something is so, and tell whether it is."""
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.002)
        return bool(condition())

    def press(self, keys: str, condition: Callable[[], object]) -> None:
        """Press keys, and again while nothing comes of it: a window may not have them yet."""
        for _ in range(_PRESSES):
            Desktop(os.environ["DISPLAY"]).keys(keys)
            if self.until(condition, PATIENCE / _PRESSES):
                return
        self.faults.append(AssertionError(f"nothing came of {keys}"))

    def hold_keys(self, widget: QWidget) -> None:
        """Note a fault unless a widget has the keys, which a window manager may hand over late.

        Without a window manager nothing says who has them.
        """
        if self.managed and not self.until(lambda: self.app.focusWidget() is widget):
            self.faults.append(AssertionError(f"the keys are in {self.app.focusWidget()}"))

    def open_and_close(self, open_dialog: Callable[[], object]) -> None:
        """Open a dialog, and close it once it is there."""
        from PySide6.QtCore import QTimer  # noqa: PLC0415

        def close_once_active() -> None:
            dialog = self.app.activeModalWidget()
            if dialog and (self.app.activeWindow() is dialog or not self.managed):
                dialog.close()
            else:
                QTimer.singleShot(5, close_once_active)

        QTimer.singleShot(5, close_once_active)
        open_dialog()
        self.until(lambda: not self.managed or self.app.activeWindow() is self.window)
        self.hold_keys(self.window.files)
        print("closed")  # noqa: T201

    def open_and_close_list(self, box: QComboBox) -> None:
        """Open a drop-down list and close it: by its keys where a window manager hands them out."""
        box.setFocus()
        if self.managed:
            self.press("alt+Down", self.app.activePopupWidget)
            self.press("Escape", lambda: self.app.activePopupWidget() is None)
        else:
            box.showPopup()
            self.until(self.app.activePopupWidget)
            box.hidePopup()
            self.until(lambda: self.app.activePopupWidget() is None)
        self.hold_keys(box)


def open_and_close_everything(settings: Path, *, managed: bool) -> int:
    """Open each dialog, menu and drop-down list of the window in turn; return the exit status.

    With a window manager, Alt+F4 closes it in the end.
    """
    from PySide6.QtWidgets import QComboBox, QFileDialog  # noqa: PLC0415

    from tests.window.test_window import contacts  # noqa: PLC0415
    from workbook_builder.months import Month  # noqa: PLC0415
    from workbook_builder.window.messages import ReplaceAsked, SheetSummary  # noqa: PLC0415
    from workbook_builder.window.preview_sheet import FigurePlace  # noqa: PLC0415
    from workbook_builder.window.qt.assign_dialog import AssignDialog  # noqa: PLC0415
    from workbook_builder.window.qt.dialogs import (  # noqa: PLC0415
        ReplaceAnswer,
        ask_to_close,
        ask_to_replace,
    )
    from workbook_builder.window.qt.main_window import Window, application_of  # noqa: PLC0415
    from workbook_builder.window.qt.widgets import run_dialog  # noqa: PLC0415
    from workbook_builder.window.worker import WorkerProcess  # noqa: PLC0415

    app = application_of()
    window = Window(WorkerProcess(), settings)
    hand = Hand(app, window, managed=managed)
    sheet = SheetSummary("", "Not recognised", "", known=False, headings=("Ref",), mark="mark")

    def assign() -> None:
        datasets = window.presenter.state.datasets
        run_dialog(AssignDialog(window, sheet, "a.csv", datasets, None))

    def browse() -> None:
        QFileDialog.getOpenFileName(window, "Add files",
                                    options=QFileDialog.Option.DontUseNativeDialog)  # fmt: skip

    def ask() -> None:
        answer = ask_to_replace(window, ReplaceAsked("board.xlsx", 85, 6, "board (2).xlsx"))
        assert answer is ReplaceAnswer.CANCEL  # which closing the box means

    def leave() -> None:
        assert not ask_to_close(window, "1 text is in no workbook yet.")  # which is going back

    window.show_window([contacts(settings.parent / "contacts.csv", 60)])
    hand.until(lambda: window.presenter.state.preview)
    editing = window.preview.editing
    window.presenter.ask_about(FigurePlace("contacts", Month(2023, 7), ""))
    hand.until(lambda: editing.indicator)
    edits = (editing.edit_targets, editing.edit_benchmarks, editing.edit_rows,
             editing.edit_sentences)  # fmt: skip
    for _ in range(_TIMES):
        window.tabs.setCurrentIndex(0)
        window.files.setFocus()
        for open_dialog in (
            window.help, partial(window.help, "X015"), assign, browse, ask, leave, *edits
        ):  # fmt: skip
            hand.open_and_close(open_dialog)
        open_menus(window, app, hand.until)
    for box in window.findChildren(QComboBox):
        if box.isVisible():
            hand.open_and_close_list(box)
    if managed:
        hand.press("alt+F4", lambda: not window.isVisible())
        print("Alt+F4")  # noqa: T201
    window.close()
    window.deleteLater()
    app.processEvents()
    for fault in hand.faults:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)  # noqa: T201
    return 1 if hand.faults else 0


def open_menus(
    window: Window, app: QApplication, until: Callable[[Callable[[], object]], bool]
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
    menu = window.preview.edit.menu()
    menu.popup(window.mapToGlobal(QPoint(5, 5)))
    until(app.activePopupWidget)
    menu.close()
    print("menu")  # noqa: T201
    until(lambda: app.activePopupWidget() is None)


if __name__ == "__main__":
    sys.exit(open_and_close_everything(Path(sys.argv[1]), managed=bool(sys.argv[2])))

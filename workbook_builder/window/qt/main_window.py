"""The window off screen, for the self-test: it opens, and its worker reads a file for it."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, QUrl, qInstallMessageHandler
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.cli.process import keep_log, log_words
from workbook_builder.problems import Level
from workbook_builder.window.job_queue import WorkerPort
from workbook_builder.window.messages import Fault
from workbook_builder.window.presenter import Presenter
from workbook_builder.window.qt.dialogs import AssignDialog, FileList, HelpDialog
from workbook_builder.window.qt.options_panel import OptionsPanel
from workbook_builder.window.qt.widgets import (
    DropArea,
    FocusRing,
    browser,
    button,
    column,
    follow_desktop,
    named,
    row,
)
from workbook_builder.window.settings import load_settings, save_settings, settings_file
from workbook_builder.window.state import State, faults_text
from workbook_builder.window.view_models import PROBLEM, problems_page, result_page
from workbook_builder.window.worker import WorkerProcess

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


_PLENTY = 1 << 40


def keep_none() -> None:
    """Count None so often that it is never used up."""
    if sys.version_info < (3, 12) and sys.maxsize > _PLENTY:
        ctypes.c_ssize_t.from_address(id(None)).value += _PLENTY


_TITLE = "Workbook Builder"
_FAULT = "Something went wrong inside the program."
_LISTEN_MS = 40
_INDENT = 8
_SIZE = QSize(1180, 720)
_FILES = "Extracts (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.xlsb *.ods);;All files (*)"
_DROP = "Drop the month's extracts here: files or a whole folder, in any order."
_LET_GO = "Let go to add the files."


def run_window(paths: Sequence[Path]) -> int:
    """Show the window until it is closed, and return the exit status."""
    app = application_of()
    window = Window(WorkerProcess())
    sys.excepthook = window.crashed
    tell_first_paint(window)
    window.show_window(paths)
    return app.exec()


def application_of(*options: str) -> QApplication:
    """Return Qt's application, made with Qt's own options if there is none yet."""
    keep_none()
    app = QApplication.instance() or QApplication([_TITLE, *options])
    assert isinstance(app, QApplication)
    app.setApplicationDisplayName(_TITLE)
    app.setWindowIcon(_icon())
    app.setStyle("Fusion")  # looks, focus and contrast alike everywhere, light and dark
    follow_desktop(app)
    return app


def _icon() -> QIcon:
    """Return the program's icon, drawn anew for each size by build/icon/draw.py."""
    icon = QIcon()
    for picture in (Path(__file__).parent / "icon").glob("*.png"):
        icon.addFile(str(picture))
    return icon


class Window(QMainWindow):
    """The one window: files on the left, wishes on the right."""

    def __init__(self, worker: WorkerPort, settings: Path | None = None) -> None:
        super().__init__()
        kept = settings or settings_file()
        self._shown = State()
        self.presenter = Presenter(
            self, worker, load_settings(kept), lambda changed: save_settings(changed, kept)
        )
        self.setWindowTitle(_TITLE)
        self.setAcceptDrops(True)
        self._make()
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))
        self._timer = QTimer(self, interval=_LISTEN_MS)
        self._timer.timeout.connect(self.presenter.listen)

    def show_window(self, paths: Sequence[Path]) -> None:
        """Show the window and begin."""
        self.show()
        self.files.setFocus()
        self.presenter.start(paths)
        self._timer.start()

    # Making the widgets.

    def _make(self) -> None:
        self.tabs = named(QTabWidget(), "Files, problems and result")
        named(self.tabs.tabBar(), "Files, problems and result", "The arrows lead to the others")
        self.tabs.addTab(self._files_tab(), "File&s")
        self.tabs.addTab(self._problems_tab(), "&Problems")
        self.tabs.addTab(self._result_tab(), "Res&ult")
        middle = QWidget()
        sides = QHBoxLayout(middle)
        sides.addWidget(self.tabs, 5)
        self.wishes = OptionsPanel(self.presenter)
        sides.addWidget(self.wishes, 2)
        self.setCentralWidget(middle)
        self.message = QLabel()  # a name of its own would hide its text from screen readers
        self.message.setIndent(_INDENT)
        self.statusBar().addWidget(self.message, 1)
        self.log = button("Open the lo&g", "The log of the fault", self.presenter.open_log)
        self.statusBar().addPermanentWidget(self.log)
        self.log.hide()
        self.ring = FocusRing(self)
        QShortcut(QKeySequence.StandardKey.HelpContents, self, self.help)
        QShortcut(QKeySequence.StandardKey.Open, self, self._browse_files)

    def _files_tab(self) -> QWidget:
        self.drop = DropArea()
        self.drop_label = QLabel(_DROP)
        self.drop_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.drop_label.setWordWrap(True)
        add = button("&Add files…", "Choose extracts to add to the list", self._browse_files)
        folder = button("Add fol&der…", "Choose a folder of extracts", self._browse_folder)
        box = QVBoxLayout(self.drop)
        box.addWidget(self.drop_label)
        box.addLayout(row(None, add, folder, None))
        self.files = FileList(self._remove, self._paste)
        self.files.itemSelectionChanged.connect(self._enable)
        self.remove = button("&Remove", "Take the chosen files out of the list", self._remove)
        self.what = button(
            "&What is this…", "Say what kind of extract the chosen file is", self._assign
        )
        return column(self.drop, self.files, row(self.remove, self.what, None))

    def _problems_tab(self) -> QWidget:
        self.problems = browser("Problems", "Every problem by file, errors first, with a link "
                                 "to what it means", self._follow)  # fmt: skip
        copy = button("Copy &all", "Copy all problems as text",
                       lambda: self.copy(faults_text(self._shown.faults)))  # fmt: skip
        return column(self.problems, row(copy, None))

    def _result_tab(self) -> QWidget:
        self.result = browser("Result", "What was written and what to look at first", self._follow)
        do = self.presenter
        self.after = (
            button("&Open workbook", "Open the finished workbook", do.open_workbook),
            button("Open fol&der", "Open the folder of the finished workbook", do.open_folder),
            button("Cop&y summary", "Copy what was written, and the problems", do.copy_summary),
        )
        return column(self.result, row(*self.after, None))

    # Showing the state.

    def present(self, state: State) -> None:
        """Show a state."""
        last, self._shown = self._shown, state
        if (state.entries, state.reading) != (last.entries, last.reading):
            self.files.present(state.entries, state.names, state.reading)
        if state.faults != last.faults:
            self._show_problems(state.faults)
        if state.result is not last.result:
            self.result.setHtml(result_page(state.result))
            if state.result:
                self.tabs.setCurrentIndex(2)
                (self.after[0] if state.result.written else self.result).setFocus()
        self.wishes.present(state)
        self.message.setText(state.message)
        self.log.setVisible(bool(state.crash and state.crash.log))
        self._enable()

    def _show_problems(self, faults: Sequence[Fault]) -> None:
        self.problems.setHtml(problems_page(faults))
        worth = sum(one.level > Level.NOTE for one in faults)
        self.tabs.setTabText(1, f"&Problems ({worth})" if worth else "&Problems")

    def _enable(self) -> None:
        state = self._shown
        chosen = self.files.selectedItems()
        self.remove.setEnabled(bool(chosen) and not state.building)
        self.what.setEnabled(self.files.chosen_sheet() is not None and not state.building)
        for one in self.after:
            one.setEnabled(bool(state.result and state.result.written))
        self.after[2].setEnabled(bool(state.result))

    # What only a desktop can do.

    def announce(self, text: str) -> None:
        """Say a change to a screen reader."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def open(self, path: Path) -> None:
        """Open a file or folder with the desktop's own program for it."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            QMessageBox.information(self, _TITLE, f"Open it by hand: {path}")

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""
        QGuiApplication.clipboard().setText(text)

    def crashed(
        self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        """Tell a fault of the window itself in one sentence, and offer the log."""
        log = keep_log(fault)
        said = f"{_FAULT} {log_words(log)}"
        box = QMessageBox(QMessageBox.Icon.Critical, _TITLE, said, parent=self)
        box.addButton(QMessageBox.StandardButton.Close)
        if log:
            opening = box.addButton("Open the log", QMessageBox.ButtonRole.ActionRole)
            opening.clicked.connect(lambda: self.open(log))
        box.exec()

    # What a person does.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files, wherever on the window they are dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._drag_over(over=True)

    def dragLeaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Forget files that went on."""
        self._drag_over(over=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Add the files."""
        self._drag_over(over=False)
        event.acceptProposedAction()
        self._add(event.mimeData().urls())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Colour links anew when the desktop turns from light to dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "result"):
            self.problems.setHtml(problems_page(self._shown.faults))
            self.result.setHtml(result_page(self._shown.result))

    def closeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Stop the worker with the window."""
        self._timer.stop()
        self.presenter.close()
        event.accept()

    def help(self, code: str = "") -> None:
        """Show how to use the window, or what a problem means."""
        HelpDialog(self, code).exec()

    def _drag_over(self, *, over: bool) -> None:
        self.drop_label.setText(_LET_GO if over else _DROP)
        self.drop.light_up(over=over)

    def _add(self, urls: Iterable[QUrl]) -> None:
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            self.tabs.setCurrentIndex(0)
            self.presenter.add(paths)

    def _paste(self) -> None:
        self._add(QGuiApplication.clipboard().mimeData().urls())

    def _browse_files(self) -> None:
        start = self.presenter.settings.input_folder
        names, _ = QFileDialog.getOpenFileNames(self, "Add files", start, _FILES)
        self._add(map(QUrl.fromLocalFile, names))

    def _browse_folder(self) -> None:
        start = self.presenter.settings.input_folder
        self._add([QUrl.fromLocalFile(QFileDialog.getExistingDirectory(self, "Add folder", start))])

    def _remove(self) -> None:
        self.presenter.remove(self.files.chosen_paths())

    def _assign(self) -> None:
        found = self.files.chosen_sheet()
        if found is None:
            return
        path, sheet = found
        before = self.presenter.settings.assigned.get(sheet.mark)
        dialog = AssignDialog(self, sheet, self._shown.names[path], self._shown.datasets, before)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.presenter.assign(path, sheet.mark, dialog.assignment())

    def _follow(self, url: QUrl) -> None:
        if url.toString().startswith(PROBLEM):
            self.help(url.toString().removeprefix(PROBLEM))


_PATIENCE = 120.0
_PAUSE = 0.02


def look_off_screen(file: Path, settings: Path) -> str | None:
    """Open the window with a file and return what it says of it; None if it never knows it."""
    qInstallMessageHandler(_unheard)
    application = application_of("-platform", "offscreen")
    window = Window(WorkerProcess(), settings)
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

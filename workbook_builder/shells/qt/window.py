"""The window: Qt's widgets over the presenter."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl
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
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMessageBox,
    QProgressBar,
    QTabWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.problems import Level
from workbook_builder.shells.crash import keep_log
from workbook_builder.shells.pages import PROBLEM, problems_page, result_page
from workbook_builder.shells.presenter import Presenter, Working
from workbook_builder.shells.qt.colours import follow_desktop
from workbook_builder.shells.qt.dialogs import AssignDialog, HelpDialog
from workbook_builder.shells.qt.files import FileList
from workbook_builder.shells.qt.first_paint import tell_first_paint
from workbook_builder.shells.qt.parts import (
    DropArea,
    browser,
    button,
    column,
    fill,
    named,
    plain,
    row,
)
from workbook_builder.shells.settings import load_settings, save_settings, settings_file
from workbook_builder.shells.state import State, faults_text
from workbook_builder.shells.worker import Worker

_TITLE = "Workbook Builder"
_FAULT = "Something went wrong inside the program. A log without any of your data is kept."
_LISTEN_MS = 40
_SIZE = QSize(1080, 660)
_STEPS = 1000
_BUILD_HEIGHT = 36
_FILES = "Extracts (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.xlsb *.ods);;All files (*)"
_DROP = "Drop the month's extracts here: files or a whole folder, in any order."
_LET_GO = "Let go to add the files."


def run_window(paths: Sequence[Path]) -> int:
    """Show the window until it is closed, and return the exit status."""
    app = application_of()
    window = Window(Worker())
    sys.excepthook = window.crashed
    tell_first_paint(window)
    window.show_window(paths)
    return app.exec()


def application_of(*options: str) -> QApplication:
    """Return Qt's application, made with Qt's own options if there is none yet."""
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

    def __init__(self, worker: Working, settings: Path | None = None) -> None:
        super().__init__()
        kept = settings or settings_file()
        self._shown = State()
        self._items: dict[Path, QTreeWidgetItem] = {}
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
        self.tabs.addTab(self._files_tab(), "File&s")
        self.tabs.addTab(self._problems_tab(), "&Problems")
        self.tabs.addTab(self._result_tab(), "Res&ult")
        middle = QWidget()
        sides = QHBoxLayout(middle)
        sides.addWidget(self.tabs, 5)
        sides.addWidget(self._wishes(), 2)
        self.setCentralWidget(middle)
        self.message = named(QLabel(), "Status")
        self.statusBar().addWidget(self.message, 1)
        self.log = button("Open the lo&g", "The log of the fault", self.presenter.open_log)
        self.statusBar().addPermanentWidget(self.log)
        self.log.hide()
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

    def _wishes(self) -> QWidget:
        do = self.presenter
        self.month = QComboBox()
        self.month.activated.connect(lambda: do.choose_month(self.month.currentData()))
        self.layouts = QComboBox()
        self.layouts.activated.connect(lambda: do.choose_layout(self.layouts.currentData()))
        self.folder = QLineEdit()
        self.folder.editingFinished.connect(lambda: do.choose_folder(self.folder.text()))
        choose = button("Choos&e…", "Choose the folder of the workbook", self._browse_output)
        self.name = QLineEdit()
        self.name.setPlaceholderText("Named by the layout")
        self.name.textEdited.connect(do.choose_name)
        form = QFormLayout(rowWrapPolicy=QFormLayout.RowWrapPolicy.WrapAllRows)
        for text, field, what in (
            ("Reporting &month", self.month, "The last month that the workbook shows"),
            ("&Layout", self.layouts, "Which sheets and tables the workbook has"),
            ("&Folder for the workbook", self.folder, "Where the workbook is put"),
            ("File &name", self.name, "What the workbook is called"),
        ):
            form.addRow(text, named(field, plain(text), what))
            if field is self.folder:
                form.addRow(row(None, choose))
        self.build = button("&Build the workbook", "Build it from the files in the list", do.build)
        bold = self.build.font()
        bold.setBold(True)
        self.build.setFont(bold)
        self.build.setMinimumHeight(_BUILD_HEIGHT)
        self.cancel = button("&Cancel", "Stop building; nothing is written", do.cancel)
        self.progress = named(QProgressBar(), "Progress", "How much of the build is done")
        self.progress.setMaximum(_STEPS)
        self.doing = named(QLabel(), "What is being done")
        self.doing.setWordWrap(True)
        return column(
            form, self._more(), None, self.build, self.progress, self.doing, row(None, self.cancel)
        )

    def _more(self) -> QWidget:
        """What is seldom needed, folded away."""
        self.past = QLabel()
        self.past.setWordWrap(True)
        self.recalculate = named(
            QCheckBox("Recalculate published mont&hs"), "Recalculate published months",
            "Take today's figures in place of those in last month's workbook",
        )  # fmt: skip
        self.since = QComboBox()
        for_since = QFormLayout()
        for_since.addRow("From mon&th", named(self.since, "From month", "The first to recalculate"))
        self.recalculate.toggled.connect(self._recalculation)
        self.since.activated.connect(self._recalculation)
        inside = column(self.recalculate, for_since, inside=True)
        inside.hide()
        more = button("More opt&ions", "Show or hide what is seldom needed", lambda: None)
        more.setCheckable(True)
        more.toggled.connect(inside.setVisible)
        return column(self.past, row(more, None), inside, inside=True)

    def _recalculation(self) -> None:
        chosen = self.recalculate.isChecked()
        self.presenter.choose_recalculation(chosen, self.since.currentData())

    # Showing the state.

    def present(self, state: State) -> None:
        """Show a state."""
        last, self._shown = self._shown, state
        if (state.entries, state.reading) != (last.entries, last.reading):
            self.files.present(state.entries, state.reading)
        if state.faults != last.faults:
            self.problems.setHtml(problems_page(state.faults))
            worth = sum(one.level > Level.NOTE for one in state.faults)
            self.tabs.setTabText(1, f"&Problems ({worth})" if worth else "&Problems")
        if state.result is not last.result:
            self.result.setHtml(result_page(state.result))
            if state.result:
                self.tabs.setCurrentIndex(2)
                self.after[0].setFocus()
        self._show_wishes(state)
        self.message.setText(state.message)
        self.log.setVisible(bool(state.crash and state.crash.log))
        self._enable()

    def _show_wishes(self, state: State) -> None:
        usual = state.proposed.label if state.proposed else "found in the files"
        waiting = "…" if state.proposing else f" ({usual})"
        months: list[tuple[str, object]] = [(f"The last whole month{waiting}", None)]
        months += [(month.label, month) for month in state.months]
        fill(self.month, months, state.month)
        fill(self.layouts, [(one.title, one.name) for one in state.layouts], state.layout)
        past = ", ".join(state.pasts)
        self.past.setText(f"Last month's workbook: {past or 'none in the list'}")
        self.recalculate.setEnabled(bool(past))
        self.since.setEnabled(bool(past) and state.recalculate)
        fill(self.since, [("All months", None), *months[1:]], state.since)
        for field, text in ((self.folder, state.folder), (self.name, state.name)):
            if (field.text() != text and not field.hasFocus()) or not field.isModified():
                field.setText(text)
        self.progress.setVisible(state.building)
        self.progress.setValue(round(state.share * _STEPS))
        self.doing.setText(state.doing if state.building else "")
        self.cancel.setVisible(state.building)
        self.cancel.setEnabled(not state.writing)

    def _enable(self) -> None:
        state = self._shown
        self.build.setEnabled(bool(state.entries) and not state.building)
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
        box = QMessageBox(QMessageBox.Icon.Critical, _TITLE, _FAULT, parent=self)
        box.addButton(QMessageBox.StandardButton.Close)
        opening = box.addButton("Open the log", QMessageBox.ButtonRole.ActionRole)
        box.exec()
        if box.clickedButton() is opening:
            self.open(log)

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

    def _browse_output(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder", self._shown.folder)
        if folder:
            self.presenter.choose_folder(str(Path(folder)))

    def _remove(self) -> None:
        self.presenter.remove(self.files.chosen_paths())

    def _assign(self) -> None:
        found = self.files.chosen_sheet()
        if found is None:
            return
        path, sheet = found
        before = self.presenter.settings.assigned.get(sheet.mark)
        dialog = AssignDialog(self, sheet, path.name, self._shown.datasets, before)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.presenter.assign(path, sheet.mark, dialog.assignment())

    def _follow(self, url: QUrl) -> None:
        if url.toString().startswith(PROBLEM):
            self.help(url.toString().removeprefix(PROBLEM))

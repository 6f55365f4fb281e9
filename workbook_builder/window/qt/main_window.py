"""The one window: the files, problems and result on the left, the options on the right.

What is not seen at first is imported and made once the window has been painted, or when a person
asks for it: the window comes sooner.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QObject,
    QSize,
    Qt,
    QTimer,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QKeySequence,
    QPaintEvent,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.crash_log import crash_log_sentence, write_crash_log
from workbook_builder.problems import Level
from workbook_builder.window.button_states import (
    can_change_files,
    can_open_log,
)
from workbook_builder.window.editing import unsaved_texts, unsaved_words
from workbook_builder.window.job_queue import WorkerProtocol
from workbook_builder.window.presenter import Presenter
from workbook_builder.window.qt.council_bar import CouncilBar
from workbook_builder.window.qt.file_list import FileList
from workbook_builder.window.qt.needs_panel import NeedsPanel
from workbook_builder.window.qt.options_panel import OptionsPanel
from workbook_builder.window.qt.start_page import LET_GO_WORDS, StartPage
from workbook_builder.window.qt.theme import dress, follow_desktop
from workbook_builder.window.qt.widgets import (
    DropArea,
    FocusOutline,
    MenuAction,
    button,
    column,
    menu_on_right_click,
    named,
    row,
    run_dialog,
)
from workbook_builder.window.settings import load_settings, save_settings, settings_file
from workbook_builder.window.state import State
from workbook_builder.window.worker import WorkerProcess

if TYPE_CHECKING:
    from workbook_builder.window.qt.preview_tab import PreviewTab
    from workbook_builder.window.qt.problems_panel import ProblemsPanel
    from workbook_builder.window.qt.result_panel import ResultPanel

TITLE = "Workbook Builder"
#: Modules of pages that are not seen at first.
_LATER = ("problems_panel", "edit_dialogs", "preview_tab", "result_panel")
_FAULT = "Something went wrong inside the program."
#: Milliseconds between two looks for answers of the worker.
_LISTEN_MS = 10
_INDENT = 8
_SIZE = QSize(1180, 720)
_FILES = "Extracts (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.xlsb *.ods *.xml);;All files (*)"
_DROP = "Drop more files or folders here, at any time."

#: The shares of the page that the lists of the layout and the list of files have.
_LISTS_SHARES = (3, 2)


class Tab(IntEnum):
    """The tabs, in their order."""

    FILES = 0
    PROBLEMS = 1
    PREVIEW = 2
    RESULT = 3


class _TabPage(Protocol):
    """A tab's page, which is told every state."""

    def present(self, state: State) -> None:
        """Show a state."""


P = TypeVar("P", "ProblemsPanel", "PreviewTab", "ResultPanel")


class Window(QMainWindow):
    """The main window: it shows the presenter's state and tells it what a person does."""

    def __init__(self, worker: WorkerProtocol, settings: Path | None = None) -> None:
        super().__init__()
        file = settings or settings_file()
        self._shown = State()
        self.presenter = Presenter(
            self, worker, load_settings(file), lambda changed: save_settings(changed, file)
        )
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
        self.tabs = named(QTabWidget(), "Files, problems, preview and result")
        named(
            self.tabs.tabBar(),
            "Files, problems, preview and result",
            "Use the arrow keys to see the others",
        )
        self.tabs.addTab(self._files_tab(), "File&s")
        for title in ("&Problems", "Pre&view", "Res&ult"):
            self.tabs.addTab(column(inside=True), title)
        self._pages: dict[int, _TabPage] = {}
        #: What is left to be imported and made once the window is painted.
        self._pieces: list[Callable[[], object]] = [
            *(partial(import_module, f"{__package__}.{name}") for name in _LATER),
            *(partial(self._page_of, tab) for tab in Tab),
        ]
        self._is_painted = False
        self._last_on_pages: QWidget = self.what_is_this
        self.tabs.currentChanged.connect(self._page_of)
        helping = button("Help (F&1)", "How to use the window", self.help, "question")
        self.council = CouncilBar(self.presenter)
        corner = QWidget()
        corner_box = row(self.council.top, helping)
        corner_box.setContentsMargins(0, 0, 0, 0)
        corner.setLayout(corner_box)
        self.tabs.setCornerWidget(corner)
        self.setTabOrder(self.tabs.tabBar(), self.council.top)
        self.setTabOrder(self.council.top, helping)
        self.options = OptionsPanel(self.presenter)
        middle = QWidget()
        sides = QHBoxLayout(middle)
        left = QVBoxLayout()
        left.addWidget(self.council)
        left.addWidget(self.tabs, 1)
        sides.addLayout(left, 5)
        sides.addWidget(self.options, 2)
        self.setCentralWidget(middle)
        if not has_fonts():
            self._say_without_fonts()
        self.message = QLabel()  # a name of its own would hide its text from screen readers
        self.message.setIndent(_INDENT)
        self.statusBar().addWidget(self.message, 1)
        self.log = button("Open the lo&g", "The log of the fault", self.presenter.open_log)
        self.statusBar().addPermanentWidget(self.log)
        self.log.hide()
        self.outline = FocusOutline(self)
        QShortcut(QKeySequence.StandardKey.HelpContents, self, self.help)
        QShortcut(QKeySequence.StandardKey.Open, self, self._browse_files)
        dress()
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))
        self._timer = QTimer(self, interval=_LISTEN_MS)
        self._timer.timeout.connect(self.presenter.listen)

    def show_window(self, paths: Sequence[Path]) -> None:
        """Show the window and begin, with some files."""
        self.show()
        self.start_page.choose_files.setFocus()
        self.presenter.start(paths)
        self._timer.start()

    # Making the widgets.

    @cached_property
    def problems(self) -> ProblemsPanel:
        """The page of problems, made when it is first asked for."""
        from workbook_builder.window.qt.problems_panel import ProblemsPanel

        return self._put_in_tab(
            Tab.PROBLEMS, ProblemsPanel(self.presenter.leave_out, self.help, self.copy)
        )

    @cached_property
    def preview(self) -> PreviewTab:
        """The page of the preview, made when it is first asked for."""
        from workbook_builder.window.qt.edit_dialogs import EditPanel
        from workbook_builder.window.qt.preview_tab import PreviewTab

        return self._put_in_tab(Tab.PREVIEW, PreviewTab(
            self.presenter.ask_about, self._copy_table, self.presenter.list_children,
            EditPanel(self.presenter),
        ))  # fmt: skip

    @cached_property
    def result(self) -> ResultPanel:
        """The page of the result, made when it is first asked for."""
        from workbook_builder.window.qt.result_panel import ResultPanel

        return self._put_in_tab(Tab.RESULT, ResultPanel(self.presenter))

    def _put_in_tab(self, place: int, page: P) -> P:
        """Put a page into its tab, and show what the other pages show.

        By Tab it comes after the pages that are there, and before the options.
        """
        self._pages[place] = page
        parts: list[QWidget] = [page]
        while (following := parts[-1].nextInFocusChain()) and following is not page:
            parts.append(following)
        if (holder := self.tabs.widget(place)) and (box := holder.layout()):
            box.addWidget(page)
        for part in parts:
            if part.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                self.setTabOrder(self._last_on_pages, part)
                self._last_on_pages = part
        page.present(self._shown)
        return page

    def _page_of(self, place: int) -> QWidget | None:
        """Return the page of a tab, which is made if it is not there yet."""
        match place:
            case Tab.PROBLEMS:
                return self.problems
            case Tab.PREVIEW:
                return self.preview
            case Tab.RESULT:
                return self.result
        return None

    def _make_pages(self) -> None:
        """Make the pages that are not there yet, piece by piece, whenever nothing else waits."""
        if self._pieces:
            self._pieces.pop(0)()
            QTimer.singleShot(0, self, self._make_pages)

    def _files_tab(self) -> QWidget:
        self.drop = DropArea()
        self.drop_label = QLabel(_DROP)
        add = button("&Add files…", "Choose extracts to add to the list", self._browse_files,
                     "file")  # fmt: skip
        folder = button("Add fol&der…", "Choose a folder of extracts", self._browse_folder,
                        "folder")  # fmt: skip
        self.drop.setLayout(row(self.drop_label, None, add, folder))
        self.files = FileList(self._remove, self._paste)
        self.files.itemSelectionChanged.connect(self._enable_buttons)
        menu_on_right_click(self.files, self._file_actions)
        self.remove = button("&Remove", "Remove the selected files from the list", self._remove,
                             "remove")  # fmt: skip
        self.what_is_this = button(
            "&What is this…",
            "Choose what kind of extract the selected file is",
            self._assign,
            "question",
        )
        self.needs = NeedsPanel(self._browse_files)
        lists = QSplitter(Qt.Orientation.Vertical)
        lists.setChildrenCollapsible(False)
        lists.addWidget(self.needs)
        lists.addWidget(self.files)
        for place, share in enumerate(_LISTS_SHARES):
            lists.setStretchFactor(place, share)
        self.start_page = StartPage(
            self._browse_files,
            self._browse_folder,
            self.presenter.try_sample,
            self.presenter.open_recent,
            self._paste,
        )
        self._either = QStackedWidget()
        self._either.addWidget(column(self.start_page))
        self._either.addWidget(column(self.drop, lists, row(self.remove, self.what_is_this, None)))
        return self._either

    def _say_without_fonts(self) -> None:
        """Say by a picture that words are boxes, and what to do."""
        picture = named(QLabel(), "No fonts", "There are no fonts on this computer")
        picture.setPixmap(QPixmap(str(Path(__file__).parent / "no-fonts.png")))
        self.setMenuWidget(picture)

    # Showing the state.

    def present(self, state: State) -> None:
        """Show a state."""
        last, self._shown = self._shown, state
        self.start_page.present(self.presenter.settings.recent)
        if bool(state.entries) != bool(self._either.currentIndex()):
            focused = self.focusWidget()
            was_inside = focused is not None and self._either.isAncestorOf(focused)
            self._either.setCurrentIndex(1 if state.entries else 0)
            if was_inside:
                (self.files if state.entries else self.start_page.choose_files).setFocus()
        if (state.entries, state.reading) != (last.entries, last.reading):
            self.files.present(state.entries, state.names, state.reading)
        for page in self._pages.values():
            page.present(state)
        if state.problems != last.problems:
            count = sum(problem.level > Level.NOTE for problem in state.problems)
            self.tabs.setTabText(Tab.PROBLEMS, f"&Problems ({count})" if count else "&Problems")
        if state.result is not last.result and state.result:
            self.tabs.setCurrentIndex(Tab.RESULT)
            self.result.take_focus()
        self.needs.present(state)
        self.council.present(state)
        if state.question and state.question is not last.question:
            QTimer.singleShot(0, self._ask)  # once all that has come is shown
        self.options.present(state)
        self.message.setText(state.message)
        self.log.setVisible(can_open_log(state))
        self._enable_buttons()

    def _enable_buttons(self) -> None:
        state = self._shown
        changeable = can_change_files(state)
        self.remove.setEnabled(changeable and bool(self.files.selectedItems()))
        self.what_is_this.setEnabled(changeable and self.files.chosen_sheet() is not None)

    # What only a desktop can do.

    def announce(self, text: str) -> None:
        """Say a change to a screen reader."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def open(self, path: Path) -> None:
        """Open a file or folder with the desktop's own program for it."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            QMessageBox.information(self, TITLE, f"Open it by hand: {path}")

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""
        QGuiApplication.clipboard().setText(text)

    def _copy_table(self, data: QMimeData, words: str) -> None:
        QGuiApplication.clipboard().setMimeData(data)
        self.message.setText(words)
        self.announce(words)

    def crashed(
        self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        """Tell a fault of the window itself in one sentence, and offer the log."""
        log = write_crash_log(fault)
        text = f"{_FAULT} {crash_log_sentence(log)}"
        box = QMessageBox(QMessageBox.Icon.Critical, TITLE, text, parent=self)
        box.addButton(QMessageBox.StandardButton.Close)
        if log:
            open_log = box.addButton("Open the log", QMessageBox.ButtonRole.ActionRole)
            open_log.clicked.connect(lambda: self.open(log))
        run_dialog(box)

    # What a person does.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept files, wherever on the window they are held."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._show_drag(over=True)

    def dragLeaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Forget files that went on."""
        self._show_drag(over=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Add the files."""
        self._show_drag(over=False)
        event.acceptProposedAction()
        self._add(event.mimeData().urls())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Make the pages that are not seen yet once the window has been painted."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self._make_pages)

    def closeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Stop the worker with the window; ask first where texts would be lost."""
        if unsaved_texts(self._shown):
            from workbook_builder.window.qt.dialogs import ask_to_close

            if not ask_to_close(self, unsaved_words(self._shown)):
                event.ignore()
                return
        self._timer.stop()
        self.presenter.close()
        event.accept()

    def help(self, code: str = "") -> None:
        """Show how to use the window, or what a problem means."""
        from workbook_builder.window.qt.dialogs import HelpDialog

        run_dialog(HelpDialog(self, code, None if code else self.presenter.open_own_layouts))

    def _show_drag(self, *, over: bool) -> None:
        self.drop_label.setText(LET_GO_WORDS if over else _DROP)
        self.drop.light_up(over=over)
        self.start_page.light_up(over=over)

    def _add(self, urls: Iterable[QUrl]) -> None:
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            self.tabs.setCurrentIndex(Tab.FILES)
            self.presenter.add(paths)

    def _paste(self) -> None:
        self._add(QGuiApplication.clipboard().mimeData().urls())

    def _browse_files(self, what: str = "files") -> None:
        start = self.presenter.settings.input_folder
        names, _ = QFileDialog.getOpenFileNames(self, f"Add {what}", start, _FILES)
        self._add(map(QUrl.fromLocalFile, names))

    def _browse_folder(self) -> None:
        start = self.presenter.settings.input_folder
        self._add([QUrl.fromLocalFile(QFileDialog.getExistingDirectory(self, "Add folder", start))])

    def _remove(self) -> None:
        self.presenter.remove(self.files.chosen_paths())

    def _assign(self) -> None:
        chosen = self.files.chosen_sheet()
        if chosen is None:
            return
        path, sheet = chosen
        before = self.presenter.settings.assigned.get(sheet.mark)
        from workbook_builder.window.qt.assign_dialog import AssignDialog

        dialog = AssignDialog(self, sheet, self._shown.names[path], self._shown.datasets, before)
        if run_dialog(dialog):
            self.presenter.assign(path, sheet.mark, dialog.assignment())

    def _file_actions(self) -> Iterator[MenuAction]:
        """Yield what can be done with the chosen files."""
        paths = self.files.chosen_paths()
        if not paths:
            return
        yield "Open", "open", lambda: self.open(paths[0])
        yield "Open its folder", "folder", lambda: self.open(paths[0].parent)
        if not can_change_files(self._shown):
            return
        if self.what_is_this.isEnabled():
            yield "What is this…", "question", self._assign
        left_out = {entry.path for entry in self._shown.entries if entry.left_out}
        if paths[0] in left_out:
            yield "Use it again", "", lambda: self.presenter.leave_out(paths[0], wanted=False)
        else:
            yield "Build without it", "", lambda: self.presenter.leave_out(paths[0])
        yield "Remove from the list", "remove", self._remove

    def _ask(self) -> None:
        """Ask what becomes of a fuller workbook where the new one is to go."""
        from workbook_builder.window.qt.dialogs import ReplaceAnswer, ask_to_replace

        if question := self._shown.question:
            answers = {
                ReplaceAnswer.REPLACE: self.presenter.replace_fuller,
                ReplaceAnswer.KEEP_BOTH: self.presenter.keep_both,
                ReplaceAnswer.CANCEL: self.presenter.keep_old,
            }
            answers[ask_to_replace(self, question)]()


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
    # Fusion has looks, focus and contrast alike everywhere, light and dark. `setStyle` would do the
    # same, but makes all that PySide6 knows of styles before the window is there.
    app = QApplication.instance() or QApplication([TITLE, "-style", "Fusion", *options])
    assert isinstance(app, QApplication)
    icon = QIcon()
    for picture in (Path(__file__).parent / "icon").glob("*.png"):  # one a size, by build/icon
        icon.addFile(str(picture))
    app.setApplicationDisplayName(TITLE)
    app.setWindowIcon(icon)
    follow_desktop(app)
    return app


def has_fonts() -> bool:
    """Tell whether there are letters to write with; without, Qt draws a box for each.

    Off screen on Windows Qt finds none, and on its screens there always are some.
    """
    return sys.platform == "win32" or QFontMetrics(QApplication.font()).inFont("a")


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

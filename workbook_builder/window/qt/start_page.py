"""What the window shows before there are files: where to drop them, the sample, recent months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from workbook_builder.window.qt.theme import SPACE, as_title, primary, quiet
from workbook_builder.window.qt.widgets import DropArea, button, column, labelled, named, row
from workbook_builder.window.settings import RecentMonth, existing_months

DROP_WORDS = "Drop this month's extracts here"
LET_GO_WORDS = "Drop to add the files"
_MORE_WORDS = "Files or a whole folder, in any order.\nLast month's workbook too, if you have one."
_WIDTH = 480
_MONTH = Qt.ItemDataRole.UserRole
#: So many recent months are in sight at once.
_ROWS_SHOWN = 5


class StartPage(DropArea):
    """Fills the pane until files are given; `found` tells which recent months are still there."""

    found = Signal(object)

    def __init__(
        self,
        browse_files: Callable[[], None],
        browse_folder: Callable[[], None],
        try_sample: Callable[[], None],
        open_recent: Callable[[RecentMonth], None],
        paste: Callable[[], None],
    ) -> None:
        super().__init__()
        # Only while the page is seen; then there is no list that takes it.
        QShortcut(QKeySequence.StandardKey.Paste, self, paste)
        self._open_recent = open_recent
        self._shown: tuple[RecentMonth, ...] | None = None
        self.words = as_title(QLabel(DROP_WORDS))
        more = quiet(QLabel(_MORE_WORDS))
        for label in (self.words, more):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self.choose_files = primary(
            button("Ch&oose files…", "Choose extracts to add to the list", browse_files)
        )
        folder = button("Choose &a folder…", "Choose a folder of extracts", browse_folder, "folder")
        sample = button("Tr&y it with the sample data", "See what the program makes of made-up "
                        "extracts that come with it", try_sample, "build")  # fmt: skip
        self.recent = named(QListWidget(), "Recent months", "Folders and files used before; Enter "
                            "uses them again")  # fmt: skip
        self.recent.itemActivated.connect(self._activate)
        self.recent.itemClicked.connect(self._activate)
        self.months = labelled("&Recent months", self.recent)
        self.months.hide()
        middle = column(
            self.words, more, row(None, self.choose_files, folder, None), row(None, sample, None),
            self.months, inside=True,
        )  # fmt: skip
        middle.setFixedWidth(_WIDTH)
        if layout := middle.layout():
            layout.setSpacing(2 * SPACE)
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addLayout(row(None, middle, None))
        box.addStretch(2)
        self.found.connect(self._show_months)

    def present(self, recent: Sequence[RecentMonth]) -> None:
        """Show recent months, once it is known which are still there: a network may be slow."""
        if tuple(recent) == self._shown:
            return
        self._shown = tuple(recent)
        Thread(target=self._look, args=(self._shown,), daemon=True).start()

    def light_up(self, *, over: bool) -> None:
        """Say that files can be let go."""
        super().light_up(over=over)
        self.words.setText(LET_GO_WORDS if over else DROP_WORDS)

    def _look(self, recent: Sequence[RecentMonth]) -> None:
        months = existing_months(recent)
        with suppress(RuntimeError):  # the window may be gone by then
            self.found.emit(months)

    def _show_months(self, months: Sequence[RecentMonth]) -> None:
        self.recent.clear()
        for each in months:
            item = QListWidgetItem(each.words)
            item.setToolTip("\n".join(each.paths))
            item.setData(_MONTH, each)
            self.recent.addItem(item)
        self.months.setVisible(bool(months))
        rows = min(len(months), _ROWS_SHOWN)
        height = max(self.recent.sizeHintForRow(0), 1) * rows
        self.recent.setFixedHeight(height + 2 * self.recent.frameWidth())

    def _activate(self, item: QListWidgetItem) -> None:
        self._open_recent(item.data(_MONTH))

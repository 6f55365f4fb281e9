"""The dialogs: what is this file, and the docs that come with the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QStyle,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.assignments import Assignment
from workbook_builder.paths import shipped
from workbook_builder.problems import Level
from workbook_builder.window.messages import DatasetKnown, SheetSeen
from workbook_builder.window.qt.widgets import browser, fill, named
from workbook_builder.window.state import InputEntry, fault_text, missing_columns

_HELP_SIZE = (720, 480)
_MARGIN = 12
_ANSWERS = (QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel)


class AssignDialog(QDialog):
    """Asks what a sheet holds, and which of its headings the needed columns have."""

    def __init__(
        self,
        parent: QWidget,
        sheet: SheetSeen,
        file: str,
        datasets: Sequence[DatasetKnown],
        before: Assignment | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("What is this file?")
        self._sheet, self._before = sheet, before
        self._datasets = {one.name: one for one in datasets}
        self.dataset = named(QComboBox(), "Kind of extract", "What the file holds")
        fill(self.dataset, [("Not assigned", ""), *((one.title, one.name) for one in datasets)],
             before.dataset if before else "")  # fmt: skip
        self.dataset.currentIndexChanged.connect(self._ask_columns)
        self.columns: dict[str, QComboBox] = {}
        self._form = QFormLayout()
        self._buttons = QDialogButtonBox(_ANSWERS[0] | _ANSWERS[1])
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        place = f'{file}, sheet "{sheet.name}"' if sheet.name else file
        box = QVBoxLayout(self)
        box.addWidget(QLabel(f"{place} holds:"))
        box.addWidget(self.dataset)
        box.addWidget(self._hint)
        box.addLayout(self._form)
        box.addWidget(self._buttons)
        self._ask_columns()

    def assignment(self) -> Assignment | None:
        """Return what was said; None takes back what was said before."""
        dataset = self.dataset.currentData()
        if not dataset:
            return None
        said = {name: combo.currentData() for name, combo in self.columns.items()}
        return Assignment(dataset, said)

    def _ask_columns(self) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self.columns.clear()
        dataset = self._datasets.get(self.dataset.currentData())
        missing = missing_columns(dataset, self._sheet.headings) if dataset else ()
        headings: list[tuple[str, object]] = [("Choose a heading", "")]
        headings += [(text, text) for text in self._sheet.headings if text.strip()]
        before = self._before.columns if self._before else {}
        for name in missing:
            words = name.replace("_", " ")
            combo = named(QComboBox(), f"Heading of {words}", "The heading that means this column")
            fill(combo, headings, before.get(name, ""))
            combo.currentIndexChanged.connect(self._enable)
            self._form.addRow(f"Heading of {words}:", combo)
            self.columns[name] = combo
        buttons = map(self._buttons.button, _ANSWERS)
        in_order = [self.dataset, *self.columns.values(), *buttons]
        for one, other in pairwise(in_order):
            self.setTabOrder(one, other)
        self._hint.setText("These columns are needed; say which heading each has in the file."
                           if missing else "")  # fmt: skip
        self._enable()

    def _enable(self) -> None:
        chosen = [combo.currentData() for combo in self.columns.values()]
        whole = all(chosen) and len(set(chosen)) == len(chosen)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(whole)


class HelpDialog(QDialog):
    """Shows a page of the docs; the line of a problem's code if one is given."""

    def __init__(self, parent: QWidget, code: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(f"About {code}" if code else "How to use the window")
        self.resize(*_HELP_SIZE)
        self.page = browser("Help", "A page of the docs", self._follow)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(self.page)
        box.addWidget(close)
        file = "reference/problems.md" if code else "how-to/use-the-window.md"
        self.page.setSource(QUrl.fromLocalFile(str(shipped("docs") / file)))
        if code and self.page.find(code):
            QTimer.singleShot(0, self._show_found)

    def _show_found(self) -> None:
        """Scroll so that what was found stands at the top."""
        bar = self.page.verticalScrollBar()
        bar.setValue(bar.value() + self.page.cursorRect().top() - _MARGIN)

    def _follow(self, link: QUrl) -> None:
        target = self.page.source().resolved(link)
        if target.isLocalFile() and target.path().endswith(".md"):
            self.page.setSource(target)
        else:
            QDesktopServices.openUrl(target)


_PATH, _SHEET = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_WIDTHS = (220, 200, 130)
_ICON = QSize(14, 14)
_AIR = 6
_ICONS: Mapping[Level, QStyle.StandardPixmap] = {
    Level.ERROR: QStyle.StandardPixmap.SP_MessageBoxCritical,
    Level.WARNING: QStyle.StandardPixmap.SP_MessageBoxWarning,
    Level.NOTE: QStyle.StandardPixmap.SP_MessageBoxInformation,
}


class FileList(QTreeWidget):
    """One item for each file; `remove` and `paste` are done on Delete and Ctrl+V."""

    def __init__(self, remove: Callable[[], None], paste: Callable[[], None]) -> None:
        super().__init__()
        named(self, "Files", "Each file with what it is and its problems. The right arrow unfolds "
              "them, Delete removes the file, Ctrl+V adds copied files.")  # fmt: skip
        self.setHeaderLabels(["File", "What it is", "Problems"])
        self.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.setIconSize(_ICON)
        self.setUniformRowHeights(True)
        self._row = QSize(0, self.fontMetrics().height() + _AIR)
        for at, width in enumerate(_WIDTHS):
            self.setColumnWidth(at, width)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        inside = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence.StandardKey.Delete, self, remove, context=inside)
        QShortcut(QKeySequence.StandardKey.Paste, self, paste, context=inside)
        self._items: dict[Path, QTreeWidgetItem] = {}
        self._filled: dict[Path, tuple[InputEntry, str, bool]] = {}

    def present(
        self, entries: Sequence[InputEntry], names: Mapping[Path, str], reading: Path | None
    ) -> None:
        """Show files by their names; items of files that have not changed stay as they are."""
        now = {entry.path for entry in entries}
        for path in [path for path in self._items if path not in now]:
            self.takeTopLevelItem(self.indexOfTopLevelItem(self._items.pop(path)))
            self._filled.pop(path, None)
        for at, entry in enumerate(entries):
            if entry.path not in self._items:
                self._items[entry.path] = QTreeWidgetItem()
                self.insertTopLevelItem(at, self._items[entry.path])
            content = (entry, names[entry.path], entry.path == reading)
            if self._filled.get(entry.path) != content:
                self._filled[entry.path] = content
                self._fill(self._items[entry.path], *content)
        if entries and not self.selectedItems():
            self.setCurrentItem(self.currentItem() or self._items[entries[0].path])

    def chosen_paths(self) -> list[Path]:
        """Return the chosen files."""
        return list(dict.fromkeys(path for path, _ in self._chosen()))

    def chosen_sheet(self) -> tuple[Path, SheetSeen] | None:
        """Return the first sheet among the chosen that a dataset may be assigned to."""
        for path, item in self._chosen():
            lines = (item.child(at) for at in range(item.childCount()))
            for line in (item, *lines):
                sheet = line.data(0, _SHEET) if line else None
                if isinstance(sheet, SheetSeen) and sheet.mark:
                    return path, sheet
        return None

    def _chosen(self) -> Iterator[tuple[Path, QTreeWidgetItem]]:
        for item in self.selectedItems():
            top: QTreeWidgetItem | None = item.parent()
            yield (top or item).data(0, _PATH), item

    def _fill(self, item: QTreeWidgetItem, entry: InputEntry, name: str, reading: bool) -> None:
        words = entry.seen.words if entry.seen else "Reading…" if reading else "Waiting"
        item.setToolTip(0, str(entry.path))
        item.setData(0, _PATH, entry.path)
        for at, text in enumerate((name, words, entry.troubles or "None")):
            item.setText(at, text)
        item.setToolTip(1, words)
        item.setSizeHint(0, self._row)
        item.takeChildren()
        if entry.seen is None:
            return
        for sheet in entry.seen.sheets:
            self._child(item, _sheet_text(sheet)).setData(0, _SHEET, sheet)
        faults = sorted(entry.seen.faults, key=lambda one: -one.level)
        for fault in faults:
            self._mark(self._child(item, fault_text(fault)), 0, fault.level)
        if faults:
            self._mark(item, 2, faults[0].level)

    def _mark(self, item: QTreeWidgetItem, at: int, level: Level) -> None:
        item.setIcon(at, self.style().standardIcon(_ICONS[level]))

    @staticmethod
    def _child(item: QTreeWidgetItem, text: str) -> QTreeWidgetItem:
        made = QTreeWidgetItem(item, [text])
        made.setToolTip(0, text)
        made.setFirstColumnSpanned(True)
        return made


def _sheet_text(sheet: SheetSeen) -> str:
    name = f"{sheet.name}: " if sheet.name else ""
    return f"{name}{sheet.words}. {sheet.how or 'Its headings are not known'}."

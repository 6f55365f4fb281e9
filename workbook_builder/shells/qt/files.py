"""The list of files: what each is, with how it was recognised and its problems folded away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHeaderView, QStyle, QTreeWidget, QTreeWidgetItem

from workbook_builder.problems import Level
from workbook_builder.shells.messages import SheetSeen
from workbook_builder.shells.qt.parts import named
from workbook_builder.shells.state import Entry, fault_text

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
        self._filled: dict[Path, tuple[Entry, str, bool]] = {}

    def present(
        self, entries: Sequence[Entry], names: Mapping[Path, str], reading: Path | None
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

    def _fill(self, item: QTreeWidgetItem, entry: Entry, name: str, reading: bool) -> None:
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

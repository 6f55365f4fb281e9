"""The list of files: what each was taken for, its rows and days, and its problems below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from workbook_builder.months import day_label
from workbook_builder.window.messages import SheetSummary
from workbook_builder.window.problem_list import problem_line
from workbook_builder.window.qt.theme import level_icon
from workbook_builder.window.qt.widgets import NARROW, NARROWER, named
from workbook_builder.window.state import InputEntry

# What the items hold, the columns, their sizes.
_PATH, _SHEET = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_FILE_HEADINGS = ("File", "What it is", "Rows", "From", "To", "Problems")
_NAME, _KIND, _ROWS, _FROM, _TO, _FAULTS = range(len(_FILE_HEADINGS))
_NAME_WIDTH = 180
_ICON = QSize(14, 14)
_ROW_SPACING = 6


class FileList(QTreeWidget):
    """One item for each file; `remove` and `paste` are done on Delete and Ctrl+V."""

    def __init__(self, remove: Callable[[], None], paste: Callable[[], None]) -> None:
        super().__init__()
        named(self, "Files", "Each file, what it is and its problems. Right arrow shows the "
              "problems, Delete removes the file, Ctrl+V adds copied files.")  # fmt: skip
        self.setHeaderLabels(_FILE_HEADINGS)
        self.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.setIconSize(_ICON)
        self.setUniformRowHeights(True)
        self._row_size = QSize(0, self.fontMetrics().height() + _ROW_SPACING)
        self.setColumnWidth(_NAME, _NAME_WIDTH)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_KIND, QHeaderView.ResizeMode.Stretch)
        for place in (_ROWS, _FROM, _TO, _FAULTS):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        inside = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence.StandardKey.Delete, self, remove, context=inside)
        QShortcut(QKeySequence.StandardKey.Paste, self, paste, context=inside)
        self._items: dict[Path, QTreeWidgetItem] = {}
        self._contents: dict[Path, tuple[InputEntry, str, bool]] = {}

    def present(
        self, entries: Sequence[InputEntry], names: Mapping[Path, str], reading: Path | None
    ) -> None:
        """Show files by their names; items of files that have not changed stay as they are."""
        now = {entry.path for entry in entries}
        for path in [path for path in self._items if path not in now]:
            self.takeTopLevelItem(self.indexOfTopLevelItem(self._items.pop(path)))
            self._contents.pop(path, None)
        for place, entry in enumerate(entries):
            if entry.path not in self._items:
                self._items[entry.path] = QTreeWidgetItem()
                self.insertTopLevelItem(place, self._items[entry.path])
            content = (entry, names[entry.path], entry.path == reading)
            if self._contents.get(entry.path) != content:
                self._contents[entry.path] = content
                self._fill(self._items[entry.path], *content)
        if entries and not self.selectedItems():
            self.setCurrentItem(self.currentItem() or self._items[entries[0].path])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave out the days, which the lists tell too, where there is no room for them."""
        super().resizeEvent(event)
        width = event.size().width()
        self.setColumnHidden(_FROM, width < NARROW)
        self.setColumnHidden(_TO, width < NARROWER)

    def chosen_paths(self) -> list[Path]:
        """Return the chosen files."""
        return list(dict.fromkeys(path for path, _ in self._chosen()))

    def chosen_sheet(self) -> tuple[Path, SheetSummary] | None:
        """Return the sheet among the chosen that a dataset may be assigned to.

        That is the first that was not recognised, or else the first of all.
        """
        sheets = [
            (path, sheet)
            for path, item in self._chosen()
            for line in (item, *(item.child(place) for place in range(item.childCount())))
            if line and isinstance(sheet := line.data(0, _SHEET), SheetSummary) and sheet.mark
        ]
        return next((each for each in sheets if not each[1].known), sheets[0] if sheets else None)

    def _chosen(self) -> Iterator[tuple[Path, QTreeWidgetItem]]:
        for item in self.selectedItems():
            top: QTreeWidgetItem | None = item.parent()
            yield (top or item).data(0, _PATH), item

    def _fill(self, item: QTreeWidgetItem, entry: InputEntry, name: str, reading: bool) -> None:
        """Show a file in its item: sheets and problems are lines below it."""
        words = entry.summary.words if entry.summary else "Reading…" if reading else "Waiting"
        words = "Left out" if entry.left_out else words
        item.setToolTip(0, str(entry.path))
        item.setData(0, _PATH, entry.path)
        summary = None if entry.left_out else entry.summary
        first, last = summary.days if summary else (None, None)
        rows = summary.rows if summary else None
        texts = (
            name,
            (summary.kind if summary else "") or words,
            f"{rows:,}" if rows is not None else "",
            day_label(first) if first else "",
            day_label(last) if last else "",
            entry.problem_counts or "None",
        )
        for place, text in enumerate(texts):
            item.setText(place, text)
            heading = _FILE_HEADINGS[place]
            said = text or f"{heading}: none"
            item.setData(place, Qt.ItemDataRole.AccessibleTextRole, said)
        item.setTextAlignment(_ROWS, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(_KIND, words)
        item.setSizeHint(0, self._row_size)
        item.takeChildren()
        if entry.summary is None:
            return
        for sheet in entry.summary.sheets:
            title = f"{sheet.name}: " if sheet.name else ""
            how = sheet.how or "Its headings are not recognised"
            _child(item, f"{title}{sheet.words}. {how}.").setData(0, _SHEET, sheet)
        problems = sorted(entry.summary.problems, key=lambda problem: -problem.level)
        for problem in problems:
            line = _child(item, problem_line(problem))
            line.setIcon(0, level_icon(problem.level))
        if problems:
            item.setIcon(_FAULTS, level_icon(problems[0].level))


def _child(item: QTreeWidgetItem, text: str) -> QTreeWidgetItem:
    """Add a line below an item."""
    child = QTreeWidgetItem(item, [text])
    child.setToolTip(0, text)
    child.setFirstColumnSpanned(True)
    return child

"""What the layout needs, list by list, above the list of files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.months import day_label
from workbook_builder.window.list_needs import ListNeed, Standing, list_needs, needs_words
from workbook_builder.window.qt.widgets import NARROW, NARROWER, named
from workbook_builder.window.state import State

_HEADINGS = ("State", "List", "Rows", "From", "To", "What it feeds", "")
_STATE, _LIST, _ROWS, _FROM, _TO, _EFFECT, _ADD = range(len(_HEADINGS))
#: The mark of each standing, and its colour on light and on dark ground.
_MARKS: Mapping[Standing, tuple[str, str, str]] = {
    Standing.SHORT: ("!", "#9A4A00", "#F5B85C"),
    Standing.MISSING: ("–", "#9C1C1C", "#FF9A8F"),
    Standing.OLD: ("?", "#9A4A00", "#F5B85C"),
    Standing.AWAITED: ("…", "", ""),
    Standing.GIVEN: ("✓", "#1D6B35", "#7FD69A"),
    Standing.NOT_GIVEN: ("·", "", ""),
    Standing.NOT_USED: ("·", "", ""),
}
_DARKER_THAN = 128
_ROW_SPACING = 8
#: A button as high as a row.
_IN_A_ROW = "QPushButton { padding: 0 8px; }"
_ADD_WIDTH = 64
#: A list that is not so wide in pixels leaves the rows out too.
_NARROWEST = 560
_NEED = Qt.ItemDataRole.UserRole


class NeedsPanel(QWidget):
    """Shows each list with how it stands; `add` asks for the files of one, by its title."""

    def __init__(self, add: Callable[[str], None]) -> None:
        super().__init__()
        self._add = add
        self._shown: tuple[ListNeed, ...] = ()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.lists = named(
            QTreeWidget(), "Lists that the layout needs",
            "Each list with its rows and days and what it feeds. The right arrow says why, Enter "
            "adds files of a list that is not given or short.",
        )  # fmt: skip
        self.lists.setHeaderLabels(_HEADINGS)
        self.lists.setUniformRowHeights(True)
        self.lists.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.lists.itemActivated.connect(self._activate)
        header = self.lists.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        for place in range(len(_HEADINGS)):
            fits = QHeaderView.ResizeMode.ResizeToContents
            stretches = QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, stretches if place == _EFFECT else fits)
        header.setSectionResizeMode(_ADD, QHeaderView.ResizeMode.Fixed)
        self.lists.setColumnWidth(_ADD, _ADD_WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.words)
        box.addWidget(self.lists)

    def present(self, state: State) -> None:
        """Show the lists of a state; nothing before there are files."""
        needs = list_needs(state) if state.entries else ()
        self.setVisible(bool(needs))
        self.words.setText(needs_words(state, needs))
        if needs != self._shown:
            self._shown = needs
            self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the room of a narrow window to what matters."""
        super().resizeEvent(event)
        self._leave_out_days()

    def _leave_out_days(self) -> None:
        """Leave out days and rows, which a list's lines tell too, where its effect has no room."""
        room = self.width() - (0 if self.lists.isColumnHidden(_ADD) else _ADD_WIDTH)
        self.lists.setColumnHidden(_FROM, room < NARROW)
        self.lists.setColumnHidden(_TO, room < NARROWER)
        self.lists.setColumnHidden(_ROWS, room < _NARROWEST)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the colours of the desktop when it turns light or dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "lists"):
            for place in range(self.lists.topLevelItemCount()):
                if item := self.lists.topLevelItem(place):
                    self._colour(item)

    def _fill(self) -> None:
        chosen = self.lists.currentItem()
        before = chosen.data(_STATE, _NEED).dataset if chosen and chosen.data(_STATE, _NEED) else ""
        unfolded = {
            item.data(_STATE, _NEED).dataset
            for place in range(self.lists.topLevelItemCount())
            if (item := self.lists.topLevelItem(place)) and item.isExpanded()
        }
        self.lists.clear()
        self.lists.setColumnHidden(_ADD, not any(need.can_be_added for need in self._shown))
        self._leave_out_days()
        # Items that are filled before they are shown cost the table's layout once.
        items = [self._item(need) for need in self._shown]
        self.lists.addTopLevelItems(items)
        for need, item in zip(self._shown, items, strict=True):
            for place in range(item.childCount()):
                if line := item.child(place):
                    line.setFirstColumnSpanned(True)
            if need.can_be_added:
                self.lists.setItemWidget(item, _ADD, self._add_button(need))
            item.setExpanded(need.dataset in unfolded)
            if need.dataset == before:
                self.lists.setCurrentItem(item)

    def _item(self, need: ListNeed) -> QTreeWidgetItem:
        mark = _MARKS[need.standing][0]
        item = QTreeWidgetItem([
            f"{mark}  {need.standing.word}",
            need.title,
            f"{need.rows:,}" if need.rows is not None else "",
            day_label(need.first) if need.first else "",
            day_label(need.last) if need.last else "",
            need.effect,
        ])  # fmt: skip
        item.setData(_STATE, _NEED, need)
        item.setTextAlignment(_ROWS, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setSizeHint(_EFFECT, QSize(0, self.fontMetrics().height() + _ROW_SPACING))
        for place, heading in enumerate(_HEADINGS[:_ADD]):
            text = item.text(place) or f"{heading}: not known"
            item.setData(place, Qt.ItemDataRole.AccessibleTextRole, text)
        to_add = "Press Enter to add files" if need.can_be_added else "Nothing to add"
        item.setData(_ADD, Qt.ItemDataRole.AccessibleTextRole, to_add)
        item.setToolTip(_EFFECT, "\n".join(need.reasons) or need.effect)
        for line in (*need.reasons, *need.files):
            child = QTreeWidgetItem(item, [line])
            child.setToolTip(_STATE, line)
            for place in range(len(_HEADINGS)):  # the line goes over all columns
                child.setData(place, Qt.ItemDataRole.AccessibleTextRole, line)
        self._colour(item)
        return item

    def _add_button(self, need: ListNeed) -> QPushButton:
        """Return the button of a row; by keyboard the row itself is pressed."""
        add = named(QPushButton("Add…"), f"Add {need.title}", "Choose the files of this list")
        add.setStyleSheet(_IN_A_ROW)
        add.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        add.clicked.connect(lambda: self._add(need.title))
        return add

    def _colour(self, item: QTreeWidgetItem) -> None:
        _, light, dark = _MARKS[item.data(_STATE, _NEED).standing]
        palette = self.palette()
        is_dark = palette.color(QPalette.ColorRole.Base).lightness() < _DARKER_THAN
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        item.setForeground(_STATE, QColor(dark if is_dark else light) if light else quiet)
        if not light:
            for place in (_LIST, _EFFECT):
                item.setForeground(place, quiet)

    def _activate(self, item: QTreeWidgetItem) -> None:
        need = item.data(_STATE, _NEED)
        if isinstance(need, ListNeed) and need.can_be_added:
            self._add(need.title)

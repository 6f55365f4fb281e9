"""The dialogs: what is this file, and the docs that come with the program."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.assignments import Assignment
from workbook_builder.paths import shipped
from workbook_builder.shells.messages import DatasetKnown, SheetSeen
from workbook_builder.shells.qt.parts import browser, fill, named
from workbook_builder.shells.state import missing_columns

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

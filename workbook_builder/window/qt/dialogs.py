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
from workbook_builder.window.messages import DatasetChoice, SheetSummary
from workbook_builder.window.qt.widgets import browser, fill, named
from workbook_builder.window.state import missing_columns

_HELP_SIZE = (720, 480)
_MARGIN = 12
_OK, _CANCEL = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel


class AssignDialog(QDialog):
    """Asks what a sheet holds, and which of its headings the needed columns have."""

    def __init__(
        self,
        parent: QWidget,
        sheet: SheetSummary,
        file: str,
        datasets: Sequence[DatasetChoice],
        before: Assignment | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("What is this file?")
        self._sheet, self._before = sheet, before
        self._datasets = {dataset.name: dataset for dataset in datasets}
        self.dataset = named(QComboBox(), "Kind of extract", "What the file holds")
        choices = [("Not assigned", ""), *((one.title, one.name) for one in datasets)]
        fill(self.dataset, choices, before.dataset if before else "")
        self.dataset.currentIndexChanged.connect(self._ask_columns)
        self.columns: dict[str, QComboBox] = {}
        self._form = QFormLayout()
        self._buttons = QDialogButtonBox(_OK | _CANCEL)
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
        """Return what was chosen; None takes back an earlier assignment."""
        dataset = self.dataset.currentData()
        if not dataset:
            return None
        return Assignment(dataset, {name: box.currentData() for name, box in self.columns.items()})

    def _ask_columns(self) -> None:
        """Ask for the heading of each needed column that no heading of the sheet means."""
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
            box = named(QComboBox(), f"Heading of {words}", "The heading that means this column")
            fill(box, headings, before.get(name, ""))
            box.currentIndexChanged.connect(self._enable_ok)
            self._form.addRow(f"Heading of {words}:", box)
            self.columns[name] = box
        buttons = map(self._buttons.button, (_OK, _CANCEL))
        for widget, following in pairwise([self.dataset, *self.columns.values(), *buttons]):
            self.setTabOrder(widget, following)
        self._hint.setText("These columns are needed; say which heading each has in the file."
                           if missing else "")  # fmt: skip
        self._enable_ok()

    def _enable_ok(self) -> None:
        chosen = [box.currentData() for box in self.columns.values()]
        all_differ = len(set(chosen)) == len(chosen)
        self._buttons.button(_OK).setEnabled(all(chosen) and all_differ)


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

"""What a sheet holds, and which of its headings mean which columns, said by a person."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.extracts.model import Assignment
from workbook_builder.window.messages import ColumnChoice, DatasetChoice, SheetSummary
from workbook_builder.window.qt.theme import quiet
from workbook_builder.window.qt.widgets import combo, fill, named
from workbook_builder.window.state import corrected_columns, meant_headings

_OK, _CANCEL = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
_WIDTH, _HEIGHT = 860, 600
_NEEDED = (
    "Columns with * are required. Each shows the heading that the program takes for it, and what "
    "its cells should hold."
)
_NOT_THERE = "Not in the file"


class AssignDialog(QDialog):
    """Asks what a sheet holds, and which heading each column has; what is guessed is chosen."""

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
        fill(self.dataset, choices, before.dataset if before else sheet.dataset)
        self.dataset.currentIndexChanged.connect(self._ask_columns)
        self.columns: dict[str, QComboBox] = {}
        fields = QWidget()
        self._form = QFormLayout(fields)
        self._scroll = QScrollArea()
        self._scroll.setWidget(fields)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._buttons = QDialogButtonBox(_OK | _CANCEL)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        hint = quiet(QLabel(_NEEDED))
        hint.setWordWrap(True)
        place = f'{file}, sheet "{sheet.name}"' if sheet.name else file
        box = QVBoxLayout(self)
        box.addWidget(QLabel(f"{place} holds:"))
        box.addWidget(self.dataset)
        box.addWidget(hint)
        box.addWidget(self._scroll, 1)
        box.addWidget(self._buttons)
        self.resize(_WIDTH, _HEIGHT)
        self._ask_columns()

    def assignment(self) -> Assignment | None:
        """Return what was chosen; None takes back an earlier assignment, or changes nothing."""
        dataset = self._datasets.get(self.dataset.currentData())
        if dataset is None:
            return None
        chosen = {name: str(box.currentData()) for name, box in self.columns.items()}
        corrected = corrected_columns(dataset, self._sheet, chosen)
        is_as_recognised = dataset.name == self._sheet.dataset and not self._before
        if is_as_recognised and not corrected:
            return None
        return Assignment(dataset.name, corrected)

    def _ask_columns(self) -> None:
        """Ask for the heading of each column, the required ones first."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self.columns.clear()
        dataset = self._datasets.get(self.dataset.currentData())
        meant = meant_headings(dataset, self._sheet) if dataset else {}
        if self._before and dataset and self._before.dataset == dataset.name:
            meant |= self._before.columns
        columns = sorted(dataset.columns, key=lambda each: not each.required) if dataset else ()
        for column in columns:
            label, headings, says = self._row(column, meant.get(column.name, ""))
            field = QWidget()
            line = QHBoxLayout(field)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(headings, 1)
            line.addWidget(says, 1)
            self._form.addRow(label, field)
            field.show()  # at once, so that a Tab that comes now leads to it
        buttons = map(self._buttons.button, (_OK, _CANCEL))
        for widget, following in pairwise([self.dataset, *self.columns.values(), *buttons]):
            self.setTabOrder(widget, following)
        self._enable_ok()

    def _row(self, column: ColumnChoice, meant: str) -> tuple[QLabel, QComboBox, QLabel]:
        """Return the label and the list of headings of a column, and what it should hold."""
        words = column.name.replace("_", " ")
        none = "Choose a heading" if column.required else _NOT_THERE
        headings: list[tuple[str, object]] = [(none, "")]
        headings += [(text, text) for text in self._sheet.headings if text.strip()]
        usual = f"; usually {' or '.join(column.usual)}" if column.usual else ""
        says = f"{column.expects[:1].upper()}{column.expects[1:]}{usual}"
        box = combo(f"Heading of {words}", says)
        fill(box, headings, meant)
        box.currentIndexChanged.connect(self._enable_ok)
        self.columns[column.name] = box
        label = QLabel(f"{words}{' *' if column.required else ''}")
        label.setBuddy(box)
        aside = quiet(QLabel(says))
        aside.setWordWrap(True)
        return label, box, aside

    def _enable_ok(self) -> None:
        dataset = self._datasets.get(self.dataset.currentData())
        required = {column.name for column in dataset.columns if column.required} if dataset else ()
        chosen = [box.currentData() for box in self.columns.values() if box.currentData()]
        all_said = all(self.columns[name].currentData() for name in required)
        self._buttons.button(_OK).setEnabled(all_said and len(set(chosen)) == len(chosen))

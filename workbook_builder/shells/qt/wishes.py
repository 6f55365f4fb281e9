"""The wishes on the right of the window: month, layout, last month's workbook, place, and Build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.shells.presenter import Presenter
from workbook_builder.shells.qt.more import MoreOptions
from workbook_builder.shells.qt.parts import button, column, fill, labelled, named, row
from workbook_builder.shells.state import State, layout_file

_STEPS = 100
_BUILD_HEIGHT = 36
_WIDEST = 48  # letters
_LAYOUTS = "Layouts (*.toml)"
_WORKBOOKS = "Workbooks (*.xlsx *.xlsm *.xlsb *.ods);;All files (*)"


class WishesPanel(QWidget):
    """What is to be built, and the building of it."""

    def __init__(self, presenter: Presenter) -> None:
        super().__init__()
        self._do = presenter
        self._shown = State()
        self.setMaximumWidth(_WIDEST * self.fontMetrics().averageCharWidth())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(_scrolled(self._fields()), 1)
        box.addWidget(self._building())

    # Making the widgets.

    def _fields(self) -> QWidget:
        do = self._do
        self.month = named(QComboBox(), "Reporting month", "The last month of the workbook")
        self.month.activated.connect(lambda: do.choose_month(self.month.currentData()))
        self.layouts = named(QComboBox(), "Layout", "Which sheets and tables the workbook has")
        self.layouts.activated.connect(self._choose_layout)
        self.previous = named(QLineEdit(), "Previous workbook",
                               "Last month's, whose published figures are kept")  # fmt: skip
        self.previous.setClearButtonEnabled(True)
        self.previous.editingFinished.connect(lambda: do.choose_previous(self.previous.text()))
        self.previous.textChanged.connect(self._forget_previous)
        self.what_previous = QLabel()
        self.what_previous.setWordWrap(True)
        self.folder = named(QLineEdit(), "Folder for the workbook", "Where the workbook is put")
        self.folder.editingFinished.connect(lambda: do.choose_folder(self.folder.text()))
        self.name = named(QLineEdit(), "File name", "What the workbook is called")
        self.name.setPlaceholderText("Named by the layout")
        self.name.textEdited.connect(do.choose_name)
        self.more = MoreOptions(do)
        return column(
            labelled("Reporting &month", self.month),
            labelled("&Layout", self.layouts, beside=_choose("layout file", self._browse_layout)),
            labelled("Pre&vious workbook", self.previous,
                     beside=_choose("previous workbook", self._browse_previous)),
            self.what_previous,
            labelled("&Folder for the workbook", self.folder,
                     beside=_choose("folder", self._browse_folder)),
            labelled("File &name", self.name),
            self.more,
            None,
        )  # fmt: skip

    def _building(self) -> QWidget:
        self.build = button("&Build the workbook", "Build it from the files in the list",
                            self._build)  # fmt: skip
        bold = self.build.font()
        bold.setBold(True)
        self.build.setFont(bold)
        self.build.setMinimumHeight(_BUILD_HEIGHT)
        self.cancel = button("&Cancel", "Stop building; nothing is written", self._do.cancel)
        self.progress = named(QProgressBar(), "Progress", "How much of the build is done")
        self.progress.setMaximum(_STEPS)
        self.doing = QLabel()  # a name of its own would hide its text from screen readers
        self.doing.setWordWrap(True)
        return column(self.build, self.progress, self.doing, row(None, self.cancel))

    # Showing the state.

    def present(self, state: State) -> None:
        """Show what is chosen and how far the build is."""
        self._shown = state
        usual = state.proposed.label if state.proposed else "found in the files"
        waiting = "…" if state.proposing else f" ({usual})"
        months: list[tuple[str, object]] = [(month.label, month) for month in state.months]
        fill(self.month, [(f"The last whole month{waiting}", None), *months], state.month)
        fill(self.layouts, [(one.title, one.name) for one in state.layouts], state.layout)
        self.layouts.setToolTip(layout_file(state.layout))
        self._show_previous(state)
        for field, text in ((self.folder, state.folder), (self.name, state.name)):
            _write(field, text)
        self.more.present(state, months)
        self._show_building(state)

    def _show_building(self, state: State) -> None:
        """Show how far the build is; the focus goes from Build to Cancel and back."""
        self.cancel.setEnabled(not state.writing)
        self.cancel.setVisible(state.building or self.cancel.hasFocus())
        self.build.setEnabled(bool(state.entries) and not state.building)
        if not state.building and self.cancel.hasFocus():
            self.build.setFocus()
        self.cancel.setVisible(state.building)
        self.progress.setVisible(state.building)
        self.progress.setValue(round(state.share * _STEPS))
        self.doing.setText(state.doing)
        self.doing.setVisible(state.building)

    def _show_previous(self, state: State) -> None:
        _write(self.previous, str(state.previous) if state.previous else "")
        in_list = "" if state.previous else ", ".join(state.pasts)
        self.previous.setPlaceholderText(f"In the list: {in_list}" if in_list else "None")
        self.what_previous.setText(state.previous_words)
        self.what_previous.setVisible(bool(state.previous_words))

    # What a person does.

    def _build(self) -> None:
        """Build by what stands in the fields, also in the one that is being written in."""
        if self.previous.isModified():
            self._do.choose_previous(self.previous.text())
        if self.folder.text() != self._shown.folder:
            self._do.choose_folder(self.folder.text())
        self._do.build()

    def _choose_layout(self) -> None:
        self._do.choose_layout(self.layouts.currentData())
        fill(self.layouts, [(one.title, one.name) for one in self._shown.layouts],
             self._shown.layout)  # fmt: skip

    def _forget_previous(self, text: str) -> None:
        """Take back the name of a workbook as soon as nothing is left of it."""
        if not text and self._shown.previous:
            self._do.choose_previous("")

    def _browse_layout(self) -> None:
        start = str(Path(layout_file(self._shown.layout) or self._shown.folder).parent)
        name, _ = QFileDialog.getOpenFileName(self, "Layout file", start, _LAYOUTS)
        if name:
            self._do.choose_layout(str(Path(name)))

    def _browse_previous(self) -> None:
        start = str(self._shown.previous or self._shown.folder)
        name, _ = QFileDialog.getOpenFileName(self, "Previous workbook", start, _WORKBOOKS)
        if name:
            self._do.choose_previous(str(Path(name)))

    def _browse_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder", self._shown.folder)
        if name:
            self._do.choose_folder(str(Path(name)))


def _choose(what: str, do: Callable[[], None]) -> QPushButton:
    """Return the button that looks for what the field before it names; Tab leads to it."""
    return named(
        button("Choose…", f"Look for the {what}", do), f"Choose {what}", f"Look for the {what}"
    )


def _write(field: QLineEdit, text: str) -> None:
    """Show a text in a field, unless a person is writing in it; its tip shows all of it."""
    field.setToolTip(text)
    if field.text() != text and not (field.hasFocus() and field.isModified()):
        field.setText(text)


def _scrolled(inside: QWidget) -> QScrollArea:
    """Let a part be scrolled where the window is low; it is as wide as it needs to be."""
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area

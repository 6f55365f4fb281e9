"""The window's help, and its questions before something is lost."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QTextBlockFormat,
    QTextCursor,
    QTextLength,
    QTextOption,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.crash_log import log_folder
from workbook_builder.paths import LAYOUTS, own_folder, shipped
from workbook_builder.window.messages import ReplaceAsked
from workbook_builder.window.qt.widgets import browser, button, named, row, run_dialog
from workbook_builder.window.state import question_text

_HELP_SIZE = (840, 600)
_MARGIN = 12


class HelpDialog(QDialog):
    """Shows a page of the docs; the line of a problem's code if one is given.

    The page on the window says above its text where this person's own things are.
    """

    def __init__(
        self, parent: QWidget, code: str = "", open_layouts: Callable[[], None] | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"About {code}" if code else "How to use the window")
        self.resize(*_HELP_SIZE)
        self.page = browser("Help", "A page of the docs", self._follow)
        self.page.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.page.sourceChanged.connect(self._fit_width)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        if open_layouts:
            box.addWidget(_places(open_layouts))
        box.addWidget(self.page)
        box.addWidget(close)
        file = "reference/problems.md" if code else "how-to/use-the-window.md"
        self.page.setSource(QUrl.fromLocalFile(str(shipped("docs") / file)))
        self.page.setFocus()
        if code and self.page.find(code):
            QTimer.singleShot(0, self._show_found)

    def _fit_width(self) -> None:
        """Fit commands, tables and pictures into the page, so that none is to be scrolled to."""
        document = self.page.document()
        whole = QTextLength(QTextLength.Type.PercentageLength, 100)
        wrapped = QTextBlockFormat()
        wrapped.setNonBreakableLines(False)
        block = document.begin()
        while block.isValid():
            QTextCursor(block).mergeBlockFormat(wrapped)
            parts = block.begin()
            while not parts.atEnd():
                fragment = parts.fragment()
                picture = fragment.charFormat().toImageFormat()
                if picture.isValid():
                    picture.setMaximumWidth(whole)
                    cursor = QTextCursor(document)
                    cursor.setPosition(fragment.position())
                    right = QTextCursor.MoveOperation.NextCharacter
                    cursor.movePosition(right, QTextCursor.MoveMode.KeepAnchor)
                    cursor.setCharFormat(picture)
                parts += 1
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                table = frame.format()
                table.setWidth(whole)
                frame.setFormat(table)

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


class ReplaceAnswer(Enum):
    """What becomes of a file in the new workbook's place."""

    REPLACE = auto()
    KEEP_BOTH = auto()
    CANCEL = auto()


def ask_to_replace(parent: QWidget, question: ReplaceAsked) -> ReplaceAnswer:
    """Ask whether a fuller workbook is to be replaced; closing the box is Cancel."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Replace the workbook?")
    box.setText(question_text(question))
    box.setInformativeText(
        f"Replace keeps a backup of {question.file} next to it. "
        f"Keep both writes the new workbook as {question.other}."
    )
    box.addButton("&Replace", QMessageBox.ButtonRole.DestructiveRole)
    keep_both = box.addButton("&Keep both", QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(keep_both)
    box.setEscapeButton(cancel)
    run_dialog(box)
    pressed = box.clickedButton()
    if pressed is keep_both:
        return ReplaceAnswer.KEEP_BOTH
    return ReplaceAnswer.CANCEL if pressed in (None, cancel) else ReplaceAnswer.REPLACE


def ask_to_close(parent: QWidget, words: str) -> bool:
    """Ask whether texts that are in no workbook may be lost; closing the box is going back."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Close without the texts?")
    box.setText(words)
    box.setInformativeText("Build the workbook to keep what you wrote.")
    close = box.addButton("&Close without them", QMessageBox.ButtonRole.DestructiveRole)
    back = box.addButton("&Go back", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(back)
    box.setEscapeButton(back)
    run_dialog(box)
    return box.clickedButton() is close


def _places(open_layouts: Callable[[], None]) -> QWidget:
    """Say where a person's own layouts, the logs and these pages are on this computer."""
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    places = (
        ("Your own layouts", own_folder() / LAYOUTS),
        ("Log of faults", log_folder()),
        ("These help pages", shipped("docs")),
    )
    for name, place in places:
        field = named(QLineEdit(str(place)), name, "A folder on this computer")
        field.setReadOnly(True)
        field.setCursorPosition(0)
        form.addRow(f"{name}:", field)
    open_folder = button(
        "Open my &layouts folder",
        "Open the folder where layouts of your own go; it is created if needed",
        open_layouts,
    )
    form.addRow("", row(open_folder, None))
    holder = QWidget()
    holder.setLayout(form)
    return holder

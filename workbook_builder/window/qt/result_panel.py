"""The result: what was written, how the month is, and the way to the finished files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from workbook_builder.window.button_states import (
    can_copy_summary,
    can_open_result,
    can_open_slides,
)
from workbook_builder.window.presenter import Presenter
from workbook_builder.window.qt.theme import SPACE, as_title, icon, primary
from workbook_builder.window.qt.widgets import browser, button, row
from workbook_builder.window.result_text import result_page, result_subtitle, result_title
from workbook_builder.window.state import State

_NOTHING_YET = (
    "Nothing has been built yet.\n"
    "Drop the month's extracts, look at the preview, then press Build the workbook."
)


class ResultPanel(QWidget):
    """Shows what came of the last build, or how to come to one."""

    def __init__(self, presenter: Presenter) -> None:
        super().__init__()
        self.title, self.subtitle = as_title(QLabel()), QLabel()
        for label in (self.title, self.subtitle):
            label.setWordWrap(True)
        self.open_workbook = primary(
            button("&Open workbook", "Open the finished workbook", presenter.open_workbook)
        )
        self.open_workbook.setIcon(icon("open", on_accent=True))
        self.open_slides = button(
            "Open Powe&rPoint", "Open the finished slides", presenter.open_slides, "slides"
        )
        self.open_folder = button(
            "Open fol&der",
            "Open the folder of the finished workbook",
            presenter.open_folder,
            "folder",
        )
        self.copy_summary = button(
            "Cop&y summary", "Copy what was written and how the month is, as a few lines of text",
            presenter.copy_summary, "copy",
        )  # fmt: skip
        self.page = browser("Result", "What was written, how the month is, and what to look at "
                            "first", lambda url: None)  # fmt: skip
        nothing = QLabel(_NOTHING_YET)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setWordWrap(True)
        finished = QWidget()
        box = QVBoxLayout(finished)
        box.setSpacing(SPACE)
        box.addWidget(self.title)
        box.addWidget(self.subtitle)
        box.addLayout(
            row(self.open_workbook, self.open_slides, self.open_folder, self.copy_summary, None)
        )
        box.addWidget(self.page, 1)
        self._either = QStackedWidget()
        self._either.addWidget(nothing)
        self._either.addWidget(finished)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._either)

    def present(self, state: State) -> None:
        """Show the result of a state."""
        result = state.result
        self._either.setCurrentIndex(1 if result else 0)
        self.open_workbook.setEnabled(can_open_result(state))
        self.open_slides.setVisible(can_open_slides(state))
        self.open_folder.setEnabled(can_open_result(state))
        self.copy_summary.setEnabled(can_copy_summary(state))
        if result:
            self.title.setText(result_title(result))
            self.subtitle.setText(result_subtitle(result))
            self.page.setHtml(result_page(result, state.lists))

    def take_focus(self) -> None:
        """Give the keys to what comes next: open the workbook, or read why there is none."""
        (self.open_workbook if self.open_workbook.isEnabled() else self.page).setFocus()

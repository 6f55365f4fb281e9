"""Whose workbooks these are: asked once in a bar, shown by a button that leads to it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QFrame, QLabel, QVBoxLayout

from workbook_builder.window.presenter import Presenter
from workbook_builder.window.qt.theme import SPACE, as_heading, primary, quiet
from workbook_builder.window.qt.widgets import button, named, row
from workbook_builder.window.state import State

_QUESTION = "Which council are these workbooks for?"
_WHY = "It gives the name, the region, statistical neighbours and populations. You can change it " \
       "later with the button at the top."  # fmt: skip
_NO_COUNCIL = "Choose council…"
#: Letters of a name that the button shows.
_LONGEST = 30
_FIELD_WIDTH = 320


class CouncilBar(QFrame):
    """One question above everything else: a list of all councils to search, and a way past it."""

    def __init__(self, presenter: Presenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown = State()
        self.councils = named(
            QComboBox(), "Council", "Type part of the name and choose from the list, then Enter"
        )
        self.councils.setEditable(True)
        self.councils.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.councils.setMinimumWidth(_FIELD_WIDTH)
        field = self.councils.lineEdit()
        completer = self.councils.completer()
        if field and completer:
            named(field, "Council", "Type part of the name and choose from the list, then Enter")
            field.setPlaceholderText("Type part of the name")
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            field.returnPressed.connect(self._take)
        self.use = primary(
            button("Use t&his council", "Keep it in your council profile", self._take)
        )
        self.skip = button("Not now", "Go on without a council; you are not asked again",
                           lambda: presenter.ask_council(wanted=False))  # fmt: skip
        why = quiet(QLabel(_WHY))
        why.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        box.addWidget(as_heading(QLabel(_QUESTION)))
        box.addWidget(why)
        box.addLayout(row(self.councils, self.use, self.skip, None))
        self.top = button(_NO_COUNCIL, "The council of these workbooks", self._toggle)
        self.hide()

    def present(self, state: State) -> None:
        """Show whose workbooks they are, and the question while it is asked."""
        last, self._shown = self._shown, state
        if state.authorities != last.authorities:
            self.councils.clear()
            for each in state.authorities:
                self.councils.addItem(each.name)
            self.councils.setCurrentIndex(-1)
        if (state.authority, state.asking_council) != (last.authority, last.asking_council):
            self.councils.setCurrentIndex(self.councils.findText(state.authority))
            name = state.authority
            short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
            self.top.setText(f"{short} ▾" if name else _NO_COUNCIL)
            said = f"Council: {name}" if name else "Choose council"
            named(self.top, said, "Choose whose workbooks these are")
            self.top.setToolTip(said)
        if state.asking_council != last.asking_council:
            had_focus = self.isAncestorOf(self.window().focusWidget() or self)
            self.setVisible(state.asking_council)
            if not state.asking_council and had_focus:
                self.top.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave the question with Escape."""
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self._presenter.ask_council(wanted=False)
        else:
            super().keyPressEvent(event)

    def _toggle(self) -> None:
        wanted = not self._shown.asking_council
        self._presenter.ask_council(wanted=wanted)
        if wanted:
            self.councils.setFocus()

    def _take(self) -> None:
        """Take the council that is chosen, or the only one that what is typed can mean."""
        text = self.councils.currentText().strip()
        names = [each.name for each in self._shown.authorities]
        meant = [name for name in names if text and text.casefold() in name.casefold()]
        self._presenter.choose_council(meant[0] if len(meant) == 1 else text)

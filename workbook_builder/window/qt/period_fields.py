"""The days that the lists cover, as found in the files, to be changed once for all lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbook_builder.months import day_label
from workbook_builder.window.messages import Days
from workbook_builder.window.qt.widgets import button, named
from workbook_builder.window.state import State

_FORMAT = "d MMM yyyy"
_SPACING = 3
_NOTHING_YET = QDate(2000, 1, 1)


class PeriodFields(QWidget):
    """Two days; `choose` hears those that a person says, or None for those that were found."""

    def __init__(self, choose: Callable[[Days | None], None]) -> None:
        super().__init__()
        self._choose = choose
        self._shown: Days | None = None
        self.first = named(_day_field(), "Data covers from", "The first day that all lists cover")
        self.last = named(_day_field(), "Data covers to", "The last day that all lists cover")
        for field in (self.first, self.last):
            field.dateChanged.connect(self._changed)
        self.found = button(
            "Use the days found", "Take the period that was found in the files",
            lambda: choose(None),
        )  # fmt: skip
        days = QHBoxLayout()
        days.addWidget(self.first, 1)
        days.addWidget(QLabel("to"))
        days.addWidget(self.last, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_SPACING)
        label = QLabel("Data covers, all lists")  # no letter of it is free as a key
        box.addWidget(label)
        box.addLayout(days)
        box.addWidget(self.found)

    def present(self, state: State) -> None:
        """Show the days of a state: a person's, or those that were found."""
        days = state.covers or state.covered
        for field in (self.first, self.last):
            field.setEnabled(days is not None)
        changed = state.covers is not None
        if not changed and self.found.hasFocus():
            self.first.setFocus()
        self.found.setVisible(changed)
        if state.covered:
            first, last = map(day_label, state.covered)
            self.found.setText(f"Use {first} to {last}, as found")
        if days != self._shown or days != self._written():
            self._shown = days
            for field, day in zip((self.first, self.last), days or (None, None), strict=True):
                if not (field.hasFocus() and field.text() != _text(field.date())):
                    _show(field, day)

    def take_typed(self) -> None:
        """Take what is being typed, as Enter does."""
        for field in (self.first, self.last):
            if field.hasFocus():
                field.interpretText()

    def _written(self) -> Days | None:
        if self._shown is None:
            return None
        return _day(self.first.date()), _day(self.last.date())

    def _changed(self) -> None:
        days = self._written()
        if days and days != self._shown:
            self._choose(days)


def _day_field() -> QDateEdit:
    field = QDateEdit()
    field.setDisplayFormat(_FORMAT)
    field.setCalendarPopup(True)
    field.setKeyboardTracking(False)  # a day that is half typed is no day yet
    field.setEnabled(False)
    _show(field, None)
    return field


def _show(field: QDateEdit, day: date | None) -> None:
    """Show a day without telling of it; a blank where there is none yet."""
    before = field.blockSignals(True)
    field.setDate(QDate(day.year, day.month, day.day) if day else _NOTHING_YET)
    field.setSpecialValueText("" if day else " ")
    field.setMinimumDate(_NOTHING_YET if day is None else QDate(1900, 1, 1))
    field.blockSignals(before)


def _text(day: QDate) -> str:
    return str(day.toString(_FORMAT))


def _day(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())

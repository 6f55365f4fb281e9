"""Small parts that the window and its dialogs are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

W = TypeVar("W", bound=QWidget)

_SPACING = 8
_NEAR = 3
_LINE = 2


class DropArea(QFrame):
    """A frame with a dashed line, which is that of chosen things while files are held over it."""

    _over = False

    def light_up(self, *, over: bool) -> None:
        """Say whether files are held over the window."""
        self._over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the line in the desktop's own colours."""
        colour = QPalette.ColorRole.Highlight if self._over else QPalette.ColorRole.PlaceholderText
        pen = QPen(self.palette().color(colour), _LINE, Qt.PenStyle.DashLine)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(_LINE, _LINE, -_LINE, -_LINE), 6, 6)


def named(widget: W, name: str, what: str = "") -> W:
    """Give a widget the name and the description that screen readers say."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(what)
    return widget


def button(text: str, what: str, do: Callable[[], None]) -> QPushButton:
    """Return a button; `what` describes it to screen readers and in its tip."""
    made = named(QPushButton(text), plain(text), what)
    made.setToolTip(what)
    made.clicked.connect(lambda checked: do())
    return made


def browser(name: str, what: str, follow: Callable[[QUrl], None]) -> QTextBrowser:
    """Return a text to read, with links to follow."""
    made = named(QTextBrowser(), name, what)
    made.setOpenLinks(False)
    made.anchorClicked.connect(follow)
    return made


def plain(text: str) -> str:
    """Return a label without the mark of its key and without dots."""
    return text.replace("&", "").removesuffix("…")


def row(*parts: QWidget | None) -> QHBoxLayout:
    """Put widgets side by side; None takes what room is left."""
    made = QHBoxLayout()
    _put(made, parts)
    return made


def column(*parts: QWidget | QLayout | None, inside: bool = False) -> QWidget:
    """Put widgets and rows below one another; None takes what room is left.

    A column `inside` another has no margins of its own.
    """
    holder = QWidget()
    made = QVBoxLayout(holder)
    if inside:
        made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(_SPACING)
    _put(made, parts)
    return holder


def labelled(text: str, field: QWidget, *, beside: QWidget | None = None) -> QWidget:
    """Put a label above a field, whose key leads to the field, and a widget beside it if any."""
    label = QLabel(text)
    label.setBuddy(field)
    line = QHBoxLayout()
    line.addWidget(field, 1)
    if beside:
        line.addWidget(beside)
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(_NEAR)
    _put(box, (label, line))
    return holder


def _put(layout: QBoxLayout, parts: Iterable[QWidget | QLayout | None]) -> None:
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)


def fill(combo: QComboBox, choices: list[tuple[str, object]], chosen: object) -> None:
    """Give a list its choices, if they are not the same as before, and show the chosen one."""
    if [(combo.itemText(at), combo.itemData(at)) for at in range(combo.count())] != choices:
        combo.clear()
        for text, value in choices:
            combo.addItem(text, value)
    places = [at for at, (_, value) in enumerate(choices) if value == chosen]
    combo.setCurrentIndex(places[0] if places else 0)

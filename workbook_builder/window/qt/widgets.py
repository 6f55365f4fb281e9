"""Small parts that the window and its dialogs are made of: colours, focus ring, layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from workbook_builder.window.qt.theme import SPACE, icon

W = TypeVar("W", bound=QWidget)
#: An entry of a menu: its words, its icon if it has one, and what it does.
MenuAction = tuple[str, str, Callable[[], None]]

#: Pixels that the focus ring reaches around a widget; the widgets keep at least so much apart.
_RING_WIDTH = 2
_RING_RADIUS = 3
_MOVING = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide})
_LABEL_SPACING = 2
#: Letters of a list's choices that are always in sight.
_SHORTEST = 12
#: A list that is not so wide in pixels leaves the first days out, or the last days too.
NARROW, NARROWER = 660, 610
_DROP_LINE = 2
_DROP_RADIUS = 6


class FocusOutline(QObject):
    """Draws an outline around what has the keyboard focus, in a window and in its dialogs.

    Each of these has a ring of its own, which goes when it is closed: a ring that is handed from
    one to another would be deleted with the first dialog.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self.follow)

    def follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """Go around a widget that has got the focus, if it is the window's or a dialog's."""
        if now is None or not self._belongs(now):
            return
        top = now.window()
        ring = top.findChild(_Ring, options=Qt.FindChildOption.FindDirectChildrenOnly)
        (ring or _Ring(top)).surround(now)

    def _belongs(self, widget: QWidget) -> bool:
        """Tell whether a widget is part of the window or of one of its dialogs."""
        top: QWidget | None = widget.window()
        while top is not None and top is not self._window:
            top = top.parentWidget()
        return top is self._window


class _Ring(QWidget):
    """The outline in one window or dialog, above everything else in it."""

    #: Of the class: while a window is taken apart, Qt still tells of events when Python has
    #: already forgotten what the ring knew.
    _watched: Sequence[QWidget] = ()

    def __init__(self, top: QWidget) -> None:
        super().__init__(top)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def surround(self, widget: QWidget) -> None:
        """Go around a widget, and move with it and with all that it stands in."""
        for watched in filter(isValid, self._watched):
            watched.removeEventFilter(self)
        around = [widget]
        while not around[-1].isWindow() and (holder := around[-1].parentWidget()):
            around.append(holder)
        for watched in around:
            watched.installEventFilter(self)
        self._watched = around
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Move with the widget and what it stands in."""
        if self._watched and event.type() in _MOVING:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ring in the colour of letters, which stands out in light and dark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(colour, _RING_WIDTH, Qt.PenStyle.SolidLine))
        inside = _RING_WIDTH // 2
        ring = self.rect().adjusted(inside, inside, -inside, -inside)
        painter.drawRoundedRect(ring, _RING_RADIUS, _RING_RADIUS)

    def _place(self) -> None:
        if not self._watched or not all(map(isValid, self._watched)):
            self.hide()
            return
        around, top = self._watched[0], self._watched[-1]
        place = QRect(around.mapTo(top, QPoint(0, 0)), around.size())
        self.setGeometry(place.adjusted(-_RING_WIDTH, -_RING_WIDTH, _RING_WIDTH, _RING_WIDTH))
        self.setVisible(around.isVisible())
        self.raise_()


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
        pen = QPen(self.palette().color(colour), _DROP_LINE, Qt.PenStyle.DashLine)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        inside = self.rect().adjusted(_DROP_LINE, _DROP_LINE, -_DROP_LINE, -_DROP_LINE)
        painter.drawRoundedRect(inside, _DROP_RADIUS, _DROP_RADIUS)


def named(widget: W, name: str, what: str = "") -> W:
    """Give a widget the name and the description that screen readers say."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(what)
    return widget


def button(text: str, what: str, do: Callable[[], None], sign: str = "") -> QPushButton:
    """Return a button; `what` describes it to screen readers and in its tip, `sign` is an icon."""
    name = text.replace("&", "").removesuffix("…")
    widget = named(QPushButton(text), name, what)
    widget.setToolTip(what)
    if sign:
        widget.setIcon(icon(sign))
    widget.clicked.connect(lambda checked: do())
    return widget


def combo(name: str, what: str) -> QComboBox:
    """Return a list to choose from, which long choices do not make wider than its place."""
    widget = named(QComboBox(), name, what)
    widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    widget.setMinimumContentsLength(_SHORTEST)
    return widget


def browser(name: str, what: str, follow: Callable[[QUrl], None]) -> QTextBrowser:
    """Return a text to read, with links to follow."""
    widget = named(QTextBrowser(), name, what)
    widget.setOpenLinks(False)
    widget.document().setDocumentMargin(SPACE)
    widget.anchorClicked.connect(follow)
    return widget


def menu_on_right_click(widget: QWidget, actions: Callable[[], Iterable[MenuAction]]) -> None:
    """Open a menu of what can be done with what is chosen, on right-click and by its key."""
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def open_menu(at: QPoint) -> None:
        menu = QMenu(widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, sign, do in actions():
            action = menu.addAction(icon(sign), text) if sign else menu.addAction(text)
            action.triggered.connect(lambda checked=False, do=do: do())
        if menu.actions():
            menu.popup(widget.mapToGlobal(at))
        else:
            menu.deleteLater()

    widget.customContextMenuRequested.connect(open_menu)


def menu_button(text: str, what: str, actions: Callable[[], Iterable[MenuAction]]) -> QPushButton:
    """Return a button that opens a menu of what can be done now."""
    widget = named(QPushButton(text), text.replace("&", ""), what)
    widget.setToolTip(what)
    menu = QMenu(widget)

    def renew() -> None:
        menu.clear()
        for words, sign, do in actions():
            action = menu.addAction(icon(sign), words) if sign else menu.addAction(words)
            # Once the menu is closed, so that the focus goes where the action leads it.
            action.triggered.connect(lambda checked=False, do=do: QTimer.singleShot(0, do))

    menu.aboutToShow.connect(renew)
    widget.setMenu(menu)
    return widget


def row(*parts: QWidget | None) -> QHBoxLayout:
    """Put widgets side by side; None takes what room is left."""
    layout = QHBoxLayout()
    _add(layout, parts)
    return layout


def column(*parts: QWidget | QLayout | None, inside: bool = False) -> QWidget:
    """Put widgets and rows below one another; None takes what room is left.

    A column `inside` another has no margins of its own.
    """
    holder = QWidget()
    layout = QVBoxLayout(holder)
    if inside:
        layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE)
    _add(layout, parts)
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
    box.setSpacing(_LABEL_SPACING)
    _add(box, (label, line))
    return holder


def _add(layout: QBoxLayout, parts: Iterable[QWidget | QLayout | None]) -> None:
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)


def fill(combo: QComboBox, choices: Sequence[tuple[str, object]], chosen: object) -> None:
    """Give a list its choices, if they are not the same as before, and show the chosen one."""
    shown = [(combo.itemText(place), combo.itemData(place)) for place in range(combo.count())]
    if shown != list(choices):
        combo.clear()
        for text, value in choices:
            combo.addItem(text, value)
    places = [place for place, (_, value) in enumerate(choices) if value == chosen]
    combo.setCurrentIndex(places[0] if places else 0)


def run_dialog(dialog: QDialog) -> bool:
    """Show a dialog until it is closed, and delete it; tell whether what it asked was accepted.

    A dialog that its window still owns once Python has let go of it would stay until the end.
    """
    try:
        return dialog.exec() == QDialog.DialogCode.Accepted
    finally:
        dialog.deleteLater()

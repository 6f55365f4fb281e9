"""A ring around what has the focus: the style's own marks are too faint to be found at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QWidget

#: How far around a widget the ring reaches; the widgets keep at least so much apart.
_WIDTH = 2
_ROUND = 3
_MOVING = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide})


class FocusRing(QWidget):
    """Follows the focus through a window and its dialogs, above everything else in them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._window = window
        self._around: QWidget | None = None
        self._watched: list[QWidget] = []
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self.follow)

    def follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """Go around a widget that has got the focus, if it is the window's or a dialog's."""
        if now is None or not self._belongs(now):
            return
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._around = now
        self._watched = list(_up_to_window(now))
        for widget in self._watched:
            widget.installEventFilter(self)
        if self.parentWidget() is not now.window():
            self.setParent(now.window())
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Move with the widget and what it stands in."""
        if event.type() in _MOVING:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ring in the colour of letters, which stands out in light and dark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(colour, _WIDTH, Qt.PenStyle.SolidLine))
        inside = _WIDTH // 2
        ring = self.rect().adjusted(inside, inside, -inside, -inside)
        painter.drawRoundedRect(ring, _ROUND, _ROUND)

    def _place(self) -> None:
        around = self._around
        if around is None:
            return
        place = QRect(around.mapTo(around.window(), QPoint(0, 0)), around.size())
        self.setGeometry(place.adjusted(-_WIDTH, -_WIDTH, _WIDTH, _WIDTH))
        self.setVisible(around.isVisible())
        self.raise_()

    def _belongs(self, widget: QWidget) -> bool:
        """Tell whether a widget is part of the window or of one of its dialogs."""
        top: QWidget | None = widget.window()
        while top is not None and top is not self._window:
            top = top.parentWidget()
        return top is self._window


def _up_to_window(widget: QWidget) -> list[QWidget]:
    """Return a widget and all that it stands in."""
    found = [widget]
    while not found[-1].isWindow() and (parent := found[-1].parentWidget()):
        found.append(parent)
    return found

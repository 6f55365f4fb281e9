"""Colours that the desktop's own do not make readable enough, in light and dark alike."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

_CHOSEN = QColor(0x12, 0x5C, 0x9C)
_CHOSEN_TEXT = QColor(0xFF, 0xFF, 0xFF)
_LINK_ON_LIGHT = QColor(0x0B, 0x4F, 0x91)
_LINK_ON_DARK = QColor(0x8A, 0xB8, 0xF0)
_PALE_ON_LIGHT = QColor(0x5C, 0x5C, 0x5C)
_PALE_ON_DARK = QColor(0xB4, 0xB4, 0xB4)
_MIDDLE = 128


def readable(desktops: QPalette) -> QPalette:
    """Return the colours to set over the desktop's own: of what is chosen, links and hints."""
    own = QPalette()
    dark = desktops.color(QPalette.ColorRole.Base).lightness() < _MIDDLE
    own.setColor(QPalette.ColorRole.Highlight, _CHOSEN)
    own.setColor(QPalette.ColorRole.HighlightedText, _CHOSEN_TEXT)
    own.setColor(QPalette.ColorRole.Link, _LINK_ON_DARK if dark else _LINK_ON_LIGHT)
    pale = _PALE_ON_DARK if dark else _PALE_ON_LIGHT
    own.setColor(QPalette.ColorRole.PlaceholderText, pale)
    return own


def follow_desktop(app: QApplication) -> None:
    """Keep the window readable, also when the desktop turns from light to dark."""
    app.setPalette(readable(app.palette()))
    app.styleHints().colorSchemeChanged.connect(lambda: app.setPalette(readable(app.palette())))

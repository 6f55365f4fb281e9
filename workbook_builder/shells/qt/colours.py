"""Colours that the desktop's own do not make readable enough, in light and dark alike."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

_CHOSEN = QColor(0x12, 0x5C, 0x9C)
_CHOSEN_TEXT = QColor(0xFF, 0xFF, 0xFF)
_LINK_ON_LIGHT = QColor(0x0B, 0x4F, 0x91)
_LINK_ON_DARK = QColor(0x8A, 0xB8, 0xF0)
_PALE_ON_LIGHT = QColor(0x5C, 0x5C, 0x5C)
_PALE_ON_DARK = QColor(0xB4, 0xB4, 0xB4)
_MIDDLE = 128


def readable(*, dark: bool) -> QPalette:
    """Return the colours to set over the desktop's own: of what is chosen, links and hints."""
    own = QPalette()
    own.setColor(QPalette.ColorRole.Highlight, _CHOSEN)
    own.setColor(QPalette.ColorRole.HighlightedText, _CHOSEN_TEXT)
    own.setColor(QPalette.ColorRole.Link, _LINK_ON_DARK if dark else _LINK_ON_LIGHT)
    pale = _PALE_ON_DARK if dark else _PALE_ON_LIGHT
    own.setColor(QPalette.ColorRole.PlaceholderText, pale)
    return own


def follow_desktop(app: QApplication) -> None:
    """Keep the window readable, also when the desktop turns from light to dark."""
    app.setPalette(readable(dark=_is_dark(app)))
    # The desktop's own colours come after this signal: they do not tell yet what it turned to.
    app.styleHints().colorSchemeChanged.connect(
        lambda: app.setPalette(readable(dark=_is_dark(app)))
    )


def _is_dark(app: QApplication) -> bool:
    scheme = app.styleHints().colorScheme()
    if scheme is Qt.ColorScheme.Unknown:  # a desktop that has colours but no word for them
        return app.palette().color(QPalette.ColorRole.Base).lightness() < _MIDDLE
    return scheme is Qt.ColorScheme.Dark

"""How the window looks: three sizes of type, a grid of 8 pixels, one accent, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from workbook_builder.looks import RATING_LOOKS
from workbook_builder.problems import Level

W = TypeVar("W", bound=QWidget)

#: The step of the grid, in pixels that are independent of the screen's scaling.
SPACE = 8
#: The sizes of headings and titles, as multiples of the desktop's own size for text.
_HEADING, _TITLE = 1.15, 1.6
_ICON = 16
_DARKER_THAN = 128


class _Colours(NamedTuple):
    """The colours beside the desktop's own: `accent` is for what is chosen and what comes next.

    Over `done`, the part of a bar that is full, stand letters in the colour of all others.
    """

    accent: str
    accent_hover: str
    on_accent: str
    link: str
    hint: str
    line: str
    card: str
    hover: str
    done: str
    fault: str


_LIGHT = _Colours("#125C9C", "#0E4B80", "#FFFFFF", "#0B4F91", "#5C5C5C", "#C3CCD5", "#FFFFFF",
                  "#EEF3F8", "#9CC3E8", "#A61B1B")  # fmt: skip
_DARK = _Colours("#125C9C", "#1A6FB8", "#FFFFFF", "#8AB8F0", "#B4B4B4", "#5A6470", "#2B3138",
                 "#38414B", "#125C9C", "#FF9C94")  # fmt: skip


def follow_desktop(app: QApplication) -> None:
    """Keep the window readable, also when the desktop turns from light to dark."""

    def set_colours() -> None:
        colours = _colours(app)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Highlight, colours.accent)
        palette.setColor(QPalette.ColorRole.HighlightedText, colours.on_accent)
        palette.setColor(QPalette.ColorRole.Link, colours.link)
        palette.setColor(QPalette.ColorRole.PlaceholderText, colours.hint)
        app.setPalette(palette)
        if app.styleSheet():
            dress()

    set_colours()
    # The desktop's own colours come after this signal: they do not tell yet what it turned to.
    app.styleHints().colorSchemeChanged.connect(set_colours)


def dress() -> None:
    """Give all widgets the style sheet.

    While a window is made Qt would work out the look of each widget anew whenever a layout takes
    it in, which takes as long again as making it, so this comes when all of it stands.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    sheet = _style_sheet(_colours(app))
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)


def _colours(app: QApplication) -> _Colours:
    return _DARK if _is_dark(app) else _LIGHT


def _is_dark(app: QApplication) -> bool:
    scheme = app.styleHints().colorScheme()
    if scheme is Qt.ColorScheme.Unknown:  # a desktop that has colours but no word for them
        return app.palette().color(QPalette.ColorRole.Base).lightness() < _DARKER_THAN
    return scheme is Qt.ColorScheme.Dark


def _style_sheet(colours: _Colours) -> str:
    """Return the style sheet of all windows."""
    accent, hover, line = colours.accent, colours.hover, colours.line
    return f"""
    QPushButton {{ padding: 5px 12px; border: 1px solid {line}; border-radius: 4px;
                   background: {colours.card}; color: palette(button-text); }}
    QPushButton:hover {{ background: {hover}; }}
    QPushButton:pressed, QPushButton:checked {{ background: {line}; }}
    QPushButton:disabled {{ color: {colours.hint}; background: transparent; }}
    QPushButton[primary="true"] {{ background: {accent}; border-color: {accent};
                                   color: {colours.on_accent}; font-weight: bold; }}
    QPushButton[primary="true"]:hover {{ background: {colours.accent_hover}; }}
    QPushButton[primary="true"]:disabled {{ background: transparent; border-color: {line};
                                            color: {colours.hint}; }}
    QLineEdit {{ min-height: 18px; padding: 3px 6px; border: 1px solid {line}; border-radius: 4px;
                 background: palette(base); }}
    QComboBox, QSpinBox, QDateEdit {{ min-height: 20px; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {line}; }}
    QTabBar::tab {{ padding: 8px 16px; border: none; border-bottom: 3px solid transparent; }}
    QTabBar::tab:selected {{ border-bottom-color: {accent}; font-weight: bold; }}
    QTabBar::tab:hover {{ background: {hover}; }}
    QListWidget::item {{ padding: 5px 8px; }}
    QTreeWidget, QTextBrowser, QPlainTextEdit, QListWidget {{ border: 1px solid {line};
                                                              border-radius: 4px; }}
    QLabel[fault="true"] {{ color: {colours.fault}; }}
    QListWidget::item {{ padding: 4px; }}
    QTreeWidget::item {{ padding: 3px; }}
    QHeaderView::section {{ padding: 4px 8px; border: none; border-bottom: 1px solid {line};
                            background: palette(window); font-weight: bold; }}
    QProgressBar {{ border: 1px solid {line}; border-radius: 4px; text-align: center;
                    background: palette(base); }}
    QProgressBar::chunk {{ background: {colours.done}; border-radius: 3px; }}
    QSplitter::handle {{ background: transparent; }}
    """


def primary(button: QPushButton) -> QPushButton:
    """Make a button the one that stands out: what a person does next."""
    button.setProperty("primary", True)
    return button


def as_fault(label: QLabel) -> QLabel:
    """Make a label one that says what is wrong."""
    label.setProperty("fault", True)
    return label


def quiet(widget: W) -> W:
    """Show a remark in the colour of hints, which can still be read."""
    widget.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return widget


def as_title(widget: W) -> W:
    """Give a widget the type of a title."""
    return _in_type(widget, _TITLE)


def as_heading(widget: W) -> W:
    """Give a widget the type of a heading."""
    return _in_type(widget, _HEADING)


def _in_type(widget: W, size: float) -> W:
    font = QFont(widget.font())
    font.setPointSizeF(font.pointSizeF() * size)
    font.setBold(True)
    widget.setFont(font)
    return widget


#: Lines of the icons on a field of 16 by 16, each a list of points.
_Lines = Sequence[Sequence[tuple[float, float]]]
_ICONS: dict[str, _Lines] = {
    "file": (((4, 2), (9, 2), (12, 5), (12, 14), (4, 14), (4, 2)), ((9, 2), (9, 5), (12, 5))),
    "folder": (((2, 4), (6, 4), (8, 6), (14, 6), (14, 13), (2, 13), (2, 4)),),
    "open": (((9, 3), (13, 3), (13, 7)), ((13, 3), (7, 9)), ((7, 4), (3, 4), (3, 13), (12, 13),
             (12, 9))),
    "slides": (((2, 3), (14, 3), (14, 11), (2, 11), (2, 3)), ((8, 11), (8, 14)), ((5, 14),
               (11, 14))),
    "copy": (((6, 5), (13, 5), (13, 14), (6, 14), (6, 5)), ((6, 11), (3, 11), (3, 2), (10, 2),
             (10, 5))),
    "picture": (((2, 3), (14, 3), (14, 13), (2, 13), (2, 3)), ((2, 11), (6, 7), (9, 10), (11, 8),
                (14, 11))),
    "remove": (((4, 4), (12, 12)), ((12, 4), (4, 12))),
    "build": (((5, 3), (13, 8), (5, 13), (5, 3)),),
    "list": (((6, 4), (14, 4)), ((6, 8), (14, 8)), ((6, 12), (14, 12)), ((2, 4), (3, 4)),
             ((2, 8), (3, 8)), ((2, 12), (3, 12))),
    "undo": (((6, 3), (3, 6), (6, 9)), ((3, 6), (10, 6), (13, 8), (13, 11), (10, 13), (6, 13))),
    "edit": (((3, 13), (4, 10), (11, 3), (13, 5), (6, 12), (3, 13)),),
    "question": (((6, 6), (6, 4), (8, 3), (10, 4), (10, 6), (8, 8), (8, 10)), ((8, 12), (8, 13))),
}  # fmt: skip


def icon(name: str, *, on_accent: bool = False) -> QIcon:
    """Return an icon that goes beside words, in the colour of letters or in that on the accent."""
    return QIcon(_LineIcon(name, on_accent))


class _LineIcon(QIconEngine):
    """Draws an icon by lines, sharp at every scaling and in the colour of letters of the moment."""

    def __init__(self, name: str, on_accent: bool) -> None:
        super().__init__()
        self._name, self._on_accent = name, on_accent

    def clone(self) -> QIconEngine:
        """Return another such icon."""
        return _LineIcon(self._name, self._on_accent)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon as a picture."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the icon in a rectangle."""
        palette, disabled = QGuiApplication.palette(), mode is QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if disabled else QPalette.ColorGroup.Active
        ink = palette.color(group, QPalette.ColorRole.ButtonText)
        if self._on_accent and not disabled:
            ink = QColor(_LIGHT.on_accent)
        scale = min(rect.width(), rect.height()) / _ICON
        room = QRectF(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1.4 * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                            Qt.PenJoinStyle.RoundJoin))  # fmt: skip
        for line in _ICONS[self._name]:
            points = [QPointF(room.x() + x * scale, room.y() + y * scale) for x, y in line]
            painter.drawPolyline(QPolygonF(points))
        painter.restore()


#: The size of the sign of a problem's level.
LEVEL_SIGN = 14
#: The colours of the levels, as those of ratings: errors are diamonds, warnings triangles.
_LEVEL_COLOURS = {
    Level.ERROR: RATING_LOOKS[-1].fill, Level.WARNING: RATING_LOOKS[0].fill,
    Level.NOTE: "#7B8794",
}  # fmt: skip
#: The colours of their words, on light and on dark ground.
_LEVEL_INKS = {
    Level.ERROR: ("#9C1C1C", "#FF9A8F"), Level.WARNING: ("#9A4A00", "#F5B85C"), Level.NOTE: (),
}  # fmt: skip
_LEVEL_SHAPES = {
    Level.ERROR: ((7, 0), (14, 7), (7, 14), (0, 7)),
    Level.WARNING: ((7, 1), (14, 13), (0, 13)),
    Level.NOTE: ((3, 3), (11, 3), (11, 11), (3, 11)),
}


def level_ink(level: Level, palette: QPalette) -> QColor:
    """Return the colour of a level's word, which can be read on light and on dark ground."""
    is_dark = palette.color(QPalette.ColorRole.Base).lightness() < _DARKER_THAN
    inks = _LEVEL_INKS[level]
    return QColor(inks[is_dark]) if inks else palette.color(QPalette.ColorRole.Text)


def level_icon(level: Level) -> QIcon:
    """Return the sign of a level: a red diamond, an amber triangle or a grey square."""
    picture = QPixmap(2 * LEVEL_SIGN, 2 * LEVEL_SIGN)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_LEVEL_COLOURS[level]))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in _LEVEL_SHAPES[level]]))
    painter.end()
    sign = QIcon(picture)
    sign.addPixmap(picture, QIcon.Mode.Selected)  # else it is tinted like the row
    return sign

"""Paints a cell of the workbook as Excel shows it: fill, border, text, icon, bar, small line."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from workbook_builder.window.preview_sheet import PreviewCell

#: The workbook is white paper with dark letters, also where the desktop is dark.
PAPER, _INK, _RULE = QColor("#FFFFFF"), QColor("#1F2933"), QColor("#C3CCD5")
_BAR, _LINE = QColor("#B7CFE6"), QColor("#12436D")
_SIDE, _TIGHT, _ICON_WIDTH, _DOT = 6, 1, 16, 2.5


def paint_cell(painter: QPainter, rectangle: QRect, cell: PreviewCell) -> None:
    """Paint a cell of the workbook in a rectangle."""
    painter.save()
    painter.setClipRect(rectangle)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(rectangle, QColor(cell.fill) if cell.fill else PAPER)
    if cell.bar:
        bar = rectangle.adjusted(1, 3, -1, -3)
        bar.setWidth(round(bar.width() * cell.bar))
        painter.fillRect(bar, _BAR)
    if cell.boxed:
        painter.setPen(QPen(_RULE, 1))
        painter.drawLine(rectangle.topRight(), rectangle.bottomRight())
        painter.drawLine(rectangle.bottomLeft(), rectangle.bottomRight())
    if cell.spark and any(value is not None for value in cell.spark):
        _paint_line(painter, QRectF(rectangle).adjusted(_SIDE, 4, -_SIDE, -4), cell)
    if cell.text or cell.icon:
        _paint_text(painter, rectangle, cell)
    painter.restore()


def _paint_text(painter: QPainter, rectangle: QRect, cell: PreviewCell) -> None:
    painter.setFont(_font(cell.size, cell.bold, cell.italic))
    side = _TIGHT if cell.centred else _SIDE
    inside = rectangle.adjusted(side, 0, -side, 0)
    if cell.icon:
        painter.setPen(QColor(cell.icon_ink))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, cell.icon)
        inside.setLeft(inside.left() + _ICON_WIDTH)
    across = (
        Qt.AlignmentFlag.AlignHCenter if cell.centred
        else Qt.AlignmentFlag.AlignRight if cell.right
        else Qt.AlignmentFlag.AlignLeft
    )  # fmt: skip
    flags = int(across | Qt.AlignmentFlag.AlignVCenter)
    flags |= int(Qt.TextFlag.TextWordWrap) if cell.wrapped else 0
    painter.setPen(QColor(cell.ink) if cell.ink else _INK)
    painter.drawText(inside, flags, cell.text)


@lru_cache
def _font(points: float, bold: bool, italic: bool) -> QFont:
    """Return the font of the workbook in a size."""
    font = QFont("Carlito")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setFamilies(["Calibri", "Carlito", "DejaVu Sans"])
    font.setPixelSize(max(round(points * 96 / 72), 8))
    font.setBold(bold)
    font.setItalic(italic)
    return font


def _paint_line(painter: QPainter, room: QRectF, cell: PreviewCell) -> None:
    """Draw a sparkline: a line that breaks where there is no value, with a dot at the last."""
    known = [value for value in cell.spark if value is not None]
    low, high = min(known), max(known)
    reach = (high - low) or 1.0
    step = room.width() / max(len(cell.spark) - 1, 1)
    painter.setPen(QPen(_LINE, 1.5))
    before: QPointF | None = None
    for place, value in enumerate(cell.spark):
        if value is None:
            before = None
            continue
        share = (value - low) / reach if high > low else 0.5
        point = QPointF(room.left() + place * step, room.bottom() - share * room.height())
        if before:
            painter.drawLine(before, point)
        before = point
    if before:
        painter.setBrush(_LINE)
        painter.drawEllipse(before, _DOT, _DOT)

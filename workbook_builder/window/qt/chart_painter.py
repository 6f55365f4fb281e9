"""Paints the charts of slides in the preview: lines, columns, bars, target lines, names at ends."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from workbook_builder.looks import INK, PAPER, QUIET
from workbook_builder.sheets.cell_styles import CHART_COLOURS, GRIDLINE
from workbook_builder.window.preview_sheet import PreviewChart, PreviewLabel, PreviewSeries

#: The size of texts in pixels, that of the latest value, and how far they keep from points.
_SIZE, _LATEST, _GAP = 13, 15, 5.0
_DOT = 3.2
#: The share of a month's room that its columns take, and of a row's that its bars take.
_COLUMNS_SHARE, _BARS_SHARE = 0.62, 0.7
_DASHES = {"solid": Qt.PenStyle.SolidLine, "dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}
_LINE_WIDTHS = {"measure": 2.6, "target": 1.8, "benchmark": 1.5, "limit": 1.2}


def paint_chart(painter: QPainter, corner: QPointF, chart: PreviewChart) -> None:
    """Paint a chart with its upper left corner at a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(corner)
    painter.setClipRect(QRectF(0, 0, chart.width, chart.height))
    painter.fillRect(QRectF(0, 0, chart.width, chart.height), QColor(PAPER))
    painter.setPen(QPen(QColor(GRIDLINE), 1))
    painter.drawRect(QRectF(0.5, 0.5, chart.width - 1, chart.height - 1))
    drawing = _Drawing(painter, chart)
    if chart.kind == "bar":
        drawing.bars()
    else:
        drawing.axes()
        if chart.kind == "column":
            drawing.columns()
        for series in chart.series:
            if chart.kind == "line" or series.role != "measure":
                drawing.line(series)
        for series in chart.series:
            drawing.end_name(series)
    painter.restore()


class _Drawing:
    """The plot of one chart: where months and values are in it, and what is drawn there."""

    def __init__(self, painter: QPainter, chart: PreviewChart) -> None:
        self._painter, self._chart = painter, chart
        self._room = QRectF(*chart.plot)
        self._each = self._room.width() / max(len(chart.months), 1)

    def axes(self) -> None:
        """Draw the lines of the values with their numbers, and the names of months."""
        room, chart = self._room, self._chart
        for value, text in chart.ticks:
            height = self._height(value)
            self._painter.setPen(QPen(QColor(GRIDLINE), 1))
            self._painter.drawLine(QPointF(room.left(), height), QPointF(room.right(), height))
            self._write(text, QPointF(room.left() - _GAP, height), QUIET, "left")
        self._painter.setPen(QPen(QColor(QUIET), 1))
        self._painter.drawLine(room.bottomLeft(), room.bottomRight())
        for place, month in enumerate(chart.months):
            if place % chart.month_step == 0:
                below = QPointF(self._across(place), room.bottom() + _GAP)
                self._write(month, below, INK, "below")

    def columns(self) -> None:
        """Draw a column for each value; of a single measure only the latest stands out."""
        measures = [each for each in self._chart.series if each.role == "measure"]
        width = self._each * _COLUMNS_SHARE / max(len(measures), 1)
        for number, series in enumerate(measures):
            last = len(series.values) - 1
            offset = (number - (len(measures) - 1) / 2) * width
            for place, value in enumerate(series.values):
                if value is None:
                    continue
                quiet = len(measures) == 1 and place < last
                top, bottom = self._height(value), self._height(max(self._chart.low, 0))
                left = self._across(place) + offset - width / 2
                column = QRectF(left + 0.5, min(top, bottom), width - 1, abs(bottom - top))
                colour = CHART_COLOURS[1] if quiet else series.colour
                self._painter.fillRect(column, QColor(colour))
            for label in series.labels:
                self._label(series, label, offset)

    def line(self, series: PreviewSeries) -> None:
        """Draw a line that breaks where there is no value; points of measures are dots."""
        pen = QPen(QColor(series.colour), _LINE_WIDTHS[series.role], _DASHES[series.dash])
        points = [
            None if value is None else QPointF(self._across(place), self._height(value))
            for place, value in enumerate(series.values)
        ]
        self._painter.setPen(pen)
        for before, after in pairwise(points):
            if before and after:
                self._painter.drawLine(before, after)
        if series.role == "measure":
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(series.colour))
            for point in filter(None, points):
                self._painter.drawEllipse(point, _DOT, _DOT)
        for label in series.labels:
            self._label(series, label, 0.0)

    def end_name(self, series: PreviewSeries) -> None:
        """Write the name of a series at its right end, in its colour."""
        if series.end is None:
            return
        words, value = series.end
        at = QPointF(self._across(len(self._chart.months) - 1) + 2 * _GAP, self._height(value))
        is_measure = series.role == "measure"
        size = _LATEST if is_measure else _SIZE
        self._write(words, at, series.ink, "right", size=size, bold=is_measure)

    def bars(self) -> None:
        """Draw a bar for each row, the first at the top, with its name before it."""
        room, chart = self._room, self._chart
        each = room.height() / max(len(chart.months), 1)
        measures = [series for series in chart.series if series.role == "measure"]
        thick = each * _BARS_SHARE / max(len(measures), 1)
        reach = (chart.high - chart.low) or 1.0
        for place, name in enumerate(chart.months):
            middle = room.top() + (place + 0.5) * each
            self._write(name, QPointF(room.left() - _GAP, middle), INK, "left")
        for number, series in enumerate(measures):
            labels = {label.point: label for label in series.labels}
            for place, value in enumerate(series.values):
                if value is None:
                    continue
                middle = room.top() + (place + 0.5) * each
                top = middle + (number - len(measures) / 2) * thick
                length = (value - chart.low) / reach * room.width()
                bar = QRectF(room.left(), top + 0.5, length, thick - 1)
                self._painter.fillRect(bar, QColor(series.colour))
                if label := labels.get(place):
                    self._write(label.text, QPointF(bar.right() + _GAP, bar.center().y()), INK)

    def _label(self, series: PreviewSeries, label: PreviewLabel, offset: float) -> None:
        value = series.values[label.point]
        if value is None:
            return
        is_latest = label.point == len(series.values) - 1
        size = _LATEST if is_latest else _SIZE
        at = QPointF(self._across(label.point) + offset, self._height(value))
        if label.place == "inside":
            at += QPointF(0, _GAP)
            self._write(label.text, at, PAPER, "below", size=size, bold=is_latest)
            return
        away = {"above": (0, -1), "below": (0, 1), "left": (-1, 0), "right": (1, 0)}[label.place]
        at += QPointF(*away) * (_GAP + _DOT)
        self._write(label.text, at, series.ink, label.place, size=size, bold=is_latest)

    def _across(self, place: int) -> float:
        return self._room.left() + (place + 0.5) * self._each

    def _height(self, value: float) -> float:
        reach = (self._chart.high - self._chart.low) or 1.0
        return self._room.bottom() - (value - self._chart.low) / reach * self._room.height()

    def _write(
        self,
        text: str,
        at: QPointF,
        ink: str,
        place: str = "right",
        *,
        size: int = _SIZE,
        bold: bool = False,
    ) -> None:
        """Write a text on one side of a point."""
        font = QFont()
        font.setFamilies(["Calibri", "Carlito", "DejaVu Sans"])
        font.setPixelSize(size)
        font.setBold(bold)
        metrics = QFontMetricsF(font)
        lines = text.split("\n")
        width, height = max(map(metrics.horizontalAdvance, lines)), metrics.height() * len(lines)
        left = {"left": at.x() - width, "right": at.x()}.get(place, at.x() - width / 2)
        top = {"above": at.y() - height, "below": at.y()}.get(place, at.y() - height / 2)
        self._painter.setFont(font)
        self._painter.setPen(QColor(ink))
        box = QRectF(left, top, width + 1, height)
        aligned = {"left": Qt.AlignmentFlag.AlignRight, "right": Qt.AlignmentFlag.AlignLeft}
        self._painter.drawText(box, aligned.get(place, Qt.AlignmentFlag.AlignHCenter), text)

"""The preview: the workbook's tables as they will look, and what there is to say of a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.window.button_states import can_list_children
from workbook_builder.window.preview_sheet import (
    LETTER_WIDTH,
    FigurePlace,
    PreviewCell,
    PreviewSheet,
)
from workbook_builder.window.qt.cell_painter import PAPER, paint_cell
from workbook_builder.window.qt.edit_dialogs import EditPanel
from workbook_builder.window.qt.widgets import (
    MenuAction,
    browser,
    button,
    combo,
    fill,
    labelled,
    menu_button,
    menu_on_right_click,
    named,
    row,
)
from workbook_builder.window.state import State

_CHOSEN = QColor("#125C9C")
_CELL = Qt.ItemDataRole.UserRole
#: The share of the window that the table has beside the page of a figure.
_TABLE_SHARE, _PAGE_SHARE, _TEXT_SHARE = 3, 1, 2
_PICTURE_SCALE = 2.0
#: A page that is not so high in pixels shows the figure's part only once one is chosen.
_LOW = 480
_NOTHING_YET = "The tables are shown here as soon as the files have been read."
_NOTHING = "There is nothing to show: see Problems."
_RENEWED = "Updating the preview…"
_ASK = "Select a figure to see how it was calculated."

_VISIBLE = QAbstractItemView.ScrollHint.EnsureVisible
AnyIndex = QModelIndex | QPersistentModelIndex


class PreviewTab(QWidget):
    """Shows one sheet at a time; `ask` is told which figure a person chose."""

    def __init__(
        self,
        ask: Callable[[FigurePlace], None],
        copy: Callable[[QMimeData, str], None],
        list_children: Callable[[], None],
        editing: EditPanel,
    ) -> None:
        super().__init__()
        self._ask, self._copy, self.editing = ask, copy, editing
        self._sheets: Sequence[PreviewSheet] = ()
        #: What of a state is shown: nothing yet, not even that there is nothing.
        self._presented: tuple[object, ...] = ()
        #: Whether the table is to be filled anew, and whether it stays where it was.
        self._is_due = self._stays = False
        self._has_figure = False
        self.sheets = combo("Sheet", "The sheet of the workbook that is shown")
        editing.table = self.sheets.currentText
        self.sheets.activated.connect(self._show_chosen)
        self.search = named(
            QLineEdit(), "Find", "Type part of an indicator's name; Enter finds the next"
        )
        self.search.setPlaceholderText("Find an indicator")
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self._find_next)
        self.table = named(SheetView(), "Table", "A sheet of the workbook; the selected figure "
                           "is explained next to it")  # fmt: skip
        self.table.chosen.connect(self._choose)
        self.page = browser("Figure", "How the selected figure was calculated", lambda url: None)
        self.words = QLabel(_NOTHING_YET)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.copy_table = button("Cop&y table", "Copy the table with its colours, for Word, Excel "
                                 "and PowerPoint", self._copy_table, "copy")  # fmt: skip
        self.save_picture = button("S&ave picture…", "Save the table as a picture", self._save,
                                   "picture")  # fmt: skip
        self.list_children = button("List child&ren…", "Write a list of the children behind the "
                                    "selected figure, if the council's profile allows it",
                                    list_children, "list")  # fmt: skip
        self.edit = menu_button("Edit text &or values", "Commentary, targets, benchmarks, the "
                                "indicators of the table, headlines",
                                editing.edit_actions)  # fmt: skip
        menu_on_right_click(self.table, self._actions)
        self._lay_out()

    def _lay_out(self) -> None:
        self._below = QSplitter(Qt.Orientation.Horizontal)
        self._below.addWidget(self.page)
        self._below.addWidget(self.editing)
        self._below.setStretchFactor(0, _TABLE_SHARE)
        self._below.setStretchFactor(1, _TEXT_SHARE)
        self._below.setChildrenCollapsible(False)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(self.table)
        self._split.addWidget(self._below)
        self._split.setStretchFactor(0, _TABLE_SHARE)
        self._split.setStretchFactor(1, _PAGE_SHARE)
        box = QVBoxLayout(self)
        fields = QHBoxLayout()
        fields.addWidget(labelled("Sho&w sheet", self.sheets), 1)
        fields.addWidget(labelled("Fin&d", self.search), 1)
        box.addLayout(fields)
        box.addWidget(self.words, 1)
        box.addWidget(self._split, 1)
        box.addLayout(row(self.copy_table, self.save_picture, self.list_children, self.edit,
                          self.editing.put_back, None))  # fmt: skip

    def present(self, state: State) -> None:
        """Show the preview of a state, and the figure that was asked about."""
        self.editing.present(state)
        parts = (state.preview, state.previewing, state.figure)
        if parts == self._presented:
            return
        self._presented = parts
        preview = state.preview
        sheets = preview.sheets if preview else ()
        if sheets is not self._sheets:
            before = self.sheets.currentText()
            self._sheets = sheets
            names = preview.sheets.names if preview else ()
            chosen = before if before in names else names[0] if names else ""
            fill(self.sheets, [(name, name) for name in names], chosen)
            self._stays = chosen == before
            self._is_due = True
            self._show_if_seen()
        self._split.setVisible(bool(sheets))
        self.words.setVisible(not sheets)
        self.words.setText(_RENEWED if state.previewing else _NOTHING if preview else _NOTHING_YET)
        for part in (self.sheets, self.search, self.copy_table, self.save_picture, self.edit):
            part.setEnabled(bool(sheets))
        self.list_children.setEnabled(can_list_children(state))
        self._has_figure = state.figure is not None
        self._show_below()
        self.page.setHtml(state.figure.page if state.figure else f"<p>{_ASK}</p>")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Show the sheet that came while another page was seen."""
        super().showEvent(event)
        self._show_if_seen()

    def _show_if_seen(self) -> None:
        """Fill the table with a new preview, which takes its time, once it is looked at."""
        if self._is_due and self.isVisible():
            self._show_chosen(stay=self._stays)

    @property
    def shown(self) -> PreviewSheet | None:
        """The sheet that is shown."""
        place = self.sheets.currentIndex()
        return self._sheets[place] if 0 <= place < len(self._sheets) else None

    def _show_chosen(self, *, stay: bool = False) -> None:
        """Show the chosen sheet; a slide has the whole room if it has no figures to choose."""
        self._is_due = False
        if sheet := self.shown:
            self._show_below()
            self.table.show_sheet(sheet, stay=stay)

    def _show_below(self) -> None:
        """Leave the room to a slide without figures and, in a low window, until one is chosen."""
        sheet = self.shown
        is_wanted = sheet is not None and (bool(sheet.figures) or not sheet.slide)
        self._below.setVisible(is_wanted and (self._has_figure or self.height() >= _LOW))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the room of a low window to the table."""
        super().resizeEvent(event)
        self._show_below()

    def _choose(self, row: int, column: int) -> None:
        """Ask about a figure, or go where a link leads."""
        sheet = self.shown
        if sheet is None:
            return
        if place := sheet.figure_at(row, column):
            self._ask(place)
        cell = sheet.cells.get((row, column))
        if cell and cell.sheet and (at := self.sheets.findText(cell.sheet)) >= 0:
            self.sheets.setCurrentIndex(at)
            self._show_chosen()

    def _find_next(self) -> None:
        """Go to the next cell with the words, on this sheet or on one after it, and explain it."""
        text, start = self.search.text().strip(), self.sheets.currentIndex()
        if not text or start < 0:
            return
        current = self.table.currentIndex()
        after = (current.row(), current.column()) if current.isValid() else (-1, -1)
        for step in range(len(self._sheets) + 1):
            at = (start + step) % len(self._sheets)
            found = self._sheets[at].find(text, after if step == 0 else (-1, -1))
            if found and (step or found > after or len(self._sheets) == 1):
                self.sheets.setCurrentIndex(at)
                self._show_chosen()
                self.table.go_to(*found)
                if place := self._sheets[at].figure_at(*found):
                    self._ask(place)
                return

    def _actions(self) -> Iterator[MenuAction]:
        """Yield what can be done with the table, and with the chosen figure."""
        if self.shown:
            yield "Copy table", "copy", self._copy_table
            yield "Save picture…", "picture", self._save
            if self.list_children.isEnabled():
                yield "List children…", "list", self.list_children.click
            yield from self.editing.edit_actions()

    def _copy_table(self) -> None:
        if sheet := self.shown:
            data = QMimeData()
            data.setHtml(sheet.as_html())
            data.setText(sheet.as_text())
            self._copy(data, f"The table {sheet.name} is copied.")

    def _save(self) -> None:
        sheet = self.shown
        if sheet is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, "Save picture", f"{sheet.name}.png",
                                              "Pictures (*.png)")  # fmt: skip
        if name:
            picture_of(sheet).save(name if name.lower().endswith(".png") else f"{name}.png")


class SheetModel(QAbstractTableModel):
    """The cells of a sheet for Qt."""

    def __init__(self, sheet: PreviewSheet) -> None:
        super().__init__()
        self.sheet = sheet

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many rows there are."""
        return len(self.sheet.heights)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many columns there are."""
        return len(self.sheet.widths)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a cell, what screen readers and tips say of it, or the whole cell."""
        cell = self.sheet.cells.get((index.row(), index.column()), PreviewCell(""))
        text = f"{cell.icon} {cell.text}".strip()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.AccessibleTextRole:
                return text or cell.note or "Empty"
            case Qt.ItemDataRole.ToolTipRole:
                return cell.note or None
            case int(role) if role == _CELL:
                return cell
        return None


class SheetView(QTableView):
    """A sheet as paper, the names of its rows always in sight; `chosen` tells a person's cell."""

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._names_width, self._fixed = 0, 0
        #: How large the sheet is shown: slides are made smaller to fit.
        self.scaled = 1.0
        _be_paper(self)
        self._names = QTableView(self)
        _be_paper(self._names)
        self._names.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._names.setAutoScroll(False)  # it stays beside its figures, also for a chosen name
        self._names.setFrameShape(QFrame.Shape.NoFrame)
        for bar in (self._names.horizontalScrollBar(), self._names.verticalScrollBar()):
            bar.setDisabled(True)
        self._names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._names.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._names.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.verticalScrollBar().valueChanged.connect(self._names.verticalScrollBar().setValue)

    def show_sheet(self, sheet: PreviewSheet, *, stay: bool = False) -> None:
        """Show a sheet from its upper left corner, or `stay` where it was, at its chosen cell."""
        before, model = self.model(), SheetModel(sheet)
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        chosen, at = self.currentIndex(), [bar.value() for bar in bars]
        fixed = self._fixed = sheet.frozen[1]
        for view in (self, self._names):
            view.setModel(model)
            for column, width in enumerate(sheet.widths):
                view.setColumnHidden(
                    column, width == 0 or (view is self._names and column >= fixed)
                )
            view.clearSpans()
            for (line, column), span in spans_of(sheet).items():
                view.setSpan(line, column, *span)
        unused = self._names.selectionModel()
        self._names.setSelectionModel(self.selectionModel())  # a chosen name is seen there
        unused.deleteLater()
        if before:
            before.deleteLater()
        self._fit(is_new=True)
        self._names_width = round(sum(sheet.widths[:fixed]))
        self._names.setVisible(bool(fixed))
        self._place_names()
        self.scrollToTop()
        if stay:
            if chosen.isValid():
                self.setCurrentIndex(model.index(chosen.row(), chosen.column()))
            for bar, value in zip(bars, at, strict=True):
                bar.setValue(value)

    def _fit(self, *, is_new: bool = False) -> None:
        """Give rows and columns their sizes; a slide is never wider than the view."""
        model = self.model()
        if not isinstance(model, SheetModel):
            return
        sheet, before = model.sheet, self.scaled
        room = self.viewport().width() / max(sum(sheet.widths), 1.0)
        self.scaled = min(room, 1.0) if sheet.slide else 1.0
        if self.scaled == before and not is_new:
            return
        widths = _whole_pixels(sheet.widths, self.scaled)
        heights = _whole_pixels(sheet.heights, self.scaled)
        for view in (self, self._names):
            for header, sizes in (
                (view.horizontalHeader(), widths),
                (view.verticalHeader(), heights),
            ):
                header.blockSignals(True)  # else the view is laid out anew for each of them
                for place, size in enumerate(sizes):
                    if size and not header.isSectionHidden(place):
                        header.resizeSection(place, size)
                header.blockSignals(False)
            view.doItemsLayout()

    def go_to(self, line: int, column: int) -> None:
        """Choose a cell and bring it into sight."""
        index = self.model().index(line, column)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the charts of a slide over its cells."""
        super().paintEvent(event)
        model = self.model()
        if not isinstance(model, SheetModel) or not model.sheet.charts:
            return
        from workbook_builder.window.qt.chart_painter import paint_chart  # comes with a chart

        painter = QPainter(self.viewport())
        for chart in model.sheet.charts:
            left = self.columnViewportPosition(chart.column)
            painter.save()
            painter.translate(left, self.rowViewportPosition(chart.row))
            painter.scale(self.scaled, self.scaled)
            paint_chart(painter, QPointF(0, 0), chart)
            painter.restore()
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the names of the rows as high as the table."""
        super().resizeEvent(event)
        self._fit()
        self._place_names()

    def scrollTo(  # noqa: N802
        self, index: AnyIndex, hint: QAbstractItemView.ScrollHint = _VISIBLE
    ) -> None:
        """Bring a cell into sight, right of the names of the rows; those are so by themselves."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if index.column() < self._fixed:
            bar.setValue(before)
        elif (hidden := self._names_width - self.visualRect(index).left()) > 0:
            bar.setValue(bar.value() - hidden)

    def _place_names(self) -> None:
        frame = self.frameWidth()
        self._names.setGeometry(frame, frame, self._names_width, self.viewport().height())

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:  # noqa: N802
        """Tell which cell a person has come to, by mouse or by keys."""
        super().currentChanged(current, previous)
        if current.isValid() and self.hasFocus():
            self.chosen.emit(current.row(), current.column())


def _whole_pixels(sizes: Sequence[float], scaled: float) -> list[int]:
    """Return sizes in whole pixels that add up to as much, so that charts stay in their places."""
    edges = [round(edge * scaled) for edge in accumulate(sizes, initial=0.0)]
    return [after - before for before, after in pairwise(edges)]


def _be_paper(view: QTableView) -> None:
    """Show a view as white paper, with no headings and no lines but those of its cells."""
    view.horizontalHeader().hide()
    view.verticalHeader().hide()
    view.horizontalHeader().setMinimumSectionSize(0)
    view.verticalHeader().setMinimumSectionSize(0)
    view.setShowGrid(False)
    view.setTabKeyNavigation(False)
    view.setItemDelegate(CellPainter(view))
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    palette = view.palette()
    palette.setColor(palette.ColorRole.Base, PAPER)
    view.setPalette(palette)


def spans_of(sheet: PreviewSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Return over how many rows and columns cells go: merged ones, and texts that are too long.

    Excel lets a text run on where the next cells are empty.
    """
    spans = dict(sheet.merged)
    for (line, column), cell in sheet.cells.items():
        if cell.boxed or cell.wrapped or not cell.text or (line, column) in spans:
            continue
        needed = len(cell.text) * cell.size * LETTER_WIDTH
        end, width = column + 1, sheet.widths[column]
        while width < needed and end < len(sheet.widths) and (line, end) not in sheet.cells:
            width += sheet.widths[end]
            end += 1
        if end - column > 1:
            spans[line, column] = (1, end - column)
    return spans


class CellPainter(QStyledItemDelegate):
    """Paints a cell as Excel shows it: fill, border, text, icon, bar and small line."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint a cell; the chosen one has a frame."""
        cell = index.data(_CELL)
        rectangle: QRect = option.rect
        if isinstance(cell, PreviewCell):
            view = self.parent()
            scaled = view.scaled if isinstance(view, SheetView) else 1.0
            painter.save()
            painter.translate(rectangle.topLeft())
            painter.scale(scaled, scaled)
            size = QSize(round(rectangle.width() / scaled), round(rectangle.height() / scaled))
            paint_cell(painter, QRect(QPoint(0, 0), size), cell)
            painter.restore()
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(_CHOSEN, 2))
            painter.drawRect(rectangle.adjusted(1, 1, -2, -2))

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        """Return no size of its own: the sheet has those of its rows and columns."""
        return QSize(0, 0)


def picture_of(sheet: PreviewSheet) -> QImage:
    """Return a sheet as a picture, at twice the size of the screen."""
    from workbook_builder.window.qt.chart_painter import paint_chart

    size = QSize(round(sum(sheet.widths)) + 1, round(sum(sheet.heights)) + 1) * _PICTURE_SCALE
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(PAPER)
    painter = QPainter(image)
    painter.scale(_PICTURE_SCALE, _PICTURE_SCALE)
    spans = spans_of(sheet)
    covered = {
        (line + down, column + right)
        for (line, column), (rows, columns) in spans.items()
        for down in range(rows)
        for right in range(columns)
        if down or right
    }
    top = 0.0
    for line, height in enumerate(sheet.heights):
        left = 0.0
        for column, width in enumerate(sheet.widths):
            cell = sheet.cells.get((line, column))
            if cell and width and (line, column) not in covered:
                rows, columns = spans.get((line, column), (1, 1))
                wide = sum(sheet.widths[column : column + columns])
                high = sum(sheet.heights[line : line + rows])
                room = QRect(round(left), round(top), round(wide), round(high))
                paint_cell(painter, room, cell)
            left += width
        top += height
    for chart in sheet.charts:
        left, top = sum(sheet.widths[: chart.column]), sum(sheet.heights[: chart.row])
        paint_chart(painter, QPointF(left, top), chart)
    painter.end()
    return image

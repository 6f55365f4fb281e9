"""The problems: one row each by what they do to the workbook; its details unfold in the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.window.button_states import can_change_files
from workbook_builder.window.messages import ShownProblem
from workbook_builder.window.problem_list import (
    Effect,
    by_effect,
    effect_of,
    problem_details,
    problem_place,
    problems_text,
    rows_text,
)
from workbook_builder.window.qt.theme import (
    LEVEL_SIGN,
    SPACE,
    as_heading,
    level_icon,
    level_ink,
    quiet,
)
from workbook_builder.window.qt.widgets import (
    MenuAction,
    button,
    combo,
    fill,
    labelled,
    menu_on_right_click,
    named,
    row,
)
from workbook_builder.window.state import State

_PROBLEM = Qt.ItemDataRole.UserRole
_LEVEL, _WHAT, _WHERE = range(3)
_ALL = "Everything"
_NOTHING = "Nothing to report."
_NONE_SUCH = "No problem contains these words."
#: Pixels between the lines of a problem and the edges of its row.
_ROOM = 4
#: Letters of a place that are in sight, and the longest heading of a detail.
_PLACE_LETTERS, _LONGEST_HEADING = 34, "What was done"
#: The share of the list that places have at most.
_PLACE_SHARE = 0.3


class ProblemsPanel(QWidget):
    """Lists problems; a person unfolds one, leaves its file out, reads about it, or copies it."""

    def __init__(
        self,
        leave_out: Callable[[Path], None],
        about: Callable[[str], None],
        copy: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._leave_out, self._about, self._copy = leave_out, about, copy
        self._shown = State()
        self._unfolded: set[ShownProblem] = set()
        #: What was chosen before the list was filled anew; it may be among what is not listed now.
        self._chosen_before: ShownProblem | None = None
        self.effects = combo("Show problems", "Which problems are listed")
        self.effects.activated.connect(self._fill)
        self.search = named(QLineEdit(), "Find in problems", "Words of a problem or a file's name")
        self.search.setPlaceholderText("Words of a problem, or a file")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.tree = _ProblemTree()
        self.tree.currentItemChanged.connect(self._enable_buttons)
        self.tree.itemExpanded.connect(self._unfold)
        self.tree.itemCollapsed.connect(self._fold)
        self.tree.itemClicked.connect(_turn)
        menu_on_right_click(self.tree, self._actions)
        QShortcut(QKeySequence.StandardKey.Copy, self.tree, self._copy_chosen,
                  context=Qt.ShortcutContext.WidgetShortcut)  # fmt: skip
        self.nothing = quiet(as_heading(QLabel(_NOTHING)))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._either = QStackedWidget()
        self._either.addWidget(self.nothing)
        self._either.addWidget(self.tree)
        self.without = button("Build &without it", "Leave out the file of the chosen problem; the "
                              "workbook says so", self._build_without)  # fmt: skip
        self.about = button("About this p&roblem", "Its page in the reference", self._open_page,
                            "question")  # fmt: skip
        self.copy_all = button("Copy &all", "Copy all problems as text",
                               self._copy_all, "copy")  # fmt: skip
        box = QVBoxLayout(self)
        box.setSpacing(SPACE)
        fields = QHBoxLayout()
        fields.addWidget(labelled("Sh&ow problems", self.effects), 1)
        fields.addWidget(labelled("Fin&d", self.search), 1)
        box.addLayout(fields)
        box.addWidget(self._either, 1)
        box.addLayout(row(self.without, self.about, self.copy_all, None))
        self.present(State(), renew=True)

    def present(self, state: State, *, renew: bool = False) -> None:
        """Show the problems of a state; the chosen one stays chosen, unfolded ones unfolded."""
        last, self._shown = self._shown, state
        if renew or state.problems != last.problems:
            groups = by_effect(state.problems)
            choices: list[tuple[str, object]] = [(f"{_ALL} ({len(state.problems)})", None)]
            choices += [(f"{effect.value} ({len(group)})", effect)
                        for effect, group in groups.items()]  # fmt: skip
            fill(self.effects, choices, self.effects.currentData())
            self._fill()
        self._enable_buttons()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Colour the words anew when the desktop turns from light to dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "tree"):
            self._fill()

    @property
    def chosen(self) -> ShownProblem | None:
        """The problem that is chosen, by its row or by one of its details."""
        item: QTreeWidgetItem | None = self.tree.currentItem()
        while item is not None:
            if isinstance(problem := item.data(_LEVEL, _PROBLEM), ShownProblem):
                return problem
            item = item.parent()
        return None

    def _fill(self) -> None:
        before = self._chosen_before = self.chosen or self._chosen_before
        effect = self.effects.currentData()
        groups = by_effect(
            self._shown.problems, effect if isinstance(effect, Effect) else None, self.search.text()
        )
        self.tree.clear()
        for each, problems in groups.items():
            heading = QTreeWidgetItem(self.tree, [f"{each.value} ({len(problems)})"])
            heading.setFirstColumnSpanned(True)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            heading.setFont(_LEVEL, _bold(heading.font(_LEVEL)))
            heading.setExpanded(True)
            for problem in problems:
                item = self._item(problem)
                heading.addChild(item)
                item.setExpanded(problem in self._unfolded)
                if problem == before:
                    self.tree.setCurrentItem(item)
        self.nothing.setText(_NONE_SUCH if self._shown.problems else _NOTHING)
        self._either.setCurrentIndex(1 if groups else 0)
        self._enable_buttons()

    def _item(self, problem: ShownProblem) -> QTreeWidgetItem:
        level, where = problem.level.name.capitalize(), problem_place(problem)
        what = problem.what[:1].upper() + problem.what[1:]
        item = QTreeWidgetItem([level, what, where])
        item.setIcon(_LEVEL, level_icon(problem.level))
        item.setForeground(_LEVEL, QBrush(level_ink(problem.level, self.palette())))
        item.setFont(_LEVEL, _bold(self.tree.font()))
        item.setData(_LEVEL, _PROBLEM, problem)
        item.setData(_LEVEL, Qt.ItemDataRole.AccessibleTextRole, f"{level}: {what} {where}")
        item.setToolTip(_WHAT, f"{effect_of(problem).value}. {problem.what}")
        item.setToolTip(_WHERE, where)
        # Its lines are made when it is unfolded.
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _unfold(self, item: QTreeWidgetItem) -> None:
        """Give a problem's row the lines of its details."""
        problem = item.data(_LEVEL, _PROBLEM)
        if not isinstance(problem, ShownProblem):
            return
        self._unfolded.add(problem)
        if item.childCount():
            return
        for heading, text, folded in problem_details(problem):
            line = self._line(item, heading, text)
            if folded:
                self._line(line, "", folded)

    def _line(self, above: QTreeWidgetItem, heading: str, text: str) -> QTreeWidgetItem:
        line = QTreeWidgetItem(above, [heading, text])
        said = f"{heading}: {text}" if heading else text
        line.setData(_LEVEL, Qt.ItemDataRole.AccessibleTextRole, said)
        line.setForeground(_LEVEL, self.palette().brush(QPalette.ColorRole.PlaceholderText))
        return line

    def _fold(self, item: QTreeWidgetItem) -> None:
        self._unfolded.discard(item.data(_LEVEL, _PROBLEM))

    def show_rows(self) -> None:
        """Unfold the chosen problem and the numbers of all rows that it is about."""
        item: QTreeWidgetItem | None = self.tree.currentItem()
        while item and not isinstance(item.data(_LEVEL, _PROBLEM), ShownProblem):
            item = item.parent()
        if item is None:
            return
        item.setExpanded(True)
        for place in range(item.childCount()):
            line = item.child(place)
            if line and (numbers := line.child(0)):
                line.setExpanded(True)
                self.tree.scrollToItem(numbers)

    def _enable_buttons(self) -> None:
        self.without.setEnabled(self._file() is not None and can_change_files(self._shown))
        self.about.setEnabled(self.chosen is not None)
        self.copy_all.setEnabled(bool(self._shown.problems))

    def _file(self) -> Path | None:
        """Return the file that the chosen problem keeps from being read."""
        place = self._shown.stopped_by(self.chosen) if self.chosen else None
        return None if place is None else self._shown.entries[place].path

    def _build_without(self) -> None:
        if file := self._file():
            self._leave_out(file)

    def _open_page(self) -> None:
        if self.chosen:
            self._about(self.chosen.code)

    def _copy_chosen(self) -> None:
        if problem := self.chosen:
            self._copy(problems_text([problem]))

    def _copy_all(self) -> None:
        self._copy(problems_text(self._shown.problems))

    def _actions(self) -> Iterator[MenuAction]:
        """Yield what can be done with the chosen problem."""
        if problem := self.chosen:
            yield "Copy this problem", "copy", self._copy_chosen
            if problem.rows_in_all > 1:
                yield "Show rows", "list", self.show_rows
                yield "Copy row numbers", "copy", lambda: self._copy(rows_text(problem))
            yield "About this problem", "question", self._open_page
            if self.without.isEnabled():
                yield "Build without it", "remove", self._build_without


class _ProblemTree(QTreeWidget):
    """The rows of problems; an unfolded one and its lines are as high as their words need."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "Problems", "One problem a row, worst first. Enter unfolds what happened and "
              "what to do, and folds it again. Ctrl+C copies the problem.")  # fmt: skip
        self.setHeaderLabels(["Level", "What", "Where"])
        self.setIconSize(QSize(LEVEL_SIGN, LEVEL_SIGN))
        self.setExpandsOnDoubleClick(False)
        self.setIndentation(2 * SPACE)
        self.setItemDelegate(_Wrapping(self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_LEVEL, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_WHERE, QHeaderView.ResizeMode.Interactive)
        heading = self.fontMetrics().horizontalAdvance(_LONGEST_HEADING)
        self.setColumnWidth(_LEVEL, heading + 3 * self.indentation() + 2 * SPACE)
        for changed in (header.sectionResized, self.itemExpanded, self.itemCollapsed):
            changed.connect(lambda *what: self.scheduleDelayedItemsLayout())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Unfold and fold a row with Enter too."""
        item = self.currentItem()
        if item and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            _turn(item)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave most of the room to what happened."""
        super().resizeEvent(event)
        letters = _PLACE_LETTERS * self.fontMetrics().averageCharWidth()
        self.setColumnWidth(_WHERE, min(letters, round(event.size().width() * _PLACE_SHARE)))


class _Wrapping(QStyledItemDelegate):
    """Wraps the words of what is unfolded; a folded problem has one line.

    Details have no place: their words have the room of it too.
    """

    def __init__(self, tree: _ProblemTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def initStyleOption(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Wrap the words of what is unfolded."""
        super().initStyleOption(option, index)
        if self._is_unfolded(index):
            option.features |= QStyleOptionViewItem.ViewItemFeature.WrapText

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a cell; the words of a detail over the column of places as well."""
        if _is_detail(index) and index.column() == _WHERE:
            return
        if _is_detail(index) and index.column() == _WHAT:
            room: QRect = option.rect
            room.setRight(room.right() + self._tree.columnWidth(_WHERE))
            option.rect = room
        super().paint(painter, option, index)

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of the wrapped words."""
        size = super().sizeHint(option, index)
        height = option.fontMetrics.height() + 2 * _ROOM
        if index.column() != _LEVEL and self._is_unfolded(index):
            width = self._tree.columnWidth(index.column())
            if _is_detail(index):
                width += self._tree.columnWidth(_WHERE)
            room = QRect(0, 0, width - 2 * SPACE, 0)
            text = str(index.data() or "")
            wrapped = option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text)
            height = max(height, wrapped.height() + 2 * _ROOM)
        return QSize(size.width(), height)

    def _is_unfolded(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Tell whether a row is an unfolded problem, or a line of its details."""
        if _is_detail(index):
            return True
        row = index.model().index(index.row(), _LEVEL, index.parent())
        return row.parent().isValid() and self._tree.isExpanded(row)


def _is_detail(index: QModelIndex | QPersistentModelIndex) -> bool:
    """Tell whether a row is a line of a problem's details."""
    return index.parent().parent().isValid()


def _turn(item: QTreeWidgetItem) -> None:
    """Unfold a row, or fold it again."""
    item.setExpanded(not item.isExpanded())


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold

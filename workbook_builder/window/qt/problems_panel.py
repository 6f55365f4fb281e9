"""The problems: one row each by what they do to the workbook, with what to do below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSplitter,
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
    problem_line,
    problem_place,
    problems_text,
    rows_text,
)
from workbook_builder.window.qt.theme import LEVEL_SIGN, SPACE, level_icon
from workbook_builder.window.qt.widgets import (
    MenuAction,
    browser,
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
_ALL = "Everything"
_NOTHING = "<p>Nothing to report.</p>"
_CHOOSE = "<p>Choose a problem to see what to do.</p>"
_TABLE_SHARE, _PAGE_SHARE = 3, 2
#: So many rows are named where a problem is; of more, the numbers are folded away.
_FEW_ROWS = 3


class ProblemsPanel(QWidget):
    """Lists problems; a person leaves a file out, reads about one, or copies them."""

    def __init__(
        self,
        leave_out: Callable[[Path], None],
        about: Callable[[str], None],
        copy: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._leave_out, self._about, self._copy = leave_out, about, copy
        self._shown = State()
        #: The problem whose rows are all shown.
        self._unfolded: ShownProblem | None = None
        self.effects = combo("Show problems", "Which problems are listed")
        self.effects.activated.connect(self._fill)
        self.search = named(QLineEdit(), "Find in problems", "Words of a problem or a file's name")
        self.search.setPlaceholderText("Words of a problem, or a file")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.tree = named(QTreeWidget(), "Problems", "One problem a row, worst first; the chosen "
                          "one is explained below")  # fmt: skip
        self.tree.setHeaderLabels(["Level", "What", "Where"])
        self.tree.setRootIsDecorated(False)
        self.tree.setIconSize(QSize(LEVEL_SIGN, LEVEL_SIGN))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Interactive)
        self.tree.setColumnWidth(2, 34 * self.fontMetrics().averageCharWidth())
        self.tree.currentItemChanged.connect(self._show_chosen)
        menu_on_right_click(self.tree, self._actions)
        self.page = browser("Problem", "What happened, what the program did, what to do; a link "
                            "shows all rows", lambda url: self.show_rows())  # fmt: skip
        self.without = button("Build &without it", "Leave out the file of the chosen problem; the "
                              "workbook says so", self._build_without)  # fmt: skip
        self.about = button("About this p&roblem", "Its page in the reference", self._open_page,
                            "question")  # fmt: skip
        self.copy_all = button("Copy &all", "Copy all problems as text",
                               self._copy_all, "copy")  # fmt: skip
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.tree)
        split.addWidget(self.page)
        split.setStretchFactor(0, _TABLE_SHARE)
        split.setStretchFactor(1, _PAGE_SHARE)
        box = QVBoxLayout(self)
        box.setSpacing(SPACE)
        fields = QHBoxLayout()
        fields.addWidget(labelled("Sh&ow problems", self.effects), 1)
        fields.addWidget(labelled("Fin&d", self.search), 1)
        box.addLayout(fields)
        box.addWidget(split, 1)
        box.addLayout(row(self.without, self.about, self.copy_all, None))
        self.present(State(), renew=True)

    def present(self, state: State, *, renew: bool = False) -> None:
        """Show the problems of a state; the chosen one stays chosen."""
        last, self._shown = self._shown, state
        if renew or state.problems != last.problems:
            groups = by_effect(state.problems)
            choices: list[tuple[str, object]] = [(f"{_ALL} ({len(state.problems)})", None)]
            choices += [(f"{effect.value} ({len(group)})", effect)
                        for effect, group in groups.items()]  # fmt: skip
            fill(self.effects, choices, self.effects.currentData())
            self._fill()
        self._enable_buttons()

    @property
    def chosen(self) -> ShownProblem | None:
        """The problem that is chosen."""
        item = self.tree.currentItem()
        problem = item.data(0, _PROBLEM) if item else None
        return problem if isinstance(problem, ShownProblem) else None

    def _fill(self) -> None:
        before = self.chosen
        effect = self.effects.currentData()
        groups = by_effect(
            self._shown.problems, effect if isinstance(effect, Effect) else None, self.search.text()
        )
        self.tree.clear()
        for each, problems in groups.items():
            heading = QTreeWidgetItem(self.tree, [f"{each.value} ({len(problems)})"])
            heading.setFirstColumnSpanned(True)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = heading.font(0)
            font.setBold(True)
            heading.setFont(0, font)
            heading.setExpanded(True)
            for problem in problems:
                item = _item(problem)
                heading.addChild(item)
                if problem == before:
                    self.tree.setCurrentItem(item)
        self._show_chosen()

    def _show_chosen(self) -> None:
        problem = self.chosen
        if problem:
            if problem != self._unfolded:
                self._unfolded = None
            self.page.setHtml(problem_page(problem, with_rows=problem == self._unfolded))
        else:
            self.page.setHtml(_CHOOSE if self._shown.problems else _NOTHING)
        self._enable_buttons()

    def show_rows(self) -> None:
        """Show the numbers of all rows that the chosen problem is about."""
        self._unfolded = self.chosen
        self._show_chosen()

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

    def _copy_all(self) -> None:
        self._copy(problems_text(self._shown.problems))

    def _actions(self) -> Iterator[MenuAction]:
        """Yield what can be done with the chosen problem."""
        if problem := self.chosen:
            line = f"{problem.file}: {problem_line(problem)}"
            yield "Copy this problem", "copy", lambda: self._copy(line)
            if problem.rows_in_all > 1:
                yield "Show rows", "list", self.show_rows
                yield "Copy row numbers", "copy", lambda: self._copy(rows_text(problem))
            yield "About this problem", "question", self._open_page
            if self.without.isEnabled():
                yield "Build without it", "remove", self._build_without


def problem_page(problem: ShownProblem, *, with_rows: bool = False) -> str:
    """Return what happened, what the program did and what to do, as a page.

    The numbers of many rows are folded away behind a link, unless they are wanted.
    """
    what = problem.what[:1].upper() + problem.what[1:]
    facts = (("What to do", problem.to_do), ("What the program did", problem.done),
             ("Where", problem_place(problem)), ("Code", problem.code))  # fmt: skip
    lines = "".join(f"<p><b>{name}:</b> {escape(text)}</p>" for name, text in facts if text)
    if problem.rows_in_all > _FEW_ROWS:
        rows = (
            f"<b>Rows:</b> {escape(rows_text(problem))}"
            if with_rows
            else f'<a href="#rows">Show all {problem.rows_in_all:,} rows</a>'
        )
        lines += f"<p>{rows}</p>"
    return f"<h3>{problem.level.name.capitalize()}: {escape(what)}</h3>{lines}"


def _item(problem: ShownProblem) -> QTreeWidgetItem:
    level, where = problem.level.name.capitalize(), problem_place(problem)
    item = QTreeWidgetItem([level, problem.what[:1].upper() + problem.what[1:], where])
    item.setIcon(0, level_icon(problem.level))
    item.setData(0, _PROBLEM, problem)
    item.setToolTip(1, f"{effect_of(problem).value}. {problem.what}")
    item.setToolTip(2, where)
    return item

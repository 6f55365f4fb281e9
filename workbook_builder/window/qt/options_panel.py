"""The options on the right of the window, with those seldom needed folded away, and Build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.figures import LEAST_LIMIT, MOST_LIMIT, OFF
from workbook_builder.window.button_states import (
    build_blocked_by,
    can_cancel,
    can_choose_first_month,
    can_recalculate,
)
from workbook_builder.window.presenter import Presenter
from workbook_builder.window.qt.period_fields import PeriodFields
from workbook_builder.window.qt.theme import SPACE, icon, primary, quiet
from workbook_builder.window.qt.widgets import button, column, combo, fill, labelled, named, row
from workbook_builder.window.state import State, layout_file

#: Usual limits for small numbers, and the choice by which the number beside it counts.
_LIMITS = (5, 10)
_OTHER_LIMIT = "other"
_HIDDEN = "Figures about fewer people than this, and those that would reveal them, are shown as [c]"
_PROGRESS_STEPS = 100
_BUILD_HEIGHT = 36
#: The panel's greatest width, in letters.
_WIDEST = 48
#: A window that is not so high in pixels has its fields closer together.
_LOW = 520
_LAYOUTS = "Layouts (*.toml)"
_WORKBOOKS = "Workbooks (*.xlsx *.xlsm *.xlsb *.ods);;All files (*)"


class OptionsPanel(QWidget):
    """What is to be built, and the building of it."""

    def __init__(self, presenter: Presenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown = State()
        self._holder = self._fields()
        self.setMaximumWidth(_WIDEST * self.fontMetrics().averageCharWidth())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(_scrolled(self._holder), 1)
        box.addWidget(self._build_controls())

    # Making the widgets.

    def _fields(self) -> QWidget:
        presenter = self._presenter
        self.month = combo("Reporting month", "The last month of the workbook")
        self.month.activated.connect(lambda: presenter.choose_month(self.month.currentData()))
        self.period = PeriodFields(presenter.choose_covers)
        self.layouts = combo("Layout", "Which sheets and tables the workbook has")
        self.layouts.activated.connect(self._choose_layout)
        self.layout_description = quiet(QLabel())
        self.layout_description.setWordWrap(True)
        self.previous = named(QLineEdit(), "Previous workbook",
                               "Last month's, whose published figures are kept")  # fmt: skip
        self.previous.setClearButtonEnabled(True)
        self.previous.editingFinished.connect(self._choose_previous)
        self.previous.textChanged.connect(self._forget_previous)
        self.previous_description = QLabel()
        self.previous_description.setWordWrap(True)
        self.folder = named(QLineEdit(), "Folder for the workbook", "Where the workbook is saved")
        self.folder.editingFinished.connect(lambda: presenter.choose_folder(self.folder.text()))
        self.name = named(QLineEdit(), "File name", "What the workbook is called")
        self.name.setPlaceholderText("Named by the layout")
        self.name.textEdited.connect(presenter.choose_name)
        self.slides = named(
            QCheckBox("PowerPoint slides too (.ppt&x)"), "PowerPoint slides too",
            "Write a PowerPoint deck next to the workbook, with the same name",
        )  # fmt: skip
        self.slides.toggled.connect(presenter.choose_slides)
        self.advanced = AdvancedOptions(presenter)
        return column(
            labelled("Reporting &month", self.month),
            self.period,
            labelled("&Layout", self.layouts,
                     beside=_browse_button("layout file", self._browse_layout)),
            self.layout_description,
            labelled("Previous wor&kbook", self.previous,
                     beside=_browse_button("previous workbook", self._browse_previous)),
            self.previous_description,
            labelled("&Folder for the workbook", self.folder,
                     beside=_browse_button("folder", self._browse_folder)),
            labelled("File &name", self.name),
            self.slides,
            self.advanced,
            None,
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the fields closer together where the window is low."""
        super().resizeEvent(event)
        if box := self._holder.layout():
            box.setSpacing(SPACE if event.size().height() >= _LOW else SPACE // 2)

    def _build_controls(self) -> QWidget:
        self.build = button("&Build the workbook", "Build it from the files in the list",
                            self._build)  # fmt: skip
        primary(self.build).setIcon(icon("build", on_accent=True))
        self.build.setMinimumHeight(_BUILD_HEIGHT)
        self.cancel = button("&Cancel", "Stop building; nothing is written", self._presenter.cancel)
        self.progress = named(QProgressBar(), "Progress", "How much of the build is done")
        self.progress.setMaximum(_PROGRESS_STEPS)
        self.doing = QLabel()  # a name of its own would hide its text from screen readers
        self.doing.setWordWrap(True)
        return column(self.build, self.progress, self.doing, row(None, self.cancel))

    # Showing the state.

    def present(self, state: State) -> None:
        """Show what is chosen and how far the build is."""
        self._shown = state
        proposed = f" ({state.proposed.label})" if state.proposed else ""
        waiting = "…" if state.proposing else proposed
        months: list[tuple[str, object]] = [(month.label, month) for month in state.months]
        fill(self.month, [(f"The last whole month{waiting}", None), *months], state.month)
        self.period.present(state)
        self._fill_layouts(state)
        self.layouts.setToolTip(layout_file(state.layout))
        layout = state.chosen_layout
        self.layout_description.setText(layout.description if layout else "")
        self.layout_description.setVisible(bool(layout and layout.description))
        _write(self.previous, str(state.previous) if state.previous else "")
        in_list = "" if state.previous else ", ".join(state.previous_names)
        self.previous.setPlaceholderText(f"In the list: {in_list}" if in_list else "None")
        self.previous_description.setText(state.previous_words)
        self.previous_description.setVisible(bool(state.previous_words))
        _write(self.folder, state.folder)
        _write(self.name, state.name)
        if self.slides.isChecked() != state.slides:
            self.slides.setChecked(state.slides)
        self.advanced.present(state, months)
        self._show_progress(state)

    def _fill_layouts(self, state: State) -> None:
        fill(self.layouts, [(layout.title, layout.name) for layout in state.layouts], state.layout)

    def _show_progress(self, state: State) -> None:
        """Show how far the build is; the focus goes from Build to Cancel and back."""
        self.cancel.setEnabled(can_cancel(state))
        self.cancel.setVisible(state.building or self.cancel.hasFocus())
        self.build.setEnabled(not build_blocked_by(state))
        if not state.building and self.cancel.hasFocus():
            self.build.setFocus()
        self.cancel.setVisible(state.building)
        # While it is seen, a new value is painted at once, with all else that waits for that.
        self.progress.setValue(round(state.share * _PROGRESS_STEPS))
        self.progress.setVisible(state.building)
        self.doing.setText(state.doing)
        self.doing.setVisible(state.building)

    # What a person does.

    def _build(self) -> None:
        """Build with what is in the fields, also in the one that is being edited."""
        self.period.take_typed()
        if self.previous.isModified():
            self._choose_previous()
        if self.folder.text() != self._shown.folder:
            self._presenter.choose_folder(self.folder.text())
        self._presenter.build()

    def _choose_layout(self) -> None:
        self._presenter.choose_layout(self.layouts.currentData())
        self._fill_layouts(self._shown)  # a file is only chosen once it has been read

    def _choose_previous(self) -> None:
        self._presenter.choose_previous(self.previous.text())

    def _forget_previous(self, text: str) -> None:
        """Take back the name of a workbook as soon as nothing is left of it."""
        if not text and self._shown.previous:
            self._presenter.choose_previous("")

    def _browse_layout(self) -> None:
        start = str(self._presenter.folder_of_layouts())
        name, _ = QFileDialog.getOpenFileName(self, "Layout file", start, _LAYOUTS)
        if name:
            self._presenter.choose_layout(str(Path(name)))

    def _browse_previous(self) -> None:
        start = str(self._shown.previous or self._shown.folder)
        name, _ = QFileDialog.getOpenFileName(self, "Previous workbook", start, _WORKBOOKS)
        if name:
            self._presenter.choose_previous(str(Path(name)))

    def _browse_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder", self._shown.folder)
        if name:
            self._presenter.choose_folder(str(Path(name)))


class AdvancedOptions(QWidget):
    """Options that are folded away until a person asks for them."""

    def __init__(self, presenter: Presenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.limit = combo("Hide small numbers", _HIDDEN)
        self.limit.activated.connect(self._choose_limit)
        self.under = named(QSpinBox(), "Hide numbers under", _HIDDEN)
        self.under.setRange(LEAST_LIMIT, MOST_LIMIT)
        self.under.setValue(_LIMITS[0])
        self.under.valueChanged.connect(self._choose_limit)
        self.under.hide()
        self.recalculate = named(
            QCheckBox("Recalculate published mont&hs"), "Recalculate published months",
            "Use today's figures instead of those in last month's workbook",
        )  # fmt: skip
        self.since = combo("From month", "The first month to recalculate")
        self.recalculate.toggled.connect(self._choose_recalculation)
        self.since.activated.connect(self._choose_recalculation)
        self.panel = column(
            labelled("Hid&e small numbers", self.limit, beside=self.under),
            self.recalculate,
            labelled("From mon&th", self.since),
            inside=True,
        )
        self.panel.hide()
        self.more = button(
            "More opt&ions", "Show or hide the options that are rarely needed", lambda: None
        )
        self.more.setCheckable(True)
        self.more.toggled.connect(self._fold)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(column(row(self.more, None), self.panel, inside=True))

    def present(self, state: State, months: list[tuple[str, object]]) -> None:
        """Show what is chosen; `months` are those that may be recalculated from."""
        layout = state.chosen_layout
        under = layout.suppress_under if layout else None
        limits: list[tuple[str, object]] = [
            (f"As the layout says ({f'under {under}' if under else 'off'})", None),
            ("Off: show all", OFF),
            *((f"Under {limit}", limit) for limit in _LIMITS),
            ("Under another number", _OTHER_LIMIT),
        ]
        other = self.limit.currentData() == _OTHER_LIMIT
        fill(self.limit, limits, _OTHER_LIMIT if other else state.suppress_under)
        self.recalculate.setEnabled(can_recalculate(state))
        self.since.setEnabled(can_choose_first_month(state))
        fill(self.since, [("All months", None), *months], state.since)

    def _fold(self, shown: bool) -> None:
        self.panel.setVisible(shown)
        words = "shown" if shown else "hidden"
        self._presenter.view.announce(f"More options are {words}.")

    def _choose_limit(self) -> None:
        other = self.limit.currentData() == _OTHER_LIMIT
        self.under.setVisible(other)
        self._presenter.choose_limit(self.under.value() if other else self.limit.currentData())

    def _choose_recalculation(self) -> None:
        self._presenter.choose_recalculation(self.recalculate.isChecked(), self.since.currentData())


def _browse_button(what: str, browse: Callable[[], None]) -> QPushButton:
    """Return the button that looks for what the field before it names; Tab leads to it."""
    return named(
        button("Choose…", f"Look for the {what}", browse), f"Choose {what}", f"Look for the {what}"
    )


def _write(field: QLineEdit, text: str) -> None:
    """Show a text in a field, unless a person is writing in it; its tip shows all of it."""
    field.setToolTip(text)
    if field.text() != text and not (field.hasFocus() and field.isModified()):
        field.setText(text)


def _scrolled(inside: QWidget) -> QScrollArea:
    """Let a part be scrolled where the window is low; it is as wide as it needs to be."""
    area = _Scrolled()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class _Scrolled(QScrollArea):
    """Is never narrower than what is in it, with the bar that comes when the window is low."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the room that the part inside needs."""
        size, inside = super().minimumSizeHint(), self.widget()
        if inside is None:
            return size
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(inside.minimumSizeHint().width() + bar, size.height())

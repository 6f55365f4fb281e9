"""Editing in the preview: commentary beside the table; targets, benchmarks, rows, sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbook_builder.edits import (
    TOLERANCE,
    BenchmarkEdit,
    DefinitionsEdit,
    RowsEdit,
    TargetEdit,
)
from workbook_builder.figures import TypedText
from workbook_builder.months import Month
from workbook_builder.window.editing import text_shown
from workbook_builder.window.messages import (
    EditableIndicator,
    EditableValues,
    EditField,
    MeasureChoice,
    Sentence,
)
from workbook_builder.window.presenter import Presenter
from workbook_builder.window.qt.theme import SPACE, as_fault, as_heading, primary, quiet
from workbook_builder.window.qt.widgets import (
    MenuAction,
    button,
    combo,
    fill,
    labelled,
    named,
    row,
    run_dialog,
)
from workbook_builder.window.state import State

#: Milliseconds without a key after which the preview shows what was typed.
_PAUSE_MS = 900
_VALUES_WIDTH, _LISTS_SIZE, _SENTENCES_SIZE = 560, QSize(1000, 620), QSize(760, 460)
_CHOOSE_ROW = "Select an indicator's row to write its commentary."
_GOES = "It goes into the workbook and the slides"
_NAME = Qt.ItemDataRole.UserRole
_CLOSE = QDialogButtonBox.StandardButton.Close


class TextBox(QPlainTextEdit):
    """A text that is told to the presenter while it is typed, and shown after a pause."""

    def __init__(self, presenter: Presenter, name: str, what: str) -> None:
        super().__init__()
        named(self, name, what)
        self._presenter = presenter
        self._about: tuple[str, Month] | None = None
        self._seen = ""
        self._loading = False
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(presenter.renew_preview)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._tell)

    def load(self, subject: str, month: Month, text: str, before: str | None = None) -> None:
        """Show the text of a subject and month, unless it is being written here.

        What is typed takes the place of the text `before`, which is the shown one if left out.
        """
        same = self._about == (subject, month)
        if same and (self.hasFocus() or self.toPlainText() == text):
            return
        self._about, self._seen = (subject, month), text if before is None else before
        self._put(text)

    def clear_subject(self) -> None:
        """Show no text of anything."""
        self._about = None
        self._put("")

    def _put(self, text: str) -> None:
        self._loading = True
        self.setPlainText(text)
        self._loading = False

    def _tell(self) -> None:
        if self._about and not self._loading:
            subject, month = self._about
            self._presenter.write_text(TypedText(subject, self.toPlainText(), month, self._seen))
            self._pause.start()


class EditPanel(QWidget):
    """The commentary on the chosen indicator, and the ways to everything else that is edited.

    `table` gives the name of the sheet that is shown.
    """

    def __init__(self, presenter: Presenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown = State()
        self.table: Callable[[], str] = str
        self._dialog: ValuesDialog | RowsDialog | SentencesDialog | None = None
        self.heading = QLabel("Commentary")
        self.heading.setWordWrap(True)
        self.commentary = TextBox(presenter, "Commentary", f"On the selected indicator. {_GOES}")
        self.put_back = button(
            "Put it back (&Z)", "Undo the last change of targets, benchmarks or indicators",
            lambda: presenter.edit(None), "undo",
        )  # fmt: skip
        self.put_back.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.heading)
        box.addWidget(self.commentary, 1)

    @property
    def indicator(self) -> EditableIndicator | None:
        """What of the chosen indicator can be edited."""
        return self._shown.figure.indicator if self._shown.figure else None

    def present(self, state: State) -> None:
        """Show a state: the commentary of the chosen indicator, and the dialog that is open."""
        self._shown = state
        indicator = self.indicator
        self.commentary.setEnabled(indicator is not None)
        if indicator:
            text = text_shown(state, indicator.measure, indicator.month, indicator.commentary)
            self.commentary.load(indicator.measure, indicator.month, text)
            self.heading.setText(f"Commentary, {indicator.month.label}")
            self.commentary.setAccessibleDescription(f"On {indicator.title}. {_GOES}")
        else:
            self.commentary.clear_subject()
            self.heading.setText("Commentary")
        self.commentary.setPlaceholderText("" if indicator else _CHOOSE_ROW)
        self.put_back.setVisible(bool(state.edited and state.edited.can_undo))
        if self._dialog:
            self._dialog.present(state)

    def edit_actions(self) -> Iterator[MenuAction]:
        """Yield what can be edited: of the chosen indicator, of the table, and of the slides."""
        if self.indicator:
            yield "Write &commentary", "", self.commentary.setFocus
            yield "Edit &target…", "", self.edit_targets
            yield "Edit &benchmarks…", "", self.edit_benchmarks
        if self._shown.preview and self._shown.preview.sheets:
            yield "Add or remove &indicators…", "", self.edit_rows
        if self._shown.preview and self._shown.preview.sentences:
            yield "Edit &headlines and key messages…", "", self.edit_sentences
        if not self.put_back.isHidden():
            yield "&Put it back", "", self.put_back.click

    def edit_targets(self) -> None:
        """Ask for the targets of the chosen indicator."""
        if indicator := self.indicator:
            self._ask_values(indicator, "Targets", indicator.targets, _target_edit)

    def edit_benchmarks(self) -> None:
        """Ask for the benchmarks of the chosen indicator."""
        if indicator := self.indicator:
            self._ask_values(indicator, "Benchmarks", indicator.benchmarks, BenchmarkEdit)

    def edit_rows(self) -> None:
        """Ask which indicators the table that is shown has."""
        after = self.indicator.measure if self.indicator else ""
        self._presenter.ask_about_table(self.table())
        self._run(RowsDialog(self.window(), self._presenter, self.table(), after))

    def edit_sentences(self) -> None:
        """Ask for the headlines of the slides and the key messages."""
        self._run(SentencesDialog(self.window(), self._presenter, self.table()))

    def _ask_values(
        self,
        indicator: EditableIndicator,
        what: str,
        values: EditableValues,
        edit: Callable[[str, Mapping[str, str]], DefinitionsEdit],
    ) -> None:
        dialog = ValuesDialog(
            self.window(), self._presenter, f"{what}: {indicator.title}", values,
            lambda texts: edit(indicator.measure, texts),
        )  # fmt: skip
        self._run(dialog)
        if dialog.wants_council:
            self._presenter.ask_council()
        if dialog.wants_copy:
            self._presenter.copy_sample()

    def _run(self, dialog: ValuesDialog | RowsDialog | SentencesDialog) -> None:
        self._dialog = dialog
        dialog.present(self._shown)
        try:
            run_dialog(dialog)
        finally:
            self._dialog = None


def _target_edit(measure: str, texts: Mapping[str, str]) -> TargetEdit:
    values = {key: text for key, text in texts.items() if key != TOLERANCE}
    return TargetEdit(measure, values, texts.get(TOLERANCE, ""))


class ValuesDialog(QDialog):
    """Asks for values; what is wrong with one is told below its field, and nothing is written."""

    def __init__(
        self,
        parent: QWidget,
        presenter: Presenter,
        title: str,
        values: EditableValues,
        edit: Callable[[Mapping[str, str]], DefinitionsEdit],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._presenter, self._values, self._edit = presenter, values, edit
        self._asked = False
        self.wants_council = self.wants_copy = False
        self.fields: dict[str, QLineEdit] = {}
        self.faults: dict[str, QLabel] = {}
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(SPACE)
        for each in values.fields:
            self._add_field(form, each)
        holder = QWidget()
        holder.setLayout(form)
        scroll = QScrollArea()
        scroll.setWidget(holder)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fault = as_fault(_remark(values.refusal))
        self.save = primary(button("&Save", "Keep the values, and show the new ratings",
                                   self._save))  # fmt: skip
        self.save.setDefault(True)
        self.council = button("Choose &council…", "Choose whose workbooks these are, which makes "
                              "the profile", self._choose_council)  # fmt: skip
        self.copy = primary(button("Use a co&py of the sample", "Copy the sample into your own "
                                   "folder and work with that", self._choose_copy))  # fmt: skip
        cancel = button("&Cancel", "Close without changing anything", self.reject)
        box = QVBoxLayout(self)
        box.addWidget(as_heading(_remark(title)))
        box.addWidget(quiet(_remark(values.hint)))
        box.addWidget(scroll, 1)
        box.addWidget(self.fault)
        box.addWidget(quiet(_remark(f"Kept in {values.file}" if values.file else "")))
        box.addLayout(row(None, self.council, self.copy, self.save, cancel))
        self.council.setVisible(values.needs_council)
        self.copy.setVisible(values.needs_copy)
        self.copy.setDefault(values.needs_copy)
        self.save.setVisible(not values.refusal)
        self.setMinimumWidth(_VALUES_WIDTH)
        rows = len(values.fields)
        scroll.setMinimumHeight(min(holder.sizeHint().height() + SPACE * rows, 380))

    def present(self, state: State) -> None:
        """Close once the values are saved, or say what is wrong with them."""
        edited = state.edited
        if not self._asked or edited is None:
            return
        self._asked = False
        self.save.setEnabled(True)
        if edited.loaded:
            self.accept()
            return
        self._tell(edited.faults)

    def _add_field(self, form: QFormLayout, each: EditField) -> None:
        field = named(QLineEdit(each.text), each.label, each.locked or "A number, or a word")
        fault = as_fault(_remark(""))
        cell = QVBoxLayout()
        cell.setSpacing(2)
        cell.addWidget(field)
        cell.addWidget(fault)
        label = QLabel(each.label)
        label.setWordWrap(True)
        label.setBuddy(field)
        form.addRow(label, cell)
        if each.locked or self._values.refusal:
            field.setEnabled(False)
            fault.setProperty("fault", False)
            _say(quiet(fault), each.locked)
        self.fields[each.key], self.faults[each.key] = field, fault

    def _save(self) -> None:
        """Ask for what was typed to be written; the answer comes to `present`."""
        self._tell({})
        self._asked = True
        self.save.setEnabled(False)
        texts = {key: field.text() for key, field in self.fields.items() if field.isEnabled()}
        self._presenter.edit(self._edit(texts))

    def _tell(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong beside its field, and lead to the first."""
        for key, label in self.faults.items():
            field = self.fields[key]
            if field.isEnabled():
                _say(label, f"▲ {faults[key]}" if key in faults else "")
                what = faults.get(key) or "A number, or a word"
                field.setAccessibleDescription(what)
        _say(self.fault, faults.get("", ""))
        first = next((key for key in self.fields if key in faults), None)
        if first:
            self.fields[first].setFocus()
            self.fields[first].selectAll()

    def _choose_council(self) -> None:
        self.wants_council = True
        self.reject()

    def _choose_copy(self) -> None:
        self.wants_copy = True
        self.reject()


class RowsDialog(QDialog):
    """All measures, to be searched; those of the table come first and can be taken out."""

    def __init__(self, parent: QWidget, presenter: Presenter, table: str, after: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Indicators of {table}")
        self.resize(_LISTS_SIZE.boundedTo(parent.size()))
        self._presenter, self._table, self._after = presenter, table, after
        self._state = State()
        self._rows: tuple[tuple[str, str], ...] = ()
        self.search = named(QLineEdit(), "Find", "Type part of an indicator's name or of a list")
        self.search.setPlaceholderText("Find an indicator")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._go_to_first)
        self.after = combo("Add after", "The row behind which an indicator is added")
        self.measures = named(QTreeWidget(), "Indicators", "All indicators, those of the table "
                              "first; Enter adds or removes the selected one")  # fmt: skip
        self.measures.setColumnCount(3)
        self.measures.setHeaderLabels(["Indicator", "Comes from", "In this table"])
        self.measures.setRootIsDecorated(False)
        self.measures.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for column, mode in enumerate((QHeaderView.ResizeMode.Stretch,
                                       QHeaderView.ResizeMode.Interactive,
                                       QHeaderView.ResizeMode.Interactive)):  # fmt: skip
            self.measures.header().setSectionResizeMode(column, mode)
        self.measures.header().setStretchLastSection(False)
        self.measures.setColumnWidth(1, 200)
        self.measures.setColumnWidth(2, 210)
        self.measures.itemSelectionChanged.connect(self._enable)
        self.measures.itemActivated.connect(lambda item: self._change())
        self.change = primary(button("&Add to the table", "Add the selected indicator, or remove "
                                     "it", self._change))  # fmt: skip
        self.undo = button("Put it &back", "Undo the last change", lambda: presenter.edit(None),
                           "undo")  # fmt: skip
        close = button("&Close", "Close the list", self.accept)
        for each in (self.change, self.undo, close):
            each.setAutoDefault(False)  # Enter is for the list
        self.words = _remark("Reading the list of indicators…")
        self.file = quiet(_remark(""))
        box = QVBoxLayout(self)
        box.addLayout(_side_by_side(labelled("&Find", self.search),
                                    labelled("Add af&ter", self.after)))  # fmt: skip
        box.addWidget(self.measures, 1)
        box.addWidget(self.words)
        box.addWidget(self.file)
        box.addLayout(row(self.change, self.undo, None, close))
        self._enable()

    def present(self, state: State) -> None:
        """Show the table as it is now, and what came of the last change."""
        before, self._state = self._state, state
        if before.preview and state.preview is not before.preview:
            QTimer.singleShot(0, self._ask)  # once all of the state is shown
        self.undo.setVisible(bool(state.edited and state.edited.can_undo))
        if state.edited and state.edited is not before.edited:
            _say(self.words, state.message)
        if state.table and state.table is not before.table:
            if before.edited is state.edited and not self._rows:
                _say(self.words, "" if state.table.rows else _NO_TABLE)
            self._rows = state.table.rows
            self._show_measures(state.table.choices)
            _say(self.file, f"Changes go to {state.table.file}" if state.table.file else "")
        self._enable()

    def _ask(self) -> None:
        self._presenter.ask_about_table(self._table)

    def _show_measures(self, choices: tuple[MeasureChoice, ...]) -> None:
        """Show all measures, those of the table first and in its order."""
        chosen = self._chosen()
        known = {each.name: each for each in choices}
        titles = dict(self._rows)
        places = {name: place for place, name in enumerate(titles)}
        ordered = sorted(known.values(), key=lambda each: places.get(each.name, len(places)))
        self.measures.clear()
        for each in ordered:
            there = f"✓ row {places[each.name] + 1}" if each.name in places else ""
            standing = "; ".join(text for text in (there, each.blank) if text)
            title = titles.get(each.name, each.title)
            item = QTreeWidgetItem([title, each.source, standing])
            item.setData(0, _NAME, each.name)
            for column, text in enumerate((title, each.source, standing)):
                item.setToolTip(column, text)
            self.measures.addTopLevelItem(item)
            if each.name == chosen:
                self.measures.setCurrentItem(item)
        rows: list[tuple[str, object]] = [("the last row", "")]
        rows += [(title, name) for name, title in self._rows]
        after = self.after.currentData() or self._after
        fill(self.after, rows, after if after in places else "")
        self._filter()

    def _filter(self) -> None:
        """Show only the measures with the words that were typed."""
        words = self.search.text().casefold().split()
        for item in self._items():
            text = " ".join(item.text(column) for column in range(3)).casefold()
            item.setHidden(not all(word in text for word in words))

    def _go_to_first(self) -> None:
        """Lead to the first measure with the words that were typed."""
        if first := next((item for item in self._items() if not item.isHidden()), None):
            self.measures.setCurrentItem(first)
            self.measures.setFocus()

    def _items(self) -> list[QTreeWidgetItem]:
        places = range(self.measures.topLevelItemCount())
        return [item for place in places if (item := self.measures.topLevelItem(place))]

    def _chosen(self) -> str:
        items = [item for item in self.measures.selectedItems() if not item.isHidden()]
        return str(items[0].data(0, _NAME)) if items else ""

    def _enable(self) -> None:
        name = self._chosen()
        removing = name in dict(self._rows)
        text = "&Remove from the table" if removing else "&Add to the table"
        self.change.setText(text)
        self.change.setAccessibleName(text.replace("&", ""))
        self.change.setEnabled(bool(name) and self._state.table is not None)
        self.after.setEnabled(not removing)

    def _change(self) -> None:
        """Add the chosen measure, or take it out."""
        name = self._chosen()
        if not name or not self.change.isEnabled():
            return
        layout = self._state.layout
        if name in dict(self._rows):
            edit = RowsEdit(layout, self._table, remove=(name,))
        else:
            edit = RowsEdit(layout, self._table, add=(name,), after=self.after.currentData() or "")
        self._presenter.edit(edit)


_NO_TABLE = "This sheet has no indicators to change. Choose one of the board tables first."


class SentencesDialog(QDialog):
    """The headlines of the slides and the key messages of the summary, to be written over."""

    def __init__(self, parent: QWidget, presenter: Presenter, sheet: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Headlines and key messages")
        self.resize(_SENTENCES_SIZE.boundedTo(parent.size()))
        self._presenter, self._sheet = presenter, sheet
        self._sentences: tuple[Sentence, ...] = ()
        self._state = State()
        self.names = named(QListWidget(), "Sentences", "The headlines and key messages")
        self.names.setFixedWidth(240)
        self.names.currentRowChanged.connect(self._show_chosen)
        self.text = TextBox(presenter, "Sentence", "The selected sentence; it goes into the "
                            "workbook and the slides")  # fmt: skip
        self.own = button("Use the &program's sentence", "Go back to the sentence that is made "
                          "from the figures", self._use_own)  # fmt: skip
        self.own.setAutoDefault(False)
        close = button("&Close", "Close; the sentences stay", self.accept)
        hint = "Your words are kept in the workbook and carried on next month as commentary."
        right = QVBoxLayout()
        right.addWidget(self.text, 1)
        right.addLayout(row(self.own, None))
        sides = row(self.names)
        sides.addLayout(right, 1)
        box = QVBoxLayout(self)
        box.addWidget(quiet(_remark(hint)))
        box.addLayout(sides, 1)
        box.addLayout(row(None, close))

    def present(self, state: State) -> None:
        """Show the sentences of the preview; the one that is being written stays as it is."""
        self._state = state
        sentences = state.preview.sentences if state.preview else ()
        if sentences is self._sentences:
            return
        chosen = self.names.currentRow()
        self._sentences = sentences
        if [self.names.item(at).text() for at in range(self.names.count())] != [
            each.label for each in sentences
        ]:
            self.names.clear()
            for each in sentences:
                self.names.addItem(QListWidgetItem(each.label))
            wanted = [at for at, each in enumerate(sentences) if each.subject == self._sheet]
            self.names.setCurrentRow(wanted[0] if wanted else max(chosen, 0))
        self._show_chosen()

    def _show_chosen(self) -> None:
        place = self.names.currentRow()
        if 0 <= place < len(self._sentences):
            each = self._sentences[place]
            text = text_shown(self._state, each.subject, each.month, each.text) or each.text
            self.text.load(each.subject, each.month, text, each.typed)
            self.own.setEnabled(bool(each.typed))

    def _use_own(self) -> None:
        place = self.names.currentRow()
        if 0 <= place < len(self._sentences):
            each = self._sentences[place]
            self._presenter.write_text(TypedText(each.subject, "", each.month, each.typed))
            self._presenter.renew_preview()
            self.names.setFocus()


def _remark(text: str) -> QLabel:
    """Return a line of text that wraps; without text it takes no room."""
    label = QLabel(text)
    label.setWordWrap(True)
    if not text:  # to show it here would open a window of its own
        label.hide()
    return label


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _side_by_side(*widgets: QWidget) -> QVBoxLayout:
    holder = QVBoxLayout()
    line = row()
    for widget in widgets:
        line.addWidget(widget, 1)
    holder.addLayout(line)
    return holder

"""Texts, targets, benchmarks and rows edited in the preview: without a window, then in one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

from tests.conftest import SAMPLE_INPUTS
from tests.window.conftest import User
from tests.window.fakes import JULY, KNOWN, SEEN, Bench, fault
from tests.window.test_window import contacts
from tests.window.test_worker import Told
from workbook_builder.edits import DefinitionsEdit, RowsEdit, TargetEdit
from workbook_builder.figures import TypedText
from workbook_builder.months import Month
from workbook_builder.paths import SAMPLE, shipped
from workbook_builder.problems import Level
from workbook_builder.window.editing import text_shown, unsaved_texts, unsaved_words
from workbook_builder.window.messages import (
    BuildFinished,
    BuildWorkbook,
    Command,
    CopySample,
    DefinitionsEdited,
    DescribeFigure,
    DescribeTable,
    EditDefinitions,
    FigureDescribed,
    FileLookedAt,
    InputsOpened,
    OpenInputs,
    Options,
    OutputProposed,
    PreviewWorkbook,
    SampleCopied,
    TableDescribed,
    WorkbookPreviewed,
    WorkerFault,
)
from workbook_builder.window.preview_sheet import FigurePlace, PreviewSheet, PreviewSheets
from workbook_builder.window.worker import work

A = Path("/in/a.csv")
SHOWN = PreviewSheets((PreviewSheet("Demand", {}, (), ()),))
PLACE = FigurePlace("contacts", JULY, "")
FIRST = TypedText("contacts", "Half term.", JULY, before="")
BUILT = BuildFinished(Path("/out/b.xlsx"), "Written", (), (), ())


def ready() -> Bench:
    return Bench().started(A).looked(A).hear(OutputProposed(JULY))


def asked_for(bench: Bench) -> Options:
    bench.presenter.build()
    build = bench.last()
    assert isinstance(build, BuildWorkbook)
    return build.options


def test_what_is_typed_is_shown_in_the_preview_and_built() -> None:
    bench = ready()
    bench.presenter.write_text(FIRST)
    previews = len(bench.commands(PreviewWorkbook))
    bench.presenter.renew_preview()
    preview = bench.commands(PreviewWorkbook)[previews:]
    assert [cast(PreviewWorkbook, one).options.typed for one in preview] == [(FIRST,)]
    assert asked_for(bench).typed == (FIRST,)


def test_a_text_survives_a_new_preview_and_is_unsaved_until_it_is_in_a_workbook() -> None:
    bench = ready()
    bench.presenter.write_text(FIRST)
    bench.presenter.renew_preview()
    bench.presenter.write_text(FIRST._replace(text="Half term again.", before="Half term."))
    bench.hear(WorkbookPreviewed(JULY, SHOWN, ()))
    text = FIRST._replace(text="Half term again.")
    assert bench.state.typed == (text,), "it takes the place of what the first did"
    assert text_shown(bench.state, "contacts", JULY, "Half term.") == "Half term again."
    assert unsaved_words(bench.state) == "1 text is in no workbook yet."
    assert asked_for(bench).typed == (text,)
    bench.hear(BUILT._replace(written=None))
    assert unsaved_texts(bench.state) == (text,)
    asked_for(bench)
    bench.presenter.write_text(FIRST._replace(subject="referrals"))
    bench.hear(BUILT)
    assert unsaved_texts(bench.state) == (FIRST._replace(subject="referrals"),)
    assert text_shown(bench.state, "contacts", JULY, "From Excel.") == "From Excel."


def test_a_text_of_a_later_month_waits_and_one_that_changes_nothing_is_none() -> None:
    bench = ready()
    august = FIRST._replace(month=Month(2023, 8))
    bench.presenter.write_text(august)
    bench.presenter.write_text(TypedText("referrals", "As before.", JULY, before="As before."))
    assert unsaved_texts(bench.state) == (august,)
    asked_for(bench)
    bench.hear(BUILT)
    assert unsaved_texts(bench.state) == (august,)


def test_an_edit_is_written_by_the_worker_told_and_shown() -> None:
    bench = ready()
    edit = TargetEdit("contacts", {"2023-24": "900"})
    bench.presenter.ask_about(PLACE)
    bench.hear(FigureDescribed(PLACE, "<p>1</p>"))
    previews = len(bench.commands(PreviewWorkbook))
    bench.presenter.edit(edit)
    assert bench.last() == EditDefinitions(edit, "board")
    assert bench.state.edited is None
    bench.hear(DefinitionsEdited(edit, "Targets saved.", {}, KNOWN, can_undo=True))
    assert bench.view.announced[-1] == "Targets saved."
    assert len(bench.commands(PreviewWorkbook)) == previews + 1
    assert bench.last() == DescribeFigure(PLACE), "the figure stays chosen"
    bench.hear(FigureDescribed(PLACE, "<p>1</p>"))
    bench.presenter.edit(None)
    assert bench.last() == EditDefinitions(None, "board")


def test_an_edit_that_is_refused_or_fails_changes_nothing() -> None:
    bench = ready()
    previews = len(bench.commands(PreviewWorkbook))
    edit = TargetEdit("contacts", {"2023-24": "soon"})
    bench.presenter.edit(edit)
    bench.hear(DefinitionsEdited(edit, "", {"2023-24": "That is not a number."}))
    assert bench.view.announced[-1] == "That is not a number."
    bench.presenter.edit(edit)
    bench.hear(WorkerFault())
    assert bench.state.edited
    assert bench.state.edited.faults
    assert len(bench.commands(PreviewWorkbook)) == previews


def test_a_table_is_described_when_it_is_asked_about() -> None:
    bench = ready()
    bench.presenter.ask_about_table("Demand")
    assert bench.last() == DescribeTable("Demand", "board")
    described = TableDescribed("Demand", (), (), "board.toml")
    bench.hear(described)
    assert bench.state.table == described


PROFILE = 'authority = "Leeds"\n\n[targets.contacts]\nyears = { "2023-24" = 900 } # agreed\n'


def told(*commands: Callable[[], Command]) -> Told:
    pipe = Told(*commands)
    work(pipe)  # type: ignore[arg-type]
    return pipe


def test_the_worker_says_what_can_be_edited_and_the_rating_changes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    contacts(folder / "contacts.csv")
    profile = folder / "council.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    options = Options((folder,), "board", None, tmp_path / "board.xlsx", typed=(FIRST,))
    edit = TargetEdit("contacts", {"2023-24": "20"}, "5%")
    pipe = told(
        lambda: OpenInputs(folder),
        lambda: PreviewWorkbook(options),
        lambda: DescribeFigure(PLACE),
        lambda: DescribeTable("Demand", "board"),
        lambda: EditDefinitions(edit, "board"),
        lambda: PreviewWorkbook(options),
        lambda: EditDefinitions(None, "board"),
        lambda: EditDefinitions(None, "board"),
    )
    before, after = (one for one in pipe.heard if isinstance(one, WorkbookPreviewed))
    described = next(one for one in pipe.heard if isinstance(one, FigureDescribed)).indicator
    assert described
    title = "Number of contacts in the month"
    assert (described.title, described.month) == (title, JULY)
    assert described.commentary == FIRST.text
    assert [(each.label, each.text) for each in described.targets.fields] == [
        ("Target 2023-24", "900"), ("Target 2024-25", ""), ("Amber if missed by less than", "5%"),
    ]  # fmt: skip
    assert described.targets.file == str(profile)
    assert not described.targets.refusal
    table = next(one for one in pipe.heard if isinstance(one, TableDescribed))
    assert ("contacts", title) in table.rows
    choices = {each.name: each for each in table.choices}
    assert (choices["contacts"].source, choices["contacts"].blank) == ("Contacts", "")
    assert choices["referrals"].blank == "blank: Referrals not given"
    edited, put_back, again = (one for one in pipe.heard if isinstance(one, DefinitionsEdited))
    assert edited.words == f"Targets saved: {title}. They are in council.toml in {folder}."
    assert edited.can_undo and edited.loaded
    assert ["900" in beside(each, title) for each in (before, after)] == [True, False]
    assert "20" in beside(after, title)
    assert put_back.words == "Put back: council.toml is as it was."
    assert profile.read_text(encoding="utf-8") == PROFILE
    assert again.faults == {"": "There is nothing to put back."}


def beside(preview: WorkbookPreviewed, title: str) -> set[str]:
    """Return all that stands beside a title, on any sheet."""
    texts: set[str] = set()
    for sheet in preview.sheets:
        rows = {place[0] for place, cell in sheet.cells.items() if cell.text == title}
        texts |= {cell.text for place, cell in sheet.cells.items() if place[0] in rows}
    return texts


def test_sentences_and_rows_are_told_and_changed(tmp_path: Path, own_folder: Path) -> None:
    file = contacts(tmp_path / "contacts.csv")
    typed = TypedText("Key message 1", "Ours.", JULY, before="")
    options = Options((file,), "board", None, tmp_path / "board.xlsx", typed=(typed,))
    edit: DefinitionsEdit = RowsEdit("board", "Demand", add=("children_missing",), after="contacts")
    try:
        pipe = told(
            lambda: OpenInputs(file),
            lambda: PreviewWorkbook(options),
            lambda: DescribeFigure(PLACE),
            lambda: EditDefinitions(edit, "board"),
            lambda: PreviewWorkbook(options),
            lambda: DescribeTable("Demand", "board"),
        )
    finally:
        shutil.rmtree(own_folder / "layouts", ignore_errors=True)
    preview = next(one for one in pipe.heard if isinstance(one, WorkbookPreviewed))
    messages = {each.subject: each for each in preview.sentences}
    assert (messages["Key message 1"].text, messages["Key message 1"].typed) == ("Ours.", "Ours.")
    assert messages["Key message 2"].typed == ""
    slides = [each for each in preview.sentences if each.label.startswith("Headline: ")]
    assert slides and all(each.text and not each.typed for each in slides)
    described = next(one for one in pipe.heard if isinstance(one, FigureDescribed)).indicator
    assert described and described.targets.needs_council
    assert described.targets.refusal.startswith("There is no council profile yet.")
    edited = next(one for one in pipe.heard if isinstance(one, DefinitionsEdited))
    assert edited.words.startswith("Demand: 1 indicator added. board is your own layout now")
    table = pipe.heard[-1]
    assert isinstance(table, TableDescribed)
    assert [name for name, _ in table.rows][:2] == ["contacts", "children_missing"]
    assert table.file == str(own_folder / "layouts" / "board.toml")


def test_the_sample_is_edited_in_a_copy_of_a_persons_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(own))
    names = ("rpt62_referrals.csv", "council.toml", "targets.toml")
    place = PLACE._replace(measure="referrals")
    edit = TargetEdit("referrals", {"2023-24": "400"})

    def using(folder: Path) -> list[Callable[[], Command]]:
        files = tuple(folder / name for name in names)
        options = Options(files, "board", None, tmp_path / "board.xlsx")
        return [
            *(partial(OpenInputs, file) for file in files),
            lambda: PreviewWorkbook(options),
            lambda: DescribeFigure(place),
            lambda: EditDefinitions(edit, "board"),
        ]

    shipped_targets = (SAMPLE_INPUTS / "targets.toml").read_bytes()
    pipe = told(*using(SAMPLE_INPUTS), CopySample, *using(own / "Sample data"))
    before, after = (one.indicator for one in pipe.heard if isinstance(one, FigureDescribed))
    assert before and before.targets.needs_copy
    assert before.targets.refusal.startswith("targets.toml comes with the program")
    assert after and not (after.targets.refusal or after.targets.needs_copy)
    assert after.targets.file == str(own / "Sample data" / "targets.toml")
    assert SampleCopied(own / "Sample data") in pipe.heard
    refused, edited = (one for one in pipe.heard if isinstance(one, DefinitionsEdited))
    assert refused.loaded is None
    assert edited.words.startswith("Targets saved"), edited.faults
    assert '"2023-24" = 400' in (own / "Sample data" / "targets.toml").read_text(encoding="utf-8")
    assert (SAMPLE_INPUTS / "targets.toml").read_bytes() == shipped_targets


def test_the_copy_takes_the_place_of_the_sample() -> None:
    bench = ready()
    bench.presenter.try_sample()
    sample, copy = shipped(SAMPLE), Path("/own/Sample data")
    bench.hear(InputsOpened(sample, (sample / "a.csv", sample / "council.toml"), ()))
    bench.presenter.copy_sample()
    bench.hear(*(FileLookedAt(entry.path, SEEN) for entry in bench.state.entries[1:]))
    assert CopySample() in bench.worker.commands
    bench.hear(SampleCopied(copy))
    assert [entry.path for entry in bench.state.entries] == [copy, A]
    assert bench.last() == OpenInputs(copy)
    assert str(copy) in bench.view.announced[-1]


def test_that_the_sample_cannot_be_copied_is_told() -> None:
    bench = ready()
    bench.presenter.copy_sample()
    bench.hear(SampleCopied(None, (fault("Sample data", Level.ERROR),)))
    assert [entry.path for entry in bench.state.entries] == [A]
    assert bench.view.announced[-1] == "A cell cannot be read. Mend it."


RATED = 'authority = "Leeds"\n\n[targets.referrals]\nyears = { "2023-24" = 900 } # agreed\n'
SHEET, REFERRALS = (
    "Right service right time",
    "Number of referrals into statutory service in the month",
)


def referrals(folder: Path) -> Path:
    """Write a folder of a profile and an extract with a referral each day up to July 2023."""
    folder.mkdir()
    file = contacts(folder / "referrals.csv")
    text = file.read_text(encoding="utf-8").replace("Contact Date", "Referral Date")
    file.write_text(text, encoding="utf-8")
    (folder / "council.toml").write_text(RATED, encoding="utf-8")
    return folder


def choose_row(user: User, title: str) -> None:
    """Choose the row of an indicator on the sheet, by the name in it, which scrolls with all."""
    from PySide6.QtWidgets import QTableView  # noqa: PLC0415

    preview = user.window.preview
    preview.sheets.setCurrentText(SHEET)
    preview.sheets.activated.emit(preview.sheets.currentIndex())
    assert preview.shown
    place = next(at for at, cell in preview.shown.cells.items() if cell.text == title)
    user.come()
    preview.table.setFocus()
    preview.table.setFixedHeight(150)
    preview.table.go_to(*place)
    user.until(lambda: bool(preview.editing.indicator))
    names = preview.table.findChild(QTableView)
    assert names
    assert names.verticalScrollBar().value() == preview.table.verticalScrollBar().value() > 0
    assert preview.table.visualRect(preview.table.currentIndex()).top() >= 0


def test_commentary_is_typed_by_keys_survives_and_is_asked_for(user: User, tmp_path: Path) -> None:
    from PySide6.QtCore import QTimer  # noqa: PLC0415

    user.drop(referrals(tmp_path / "in"))
    user.until(user.all_read)
    user.window.tabs.setCurrentIndex(2)
    choose_row(user, REFERRALS)
    editing = user.window.preview.editing
    preview = user.state.preview
    user.keys("alt+o", "c")  # its menu, Write commentary
    user.until(editing.commentary.hasFocus)
    user.keys("m", "o", "r", "e")
    user.until(lambda: user.state.preview is not preview and user.all_read())
    user.picture("commentary")
    assert editing.commentary.toPlainText() == "more", "the new preview leaves it alone"
    assert editing.commentary.hasFocus()

    def go_back() -> None:
        box = user.application.activeModalWidget()
        assert box
        box.close()

    QTimer.singleShot(50, go_back)
    assert not user.window.close()
    assert user.window.isVisible()
    user.keys("alt+b")
    user.until(lambda: user.state.result is not None)
    assert user.state.result and user.state.result.written
    book = openpyxl.load_workbook(user.state.result.written, read_only=True)
    rows = [row[5:] for row in book["Commentary"].iter_rows(values_only=True, min_row=4) if row[5]]
    assert rows == [("more", "2023-07", "referrals")]
    assert not unsaved_texts(user.state), "closing asks no more"


def test_an_indicator_that_is_found_is_explained(user: User, tmp_path: Path) -> None:
    user.drop(referrals(tmp_path / "in"))
    user.until(user.all_read)
    preview = user.window.preview
    user.keys("alt+v", "alt+d")
    user.until(preview.search.hasFocus)
    preview.search.setText(REFERRALS)
    user.keys("Return")
    user.until(lambda: user.state.figure is not None)
    assert user.state.figure and user.state.figure.place.measure == "referrals"
    assert preview.search.hasFocus(), "Enter finds the next"


def test_a_target_and_a_row_are_changed_by_keys_and_put_back(
    user: User, tmp_path: Path, own_folder: Path
) -> None:
    from workbook_builder.window.qt.edit_dialogs import RowsDialog, ValuesDialog  # noqa: PLC0415

    profile = referrals(tmp_path / "in") / "council.toml"
    user.drop(profile.parent)
    user.until(user.all_read)
    user.window.tabs.setCurrentIndex(2)
    choose_row(user, REFERRALS)
    seen: list[str] = []

    def change_target(dialog: ValuesDialog) -> None:
        field, fault = dialog.fields["2023-24"], dialog.faults["2023-24"]
        field.setText("soon")
        user.keys("Return")
        user.until(fault.isVisible)
        user.picture("target")
        seen.append(fault.text())
        field.setText("20")
        user.keys("Return")
        user.until(lambda: user.state.edited is not None and user.state.edited.loaded is not None)

    at_once(user, change_target, "t")
    assert seen[0].startswith('▲ "soon" is not a number.')
    assert profile.read_text(encoding="utf-8") == RATED.replace("900", "20")
    user.until(lambda: "Red" in ratings(user))
    user.window.preview.editing.put_back.click()
    user.until(lambda: "Green" in ratings(user) and user.all_read())
    assert profile.read_text(encoding="utf-8") == RATED

    def add_row(dialog: RowsDialog) -> None:
        user.until(lambda: dialog.measures.topLevelItemCount() > 90)
        dialog.search.setFocus()
        user.keys("m", "i", "s", "s", "i", "n", "g", "Return")
        seen.append(dialog.measures.selectedItems()[0].text(0))
        user.picture("rows")
        user.keys("Return")
        user.until(lambda: user.state.table is not None and len(user.state.table.rows) == 13)
        dialog.close()

    at_once(user, add_row, "i")
    assert seen[1] in titles(user)
    user.window.preview.editing.put_back.click()
    user.until(lambda: seen[1] not in titles(user))
    assert not (own_folder / "layouts" / "board.toml").exists()


def at_once(user: User, do: Callable[[Any], None], key: str) -> None:
    """Open a dialog by its key in the menu of edits, and do something in it."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415

    faults: list[BaseException] = []
    done: list[bool] = []

    def once_open() -> None:
        dialog = user.application.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, once_open)
            return
        try:
            do(dialog)
        except BaseException as fault:
            faults.append(fault)
            dialog.close()
        done.append(True)

    QTimer.singleShot(10, once_open)
    user.keys("alt+o", key)
    user.until(lambda: bool(done) and not user.application.activeModalWidget())
    assert not faults, faults


def ratings(user: User) -> set[str]:
    return {word for text in row_texts(user, REFERRALS) for word in text.split()}


def titles(user: User) -> set[str]:
    sheet = next(each for each in user.state.preview.sheets if each.name == SHEET)  # type: ignore[union-attr]
    return {cell.text for cell in sheet.cells.values()}


def row_texts(user: User, title: str) -> set[str]:
    sheet = next(each for each in user.state.preview.sheets if each.name == SHEET)  # type: ignore[union-attr]
    row = next(place[0] for place, cell in sheet.cells.items() if cell.text == title)
    return {cell.text for place, cell in sheet.cells.items() if place[0] == row}

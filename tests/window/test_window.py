"""Real windows, driven by drops and keys as a person does."""

from __future__ import annotations

import csv
import multiprocessing
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_INPUTS
from tests.window.conftest import User
from workbook_builder.cli.commands import OK, run_command
from workbook_builder.request import Outcome


def contacts(file: Path, rows: int = 400) -> Path:
    """Write an extract with a contact each day up to July 2023."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Child ID", "Contact Date"])
        first = date(2023, 8, 3) - timedelta(days=rows)
        writer.writerows(
            [f"C{at:09d}", (first + timedelta(days=at)).strftime("%d/%m/%Y")] for at in range(rows)
        )
    return file


def test_from_the_drop_of_the_samples_to_the_open_workbook(
    stamp: None,
    user: User,
    out: Path,
    sample_build: Outcome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(user.window, "open", opened.append)
    user.picture("empty")
    user.drop(SAMPLE_INPUTS)
    user.until(user.all_read)
    user.picture("dropped")
    words = {one.path.name: one.summary.words for one in user.state.entries if one.summary}
    assert words["rpt62_referrals.csv"] == "Referrals, 8,205 rows, 1 Jul 2021 to 3 Aug 2023"
    assert words["ICPC.xlsx"] == "2 lists, 1,332 rows"
    assert user.state.name == "Board data tables Jul-23.xlsx"
    user.gate.close("Laying out the sheets")
    user.keys("alt+b")
    user.until(lambda: user.state.doing == "Laying out the sheets")
    user.picture("building")
    user.gate.open()
    user.until(lambda: user.state.result is not None)
    user.picture("finished")
    workbook = out / "Board data tables Jul-23.xlsx"
    user.keys("alt+o")
    user.until(lambda: bool(opened))
    user.keys("alt+d")
    user.until(lambda: len(opened) == 2)
    assert opened == [workbook, out]
    user.keys("alt+y")
    user.until(lambda: user.state.message == "The summary is copied.")
    assert user.application.clipboard().text().startswith(f"Written: {workbook.name}")
    assert [one.name for one in out.iterdir()] == [workbook.name]
    assert sample_build.written
    assert workbook.read_bytes() == sample_build.written.read_bytes()
    user.keys("alt+p")
    user.picture("problems")
    assert "rows 2390, 6476, 8180" in listed_problems(user)


def test_the_sample_and_a_recent_month_are_a_key_away(user: User, tmp_path: Path) -> None:
    page = user.window.start_page
    user.picture("start")
    assert page.isVisible()
    assert not page.months.isVisible()
    user.drop(contacts(tmp_path / "c.csv", 60))
    user.until(user.all_read)
    assert not page.isVisible()
    user.window.presenter.remove([tmp_path / "c.csv"])
    user.until(page.months.isVisible)
    assert page.recent.item(0).text() == "Jul-23: c.csv"
    user.keys("alt+r", "Down", "Return")
    user.until(user.all_read)
    assert [entry.path.name for entry in user.state.entries] == ["c.csv"]
    folder = user.window.presenter.settings.input_folder
    user.window.presenter.remove([tmp_path / "c.csv"])
    user.until(page.isVisible)
    user.keys("alt+y")
    user.until(lambda: len(user.state.entries) > 20)
    assert user.window.presenter.settings.input_folder == folder


def listed_problems(user: User) -> str:
    """Return the rows of the list of problems, headings of groups too."""
    from PySide6.QtWidgets import QTreeWidgetItemIterator  # noqa: PLC0415

    tree, lines = user.window.problems.tree, []
    rows = QTreeWidgetItemIterator(tree)
    while item := rows.value():
        lines.append(" ".join(item.text(column) for column in range(tree.columnCount())))
        rows += 1
    return "\n".join(lines)


def test_the_command_line_writes_the_same_bytes(
    stamp: None, user: User, out: Path, tmp_path: Path
) -> None:
    inputs = (contacts(tmp_path / "contacts.csv"), SAMPLE_INPUTS / "rpt62_referrals.csv")
    user.drop(*inputs)
    user.until(user.all_read)
    period = user.window.options.period
    assert user.state.covered == (date(2022, 6, 29), date(2023, 8, 3))
    assert period.last.text() == "3 Aug 2023"
    period.last.setFocus()
    user.keys("Down")  # a day earlier
    user.until(lambda: user.state.covers is not None and user.all_read())
    assert user.state.covers == (date(2022, 6, 29), date(2023, 8, 2))
    user.picture("period")
    user.keys("alt+b")
    user.until(lambda: user.state.result is not None)
    other = tmp_path / "other.xlsx"
    covers = ["--covers", "2022-06-29..2023-08-02"]
    assert run_command(["build", *map(str, inputs), *covers, "--out", str(other)]) == OK
    assert user.state.result and user.state.result.written
    assert user.state.result.written.read_bytes() == other.read_bytes()


def test_fifty_files_a_folder_and_the_same_file_twice(user: User, tmp_path: Path) -> None:
    folder = tmp_path / "fifty"
    folder.mkdir()
    files = [contacts(folder / f"contacts {at}.csv", 60) for at in range(50)]
    user.drop(*files)
    user.until(user.all_read)
    assert [one.path for one in user.state.entries] == files
    user.drop(files[0])
    user.drop(folder)
    user.until(lambda: user.state.message.endswith("already in the list."))
    user.until(user.all_read)
    assert len(user.state.entries) == 50
    assert user.window.files.topLevelItemCount() == 50
    assert user.state.proposed


def test_a_file_dropped_during_a_build_is_read_after_it(
    user: User, tmp_path: Path, out: Path
) -> None:
    user.drop(SAMPLE_INPUTS / "rpt62_referrals.csv")
    user.until(user.all_read)
    user.gate.close("Laying out the sheets")
    user.keys("alt+b")
    user.until(lambda: user.state.doing == "Laying out the sheets")
    user.drop(contacts(tmp_path / "late.csv"))
    user.until(lambda: len(user.state.entries) == 2)
    assert user.state.building
    user.gate.open()
    user.until(lambda: user.state.result is not None)
    assert "late.csv" not in str(user.state.result)
    user.until(user.all_read)
    assert user.state.entries[-1].known


@pytest.mark.parametrize(
    "phase",
    [
        "Reading the layouts",
        "Counting",
        "Laying out the sheets",
    ],
)
def test_cancel_in_every_phase_leaves_nothing(
    phase: str, user: User, tmp_path: Path, out: Path
) -> None:
    user.drop(contacts(tmp_path / "c.csv"), SAMPLE_INPUTS / "care leavers.xlsx")
    user.until(user.all_read)
    user.window.presenter.choose_name("Another")  # nothing of the preview's workbook is used again
    user.gate.close(phase)
    user.keys("alt+b")
    user.until(lambda: user.state.doing.startswith(phase))
    assert user.state.building
    user.keys("alt+c")
    user.until(lambda: not user.state.building)
    assert user.state.message == "Stopped. Nothing was written."
    user.until(user.all_read)
    assert list(out.iterdir()) == []


def test_the_window_answers_while_a_file_is_read(user: User, tmp_path: Path) -> None:
    file = contacts(tmp_path / "large.csv", 60)
    user.gate.close("Look large.csv")
    user.drop(file)
    user.until(lambda: user.state.reading == file)
    user.keys("Right", "Left")
    user.more_options()
    assert user.state.entries[0].summary is None
    user.keys("Delete")
    user.until(lambda: not user.state.entries)
    user.drop(contacts(tmp_path / "small.csv", 60))  # by another worker, for that one stands still
    user.until(user.all_read)
    assert [one.path.name for one in user.state.entries] == ["small.csv"]


def test_problems_say_what_to_do_and_lead_to_their_page(user: User, root: Path) -> None:
    from workbook_builder.window.qt.dialogs import HelpDialog  # noqa: PLC0415

    bad = root / "tests" / "extracts_bad"
    user.drop(bad / "impossible_date", bad / "protected_with_a_password", bad / "heading_misspelt")
    user.until(user.all_read)
    user.keys("alt+p")
    user.until(lambda: user.window.tabs.currentIndex() == 1)
    text = listed_problems(user)
    assert text.index("Stops the build") < text.index("May change figures")
    assert text.count("Error ") + text.count("Warning ") == len(user.state.problems)
    assert "What to do" not in text
    panel = user.window.problems
    group = panel.tree.topLevelItem(0)
    first = group.child(0) if group else None
    assert first
    panel.tree.setCurrentItem(first)
    panel.tree.setFocus()
    user.keys("Return")  # the details unfold below the row
    problem = panel.chosen
    assert problem
    assert f"What to do {problem.to_do}" in listed_problems(user)
    user.picture("many_problems")
    user.keys("Down", "ctrl+c")  # a line of the details belongs to the problem
    user.until(lambda: f"[{problem.code}]" in user.application.clipboard().text())
    user.keys("alt+d")
    panel.search.setText("password")
    assert "1 cell cannot be read" not in listed_problems(user)
    panel.search.setText("no such words")
    assert panel.nothing.isVisible()
    panel.search.clear()
    assert "What to do" in listed_problems(user)  # it is unfolded still
    panel.tree.setFocus()
    user.keys("Return")
    assert panel.chosen == problem
    assert (folded := panel.tree.currentItem()) and not folded.isExpanded()
    user.keys("alt+a")
    user.until(lambda: "[X010]" in user.application.clipboard().text())
    seen: list[str] = []

    def read() -> None:
        dialog = user.application.activeModalWidget()
        assert isinstance(dialog, HelpDialog)
        user.picture("help")
        page = dialog.page
        seen.extend((page.source().fileName(), page.textCursor().selectedText()))
        dialog.close()

    when_asked(user, read)
    user.window.help("X010")
    assert seen == ["problems.md", "X010"]


def test_the_rows_of_a_problem_unfold_in_its_place(user: User, tmp_path: Path) -> None:
    file = contacts(tmp_path / "c.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    bad = [f"{line.partition(',')[0]},31/02/2023" for line in lines[10:16]]
    file.write_text("\n".join([*lines[:10], *bad, *lines[16:]]), encoding="utf-8")
    user.drop(file)
    user.until(user.all_read)
    user.keys("alt+p")
    panel = user.window.problems
    many = next(each for each in user.state.problems if each.rows_in_all > 3)
    panel.search.setText("c.csv")
    panel.tree.setFocus()
    user.keys("Home")
    while panel.chosen != many:
        user.keys("Down")
    user.keys("Return")
    assert "Rows 6 rows" in listed_problems(user)
    while (line := panel.tree.currentItem()) and line.text(0) != "Rows":
        user.keys("Down")
    user.picture("problem_rows")
    assert line
    user.keys("Right")  # their numbers are folded away
    numbers = line.child(0)
    assert numbers and numbers.text(1) == "11 to 16"
    assert line.isExpanded()
    user.keys("alt+d", "Tab")
    assert panel.tree.hasFocus()
    panel.copy_all.setFocus()
    user.keys("Tab")  # from the page, which was made after the window, to what comes after it
    assert user.window.options.month.hasFocus()


def when_asked(user: User, do: Callable[[], None]) -> None:
    """Do something once a dialog has opened: dialogs hold up what opens them."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415

    def look() -> None:
        dialog = user.application.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, user.window, look)
            return
        try:
            do()
        finally:
            dialog.close()

    look()


def test_a_file_that_is_not_recognised_is_assigned_by_hand(
    user: User, tmp_path: Path, out: Path
) -> None:
    file = tmp_path / "list.csv"
    text = contacts(tmp_path / "c.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("Child ID,Contact Date", "Young person,Seen"), encoding="utf-8")
    user.drop(file)
    user.until(user.all_read)
    assert user.state.entries[0].summary and user.state.entries[0].summary.words == "Not recognised"

    from PySide6.QtWidgets import QDialogButtonBox  # noqa: PLC0415

    from workbook_builder.window.qt.assign_dialog import AssignDialog  # noqa: PLC0415

    user.application.setKeyboardInputInterval(60_000)  # however slowly the letters come

    def answer() -> None:
        user.picture("assign")
        user.keys("c", "o", "n", "t", "Tab", "y", "Tab", "s")
        dialog = user.application.activeModalWidget()
        assert isinstance(dialog, AssignDialog)
        buttons = dialog.findChildren(QDialogButtonBox)[0]
        buttons.button(QDialogButtonBox.StandardButton.Ok).setFocus()
        user.keys("Return")  # on a list of headings it would unfold that, as desktops have it

    when_asked(user, answer)
    try:
        user.keys("alt+w")
        user.until(lambda: bool(user.window.presenter.settings.assigned))
    finally:
        user.application.setKeyboardInputInterval(400)
    user.until(user.all_read)
    seen = user.state.entries[0].summary
    assert seen
    assert seen.words == "Contacts, 400 rows, 29 Jun 2022 to 2 Aug 2023"
    assert seen.sheets[0].how == "Chosen by you"
    user.keys("alt+b")
    user.until(lambda: user.state.result is not None)
    assert user.state.result and user.state.result.written
    assert [one.dataset for one in user.window.presenter.settings.assigned.values()] == ["contacts"]


def test_files_are_added_by_paste_and_removed_by_key(user: User, tmp_path: Path) -> None:
    from PySide6.QtCore import QMimeData, QUrl  # noqa: PLC0415

    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(contacts(tmp_path / "c.csv", 60)))])
    user.application.clipboard().setMimeData(files)
    user.keys("ctrl+v")
    user.until(user.all_read)
    user.keys("Delete")
    user.until(lambda: not user.state.entries)


def test_a_worker_that_dies_is_told_in_a_sentence_and_replaced(user: User, tmp_path: Path) -> None:
    for process in multiprocessing.active_children():
        process.kill()
    user.until(lambda: user.state.crash is not None)
    assert "stopped" in user.state.message
    user.drop(contacts(tmp_path / "c.csv", 60))
    user.until(user.all_read)
    assert user.state.entries[0].known


def test_a_fault_of_the_window_is_one_sentence_and_a_log_without_data(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_builder.crash_log.user_log_path", lambda *_, **__: tmp_path)
    opened: list[Path] = []
    monkeypatch.setattr(user.window, "open", opened.append)
    said: list[str] = []

    def answer() -> None:
        from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415

        box = user.application.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.append(box.text())
        next(one for one in box.buttons() if "log" in one.text()).click()

    when_asked(user, answer)
    user.window.crashed(ValueError, ValueError("child 4711"), None)
    assert said == ["Something went wrong inside the program. A log without any of your data is "
                    f"kept at {tmp_path / 'crash.log'}."]  # fmt: skip
    assert opened == [tmp_path / "crash.log"]
    assert "4711" not in opened[0].read_text(encoding="utf-8")


def test_the_preview_shows_the_tables_and_explains_a_figure(user: User, tmp_path: Path) -> None:
    user.drop(contacts(tmp_path / "c.csv"))
    user.until(user.all_read)
    user.keys("alt+v")
    tab = user.window.preview
    names = [tab.sheets.itemText(place) for place in range(tab.sheets.count())]
    assert "Demand" in names
    user.keys("alt+d", "N", "u", "m", "b", "e", "r", "Return")  # finds "Number of contacts"
    assert tab.shown is not None
    tab.sheets.setCurrentIndex(names.index("Demand"))
    tab.sheets.activated.emit(names.index("Demand"))
    demand = tab.shown
    at = next(at for at, place in demand.figures.items()
              if place.measure == "contacts" and demand.cells[at].text)  # fmt: skip
    tab.table.setFocus()
    tab.table.go_to(*at)
    user.until(lambda: user.state.figure is not None)
    assert "Number of contacts in the month" in tab.page.toPlainText()
    assert demand.cells[at].text in tab.page.toPlainText()
    user.picture("preview")
    user.keys("alt+y")
    user.until(lambda: demand.cells[at].text in user.application.clipboard().text())
    assert "<table" in user.application.clipboard().mimeData().html()


def test_build_takes_what_the_preview_has_worked_out(user: User, tmp_path: Path) -> None:
    user.drop(contacts(tmp_path / "c.csv"))
    user.until(user.all_read)
    user.gate.close("Counting")  # which is not done again
    user.keys("alt+b")
    user.until(lambda: user.state.result is not None)
    user.gate.open()
    assert user.state.result and user.state.result.written

"""The options in a real window: layout files, last month's workbook, small numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.window.conftest import User
from tests.window.test_window import contacts, listed_problems, when_asked
from workbook_builder.cli.commands import OK, run_command
from workbook_builder.crash_log import log_folder
from workbook_builder.paths import shipped

LAYOUT = """
title = "Mine"
months = 3
file_name = "Mine {month}.xlsx"
[[tables]]
name = "A"
title = "A"
columns = ["indicator", "months"]
rows = [{ measure = "contacts" }]
"""


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    file = tmp_path / "layouts" / "mine.toml"
    file.parent.mkdir()
    file.write_text(LAYOUT, encoding="utf-8")
    return file


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """A contact a day up to 2 August 2023, two of them a team's own."""
    days = [date(2023, 8, 2) - timedelta(days=at) for at in range(120)]
    rows = "".join(f"C{at},{day:%d/%m/%Y},{'South' if at in (4, 5) else 'North'}\n"
                   for at, day in enumerate(days))  # fmt: skip
    file = tmp_path / "contacts.csv"
    file.write_text(f"Child ID,Contact Date,Team\n{rows}", encoding="utf-8")
    return file


def paste(user: User, text: str) -> None:
    """Put a text in the place of what stands in the field that has the focus."""
    user.application.clipboard().setText(text)
    user.keys("ctrl+a", "ctrl+v")


def asked(user: User, path: Path) -> Callable[[], None]:
    """Return what names a file to a dialog that asks for one."""

    def answer() -> None:
        paste(user, str(path))
        user.keys("Return")

    return answer


def test_the_command_line_writes_the_same_bytes_by_the_same_wishes(
    stamp: None,
    user: User,
    out: Path,
    layout: Path,
    extract: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(layout.parent)
    june, other = extract.with_name("June.xlsx"), extract.with_name("other.xlsx")
    build = ["build", str(extract), "--layout", "mine.toml"]
    assert run_command([*build, "--month", "2023-06", "--out", str(june)]) == OK
    user.drop(extract, layout)
    user.until(lambda: user.all_read() and user.state.layout == str(layout))
    user.keys("alt+k")
    paste(user, str(june))
    user.keys("Tab")
    user.until(lambda: user.state.previous_words.startswith("Workbook of Jun-23, "))
    user.more_options()
    user.keys("alt+e", "Down", "Down")
    assert user.state.suppress_under == 5
    user.picture("more_options")
    user.keys("alt+b")
    user.until(lambda: user.state.result is not None)
    wished = ["--previous", str(june), "--suppress-under", "5", "--out", str(other)]
    assert run_command([*build, *wished]) == OK
    written = out / "Mine Jul-23.xlsx"
    assert written.read_bytes() == other.read_bytes()
    first = written.read_bytes()
    before = user.state.result
    user.keys("alt+h", "alt+b")
    user.until(lambda: user.state.result is not None and user.state.result is not before)
    assert run_command([*build, *wished, "--recalculate"]) == OK
    assert written.read_bytes() == other.read_bytes() != first


def test_any_number_may_be_hidden_under(user: User) -> None:
    def limit() -> object:
        return user.state.suppress_under

    user.more_options()
    user.keys("alt+e", "End", "Tab")
    assert limit() == 5
    paste(user, "17")
    user.keys("Tab")
    assert limit() == 17
    user.keys("alt+e", "Home", "Down")
    assert limit() == "off"
    assert not user.window.options.advanced.under.isVisible()
    user.keys("Up")
    assert limit() is None


def test_a_toml_file_that_is_no_layout_is_told(user: User, root: Path) -> None:
    user.drop(root / "layouts" / "codes" / "care.toml")
    user.until(lambda: bool(user.state.refused))
    assert user.state.message.startswith("care.toml cannot be used as the layout: see Problems.")
    assert user.state.layout == "board"
    assert user.state.entries == ()
    user.keys("alt+p")
    assert "Error The file has no tables of a workbook." in listed_problems(user)


def test_a_layout_file_last_months_workbook_and_extracts_are_chosen_in_dialogs(
    user: User, layout: Path, extract: Path
) -> None:
    user.keys("alt+l", "Tab")
    when_asked(user, asked(user, layout))
    user.keys("space")
    user.until(lambda: user.state.layout == str(layout))
    assert user.window.options.layouts.currentText() == "Mine (mine.toml)"
    user.keys("alt+k", "Tab")
    when_asked(user, asked(user, extract))
    user.keys("space")
    user.until(user.window.options.previous_description.isVisible)
    assert user.window.options.previous_description.text().startswith("This workbook cannot")
    assert [one.code[0] for one in user.state.problems] == ["H"]
    user.keys("alt+k", "ctrl+a", "Delete")
    user.until(lambda: user.state.previous is None)
    assert user.state.problems == ()
    when_asked(user, asked(user, extract))
    user.keys("alt+o")
    user.until(user.all_read)
    assert user.state.entries[0].known
    assert user.window.presenter.settings.layout == str(layout)


def test_files_of_one_name_are_told_apart_and_what_is_wrong_between_them_is_told_at_once(
    user: User, tmp_path: Path
) -> None:
    for month in ("June", "July"):
        (tmp_path / month).mkdir()
        contacts(tmp_path / month / "contacts.csv", 60)
    user.drop(tmp_path / "June", tmp_path / "July")
    user.until(user.all_read)
    items = [user.window.files.topLevelItem(at) for at in range(2)]
    names = [str(Path(month, "contacts.csv")) for month in ("June", "July")]
    assert [item.text(0) for item in items if item] == names
    user.until(lambda: user.state.combined_problems is not None)
    assert user.state.result is None
    assert ("X028", names[1]) in [(one.code, one.file) for one in user.state.problems]
    user.keys("alt+p")
    user.until(lambda: user.window.tabs.currentIndex() == 1)
    assert names[1] in listed_problems(user)


def test_a_field_that_is_being_written_in_counts_when_the_build_begins(
    user: User, extract: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    user.drop(extract)
    user.until(user.all_read)
    user.keys("alt+f")
    paste(user, str(elsewhere))
    user.keys("alt+b")
    user.until(lambda: user.state.result is not None)
    assert [one.name for one in elsewhere.iterdir()] == ["Board data tables Jul-23.xlsx"]


def test_help_says_where_own_layouts_go_and_opens_their_folder(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import (  # noqa: PLC0415
        QFileDialog,
        QLineEdit,
        QPushButton,
        QWidget,
    )

    own, opened = tmp_path / "docs" / "Workbook Builder", list[Path]()
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(own))
    monkeypatch.setattr(user.window, "open", opened.append)
    said: list[str] = []

    def read() -> None:
        dialog = user.application.activeModalWidget()
        assert dialog
        said.extend(field.text() for field in dialog.findChildren(QLineEdit))
        user.picture("help_places")
        (open_layouts,) = (one for one in dialog.findChildren(QPushButton) if "lay" in one.text())
        open_layouts.click()

    when_asked(user, read)
    user.keys("F1")
    user.until(lambda: bool(opened))
    assert said == [str(own / "layouts"), str(log_folder()), str(shipped("docs"))]
    assert opened == [own / "layouts"] and opened[0].is_dir()

    looked: list[str] = []

    def look(parent: QWidget, title: str, start: str, kinds: str) -> tuple[str, str]:
        looked.append(start)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", look)
    user.window.options._browse_layout()
    assert looked == [str(own / "layouts")]

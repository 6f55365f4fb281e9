"""The worker's process: what it answers, and what it leaves behind when it is stopped."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import openpyxl
import pytest

from tests.window.desktop import PATIENCE
from tests.window.test_window import contacts
from workbook_builder.atomic_write import remove_unfinished, unfinished_prefix
from workbook_builder.cli.commands import INPUTS_AT_FAULT, run_command
from workbook_builder.months import Month
from workbook_builder.window.messages import (
    AllowWriting,
    Answer,
    BuildFinished,
    BuildProgress,
    BuildWorkbook,
    Command,
    DefinitionsLoaded,
    FileLookedAt,
    InputsOpened,
    LookAtFile,
    OpenInputs,
    Options,
    PreviewWorkbook,
    ReadyToWrite,
    ReplaceAsked,
    UseDefinitions,
    WorkbookPreviewed,
    WorkerFault,
    WorklistWritten,
    WriteWorklist,
)
from workbook_builder.window.preview_sheet import FigurePlace
from workbook_builder.window.worker import WorkerProcess, work


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    made = WorkerProcess()
    made.start()
    yield made
    made.stop()


def until(worker: WorkerProcess, kind: type[Answer]) -> list[Answer]:
    """Return the answers up to one of a kind."""
    heard: list[Answer] = []
    end = time.monotonic() + PATIENCE
    while not any(isinstance(one, kind) for one in heard):
        assert time.monotonic() < end, heard
        heard += worker.answers()
        time.sleep(0.01)
    return heard


class Told:
    """The worker's end of a pipe, on which it asks the test itself for its next command."""

    def __init__(self, *commands: Callable[[], Command]) -> None:
        self._commands = iter(commands)
        self.heard: list[Answer] = []

    def send(self, answer: Answer) -> None:
        self.heard.append(answer)

    def poll(self) -> bool:
        return True

    def recv(self) -> Command:
        for command in self._commands:
            return command()
        raise EOFError


def test_nothing_is_put_in_its_place_before_the_word(tmp_path: Path) -> None:
    out = tmp_path / "board.xlsx"
    options = Options((contacts(tmp_path / "c.csv"),), "board", None, out)

    def word() -> Command:
        assert isinstance(pipe.heard[-1], ReadyToWrite)
        assert not out.exists()
        return AllowWriting()

    pipe = Told(lambda: BuildWorkbook(options), word)
    work(cast(Connection, pipe))
    shares = [one.share for one in pipe.heard if isinstance(one, BuildProgress)]
    assert shares == sorted(shares)
    assert len(set(shares)) > 10
    built = pipe.heard[-1]
    assert isinstance(built, BuildFinished)
    assert built.written == out
    assert out.is_file()


def test_a_profile_in_a_dropped_folder_is_listed_and_read_with_the_files(tmp_path: Path) -> None:
    file = contacts(tmp_path / "c.csv", 3)
    file.write_text(file.read_text(encoding="utf-8").replace("Contact Date", "Rung on"), "utf-8")
    profile, aliases = tmp_path / "council.toml", tmp_path / "datasets" / "ours.toml"
    profile.write_text('authority = "Leeds"\nneighbours = ["Atlantis"]\n', encoding="utf-8")
    aliases.parent.mkdir()
    aliases.write_text('[contacts.columns.contact_date]\naliases_also = ["Rung on"]\n', "utf-8")
    pipe = Told(
        lambda: OpenInputs(tmp_path),
        lambda: LookAtFile(file, {}),
        lambda: LookAtFile(profile, {}),
        lambda: LookAtFile(aliases, {}),
    )
    work(cast(Connection, pipe))
    opened, *looked = pipe.heard[-4:]
    assert isinstance(opened, InputsOpened)
    assert opened.files == (file, aliases, profile)
    assert opened.problems == ()
    summaries = [one.summary for one in looked if isinstance(one, FileLookedAt)]
    words = [summary.words for summary in summaries]
    assert words[0].startswith("Contacts, 3 rows")
    assert words[1:] == ["Profile of Leeds", "Definitions"]
    assert [problem.code for problem in summaries[1].problems] == ["L044"]


def test_a_stopped_worker_leaves_nothing_unfinished(worker: WorkerProcess, tmp_path: Path) -> None:
    until(worker, DefinitionsLoaded)
    (process,) = [child.pid for child in multiprocessing.active_children() if child.pid]
    (tmp_path / f"{unfinished_prefix(process)}x.part").touch()
    (tmp_path / f"{unfinished_prefix(process + 1)}x.part").touch()
    worker.stop(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [f"{unfinished_prefix(process + 1)}x.part"]
    remove_unfinished(tmp_path / "no such folder", process)


def test_a_fault_of_the_program_is_told_without_data_and_the_worker_lives_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    worker = WorkerProcess()
    worker.start()
    try:
        until(worker, DefinitionsLoaded)
        worker.send(LookAtFile("child 4711", {}))  # type: ignore[arg-type]
        crash = until(worker, WorkerFault)[-1]
        assert isinstance(crash, WorkerFault)
        assert crash.log
        assert "4711" not in crash.log.read_text(encoding="utf-8")
        worker.send(LookAtFile(contacts(tmp_path / "c.csv"), {}))
        until(worker, FileLookedAt)
    finally:
        worker.stop()


def test_files_open_the_window_and_without_a_display_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for arguments in ([], [str(contacts(tmp_path / "c.csv", 3))]):
        assert run_command(arguments) == INPUTS_AT_FAULT
        said = capsys.readouterr().err
        assert said.startswith("There is no display to show the window on.")
        assert said.count("\n") == 1


def test_without_qt_a_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":77")
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    monkeypatch.delitem(sys.modules, "workbook_builder.window.qt.main_window", raising=False)
    monkeypatch.delitem(sys.modules, "workbook_builder.window.qt.widgets", raising=False)
    assert run_command([]) == INPUTS_AT_FAULT
    assert capsys.readouterr().err.startswith("The window needs PySide6-Essentials")


def test_many_calls_of_qt_do_not_use_up_none() -> None:
    code = (
        "from workbook_builder.window.qt.main_window import application_of;"
        " app = application_of()\n"
        "for _ in range(200_000): app.activeModalWidget()"
    )
    done = off_screen(code)
    assert done.returncode == 0, done.stderr


def off_screen(code: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of code in a process of its own, with Qt but without a screen."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=surroundings
    )
    if "ImportError" in done.stderr:
        pytest.skip("Qt's libraries are missing")
    return done


def test_the_windows_process_imports_nothing_heavy() -> None:
    code = (
        "import sys; import workbook_builder.window.qt.main_window; "
        "print([m for m in ('pandas','duckdb','pydantic','sqlglot','xlsxwriter','openpyxl') "
        "if m in sys.modules])"
    )
    done = off_screen(code)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_workbook_that_is_open_elsewhere_is_left_and_another_name_offered(
    tmp_path: Path,
) -> None:
    out = tmp_path / "board.xlsx"
    out.write_bytes(b"open in Excel")
    (tmp_path / ".~lock.board.xlsx#").touch()
    options = Options((contacts(tmp_path / "c.csv"),), "board", None, out)
    pipe = Told(lambda: BuildWorkbook(options), AllowWriting)
    work(cast(Connection, pipe))
    built = pipe.heard[-1]
    assert isinstance(built, BuildFinished)
    assert (built.written, built.offered) == (None, "board (2).xlsx")
    assert out.read_bytes() == b"open in Excel"


def test_layout_files_are_used_or_refused_with_their_faults(tmp_path: Path, root: Path) -> None:
    gone, mine = str(tmp_path / "gone.toml"), tmp_path / "mine.toml"

    def use(text: str) -> Command:
        mine.write_text(text)
        return UseDefinitions(str(mine))

    pipe = Told(
        lambda: use('extends = "board"\ntitle = "Mine"\nsuppress_under = 5\n'),
        lambda: use("title ="),
        lambda: use('extends = "board"\ncolour = 1\n'),
    )
    work(cast(Connection, pipe), gone)
    known, used, *refused = [one for one in pipe.heard if isinstance(one, DefinitionsLoaded)]
    assert known.layout == ""
    assert [(one.code, one.what) for one in known.refused] == [("L043", "the file does not exist.")]
    assert used.layout == str(mine)
    own = next(one for one in used.layouts if one.name == str(mine))
    assert (own.title, own.suppress_under) == ("Mine (mine.toml)", 5)
    assert {one.name for one in used.layouts} == {one.name for one in known.layouts} | {own.name}
    assert [[one.code for one in each.refused] for each in refused] == [["L001"], ["L002"]]


def test_the_children_behind_a_figure_are_listed_apart_from_the_workbook(tmp_path: Path) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    out.mkdir()
    contacts(inputs / "c.csv")
    (inputs / "council.toml").write_text("worklists = true\n", encoding="utf-8")
    options = Options((inputs,), "board", None, out / "board.xlsx")
    place = FigurePlace("contacts", Month(2023, 7), "")
    pipe = Told(lambda: PreviewWorkbook(options), lambda: WriteWorklist(options, place))
    work(cast(Connection, pipe))
    previews = [one for one in pipe.heard if isinstance(one, WorkbookPreviewed)]
    assert previews and previews[0].lists_children
    listed = pipe.heard[-1]
    assert isinstance(listed, WorklistWritten)
    assert listed.written, listed.problems
    assert listed.written.parent == out
    assert list(out.iterdir()) == [listed.written]
    rows = (
        openpyxl.load_workbook(listed.written, read_only=True)
        .worksheets[1]
        .iter_rows(values_only=True)
    )
    assert sum("C000000" in str(row) for row in rows) == 31


def test_a_fuller_workbook_is_asked_about_before_anything_is_written(tmp_path: Path) -> None:
    out = tmp_path / "board.xlsx"
    out.write_bytes(b"minutes of the board")
    options = Options((contacts(tmp_path / "c.csv"),), "board", None, out)
    pipe = Told(
        lambda: BuildWorkbook(options),
        lambda: BuildWorkbook(options._replace(replace_fuller=True)),
        AllowWriting,
    )
    work(cast(Connection, pipe))
    asked = next(answer for answer in pipe.heard if isinstance(answer, ReplaceAsked))
    assert (asked.file, asked.before, asked.other) == ("board.xlsx", None, "board (2).xlsx")
    assert isinstance(pipe.heard[-1], BuildFinished)
    assert pipe.heard[-1].written == out
    assert (tmp_path / "board (replaced).xlsx").read_bytes() == b"minutes of the board"

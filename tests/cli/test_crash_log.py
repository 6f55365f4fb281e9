"""A fault of the program: one sentence, a log without data, exit status 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder import build_workbook
from workbook_builder.cli.commands import INPUTS_AT_FAULT, PROGRAM_AT_FAULT, run_command
from workbook_builder.crash_log import write_crash_log
from workbook_builder.request import OnProgress, Outcome, Request

SECRET = "child 4711 of Example Street"


@pytest.fixture
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        "workbook_builder.crash_log.user_log_path", lambda *_, **__: tmp_path, raising=True
    )
    return tmp_path


def test_a_crash_says_one_sentence_and_keeps_no_data(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(request: Request, on_progress: OnProgress) -> Outcome:
        raise ValueError(SECRET)

    monkeypatch.setattr(build_workbook, "build", crash)
    assert run_command(["build", "somewhere"]) == PROGRAM_AT_FAULT
    said = capsys.readouterr().err
    log = (log_folder / "crash.log").read_text(encoding="utf-8")
    assert str(log_folder / "crash.log") in said
    assert "ValueError" in log
    assert "test_crash_log.py" in log
    assert SECRET not in said + log


def crashed(text: str) -> ValueError:
    try:
        raise ValueError(text)
    except ValueError as fault:
        return fault


def no_folder_of_logs(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Put a file where the folder of logs should be."""
    folder.write_text("in the way")
    monkeypatch.setattr(
        "workbook_builder.crash_log.user_log_path", lambda *_, **__: folder, raising=True
    )


def no_home(*_: object, **__: object) -> Path:
    raise RuntimeError("Could not determine home directory.")


@pytest.mark.parametrize("at_fault", ["folder", "home"])
def test_where_the_folder_of_logs_cannot_be_written_the_temporary_folder_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_fault: str
) -> None:
    if at_fault == "folder":
        no_folder_of_logs(monkeypatch, tmp_path / "logs")
    else:
        monkeypatch.setattr("workbook_builder.crash_log.user_log_path", no_home)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    log = write_crash_log(crashed(SECRET))
    assert log and log.parent == tmp_path and log.suffix == ".log"
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text and "test_crash_log.py" in text
    assert SECRET not in text


def test_where_no_log_can_be_kept_the_sentence_is_still_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(request: Request, on_progress: OnProgress) -> Outcome:
        raise ValueError(SECRET)

    no_folder_of_logs(monkeypatch, tmp_path / "logs")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    monkeypatch.setattr(build_workbook, "build", crash)
    assert run_command(["build", "somewhere"]) == PROGRAM_AT_FAULT
    assert capsys.readouterr().err == (
        "Something went wrong inside the program; nothing was written. No log of it could be kept."
        "\n"
    )


def test_ctrl_c_stops_plainly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(request: Request, on_progress: OnProgress) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(build_workbook, "build", interrupted)
    assert run_command(["build", "somewhere"]) == INPUTS_AT_FAULT
    assert "Nothing was written" in capsys.readouterr().err

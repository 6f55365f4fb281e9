"""A fault of the program: one sentence, a log without data, exit status 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder import run
from workbook_builder.shells import cli

SECRET = "child 4711 of Example Street"


@pytest.fixture
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        "workbook_builder.shells.crash.user_log_path", lambda *_, **__: tmp_path, raising=True
    )
    return tmp_path


def test_a_crash_says_one_sentence_and_keeps_no_data(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(request: run.Request, on_progress: run.OnProgress) -> run.Outcome:
        raise ValueError(SECRET)

    monkeypatch.setattr(run, "build", crash)
    assert cli.run_command(["build", "somewhere"]) == cli.PROGRAM_AT_FAULT
    said = capsys.readouterr().err
    log = (log_folder / "crash.log").read_text(encoding="utf-8")
    assert str(log_folder / "crash.log") in said
    assert "ValueError" in log
    assert "test_crash.py" in log
    assert SECRET not in said + log


def test_ctrl_c_stops_plainly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(request: run.Request, on_progress: run.OnProgress) -> run.Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "build", interrupted)
    assert cli.run_command(["build", "somewhere"]) == cli.INPUTS_AT_FAULT
    assert "Nothing was written" in capsys.readouterr().err

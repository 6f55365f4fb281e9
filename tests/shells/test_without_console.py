"""The window's program on Windows: it has no console, so neither output nor a place for words."""

from __future__ import annotations

import atexit
import os
import sys
from pathlib import Path

import pytest

from workbook_builder import __main__ as program
from workbook_builder.shells import cli
from workbook_builder.shells.streams import without_console


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """What windows were opened with."""
    seen: list[list[Path]] = []

    def window(paths: list[Path]) -> int:
        seen.append(paths)
        return cli.OK

    monkeypatch.setattr(cli, "_window", window)
    return seen


def test_its_window_says_that_a_path_is_wrong(opened: list[list[Path]]) -> None:
    assert cli.run_command(["gone.csv"], windowed=True) == cli.OK
    assert opened == [[Path("gone.csv")]]


def test_a_console_says_it_itself(
    opened: list[list[Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.run_command(["gone.csv"])
    assert "gone.csv" in capsys.readouterr().err
    assert not opened


def test_commands_are_commands_there_too(
    opened: list[list[Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run_command(["--version"], windowed=True) == cli.OK
    assert capsys.readouterr().out
    assert not opened


def test_without_output_everything_runs_unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    monkeypatch.setattr(sys, "argv", ["Workbook Builder", "layouts"])
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: None)
    monkeypatch.setattr(os, "_exit", sys.exit)
    with pytest.raises(SystemExit) as left:
        program.main()
    assert left.value.code == cli.OK


def test_with_output_nothing_changes() -> None:
    before = sys.stdout, sys.stderr
    assert not without_console()
    assert (sys.stdout, sys.stderr) == before

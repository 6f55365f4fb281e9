"""Output on Windows: few characters, or none at all for the window's program without a console."""

from __future__ import annotations

import atexit
import io
import os
import sys
from pathlib import Path

import pytest

from workbook_builder.__main__ import main
from workbook_builder.cli import commands
from workbook_builder.cli.commands import (
    OK,
    discard_missing_output,
    escape_unprintable,
    run_command,
)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """What windows were opened with."""
    seen: list[list[Path]] = []

    def window(paths: list[Path]) -> int:
        seen.append(paths)
        return OK

    monkeypatch.setattr(commands, "show_window", window)
    return seen


def test_its_window_says_that_a_path_is_wrong(opened: list[list[Path]]) -> None:
    assert run_command(["gone.csv"], windowed=True) == OK
    assert opened == [[Path("gone.csv")]]


def test_a_console_says_it_itself(
    opened: list[list[Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run_command(["gone.csv"])
    assert "gone.csv" in capsys.readouterr().err
    assert not opened


def test_commands_are_commands_there_too(
    opened: list[list[Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["--version"], windowed=True) == OK
    assert capsys.readouterr().out
    assert not opened


def test_without_output_everything_runs_unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    monkeypatch.setattr(sys, "argv", ["Workbook Builder", "layouts"])
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: None)
    monkeypatch.setattr(os, "_exit", sys.exit)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == OK


def test_with_output_nothing_changes() -> None:
    before = sys.stdout, sys.stderr
    assert not discard_missing_output()
    assert (sys.stdout, sys.stderr) == before


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_sign_that_the_output_has_not_is_shown_by_its_number(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_out = io.BytesIO()
    stream = io.TextIOWrapper(bytes_out, encoding="cp1252", newline="\n")
    monkeypatch.setattr(sys, name, stream)
    escape_unprintable()
    print("Written: Gŵyl Siân £.xlsx", file=stream, flush=True)
    assert bytes_out.getvalue() == "Written: G\\u0175yl Siân £.xlsx\n".encode("cp1252")

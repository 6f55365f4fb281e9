"""What somebody changed inside a packaged program, before an update takes the program away."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from packaged import archive
from workbook_builder import own_definitions
from workbook_builder.cli.commands import OK, PROGRAM_AT_FAULT, run_command

BOARD, CARE = "board.toml", "datasets/care.toml"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The layouts inside a packaged program, with their checksums; this Python is the program."""
    program = tmp_path / "Program £"
    layouts = program / "_internal" / "workbook_builder" / "layouts"
    for name in (BOARD, CARE, "untouched.toml"):
        (layouts / name).parent.mkdir(parents=True, exist_ok=True)
        (layouts / name).write_text(f"# {name}\n", encoding="utf-8")
    (program / "workbook-builder").touch()
    archive.write_sums_inside(program)
    monkeypatch.setattr(sys, "executable", str(program / "workbook-builder"))
    monkeypatch.setattr(own_definitions, "shipped", lambda name: layouts)
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(tmp_path / "own"))
    return layouts


def files(folder: Path) -> dict[str, str]:
    return {
        one.relative_to(folder).as_posix(): one.read_text(encoding="utf-8")
        for one in folder.rglob("*")
        if one.is_file()
    }


def test_nothing_is_copied_where_nothing_was_changed(shipped: Path, tmp_path: Path) -> None:
    assert run_command(["layouts", "--keep-edited"]) == OK
    assert not (tmp_path / "own").exists()


def test_what_was_changed_goes_into_the_own_folder_with_a_note(
    shipped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shipped / BOARD).write_text("# Tŷ\n", encoding="utf-8")
    (shipped / CARE).write_text("# mine\n", encoding="utf-8")
    own = tmp_path / "own" / "layouts"
    (own / CARE).parent.mkdir(parents=True)
    (own / CARE).write_text("# there before\n", encoding="utf-8")
    for _ in range(2):  # the second finds its own copies
        assert run_command(["layouts", "--keep-edited"]) == OK
    found = files(own)
    note = found.pop("READ ME - kept.txt")
    assert found == {BOARD: "# Tŷ\n", CARE: "# there before\n", f"kept/{CARE}": "# mine\n"}
    assert note.count(BOARD) == 1 and "changed inside the program" in note
    assert f"Kept: {own / BOARD}" in capsys.readouterr().out
    assert run_command(["layouts", "--keep-edited", str(tmp_path / "for all")]) == OK
    assert files(tmp_path / "for all").keys() == {BOARD, CARE, "READ ME - kept.txt"}


def test_what_cannot_be_copied_is_said(
    shipped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shipped / BOARD).write_text("# changed\n", encoding="utf-8")
    (tmp_path / "own").write_text("a file in the folder's place", encoding="utf-8")
    assert run_command(["layouts", "--keep-edited"]) == PROGRAM_AT_FAULT
    assert str(tmp_path / "own") in capsys.readouterr().err

"""Moving a workbook into place: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbook_builder.atomic_write import replace_file


def test_content_arrives_and_nothing_else_is_left(tmp_path: Path) -> None:
    assert replace_file(tmp_path / "b.xlsx", b"new") is None
    assert [file.name for file in tmp_path.iterdir()] == ["b.xlsx"]
    assert (tmp_path / "b.xlsx").read_bytes() == b"new"


def test_a_folder_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    problem = replace_file(tmp_path / "nowhere" / "b.xlsx", b"new")
    assert problem and "does not exist" in problem.text()


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_failure_at_any_step_keeps_the_old_file_whole(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "b.xlsx"
    target.write_bytes(b"old")
    if step == "write":
        monkeypatch.setattr(os, "fdopen", full)
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(os, "replace", full)
    problem = replace_file(target, b"new")
    assert problem and "No space left on device" in problem.text()
    assert target.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["b.xlsx"]


def test_an_interrupted_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_file(tmp_path / "b.xlsx", b"new")
    assert not list(tmp_path.iterdir())


def test_the_new_file_keeps_the_old_ones_rights(tmp_path: Path) -> None:
    target = tmp_path / "b.xlsx"
    target.write_bytes(b"old")
    target.chmod(0o640)
    assert replace_file(target, b"new") is None
    assert target.stat().st_mode & 0o777 == 0o640

"""Files that change, go away or may not be read while they are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbook_builder.extracts.bounds import MOST_FILE_MB
from workbook_builder.extracts.whole import whole_content
from workbook_builder.problems import Problem


def problem_of(path: Path) -> Problem:
    found = whole_content(path)
    assert isinstance(found, Problem)
    assert found.where.file == path.name and found.to_do and found.done == "File left out."
    return found


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"abc")
    assert whole_content(tmp_path / "a.csv") == b"abc"


def test_a_file_that_vanishes_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"abc")
    read = Path.read_bytes

    def vanishing(path: Path) -> bytes:
        os.unlink(path)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", vanishing)
    assert problem_of(file).code == "X049"


@pytest.mark.parametrize("more", [b"abcd", b"ab"])
def test_a_file_that_is_still_being_saved_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: bytes
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"abc")
    read = Path.read_bytes

    def growing(path: Path) -> bytes:
        path.write_bytes(more)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", growing)
    assert "changed while it was read" in problem_of(file).text()


@pytest.mark.parametrize(("fault", "words"), [
    (PermissionError, "you have no right to read"), (OSError, "cannot be opened"),
])  # fmt: skip
def test_a_file_that_may_not_be_read_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[OSError], words: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"abc")

    def refused(path: Path) -> bytes:
        raise fault

    monkeypatch.setattr(Path, "read_bytes", refused)
    found = problem_of(file)
    assert found.code == "X002" and words in found.text()


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("wb") as sparse:
        sparse.truncate(MOST_FILE_MB * 1_000_000 + 1_000_000)
    assert f"at most {MOST_FILE_MB} MB are read" in problem_of(file).text()

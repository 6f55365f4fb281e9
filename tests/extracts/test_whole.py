"""Files that change, go away or may not be read while they are read."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.loaded import read_extracts
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts import bounds
from workbook_builder.extracts.bounds import MOST_FILE_MB
from workbook_builder.extracts.opening import opened
from workbook_builder.extracts.whole import whole_content
from workbook_builder.fingerprints import Fingerprint
from workbook_builder.problems import Level, Problem, has_errors


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


def test_a_file_that_was_not_read_has_no_fingerprint(tmp_path: Path) -> None:
    gone, broken = tmp_path / "gone.csv", tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    assert opened(gone).fingerprint == Fingerprint()
    found = opened(broken)
    assert isinstance(found.sheets, Problem)
    assert found.fingerprint.size == 16
    assert found.fingerprint.sha256 == hashlib.sha256(broken.read_bytes()).hexdigest()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", found.fingerprint.modified)


@pytest.mark.parametrize(("limit", "megabytes", "words"), [
    ("MOST_KEPT_MB", 1, "what is read of this file and those before it together has 1 MB"),
    ("MOST_OF_ONE_MB", 5, 'what is read as "Referrals" of this file and those before it together'),
])  # fmt: skip
def test_files_that_together_take_too_much_memory_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: Mapping[str, Dataset],
    limit: str, megabytes: int, words: str,
) -> None:  # fmt: skip
    files = [tmp_path / f"{number}.csv" for number in range(3)]
    for number, file in enumerate(files):
        lines = "".join(f"R{number}-{row},{row},04/07/2023\n" for row in range(20_000))
        file.write_text("Referral ID,Child ID,Date of referral\n" + lines)
    assert not has_errors(read_extracts(files, shipped, lambda name: None).problems)
    monkeypatch.setattr(bounds, limit, megabytes)
    found = read_extracts(files, shipped, lambda name: None).problems
    [problem] = [one for one in found if one.level is Level.ERROR]
    assert problem.code == "X036"
    assert problem.where.file in ("1.csv", "2.csv")
    assert words in problem.text()
    assert f"at most {megabytes} MB are read" in problem.text()

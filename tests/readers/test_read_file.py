"""What a file is, and files that change, go away or may not be read while they are read."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from workbook_builder.paths import Fingerprint
from workbook_builder.problems import Problem
from workbook_builder.readers.limits import MOST_FILE_MB
from workbook_builder.readers.read_file import FileType, file_type, read_bytes, read_file

FILES = ROOT / "workbook_builder" / "self_test" / "kinds"


def problem_of(path: Path) -> Problem:
    found = read_bytes(path)
    assert isinstance(found, Problem)
    assert found.where.file == path.name and found.to_do and found.done == "File left out."
    return found


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"abc")
    assert read_bytes(tmp_path / "a.csv") == b"abc"


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
    (PermissionError, "you do not have permission to read"), (OSError, "cannot be opened"),
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
    assert read_file(gone).fingerprint == Fingerprint()
    found = read_file(broken)
    assert isinstance(found.grids, Problem)
    assert found.fingerprint.size == 16
    assert found.fingerprint.sha256 == hashlib.sha256(broken.read_bytes()).hexdigest()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", found.fingerprint.modified)


@pytest.mark.parametrize("ending", ["xlsx", "xls", "xlsb", "ods"])
def test_workbooks_are_known_by_their_bytes(ending: str) -> None:
    content = (FILES / f"referrals.{ending}").read_bytes()
    assert file_type(content)[0] is FileType[ending.upper()]


@pytest.mark.parametrize(("content", "kind"), [
    (b"Child ID,Date\n", FileType.TEXT),
    (b"", FileType.TEXT),
    (b"\xef\xbb\xbf <HTML>", FileType.WEB_PAGE),
    ("\ufeff<table>".encode("utf-16-le"), FileType.WEB_PAGE),
    (b"<?xml version='1.0'?><html>", FileType.WEB_PAGE),
    (b"<?xml version='1.0'?><Workbook>", FileType.XML),
    (b"%PDF-1.7", FileType.OTHER),
    (b"PK\x03\x04 cut off", FileType.BROKEN_WORKBOOK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
     FileType.LOCKED_WORKBOOK),
])  # fmt: skip
def test_other_content(content: bytes, kind: FileType) -> None:
    assert file_type(content)[0] is kind


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"sep=;\n", b" , \n\n,\n"])
def test_a_file_without_a_filled_cell_is_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    problem = read_file(tmp_path / "a.csv").grids
    assert isinstance(problem, Problem)
    assert problem.code == "X003"

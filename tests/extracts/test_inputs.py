from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.extracts.inputs import find_files


def codes(*inputs: Path) -> list[str]:
    return [problem.code for problem in find_files(inputs).problems]


def test_a_folder_gives_its_extracts_by_name_and_hides_lock_files(tmp_path: Path) -> None:
    for name in ("b.CSV", "a.xlsx", "~$a.xlsx", ".hidden.csv", "notes.docx"):
        (tmp_path / name).write_text("x")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.csv").write_text("x")
    found = find_files([tmp_path])
    assert [path.name for path in found.value] == ["a.xlsx", "b.CSV"]
    assert [(p.code, p.where.file) for p in found.problems] == [
        ("X006", "inner"), ("X005", "notes.docx"),
    ]  # fmt: skip


def test_a_path_given_twice_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x")
    assert len(find_files([file, tmp_path, tmp_path / ".." / tmp_path.name / "a.csv"]).value) == 1


def test_what_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("x")
    assert codes(tmp_path / "a.pdf") == ["X007"]
    assert codes(tmp_path / "missing.csv") == ["X001"]
    assert codes(tmp_path) == ["X004", "X005"]
    assert codes(tmp_path / ("x" * 300 + ".csv")) == ["X002"]


def test_a_path_too_long_for_windows_to_tell_where_it_leads_is_taken_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(path: Path) -> Path:
        raise OSError(206, "The filename or extension is too long")

    file = tmp_path / "referrals.csv"
    file.write_text("Child ID\n")
    monkeypatch.setattr(Path, "resolve", too_long)
    assert find_files([file, file]).value == (file,)

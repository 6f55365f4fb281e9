"""The command that writes a council's profile, and the place of a user's own definitions."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import tomli

from workbook_builder.cli.commands import run_command
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.own_definitions import (
    copy_sample,
    copy_shipped,
    folders_in_force,
    write_profile,
)
from workbook_builder.paths import shipped


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a user's own definitions, not there yet."""
    folder = tmp_path / "Workbook Builder"
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(folder))
    return folder


@pytest.mark.parametrize("name", ["Leeds", "383", "E08000035", "Leeds City Council"])
def test_the_profile_of_a_council_is_written_and_in_force(
    name: str, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["council", name]) == 0
    assert str(own / "council.toml") in capsys.readouterr().out
    known = known_definitions()
    assert not known.problems
    assert known.value.authority
    assert known.value.authority.name == "Leeds"


def test_the_sample_is_copied_once_and_a_copy_that_is_there_stays(own: Path) -> None:
    copied = copy_sample()
    assert copied.value == own / "Sample data"
    names = {file.name for file in copied.value.iterdir()}
    assert names == {file.name for file in shipped("sample_inputs").iterdir() if file.is_file()}
    assert not known_definitions().problems, "it is used only when it is dropped"
    (own / "Sample data" / "targets.toml").write_text("", encoding="utf-8")
    assert copy_sample().value == copied.value
    assert not (own / "Sample data" / "targets.toml").read_text(encoding="utf-8")


def test_every_line_that_is_offered_is_right(own: Path) -> None:
    assert write_profile("Leeds").value
    text = (own / "council.toml").read_text(encoding="utf-8")
    assert "the DfE's statistical neighbours of 2025" in text
    lines = [line.removeprefix("# ") for line in text.splitlines()
             if " = " in line or line.startswith("# [")]  # fmt: skip
    offered = [line for line in lines if not line.startswith("logo")]
    assert len(offered) == 11
    assert tomli.loads("\n".join(offered))
    (own / "council.toml").write_text("\n".join(offered), encoding="utf-8")
    assert not known_definitions().problems


def test_an_existing_profile_is_replaced_only_if_that_is_said(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["council", "Leeds"]) == 0
    assert run_command(["council", "Bradford"]) == 2
    said = capsys.readouterr().err
    assert str(own / "council.toml") in said
    assert "[R010]" in said
    assert 'authority = "Leeds"' in (own / "council.toml").read_text(encoding="utf-8")
    assert run_command(["council", "Bradford", "--replace"]) == 0
    assert 'authority = "Bradford"' in (own / "council.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answers", "status", "authority"),
    [("Bradford\nn\n", 2, "Leeds"), ("Bradford\ny\n", 0, "Bradford"), ("", 2, "Leeds")],
)
def test_the_council_is_asked_for(
    answers: str, status: int, authority: str, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write_profile("Leeds").value
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    assert run_command(["council"]) == status
    assert f'authority = "{authority}"' in (own / "council.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Southamton", 'Did you mean "Southampton"'),
        ("Cumbria", "now Cumberland and Westmorland and Furness."),
        ("Atlantis", "is not an English local authority"),
    ],
)
def test_a_council_that_is_not_known_is_not_written(name: str, words: str, own: Path) -> None:
    written = write_profile(name)
    assert written.value is None
    assert words in written.problems[0].text()
    assert not own.exists()


def test_a_profile_may_go_into_another_folder(tmp_path: Path) -> None:
    assert run_command(["council", "Leeds", "--out", str(tmp_path / "here")]) == 0
    assert (tmp_path / "here" / "council.toml").is_file()


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert write_profile("Leeds", tmp_path / "file").problems[0].code == "W001"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("board", "board.toml"),
        ("board.toml", "board.toml"),
        ("datasets/care", "datasets/care.toml"),
        ("front_door", None),
        ("annex_a", "standards/annex_a.toml"),
    ],
)
def test_a_shipped_file_is_copied_to_be_changed(name: str, file: str | None, own: Path) -> None:
    copied = copy_shipped(name)
    if file is None:
        assert copied.problems[0].code == "R009"
        assert "datasets/front_door, measures/front_door" in copied.problems[0].what
        return
    assert copied.value == own / "layouts" / file
    assert copied.value.read_bytes() == (shipped("layouts") / file).read_bytes()
    known = known_definitions()
    assert not known.problems
    places = {place.file for place in known.value.places.values()}
    assert str(copied.value) in places
    assert [problem.code for problem in copy_shipped(name).problems] == ["R010"]


def test_a_file_that_is_not_shipped_cannot_be_copied(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["layouts", "--copy", "bord"]) == 2
    assert 'Did you mean "board"?' in capsys.readouterr().err
    assert run_command(["layouts", "--copy", "board"]) == 0


def test_the_folders_in_force_are_told(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["layouts", "--where"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        f"{shipped('layouts')} (supplied with the program)",
        f"{own} (yours, not created yet)",
        f"{own / 'layouts'} (yours, not created yet)",
    ]
    assert write_profile("Leeds").value
    assert (own, "yours") in folders_in_force()

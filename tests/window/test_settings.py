"""What the window remembers, and what becomes of a damaged file."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.extracts.model import Assignment
from workbook_builder.window.settings import (
    RecentMonth,
    Settings,
    existing_months,
    load_settings,
    save_settings,
    with_recent,
)

SETTINGS = Settings(
    "/in", "/out", "board", {"m1": Assignment("referrals", {"child_id": "Pupil"})}, slides=True,
    recent=(RecentMonth("Jul-23", ("/in/july",)),),
)  # fmt: skip


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.json"
    save_settings(SETTINGS, file)
    assert load_settings(file) == SETTINGS
    assert [one.name for one in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"layout": 3, "assigned": [1]}', b"[" * 100_000,
     b'{"assigned": {"m": {"dataset": 1}, "n": "x"}, "input_folder": null}',
     b'{"recent": [1, {"month": 2, "paths": ["a"]}, {"month": "x", "paths": [3, ""]}, {}]}'],
)  # fmt: skip
def test_a_damaged_file_is_as_none_and_is_replaced(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    assert load_settings(file) == Settings()
    save_settings(SETTINGS, file)
    assert load_settings(file) == SETTINGS


def test_what_is_whole_in_a_damaged_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"layout": "board", "assigned": {"m": {"dataset": "x", "columns": {"a": 1}}}}')
    assert load_settings(file) == Settings(layout="board", assigned={"m": Assignment("x")})


def test_settings_that_cannot_be_written_are_only_lost(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    save_settings(SETTINGS, tmp_path / "file" / "settings.json")
    assert load_settings(tmp_path / "file" / "settings.json") == Settings()


def test_recent_months_are_few_each_once_and_only_what_is_still_there(tmp_path: Path) -> None:
    recent: tuple[RecentMonth, ...] = ()
    for number in range(9):
        folder = tmp_path / str(number)
        folder.mkdir()
        recent = with_recent(recent, f"{number}", [folder])
    recent = with_recent(recent, "again", [tmp_path / "5"])
    assert [each.month for each in recent] == ["again", "8", "7", "6", "4", "3"]
    (tmp_path / "8").rmdir()
    (tmp_path / "a.csv").touch()
    recent = with_recent(recent, "files", [tmp_path / "a.csv", tmp_path / "gone.csv"])
    found = existing_months(recent)
    assert [each.month for each in found] == ["files", "again", "7", "6", "4"]
    assert found[0].paths == (str(tmp_path / "a.csv"),)
    assert found[0].words == "files: a.csv"

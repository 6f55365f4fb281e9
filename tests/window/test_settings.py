"""What the window remembers, and what becomes of a damaged file."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_builder.extracts.model import Assignment
from workbook_builder.window.settings import Settings, load_settings, save_settings

SETTINGS = Settings(
    "/in", "/out", "board", {"m1": Assignment("referrals", {"child_id": "Pupil"})}, slides=True
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.json"
    save_settings(SETTINGS, file)
    assert load_settings(file) == SETTINGS
    assert [one.name for one in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"layout": 3, "assigned": [1]}', b"[" * 100_000,
     b'{"assigned": {"m": {"dataset": 1}, "n": "x"}, "input_folder": null}'],
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

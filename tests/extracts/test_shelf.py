"""What is on the shelf is not read again, and never fills the memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.read import Files, Known, look_at, read_all


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{number}.csv" for number in range(3)]
    for number, file in enumerate(made):
        lines = "".join(f"R{number}-{row},{row},04/07/2023\n" for row in range(1_000))
        file.write_text("Referral ID,Child ID,Date of referral\n" + lines)
    return made


@pytest.fixture
def known(shipped: Mapping[str, Dataset]) -> Known:
    return Known(shipped, {}, {})


def test_what_was_looked_at_is_kept(files: list[Path], known: Known) -> None:
    shelf = Files()
    for file in files:
        assert len(look_at(file, known, shelf).value) == 1
    assert all(file in shelf for file in files)
    read = read_all(files, known, lambda name: None, shelf)
    assert len(read.value.records["referrals"]) == 3_000
    assert all(file in shelf for file in files)


def test_a_full_shelf_keeps_nothing_more_and_the_file_is_read_again(
    files: list[Path], known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Files, "most", 50_000)
    shelf = Files()
    for file in files:
        assert len(look_at(file, known, shelf).value) == 1
    assert [file in shelf for file in files] == [True, True, False]
    read = read_all(files, known, lambda name: None, shelf)
    assert len(read.value.records["referrals"]) == 3_000


def test_what_is_no_longer_among_the_files_goes(files: list[Path], known: Known) -> None:
    shelf = Files()
    for file in files:
        look_at(file, known, shelf)
    read_all(files[:1], known, lambda name: None, shelf)
    assert [file in shelf for file in files] == [True, False, False]

"""A file in the cache is not read again, and the cache never fills the memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.loaded import load
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.read_extracts import ExtractDefinitions, ReadFiles, read_file


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{number}.csv" for number in range(3)]
    for number, file in enumerate(made):
        lines = "".join(f"R{number}-{row},{row},04/07/2023\n" for row in range(1_000))
        file.write_text("Referral ID,Child ID,Date of referral\n" + lines)
    return made


@pytest.fixture
def known(shipped: Mapping[str, Dataset]) -> ExtractDefinitions:
    return ExtractDefinitions(shipped)


def test_what_was_looked_at_is_kept(files: list[Path], known: ExtractDefinitions) -> None:
    cache: ReadFiles = FileCache()
    for file in files:
        assert len(read_file(file, file.name, known, cache).sheets) == 1
    assert all(file in cache for file in files)
    read = load(files, known, cache)
    assert len(read.value.records["referrals"]) == 3_000
    assert all(file in cache for file in files)


def test_a_full_cache_keeps_nothing_more_and_the_file_is_read_again(
    files: list[Path], known: ExtractDefinitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileCache, "most", 50_000)
    cache: ReadFiles = FileCache()
    for file in files:
        assert len(read_file(file, file.name, known, cache).sheets) == 1
    assert [file in cache for file in files] == [True, True, False]
    read = load(files, known, cache)
    assert len(read.value.records["referrals"]) == 3_000


def test_what_is_no_longer_among_the_files_goes(
    files: list[Path], known: ExtractDefinitions
) -> None:
    cache: ReadFiles = FileCache()
    for file in files:
        read_file(file, file.name, known, cache)
    load(files[:1], known, cache)
    assert [file in cache for file in files] == [True, False, False]

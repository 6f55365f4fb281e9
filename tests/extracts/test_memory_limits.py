"""Files that together hold more than fits into the memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.loaded import read_extracts
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.problems import Level, has_errors
from workbook_builder.readers import limits


@pytest.mark.parametrize(("limit", "megabytes", "words"), [
    ("MOST_KEPT_MB", 1, "what is read from this and earlier files has 1 MB"),
    ("MOST_OF_ONE_MB", 5, 'what is read as "Referrals" from this and earlier files'),
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
    monkeypatch.setattr(limits, limit, megabytes)
    found = read_extracts(files, shipped, lambda name: None).problems
    [problem] = [one for one in found if one.level is Level.ERROR]
    assert problem.code == "X036"
    assert problem.where.file in ("1.csv", "2.csv")
    assert words in problem.text()
    assert f"at most {megabytes} MB are read" in problem.text()

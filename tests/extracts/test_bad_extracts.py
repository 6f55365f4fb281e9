"""Each folder of extracts_bad holds an extract with a fault and the words its problem must say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import load_definitions
from workbook_builder.extracts.published import Published
from workbook_builder.extracts.read import read_extracts

CASES = sorted(path for path in (Path(__file__).parents[1] / "extracts_bad").iterdir())
RECOGNISED = "recognised:"
_KNOWN = load_definitions([Path(__file__).parents[2] / "layouts"]).value
PUBLISHED = Published(_KNOWN.statistics, _KNOWN.neighbours)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_extract(case: Path, shipped: Mapping[str, Dataset]) -> None:
    expected = (case / "expected.txt").read_text(encoding="utf-8").splitlines()
    files = sorted(path for path in case.iterdir() if path.name != "expected.txt")
    result = read_extracts(files, shipped, lambda name: None, published=PUBLISHED)
    texts = [problem.text() for problem in result.problems]
    if expected[0].startswith(RECOGNISED):
        wanted = expected.pop(0).removeprefix(RECOGNISED).strip()
        taken_for = {sheet.dataset for sheet in result.value.sheets if sheet.dataset}
        assert taken_for == ({wanted} if wanted != "nothing" else set())
    for words in expected:
        assert any(words in text for text in texts), f"{words!r} stands in none of {texts}"


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 20

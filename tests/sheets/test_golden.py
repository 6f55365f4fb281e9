"""Whole plans of small layouts, as text.

When a change to a plan is meant, write the texts again and read what changed:

    UPDATE_GOLDEN=1 pytest tests/sheets/test_golden.py && git diff tests/sheets/golden
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.sheets.examples import PLANS
from tests.sheets.plan_text import plan_text

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", PLANS)
def test_plan_is_as_it_was(name: str) -> None:
    file = GOLDEN / f"{name}.txt"
    text = plan_text(PLANS[name])
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


def test_there_is_a_golden_text_for_each_plan() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(PLANS)

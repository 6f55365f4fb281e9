"""A short run of the fuzzer; the long one is a command (docs/reliability.md)."""

from __future__ import annotations

import pytest

from tests.fuzz import fuzz


@pytest.mark.parametrize("first", [0, 1_000_000])
def test_damaged_extracts_and_layouts_never_surprise(first: int) -> None:
    assert fuzz(extracts=400, layouts=40, first=first, seconds=12) == []

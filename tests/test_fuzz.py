"""A short run of the fuzzer; the long one is a command (docs/reliability.md)."""

from __future__ import annotations

import pytest

from tests.fuzz.__main__ import fuzz


@pytest.mark.parametrize("first", [0, 1_000_000])
def test_damaged_extracts_and_layouts_never_surprise(first: int) -> None:
    assert fuzz({"extracts": 300, "layouts": 40, "workbooks": 20}, first, seconds=12) == []

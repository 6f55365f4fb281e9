"""A twentieth of the largest inputs stays far below the memory that the whole may take."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.at_the_limits import measured, text_file, workbook

#: The program itself takes a little over 100 MB; a twentieth of what is left below 2 GB, and half.
MOST_MB = 100 + 95 + 45


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured on POSIX only")
@pytest.mark.parametrize("make", [text_file, workbook])
def test_memory_grows_no_faster_than_the_limits_allow(
    make: Callable[[Path, float], Path], tmp_path: Path
) -> None:
    records, peak, _, _ = measured(make(tmp_path, 0.05))
    assert records > 30_000
    assert peak < MOST_MB

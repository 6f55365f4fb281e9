"""A twentieth of the largest inputs stays far below the memory that the whole may take."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.at_the_limits import measured, text_file, workbook, workbook_with_unused

pytestmark = pytest.mark.slow

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


#: Bytes that a cell in a column that is not used may take while its sheet is read: what calamine
#: holds of it, and a text that it shares with others (112 were measured).
MOST_A_CELL = 150


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured on POSIX only")
def test_what_columns_of_a_workbook_that_are_not_used_take_is_bounded(tmp_path: Path) -> None:
    rows, few, many = 20_000, 6, 39
    _, narrow, _, _ = measured(workbook_with_unused(tmp_path, rows, few))
    _, wide, _, _ = measured(workbook_with_unused(tmp_path, rows, many))
    assert wide - narrow < MOST_A_CELL * rows * (many - few) / 1_000_000 + 8

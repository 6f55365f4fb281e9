"""What reading a large file has left free goes back to the system."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from workbook_builder.extracts.freed import give_back_after


def resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


@pytest.mark.skipif(
    sys.platform != "linux" or platform.libc_ver()[0] != "glibc", reason="other systems do it"
)
def test_what_is_free_goes_back(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(bytes(6_000_000))
    pieces = [bytes(1_000) + bytes([at % 256]) for at in range(200_000)]
    kept = pieces[-1]
    del pieces
    before = resident()
    give_back_after(large)
    assert resident() < before - 100_000_000
    assert kept


def test_a_file_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    give_back_after(tmp_path / "gone.csv")

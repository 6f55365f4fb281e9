"""Sizes and start times of the Windows program under Wine: python -m tests.windows.measure DIST

DIST is what build/windows.sh made. WORKBOOK_BUILDER_BENCH names the bench.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.windows.conftest import BENCH, Built
from tests.windows.wine import Computer, computer_like, until_it_is_there, windows_path
from workbook_builder.window.qt.main_window import FIRST_PAINT_VARIABLE

RUNS = 5
MILLION = 1_000_000


def main() -> None:
    """Measure and print."""
    built = Built(Path(sys.argv[1]).resolve())
    files = [one.stat().st_size for one in built.program.rglob("*") if one.is_file()]
    print(f"folder: {sum(files) / MILLION:.1f} MB in {len(files)} files")  # noqa: T201
    for pattern in ("*.zip", "*-setup.exe", "*.msi"):
        print(f"{pattern}: {built.one(pattern).stat().st_size / MILLION:.1f} MB")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with computer_like(Path(BENCH).expanduser() / "prefix", place) as computer:
            report("--version", lambda: until_version(computer, built))
            report("window", lambda: until_painted(computer, built, place / "painted"))


def report(what: str, measure: Callable[[], float]) -> None:
    measure()  # the first start fills the file cache
    taken = sorted(measure() for _ in range(RUNS))
    print(f"{what}: {statistics.median(taken):.2f} s ({taken[0]:.2f} to {taken[-1]:.2f} s)")  # noqa: T201


def until_version(computer: Computer, built: Built) -> float:
    began = time.time()
    assert computer.run(built.console, "--version").status == 0
    return time.time() - began


def until_painted(computer: Computer, built: Built, told: Path) -> float:
    """Return the seconds from the start, Wine's own included, to the first painted window."""
    told.unlink(missing_ok=True)
    began = time.time()
    with computer.running(built.window, env={FIRST_PAINT_VARIABLE: windows_path(told)}):
        until_it_is_there(told)
        time.sleep(0.1)  # it is there before it is written
        return float(told.read_text().split()[0]) - began


if __name__ == "__main__":
    main()

"""How soon the program answers while it is at work: its window, and Ctrl+C.

python -m benchmarks.answers [--rows 1000000] [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.spent import ROOT

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Measure both and print them as a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = _text_file(Path(folder), wishes.rows)
        stopped = [_seconds_to_stop(file) for _ in range(wishes.runs)]
        waits, worked = _waits(file)
    print(f"With {wishes.rows:,} rows of contacts:\n\n| | middle, s | most, s |\n|---|---|---|")
    rows = {"Ctrl+C until the end": stopped, "the window, by the clock": waits,
            "the window, of the processor": worked}  # fmt: skip
    for what, seconds in rows.items():
        print(f"| {what} | {statistics.median(seconds):.3f} | {max(seconds):.3f} |")


def _text_file(folder: Path, rows: int) -> Path:
    file = folder / "large.csv"
    with file.open("w", encoding="utf-8") as text:
        text.write("Child ID,Contact Date,Note,Other\n")
        for at in range(rows):
            text.write(f"C{at:09d},{1 + at % 28:02d}/{1 + at % 12:02d}/2022,{rows - at},{at * 7}\n")
    return file


def _seconds_to_stop(file: Path) -> float:
    """Return how long a build takes to stop; one that comes to its end before is built again."""
    command = [sys.executable, "-m", "workbook_builder", "build", str(file), "--out",
               str(file.with_suffix(".xlsx"))]  # fmt: skip
    latest = 3.0
    while True:
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              cwd=ROOT) as build:  # fmt: skip
            time.sleep(random.uniform(1.0, latest))
            began = time.perf_counter()
            build.send_signal(signal.SIGINT)
            said = build.communicate()[1]
            took = time.perf_counter() - began
        if b"Stopped." in said:
            return took
        latest = 1.0 + (latest - 1.0) / 2


def _waits(file: Path) -> tuple[Sequence[float], Sequence[float]]:
    """Return how long the window took each time to answer while another process read the file."""
    from workbook_builder.window.qt import main_window  # noqa: PLC0415
    from workbook_builder.window.worker import WorkerProcess  # noqa: PLC0415

    application = main_window.application_of()
    window = main_window.Window(WorkerProcess(), file.with_name("settings.json"))
    window.show_window([file])
    waits: list[float] = []
    worked: list[float] = []
    while not any(entry.summary for entry in window.presenter.state.entries):
        begun, busy = time.perf_counter(), time.thread_time()
        application.processEvents()
        waits.append(time.perf_counter() - begun)
        worked.append(time.thread_time() - busy)
        time.sleep(0.005)
    window.close()
    return waits, worked


if __name__ == "__main__":
    main()

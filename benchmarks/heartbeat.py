"""How long the window is silent while it works, and how soon the preview is there.

python -m benchmarks.heartbeat [--runs 5]

A timer of the window's own beats every 5 ms while the sample is dropped, read, shown and built: the
longest time between two beats is how long nobody could have clicked anything. Both by the clock,
which other programs make longer, and of the processor, which only the window's own work does.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.spent import ROOT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from workbook_builder.window.qt.main_window import Window

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_BEAT_MS = 5
_READING, _PREVIEWING, _BUILDING = "reads", "makes the preview", "builds"


class Heartbeat:
    """Counts the time between beats, by what the window is doing."""

    def __init__(self, window: Window) -> None:
        from PySide6.QtCore import Qt, QTimer  # noqa: PLC0415

        self.silent: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        self.all_read, self.previewed = 0.0, 0.0
        self.worker_read, self.worker_previewed = 0.0, 0.0
        self._window = window
        self._before = time.perf_counter(), time.thread_time()
        self._timer = QTimer(window, interval=_BEAT_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        state, now = self._window.presenter.state, (time.perf_counter(), time.thread_time())
        if state.entries:
            doing = (
                _BUILDING if state.building else _PREVIEWING if state.all_looked_at else _READING
            )
            clock, busy = (after - before for after, before in zip(now, self._before, strict=True))
            self.silent[doing].append((clock, busy))
            if state.all_looked_at and not self.all_read:
                self.all_read, self.worker_read = now[0], _worker_seconds()
            if state.preview and not self.previewed:
                self.previewed, self.worker_previewed = now[0], _worker_seconds()
        self._before = now


def _worker_seconds() -> float:
    """Return the time of the processor that the worker has taken; nought where Linux is not."""
    try:
        (worker,) = multiprocessing.active_children()
        fields = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Drop the sample, wait for its preview, build it, and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.heartbeat", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    from workbook_builder.window.qt.main_window import application_of  # noqa: PLC0415

    application = application_of()
    silent: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    waited: list[float] = []
    worked: list[float] = []
    for _ in range(parser.parse_args().runs):
        with tempfile.TemporaryDirectory() as folder:
            heart = _run(application, Path(folder))
        for doing, gaps in heart.silent.items():
            longest = [max(by) for by in zip(*gaps, strict=True)]
            silent[doing].append((longest[0], longest[1]))
        waited.append(heart.previewed - heart.all_read)
        worked.append(heart.worker_previewed - heart.worker_read)
    print("| while the window | silent by the clock, ms: median, most | of the processor, ms |")
    print("|---|---|---|")
    for doing in (_READING, _PREVIEWING, _BUILDING):
        by_clock, busy = ([1000 * gap for gap in gaps] for gaps in zip(*silent[doing], strict=True))
        print(f"| {doing} | {statistics.median(by_clock):.0f}, {max(by_clock):.0f} "
              f"| {statistics.median(busy):.0f}, {max(busy):.0f} |")  # fmt: skip
    print(f"\nFrom the last file read to the preview: {statistics.median(waited):.2f} s, at most "
          f"{max(waited):.2f} s.")  # fmt: skip
    print(f"The worker took {statistics.median(worked):.2f} s of the processor for it.")


def _run(application: QApplication, folder: Path) -> Heartbeat:
    """Let a window do a whole month with the sample, with an event loop as users have it."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415

    from workbook_builder.window.qt.main_window import Window  # noqa: PLC0415
    from workbook_builder.window.settings import Settings, save_settings  # noqa: PLC0415
    from workbook_builder.window.worker import WorkerProcess  # noqa: PLC0415

    extracts = folder / "extracts"
    shutil.copytree(ROOT / "sample_inputs", extracts,
                    ignore=shutil.ignore_patterns("generator", "*.py", "*.md"))  # fmt: skip
    save_settings(Settings(output_folder=str(folder)), folder / "settings.json")
    window = Window(WorkerProcess(), folder / "settings.json")
    heart = Heartbeat(window)
    window.show_window([extracts])

    def build_once_previewed() -> None:
        state = window.presenter.state
        if state.result:
            application.quit()
        elif state.preview and not state.previewing and not state.building:
            window.tabs.setCurrentIndex(2)
            window.presenter.build()

    timer = QTimer(window, interval=50)
    timer.timeout.connect(build_once_previewed)
    timer.start()
    application.exec()
    window.close()
    window.deleteLater()
    application.processEvents()
    return heart


if __name__ == "__main__":
    main()

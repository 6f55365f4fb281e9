"""Command: ``python build/measure.py FOLDER`` measures a packaged program: sizes, start times.

With ``--against ANOTHER`` it measures instead how much longer the window of the first takes to be
painted than that of the other. Both start in turns, since ratios of neighbours are worth more than
times.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_WINDOW, _CONSOLE = "Workbook Builder", "workbook-builder"
_TOLD_IN = "WORKBOOK_BUILDER_FIRST_PAINT"
_MILLION = 1_000_000
_PATIENCE = 60.0
_LOOK = 0.005


class Taken(NamedTuple):
    """Seconds by the clock, and of the processor where the program tells them."""

    clock: float
    processor: float | None = None


def main() -> None:
    """Read the options, measure, and print one line for each figure."""
    parser = argparse.ArgumentParser(description="Measure a packaged program.")
    parser.add_argument("folder", type=Path, help="the folder with the two programs")
    parser.add_argument("--runs", type=int, default=9, help="starts of which the median is taken")
    parser.add_argument("--against", type=Path, help="the folder of another build")
    wishes = parser.parse_args()
    folder: Path = wishes.folder.resolve()
    if wishes.against:
        _print_ratios(folder / _WINDOW, wishes.against.resolve() / _WINDOW, wishes.runs)
        return
    _print_sizes(folder)
    window, console = folder / _WINDOW, folder / _CONSOLE
    _print_times("--version", wishes.runs, lambda: _time_of(console, "--version"))
    _print_times("--help", wishes.runs, lambda: _time_of(console, "--help"))
    _print_times("window, in memory", wishes.runs, lambda: _until_painted(window, "offscreen"))
    _print_times("the same, nothing cached", wishes.runs, lambda: _uncached(folder, window))
    with _screen() as display:
        if display:
            shown = {"DISPLAY": display}
            _print_times("window, X11", wishes.runs, lambda: _until_painted(window, "xcb", shown))
        else:
            print("window, X11: not measured, Xvfb is not installed")


def _print_sizes(folder: Path) -> None:
    sizes = [file.lstat().st_size for file in folder.rglob("*") if not file.is_dir()]
    print(f"folder: {sum(sizes) / _MILLION:.1f} MB in {len(sizes)} files")


def _print_times(what: str, runs: int, measure: Callable[[], Taken]) -> None:
    measure()  # the first start fills the file cache
    taken = [measure() for _ in range(runs)]
    clock = sorted(one.clock for one in taken)
    line = f"{what}: {statistics.median(clock):.2f} s ({clock[0]:.2f} to {clock[-1]:.2f} s)"
    processor = [one.processor for one in taken if one.processor is not None]
    if processor:
        line += f", {statistics.median(processor):.2f} s of the processor"
    print(line)


def _print_ratios(window: Path, other: Path, runs: int) -> None:
    with _screen() as display:
        platforms = {"offscreen": {}, "xcb": {"DISPLAY": display}} if display else {"offscreen": {}}
        for platform, more in platforms.items():
            for program in (window, other):  # the first start fills the file cache
                _until_painted(program, platform, more)
            pairs = [
                (_until_painted(window, platform, more), _until_painted(other, platform, more))
                for _ in range(runs)
            ]
            _print_ratio(f"{platform}, by the clock", [(a.clock, b.clock) for a, b in pairs])
            processor = [(a.processor or 0, b.processor or 0) for a, b in pairs]
            _print_ratio(f"{platform}, of the processor", processor)


def _print_ratio(what: str, pairs: list[tuple[float, float]]) -> None:
    ratio = statistics.median(one / other for one, other in pairs)
    one, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{what}: {one:.3f} s, the other {other:.3f} s, {ratio:.2f} times")


def _time_of(program: Path, *arguments: str) -> Taken:
    began = time.time()
    subprocess.run([program, *arguments], stdout=subprocess.DEVNULL, check=True)
    return Taken(time.time() - began)


def _until_painted(program: Path, platform: str, more: Mapping[str, str] | None = None) -> Taken:
    """Return what it takes from the start of the program to its first painted window."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "painted"
        own = {"QT_QPA_PLATFORM": platform, _TOLD_IN: str(told), "XDG_CONFIG_HOME": folder}
        began = time.time()
        process = subprocess.Popen(
            [program], env={**os.environ, **own, **(more or {})}, start_new_session=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            clock, processor = _told(told, process).split()
            return Taken(float(clock) - began, float(processor))
        finally:
            # Its worker too, lest that takes time from the next start.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _uncached(folder: Path, program: Path) -> Taken:
    """Start a program whose files must come from the disk, as for the first time of a day."""
    for file in folder.rglob("*"):
        if file.is_file():
            opened = os.open(file, os.O_RDONLY)
            os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(opened)
    return _until_painted(program, "offscreen")


def _told(file: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if text:
            return text
        time.sleep(_LOOK)
    sys.exit("The window was not shown.")


@contextmanager
def _screen() -> Iterator[str]:
    """Give the name of a screen in memory, or nothing where there can be none."""
    try:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError:
        yield ""
        return
    try:
        assert server.stdout
        yield f":{server.stdout.readline().decode().strip()}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()

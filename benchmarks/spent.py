"""Programs run to their end, turn by turn: their time and the most memory that they took."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_MB = 1_000_000


@dataclass(frozen=True)
class Spent:
    """What one program took: seconds on the clock, seconds of the processor, megabytes at most."""

    seconds: float
    cpu: float
    megabytes: float


class Failed(Exception):
    """A program ended with another status than it should."""


@dataclass(frozen=True)
class Command:
    """A Python program to be measured: what follows `python`, and what comes before each run.

    `but` returns seconds of the run that do not count, such as those of the measuring itself.
    """

    arguments: Sequence[str]
    before: Callable[[], None] = lambda: None
    but: Callable[[], float] = lambda: 0.0

    def run(self) -> Spent:
        """Run the program to its end. Raises Failed."""
        self.before()
        paths = filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONWARNINGS": "ignore",
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
        quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
        command = [sys.executable, *self.arguments]
        begun = time.perf_counter()
        child = os.posix_spawn(sys.executable, command, environment, file_actions=quiet)
        _, status, used = os.wait4(child, 0)
        seconds = time.perf_counter() - begun
        if status:
            raise Failed(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
        less = self.but()
        # Linux counts in kilobytes, macOS in bytes.
        peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / _MB
        return Spent(seconds - less, used.ru_utime + used.ru_stime - less, peak)


def turn_by_turn(commands: Mapping[str, Command], runs: int) -> Mapping[str, list[Spent]]:
    """Run all programs once for nothing, then in turns, so that a busy moment hits them all."""
    for command in commands.values():
        command.run()
    found: dict[str, list[Spent]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(command.run())
    return found


def median(spent: Sequence[Spent]) -> Spent:
    """Return the medians of several runs."""
    return Spent(
        statistics.median(one.seconds for one in spent),
        statistics.median(one.cpu for one in spent),
        statistics.median(one.megabytes for one in spent),
    )


def ratio(spent: Sequence[Spent], other: Sequence[Spent]) -> float:
    """Return how many times as long one program took as the other, turn by turn, in the median."""
    return statistics.median(
        one.seconds / another.seconds for one, another in zip(spent, other, strict=True)
    )

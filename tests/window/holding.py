"""A worker that stands still at a known point, so that no test races it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from workbook_builder.window import worker
from workbook_builder.window.messages import Answer, BuildProgress, Command, LookAtFile
from workbook_builder.window.worker import work

if TYPE_CHECKING:
    from multiprocessing.synchronize import Semaphore


class Gate:
    """Where the worker stands still, as "Look contacts.csv" or "Counting", until it may go on."""

    def __init__(self, folder: Path) -> None:
        self._closed_at = folder / "closed at"
        self._way: Semaphore = multiprocessing.get_context("spawn").Semaphore(0)

    def close(self, at: str) -> None:
        """Let the worker stand still where what it does begins with these words."""
        while self._way.acquire(block=False):
            pass
        self._closed_at.write_text(at, encoding="utf-8")

    def open(self) -> None:
        """Let it go on, and pass from now on."""
        self._closed_at.unlink()
        self._way.release()

    def pass_with(self, words: str) -> None:
        """Wait, in the worker's process, while the gate is closed for these words."""
        try:
            closed = words.startswith(self._closed_at.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        if closed:
            self._way.acquire()
            self._way.release()


class _Watched:
    """The worker's end of its pipe, with a gate at what comes in and behind what goes out."""

    def __init__(self, pipe: Connection, gate: Gate) -> None:
        self._pipe, self._gate = pipe, gate

    def poll(self) -> bool:
        return self._pipe.poll()

    def recv(self) -> Command:
        command: Command = self._pipe.recv()
        if isinstance(command, LookAtFile):
            self._gate.pass_with(f"Look {command.path.name}")
        return command

    def send(self, answer: Answer) -> None:
        self._pipe.send(answer)
        if isinstance(answer, BuildProgress):
            self._gate.pass_with(answer.doing)


def _work(gate: Gate, surroundings: Mapping[str, str], pipe: Connection, layout: str = "") -> None:
    os.environ.clear()
    os.environ.update(surroundings)  # a copy of another process has those of that one
    work(cast(Connection, _Watched(pipe, gate)), layout)


def start_method() -> str:
    """Return how workers start: where that is known, as copies of one that is ready for work."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return "spawn"
    multiprocessing.get_context("forkserver").set_forkserver_preload(["tests.window.ready_worker"])
    return "forkserver"


def gate_for_workers(folder: Path, patch: pytest.MonkeyPatch) -> Gate:
    """Put a gate, which is open, into the way of all workers that start from now on."""
    gate = Gate(folder)
    patch.setattr(worker, "work", partial(_work, gate, dict(os.environ)))
    return gate

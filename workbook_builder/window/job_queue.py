"""What the worker is to do next: one errand at a time, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from workbook_builder.window import messages
from workbook_builder.window.messages import (
    Answer,
    Assigned,
    BuildWorkbook,
    Command,
    GoOn,
    Known,
    LookAtFile,
    OpenInputs,
    Options,
    ProposeOutput,
    UseDefinitions,
)
from workbook_builder.window.state import State, layout_file, options_of


class ViewPort(Protocol):
    """What shows the state and does what only a desktop can."""

    def present(self, state: State) -> None:
        """Show a state."""

    def announce(self, text: str) -> None:
        """Say a change to those who listen to the screen."""

    def open(self, path: Path) -> None:
        """Open a file or folder with the desktop's own program for it."""

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""


class WorkerPort(Protocol):
    """What reads and builds."""

    def start(self, layout: str = "") -> None:
        """Start, with a layout file if there is one; the first answer is what is known."""

    def stop(self, folder: Path | None = None) -> None:
        """Stop at once, and clear what was left unfinished in a folder."""

    def send(self, command: Command) -> None:
        """Give a command."""

    def answers(self) -> Iterable[Answer]:
        """Return the answers that have come."""


class JobQueue:
    """The worker with the errand that it runs and those that wait.

    `build` waits for nothing but the file being read. `layout` is a layout file that is to be tried
    next, `tried` the one that the worker is trying; `tried_now` says that a person asked for it,
    rather than that the worker starts.
    """

    def __init__(self, worker: WorkerPort) -> None:
        self._worker = worker
        self._starting = False
        self._used = ""
        self.running: messages.Command | None = None
        self.build: Options | None = None
        self.layout = ""
        self.tried = ""
        self.tried_now = False
        self.proposal_due = False

    def start(self, layout: str) -> None:
        """Start the worker, with the layout file that it is to go by."""
        self.tried = layout_file(layout)
        self.running, self._starting = None, True
        self._worker.start(self.tried)

    def stop(self) -> None:
        """Stop the worker and clear what it may have been writing."""
        folder = self._out_folder()
        self._worker.stop(folder)

    def answers(self) -> Iterable[messages.Answer]:
        """Return the answers that have come."""
        return self._worker.answers()

    def may_write(self) -> None:
        """Let the finished workbook be put in its place."""
        self._worker.send(GoOn())

    def done(self) -> None:
        """Note that the worker is free again."""
        self.tried_now = isinstance(self.running, UseDefinitions)
        self.running, self._starting = None, False

    def knows(self, known: Known) -> bool:
        """Note what the worker goes by; tell whether it went by other definitions before."""
        again = self.tried_now and known.layout == self.tried != ""
        other = again or known.layout != self._used
        self._used, self.tried = known.layout, ""
        return other

    def choose(self, layout: str) -> None:
        """Try a layout file next; one that is known by name goes before what is being tried."""
        self.layout = layout_file(layout)
        if not self.layout:
            self.tried = ""

    def run_next(self, state: State, assigned: Assigned) -> messages.Command | None:
        """Give the worker its next errand, if it is free and there is one, and return it."""
        if self._starting or self.running:
            return None
        self.running = self._next(state, assigned)
        if self.running:
            self._worker.send(self.running)
        return self.running

    @property
    def idle(self) -> bool:
        """Whether the worker is free."""
        return not (self._starting or self.running)

    def _next(self, state: State, assigned: Assigned) -> messages.Command | None:
        if self.build:
            wishes, self.build = self.build, None
            return BuildWorkbook(wishes)
        if self.layout or layout_file(state.layout) != self._used:
            self.tried, self.layout = self.layout or layout_file(state.layout), ""
            return UseDefinitions(self.tried)
        for entry in state.entries:
            if not entry.opened:
                return OpenInputs(entry.path)
        for entry in state.entries:
            if entry.seen is None:
                return LookAtFile(entry.path, assigned)
        if self.proposal_due and state.layout and state.worth_a_proposal:
            self.proposal_due = False
            return ProposeOutput(options_of(state, assigned))
        return None

    def _out_folder(self) -> Path | None:
        """Return the folder that the worker may be writing to."""
        if not isinstance(self.running, BuildWorkbook):
            return None
        out = self.running.wishes.out
        return out.parent if out.suffix.lower() == ".xlsx" else out

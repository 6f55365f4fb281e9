"""What the window does, without a window: events in, a state to show out.

A view shows the whole state each time it changes; a worker answers commands one at a time. Files
are looked at as soon as they are given, and a build waits for nothing but the file being read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from workbook_builder.assignments import Assignment
from workbook_builder.months import Month
from workbook_builder.shells import messages as say
from workbook_builder.shells.settings import Settings
from workbook_builder.shells.state import (
    Entry,
    State,
    inputs_of,
    offer_words,
    output_of,
    read_words,
    summary_of,
    with_output,
)

_GONE = "The part of the program that reads and builds stopped. Nothing was written."
_FAULT = "Something went wrong inside the program. Nothing was written."
_TRIES = 2


class View(Protocol):
    """What shows the state and does what only a desktop can."""

    def present(self, state: State) -> None:
        """Show a state."""

    def announce(self, text: str) -> None:
        """Say a change to those who listen to the screen."""

    def open(self, path: Path) -> None:
        """Open a file or folder with the desktop's own program for it."""

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""


class Working(Protocol):
    """What reads and builds."""

    def start(self) -> None:
        """Start; the first answer is what is known."""

    def stop(self, folder: Path | None = None) -> None:
        """Stop at once, and clear what was left unfinished in a folder."""

    def send(self, command: say.Command) -> None:
        """Give a command."""

    def answers(self) -> Iterable[say.Answer]:
        """Return the answers that have come."""


@dataclass
class _Job:
    """What the worker is doing: the command, or None while it starts."""

    command: say.Command | None = None


class Presenter:
    """The window's behaviour."""

    def __init__(
        self, view: View, worker: Working, settings: Settings, keep: Callable[[Settings], None]
    ) -> None:
        self.view = view
        self.worker = worker
        self.settings = settings
        self.state = State(folder=settings.output_folder, layout=settings.layout)
        self._keep = keep
        self._job: _Job | None = None
        self._build: say.Wishes | None = None
        self._proposal_due = False
        self._tries = 0

    # What a person does.

    def start(self, paths: Sequence[Path]) -> None:
        """Begin, with the files that were given as arguments or dropped on the icon."""
        self._start_worker()
        self._show(message="Drop files to begin.")
        if paths:
            self.add(paths)

    def add(self, paths: Iterable[Path]) -> None:
        """Take files and folders."""
        given = [Path(os.path.normpath(path.absolute())) for path in paths]
        known = {entry.given for entry in self.state.entries}
        new = [path for path in dict.fromkeys(given) if path not in known]
        if given:
            self._remember(input_folder=str(given[0].parent))
        if not new:
            self._show(message="These files are in the list already.", tell=True)
            return
        entries = tuple(Entry(path, path) for path in new)
        later = " It is read when the workbook is built." if self.state.building else ""
        self._show(entries=self.state.entries + entries, message=f"Files added.{later}")
        self._next()

    def remove(self, paths: Iterable[Path]) -> None:
        """Take files out of the list."""
        gone = set(paths)
        left = tuple(one for one in self.state.entries if one.path not in gone)
        removed = len(self.state.entries) - len(left)
        if self.state.building or not removed:
            return
        broken = {path.parent for path in gone}
        split = tuple(replace(one, whole=one.whole and one.given not in broken) for one in left)
        self._show(entries=split, message="Removed from the list.")
        if self._job and isinstance(self._job.command, say.Look | say.Open) and (
            self._job.command.path in gone
        ):  # fmt: skip
            self._restart()
        self._proposal_due = True
        self._next()

    def assign(self, path: Path, mark: str, assignment: Assignment | None) -> None:
        """Say what the sheets with certain headings hold; None takes it back. It is remembered."""
        assigned = dict(self.settings.assigned)
        assigned.pop(mark, None)
        if assignment:
            assigned[mark] = assignment
        self._remember(assigned=assigned)
        entries = tuple(
            replace(one, seen=None) if one.path == path or one.has(mark) else one
            for one in self.state.entries
        )
        self._show(entries=entries)
        self._next()

    def choose_layout(self, name: str) -> None:
        """Choose a layout; its own file name is proposed."""
        self._remember(layout=name)
        self._show(layout=name, name_by_hand=False)

    def choose_month(self, month: Month | None) -> None:
        """Choose the reporting month; None is the proposed one."""
        self._show(month=month)

    def choose_folder(self, folder: str) -> None:
        """Choose the folder of the workbook."""
        self._remember(output_folder=folder)
        self._show(folder=folder)

    def choose_name(self, name: str) -> None:
        """Name the workbook; no name at all is the proposed one."""
        self._show(name=name, name_by_hand=bool(name.strip()))

    def choose_recalculation(self, wanted: bool, since: Month | None) -> None:
        """Let published figures give way to today's: all, or those since a month."""
        self._show(recalculate=wanted, since=since)

    def build(self) -> None:
        """Build the workbook of the files as they are now."""
        if self.state.building or not self.state.entries:
            return
        self._build = self._wishes()
        self._show(building=True, writing=False, share=0.0, result=None, crash=None,
                   message="Building the workbook.", tell=True)  # fmt: skip
        self._next()

    def cancel(self) -> None:
        """Stop building; nothing is written."""
        if not self.state.building or self.state.writing:
            return
        if self._job and isinstance(self._job.command, say.Build):
            self._restart()
        self._build = None
        self._show(building=False, share=0.0, message="Stopped. Nothing was written.", tell=True)
        self._next()

    def open_workbook(self) -> None:
        """Open the finished workbook."""
        if self.state.result and self.state.result.written:
            self.view.open(self.state.result.written)

    def open_folder(self) -> None:
        """Open the folder of the finished workbook."""
        if self.state.result and self.state.result.written:
            self.view.open(self.state.result.written.parent)

    def open_log(self) -> None:
        """Open the log of the last fault."""
        if self.state.crash and self.state.crash.log:
            self.view.open(self.state.crash.log)

    def copy_summary(self) -> None:
        """Copy what came of building."""
        if self.state.result:
            self.view.copy(summary_of(self.state))
            self._show(message="The summary is copied.", tell=True)

    def close(self) -> None:
        """Stop everything."""
        self.worker.stop(self._out_folder())

    # What the worker answers.

    def listen(self) -> None:
        """Hear the answers that have come."""
        for answer in self.worker.answers():
            self._hear(answer)

    def _hear(self, answer: say.Answer) -> None:
        match answer:
            case say.Known():
                self._tries = 0
                self._job = None
                self._known(answer)
            case say.Opened():
                self._job = None
                self._opened(answer)
            case say.Looked(path, seen):
                self._job = None
                self._looked(path, seen)
            case say.Proposed(month):
                self._job = None
                self._show(proposed=month, proposing=False)
            case say.Going(doing, share):
                self._show(doing=doing, share=max(share, self.state.share))
                return
            case say.MayWrite():
                self._show(writing=True)
                self.worker.send(say.GoOn())
                return
            case say.Built():
                self._job = None
                self._built(answer)
            case say.Crashed(log):
                self._crashed(log)
        self._next()

    def _known(self, known: say.Known) -> None:
        names = [one.name for one in known.layouts]
        wanted = self.state.layout
        usual = "board" if "board" in names else next(iter(names), "")
        layout = wanted if wanted in names else usual
        self._show(layouts=known.layouts, datasets=known.datasets, layout=layout,
                   definition_faults=known.faults)  # fmt: skip

    def _opened(self, opened: say.Opened) -> None:
        """Put the files that a path gives in its place, each file once."""
        others = {one.path for one in self.state.entries if one.opened}
        new = [path for path in opened.files if path not in others]
        entries: list[Entry] = []
        for entry in self.state.entries:
            if entry.opened or entry.path != opened.path:
                entries.append(entry)
            elif opened.files:
                entries += [Entry(path, entry.given, opened=True) for path in new]
            else:
                seen = say.FileSeen("Cannot be used", faults=opened.faults)
                entries.append(replace(entry, opened=True, seen=seen))
        if opened.files and not new:
            self._show(message=f"{opened.path.name} is in the list already.", tell=True)
        given_faults = {**self.state.given_faults, opened.path: opened.faults}
        self._show(entries=tuple(entries), given_faults=given_faults)
        self._proposal_due = True

    def _looked(self, path: Path, seen: say.FileSeen) -> None:
        entries = tuple(
            replace(one, seen=seen) if one.path == path and one.opened else one
            for one in self.state.entries
        )
        self._proposal_due = True
        last = all(one.seen for one in entries)
        words = read_words(entries) if last and len(entries) > 1 else f"{path.name}: {seen.words}"
        self._show(entries=entries, message=words, tell=last)

    def _built(self, built: say.Built) -> None:
        if not self.state.building:
            return
        self._show(building=False, writing=False, share=1.0, result=built,
                   message=built.headline, tell=not built.offered)  # fmt: skip
        if built.offered:
            self._show(message=offer_words(self.state.name, built.offered), tell=True,
                       name=built.offered, name_by_hand=True)  # fmt: skip

    def _crashed(self, log: Path | None) -> None:
        """Tell a fault of the program, and go on with the next file."""
        folder, command = self._out_folder(), self._job.command if self._job else None
        self._job = None
        if isinstance(command, say.Look | say.Open):
            failed = say.FileSeen("Could not be read: the program is at fault")
            self._show(entries=tuple(
                replace(one, seen=failed, opened=True) if one.path == command.path else one
                for one in self.state.entries
            ))  # fmt: skip
        elif isinstance(command, say.Propose):
            self._show(proposed=None, proposing=False)
        if log:
            self._fault(say.Crashed(log), _FAULT)
            return
        if self.state.crash is None or self.state.building:
            self._fault(say.Crashed(), _GONE)
        self.worker.stop(folder)
        self._tries += 1
        if self._tries <= _TRIES:
            self._start_worker()

    def _fault(self, crash: say.Crashed, message: str) -> None:
        self._build = None
        self._show(building=False, writing=False, share=0.0, crash=crash,
                   message=message, tell=True)  # fmt: skip

    # What the worker is to do next.

    def _next(self) -> None:
        """Give the worker its next command, if it is free."""
        if self._job:
            return
        command = self._next_command()
        if command is None:
            return
        self._job = _Job(command)
        if isinstance(command, say.Look):
            self._show(reading=command.path)
        self.worker.send(command)

    def _next_command(self) -> say.Command | None:
        if self._build:
            wishes, self._build = self._build, None
            return say.Build(wishes)
        for entry in self.state.entries:
            if not entry.opened:
                return say.Open(entry.path)
        for entry in self.state.entries:
            if entry.seen is None:
                return say.Look(entry.path, self.settings.assigned)
        self._show(reading=None)
        if self._proposal_due and self.state.layout:
            self._proposal_due = False
            if not any(entry.known for entry in self.state.entries):
                self._show(proposed=None, proposing=False)
                return None
            self._show(proposing=True)
            return say.Propose(self._wishes())
        return None

    def _start_worker(self) -> None:
        self._job = _Job()
        self.worker.start()

    def _restart(self) -> None:
        self.worker.stop(self._out_folder())
        self._proposal_due = True
        self._start_worker()

    def _wishes(self) -> say.Wishes:
        state = self.state
        again = state.recalculate and bool(state.pasts)
        return say.Wishes(
            inputs_of(state.entries), state.layout, state.month or state.proposed,
            output_of(state), self.settings.assigned, again, state.since,
        )  # fmt: skip

    def _out_folder(self) -> Path | None:
        """Return the folder that the worker may be writing to."""
        command = self._job.command if self._job else None
        if not isinstance(command, say.Build):
            return None
        out = command.wishes.out
        return out.parent if out.suffix.lower() == ".xlsx" else out

    def _remember(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self._keep(self.settings)

    def _show(self, *, tell: bool = False, **changes: object) -> None:
        self.state = with_output(replace(self.state, **changes))  # type: ignore[arg-type]
        self.view.present(self.state)
        if tell:
            self.view.announce(self.state.message)

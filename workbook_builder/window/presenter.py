"""What the window does, without a window: events in, a state to show out.

A view shows the whole state each time it changes; a worker answers commands one at a time. Files
are looked at as soon as they are given, and a build waits for nothing but the file being read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from workbook_builder.assignments import Assignment
from workbook_builder.figures import Limit
from workbook_builder.months import Month
from workbook_builder.window.job_queue import JobQueue, ViewPort, WorkerPort
from workbook_builder.window.messages import (
    Answer,
    BuildWorkbook,
    Built,
    Crashed,
    Going,
    Gone,
    Known,
    LookAtFile,
    Looked,
    MayWrite,
    Opened,
    OpenInputs,
    Proposed,
    ProposeOutput,
)
from workbook_builder.window.settings import Settings
from workbook_builder.window.state import (
    InputEntry,
    State,
    layout_file,
    offer_words,
    options_of,
    summary_of,
    with_failure,
    with_known,
    with_looked,
    with_opened,
    with_output,
    with_proposed,
)

_GONE = "The part of the program that reads and builds stopped. Nothing was written."
_FAULT = "Something went wrong inside the program. Nothing was written."
_TRIES = 2


class Presenter:
    """The window's behaviour."""

    def __init__(
        self,
        view: ViewPort,
        worker: WorkerPort,
        settings: Settings,
        keep: Callable[[Settings], None],
    ) -> None:
        self.view = view
        self.errands = JobQueue(worker)
        self.settings = settings
        self.state = State(folder=settings.output_folder, layout=settings.layout)
        self._keep = keep
        self._tries = 0

    # What a person does.

    def start(self, paths: Sequence[Path]) -> None:
        """Begin, with the files that were given as arguments or dropped on the icon."""
        self.errands.start(self.state.layout)
        self._show(message="Drop files to begin.")
        if paths:
            self.add(paths)

    def add(self, paths: Iterable[Path]) -> None:
        """Take files and folders; a TOML file is taken for the layout."""
        given = [Path(os.path.normpath(path.absolute())) for path in paths]
        if given:
            self._remember(input_folder=str(given[0].parent))
        layouts = [path for path in given if layout_file(path.name)]
        if layouts:
            self.choose_layout(str(layouts[-1]))
        if len(layouts) < len(given) or not given:
            self._add([path for path in given if path not in layouts])

    def _add(self, given: Sequence[Path]) -> None:
        known = {entry.given for entry in self.state.entries}
        new = [path for path in dict.fromkeys(given) if path not in known]
        if not new:
            self._show(message="These files are in the list already.", tell=True)
            return
        entries = tuple(InputEntry(path, path) for path in new)
        later = " It is read when the workbook is built." if self.state.building else ""
        self._show(entries=self.state.entries + entries, message=f"Files added.{later}")
        self._look_over()

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
        reading = self.errands.running
        if isinstance(reading, LookAtFile | OpenInputs) and reading.path in gone:
            self._restart()
        self._look_over()

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
        """Choose a layout, by name or by its file; its own file name is proposed.

        A file is only chosen once it has been seen to be a layout without faults.
        """
        self.errands.choose(name)
        if self.errands.layout:
            self._show(message=f"Reading the layout {Path(name).name}.")
        else:
            self._remember(layout=name)
            self._show(layout=name, name_by_hand=False, refused=())
        self._next()

    def choose_previous(self, path: str) -> None:
        """Name last month's workbook; without a name it is the one in the list, if there is one."""
        named = Path(os.path.normpath(Path(path.strip()).absolute())) if path.strip() else None
        if named != self.state.previous:
            self._show(previous=named, previous_words="")
            self._look_over()

    def choose_limit(self, limit: Limit | None) -> None:
        """Choose which small numbers are hidden; None is as the layout says."""
        self._show(suppress_under=limit)

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
        self.errands.build = options_of(self.state, self.settings.assigned)
        self._show(building=True, writing=False, share=0.0, result=None, crash=None,
                   message="Building the workbook.", tell=True)  # fmt: skip
        self._next()

    def cancel(self) -> None:
        """Stop building; nothing is written."""
        if not self.state.building or self.state.writing:
            return
        if isinstance(self.errands.running, BuildWorkbook):
            self._restart()
        self.errands.build = None
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
        self.errands.stop()

    # What the worker answers.

    def listen(self) -> None:
        """Hear the answers that have come."""
        for answer in self.errands.answers():
            self._hear(answer)

    def _hear(self, answer: Answer) -> None:
        match answer:
            case Going(doing, share):
                self._show(doing=doing, share=max(share, self.state.share))
                return
            case MayWrite():
                self._show(writing=True)
                self.errands.may_write()
                return
            case Crashed():
                self._crashed(answer)
                self._next()
                return
            case Gone():
                self._gone()
                self._next()
                return
        self.errands.done()
        match answer:
            case Known():
                self._known(answer)
            case Opened():
                found = with_opened(self.state, answer)
                self._take(found, tell=found.message != self.state.message)
                self._look_over()
            case Looked():
                found = with_looked(self.state, answer)
                self._take(found, tell=found.all_seen)
                self._look_over()
            case Proposed() if self.errands.proposal_due:  # of what is no longer wished
                self._show(proposing=False)
            case Proposed():
                found = with_proposed(self.state, answer)
                self._take(found, tell=found.message != self.state.message)
            case Built():
                self._built(answer)
        self._next()

    def _known(self, known: Known) -> None:
        self._tries = 0
        asked, before = self.errands.tried, self.state
        other = self.errands.knows(known)
        found = with_known(before, known, asked, other=other)
        if asked and found.layout == asked:
            self._remember(layout=asked)
            by_hand = before.name_by_hand and asked == before.layout
            # A worker that starts anew goes by the same file as before, which is no news.
            message = found.message if self.errands.tried_now else before.message
            found = replace(found, name_by_hand=by_hand, message=message)
        self._take(found, tell=found.message != before.message)
        if other:
            self._look_over()

    def _built(self, built: Built) -> None:
        if not self.state.building:
            return
        self._show(building=False, writing=False, share=1.0, result=built,
                   message=built.headline, tell=not built.offered)  # fmt: skip
        if built.offered:
            self._show(message=offer_words(self.state.name, built.offered), tell=True,
                       name=built.offered, name_by_hand=True)  # fmt: skip

    def _crashed(self, crash: Crashed) -> None:
        """Tell a fault of the program, and go on with the next file."""
        self._show_failure()
        self.errands.done()
        self._fault(crash, _FAULT)

    def _gone(self) -> None:
        """Tell that the process is gone, and start another, but not for ever."""
        self._show_failure()
        if self.state.crash is None or self.state.building:
            self._fault(Crashed(), _GONE)
        self.errands.stop()
        self.errands.done()
        self._tries += 1
        if self._tries <= _TRIES:
            self.errands.start(self.state.layout)

    def _show_failure(self) -> None:
        self._take(with_failure(self.state, self.errands.running))

    def _fault(self, crash: Crashed, message: str) -> None:
        self.errands.build = None
        self._show(building=False, writing=False, share=0.0, crash=crash,
                   message=message, tell=True)  # fmt: skip

    # What the worker is to do next.

    def _next(self) -> None:
        """Give the worker its next errand, if it is free."""
        match self.errands.run_next(self.state, self.settings.assigned):
            case LookAtFile(path):
                self._show(reading=path)
            case ProposeOutput():
                self._show(reading=None, proposing=True)
            case None if self.errands.idle and self.state.reading:
                self._show(reading=None)

    def _look_over(self) -> None:
        """Let all files be looked over once each has been looked at."""
        self.errands.proposal_due = True
        nothing = self.state.all_seen and not self.state.worth_a_proposal
        self._show(overall=None, proposed=None if nothing else self.state.proposed)
        self._next()

    def _restart(self) -> None:
        self.errands.stop()
        self.errands.proposal_due = True
        self.errands.start(self.state.layout)

    def _remember(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self._keep(self.settings)

    def _show(self, *, tell: bool = False, **changes: object) -> None:
        self._take(replace(self.state, **changes), tell=tell)  # type: ignore[arg-type]

    def _take(self, state: State, *, tell: bool = False) -> None:
        """Show a state; with `tell` its message is said to those who listen to the screen."""
        self.state = with_output(state)
        self.view.present(self.state)
        if tell:
            self.view.announce(self.state.message)

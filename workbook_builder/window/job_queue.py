"""What the worker is to do next: one job at a time, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbook_builder.window.messages import (
    AllowWriting,
    Answer,
    Assigned,
    BuildWorkbook,
    ChooseCouncil,
    Command,
    CopySample,
    DefinitionsLoaded,
    DescribeFigure,
    DescribeTable,
    EditDefinitions,
    LookAtFile,
    OpenInputs,
    Options,
    PreviewWorkbook,
    ProposeOutput,
    UseDefinitions,
    WriteWorklist,
)
from workbook_builder.window.state import State, layout_file, options_of

if TYPE_CHECKING:
    from workbook_builder.window.preview_sheet import FigurePlace


class WorkerProtocol(Protocol):
    """What reads and builds."""

    def start(self, layout: str = "") -> None:
        """Start, with a layout file if there is one; the first answer is DefinitionsLoaded."""

    def stop(self, folder: Path | None = None) -> None:
        """Stop at once, and remove what was left unfinished in a folder."""

    def send(self, command: Command) -> None:
        """Give a command."""

    def answers(self) -> Iterable[Answer]:
        """Return the answers that have come."""


class JobQueue:
    """The worker, the job that it is running, and those that wait.

    `build_due` is a build that was asked for; it only waits for the running job. `layout_due` is a
    layout file to try next, `layout_tried` the one being tried. `tried_on_request` says that a
    person asked for it, rather than that the worker starts. `preview_due` says that the preview is
    not of what is chosen now, `figure_due` which of its figures is to be described, `worklist_due`
    of which the children are to be listed; `council_due` is the council to be written down,
    `council_asked` the last that was. `edit_due` is a change of the person's own definitions,
    `table_due` the table that is to be described. With `copy_due` the sample is to be copied.
    """

    def __init__(self, worker: WorkerProtocol) -> None:
        self._worker = worker
        self._starting = False
        self._layout_used = ""
        self.running: Command | None = None
        self.build_due: Options | None = None
        self.layout_due = ""
        self.layout_tried = ""
        self.tried_on_request = False
        self.council_due = ""
        self.council_asked = ""
        self.copy_due = False
        self.edit_due: EditDefinitions | None = None
        self.table_due: DescribeTable | None = None
        self.proposal_due = False
        self.preview_due = False
        self.figure_due: FigurePlace | None = None
        self.worklist_due: FigurePlace | None = None

    @property
    def idle(self) -> bool:
        """Whether the worker is free."""
        return not (self._starting or self.running)

    def start(self, layout: str) -> None:
        """Start the worker with the layout, if that is a file."""
        self.layout_tried = layout_file(layout)
        self.running, self._starting = None, True
        self._worker.start(self.layout_tried)

    def stop(self) -> None:
        """Stop the worker and remove what it may have been writing."""
        folder = None
        if isinstance(self.running, BuildWorkbook):
            out = self.running.options.out
            folder = out.parent if out.suffix.lower() == ".xlsx" else out
        self._worker.stop(folder)

    def answers(self) -> Iterable[Answer]:
        """Return the answers that have come."""
        return self._worker.answers()

    def allow_writing(self) -> None:
        """Let the finished workbook be put in its place."""
        self._worker.send(AllowWriting())

    def finish_job(self) -> None:
        """Note that the worker is free again."""
        self.tried_on_request = isinstance(self.running, UseDefinitions)
        self.running, self._starting = None, False

    def definitions_changed(self, loaded: DefinitionsLoaded) -> bool:
        """Note which definitions the worker uses; tell whether it used others before."""
        tried_again = self.tried_on_request and loaded.layout == self.layout_tried != ""
        changed = loaded.renewed or tried_again or loaded.layout != self._layout_used
        self._layout_used, self.layout_tried = loaded.layout, ""
        return changed

    def choose_layout(self, layout: str) -> None:
        """Try a layout file next; one known by name cancels the file that is being tried."""
        self.layout_due = layout_file(layout)
        if not self.layout_due:
            self.layout_tried = ""

    def run_next(self, state: State, assigned: Assigned) -> Command | None:
        """Give the worker its next job, if it is free and there is one, and return it."""
        if not self.idle:
            return None
        self.running = self._next(state, assigned)
        if self.running:
            self._worker.send(self.running)
        return self.running

    def _next(self, state: State, assigned: Assigned) -> Command | None:
        if self.build_due:
            options, self.build_due = self.build_due, None
            return BuildWorkbook(options)
        if self.layout_due or layout_file(state.layout) != self._layout_used:
            self.layout_tried, self.layout_due = self.layout_due or layout_file(state.layout), ""
            return UseDefinitions(self.layout_tried)
        if self.council_due:
            self.council_asked, self.council_due = self.council_due, ""
            return ChooseCouncil(self.council_asked)
        if self.copy_due:
            self.copy_due = False
            return CopySample()
        if self.edit_due:
            edit, self.edit_due = self.edit_due, None
            return edit
        return self._next_file(state, assigned) or self._next_view(state, assigned)

    def _next_file(self, state: State, assigned: Assigned) -> Command | None:
        """Return what is to be done with the first file that has not been looked at."""
        for entry in state.entries:
            if not entry.opened:
                return OpenInputs(entry.path)
        for entry in state.entries:
            if entry.summary is None:
                return LookAtFile(entry.path, assigned)
        return None

    def _next_question(self) -> Command | None:
        """Return what a person wants to know of the preview that is shown."""
        if self.figure_due:
            place, self.figure_due = self.figure_due, None
            return DescribeFigure(place)
        table, self.table_due = self.table_due, None
        return table

    def _next_view(self, state: State, assigned: Assigned) -> Command | None:
        """Return what is to be found out of all files together, once each has been looked at."""
        if question := self._next_question():
            return question
        if not (state.layout and state.month_can_be_proposed):
            return None
        if self.worklist_due:
            place, self.worklist_due = self.worklist_due, None
            return WriteWorklist(options_of(state, assigned), place)
        if self.proposal_due:
            self.proposal_due = False
            return ProposeOutput(options_of(state, assigned))
        if self.preview_due:
            self.preview_due = False
            return PreviewWorkbook(options_of(state, assigned))
        return None

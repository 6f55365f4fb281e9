"""What the window does, without a window: it turns events into states to show.

A view shows the whole state each time it changes; a worker answers commands one at a time. Files
are looked at as soon as they are given, and a build waits for nothing but the file being read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_builder.edits import DefinitionsEdit
from workbook_builder.extracts.model import Assignment
from workbook_builder.figures import Limit, TypedText
from workbook_builder.months import Month
from workbook_builder.paths import SAMPLE, own_layouts, shipped
from workbook_builder.window.button_states import (
    build_blocked_by,
    can_cancel,
    can_change_files,
    can_list_children,
)
from workbook_builder.window.editing import (
    with_edit,
    with_failed_edit,
    with_saved_texts,
    with_text,
)
from workbook_builder.window.job_queue import JobQueue, WorkerProtocol
from workbook_builder.window.messages import (
    Answer,
    BuildFinished,
    BuildProgress,
    BuildWorkbook,
    Days,
    DefinitionsEdited,
    DefinitionsLoaded,
    DescribeTable,
    EditDefinitions,
    FigureDescribed,
    FileLookedAt,
    InputsOpened,
    LookAtFile,
    OpenInputs,
    Options,
    OutputProposed,
    PreviewWorkbook,
    ProfileRefused,
    ProposeOutput,
    ReadyToWrite,
    ReplaceAsked,
    SampleCopied,
    TableDescribed,
    WorkbookPreviewed,
    WorkerFault,
    WorkerGone,
    WorklistWritten,
)
from workbook_builder.window.result_text import result_summary
from workbook_builder.window.settings import RecentMonth, Settings, with_recent
from workbook_builder.window.state import (
    State,
    ViewProtocol,
    is_layout,
    layout_file,
    options_of,
    question_text,
    told,
    with_added,
    with_copied_sample,
    with_council,
    with_definitions,
    with_failed_command,
    with_file_summary,
    with_left_out,
    with_opened_inputs,
    with_proposal,
    with_proposed_output,
    with_removed,
    with_result,
    with_unread,
    with_worklist,
)
from workbook_builder.workbook_format import DECK_ENDING

if TYPE_CHECKING:
    from workbook_builder.window.preview_sheet import FigurePlace

_GONE = "The part of the program that reads and builds has stopped. Nothing was written."
_FAULT = "Something went wrong inside the program. Nothing was written."
#: How often a worker that is gone is started anew before it has said that it is ready.
_RESTARTS = 2


class Presenter:
    """The window's behaviour."""

    def __init__(
        self,
        view: ViewProtocol,
        worker: WorkerProtocol,
        settings: Settings,
        save: Callable[[Settings], None],
    ) -> None:
        self.view = view
        self.jobs = JobQueue(worker)
        self.settings = settings
        self.state = State(
            folder=settings.output_folder, layout=settings.layout, slides=settings.slides
        )
        self._save = save
        self._restarts = 0
        self._asked: Options | None = None
        self._is_taking = False
        self._unsaid: list[str] = []

    # What a person does.

    def start(self, paths: Sequence[Path]) -> None:
        """Begin, with the files that were given as arguments or dropped on the icon."""
        self.jobs.start(self.state.layout)
        self._show(message="Drop files to begin.")
        if paths:
            self.add(paths)

    def add(self, paths: Iterable[Path]) -> None:
        """Add files and folders to the list; a TOML file becomes the layout.

        One whose name says that it is a profile, or belongs to one, goes into the list too.
        """
        given = [Path(os.path.normpath(path.absolute())) for path in paths]
        if given:
            self._remember(input_folder=str(given[0].parent))
        layouts = [path for path in given if is_layout(path)]
        if layouts:
            self.choose_layout(str(layouts[-1]))
        extracts = [path for path in given if path not in layouts]
        if layouts and not extracts:
            return
        listed = {entry.given for entry in self.state.entries}
        new = [path for path in dict.fromkeys(extracts) if path not in listed]
        if not new:
            self._show(message="These files are already in the list.", announce=True)
            return
        if any(path.suffix.lower() == DECK_ENDING for path in new):
            self.choose_slides(True)  # last month's slides are given to be carried on
        self._present(with_added(self.state, new))
        self._propose_again()

    def try_sample(self) -> None:
        """Use the made-up extracts that come with the program."""
        folder = self.settings.input_folder
        self.add([shipped(SAMPLE)])
        self._remember(input_folder=folder)

    def open_recent(self, recent: RecentMonth) -> None:
        """Use the files and folders of an earlier time again."""
        self.add(map(Path, recent.paths))

    def remove(self, paths: Iterable[Path]) -> None:
        """Take files out of the list."""
        removed = set(paths)
        if not can_change_files(self.state) or removed.isdisjoint(self.state.names):
            return
        self._present(with_removed(self.state, removed))
        running = self.jobs.running
        if isinstance(running, LookAtFile | OpenInputs) and running.path in removed:
            self._restart()
        self._propose_again()

    def leave_out(self, path: Path, *, wanted: bool = True) -> None:
        """Build without a file that stays in the list, or with it again."""
        if not can_change_files(self.state):
            return
        self._present(with_left_out(self.state, path, wanted=wanted), announce=True)
        self._propose_again()

    def assign(self, path: Path, mark: str, assignment: Assignment | None) -> None:
        """Say what the sheets with certain headings hold; None takes it back. It is remembered."""
        assigned = {key: value for key, value in self.settings.assigned.items() if key != mark}
        if assignment:
            assigned[mark] = assignment
        self._remember(assigned=assigned)
        self._present(with_unread(self.state, path, mark))
        self._run_next()

    def ask_council(self, *, wanted: bool = True) -> None:
        """Ask whose workbooks these are, or no longer; it is never asked again by itself."""
        if not wanted:
            self._remember(council_asked=True)
        self._show(asking_council=wanted)

    def choose_council(self, name: str) -> None:
        """Write down whose workbooks these are; a name that nobody has is told."""
        if name.strip():
            self.jobs.council_due = name.strip()
            self._show(message=f"Writing the profile of {name.strip()}.")
            self._run_next()

    def choose_layout(self, name: str) -> None:
        """Choose a layout, by name or by its file; its own file name is proposed.

        A file is only chosen once it has been found to be a layout without errors.
        """
        self.jobs.choose_layout(name)
        if self.jobs.layout_due:
            self._show(message=f"Reading the layout {Path(name).name}.")
        else:
            self._remember(layout=name)
            self._show(layout=name, name_by_hand=False, refused=())
            self.jobs.preview_due = True
        self._run_next()

    def choose_previous(self, path: str) -> None:
        """Name last month's workbook; without a name it is the one in the list, if there is one."""
        named = Path(os.path.normpath(Path(path.strip()).absolute())) if path.strip() else None
        if named != self.state.previous:
            self._show(previous=named, previous_words="")
            self._propose_again()

    def choose_limit(self, limit: Limit | None) -> None:
        """Choose which small numbers are hidden; None is as the layout says."""
        self._show(suppress_under=limit)
        self._preview_again()

    def choose_slides(self, wanted: bool) -> None:
        """Choose whether slides are written beside the workbook; it is remembered."""
        self._remember(slides=wanted)
        self._show(slides=wanted)

    def choose_month(self, month: Month | None) -> None:
        """Choose the reporting month; None is the proposed one."""
        self._show(month=month)
        self._preview_again()

    def choose_covers(self, covers: Days | None) -> None:
        """Say which days all lists cover; None is as found in the files.

        A period that ends before it begins is not taken.
        """
        covers = None if covers == self.state.covered else covers
        if covers and covers[0] > covers[1]:
            message = "The period must end after it begins. It stays as it was."
            self._show(message=message, announce=True)
        elif covers != self.state.covers:
            self._show(covers=covers)
            self.jobs.proposal_due = True  # it may be another month
            self._preview_again()

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
        self._preview_again()

    def ask_about(self, place: FigurePlace) -> None:
        """Ask what a figure of the preview is and how it comes about."""
        self.jobs.figure_due = place
        self._run_next()

    def ask_about_table(self, table: str) -> None:
        """Ask which indicators a table of the preview has, and which it could have."""
        self.jobs.table_due = DescribeTable(table, self.state.layout)
        self._show(table=None)
        self._run_next()

    def write_text(self, typed: TypedText) -> None:
        """Take a text as it is being typed; `renew_preview` shows it in the preview."""
        updated = with_text(self.state, typed)
        if updated is not self.state:
            self.jobs.preview_due = True
            self._present(updated)

    def renew_preview(self) -> None:
        """Show in the preview what was typed."""
        self._run_next()

    def edit(self, edit: DefinitionsEdit | None) -> None:
        """Change the person's own definitions; None puts back what the last edit changed."""
        self.jobs.edit_due = EditDefinitions(edit, self.state.layout)
        message = "Saving." if edit else "Putting it back."
        self._show(edited=None, table=None, message=message)
        self._run_next()

    def copy_sample(self) -> None:
        """Copy the sample into the person's own folder, and use the copy, which can be changed."""
        self.jobs.copy_due = True
        self._show(message="Copying the sample.")
        self._run_next()

    def list_children(self) -> None:
        """Write the list of the children behind the chosen figure, and open it."""
        if self.state.figure and can_list_children(self.state):
            self.jobs.worklist_due = self.state.figure.place
            self._show(message="Listing the children behind the figure.", worklist_problems=(),
                       announce=True)  # fmt: skip
            self._run_next()

    def build(self) -> None:
        """Build the workbook from the files as they are now."""
        if not build_blocked_by(self.state):
            self._build(options_of(self.state, self.settings.assigned))

    def _build(self, options: Options) -> None:
        self.jobs.build_due = self._asked = options
        self._show(building=True, writing=False, share=0.0, result=None, crash=None, question=None,
                   message="Building the workbook.", announce=True)  # fmt: skip
        self._run_next()

    def replace_fuller(self) -> None:
        """Build, and replace the file that is there; a backup of it is kept."""
        if self.state.question:
            options = options_of(self.state, self.settings.assigned)
            self._build(options._replace(replace_fuller=True))

    def keep_both(self) -> None:
        """Build under another name, beside the file that is there."""
        if question := self.state.question:
            self._show(name=question.other, name_by_hand=True)
            self.build()

    def keep_old(self) -> None:
        """Leave the file as it is and build nothing."""
        if self.state.question:
            message = "Nothing was written. The file is as it was."
            self._show(question=None, message=message, announce=True)

    def cancel(self) -> None:
        """Stop building; nothing is written."""
        if not (self.state.building and can_cancel(self.state)):
            return
        if isinstance(self.jobs.running, BuildWorkbook):
            self._restart()
        self.jobs.build_due = None
        self._show(building=False, share=0.0, message="Stopped. Nothing was written.",
                   announce=True)  # fmt: skip
        self._run_next()

    def open_workbook(self) -> None:
        """Open the finished workbook."""
        if self.state.result and self.state.result.written:
            self.view.open(self.state.result.written)

    def open_slides(self) -> None:
        """Open the finished slides."""
        if self.state.result and self.state.result.slides:
            self.view.open(self.state.result.slides)

    def open_folder(self) -> None:
        """Open the folder of the finished workbook."""
        if self.state.result and self.state.result.written:
            self.view.open(self.state.result.written.parent)

    def open_log(self) -> None:
        """Open the log of the last fault."""
        if self.state.crash and self.state.crash.log:
            self.view.open(self.state.crash.log)

    def open_own_layouts(self) -> None:
        """Open the person's own folder of layouts, which is made if it is not there yet."""
        self.view.open(own_layouts())

    def folder_of_layouts(self) -> Path:
        """Return where to look for a layout's file: beside the chosen one, or among their own."""
        chosen = layout_file(self.state.layout)
        return Path(chosen).parent if chosen else own_layouts()

    def copy_summary(self) -> None:
        """Copy what came of building."""
        if self.state.result:
            self.view.copy(result_summary(self.state.result, self.state.lists))
            self._show(message="The summary is copied.", announce=True)

    def close(self) -> None:
        """Stop everything."""
        self.jobs.stop()

    # What the worker answers.

    def listen(self) -> None:
        """Take the answers that have come."""
        for answer in self.jobs.answers():
            self._is_taking = True
            try:
                self._take_answer(answer)
            finally:
                self._is_taking = False
            self._tell_view()

    def _take_answer(self, answer: Answer) -> None:
        match answer:
            case BuildProgress(doing, share):
                self._show(doing=doing, share=max(share, self.state.share))
                return
            case ReadyToWrite():
                self._show(writing=True)
                self.jobs.allow_writing()
                return
            case WorkerFault():
                self._fail_job()
                self.jobs.finish_job()
                self._end_build(answer, _FAULT)
                self._run_next()
                return
            case WorkerGone():
                self._replace_worker()
                self._run_next()
                return
        self.jobs.finish_job()
        match answer:
            case DefinitionsLoaded() | ProfileRefused():
                self._take_definitions(answer)
            case InputsOpened():
                updated = with_opened_inputs(self.state, answer)
                self._present(updated, announce=updated.message != self.state.message)
                self._propose_again()
            case FileLookedAt():
                updated = with_file_summary(self.state, answer)
                self._present(updated, announce=updated.all_looked_at)
                self._propose_again()
            case OutputProposed() if self.jobs.proposal_due:  # the files have changed since
                self._show(proposing=False)
            case OutputProposed():
                updated = with_proposal(self.state, answer)
                self._present(updated, announce=updated.message != self.state.message)
            case (
                WorkbookPreviewed() | FigureDescribed() | TableDescribed() | DefinitionsEdited()
                | SampleCopied() | WorklistWritten()
            ):  # fmt: skip
                self._take_view(answer)
            case BuildFinished():
                self._finish_build(answer)
            case ReplaceAsked() if self.state.building:
                self._show(building=False, writing=False, share=0.0, question=answer,
                           message=question_text(answer))  # fmt: skip
        self._run_next()

    def _take_definitions(self, loaded: DefinitionsLoaded | ProfileRefused) -> None:
        if isinstance(loaded, ProfileRefused):
            self._show(message=told(loaded.problems), announce=True)
            return
        self._restarts = 0
        asked, before = self.jobs.layout_tried, self.state
        changed = self.jobs.definitions_changed(loaded)
        updated = with_definitions(before, loaded, asked, changed=changed)
        if asked and updated.layout == asked:
            self._remember(layout=asked)
            if not self.jobs.tried_on_request:
                # A worker that starts anew uses the same file as before, which is no news.
                updated = replace(updated, message=before.message)
        if loaded.renewed:
            self._remember(council_asked=True)
        updated = with_council(
            updated, loaded, self.jobs.council_asked, ask=not self.settings.council_asked
        )
        self._present(updated, announce=updated.message != before.message)
        if changed:
            self._propose_again()

    def _take_view(
        self,
        answer: WorkbookPreviewed | FigureDescribed | TableDescribed | DefinitionsEdited
        | SampleCopied | WorklistWritten,
    ) -> None:  # fmt: skip
        """Take what belongs to the preview; what was edited is shown in a new one."""
        match answer:
            case WorkbookPreviewed():
                self._take_preview(answer)
            case FigureDescribed():
                self._show(figure=answer)
            case TableDescribed():
                self._show(table=answer)
            case DefinitionsEdited():
                self._present(with_edit(self.state, answer), announce=True)
                self.jobs.preview_due |= answer.loaded is not None
            case SampleCopied(None, problems):
                self._show(message=told(problems), announce=True)
            case SampleCopied(Path() as folder):
                updated = with_copied_sample(self.state, shipped(SAMPLE), folder)
                self._present(updated, announce=True)
                self._propose_again()
            case WorklistWritten():
                self._take_worklist(answer)

    def _take_preview(self, previewed: WorkbookPreviewed) -> None:
        """Show a preview, unless what it was made of has changed since."""
        if self.jobs.preview_due or self.jobs.proposal_due:
            self._show(previewing=False)
            return
        is_first = self.state.preview is None
        given = tuple(dict.fromkeys(entry.given for entry in self.state.entries))
        if previewed.month and previewed.sheets and shipped(SAMPLE) not in given:
            recent = with_recent(self.settings.recent, previewed.month.label, given)
            self._remember(recent=recent)
        if self.state.figure:  # which stays chosen, and may be another now
            self.jobs.figure_due = self.jobs.figure_due or self.state.figure.place
        self._show(preview=previewed, previewing=False)
        if is_first and previewed.sheets and not self.state.building:
            self.view.announce("The preview is ready.")

    def _take_worklist(self, listed: WorklistWritten) -> None:
        """Open a list of children, or say that there is none and why."""
        if listed.written:
            self.view.open(listed.written)
        self._present(with_worklist(self.state, listed), announce=True)

    def _finish_build(self, built: BuildFinished) -> None:
        if self.state.building:
            self.state = with_saved_texts(self.state, self._asked, built)
            self._present(with_result(self.state, built), announce=True)

    def _fail_job(self) -> None:
        """Note that the program failed at what it was doing."""
        failed = with_failed_command(self.state, self.jobs.running)
        editing = isinstance(self.jobs.running, EditDefinitions)
        self._present(with_failed_edit(failed) if editing else failed)

    def _replace_worker(self) -> None:
        """Tell that the worker's process is gone, and start another, but not for ever."""
        self._fail_job()
        if self.state.crash is None or self.state.building:
            self._end_build(WorkerFault(), _GONE)
        self.jobs.stop()
        self.jobs.finish_job()
        self._restarts += 1
        if self._restarts <= _RESTARTS:
            self.jobs.start(self.state.layout)

    def _end_build(self, crash: WorkerFault, message: str) -> None:
        """End a build, if there is one, by a fault of the program."""
        self.jobs.build_due = None
        self._show(building=False, writing=False, share=0.0, crash=crash,
                   message=message, announce=True)  # fmt: skip

    # What the worker is to do next.

    def _run_next(self) -> None:
        """Give the worker its next job, if it is free."""
        match self.jobs.run_next(self.state, self.settings.assigned):
            case LookAtFile(path):
                self._show(reading=path)
            case ProposeOutput():
                self._show(reading=None, proposing=True)
            case PreviewWorkbook():
                self._show(reading=None, previewing=True)
            case None if self.jobs.idle and self.state.reading:
                self._show(reading=None)

    def _propose_again(self) -> None:
        """Let the month be proposed anew once each file has been looked at."""
        self.jobs.proposal_due = self.jobs.preview_due = True
        nothing = self.state.all_looked_at and not self.state.month_can_be_proposed
        self._show(combined_problems=None, preview=None, figure=None,
                   proposed=None if nothing else self.state.proposed)  # fmt: skip
        self._run_next()

    def _preview_again(self) -> None:
        """Let the preview be made anew; the one that is shown stays until then."""
        self.jobs.preview_due = True
        self._run_next()

    def _restart(self) -> None:
        self.jobs.stop()
        self.jobs.proposal_due = self.jobs.preview_due = True
        self.jobs.start(self.state.layout)

    def _remember(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self._save(self.settings)

    def _show(self, *, announce: bool = False, **changes: object) -> None:
        self._present(replace(self.state, **changes), announce=announce)  # type: ignore[arg-type]

    def _present(self, state: State, *, announce: bool = False) -> None:
        """Show a state; with `announce` its message is said to screen readers.

        What an answer of the worker changes is shown once, when all of it is done.
        """
        self.state = with_proposed_output(state)
        if announce:
            self._unsaid.append(self.state.message)
        if not self._is_taking:
            self._tell_view()

    def _tell_view(self) -> None:
        unsaid, self._unsaid = self._unsaid, []
        self.view.present(self.state)
        for words in unsaid:
            self.view.announce(words)

"""The process that reads and builds for the window, so that the window always answers.

The window's side is a WorkerProcess; in the process, a WorkerServer answers one command at a time.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from workbook_builder.atomic_write import remove_unfinished
from workbook_builder.crash_log import write_crash_log
from workbook_builder.window.messages import (
    Answer,
    Assigned,
    BuildProgress,
    BuildWorkbook,
    ChooseCouncil,
    Command,
    CopySample,
    DefinitionsEdited,
    DefinitionsLoaded,
    DescribeFigure,
    DescribeTable,
    EditDefinitions,
    FigureDescribed,
    FileLookedAt,
    InputsOpened,
    LookAtFile,
    OpenInputs,
    Options,
    PreviewWorkbook,
    ProfileRefused,
    ProposeOutput,
    ReadyToWrite,
    ReplaceAsked,
    SampleCopied,
    TableDescribed,
    UseDefinitions,
    WorkbookPreviewed,
    WorkerFault,
    WorkerGone,
    WorklistWritten,
    WriteWorklist,
)

if TYPE_CHECKING:
    from workbook_builder.build_workbook import PreparedWorkbook
    from workbook_builder.request import Progress, Request
    from workbook_builder.window.preview_sheet import FigurePlace
    from workbook_builder.workspace import Stamps

T = TypeVar("T")

#: How long a process may take to stop by itself, in seconds.
_STOP_SECONDS = 0.5


class WorkerProcess:
    """The worker as the window sees it: it takes commands, gives answers, and can be stopped."""

    def __init__(self, start_method: str = "spawn") -> None:
        self._context: Any = multiprocessing.get_context(start_method)
        self._process: Any = None
        self._pipe: Connection | None = None

    def start(self, layout: str = "") -> None:
        """Start the process, with a layout file if there is one; it sends DefinitionsLoaded."""
        self._pipe, other_end = self._context.Pipe()
        self._process = self._context.Process(target=work, args=(other_end, layout), daemon=True)
        self._process.start()
        other_end.close()

    def stop(self, folder: Path | None = None) -> None:
        """Stop the process at once, and remove what it left unfinished in a folder."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(_STOP_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_STOP_SECONDS)
        if self._pipe:
            self._pipe.close()
        if folder:
            remove_unfinished(folder, self._process.pid)
        self._process = self._pipe = None

    def send(self, command: Command) -> None:
        """Give a command; a process that is gone is noticed when its answers are fetched."""
        try:
            if self._pipe:
                self._pipe.send(command)
        except OSError:
            pass

    def answers(self) -> Iterator[Answer]:
        """Yield the next answer if one has come; WorkerGone if the process has ended.

        Further ones wait: to show many at once would take so long that the window would not answer
        meanwhile. How far a build is, is only told if nothing has come after it.
        """
        try:
            while self._pipe and self._pipe.poll():
                answer = self._pipe.recv()
                if not (isinstance(answer, BuildProgress) and self._pipe.poll()):
                    yield answer
                    return
        except (EOFError, OSError):
            self._pipe = None
            yield WorkerGone()


def work(pipe: Connection, layout: str = "") -> None:
    """Answer commands until the window is gone."""
    gc.set_threshold(50_000)  # a build makes many objects and hardly any cycles
    try:
        server = _guarded(pipe, lambda: WorkerServer(pipe, layout))
        while server:
            while not pipe.poll() and _guarded(pipe, server.work_ahead):
                pass
            _guarded(pipe, partial(server.answer, pipe.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        pass


def _guarded(pipe: Connection, do: Callable[[], T]) -> T | None:
    """Do something; a fault of the program is logged and told, and the process lives on."""
    try:
        return do()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as fault:  # the outermost guard of this process
        pipe.send(WorkerFault(write_crash_log(fault)))
        return None


class WorkerServer:
    """Answers the commands. What is heavy is imported here, not in the window."""

    def __init__(self, pipe: Connection, layout: str) -> None:
        from workbook_builder.definitions.load_definitions import DEFAULT_LAYOUT, known_definitions
        from workbook_builder.edit_definitions import Edited
        from workbook_builder.extracts.file_cache import FileCache
        from workbook_builder.extracts.read_extracts import ReadFiles
        from workbook_builder.window import view_models
        from workbook_builder.workspace import Workspace

        self._pipe = pipe
        self._view_models = view_models
        self._files: ReadFiles = FileCache()
        self._workspace = Workspace(self._files, keeps=True)
        #: What can be done before anybody asks for it.
        self._ahead: list[Callable[[], object]] = []
        self._shipped = self._definitions = known_definitions()
        self._layout = ""
        self._prepared: tuple[Request, Stamps, PreparedWorkbook] | None = None
        #: The last edit of the person's own definitions, which can be put back.
        self._edited = Edited({})
        #: The TOML files that were dropped with the extracts.
        self._dropped: tuple[Path, ...] = ()
        #: The layout of the last preview.
        self._layout_asked = DEFAULT_LAYOUT
        self._use_definitions(layout)
        self._ahead = [_import_stages, self._measures_ahead, self._try_ahead]

    def work_ahead(self) -> bool:
        """Do one thing of those that a preview will need; tell whether there was any."""
        if self._ahead:
            self._ahead.pop(0)()
            return True
        return False

    def _measures_ahead(self) -> None:
        self._workspace.measures(self._request_ahead())

    def _try_ahead(self) -> None:
        self._workspace.try_measures(self._request_ahead())

    def _request_ahead(self) -> Request:
        """Return a request with the definitions that the next preview will most likely use."""
        from workbook_builder.request import Request

        return Request(self._dropped, self._layout_asked)

    def answer(self, command: Command) -> None:
        """Do what a command says, and send the answer."""
        match command:
            case OpenInputs(path):
                self._open_inputs(path)
            case LookAtFile(path, assigned):
                self._look_at_file(path, assigned)
            case UseDefinitions(layout):
                self._use_definitions(layout)
            case ChooseCouncil(authority):
                self._choose_council(authority)
            case ProposeOutput(options):
                self._propose_output(options)
            case PreviewWorkbook(options):
                self._preview_workbook(options)
            case DescribeFigure(place):
                self._describe_figure(place)
            case DescribeTable():
                self._describe_table(command)
            case EditDefinitions():
                self._edit_definitions(command)
            case CopySample():
                self._copy_sample()
            case WriteWorklist(options, place):
                self._write_worklist(options, place)
            case BuildWorkbook(options):
                self._build_workbook(options)

    def _open_inputs(self, path: Path) -> None:
        from workbook_builder.definitions.load_definitions import (
            DEFAULT_LAYOUT,
            definitions_among,
            known_definitions,
        )
        from workbook_builder.extracts.inputs import find_files

        inputs = find_files([path])
        definitions = definitions_among([path])
        found = (*inputs.value, *definitions)
        files = tuple(Path(os.path.normpath(file.absolute())) for file in found)
        if not set(definitions) <= set(self._dropped):
            self._dropped = tuple(dict.fromkeys((*self._dropped, *definitions)))
            self._definitions = known_definitions(self._layout or DEFAULT_LAYOUT, self._dropped)
            self._ahead = [_import_stages, self._measures_ahead, self._try_ahead]
        problems = tuple(map(self._view_models.shown_problem, inputs.problems))
        authority = self._view_models.authority_name(self._definitions.value)
        self._pipe.send(InputsOpened(path, files, problems, authority))

    def _look_at_file(self, path: Path, assigned: Assigned) -> None:
        from workbook_builder.record_sources import look

        definitions = self._definitions.value
        if path in self._dropped:
            summary = self._view_models.definitions_summary(path, self._definitions)
            self._pipe.send(FileLookedAt(path, summary))
            return
        sheets = look(path, definitions, assigned, self._files, self._layout)
        summary = self._view_models.file_summary(sheets.value, sheets.problems, definitions)
        self._pipe.send(FileLookedAt(path, summary))

    def _use_definitions(self, layout: str) -> None:
        from workbook_builder.definitions.load_definitions import known_definitions
        from workbook_builder.problems import has_errors

        asked = known_definitions(layout, self._dropped) if layout else self._shipped
        refused = asked if layout and has_errors(asked.problems) else None
        if refused is None:
            self._layout, self._definitions = layout, asked
        self._pipe.send(self._view_models.definitions_loaded(
            self._shipped.value, self._definitions, self._layout, refused
        ))  # fmt: skip

    def _choose_council(self, authority: str) -> None:
        from workbook_builder.own_definitions import choose_authority

        written = choose_authority(authority)
        if written.value is None:
            problems = tuple(map(self._view_models.shown_problem, written.problems))
            self._pipe.send(ProfileRefused(problems))
            return
        self._pipe.send(self._loaded_anew()._replace(renewed=True))

    def _propose_output(self, options: Options) -> None:
        from workbook_builder.record_sources import look_over

        overview = self._workspace.look_over(_request(options)) or look_over(
            options.inputs, options.previous, self._definitions.value, options.assigned,
            self._files, self._layout, options.without, options.covers,
        )  # fmt: skip
        self._pipe.send(self._view_models.output_proposed(overview.value, overview.problems))

    def _preview_workbook(self, options: Options) -> None:
        from workbook_builder.build_workbook import plan_of
        from workbook_builder.window.editable import sentences
        from workbook_builder.window.preview import preview_sheets
        from workbook_builder.window.preview_sheet import PreviewSheets

        self._layout_asked = options.layout
        prepared = self._prepare(_request(options), self._on_progress)
        plan = plan_of(prepared)
        outcome, built = prepared.outcome, prepared.built
        self._pipe.send(WorkbookPreviewed(
            outcome.month,
            PreviewSheets(preview_sheets(plan) if plan else ()),
            self._view_models.shown_problems(outcome.problems),
            built is not None and built.measures.definitions.council.worklists,
            prepared.lists,
            sentences(plan, built) if plan and built else (),
        ))  # fmt: skip

    def _write_worklist(self, options: Options, place: FigurePlace) -> None:
        from workbook_builder.build_workbook import worklist
        from workbook_builder.request import WorklistRequest

        folder = options.out if options.out.is_dir() else options.out.parent
        request = replace(_request(options), out=folder, month=place.month, slides=None)
        asked = WorklistRequest((place.measure,), place.team)
        outcome = worklist(request, asked, lambda progress: None, self._workspace)
        problems = self._view_models.shown_problems(outcome.problems)
        self._pipe.send(WorklistWritten(outcome.written, problems))

    def _describe_figure(self, place: FigurePlace) -> None:
        from workbook_builder.window.editable import editable_indicator
        from workbook_builder.window.preview import figure_page

        built = self._prepared[2].built if self._prepared else None
        page = figure_page(place, built) if built else ""
        indicator = editable_indicator(place.measure, built) if built else None
        self._pipe.send(FigureDescribed(place, page, indicator))

    def _describe_table(self, asked: DescribeTable) -> None:
        from workbook_builder.window.editable import table_described

        built = self._prepared[2].built if self._prepared else None
        table = table_described(asked.table, built) if built else None
        self._pipe.send(table or TableDescribed(asked.table, (), (), ""))

    def _edit_definitions(self, asked: EditDefinitions) -> None:
        """Write an edit, or put back what the last one changed, and load the definitions anew."""
        from workbook_builder.edit_definitions import Edited, edit_definitions
        from workbook_builder.window.editable import edited_words

        edit = asked.edit
        if edit:
            edited = edit_definitions(edit, asked.layout, self._dropped)
            faults = edited.faults
            if not faults:
                self._edited = edited
        else:
            edited = self._edited
            fault = edited.put_back()
            faults = {"": fault} if fault else {}
            self._edited = Edited({})
        loaded = None if faults else self._loaded_anew()
        words = edited_words(edit, edited.file, self._definitions.value) if loaded else ""
        self._pipe.send(DefinitionsEdited(edit, words, faults, loaded, bool(edit) and not faults))

    def _copy_sample(self) -> None:
        """Copy the sample; its definitions are those of the copy from then on."""
        from workbook_builder.edit_definitions import is_sample
        from workbook_builder.own_definitions import copy_sample

        copied = copy_sample()
        if copied.value:
            self._dropped = tuple(file for file in self._dropped if not is_sample(file))
        problems = tuple(map(self._view_models.shown_problem, copied.problems))
        self._pipe.send(SampleCopied(copied.value, problems))

    def _loaded_anew(self) -> DefinitionsLoaded:
        """Load the definitions again, after one of the person's own was changed."""
        from workbook_builder.definitions.load_definitions import DEFAULT_LAYOUT, known_definitions

        self._shipped = known_definitions()
        self._definitions = known_definitions(self._layout or DEFAULT_LAYOUT, self._dropped)
        return self._view_models.definitions_loaded(
            self._shipped.value, self._definitions, self._layout, None
        )

    def _prepare(
        self, request: Request, on_progress: Callable[[Progress], None]
    ) -> PreparedWorkbook:
        """Prepare a workbook, unless it is the one that was prepared last, of the same files."""
        from workbook_builder.build_workbook import prepare
        from workbook_builder.workspace import file_stamps, stamp_of

        # Slides and the answer to a question only matter when it is written.
        wanted = replace(request, slides=None, replace_fuller=False)
        stamps = file_stamps(request)
        if request.out:
            stamps[request.out] = stamp_of(request.out)
        if self._prepared and self._prepared[:2] == (wanted, stamps):
            return replace(self._prepared[2], request=request)
        self._prepared = None
        prepared = prepare(request, on_progress, self._workspace)
        self._prepared = (wanted, stamps, prepared)
        return prepared

    def _build_workbook(self, options: Options) -> None:
        from workbook_builder.atomic_write import free_name_beside, is_locked
        from workbook_builder.build_workbook import write_prepared

        prepared = self._prepare(_request(options), self._on_progress)
        loss = prepared.loss
        if loss and not options.replace_fuller and not prepared.outcome.failed:
            other = free_name_beside(loss.path).name
            self._pipe.send(ReplaceAsked(loss.path.name, loss.before, loss.after, other))
            return
        outcome = write_prepared(prepared, self._on_progress)
        self._prepared = None  # the workbook now stands where the next one is to go
        built = self._view_models.build_finished(outcome, self._definitions.value)
        if not built.written and is_locked(options.out):
            built = built._replace(offered=free_name_beside(options.out).name)
        self._pipe.send(built)

    def _on_progress(self, progress: Progress) -> None:
        from workbook_builder.request import Step

        self._pipe.send(BuildProgress(progress.doing, progress.done / progress.total))
        if progress.step is Step.WRITING:
            self._pipe.send(ReadyToWrite())
            self._pipe.recv()  # nothing is put in its place before the window says so


def _request(options: Options) -> Request:
    """Return the request of a build; what is open in another program is left to the person."""
    from workbook_builder.figures import Recalculation
    from workbook_builder.request import Request

    return Request(
        inputs=options.inputs,
        layout=options.layout,
        month=options.month,
        out=options.out,
        assigned=options.assigned,
        previous=options.previous,
        recalculate=Recalculation((), options.since) if options.recalculate else None,
        suppress_under=options.suppress_under,
        beside_if_locked=False,
        slides=options.deck,
        replace_fuller=options.replace_fuller,
        without=options.without,
        covers=options.covers,
        typed=options.typed,
    )


def _import_stages() -> None:
    """Import what a preview needs, which takes a while."""
    from workbook_builder import build_workbook, workspace  # noqa: F401
    from workbook_builder.window import preview  # noqa: F401

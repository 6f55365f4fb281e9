"""The process that reads and builds for the window, so that the window always answers.

The window's side is a Worker; the other side answers one command at a time.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from workbook_builder.atomic_write import clear_parts
from workbook_builder.cli.process import keep_log, seldom_collected
from workbook_builder.window.messages import (
    Answer,
    BuildWorkbook,
    Command,
    Crashed,
    Going,
    Gone,
    GoOn,
    LookAtFile,
    Looked,
    MayWrite,
    Opened,
    OpenInputs,
    Options,
    ProposeOutput,
    UseDefinitions,
)

if TYPE_CHECKING:
    from workbook_builder.request import Progress, Request

T = TypeVar("T")

#: How long a process may take to stop by itself, in seconds.
_PATIENCE = 0.5


class WorkerProcess:
    """The worker as the window sees it: commands go in, answers come out, it can be stopped."""

    def __init__(self) -> None:
        self._spawn = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._pipe: Connection | None = None

    def start(self, layout: str = "") -> None:
        """Start the process, with a layout file if there is one; it first says what it knows."""
        self._pipe, other = self._spawn.Pipe()
        self._process = self._spawn.Process(target=work, args=(other, layout), daemon=True)
        self._process.start()
        other.close()

    def stop(self, folder: Path | None = None) -> None:
        """Stop the process, whatever it does, and clear what it left unfinished in a folder."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_PATIENCE)
        if self._pipe:
            self._pipe.close()
        if folder:
            clear_parts(folder, self._process.pid)
        self._process = self._pipe = None

    def send(self, command: Command) -> None:
        """Give a command; a process that is gone is noticed when its answers are fetched."""
        try:
            if self._pipe:
                self._pipe.send(command)
        except OSError:
            pass

    def answers(self) -> Iterator[Answer]:
        """Yield the answers that have come; a process that is gone answers with that."""
        try:
            while self._pipe and self._pipe.poll():
                yield self._pipe.recv()
        except (EOFError, OSError):
            self._pipe = None
            yield Gone()


def work(pipe: Connection, layout: str = "") -> None:
    """Answer commands until the window is gone."""
    try:
        desk = _guarded(pipe, lambda: _Desk(pipe, layout))
        while desk:
            command = pipe.recv()
            _guarded(pipe, partial(desk.answer, command))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        pass


def _guarded(pipe: Connection, do: Callable[[], T]) -> T | None:
    """Do something; a fault of the program is logged and told, and the process lives on."""
    try:
        return do()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as fault:  # the outermost guard of this process
        pipe.send(Crashed(keep_log(fault)))
        return None


class _Desk:
    """Where the commands are answered. What is heavy is imported here, not in the window."""

    def __init__(self, pipe: Connection, layout: str) -> None:
        from workbook_builder.definitions.load_definitions import known_definitions
        from workbook_builder.extracts.file_cache import FileCache
        from workbook_builder.extracts.read_extracts import ReadFiles
        from workbook_builder.window import view_models

        self.pipe = pipe
        self.words = view_models
        self.cache: ReadFiles = FileCache()
        self.shipped = self.known = known_definitions()
        self.layout = ""
        self.use(layout)

    def answer(self, command: Command) -> None:
        match command:
            case OpenInputs(path):
                self.open(path)
            case LookAtFile(path, assigned):
                self.look(LookAtFile(path, assigned))
            case UseDefinitions(layout):
                self.use(layout)
            case ProposeOutput(wishes):
                self.propose(wishes)
            case BuildWorkbook(wishes):
                self.build(wishes)
            case GoOn():
                pass

    def open(self, path: Path) -> None:
        from workbook_builder.extracts.inputs import find_files

        found = find_files([path])
        faults = tuple(map(self.words.fault_of, found.problems))
        files = tuple(Path(os.path.normpath(file.absolute())) for file in found.value)
        self.pipe.send(Opened(path, files, faults))

    def use(self, layout: str) -> None:
        from workbook_builder.definitions.load_definitions import known_definitions
        from workbook_builder.problems import has_errors

        found = known_definitions(layout) if layout else self.shipped
        refused = found if layout and has_errors(found.problems) else None
        if refused is None:
            self.layout, self.known = layout, found
        self.pipe.send(self.words.known_of(self.shipped.value, self.known, self.layout, refused))

    def look(self, look: LookAtFile) -> None:
        from workbook_builder.preview import look as look_at

        definitions = self.known.value
        found = look_at(look.path, definitions, look.assigned, self.cache, self.layout)
        seen = self.words.file_seen(found.value, found.problems, definitions)
        self.pipe.send(Looked(look.path, seen))

    def propose(self, wishes: Options) -> None:
        from workbook_builder.preview import look_over

        found = look_over(
            wishes.inputs, wishes.previous, self.known.value, wishes.assigned, self.cache,
            self.layout,
        )  # fmt: skip
        self.pipe.send(self.words.proposed_of(found.value, found.problems))

    def build(self, wishes: Options) -> None:
        from workbook_builder.atomic_write import beside, is_locked
        from workbook_builder.build_workbook import build

        with seldom_collected():
            outcome = build(_request(wishes), self.on_progress, self.cache)
        built = self.words.built_of(outcome, self.known.value)
        offered = beside(wishes.out).name if not built.written and is_locked(wishes.out) else ""
        self.pipe.send(replace(built, offered=offered))

    def on_progress(self, progress: Progress) -> None:
        from workbook_builder.request import Step

        self.pipe.send(Going(progress.doing, progress.done / progress.total))
        if progress.step is Step.WRITING:
            self.pipe.send(MayWrite())
            self.pipe.recv()  # nothing is put in its place before the window says so


def _request(wishes: Options) -> Request:
    from workbook_builder.figures import Recalculation
    from workbook_builder.request import Request

    return Request(
        inputs=wishes.inputs,
        layout=wishes.layout,
        month=wishes.month,
        out=wishes.out,
        assigned=wishes.assigned,
        previous=wishes.previous,
        recalculate=Recalculation((), wishes.since) if wishes.recalculate else None,
        suppress_under=wishes.suppress_under,
        beside_if_locked=False,  # the person is asked
    )

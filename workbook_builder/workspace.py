"""Load what a run is made of, and keep it for the runs that follow.

A workspace loads the definitions and tries the SQL of their measures, and reads the records into a
store. The command line has one for each run. The window keeps one: a preview of another month, or
the build after it, takes the records as they are, until a file or the definitions change. That
measures have been tried out is known to all workspaces of a process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import (
    definitions_among,
    known_definitions,
    layout_named,
)
from workbook_builder.extracts.inputs import find_files
from workbook_builder.measures.prepare import BoundMeasures, bind_measures, validate_in_background
from workbook_builder.problem_catalogue import NOTHING_READ
from workbook_builder.problems import Problem, Result, has_errors
from workbook_builder.record_sources import (
    AnySource,
    Loaded,
    Overview,
    RecordSource,
    folders_of,
    overview_of,
    sort_request,
    source_of,
)
from workbook_builder.request import Request
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.join_returns import year_ended_by

#: The size of each file in bytes and the time of its last change, None of one that is not there.
Stamps = dict[Path, tuple[int, int] | None]

OnFile = Callable[[str], None]


class _Sound:
    """Knows the measures that were tried out last on an engine without a problem."""

    def __init__(self) -> None:
        self._measures: BoundMeasures | None = None

    def note(self, measures: BoundMeasures) -> None:
        self._measures = measures

    def knows(self, measures: BoundMeasures) -> bool:
        """Tell whether all measures to be tried were tried, the very same."""
        return bool(self._measures and self._measures.try_all_of(measures))


_SOUND = _Sound()


class _MeasureAtFault(Exception):
    """A measure was found to be at fault while files were read."""


@dataclass(frozen=True)
class _Records:
    """Records that were loaded for a request, with the definitions and files that they are of."""

    request: Request
    stamps: Stamps
    definitions: Definitions
    store: DuckDBStore
    loaded: Result[Loaded | None]


class Workspace:
    """Gives runs their measures and their records; one that `keeps` them gives them again."""

    def __init__(self, source: AnySource = None, *, keeps: bool = False) -> None:
        self._source, self._keeps = source, keeps
        self._measures: tuple[Request, Stamps, Result[BoundMeasures | None]] | None = None
        self._trial: Thread | None = None
        self._records: _Records | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the records."""
        if self._records:
            self._records.store.__exit__(None, None, None)
            self._records = None

    def measures(self, request: Request) -> Result[BoundMeasures | None]:
        """Load all definitions and the layout asked for, the SQL of its measures bound.

        None, with the problems, where something that the layout needs is at fault.
        """
        wanted = Request(definitions_among(request.inputs), request.layout)
        stamps = _definition_stamps(wanted) if self._keeps else {}
        before = self._measures if self._keeps else None
        if before and before[:2] == (wanted, stamps):
            return before[2]
        source = source_of(request, self._source)
        bound = _load_measures(request, source)
        self._measures = (wanted, stamps, bound)
        return bound

    def try_measures(self, request: Request) -> None:
        """Begin to try the SQL of a layout's measures out, before there is anything to count."""
        measures = self.measures(request).value
        if measures and not measures.is_faulty and not self._are_sound(measures):
            self._trial = Thread(target=self._try, args=(measures,), daemon=True)
            self._trial.start()

    def _try(self, measures: BoundMeasures) -> None:
        with DuckDBStore(measures.definitions.datasets) as store:
            if not measures.problems(store):
                _SOUND.note(measures)

    def records(
        self, request: Request, measures: BoundMeasures, on_file: OnFile
    ) -> Result[Loaded | None]:
        """Read the inputs into a store, while the SQL of the measures is tried out beside it.

        What is at fault in a measure comes first; then nothing is said of the inputs, and there are
        no records. An error among other problems means that nothing may be counted. `on_file` hears
        the name of each file before it is read.
        """
        if measures.is_faulty:
            with DuckDBStore(measures.definitions.datasets) as store:
                return Result(None, measures.problems(store))
        wanted = _records_wanted(request)
        stamps = file_stamps(request) if self._keeps else {}
        kept = self._records
        definitions = measures.definitions
        is_same = kept and (kept.request, kept.stamps) == (wanted, stamps)
        if kept and is_same and kept.definitions is definitions:
            return kept.loaded
        self.close()
        store = DuckDBStore(definitions.datasets)
        try:
            loaded = self._load(request, measures, store, on_file)
        except BaseException:
            store.__exit__(None, None, None)
            raise
        self._records = _Records(wanted, stamps, definitions, store, loaded)
        return loaded

    def look_over(self, request: Request) -> Result[Overview] | None:
        """Say what all files are together; None where the definitions are at fault.

        That there is nothing to build from is only said of a build.
        """
        measures = self.measures(request).value
        if measures is None:
            return None
        records = self.records(request, measures, lambda name: None)
        if records.value is None:
            return None
        problems = tuple(each for each in records.problems if each.kind is not NOTHING_READ)
        return Result(overview_of(records.value, request.covers), problems)

    def _load(
        self, request: Request, measures: BoundMeasures, store: DuckDBStore, on_file: OnFile
    ) -> Result[Loaded | None]:
        """Read and load; the trial of the measures goes on meanwhile, unless it is over already."""
        source = source_of(request, self._source)
        if self._are_sound(measures):
            inputs = sort_request(request, measures.definitions, on_file)
            loaded = source.load(inputs.value, measures.definitions, store, on_file)
            return Result(loaded.value, (*inputs.problems, *loaded.problems))
        problems: tuple[Problem, ...] = ()
        value: Loaded | None = None
        with validate_in_background(measures, store.trial()) as validation:

            def hear(name: str) -> None:
                if validation.has_failed:
                    raise _MeasureAtFault
                on_file(name)

            try:
                inputs = sort_request(request, measures.definitions, hear)
                loaded = source.load(inputs.value, measures.definitions, store, hear)
                problems, value = (*inputs.problems, *loaded.problems), loaded.value
            except _MeasureAtFault:
                pass
            tried = validation.problems()
        if has_errors(tried):
            return Result(None, tried)
        if not tried:
            _SOUND.note(measures)
        return Result(value, (*tried, *problems))

    def _are_sound(self, measures: BoundMeasures) -> bool:
        """Tell whether all measures to be tried were tried before, the very same.

        Waits for a trial that has begun.
        """
        if self._trial:
            self._trial.join()
            self._trial = None
        return _SOUND.knows(measures)


def _load_measures(request: Request, source: RecordSource) -> Result[BoundMeasures | None]:
    known = known_definitions(request.layout, request.inputs)
    if has_errors(known.problems):
        return Result(None, known.problems)
    named = layout_named(str(request.layout), known.value)
    if named.value is None:
        return Result(None, (*known.problems, *named.problems))
    definitions, layout = source.adjusted(known.value, named.value)
    return Result(bind_measures(definitions, layout), known.problems)


def _records_wanted(request: Request) -> Request:
    """Return what of a request its records depend on; the rest is as in any other."""
    covers = request.covers if year_ended_by(request.covers) else None
    return replace(
        request, month=None, out=None, written=None, suppress_under=None, covers=covers,
        slides=None, replace_fuller=False, beside_if_locked=True, typed=(),
    )  # fmt: skip


def _definition_stamps(request: Request) -> Stamps:
    """Return what tells whether definitions have changed: the stamps of all TOML files."""
    files = [file for folder in folders_of(request.layout) for file in folder.rglob("*.toml")]
    return {file: stamp_of(file) for file in (*files, *definitions_among(request.inputs))}


def file_stamps(request: Request) -> Stamps:
    """Return what tells whether a file has changed, of all that records are read from."""
    previous = (request.previous,) if request.previous else ()
    files = (*find_files(request.inputs).value, *previous)
    return _definition_stamps(request) | {file: stamp_of(file) for file in files}


def stamp_of(file: Path) -> tuple[int, int] | None:
    """Return the size of a file and the time of its last change; None if it is not there."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns

"""Files in, typed records of each dataset out; every fault is a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.columns.kept import Kept
from workbook_builder.columns.table import Records
from workbook_builder.columns.values import Column, Values
from workbook_builder.definitions.datasets import CodeList, Dataset
from workbook_builder.definitions.statutory_returns import StatutoryReturn
from workbook_builder.extracts._adapter import opened
from workbook_builder.extracts.assigned import (
    Assignments,
    assigned_note,
    likely_headings,
    recognise_assigned,
)
from workbook_builder.extracts.duplicates import Part
from workbook_builder.extracts.headings import (
    choose_columns,
    recognise,
    stated_period,
    with_snapshot_day,
)
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.mixed import councils_named, mixed_up, several_councils
from workbook_builder.extracts.model import Grid, Headings, Sheet
from workbook_builder.extracts.published import (
    NO_STATISTICS,
    Published,
    read_published,
    together_published,
)
from workbook_builder.extracts.records import ReadRecords, read_records
from workbook_builder.extracts.shelf import Shelf
from workbook_builder.extracts.spells import joined
from workbook_builder.extracts.standards import (
    Match,
    Reading,
    held_from,
    limits_of,
    readings_of,
    recognise_standard,
)
from workbook_builder.extracts.together import Extracts, Room, all_put_together
from workbook_builder.fingerprints import Fingerprint
from workbook_builder.names import distinct_names
from workbook_builder.problem_catalogue import NOT_A_STATISTIC
from workbook_builder.problem_catalogue import STATISTIC_KINDS as STATISTIC_FAULTS
from workbook_builder.problems import Problem, Result, Where
from workbook_builder.statistics.published import NeighbourSet, StatisticFile


@dataclass(frozen=True, eq=False)
class _Read:
    """One sheet, its records if it was recognised, and the problems met in it."""

    sheet: Sheet
    records: Kept | None
    problems: tuple[Problem, ...]
    reading: Reading | None = None
    published: StatisticFile | NeighbourSet | None = None
    councils: tuple[str, frozenset[str]] = ("", frozenset())


@dataclass(frozen=True, eq=False)
class _File:
    """The sheets of one file, and what file it was."""

    sheets: list[_Read]
    fingerprint: Fingerprint


@dataclass(frozen=True)
class Known:
    """The definitions by which sheets are read, and what a person said of some."""

    datasets: Mapping[str, Dataset]
    codes: Mapping[str, CodeList]
    standards: Mapping[str, StatutoryReturn]
    published: Published = NO_STATISTICS
    assigned: Assignments = field(default_factory=dict)


class Files(Shelf[Known, Result[_File]]):
    """Files as they were read, for a later reading of the same ones."""

    def weight(self, made: Result[_File]) -> int:
        """Return the bytes that the records of a file take."""
        return sum(part.kept.size for part in _parts(made.value.sheets))


def read_extracts(
    inputs: Sequence[Path],
    datasets: Mapping[str, Dataset],
    on_file: Callable[[str], None],
    codes: Mapping[str, CodeList] | None = None,
    standards: Mapping[str, StatutoryReturn] | None = None,
    published: Published = NO_STATISTICS,
) -> Result[Extracts]:
    """Read files and folders of extracts by these definitions, as `read_all` does."""
    known = Known(datasets, codes or {}, standards or {}, published)
    return read_all(inputs, known, on_file, Files())


def read_all(
    inputs: Sequence[Path], known: Known, on_file: Callable[[str], None], shelf: Files
) -> Result[Extracts]:
    """Read files and folders of extracts; `on_file` hears the name of each file before it is read.

    Sheets are recognised by their headings alone, those of standard returns first. Records of one
    dataset are put together in the order of the inputs. Published statistics may stand among them.
    What a person assigned to a row of headings goes before what they say. Files on the shelf are
    not read again.
    """
    files = find_files(inputs)
    problems = list(files.problems)
    names = distinct_names((*files.value, *known.published.kept))
    shelf.keep_only(names)
    kept = _kept(known, shelf, names)
    reads: list[tuple[str, _File]] = []
    problems += kept.problems
    room = Room(known.datasets)
    for path in files.value:
        on_file(path.name)
        read = _called(names[path], shelf.get(path, known, _read_file))
        for part in _parts(read.value.sheets):
            room.take(part.dataset, part.kept)
        beyond = room.lacking(names[path])
        if beyond:
            problems.append(beyond)
            break  # all that follows would only take more
        reads.append((names[path], read.value))
        problems += read.problems
    sheets = _joined([sheet for _, file in (*kept.value, *reads) for sheet in file.sheets])
    parts = _parts(sheets)
    councils = several_councils([(read.sheet, *read.councils) for read in sheets])
    mixed = (*mixed_up(parts, known.datasets), *councils)
    together = all_put_together(parts, known.datasets)
    statistics = together_published(read.published for read in sheets)
    prints = {name: file.fingerprint for name, file in (*reads, *kept.value)}
    found = Extracts(together.value, tuple(read.sheet for read in sheets), statistics, prints)
    return Result(found, (*problems, *together.problems, *mixed))


def _parts(reads: Iterable[_Read]) -> list[Part]:
    """Return the sheets that have records."""
    return [Part(read.sheet, read.records) for read in reads if read.records is not None]


def look_at(path: Path, known: Known, shelf: Files) -> Result[tuple[Sheet, ...]]:
    """Say what each sheet of one file is, and put what is read of it on the shelf."""
    read = shelf.get(path, known, _read_file)
    return Result(tuple(one.sheet for one in read.value.sheets), read.problems)


def _called(name: str, read: Result[_File]) -> Result[_File]:
    """Call a file by another name than its own, if that does not tell it from others."""
    sheets = [_sheet_called(name, one) for one in read.value.sheets]
    problems = tuple(_problem_called(name, one) for one in read.problems)
    return Result(replace(read.value, sheets=sheets), problems)


def _sheet_called(name: str, read: _Read) -> _Read:
    if read.sheet.file == name:
        return read
    unknown = tuple(replace(one, file=name) for one in read.sheet.unknown)
    return replace(
        read,
        sheet=replace(read.sheet, file=name, unknown=unknown),
        problems=tuple(_problem_called(name, one) for one in read.problems),
        published=replace(read.published, file=name) if read.published else None,
    )


def _problem_called(name: str, problem: Problem) -> Problem:
    return replace(problem, where=replace(problem.where, file=name))


def _kept(known: Known, shelf: Files, names: Mapping[Path, str]) -> Result[list[tuple[str, _File]]]:
    """Read the files that are kept with the layouts; what is no statistics is a problem."""
    reads: list[tuple[str, _File]] = []
    problems: list[Problem] = []
    for path in known.published.kept:
        read = _called(names[path], shelf.get(path, known, _read_file))
        used = [one for one in read.value.sheets if one.published]
        reads.append((names[path], replace(read.value, sheets=used)))
        if used or any(one.kind in STATISTIC_FAULTS for one in read.problems):
            problems += read.problems
        else:
            what = "no sheet of it holds published statistics."
            problems.append(Problem(NOT_A_STATISTIC, what, Where(names[path]), "File left out."))
    return Result(reads, tuple(problems))


def _read_file(path: Path, known: Known) -> Result[_File]:
    return _sheets_and_fingerprint(path, known)


def _sheets_and_fingerprint(path: Path, known: Known) -> Result[_File]:
    file = opened(path)
    read = _sheets_of(file.sheets, known)
    return Result(_File(read.value, file.fingerprint), read.problems)


def _sheets_of(filled: list[Grid] | Problem, known: Known) -> Result[list[_Read]]:
    if isinstance(filled, Problem):
        return Result([], (filled,))
    reads = _bounded([read for grid in filled for read in _read_sheet(grid, known)])
    if any(read.sheet.dataset or read.sheet.standard for read in reads):
        reads = [_as_side_sheet(read) for read in reads]
    # Where several datasets are read of one sheet, they meet the same faults in it.
    used = {read.sheet.sheet for read in reads if read.sheet.dataset or read.sheet.standard}
    notes = [note for grid in filled if grid.sheet in used for note in grid.notes]
    problems = dict.fromkeys([*notes, *(one for read in reads for one in read.problems)])
    return Result(reads, tuple(problems))


def _read_sheet(grid: Grid, known: Known) -> list[_Read]:
    said = recognise_assigned(grid, known.datasets, known.assigned)
    if isinstance(said, Headings):
        read = _read_as(grid, said, known)
        return [replace(read, problems=(assigned_note(grid, said), *read.problems))]
    if said:
        return [_not_read(grid, said)]
    taken = read_published(grid, known.published)
    if taken:
        sheet = Sheet(grid.file, grid.sheet, standard=taken.title)
        return [_Read(sheet, None, taken.problems, published=taken.content)]
    match = recognise_standard(grid, known.standards)
    if isinstance(match, Match):
        return _read_standard(grid, match, known)
    found = match or recognise(grid, known.datasets)
    if isinstance(found, Problem):
        return [_not_read(grid, found)]
    return [_read_as(grid, found, known)]


def _not_read(grid: Grid, problem: Problem) -> _Read:
    row = likely_headings(grid)
    headings = row.texts if row else ()
    return _Read(Sheet(grid.file, grid.sheet, headings=headings), None, (problem,))


def _read_standard(grid: Grid, match: Match, known: Known) -> list[_Read]:
    """Read every dataset that a standard's table gives; one that gives none is a sheet as well."""
    readings = readings_of(grid, match, known.datasets)
    problems = (*limits_of(grid, match), *readings.problems)
    reads = [_read_one(reading, match, known) for reading in readings.value]
    if not reads:
        return [_Read(Sheet(grid.file, grid.sheet, standard=match.title), None, problems)]
    if any(read.sheet.rows_kept for read in reads):
        reads = [_perhaps_blank(read) for read in reads]
    return [replace(reads[0], problems=(*problems, *reads[0].problems)), *reads[1:]]


def _read_one(reading: Reading, match: Match, known: Known) -> _Read:
    given = reading.given
    read = _read_as(reading.grid, reading.headings, known)
    sheet = replace(read.sheet, standard=match.title, latest_only=given.latest_only)
    return replace(read, sheet=sheet, reading=reading)


def _perhaps_blank(read: _Read) -> _Read:
    """What is filled now and then may be blank throughout in a table that gives other records."""
    if not (read.reading and read.reading.given.where_filled):
        return read
    problems = tuple(one for one in read.problems if one.kind is not catalogue.NO_RECORDS)
    return replace(read, problems=problems)


def _read_as(grid: Grid, found: Headings, known: Known) -> _Read:
    chosen = choose_columns(grid, found)
    if chosen.value is None:
        return _Read(Sheet(grid.file, grid.sheet), None, chosen.problems)
    headings = with_snapshot_day(grid, chosen.value)
    records = read_records(grid, headings, known.codes)
    sheet = _summary(grid, headings, records.value)
    problems = (*chosen.problems, *records.problems)
    councils = councils_named(grid, headings)
    return _Read(sheet, Kept.of(records.value.records), problems, councils=councils)


def _summary(grid: Grid, headings: Headings, read: ReadRecords) -> Sheet:
    first, last = _day_range(headings.dataset, read.records)
    return Sheet(
        file=grid.file,
        sheet=grid.sheet,
        dataset=headings.dataset.name,
        recognised_by=tuple(headings.heading(column) for column in headings.positions),
        rows_read=read.rows_read,
        rows_kept=len(read.records),
        first_day=first,
        last_day=last,
        stated=stated_period(grid, headings),
        unknown=read.unknown,
        columns=(*headings.positions, *headings.constants),
    )


def _day_range(dataset: Dataset, records: Records) -> tuple[date | None, date | None]:
    clock = _clock(dataset)
    if clock is None or not len(records):
        return None, None
    days = _filled(records.columns[clock])
    return days.min().item(), days.max().item()


def _filled(days: Column) -> npt.NDArray[np.datetime64]:
    assert isinstance(days, Values)  # as all days are
    return days.filled()


def _clock(dataset: Dataset) -> str | None:
    return next((name for name in dataset.date_columns if name in dataset.required), None)


def _bounded(reads: list[_Read]) -> list[_Read]:
    """Say of each sheet of a file from when on it holds everything, by the last day of them all."""
    days = [day for read in reads if read.reading for day in _days(read)]
    return [
        replace(read, sheet=replace(read.sheet, held_from=held_from(read.reading.given, days)))
        if read.reading
        else read
        for read in reads
    ]


def _days(read: _Read) -> list[date]:
    if read.records is None or not read.reading:
        return []
    clock = _clock(read.reading.headings.dataset)
    days: list[date] = np.unique(_filled(read.records.column(clock))).tolist() if clock else []
    return days


def _joined(reads: Sequence[_Read]) -> list[_Read]:
    """Join rows that follow on from one another, also from one file to the next."""
    groups: dict[tuple[str, str], dict[int, tuple[Records, Reading]]] = {}
    for at, read in enumerate(reads):
        if read.reading and read.reading.joins and read.records is not None:
            key = (read.sheet.standard, read.sheet.dataset)
            groups.setdefault(key, {})[at] = (read.records.records(), read.reading)
    found = list(reads)
    for parts in groups.values():
        for at, records in zip(parts, joined(list(parts.values())), strict=True):
            sheet = replace(reads[at].sheet, rows_kept=len(records))
            found[at] = replace(reads[at], sheet=sheet, records=Kept.of(records))
    return found


def _as_side_sheet(read: _Read) -> _Read:
    """In a workbook with extracts, a sheet that resembles none is only worth a note."""
    if not any(problem.kind is catalogue.NOT_RECOGNISED for problem in read.problems):
        return read
    where = Where(read.sheet.file, read.sheet.sheet)
    what = "the sheet has no headings of a known extract."
    note = Problem(catalogue.SHEET_NOT_USED, what, where, "Sheet left out.")
    return replace(read, problems=(note,))

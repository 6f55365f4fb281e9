"""Read a file of extracts: what each of its sheets is, and the typed records of known datasets.

A sheet is what a person said it is, else published statistics, else a table of a statutory return,
else the dataset that its headings fit best. Every fault is a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import CodeList, Dataset, GivenDataset, StatutoryReturn
from workbook_builder.extracts.column_types import Factorized, tidied
from workbook_builder.extracts.end_columns import find_end_columns
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.headings import (
    Assignments,
    Headings,
    assigned_note,
    choose_columns,
    is_of_headings,
    likely_headings,
    recognise,
    recognise_assigned,
    stated_period,
    with_snapshot_day,
)
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.published_statistics import NeighbourSet, StatisticFile
from workbook_builder.extracts.records import SheetRecords, read_records
from workbook_builder.extracts.statistics_files import KnownStatistics, read_statistics
from workbook_builder.extracts.statutory_returns import (
    Match,
    held_from,
    limits_of,
    readings_of,
    recognise_standard,
)
from workbook_builder.names import same_name
from workbook_builder.paths import Fingerprint
from workbook_builder.problems import Problem, Where
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.read_file import read_file as read_grids
from workbook_builder.readers.return_xml import XmlShape

#: So many tables of one sheet are read.
_MOST_TABLES = 100
#: Headings under which extracts name the council that works with a child.
_COUNCIL_HEADINGS = frozenset(
    map(same_name, ("LA", "LA code", "LA name", "Local Authority", "Local Authority Code",
                    "Local Authority Name", "Council", "Council Name", "Responsible LA"))
)  # fmt: skip


@dataclass(frozen=True)
class ExtractDefinitions:
    """The definitions by which sheets are read, and what a person said of some."""

    datasets: Mapping[str, Dataset]
    codes: Mapping[str, CodeList] = field(default_factory=dict)
    standards: Mapping[str, StatutoryReturn] = field(default_factory=dict)
    statistics: KnownStatistics = field(default_factory=KnownStatistics)
    assigned: Assignments = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class ReadSheet:
    """One sheet, its records if it was recognised, and the problems met in it.

    `given` says how a table of a statutory return gives the dataset, `new_rows` where a new record
    begins if its rows are to be joined. `councils` is the heading of a column
    that names councils, if there is one, and the names in it.
    """

    sheet: Sheet
    records: SheetRecords | None = None
    problems: tuple[Problem, ...] = ()
    given: GivenDataset | None = None
    new_rows: frozenset[int] = frozenset()
    statistics: StatisticFile | NeighbourSet | None = None
    councils: tuple[str, frozenset[str]] = ("", frozenset())


@dataclass(frozen=True, eq=False)
class ReadFile:
    """The sheets of one file, the problems met in it, and what file it was."""

    sheets: tuple[ReadSheet, ...]
    problems: tuple[Problem, ...]
    fingerprint: Fingerprint

    def size(self) -> int:
        """Return the bytes of memory that the records take."""
        return sum(one.records.size() for one in self.sheets if one.records is not None)


#: Files as they were read, for a later reading of the same ones.
ReadFiles = FileCache[ExtractDefinitions, ReadFile]


def read_file(path: Path, name: str, definitions: ExtractDefinitions, cache: ReadFiles) -> ReadFile:
    """Read a file, or take it from the cache; `name` tells it from others of its name."""
    file = cache.get(path, definitions, _read_file)
    sheets = tuple(_renamed_sheet(sheet, name) for sheet in file.sheets)
    return replace(file, sheets=sheets, problems=_renamed(file.problems, name))


def _renamed_sheet(read: ReadSheet, name: str) -> ReadSheet:
    if read.sheet.file == name:
        return read
    unknown = tuple(replace(value, file=name) for value in read.sheet.unknown)
    return replace(
        read,
        sheet=replace(read.sheet, file=name, unknown=unknown),
        problems=_renamed(read.problems, name),
        statistics=replace(read.statistics, file=name) if read.statistics else None,
    )


def _renamed(problems: Sequence[Problem], name: str) -> tuple[Problem, ...]:
    return tuple(replace(one, where=replace(one.where, file=name)) for one in problems)


def _read_file(path: Path, definitions: ExtractDefinitions) -> ReadFile:
    file = read_grids(path, xml_shapes(definitions.standards))
    if isinstance(file.grids, Problem):
        return ReadFile((), (file.grids,), file.fingerprint)
    sheets: list[ReadSheet] = []
    notes_of: dict[str, tuple[Problem, ...]] = {}
    while file.grids:  # each is let go when it has been read
        grid = file.grids.pop(0)
        sheets += _read_sheet(grid, definitions)
        notes_of[grid.sheet] = grid.notes
        del grid
    sheets = _with_held_from(sheets, file.fingerprint.day)
    if any(one.sheet.dataset or one.sheet.standard for one in sheets):
        sheets = [_as_side_sheet(one) for one in sheets]
    # Where several datasets are read of one sheet, they meet the same faults in it.
    used = {one.sheet.sheet for one in sheets if one.sheet.dataset or one.sheet.standard}
    notes = [note for sheet, notes in notes_of.items() if sheet in used for note in notes]
    problems = dict.fromkeys([*notes, *(problem for one in sheets for problem in one.problems)])
    return ReadFile(tuple(sheets), tuple(problems), file.fingerprint)


def xml_shapes(standards: Mapping[str, StatutoryReturn]) -> tuple[XmlShape, ...]:
    """Return how the XML of the returns that have one is cut into tables."""
    return tuple(
        XmlShape(one.xml.root, one.xml.child, one.xml.shared, one.given_headings)
        for one in standards.values()
        if one.xml
    )


def _read_sheet(grid: Grid, definitions: ExtractDefinitions) -> list[ReadSheet]:
    """Read a sheet as what it is; a table of a return may give several datasets."""
    assigned = recognise_assigned(grid, definitions.datasets, definitions.assigned)
    if isinstance(assigned, Headings):
        read = _read_as(grid, assigned, definitions)
        return [replace(read, problems=(assigned_note(grid, assigned), *read.problems))]
    if assigned:
        return [_not_read(grid, assigned)]
    statistics = read_statistics(grid, definitions.statistics)
    if statistics:
        sheet = Sheet(grid.file, grid.sheet, standard=statistics.title)
        return [ReadSheet(sheet, problems=statistics.problems, statistics=statistics.content)]
    match = recognise_standard(grid, definitions.standards, definitions.datasets)
    if isinstance(match, Match):
        return _read_return(grid, match, definitions)
    headings = match or recognise(grid, definitions.datasets)
    if isinstance(headings, Problem):
        return [_not_read(grid, headings)]
    return _read_tables(grid, headings, definitions)


def _read_tables(
    grid: Grid, headings: Headings, definitions: ExtractDefinitions
) -> list[ReadSheet]:
    """Read a sheet, and where other headings begin below, each table by its own."""
    read = _read_as(grid, headings, definitions)
    tables: list[ReadSheet] = []
    while begin := _next_table(grid, read, definitions.datasets):
        above, grid = grid.cut(begin)
        note = Problem(
            catalogue.SEVERAL_TABLES, "another table begins here.", grid.where((begin,)),
            "Read by its own headings.",
        )  # fmt: skip
        table = _read_as(above, headings, definitions)
        tables.append(replace(table, problems=(*table.problems, note)))
        following = recognise(grid, definitions.datasets)
        if isinstance(following, Problem) or len(tables) == _MOST_TABLES:
            what = f"the sheet has more than {_MOST_TABLES} tables."
            problem = Problem(catalogue.NOT_RECOGNISED, what, grid.where((begin,)), "Left out.")
            return [*tables, _not_read(grid, problem)]
        headings = following
        read = _read_as(grid, headings, definitions)
    return [*tables, read]


def _next_table(grid: Grid, read: ReadSheet, datasets: Mapping[str, Dataset]) -> int:
    """Return the row in which other headings stand among what gives no record; 0 if in none."""
    rows = read.records.no_records if read.records else ()
    return next((number for number in rows if is_of_headings(grid.row(number), datasets)), 0)


def _not_read(grid: Grid, problem: Problem) -> ReadSheet:
    row = likely_headings(grid)
    return ReadSheet(
        Sheet(grid.file, grid.sheet, headings=row.texts if row else ()), problems=(problem,)
    )


def _read_return(grid: Grid, match: Match, definitions: ExtractDefinitions) -> list[ReadSheet]:
    """Read every dataset that a table of a return gives; one that gives none is a sheet as well."""
    readings = readings_of(grid, match, definitions.datasets)
    problems = (*limits_of(grid, match), *readings.problems)
    sheets: list[ReadSheet] = []
    for reading in readings.value:
        read = _read_as(reading.grid, reading.headings, definitions)
        latest_only = reading.given.latest_only
        sheet = replace(read.sheet, standard=match.title, latest_only=latest_only, headings=())
        sheets.append(replace(read, sheet=sheet, given=reading.given, new_rows=reading.new))
    if not sheets:
        return [ReadSheet(Sheet(grid.file, grid.sheet, standard=match.title), problems=problems)]
    if any(not _describes(one) for one in sheets):
        # They met the same faults.
        sheets = [replace(one, problems=()) if _describes(one) else one for one in sheets]
    elif sheets:
        sheets = [
            replace(one, problems=_without(one.problems, catalogue.NO_RECORDS)) for one in sheets
        ]
    if any(one.sheet.rows_kept for one in sheets):
        # What is filled now and then may be blank throughout in a table that gives other records.
        sheets = [
            replace(one, problems=_without(one.problems, catalogue.NO_RECORDS))
            if one.given and one.given.where_filled
            else one
            for one in sheets
        ]
    return [replace(sheets[0], problems=(*problems, *sheets[0].problems)), *sheets[1:]]


def _describes(read: ReadSheet) -> bool:
    """Tell whether a sheet only describes what stands in others."""
    return read.records is not None and read.records.dataset.describes


def shown_sheets(sheets: Iterable[Sheet], datasets: Mapping[str, Dataset]) -> tuple[Sheet, ...]:
    """Return sheets for people: what only describes others is nothing that is read of a sheet."""
    shown: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in sheets:
        of_file = shown.setdefault((sheet.file, sheet.sheet), [])
        known = datasets.get(sheet.dataset)
        describes = known is not None and known.describes
        of_file.append(replace(sheet, dataset="", columns=(), cells={}) if describes else sheet)
    return tuple(
        one
        for of_file in shown.values()
        for one in ([sheet for sheet in of_file if sheet.dataset] or of_file[:1])
    )


def _without(problems: Sequence[Problem], kind: object) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.kind is not kind)


def _read_as(grid: Grid, headings: Headings, definitions: ExtractDefinitions) -> ReadSheet:
    """Read a sheet as the dataset that its headings name."""
    chosen = choose_columns(grid, headings)
    if chosen.value is None:
        return ReadSheet(Sheet(grid.file, grid.sheet), problems=chosen.problems)
    ends = find_end_columns(grid, chosen.value)
    headings = with_snapshot_day(grid, ends.headings)
    read = read_records(grid, headings, definitions.codes)
    if cut := [problem for problem in read.problems if problem.kind is catalogue.CUT_OFF]:
        return _not_read(grid, cut[0])
    records = read.value
    clock = _clock(headings.dataset, records)
    days = records.filled(clock) if clock else np.array([], "datetime64[s]")
    sheet = Sheet(
        file=grid.file,
        sheet=grid.sheet,
        dataset=headings.dataset.name,
        title=headings.dataset.title,
        recognised_by=tuple(headings.heading(column) for column in headings.positions),
        rows_read=records.rows_read,
        rows_kept=len(records),
        first_day=days.min().item().date() if len(days) else None,
        last_day=days.max().item().date() if len(days) else None,
        stated=stated_period(grid, headings),
        unknown=records.unknown,
        columns=(*headings.positions, *headings.constants),
        ends_in_doubt=ends.in_doubt,
        cells=records.cells,
    )
    row = likely_headings(grid)
    if row and row.number == headings.row:  # else they could not be known again
        sheet = replace(sheet, headings=row.texts)
    problems = (*chosen.problems, *ends.problems, *read.problems)
    return ReadSheet(sheet, records, problems, councils=_councils_named(grid, headings))


def _councils_named(grid: Grid, headings: Headings) -> tuple[str, frozenset[str]]:
    """Return the heading of a sheet's column of councils, if it has one, and the councils in it."""
    for place, text in enumerate(headings.texts):
        if same_name(text) in _COUNCIL_HEADINGS:
            cells = grid.cells.loc[headings.row + 1 :, place].to_numpy()
            texts = tidied(Factorized.of(cells)).categories
            return text, frozenset(filter(None, map(same_name, texts)))
    return "", frozenset()


def _clock(dataset: Dataset, records: SheetRecords) -> str | None:
    """Return the date that every record of a dataset has, else the first that a sheet has."""
    dates = [name for name in dataset.event_dates if name in records.columns]
    return next((name for name in dates if name in dataset.required), next(iter(dates), None))


def _with_held_from(sheets: list[ReadSheet], written: date | None) -> list[ReadSheet]:
    """Say of each sheet of a file from when on it holds everything, by the last day of them all."""
    days: list[date] = []
    ends: list[date] = []
    for one in sheets:
        if one.records is not None and one.records.dataset.describes:
            continue
        clock = _clock(one.records.dataset, one.records) if one.given and one.records else None
        if clock and one.given and one.records:
            days += one.records.filled(clock).astype("datetime64[D]").tolist()
            end = next((last for first, last in one.records.dataset.in_order if first == clock), "")
            if one.given.continues and end in one.records.columns:
                cells = one.records.columns[end].cells
                ends += cells[~pd.isna(cells)].astype("datetime64[D]").tolist()
    held = {
        number: held_from(one.given, days, ends, written)
        for number, one in enumerate(sheets)
        if one.given
    }
    return [
        replace(one, sheet=replace(one.sheet, held_from=held[number])) if number in held else one
        for number, one in enumerate(sheets)
    ]


def _as_side_sheet(read: ReadSheet) -> ReadSheet:
    """In a workbook with extracts, a sheet that resembles none is only worth a note."""
    if not any(problem.kind is catalogue.NOT_RECOGNISED for problem in read.problems):
        return read
    where = Where(read.sheet.file, read.sheet.sheet)
    what = "the sheet has no headings of a known extract."
    note = Problem(catalogue.SHEET_NOT_USED, what, where, "Sheet left out.")
    return replace(read, problems=(note,))

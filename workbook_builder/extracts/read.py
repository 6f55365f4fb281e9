"""Files in, typed records of each dataset out; every fault is a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from workbook_builder.definitions.codes import CodeList
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts import kinds
from workbook_builder.extracts.content import Content, content_of
from workbook_builder.extracts.duplicates import Part, put_together
from workbook_builder.extracts.headings import choose_columns, recognise, stated_period
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.model import Extracts, Grid, Headings, Sheet
from workbook_builder.extracts.records import Records, read_records
from workbook_builder.extracts.text_files import read_text_file
from workbook_builder.extracts.workbooks import damaged, locked, read_workbook
from workbook_builder.problems import Problem, Result, Where


@dataclass(frozen=True, eq=False)
class _Read:
    """One sheet, its records if it was recognised, and the problems met in it."""

    sheet: Sheet
    records: pd.DataFrame | None
    problems: tuple[Problem, ...]


def read_extracts(
    inputs: Sequence[Path],
    datasets: Mapping[str, Dataset],
    on_file: Callable[[str], None],
    codes: Mapping[str, CodeList] | None = None,
) -> Result[Extracts]:
    """Read files and folders of extracts; `on_file` hears the name of each file before it is read.

    Sheets are recognised by their headings alone. Records of one dataset are put together in the
    order of the inputs.
    """
    files = find_files(inputs)
    problems = list(files.problems)
    sheets: list[_Read] = []
    for path in files.value:
        on_file(path.name)
        read = _read_file(path, datasets, codes or {})
        sheets += read.value
        problems += read.problems
    together = _put_together(sheets, datasets)
    found = Extracts(together.value, tuple(read.sheet for read in sheets))
    return Result(found, (*problems, *together.problems))


def _read_file(
    path: Path, datasets: Mapping[str, Dataset], codes: Mapping[str, CodeList]
) -> Result[list[_Read]]:
    grids = _grids(path)
    if isinstance(grids, Problem):
        return Result([], (grids,))
    filled = [grid for grid in grids if not _is_empty(grid)]
    if not filled:
        return Result([], (_empty(path),))
    reads = [_read_sheet(grid, datasets, codes) for grid in filled]
    if any(read.sheet.dataset for read in reads):
        reads = [_as_side_sheet(read) for read in reads]
    return Result(reads, tuple(problem for read in reads for problem in read.problems))


def _grids(path: Path) -> tuple[Grid, ...] | Problem:
    """Read the cells of a file by what it holds."""
    try:
        content = path.read_bytes()
    except OSError:
        what = "the file cannot be opened."
        return Problem(kinds.CANNOT_OPEN, what, Where(path.name), "File left out.")
    if not content:
        return _empty(path)
    kind, name = content_of(content)
    if kind is Content.TEXT:
        grid = read_text_file(path.name, content)
        return grid if isinstance(grid, Problem) else (grid,)
    if kind is Content.WORKBOOK:
        return read_workbook(path.name, content)
    return _unusable(path.name, kind, name)


def _unusable(file: str, kind: Content, name: str) -> Problem:
    if kind is Content.LOCKED_WORKBOOK:
        return locked(file)
    if kind is Content.BROKEN_WORKBOOK:
        return damaged(file)
    if kind is Content.WEB_PAGE:
        what = "the file is a web page, whatever its name says."
        return Problem(kinds.WEB_PAGE, what, Where(file), "File left out.")
    return Problem(kinds.OTHER_CONTENT, f"the file is {name}.", Where(file), "File left out.")


def _is_empty(grid: Grid) -> bool:
    return not any((grid.cells[column].str.strip() != "").any() for column in grid.cells)


def _empty(path: Path) -> Problem:
    return Problem(kinds.EMPTY_FILE, "the file is empty.", Where(path.name), "File left out.")


def _read_sheet(
    grid: Grid, datasets: Mapping[str, Dataset], codes: Mapping[str, CodeList]
) -> _Read:
    found = recognise(grid, datasets)
    if isinstance(found, Problem):
        return _Read(Sheet(grid.file, grid.sheet), None, (found,))
    chosen = choose_columns(grid, found)
    if chosen.value is None:
        return _Read(Sheet(grid.file, grid.sheet), None, chosen.problems)
    records = read_records(grid, chosen.value, codes)
    sheet = _summary(grid, chosen.value, records.value)
    return _Read(sheet, records.value.frame, (*chosen.problems, *records.problems))


def _summary(grid: Grid, headings: Headings, records: Records) -> Sheet:
    first, last = _day_range(headings.dataset, records.frame)
    return Sheet(
        file=grid.file,
        sheet=grid.sheet,
        dataset=headings.dataset.name,
        recognised_by=tuple(headings.heading(column) for column in headings.positions),
        rows_read=records.rows_read,
        rows_kept=len(records.frame),
        first_day=first,
        last_day=last,
        stated=stated_period(grid, headings),
        unknown=records.unknown,
    )


def _day_range(dataset: Dataset, records: pd.DataFrame) -> tuple[date | None, date | None]:
    clock = next((name for name in dataset.date_columns if name in dataset.required), None)
    if clock is None or records.empty:
        return None, None
    return records[clock].min().date(), records[clock].max().date()


def _as_side_sheet(read: _Read) -> _Read:
    """In a workbook with extracts, a sheet that resembles none is only worth a note."""
    if not any(problem.kind is kinds.NOT_RECOGNISED for problem in read.problems):
        return read
    where = Where(read.sheet.file, read.sheet.sheet)
    what = "the sheet has no headings of a known extract."
    note = Problem(kinds.SHEET_NOT_USED, what, where, "Sheet left out.")
    return replace(read, problems=(note,))


def _put_together(
    reads: Sequence[_Read], datasets: Mapping[str, Dataset]
) -> Result[dict[str, pd.DataFrame]]:
    records: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, dataset in datasets.items():
        parts = [
            Part(read.sheet.file, read.sheet.sheet, read.records)
            for read in reads
            if read.records is not None and read.sheet.dataset == name
        ]
        if parts:
            together = put_together(dataset, parts)
            records[name] = together.value
            problems += together.problems
    return Result(records, tuple(problems))

"""Write a council's records as tables for a cluster: a file for each dataset, with its name in it.

The tables hold what the program reads of the extracts, cleaned as they are for a workbook. Many
councils' files stand beside one another, and Spark counts them all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.atomic_write import unfinished_beside
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.extracts.model import Sheet
from workbook_builder.problems import Problem, Where, has_errors
from workbook_builder.record_sources import columns_of_all, sort_request, source_of
from workbook_builder.request import OnProgress, ProgressReporter, Request, Step
from workbook_builder.store.duckdb_store import DuckDBStore, write_table
from workbook_builder.store.engine import StoreError

#: How tables are written, which is how their files' names end.
TableKind = Literal["parquet", "csv"]
#: The word that stands for every council where tables are read.
_EVERY_COUNCIL = "all"


@dataclass(frozen=True)
class TablesWritten:
    """What came of writing tables: the files with their records, and what the user should know.

    `removed` are the council's tables of an earlier time that its extracts do not hold any more.
    """

    problems: tuple[Problem, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    files: tuple[tuple[Path, int], ...] = ()
    removed: tuple[Path, ...] = ()


def write_record_tables(
    inputs: Sequence[Path],
    authority: str,
    folder: Path,
    on_progress: OnProgress,
    kind: TableKind = "parquet",
) -> TablesWritten:
    """Write the records of extracts into a folder, `DATASET/AUTHORITY.parquet` for each dataset.

    All files are written or none. Those of other councils stay as they are; those that this council
    had before are replaced, or removed where its extracts hold no such list. What a workbook could
    not hold (too many teams, figures or comments) is no council's list and is refused.
    """
    known = known_definitions(inputs=inputs)
    problems = [*known.problems, *_unusable(authority, folder)]
    if has_errors(problems):
        return TablesWritten(tuple(problems))
    definitions, request = known.value, Request(inputs=tuple(inputs))
    progress = ProgressReporter(on_progress, inputs)
    sheets: tuple[Sheet, ...] = ()
    try:
        with DuckDBStore(definitions.datasets) as store:
            given = sort_request(request, definitions, progress.reading)
            read = source_of(request).load(given.value, definitions, store, progress.reading)
            problems += [*given.problems, *read.problems]
            sheets = read.value.sheets
            if not has_errors(problems):
                progress.at("Writing the tables", Step.COUNTING)
                held = _columns_held(sheets, definitions.datasets.values())
                files = _write_all(store, held, authority, folder, kind)
                removed = _remove_others(definitions.datasets, authority, folder, files)
                progress.at("Done", Step.DONE)
                return TablesWritten(tuple(problems), sheets, tuple(files.items()), removed)
    except StoreError as fault:
        problems.append(fault.problem)
    except OSError as fault:
        what = f"the tables could not be written ({fault.strerror or fault})."
        problems.append(Problem(catalogue.TABLES_NOT_WRITTEN, what, Where(str(folder))))
    return TablesWritten(tuple(problems), sheets)


def _unusable(authority: str, folder: Path) -> Iterable[Problem]:
    """Yield why tables cannot be of this council or go into this folder."""
    if not _file_stem(authority).strip("_ ") or authority.casefold() == _EVERY_COUNCIL:
        what = f'"{authority}" is not the name of a council.'
        yield Problem(catalogue.CHOOSE, what, advice="Give the name of one council.")
    if folder.exists() and not folder.is_dir():
        what = "this is a file, but tables need a folder."
        yield Problem(catalogue.TABLES_NOT_WRITTEN, what, Where(str(folder)))


def _columns_held(
    sheets: Sequence[Sheet], datasets: Iterable[Dataset]
) -> list[tuple[Dataset, Collection[str]]]:
    """Return the datasets that were given, with the columns that all their lists have.

    A column that is not there is left out: a blank one would say that nothing of it is known.
    """
    held: list[tuple[Dataset, Collection[str]]] = []
    for dataset in datasets:
        own = [sheet for sheet in sheets if sheet.dataset == dataset.name]
        if own:
            columns = columns_of_all(own)
            held.append((dataset, frozenset(dataset.columns) if columns is None else columns))
    return held


def _write_all(
    store: DuckDBStore,
    held: Sequence[tuple[Dataset, Collection[str]]],
    authority: str,
    folder: Path,
    kind: TableKind,
) -> dict[Path, int]:
    """Write a file for each dataset and return each with its number of records; all or none."""
    unfinished: dict[Path, Path] = {}
    numbers: dict[Path, int] = {}
    try:
        for dataset, columns in held:
            file = folder / dataset.name / f"{_file_stem(authority)}.{kind}"
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished[file] = unfinished_beside(file)
            numbers[file] = write_table(store, dataset, columns, authority, unfinished[file], kind)
        for file, part in unfinished.items():
            part.replace(file)
    finally:
        for part in unfinished.values():
            part.unlink(missing_ok=True)
    return numbers


def _remove_others(
    datasets: Iterable[str], authority: str, folder: Path, written: Mapping[Path, int]
) -> tuple[Path, ...]:
    """Remove the council's files of other datasets, or of the other kind, and return them."""
    stem = _file_stem(authority)
    possible = [
        folder / name / f"{stem}.{kind}" for name in datasets for kind in get_args(TableKind)
    ]
    others = tuple(file for file in possible if file not in written and file.is_file())
    for file in others:
        file.unlink()
    return others


def _file_stem(authority: str) -> str:
    """Return the name of a council with only such characters as every file system allows."""
    return "".join(
        mark if mark.isalnum() or mark in " -&'()" else "_" for mark in authority
    ).strip()

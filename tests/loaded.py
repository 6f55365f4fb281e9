"""Extracts read into an engine of their own, and the records that its tables then hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from sqlglot import exp

from workbook_builder.definitions.datasets import CodeList, Dataset, StatutoryReturn
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.read_extracts import ExtractDefinitions, ReadFiles
from workbook_builder.extracts.statistics_files import KnownStatistics
from workbook_builder.problems import Result
from workbook_builder.readers.grid import Grid
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.load_extracts import Extracts, load_extracts


@dataclass(frozen=True, eq=False)
class LoadedExtracts(Extracts):
    """Extracts, and the records of each dataset as a frame, its index the numbers of their rows."""

    records: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def table_of(engine: DuckDBStore, dataset: Dataset) -> pd.DataFrame:
    """Return the records of a dataset in the order of the table; a day is a date, a blank None."""
    names = ("_row", *dataset.columns)
    columns = [exp.column(name, quoted=True) for name in names]
    rows = engine.rows(exp.select(*columns).from_(exp.to_table(dataset.name, quoted=True)))
    return pd.DataFrame(rows, columns=list(names), dtype=object).set_index("_row")


def empty(engine: DuckDBStore, table: str) -> None:
    """Take all records out of a table, for an engine takes longer to make than a test."""
    numbers = exp.select("_sheet", "_row").from_(exp.to_table(table, quoted=True))
    engine.remove(table, engine.frame(numbers))


class _Engines:
    """Keeps the engine that was made last, for the next test of the same datasets."""

    def __init__(self) -> None:
        self._kept: tuple[Mapping[str, Dataset], DuckDBStore] | None = None

    def of(self, datasets: Mapping[str, Dataset]) -> DuckDBStore:
        if self._kept is None or self._kept[0] is not datasets:
            self.drop()
            self._kept = datasets, DuckDBStore(datasets)
        return self._kept[1]

    def drop(self) -> None:
        """Let go of the engine, as after a test that may have left something in it."""
        if self._kept:
            self._kept[1].__exit__(None, None, None)
            self._kept = None


_ENGINES = _Engines()


def load(
    inputs: Sequence[Path],
    definitions: ExtractDefinitions,
    cache: ReadFiles | None = None,
    on_file: Callable[[str], None] = lambda name: None,
) -> Result[LoadedExtracts]:
    """Read files and folders of extracts, and return the records that are in the tables then."""
    engine = _ENGINES.of(definitions.datasets)
    try:
        read = load_extracts(
            inputs, definitions, engine, on_file, FileCache(keeps=False) if cache is None else cache
        )
        used = {sheet.dataset for sheet in read.value.sheets}
        records = {
            name: table_of(engine, dataset)
            for name, dataset in definitions.datasets.items()
            if name in used
        }
        for name in records:
            empty(engine, name)
    except BaseException:
        _ENGINES.drop()
        raise
    extracts = read.value
    loaded = LoadedExtracts(
        extracts.sheets, extracts.statistics, extracts.files, extracts.numbered, records
    )
    return Result(loaded, read.problems)


def read_extracts(
    inputs: Sequence[Path],
    datasets: Mapping[str, Dataset],
    on_file: Callable[[str], None] = lambda name: None,
    codes: Mapping[str, CodeList] | None = None,
    standards: Mapping[str, StatutoryReturn] | None = None,
    statistics: KnownStatistics | None = None,
) -> Result[LoadedExtracts]:
    """Read extracts by these definitions, as `load` does."""
    definitions = ExtractDefinitions(
        datasets, codes or {}, standards or {}, statistics or KnownStatistics()
    )
    return load(inputs, definitions, on_file=on_file)


def cells_of(column: pd.Series) -> list[Any]:
    """Return the cells of a column; None is a blank, a day is a date."""
    return [None if pd.isna(cell) else cell for cell in column]


def grid_of(rows: Sequence[Sequence[str]], file: str = "a.csv", sheet: str = "") -> Grid:
    """Return rows, the first of them row 1, as the grid of a sheet."""
    width = max(map(len, rows), default=0)
    whole = [[*row, *[""] * (width - len(row))] for row in rows]
    index = pd.RangeIndex(1, len(rows) + 1)
    return Grid(file, sheet, pd.DataFrame(whole, index, range(width), dtype=object))

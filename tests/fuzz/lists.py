"""Any list and any table of a return with any cells: the same records from text file and workbook.

The oracle: no traceback, records and problems are the same of both, every row that is left out has
a problem, and the engine holds the records that were kept.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from tests.fuzz.kinds import Found
from tests.loaded import LoadedExtracts, load
from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.read_extracts import ExtractDefinitions
from workbook_builder.problems import Result
from workbook_builder.record_sources import coverages_of
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.load_extracts import load_extracts

#: What stands in odd cells; all of them are texts in a workbook, too.
_ODD = (
    "", "", "", "x", "A1", "0012", "12", "1", "-1", "3.5", "12345678901", "1E+09", "S", "P", "N",
    "Y", "Yes", "F", "M", "L1: x", "NULL", "#N/A", "00:00", "01/07/2023", "2023-07-01",
    "31/13/2023", "05/02/2021", "01/07/2023 13:00", "2023-07", "Team A", "  padded ", "\u00a0",
    "\u00e9", "\U0001f600", 'a"b', "two\nlines", "x" * 40,
)  # fmt: skip
_LENGTHS = (0, 1, 2, 5, 30)
_SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Lists:
    """All that can be read, by headings, and where files go."""

    folder: Path
    definitions: Definitions
    headings: tuple[tuple[str, ...], ...]

    @classmethod
    def at(cls, folder: Path, definitions: Definitions) -> Lists:
        """Return all lists; the folder is made."""
        folder.mkdir(exist_ok=True)
        return cls(folder, definitions, tuple(headings_of(definitions).values()))

    @property
    def known(self) -> ExtractDefinitions:
        """What sheets are read by."""
        own = self.definitions
        return ExtractDefinitions(own.datasets, own.codes, own.standards)


def headings_of(definitions: Definitions) -> Mapping[str, tuple[str, ...]]:
    """Return the headings of every dataset and of every table of a return."""
    found = {name: tuple(dataset.columns) for name, dataset in definitions.datasets.items()}
    for name, standard in definitions.standards.items():
        for table in standard.tables:
            told = [heading[0] for heading in table.headings]
            given = [heading[0] for one in table.gives for heading in one.columns.values()]
            found[f"{name} {table.name}"] = tuple(dict.fromkeys([*told, *given]))
    return found


def covered(files: Sequence[Path], lists: Lists) -> Result[LoadedExtracts]:
    """Read files, look at what they cover, and return the records."""
    definitions = lists.definitions
    with DuckDBStore(definitions.datasets) as engine:
        read = load_extracts(files, lists.known, engine, lambda name: None, FileCache(keeps=False))
        coverages_of(definitions, read.value, engine)
    return load(files, lists.known)


def list_case(seed: int, lists: Lists) -> Found | None:
    """Write one or two lists as text files and as workbooks, and read both."""
    chance = random.Random(seed)
    several = [_rows(chance, lists) for _ in range(chance.choice((1, 1, 2)))]
    texts, books = (
        [write(lists.folder / f"list{at}{ending}", rows, chance) for at, rows in enumerate(several)]
        for write, ending in ((_as_text, ".csv"), (_as_workbook, ".xlsx"))
    )
    read, other = (covered(files, lists) for files in (texts, books))
    what = _differs(read, other) or _lost(read, other)
    return Found(seed, what, "") if what else None


def _rows(chance: random.Random, lists: Lists) -> list[list[str]]:
    headings = list(chance.choice(lists.headings))
    chance.shuffle(headings)
    usual = [chance.choice(_ODD) for _ in headings]
    count = chance.choice(_LENGTHS)
    return [headings, *([_cell(chance, text) for text in usual] for _ in range(count))]


def _cell(chance: random.Random, usual: str) -> str:
    if chance.random() < 0.4:
        return chance.choice(_ODD)
    if chance.random() < 0.7:
        return usual
    year = chance.choice((2021, 2022, 2023))
    return f"{chance.randrange(1, 29):02}/{chance.randrange(1, 13):02}/{year}"


def _as_text(file: Path, rows: Sequence[Sequence[str]], chance: random.Random) -> Path:
    separator, quotes_all = chance.choice(_SEPARATORS), chance.random() < 0.5
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, delimiter=separator)
        if quotes_all:
            writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
        writer.writerows(rows)
    return file


def _as_workbook(file: Path, rows: Sequence[Sequence[str]], chance: random.Random) -> Path:
    with xlsxwriter.Workbook(str(file), {"constant_memory": chance.random() < 0.5}) as book:
        sheet = book.add_worksheet("List")
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                if text:
                    sheet.write_string(row, column, text)
    return file


def rows_of(extracts: LoadedExtracts) -> list[tuple[object, ...]]:
    """Return all records, and of which dataset they are."""
    return [
        (name, *row)
        for name, records in extracts.records.items()
        for row in records.itertuples(index=False, name=None)
    ]


def _differs(read: Result[LoadedExtracts], other: Result[LoadedExtracts]) -> str:
    """Say in what a text file and a workbook of the same cells differ, or nothing."""
    if kept(read) != kept(other):
        return f"{kept(read)} of text files, {kept(other)} of workbooks"
    codes = [sorted(one.code for one in found.problems) for found in (read, other)]
    return "" if codes[0] == codes[1] else f"{codes[0]} of text files, {codes[1]} of workbooks"


def kept(read: Result[LoadedExtracts]) -> list[tuple[str, int, int]]:
    """Return the rows that were read and kept of each list."""
    return [(one.dataset, one.rows_read, one.rows_kept) for one in read.value.sheets]


def _lost(read: Result[LoadedExtracts], other: Result[LoadedExtracts]) -> str:
    if not all(rows == of_them > 0 for _, rows, of_them in kept(read)) and not read.problems:
        return "rows left out without a problem"
    texts, books = (rows_of(found.value) for found in (read, other))
    most = sum(rows for *_, rows in kept(read))
    if texts != books:
        return "other records of text files than of workbooks"
    return "" if len(texts) <= most else f"{len(texts)} records of {most} kept"

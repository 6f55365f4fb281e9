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
from sqlglot import exp

from tests.fuzz.kinds import Found
from workbook_builder.columns.table import arrays_of
from workbook_builder.definitions.library import Definitions
from workbook_builder.extracts.read import Files, Known, read_all
from workbook_builder.extracts.together import Extracts
from workbook_builder.preview import coverages_of
from workbook_builder.problems import Result
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import Rows

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
    def known(self) -> Known:
        """What sheets are read by."""
        own = self.definitions
        return Known(own.datasets, own.codes, own.standards)


def headings_of(definitions: Definitions) -> Mapping[str, tuple[str, ...]]:
    """Return the headings of every dataset and of every table of a return."""
    found = {name: tuple(dataset.columns) for name, dataset in definitions.datasets.items()}
    for name, standard in definitions.standards.items():
        for table in standard.tables:
            told = [heading[0] for heading in table.headings]
            given = [heading[0] for one in table.gives for heading in one.columns.values()]
            found[f"{name} {table.name}"] = tuple(dict.fromkeys([*told, *given]))
    return found


def loaded(extracts: Extracts, definitions: Definitions) -> Rows:
    """Load what was read into an engine, look at what it covers, and return the records."""
    names, records = list(extracts.records), []
    with DuckDBStore(definitions.datasets) as engine:
        for name, own in extracts.records.handed_over():
            engine.load(definitions.datasets[name], arrays_of(own))
        coverages_of(definitions, extracts, engine)
        for name in names:
            records += engine.rows(exp.select("*").from_(exp.to_table(name, quoted=True)))
    return records


def list_case(seed: int, lists: Lists) -> Found | None:
    """Write one or two lists as text files and as workbooks, and read both."""
    chance = random.Random(seed)
    several = [_rows(chance, lists) for _ in range(chance.choice((1, 1, 2)))]
    texts, books = (
        [write(lists.folder / f"list{at}{ending}", rows, chance) for at, rows in enumerate(several)]
        for write, ending in ((_as_text, ".csv"), (_as_workbook, ".xlsx"))
    )
    read, other = (
        read_all(files, lists.known, lambda name: None, Files(keeps=False))
        for files in (texts, books)
    )
    what = _differs(read, other) or _lost(read, other, lists.definitions)
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


def _differs(read: Result[Extracts], other: Result[Extracts]) -> str:
    """Say in what a text file and a workbook of the same cells differ, or nothing."""
    if kept(read) != kept(other):
        return f"{kept(read)} of text files, {kept(other)} of workbooks"
    codes = [sorted(one.code for one in found.problems) for found in (read, other)]
    return "" if codes[0] == codes[1] else f"{codes[0]} of text files, {codes[1]} of workbooks"


def kept(read: Result[Extracts]) -> list[tuple[str, int, int]]:
    """Return the rows that were read and kept of each list."""
    return [(one.dataset, one.rows_read, one.rows_kept) for one in read.value.sheets]


def _lost(read: Result[Extracts], other: Result[Extracts], definitions: Definitions) -> str:
    if not all(rows == of_them > 0 for _, rows, of_them in kept(read)) and not read.problems:
        return "rows left out without a problem"
    texts, books = (loaded(found.value, definitions) for found in (read, other))
    most = sum(rows for *_, rows in kept(read))
    if texts != books:
        return "other records of text files than of workbooks"
    return "" if len(texts) <= most else f"{len(texts)} records of {most} kept"

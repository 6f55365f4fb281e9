"""Extracts of any number of records: the sample's lists, thinned or many times over.

    python -m benchmarks.records FOLDER RECORDS csv|xlsx

Each time over, the identifiers are others, so that the children are others too; the days stay, so
that every month is covered. Lists too short to matter (population, carers) are taken as they are.
"""

from __future__ import annotations

import csv
import functools
import io
import itertools
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.worksheet import Worksheet

from benchmarks.spent import ROOT
from workbook_builder.readers.sandbox import as_text

SAMPLE = ROOT / "sample_inputs"
_SHORT = 400
#: Rows of one file, so that it stays within what a spreadsheet holds and the program reads.
_MOST_ROWS = 1_000_000
_IDENTIFIERS = ("id", "no", "reference")

Row = Sequence[str]


@dataclass(frozen=True)
class _List:
    """One list of the sample: its name, its headings and its records."""

    name: str
    headings: Row
    rows: Sequence[Row]


def make(folder: Path, records: int, kind: str) -> int:
    """Write extracts of so many records, "csv" or "xlsx", and return how many there are."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lists = list(_lists())
    held = sum(len(one.rows) for one in lists)
    write = {"csv": _write_csv, "xlsx": _write_xlsx}[kind]
    written = 0
    for one in lists:
        written += write(folder, one, records / held if len(one.rows) >= _SHORT else 1.0)
    return written


def _lists() -> Iterator[_List]:
    for path in sorted(SAMPLE.iterdir()):
        if path.suffix in (".csv", ".txt"):
            yield _as_list(path.stem, _text_rows(path.read_bytes()))
        elif path.suffix == ".xlsx":
            with CalamineWorkbook.from_path(path) as book:
                for sheet in book.sheet_names:
                    cells = book.get_sheet_by_name(sheet).iter_rows()
                    rows = [[as_text(cell) for cell in row] for row in cells]
                    if sheet != "Parameters":
                        yield _as_list(f"{path.stem} {sheet}", rows)


def _text_rows(content: bytes) -> list[list[str]]:
    for encoding in ("utf-16",) if content.startswith(b"\xff\xfe") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    separator = max(",;\t|", key=text[:2000].count)
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def _as_list(name: str, rows: Sequence[Row]) -> _List:
    """Drop the titles above the headings, which fill the row, and the rows that hold nothing."""
    width = max(map(len, rows))
    at = next(at for at, row in enumerate(rows) if sum(map(bool, row)) == width)
    return _List(name, rows[at], [row for row in rows[at + 1 :] if any(row)])


def _times(one: _List, share: float) -> Iterator[Row]:
    """Yield every so many-th record, or all of them several times with other identifiers."""
    wanted = round(len(one.rows) * share)
    places = [place for place, text in enumerate(one.headings) if _is_identifier(text)]
    for number in range(wanted):
        again, at = divmod(number, len(one.rows)) if share > 1 else (0, int(number / share))
        row = list(one.rows[at])
        for place in places:
            row[place] = row[place] and f"{row[place]}{again:03d}"
        yield row


def _is_identifier(heading: str) -> bool:
    words = heading.lower().replace("_", " ").split()
    return any(word.strip(".") in _IDENTIFIERS for word in words)


def _parts(one: _List, share: float) -> Iterator[tuple[str, Iterator[Row]]]:
    rows = _times(one, share)
    for part in range(1 + round(len(one.rows) * share) // _MOST_ROWS):
        name = f"{one.name} part {part + 1}" if part else one.name
        yield name, (row for _, row in zip(range(_MOST_ROWS), rows, strict=False))


def _write_csv(folder: Path, one: _List, share: float) -> int:
    count = 0
    for name, rows in _parts(one, share):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            count += _written(csv.writer(file).writerow, one.headings, rows)
    return count


def _write_xlsx(folder: Path, one: _List, share: float) -> int:
    count = 0
    for name, rows in _parts(one, share):
        with xlsxwriter.Workbook(folder / f"{name}.xlsx", {"constant_memory": True}) as book:
            write = functools.partial(_write_row, book.add_worksheet(), itertools.count())
            count += _written(write, one.headings, rows)
    return count


def _write_row(sheet: Worksheet, numbers: Iterator[int], row: Row) -> None:
    sheet.write_row(next(numbers), 0, row)


def _written(write: Callable[[Row], object], headings: Row, rows: Iterator[Row]) -> int:
    write(headings)
    return sum(1 for row in rows if write(row) is not NotImplemented)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    made = make(place, int(sys.argv[2]), sys.argv[3])
    (place.parent / "records.txt").write_text(str(made), encoding="utf-8")

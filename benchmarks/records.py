"""Extracts of any number of records: the sample's lists, thinned or many times over.

    python -m benchmarks.records FOLDER RECORDS csv|xlsx|sample

"csv" and "xlsx" give one file a list; "sample" keeps the sample's own files, sheets, encodings and
titles above the headings, for programs that know these.

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """One list of the sample: its name, what is above its headings, its headings and its records.

    `path` is its file; `sheet` is empty in a text file, whose encoding and separator are kept.
    """

    name: str
    above: Sequence[Row]
    headings: Row
    rows: Sequence[Row]
    path: Path
    sheet: str = ""
    encoding: str = ""
    separator: str = ""


def make(folder: Path, records: int, kind: str) -> int:
    """Write extracts of so many records in one of the kinds, and return how many there are."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lists = list(_lists())
    held = sum(len(one.rows) for one in lists)
    shares = {one.name: records / held if len(one.rows) >= _SHORT else 1.0 for one in lists}
    if kind == "sample":
        return _write_as_sample(folder, lists, shares)
    write = {"csv": _write_csv, "xlsx": _write_xlsx}[kind]
    return sum(write(folder, one, shares[one.name]) for one in lists)


def _lists() -> Iterator[_List]:
    for path in sorted(SAMPLE.iterdir()):
        if path.suffix in (".csv", ".txt"):
            yield _text_list(path)
        elif path.suffix == ".xlsx":
            with CalamineWorkbook.from_path(path) as book:
                for sheet in book.sheet_names:
                    cells = book.get_sheet_by_name(sheet).iter_rows()
                    rows = [[as_text(cell) for cell in row] for row in cells]
                    if sheet != "Parameters":
                        yield _as_list(f"{path.stem} {sheet}", rows, path, sheet)


def _text_list(path: Path) -> _List:
    content = path.read_bytes()
    for encoding in ("utf-16",) if content.startswith(b"\xff\xfe") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    separator = max(",;\t|", key=text[:2000].count)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    return replace(_as_list(path.stem, rows, path), encoding=encoding, separator=separator)


def _as_list(name: str, rows: Sequence[Row], path: Path, sheet: str = "") -> _List:
    """Find the headings, which fill their row, and leave out the rows that hold nothing."""
    width = max(map(len, rows))
    at = next(at for at, row in enumerate(rows) if sum(map(bool, row)) == width)
    records = [row for row in rows[at + 1 :] if any(row)]
    return _List(name, rows[:at], rows[at], records, path, sheet)


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
            count += _with_headings(csv.writer(file).writerow, one.headings, rows)
    return count


def _write_xlsx(folder: Path, one: _List, share: float) -> int:
    count = 0
    for name, rows in _parts(one, share):
        with xlsxwriter.Workbook(folder / f"{name}.xlsx", {"constant_memory": True}) as book:
            write = functools.partial(_write_row, book.add_worksheet(), itertools.count())
            count += _with_headings(write, one.headings, rows)
    return count


def _write_as_sample(folder: Path, lists: Sequence[_List], shares: Mapping[str, float]) -> int:
    count = 0
    for path, of_file in itertools.groupby(lists, key=lambda one: one.path):
        if path.suffix == ".xlsx":
            with xlsxwriter.Workbook(folder / path.name, {"constant_memory": True}) as book:
                for one in of_file:
                    sheet = book.add_worksheet(one.sheet)
                    write = functools.partial(_write_row, sheet, itertools.count())
                    count += _written(write, one, shares[one.name])
        else:
            [one] = of_file
            with (folder / path.name).open("w", newline="", encoding=one.encoding) as file:
                writer = csv.writer(file, delimiter=one.separator)
                count += _written(writer.writerow, one, shares[one.name])
    return count


def _write_row(sheet: Worksheet, numbers: Iterator[int], row: Row) -> None:
    sheet.write_row(next(numbers), 0, row)


def _written(write: Callable[[Row], object], one: _List, share: float) -> int:
    for row in one.above:
        write(row)
    return _with_headings(write, one.headings, _times(one, share))


def _with_headings(write: Callable[[Row], object], headings: Row, rows: Iterator[Row]) -> int:
    write(headings)
    return sum(1 for row in rows if write(row) is not NotImplemented)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    made = make(place, int(sys.argv[2]), sys.argv[3])
    (place.parent / "records.txt").write_text(str(made), encoding="utf-8")

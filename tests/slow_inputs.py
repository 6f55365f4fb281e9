"""Seconds of the processor that awkward inputs within the limits take: python -m tests.slow_inputs

Each is written, then read in a process of its own; starting it, and what it imports, is left out.
--only WORD picks cases.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import xlsxwriter

from tests.loaded import read_extracts
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.readers.limits import MOST_COLUMNS

ROOT = Path(__file__).resolve().parents[1]
HEADINGS = ("Referral ID", "Child ID", "Date of referral", "Referral NFA", "Team")
_MANY = 1_000_000

Make = Callable[[Path], list[Path]]


def _record(row: int, **other: str) -> list[str]:
    """Return a record of referrals with other cells in place of some, by heading's first word."""
    own = {"Referral": f"R{row:07}", "Child": f"C{row:07}", "Date": "04/07/2023", "NFA": "N"}
    return [*(own | other).values(), f"T{row % 9}"]


def _text(file: Path, rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> Path:
    with file.open("w", encoding="utf-8", newline="") as text:
        text.write(",".join(headings) + "\n")
        text.writelines(",".join(row) + "\n" for row in rows)
    return file


def _wide(rows: int) -> Iterator[list[str]]:
    """Yield headings and rows as wide as Excel's sheets."""
    more = range(MOST_COLUMNS - len(HEADINGS))
    yield [*HEADINGS, *(f"Note {at}" for at in more)]
    for row in range(rows):
        yield [*_record(row), *(f"{row}.{at}" for at in more)]


def _wide_text(folder: Path, rows: int) -> list[Path]:
    headings, *records = _wide(rows)
    return [_text(folder / "wide.csv", records, headings)]


def _wide_workbook(folder: Path) -> list[Path]:
    file = folder / "wide.xlsx"
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("List")
        for at, row in enumerate(_wide(487)):
            sheet.write_row(at, 0, row)
    return [file]


def _wide_page(folder: Path) -> list[Path]:
    file = folder / "wide.xls"
    headings, *records = _wide(479)
    short = (
        [*record[: len(HEADINGS)], *"1" * (MOST_COLUMNS - len(HEADINGS))] for record in records
    )
    rows = ("<tr><td>" + "<td>".join(row) for row in (headings, *short))
    file.write_text("<table>" + "".join(rows) + "</table>", "utf-8")
    return [file]


def _days(folder: Path, day: Callable[[int], str]) -> list[Path]:
    return [_text(folder / "days.csv", (_record(row, Date=day(row)) for row in range(_MANY)))]


def _time_of_day(row: int) -> str:
    return f"04/07/2023 {row // 3_600 % 24:02}:{row // 60 % 60:02}:{row % 60:02}.{row // 86_400}"


def _lost_zeros(folder: Path) -> list[Path]:
    half = range(_MANY // 2)
    whole = (_record(row, Child=f"00{row:07}") for row in half)
    lost = (_record(row + len(half), Child=str(row)) for row in half)
    return [_text(folder / "whole.csv", whole), _text(folder / "lost.csv", lost)]


def _quotes(folder: Path) -> list[Path]:
    return [_text(folder / "quotes.csv", (_record(row, NFA='""""') for row in range(700_000)))]


def _lines(folder: Path) -> list[Path]:
    return [_text(folder / "lines.csv", (_record(row, NFA='"a\nb\nc"') for row in range(_MANY)))]


def _many_sheets(folder: Path, lists: bool) -> list[Path]:
    file = folder / "sheets.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        for number in range(2_000):
            sheet = book.add_worksheet(f"S{number}")
            sheet.write_row(0, 0, HEADINGS if lists else ("Thing", "Other"))
            sheet.write_row(1, 0, _record(number) if lists else ("1", "2"))
    return [file]


def _many_files(folder: Path) -> list[Path]:
    return [
        _text(folder / f"{number}.csv", (_record(number * 10 + row) for row in range(10)))
        for number in range(300)
    ]


CASES: Mapping[str, Make] = {
    "text file of 16,384 columns by 3 rows": lambda folder: _wide_text(folder, 3),
    "text file of 16,384 columns by 488 rows": lambda folder: _wide_text(folder, 487),
    "workbook of 16,384 columns by 488 rows": _wide_workbook,
    "web page of 16,384 columns by 480 rows": _wide_page,
    "text file of a million days that cannot be read": lambda folder: _days(folder, str),
    "text file of a million times of day": lambda folder: _days(folder, _time_of_day),
    "two text files, half a million identifiers without their zeros": _lost_zeros,
    "text file of 700,000 cells of a quotation mark": _quotes,
    "text file of a million cells of three lines": _lines,
    "workbook of 2,000 sheets with a list each": lambda folder: _many_sheets(folder, True),
    "workbook of 2,000 sheets without any": lambda folder: _many_sheets(folder, False),
    "300 text files of ten records": _many_files,
}


def _read(files: Sequence[Path], answer: Connection) -> None:
    known = load_definitions([ROOT / "layouts"]).value
    began = time.process_time()
    result = read_extracts(files, known.datasets, lambda name: None, known.codes, known.standards)
    kept = sum(sheet.rows_kept for sheet in result.value.sheets)
    answer.send((kept, time.process_time() - began))


def seconds(files: Sequence[Path]) -> tuple[int, float]:
    """Read files in a process of its own; return the records kept and the processor's seconds."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    reader = context.Process(target=_read, args=(files, theirs))
    reader.start()
    theirs.close()
    kept, took = ours.recv()
    reader.join()
    return kept, took


def main() -> int:
    """Measure all cases, or those that are wished for, and print a table of them."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--only", default="", help="the cases whose name holds this")
    only = wishes.parse_args().only
    print("| input | records kept | seconds |\n|---|---|---|")  # noqa: T201
    for name, make in CASES.items():
        if only in name:
            with tempfile.TemporaryDirectory() as folder:
                kept, took = seconds(make(Path(folder)))
            print(f"| {name} | {kept:,} | {took:.1f} |", flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())

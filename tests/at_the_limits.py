"""Memory and time of inputs as large as are read: python -m tests.at_the_limits [--share 1.0]

Each input is read in a process of its own, of which the peak of memory is measured.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import xlsxwriter

from workbook_builder.definitions.library import load_definitions
from workbook_builder.extracts.bounds import MOST_CELLS, MOST_ROWS, MOST_TEXT_MB
from workbook_builder.extracts.read import read_extracts

ROOT = Path(__file__).resolve().parents[1]
HEADINGS = ("Referral ID", "Child ID", "Date of referral", "Referral NFA", "Team")


def text_file(folder: Path, share: float) -> Path:
    """Write a text file of nearly as many bytes as are read, no two notes alike."""
    chance = random.Random(1)
    file = folder / "referrals.csv"
    notes = range((MOST_CELLS // MOST_ROWS) - len(HEADINGS))
    left = MOST_TEXT_MB * 1_000_000 * share - 1_000
    with file.open("w", encoding="utf-8") as text:
        text.write(",".join((*HEADINGS, *(f"Note {at}" for at in notes))) + "\n")
        for row in range(int(MOST_ROWS * share) - 1):
            day = f"{row % 28 + 1:02}/{row % 12 + 1:02}/2023"
            own = f"R{row},{2_000_000_000 + row},{day},N,T{row % 9}"
            line = own + "".join(f",{chance.getrandbits(40):010x}" for _ in notes) + "\n"
            left -= len(line)
            if left < 0:
                break
            text.write(line)
    return file


def workbook(folder: Path, share: float) -> Path:
    """Write a workbook of as many cells as are read, no two numbers alike."""
    chance = random.Random(1)
    file = folder / "referrals.xlsx"
    notes = range((MOST_CELLS // MOST_ROWS) - len(HEADINGS))
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, (*HEADINGS, *(f"Note {at}" for at in notes)))
        for row in range(1, int(MOST_ROWS * share)):
            sheet.write_row(row, 0, (f"R{row}", 2_000_000_000 + row))
            sheet.write_number(row, 2, 45_000 + row % 300, day)
            sheet.write_row(row, 3, ("N", f"T{row % 9}", *(chance.random() for _ in notes)))
    return file


def _peak() -> int:
    """Return the most memory in MB that this process has taken."""
    status = Path("/proc/self/status")
    if status.exists():  # the other count begins with what the process that started this one had
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        assert found
        return int(found[1]) // 1024
    import resource  # noqa: PLC0415  Windows has none

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _read(file: Path, answer: Connection) -> None:
    known = load_definitions([ROOT / "layouts"]).value
    result = read_extracts([file], known.datasets, lambda name: None, known.codes)
    records = sum(map(len, result.value.records.values()))
    answer.send((records, _peak()))


def measured(file: Path) -> tuple[int, int, float]:
    """Return the records read of a file, the peak of memory in MB, and the seconds taken."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    began = time.monotonic()
    reader = context.Process(target=_read, args=(file, theirs))
    reader.start()
    theirs.close()
    records, peak = ours.recv()
    reader.join()
    return records, peak, time.monotonic() - began


def main() -> int:
    """Measure both kinds of file."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--share", type=float, default=1.0, help="of the limits")
    share = wishes.parse_args().share
    with tempfile.TemporaryDirectory() as held:
        for make in (text_file, workbook):
            file = make(Path(held), share)
            records, peak, seconds = measured(file)
            size = file.stat().st_size / 1_000_000
            print(f"{file.name}: {size:.0f} MB, {records:,} records, "  # noqa: T201
                  f"peak {peak:,} MB, {seconds:.0f} s", flush=True)  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())

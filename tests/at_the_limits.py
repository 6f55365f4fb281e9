"""Memory and time of inputs as large as are read: python -m tests.at_the_limits [--share 1.0]

Each input, alone and with others, is read, and the engine loaded, in a process of its own, of which
the peak of memory is measured; with --whole a workbook is built of it. --only WORD picks cases.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import struct
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.bad_extracts import MANIFEST
from tests.readers import make_xlsb
from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.read_extracts import ExtractDefinitions
from workbook_builder.measures.finished_figures import FIGURES, MOST_RECORDS, MOST_TEAMS
from workbook_builder.months import Month
from workbook_builder.problems import Level, Problem
from workbook_builder.readers.limits import (
    MOST_CELL_TEXT_MB,
    MOST_CELLS,
    MOST_PAGE_MB,
    MOST_ROWS,
    MOST_SANDBOX_CELLS,
    MOST_SANDBOX_UNPACKED_MB,
    MOST_TEXT_MB,
)
from workbook_builder.request import Request
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.load_extracts import load_extracts

ROOT = Path(__file__).resolve().parents[1]
HEADINGS = ("Referral ID", "Child ID", "Date of referral", "Referral NFA", "Team")


def _line(row: int, notes: Iterable[str]) -> str:
    day = f"{row % 28 + 1:02}/{row % 12 + 1:02}/2023"
    own = f"R{row},{2_000_000_000 + row},{day},N,T{row % 9}"
    return own + "".join(f",{note}" for note in notes) + "\n"


def _text(file: Path, share: float, columns: int, note: Callable[[], str]) -> Path:
    """Write a text file of as many bytes and cells as are read."""
    left = MOST_TEXT_MB * 1_000_000 * share - 1_000
    notes = range(columns - len(HEADINGS))
    with file.open("w", encoding="utf-8", newline="") as text:
        text.write("sep=,\r\n" + ",".join((*HEADINGS, *(f"Note {at}" for at in notes))) + "\n")
        for row in range(int(MOST_CELLS // columns * share) - 2):
            line = _line(row, (note() for _ in notes))
            left -= len(line.encode())
            if left < 0:
                break
            text.write(line)
    return file


def text_file(folder: Path, share: float) -> Path:
    """Write a text file of many cells, no two notes alike."""
    chance = random.Random(1)
    return _text(folder / "referrals.csv", share, 10, lambda: f"{chance.getrandbits(32):08x}")


def text_of_wide_characters(folder: Path, share: float) -> Path:
    """Write a text file each cell of which takes four bytes a character in memory."""
    chance = random.Random(1)

    def note() -> str:
        return f"\U0001f600{chance.getrandbits(256):064x}"

    return _text(folder / "wide.csv", share, 8, note)


def identifiers(folder: Path, share: float, name: str = "identifiers", sign: str = "R") -> Path:
    """Write a text file all columns of which are kept, no two identifiers alike."""
    file = folder / f"{name}.csv"
    with file.open("w", encoding="utf-8") as text:
        text.write("Referral ID,Child ID,Date of referral,Team\n")
        for row in range(int(MOST_ROWS * share) - 2):
            day = f"{row % 28 + 1:02}/{row % 12 + 1:02}/2023"
            text.write(f"{sign}{row:09},C{row * 7:09},{day},T{row % MOST_TEAMS}\n")
    return file


def all_of_one_dataset(folder: Path, share: float) -> list[Path]:
    """Write files that together have nearly as much of one dataset as may be, and a hard one."""
    parts = [("first", 1.0), ("second", 1.0), ("third", 0.05)]
    kept = [identifiers(folder, share * part, name, name[0].upper()) for name, part in parts]
    return [*kept, text_of_wide_characters(folder, share)]


#: Datasets with two identifiers and the headings of what they need; one of them is much.
_MANY = {
    "contacts": "contact_id,child_id,contact_date,team,contact_source,contact_outcome",
    "assessments": "assessment_id,child_id,assessment_start_date,team,assessment_auth_date",
    "cin_plans": "cin_plan_id,child_id,cin_plan_start_date,team,cin_plan_end_date",
    "care": "care_period_id,child_id,care_start_date,team,care_end_date,date_of_birth",
    "episodes": "early_help_episode_id,child_id,early_help_start_date,team,early_help_end_date",
}


def all_that_may_be_kept(folder: Path, share: float) -> list[Path]:
    """Write files of many datasets that together take nearly all that may be kept."""
    made = []
    for name, headings in _MANY.items():
        rest = headings.split(",")[4:]
        for part in (1, 2):
            file = folder / f"{name} {part}.csv"
            with file.open("w", encoding="utf-8") as text:
                text.write(headings + "\n")
                for row in range(int(MOST_ROWS * share) - 2):
                    cells = (f"{1 + (row + at) % 28:02}/12/2023" for at in range(len(rest)))
                    day = f"{row % 28 + 1:02}/{row % 12 + 1:02}/{2020 + row % 4}"
                    own = f"{name[0]}{part}{row:09},C{row * 7 % 10**9:09},{day},T{row % 30}"
                    text.write(",".join((own, *cells)) + "\n")
            made.append(file)
    return [*made, text_of_wide_characters(folder, share)]


def web_page(folder: Path, share: float) -> Path:
    """Write a web page of as many bytes and cells as are read; a row counts as one more."""
    chance = random.Random(1)
    return _page(folder / "referrals.xls", share, lambda: f"{chance.getrandbits(32):08x}")


def web_page_of_wide_characters(folder: Path, share: float) -> Path:
    """Write a web page each cell of which takes four bytes a character in memory."""
    chance = random.Random(1)
    return _page(
        folder / "wide.xls", share, lambda: f"\U0001f600{chance.getrandbits(80):020x}", wide=True
    )


def _page(file: Path, share: float, note: Callable[[], str], *, wide: bool = False) -> Path:
    notes = range(8 - len(HEADINGS))
    left = MOST_PAGE_MB * 1_000_000 * share - 1_000
    with file.open("w", encoding="utf-8") as page:
        page.write("<html><table><tr><td>" + "<td>".join((*HEADINGS, *map(str, notes))) + "\n")
        for row in range(int(MOST_CELLS // 9 * share) - 2):
            line = _line(row, (note() for _ in notes))
            line = line.replace("R", "\U0001f600").replace("T", "\U0001f600") if wide else line
            line = "<tr><td>" + line.replace(",", "<td>")
            left -= len(line.encode())
            if left < 0:
                break
            page.write(line)
        page.write("</table></html>")
    return file


def xml_spreadsheet(folder: Path, share: float) -> Path:
    """Write an XML Spreadsheet 2003 of as many bytes as are read."""
    file = folder / "xml.xls"
    left = MOST_TEXT_MB * 1_000_000 * share - 1_000
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    with file.open("w", encoding="utf-8") as text:
        text.write(f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
                   '<Worksheet ss:Name="A"><Table>')  # fmt: skip
        row = 0
        while left > 0:
            cells = HEADINGS if row == 0 else _line(row, ()).strip().split(",")
            line = "".join(f'<Cell><Data ss:Type="String">{one}</Data></Cell>' for one in cells)
            left -= len(line) + 11
            text.write(f"<Row>{line}</Row>")
            row += 1
        text.write("</Table></Worksheet></Workbook>")
    return file


def open_document(folder: Path, share: float) -> Path:
    """Write an .ods of as many cells and as much, once unpacked, as are read of its kind."""
    file = folder / "referrals.ods"
    names = 'office:version="1.2"' + "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        with archive.open("content.xml", "w") as part:
            part.write(f"<office:document-content {names}><office:body><office:spreadsheet>"
                       '<table:table table:name="A">'.encode())  # fmt: skip
            left = MOST_SANDBOX_UNPACKED_MB * 1_000_000 * share - 2_000
            for cells in _sandbox_rows(share):
                line = "".join(
                    '<table:table-cell office:value-type="string">'
                    f"<text:p>{one}</text:p></table:table-cell>" for one in cells
                )  # fmt: skip
                row = f"<table:table-row>{line}</table:table-row>".encode()
                left -= len(row)
                if left < 0:
                    break
                part.write(row)
            part.write(b"</table:table></office:spreadsheet></office:body>"
                       b"</office:document-content>")  # fmt: skip
    return file


def binary_workbook(folder: Path, share: float) -> Path:
    """Write an .xlsb of as many cells and as much, once unpacked, as are read of its kind."""
    file = folder / "referrals.xlsb"
    left = MOST_SANDBOX_UNPACKED_MB * 1_000_000 * share - 10_000
    rows = int(MOST_SANDBOX_CELLS // _SANDBOX_COLUMNS * share)
    extent = struct.pack("<4I", 0, rows - 1, 0, _SANDBOX_COLUMNS - 1)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in make_xlsb.frame().items():
            archive.writestr(name, content)
        with archive.open(make_xlsb.SHEET_PART, "w") as part:
            part.write(make_xlsb.record(148, extent) + make_xlsb.record(make_xlsb.BEGIN_DATA))
            for number, cells in enumerate(_sandbox_rows(share)):
                row = make_xlsb.row(number, cells)
                left -= len(row)
                if left < 0:
                    break
                part.write(row)
            part.write(make_xlsb.record(make_xlsb.END_DATA))
    return file


#: Columns of a workbook of an old or rare kind.
_SANDBOX_COLUMNS = 8


def _sandbox_rows(share: float) -> Iterable[Sequence[str]]:
    """Yield headings and rows of texts, no two of them alike, up to the limit of cells."""
    extra = _SANDBOX_COLUMNS - len(HEADINGS)
    yield (*HEADINGS, *(f"Note {at}" for at in range(extra)))
    for row in range(1, int(MOST_SANDBOX_CELLS // _SANDBOX_COLUMNS * share) - 1):
        yield _line(row, (f"{row}{'abc'[at]}" for at in range(extra))).strip().split(",")


def workbook(folder: Path, share: float) -> Path:
    """Write a workbook of as many cells as are read, no two numbers alike."""
    chance = random.Random(1)
    file = folder / "referrals.xlsx"
    notes = range(8 - len(HEADINGS))
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, (*HEADINGS, *(f"Note {at}" for at in notes)))
        for row in range(1, int(MOST_CELLS // 8 * share)):
            sheet.write_row(row, 0, (f"R{row}", 2_000_000_000 + row))
            sheet.write_number(row, 2, 45_000 + row % 300, day)
            sheet.write_row(row, 3, ("N", f"T{row % 9}", *(chance.random() for _ in notes)))
    return file


def workbook_with_unused(folder: Path, rows: int, unused: int) -> Path:
    """Write a workbook of referrals with columns that no dataset has, a hundred texts in each."""
    file = folder / f"unused {unused}.xlsx"
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, (*HEADINGS, *(f"Note {at}" for at in range(unused))))
        for row in range(1, rows):
            own = _line(row, (f"Note {(row + at) % 100}" for at in range(unused)))
            sheet.write_row(row, 0, own.strip().split(","))
    return file


def workbook_of_texts(folder: Path, share: float) -> Path:
    """Write a workbook of as much text as is read, four bytes a character in memory."""
    file = folder / "texts.xlsx"
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, (*HEADINGS, "Note"))
        for row in range(1, int(MOST_CELL_TEXT_MB * share * 960)):  # with the other columns
            sheet.write_row(row, 0, _line(row, ()).strip().split(","))
            sheet.write_string(row, 5, f"\U0001f600{row:0980}")
    return file


def _peak() -> int:
    """Return the most memory in MB that this process has taken."""
    import resource  # noqa: PLC0415  Windows has none

    # Elsewhere the count begins with what the process that started this one had.
    return _most("self") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _most(process: str) -> int:
    """Return the most memory in MB that a process of Linux has taken; 0 if it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def _started_by(process: int | None) -> Iterator[str]:
    """Yield the processes of Linux that a process has started and that still run."""
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            yield from thread.read_text(encoding="ascii").split()


def figures(folder: Path, share: float) -> Path:
    """Write a text file of as many finished figures as are read, no two of them alike."""
    file = folder / "figures.csv"
    names = ("contacts", "referrals", "cp_plans_started", "children_in_care")
    with file.open("w", encoding="utf-8") as text:
        text.write("measure,month,value,team\n")
        for row in range(int(MOST_RECORDS[FIGURES] * share)):
            text.write(f"{names[row % 4]},2023-{row // 4 % 12 + 1:02},{row % 97},T{row // 48}\n")
    return file


def _read(files: Sequence[Path], answer: Connection) -> None:
    known = load_definitions([ROOT / "layouts"]).value
    wanted = ExtractDefinitions(known.datasets, known.codes)
    with DuckDBStore(known.datasets) as engine:
        result = load_extracts(
            files, wanted, engine, lambda name: None, FileCache[Any, Any](keeps=False)
        )
    kept = sum(sheet.rows_kept for sheet in result.value.sheets)
    answer.send((kept, _peak(), _errors(result.problems)))


def _build(files: Sequence[Path], answer: Connection) -> None:
    out = files[0].parent / "out.xlsx"
    request = Request(tuple(files), "board", Month(2023, 12), out, datetime(2024, 1, 2))
    outcome = build(request, lambda progress: None)
    records = sum(sheet.rows_kept for sheet in outcome.sheets)
    answer.send((records, _peak(), _errors(outcome.problems)))


def _errors(problems: Iterable[Problem]) -> list[str]:
    return [one.text() for one in problems if one.level == Level.ERROR]


#: Seconds; what a process takes shortly before its end may be missed.
_BETWEEN_LOOKS = 0.02


def measured(*files: Path, whole: bool = False) -> tuple[int, int, float, list[str]]:
    """Read files and load the engine, or build a whole workbook, in a process of its own.

    Returns the records, the peak in MB (also of a process that it started), seconds and errors.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    began = time.monotonic()
    reader = context.Process(target=_build if whole else _read, args=(files, theirs))
    reader.start()
    theirs.close()
    started = 0
    while not ours.poll(_BETWEEN_LOOKS):
        started = max((started, *map(_most, _started_by(reader.pid))))
    records, peak, said = ours.recv()
    reader.join()
    return records, peak + started, time.monotonic() - began, said


_Make = Callable[[Path, float], Path]
MAKERS: tuple[_Make, ...] = (
    text_file, text_of_wide_characters, identifiers, figures, workbook, workbook_of_texts, web_page,
    web_page_of_wide_characters, xml_spreadsheet, open_document, binary_workbook,
)  # fmt: skip
#: Of these the records are alike, so that many stand twice.
TOGETHER: tuple[tuple[_Make, ...], ...] = (
    (text_file, text_file),
    (text_file, workbook),
    (workbook, workbook),
    (web_page_of_wide_characters, workbook),
    (xml_spreadsheet, text_file),
    (identifiers, identifiers, identifiers),
    (text_of_wide_characters, workbook_of_texts, web_page_of_wide_characters),
    (workbook_of_texts, text_of_wide_characters, binary_workbook),
)


def _together(makes: Sequence[_Make], folder: Path, share: float) -> list[Path]:
    """Write files each in a folder of its own, for some have one name."""
    made = []
    for number, make in enumerate(makes):
        own = folder / str(number)
        own.mkdir()
        made.append(make(own, share))
    return made


def _cases() -> Iterator[tuple[str, Callable[[Path, float], list[Path]]]]:
    for makes in (*((make,) for make in MAKERS), *TOGETHER):
        yield " + ".join(make.__name__ for make in makes), partial(_together, makes)
    for several in (all_of_one_dataset, all_that_may_be_kept):
        yield several.__name__, several


def main() -> int:
    """Measure every kind of file by itself, then several together."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--share", type=float, default=1.0, help="of the limits")
    wishes.add_argument("--whole", action="store_true", help="build workbooks, not only read")
    wishes.add_argument("--only", default="", help="the cases whose name holds this")
    given = wishes.parse_args()
    for name, make in _cases():
        if given.only in name:
            with tempfile.TemporaryDirectory() as held:
                _measure(name, make(Path(held), given.share), whole=given.whole)
    return 0


def _measure(name: str, files: Sequence[Path], *, whole: bool) -> None:
    records, peak, seconds, said = measured(*files, whole=whole)
    size = sum(file.stat().st_size for file in files) / 1_000_000
    print(f"{name}: {size:.0f} MB, {records:,} records, peak {peak:,} MB, "  # noqa: T201
          f"{seconds:.0f} s", *said, sep="\n  ", flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

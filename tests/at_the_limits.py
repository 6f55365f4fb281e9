"""Memory and time of inputs as large as are read: python -m tests.at_the_limits [--share 1.0]

Each input is read, and the engine loaded, in a process of its own, of which the peak of memory is
measured.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import xlsxwriter

from tests.bad_extracts import MANIFEST
from workbook_builder.definitions.library import load_definitions
from workbook_builder.engine.duck import DuckEngine
from workbook_builder.extracts.bounds import (
    MOST_CELL_TEXT_MB,
    MOST_CELLS,
    MOST_CELLS_APART,
    MOST_ROWS,
    MOST_TEXT_MB,
)
from workbook_builder.extracts.read import read_extracts
from workbook_builder.problems import Level

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


def identifiers(folder: Path, share: float) -> Path:
    """Write a text file all columns of which are kept, no two identifiers alike."""
    file = folder / "identifiers.csv"
    with file.open("w", encoding="utf-8") as text:
        text.write("Referral ID,Child ID,Date of referral,Team\n")
        for row in range(int(MOST_ROWS * share) - 2):
            text.write(f"R{row:09},C{row * 7:09},{row % 28 + 1:02}/{row % 12 + 1:02}/2023,T{row}\n")
    return file


def web_page(folder: Path, share: float) -> Path:
    """Write a web page of as many bytes and cells as are read."""
    chance = random.Random(1)
    file = folder / "referrals.xls"
    notes = range(8 - len(HEADINGS))
    left = MOST_TEXT_MB * 1_000_000 * share - 1_000
    with file.open("w", encoding="utf-8") as page:
        page.write("<html><table><tr><td>" + "<td>".join((*HEADINGS, *map(str, notes))) + "\n")
        for row in range(int(MOST_ROWS * share) - 2):
            line = _line(row, (f"{chance.getrandbits(32):08x}" for _ in notes))
            line = "<tr><td>" + line.replace(",", "<td>")
            left -= len(line)
            if left < 0:
                break
            page.write(line)
        page.write("</table></html>")
    return file


def xml_spreadsheet(folder: Path, share: float) -> Path:
    """Write an XML Spreadsheet of 2003 of as many bytes as are read."""
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
    """Write an .ods of as many cells as are read of its kind."""
    file = folder / "referrals.ods"
    names = 'office:version="1.2"' + "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    columns = 8
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        with archive.open("content.xml", "w") as part:
            part.write(f"<office:document-content {names}><office:body><office:spreadsheet>"
                       '<table:table table:name="A">'.encode())  # fmt: skip
            for row in range(int(MOST_CELLS_APART // columns * share) - 1):
                cells = (*HEADINGS, "1", "2", "3") if row == 0 else _line(
                    row, (f"{row}a", f"{row}b", f"{row}c")).strip().split(",")  # fmt: skip
                line = "".join(
                    '<table:table-cell office:value-type="string">'
                    f"<text:p>{one}</text:p></table:table-cell>" for one in cells
                )  # fmt: skip
                part.write(f"<table:table-row>{line}</table:table-row>".encode())
            part.write(b"</table:table></office:spreadsheet></office:body>"
                       b"</office:document-content>")  # fmt: skip
    return file


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


def workbook_of_texts(folder: Path, share: float) -> Path:
    """Write a workbook of as much text as is read, four bytes a character in memory."""
    file = folder / "texts.xlsx"
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, (*HEADINGS, "Note"))
        for row in range(1, int(MOST_CELL_TEXT_MB * share * 1_000)):
            sheet.write_row(row, 0, (f"R{row}", f"{row}", "04/07/2023", "N", "T"))
            sheet.write_string(row, 5, f"\U0001f600{row:0980}")
    return file


def _peak() -> int:
    """Return the most memory in MB that this process and one that it started have taken."""
    import resource  # noqa: PLC0415  Windows has none

    status = Path("/proc/self/status")
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    if status.exists():  # the other count begins with what the process that started this one had
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        assert found
        return int(found[1]) // 1024 + started
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + started


def _read(files: Sequence[Path], answer: Connection) -> None:
    known = load_definitions([ROOT / "layouts"]).value
    result = read_extracts(files, known.datasets, lambda name: None, known.codes)
    with DuckEngine(known.datasets) as engine:
        for name, frame in result.value.records.items():
            engine.load(known.datasets[name], frame)
    records = sum(map(len, result.value.records.values()))
    said = [one.text() for one in result.problems if one.level == Level.ERROR]
    answer.send((records, _peak(), said))


def measured(*files: Path) -> tuple[int, int, float, list[str]]:
    """Read files and load the engine; return the records, the peak in MB, seconds and errors."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    began = time.monotonic()
    reader = context.Process(target=_read, args=(files, theirs))
    reader.start()
    theirs.close()
    records, peak, said = ours.recv()
    reader.join()
    return records, peak, time.monotonic() - began, said


MAKERS = (
    text_file, text_of_wide_characters, identifiers, workbook, workbook_of_texts, web_page,
    xml_spreadsheet, open_document,
)  # fmt: skip


def main() -> int:
    """Measure every kind of file by itself, then all of them together."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--share", type=float, default=1.0, help="of the limits")
    share = wishes.parse_args().share
    with tempfile.TemporaryDirectory() as held:
        files = [make(Path(held), share) for make in MAKERS]
        for given in [*([one] for one in files), files]:
            records, peak, seconds, said = measured(*given)
            size = sum(file.stat().st_size for file in given) / 1_000_000
            print(f"{', '.join(file.name for file in given)}: {size:.0f} MB, "  # noqa: T201
                  f"{records:,} records, peak {peak:,} MB, {seconds:.0f} s", *said,
                  sep="\n  ", flush=True)  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())

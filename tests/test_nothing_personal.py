"""No child's identifier and no worker's name or identifier is anywhere in a written workbook."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import SAMPLE_INPUTS, WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.request import Outcome, Request

#: Whose columns hold what tells a person apart.
PERSONAL = re.compile(
    r"(?i)(child|person|client|worker|young person|looked after).*(id|number)|^id$"
)
#: Shorter ones are also counts, years and numbers of rows.
LEAST_DIGITS = 5


def text_rows(file: Path) -> Iterator[list[str]]:
    raw = file.read_bytes()
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    mark = max(",;|\t", key=text.count)
    yield from csv.reader(text.splitlines(), delimiter=mark)


def grids(folder: Path) -> Iterator[list[list[str]]]:
    for file in sorted(folder.iterdir()):
        if file.suffix in (".csv", ".txt"):
            yield list(text_rows(file))
        elif file.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(file, read_only=True):
                rows = sheet.iter_rows(values_only=True)
                yield [["" if cell is None else str(cell) for cell in row] for row in rows]


def identifiers(folder: Path) -> set[str]:
    """Every identifier in the columns of persons, whatever row their headings stand in."""
    found: set[str] = set()
    for rows in grids(folder):
        columns: set[int] = set()
        for row in rows:
            named = {at for at, text in enumerate(row) if PERSONAL.search(text.strip())}
            columns = columns or named
            found |= {row[at].strip().removesuffix(".0") for at in columns if at < len(row)}
    return {one for one in found if sum(mark.isdigit() for mark in one) >= LEAST_DIGITS} | {
        one for one in found if re.fullmatch(r"(W|SW)\d+", one)
    }


def parts(workbook: Path) -> str:
    with zipfile.ZipFile(workbook) as file:
        return "\n".join(file.read(name).decode("utf-8") for name in file.namelist())


def words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]*\d[\w]*", text))


def test_no_part_of_the_workbook_holds_an_identifier(sample_build: Outcome) -> None:
    known = identifiers(SAMPLE_INPUTS)
    assert len(known) > 5000
    assert any(one.startswith("W") for one in known)
    assert any(one.startswith("SW") for one in known)
    assert words(f"<t>{min(known)}</t>") & known  # an identifier in a part would be found
    assert sample_build.written
    assert not known & words(parts(sample_build.written))


@pytest.fixture
def named_inputs(tmp_path: Path) -> Path:
    """The caseload list of a council that gives names, and enough else to build from."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "caseloads.csv").write_text(
        "Caseloads at 31/07/2023,,,\n"
        "Worker ID,Worker Name,No. of Allocations,Qualifying Status,Allocated Team\n"
        "W77001,Quillon Featherby,31,SW,East 1\nW77002,Ottoline Marchbanks,12,NQSW,East 1\n",
        encoding="utf-8",
    )
    contacts = "\n".join(f"C{day:05},{day:02}/07/2023" for day in range(1, 32) for _ in range(4))
    (folder / "contacts.csv").write_text(
        "Period: 01/07/2023 to 31/07/2023\nChild ID,Contact Date\n" + contacts, encoding="utf-8"
    )
    return folder


def layout(folder: Path, shown: str) -> str:
    file = folder / "mine.toml"
    file.write_text(
        'title = "Mine"\nmonths = 1\n[[tables]]\nname = "T"\ntitle = "T"\n'
        'columns = ["indicator", "months"]\nrows = [{ measure = "contacts" }]\n'
        f'[[caseloads]]\nname = "Caseloads"\ntitle = "Caseloads"\n{shown}',
        encoding="utf-8",
    )
    return str(file)


@pytest.mark.parametrize(("shown", "there"), [("", False), ("show_workers = true\n", True)])
def test_workers_names_appear_only_if_the_layout_asks(
    named_inputs: Path, tmp_path: Path, shown: str, there: bool
) -> None:
    out = tmp_path / "out.xlsx"
    request = Request((named_inputs,), layout=layout(tmp_path, shown), out=out, written=WRITTEN)
    outcome = build(request, lambda progress: None)
    assert outcome.written, [problem.text() for problem in outcome.problems]
    text = parts(out)
    assert ("Quillon Featherby" in text) == there
    assert ("Marchbanks" in text) == there
    assert "W77001" not in text
    assert not {f"C{day:05}" for day in range(1, 32)} & words(text)

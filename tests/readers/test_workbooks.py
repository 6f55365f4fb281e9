from __future__ import annotations

import io
import random
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from tests.conftest import ROOT
from workbook_builder.problems import Problem
from workbook_builder.readers import ods, xls, xlsb, xlsx
from workbook_builder.readers.grid import Grid

FILES = ROOT / "workbook_builder" / "self_test" / "kinds"
READERS = {"xlsx": xlsx.read, "xls": xls.read, "xlsb": xlsb.read, "ods": ods.read}


def grids(content: bytes, ending: str = "xlsx") -> list[Grid]:
    read = READERS[ending]("a.xlsx", content)
    assert not isinstance(read, Problem)
    return read


def workbook(*cells: tuple[int, int, object]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet = book.add_worksheet("List")
        sheet.hide()
        book.add_worksheet("Other").activate()
        for row, column, value in cells:
            style = [day] if isinstance(value, datetime) else []
            sheet.write(row, column, value, *style)
    return held.getvalue()


@pytest.mark.parametrize("ending", READERS)
def test_every_kind_of_workbook(ending: str) -> None:
    cells = grids((FILES / f"referrals.{ending}").read_bytes(), ending)[0].cells
    last = cells.iloc[-1].tolist()
    assert last[:2] == ["R3", "2000356655"]
    assert last[2] in ("2023-07-06", "45113")


@pytest.mark.parametrize(("value", "text"), [
    (2000356653, "2000356653"), (0.25, "0.25"), (-3.0, "-3"), (True, "Yes"), (False, "No"),
    ("0000001", "0000001"), (datetime(2023, 7, 31), "2023-07-31"),
    (datetime(2023, 7, 31, 10, 15), "2023-07-31 10:15:00"),
])  # fmt: skip
def test_cells_become_text(value: object, text: str) -> None:
    assert grids(workbook((0, 0, value)))[0].cells.loc[1, 0] == text


def test_hidden_sheets_are_read_and_rows_counted_from_the_top() -> None:
    first, second = grids(workbook((3, 2, "x")))
    assert (first.sheet, first.cells.loc[4, 2]) == ("List", "x")
    assert (second.sheet, len(second.cells)) == ("Other", 0)


def test_a_stray_cell_far_away_is_a_problem() -> None:
    far = xlsx.read("a.xlsx", workbook((0, 0, "a"), (1048575, 16383, "b")))
    assert isinstance(far, Problem)
    assert (far.code, "XFD1048576" in far.text()) == ("X030", True)


@pytest.mark.parametrize("ending", READERS)
def test_a_workbook_cut_off_anywhere_is_a_problem_or_read(ending: str) -> None:
    content = (FILES / f"referrals.{ending}").read_bytes()
    cuts = random.Random(1).sample(range(len(content)), 40)
    for cut in cuts:
        read = READERS[ending]("a.xlsx", content[:cut])
        assert isinstance(read, (Problem, list))


@pytest.mark.parametrize("ending", ["xlsx", "xlsb", "ods"])
def test_a_changed_byte_never_reaches_the_reader(ending: str) -> None:
    content = bytearray((FILES / f"referrals.{ending}").read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = max(archive.infolist(), key=lambda each: each.file_size)
    content[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 0xFF
    read = READERS[ending]("a.xlsx", bytes(content))
    assert isinstance(read, Problem)
    assert read.code == "X011"

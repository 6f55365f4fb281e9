"""Names and texts that look like formulas, XML, links or commands stay texts in the workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from tests.conftest import SAMPLE_INPUTS, WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.months import Month
from workbook_builder.request import Request

TEAMS = (
    "=1+1", "=cmd|' /C calc'!A0", "+44 Team", "-Team", "@SUM(1)", "{=1}", "http://example.org/a",
    "<b>Team</b>", "A & B", "]]>", "&lt;", "javascript:alert(1)", "Team\x0bT", "internal:Cover!A1",
    "=HYPERLINK(\"http://example.org\")", "\u202eTeam", "'=1+1", "[other.xlsx]Sheet!A1", "😀 Tŷ",
)  # fmt: skip
LAYOUT = """
title = "=1+1 & <b>"
[[tables]]
name = "=A1 & <x>"
title = "=HYPERLINK(1)"
columns = ["indicator", "months", "commentary"]
rows = [{ measure = "contacts", title = "@SUM(1) <i>", note = "=1+1" }]
months = 3
"""


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("hostile")
    held = io.StringIO()
    rows = csv.writer(held)
    rows.writerow(["Contact ID", "Child ID", "Date of Contact", "Team"])
    for day in range(1, 93):
        month, in_month = 5 + (day - 1) // 31, (day - 1) % 31 + 1
        when = f"{min(in_month, 30 if month == 6 else 31):02}/{month:02}/2023"
        rows.writerow([f"K{day}", day, when, TEAMS[day % len(TEAMS)]])
    extract = folder / "=cmd & <x>'s contacts.csv"
    extract.write_text(held.getvalue(), encoding="utf-8")
    said = folder / "commentary.csv"
    said.write_text('measure,commentary\ncontacts,"=1+1\n<b> http://example.org @x"\n')
    layout = folder / "hostile.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    out = folder / "board.xlsx"
    request = Request((extract, said), str(layout), Month(2023, 7), out, WRITTEN)
    outcome = build(request, lambda progress: None)
    assert outcome.written, [problem.text() for problem in outcome.problems]
    return out.read_bytes()


def test_hostile_texts_arrive_as_they_were_given(workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    texts = {unescape(str(cell.value)) for cell in cells if cell.data_type == "s"}
    assert "=A1 & <x>" in book.sheetnames
    for text in ("=HYPERLINK(1)", "@SUM(1) <i>", "=1+1\n<b> http://example.org @x"):
        assert text in texts, text
    marks = "\u202e\x0b"
    for team in TEAMS:
        plain = team.translate({ord(mark): None for mark in marks})
        assert {team, plain, team.replace("\x0b", " ")} & texts, team


def test_no_text_became_a_formula_or_a_link(workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for sheet in book:
        for row in sheet:
            for cell in row:
                assert not (cell.data_type == "f" and any(team in str(cell.value)
                            for team in ("cmd|", "HYPERLINK", "SUM(1)", "=1+1"))), cell  # fmt: skip
                assert cell.hyperlink is None or not cell.hyperlink.target, cell
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for name in archive.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(name), name
        assert not [name for name in archive.namelist() if "externalLink" in name]


def test_the_name_of_the_file_cannot_lead_elsewhere(tmp_path: Path) -> None:
    layout = tmp_path / "hostile.toml"
    layout.write_text('file_name = "../x.xlsx"\n' + LAYOUT, encoding="utf-8")
    outcome = build(Request((SAMPLE_INPUTS,), str(layout)), lambda progress: None)
    assert outcome.written is None
    assert "file_name" in " ".join(problem.text() for problem in outcome.problems)

"""Commentary dropped with the extracts, and what of it stands in the workbook."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.test_run import WRITTEN, days, quiet, write_contacts
from workbook_builder.build_workbook import build
from workbook_builder.months import Month
from workbook_builder.request import Request

JULY = Month(2023, 7)
LONG = " ".join(f"Sentence {number} says what was done in the month." for number in range(65))
WORDS = {
    "M1": '=SUM(1,2) is what "they" wrote\nand +1 on a second line,\n\n<b>after</b> an empty one',
    "referrals": LONG,
    "Number of ceasing Looked after Children (episodes)": "Told by its title; @home, -3 children.",
}

LAYOUT = """
title   = "Commented"

[[tables]]
name    = "Commented"
title   = "Commented"
columns = ["reference", "indicator", "months", "commentary"]
rows    = [
  { measure = "contacts", reference = "M1" },
  { measure = "referrals" },
  { measure = "care_ended", title = "Number of ceasing Looked after Children (episodes)" },
]
"""


def as_csv(folder: Path) -> Path:
    file = folder / "what we say.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Ref.", "Month", "Commentary"])
        writer.writerows([name, "2023-07", text] for name, text in WORDS.items())
    return file


def as_xlsx(folder: Path) -> Path:
    file = folder / "what we say.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["Measure", "Month", "Commentary"])
    for name, text in WORDS.items():
        sheet.append([name, "Jul-23", text])
        cell = sheet.cell(sheet.max_row, 3)
        cell.value, cell.data_type = text, "s"
    book.save(file)
    return file


@pytest.mark.filterwarnings("ignore:Sparkline Group")
@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_words_arrive_as_they_were_written(written: Callable[[Path], Path], tmp_path: Path) -> None:
    assert len(LONG) > 2900
    layout = tmp_path / "commented.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    contacts = write_contacts(tmp_path / "c.csv", days(date(2022, 7, 1), date(2023, 7, 31)))
    asked = Request(
        (contacts, written(tmp_path)), str(layout), JULY, tmp_path / "out.xlsx", WRITTEN
    )
    outcome = build(asked, quiet)
    assert outcome.written
    assert "M015" not in {problem.code for problem in outcome.problems}

    book = openpyxl.load_workbook(outcome.written)
    sheet = book["Commented"]
    column = next(cell.column for cell in sheet[3] if cell.value == "Commentary (Jul-23)")
    cells = [sheet.cell(row, column) for row in (4, 5, 6)]
    assert [cell.value for cell in cells] == list(WORDS.values())
    assert all(cell.data_type == "s" and cell.alignment.wrap_text for cell in cells)
    heights = [sheet.row_dimensions[row].height or 0 for row in (4, 5, 6)]
    assert heights[1] > heights[0] > heights[2]
    assert max(heights) <= 409

    kept = [[cell.value for cell in row[-3:]] for row in book["Commentary"].iter_rows(min_row=4)]
    texts = list(WORDS.values())
    assert kept == [
        [texts[0], "2023-07", "contacts"],
        [texts[1], "2023-07", "referrals"],
        [texts[2], "2023-07", "care_ended"],
    ]

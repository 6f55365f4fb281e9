"""A layout that hides small numbers: nothing in the workbook gives them away."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from tests.conftest import WRITTEN
from workbook_builder import run
from workbook_builder.months import Month

LAYOUT = """
title = "A"
suppress_under = 5
months = 3
[[tables]]
name = "A"
title = "A"
columns = ["indicator", "sparkline", "months", "change_on_month", "average", "maximum"]
rows = [{ measure = "contacts" }]
"""


def test_a_small_number_is_nowhere_in_the_workbook(tmp_path: Path) -> None:
    months = {5: {"North": 30, "South": 20}, 6: {"North": 2, "South": 45}, 7: {"North": 3}}
    lines = [
        f"{month}{team}{one},{one % 28 + 1:02}/{month:02}/2023,{team}"
        for month, teams in months.items()
        for team, count in teams.items()
        for one in range(count)
    ]
    extract = tmp_path / "contacts.csv"
    extract.write_text(
        "Period: 01/05/2023 to 31/07/2023\nChild ID,Date of Contact,Team\n" + "\n".join(lines)
    )
    layout = tmp_path / "mine.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    out = tmp_path / "out.xlsx"
    request = run.Request((extract,), str(layout), Month(2023, 7), out, WRITTEN)
    outcome = run.build(request, lambda progress: None)
    assert outcome.written, [problem.text() for problem in outcome.problems]
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()), data_only=True)
    values = {(row[1], row[2] or ""): (row[3], row[5], row[6])
              for row in book["Figures"].iter_rows(min_row=4, values_only=True)
              if row[0] == "contacts"}  # fmt: skip
    hidden = (None, None, "suppressed [c]")
    assert values["2023-05", ""][1] == 50
    assert values["2023-06", "North"] == values["2023-06", "South"] == hidden
    assert values["2023-06", ""][1] == 47
    assert values["2023-07", ""] == values["2023-07", "North"] == hidden
    shown = {cell.value for row in book["A"].iter_rows() for cell in row}
    assert "[c]" in shown
    numbers = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row
               if isinstance(cell.value, int | float)}  # fmt: skip
    assert not numbers & {2, 3, 45}

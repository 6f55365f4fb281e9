"""Small numbers hidden by a layout or on request: nothing in the workbook gives them away."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import WRITTEN
from workbook_builder.build_workbook import build
from workbook_builder.cli.printing import print_written
from workbook_builder.figures import Limit
from workbook_builder.months import Month
from workbook_builder.request import Outcome, Request

LAYOUT = """
title = "A"
{limit}
months = 3
[[tables]]
name = "A"
title = "A"
columns = ["indicator", "sparkline", "months", "change_on_month", "average", "maximum"]
rows = [{{ measure = "contacts" }}]
"""
FIVE = "suppress_under = 5"
DRAWN = """
[[slides]]
name = "Slide"
title = "Slide"
grid = ["one two"]
[slides.panels]
one = { chart = ["contacts"] }
two = { chart = ["contacts"], kind = "column" }
"""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    months = {5: {"North": 30, "South": 20}, 6: {"North": 2, "South": 45}, 7: {"North": 3}}
    lines = [
        f"{month}{team}{one},{(3, 14, 27)[one % 3]:02}/{month:02}/2023,{team}"
        for month, teams in months.items()
        for team, count in teams.items()
        for one in range(count)
    ]
    file = tmp_path / "contacts.csv"
    file.write_text(
        "Period: 01/05/2023 to 31/07/2023\nChild ID,Date of Contact,Team\n" + "\n".join(lines)
    )
    return file


def built(extract: Path, in_layout: str, asked: Limit | None, further: str = "") -> Outcome:
    layout = extract.with_name("mine.toml")
    layout.write_text(LAYOUT.format(limit=in_layout) + further, encoding="utf-8")
    out = extract.with_name("out.xlsx")
    request = Request((extract,), str(layout), Month(2023, 7), out, WRITTEN,
                          suppress_under=asked)  # fmt: skip
    return build(request, lambda progress: None)


def workbook(outcome: Outcome) -> openpyxl.Workbook:
    assert outcome.written, [problem.text() for problem in outcome.problems]
    return openpyxl.load_workbook(io.BytesIO(outcome.written.read_bytes()), data_only=True)


def said(book: openpyxl.Workbook) -> str:
    """Return what the workbook says of small numbers."""
    rows = (row[:2] for row in book["Sources"].iter_rows(values_only=True))
    return "".join(str(text) for name, text in rows if name == "Small numbers")


@pytest.mark.parametrize(
    ("in_layout", "asked", "who"),
    [(FIVE, None, "as the layout says"), ("", 5, "as chosen for this workbook"),
     ("suppress_under = 2", 5, "as chosen for this workbook")],
    ids=["layout", "request", "request_before_layout"],
)  # fmt: skip
def test_a_small_number_is_nowhere_in_the_workbook(
    in_layout: str, asked: Limit | None, who: str, extract: Path
) -> None:
    book = workbook(built(extract, in_layout, asked))
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
    notes = {cell.value for row in book["Notes"].iter_rows() for cell in row}
    assert "[c]: hidden, because it is a small number or would reveal one." in notes
    assert said(book) == (
        f"Figures about 1 to 4 are hidden, {who}, and what would give them away: [c]"
    )


@pytest.mark.parametrize(
    ("in_layout", "asked", "words"),
    [(FIVE, "off", "All are shown, as chosen for this workbook"), ("", None, "")],
)
def test_small_numbers_are_shown_where_nobody_hides_them_and_the_workbook_says_who_wished_it(
    in_layout: str, asked: Limit | None, words: str, extract: Path
) -> None:
    book = workbook(built(extract, in_layout, asked))
    assert "[c]" not in {cell.value for row in book["A"].iter_rows() for cell in row}
    assert said(book) == words


@pytest.mark.parametrize("asked", [-3, 0, 1, 51, 10**4000])
def test_a_limit_that_makes_no_sense_is_a_problem_and_nothing_is_written(
    asked: int, extract: Path
) -> None:
    outcome = built(extract, FIVE, asked)
    assert outcome.written is None
    (problem,) = outcome.problems
    assert problem.code == "R006"
    assert "from 2 to 50" in problem.what
    assert not extract.with_name("out.xlsx").exists()


def test_charts_and_sparklines_leave_a_gap_where_a_figure_is_hidden(extract: Path) -> None:
    outcome = built(extract, FIVE, None, DRAWN)
    book = workbook(outcome)
    assert outcome.written
    texts = list(drawn(outcome.written))
    found = [book_cells(book, text) for text in texts]
    # A sparkline, and of the chart its line, its limits, and the line that names its end.
    assert len(found) == 1 + 3, texts
    assert all(value is None or isinstance(value, int | float) for row in found for value in row), (
        found
    )
    assert [50, 47, None] in found


def test_caseloads_that_are_hidden_need_nothing_from_anybody(extract: Path) -> None:
    sheet = '[[caseloads]]\nname = "Caseloads"\ntitle = "Caseloads"\n'
    outcome = built(extract, FIVE, None, sheet)
    (found,) = (one for one in outcome.problems if "caseloads" in one.what)
    assert found.code == "M032"
    assert "Nothing to do." in found.text()


def test_the_command_line_tells_hidden_figures_from_blank_ones(
    extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_written(built(extract, FIVE, None))
    said = "13 figures of the whole service, 10 of them blank and 1 hidden as small numbers"
    assert said in capsys.readouterr().out
    print_written(built(extract, "", None))
    assert "13 figures of the whole service, 10 of them blank.\n" in capsys.readouterr().out


def drawn(file: Path) -> Iterator[str]:
    """Yield the areas whose numbers the charts and sparklines of a workbook draw."""
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8", "replace")
            yield from re.findall(r"<c:val><c:numRef><c:f>([^<]*)</c:f>", text)
            yield from re.findall(r"<x14:sparkline><xm:f>([^<]*)</xm:f>", text)


def book_cells(book: openpyxl.Workbook, area: str) -> list[object]:
    sheet, _, cells = area.rpartition("!")
    (row,) = book[sheet.strip("'")][cells.replace("$", "")]
    return [cell.value for cell in row]

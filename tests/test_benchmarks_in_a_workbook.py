"""Statistics dropped with the extracts or kept with the layouts, all the way into the workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests import published_files as made
from tests.conftest import SAMPLE_INPUTS
from tests.test_run import days, quiet, write_contacts
from workbook_builder.build_workbook import build, check
from workbook_builder.months import Month
from workbook_builder.request import Outcome, Request

JULY = Month(2023, 7)
LAYOUT = """
title       = "Mine"
months      = 2
authority   = "Ourtown"
comparators = ["england", "statistical_neighbours", "own_authority"]

[[tables]]
name    = "Demand"
title   = "Demand"
columns = ["indicator", "months", "target", "rag", "benchmarks"]
rows    = [
  { measure = "contacts", target = "<100" },
  { measure = "contact_rate", target = "TBC" },
  { measure = "children_in_care" },
  { measure = "re_referrals" },
]

[[tables]]
name        = "Two"
title       = "Two columns"
columns     = ["indicator", "benchmarks"]
comparators = ["region", "england"]
rows        = [{ measure = "children_in_care" }]
"""
MEASURE = """
[contact_rate]
title      = "Rate of contacts"
rate_of    = "contacts"
per        = 10_000
population = "children_0_17"
"""
FIGURES = {"England": 80780, "region": 10480, "852": 498, "901": 530, "902": "c", "903": 560}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A user's own layouts folder, statistics beside it, and an extract."""
    made.written(tmp_path / "layouts" / "mine.toml", LAYOUT)
    made.written(tmp_path / "layouts" / "measures" / "mine.toml", MEASURE)
    write_contacts(tmp_path / "contacts.csv", days(date(2023, 6, 1), date(2023, 7, 31)))
    return tmp_path


def keep(folder: Path) -> None:
    rows = [*made.looked_after(FIGURES), *made.looked_after({"England": 1}, 2022)]
    text = made.csv_text(rows, made.LOOKED_AFTER, mark=True)
    made.written(folder / "layouts" / "statistics" / "cla.csv", text)
    sets = made.neighbours({"852": ["901", "902", "903"]})
    made.written(folder / "layouts" / "statistics" / "Neighbours 2021.csv", sets)


def built(folder: Path, *more: Path) -> Outcome:
    request = Request(
        inputs=(folder / "contacts.csv", *SAMPLE_INPUTS.glob("*.toml"), *more),
        layout=str(folder / "layouts" / "mine.toml"),
        month=JULY,
        out=folder / "out.xlsx",
    )
    return build(request, quiet)


def rows_of(outcome: Outcome, sheet: str) -> list[list[object]]:
    assert outcome.written, [problem.text() for problem in outcome.problems]
    book = openpyxl.load_workbook(outcome.written, data_only=True)
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def row_of(outcome: Outcome, sheet: str, begins: str) -> list[object]:
    return next(row for row in rows_of(outcome, sheet) if str(row[0]).startswith(begins))


def test_kept_statistics_fill_the_columns(folder: Path) -> None:
    keep(folder)
    outcome = built(folder)
    assert rows_of(outcome, "Demand")[2][-3:] == [
        "England", "Statistical neighbours", "Southampton 2021/22",
    ]  # fmt: skip
    assert row_of(outcome, "Demand", "Number of children in our care")[-3:] == [80780, 545, 498]
    assert rows_of(outcome, "Two")[2][-2:] == ["South East", "England"]
    assert row_of(outcome, "Two", "Number of children in our care")[-2:] == [10480, 80780]
    codes = {problem.code for problem in outcome.problems}
    assert {"S011", "S013"} <= codes
    assert not codes & {"S001", "S008", "S009", "S010", "S014"}


def test_without_statistics_the_typed_values_stand(folder: Path) -> None:
    outcome = built(folder)
    assert row_of(outcome, "Demand", "Number of children in our care")[-3:] == [80850, 640, 497]
    assert row_of(outcome, "Demand", "Percentage of re-referrals")[-3:] == [0.21, 0.21, 0.27]
    assert not any(problem.code.startswith("S") for problem in outcome.problems)


def test_the_notes_say_where_each_column_comes_from(folder: Path) -> None:
    keep(folder)
    notes = [row[:8] for row in rows_of(built(folder), "Notes")]
    at = next(place for place, row in enumerate(notes) if row[0] == "Benchmark columns")
    assert notes[at + 1][:8] == ["No.", "Benchmark column", "Source", "Indicators", "Method",
                                 "Vintage", "Year", "Read from"]  # fmt: skip
    source = "DfE, Children looked after in England: number and rate per 10,000 children"
    assert [
        2, "Statistical neighbours", source, "Number of children in our care", "mean", "2021 set",
        "2020/21", "cla.csv; 2 of 3 neighbours in Neighbours 2021.csv",
    ] in notes  # fmt: skip
    typed = [row for row in notes[at:] if row[7] == "Typed in benchmarks.toml"]
    assert {(row[1], row[6]) for row in typed} >= {("England", "2021/22")}


def test_the_checks_sheet_says_both_values(folder: Path) -> None:
    keep(folder)
    said = " ".join(str(cell) for row in rows_of(built(folder), "Checks") for cell in row)
    assert "80,780 in the file, 80,850 in benchmarks.toml" in said
    assert "2 of 3 neighbours have a figure for 2020/21" in said


def test_signs_and_words_stand_in_the_target_column(folder: Path) -> None:
    outcome = built(folder)
    assert outcome.written
    sheet = openpyxl.load_workbook(outcome.written)["Demand"]
    signed, worded = sheet["D4"], sheet["D5"]
    assert (signed.value, signed.number_format) == (100, '"<"#,##0')
    assert worded.value == "TBC"
    assert sheet["E5"].value is None


def test_published_populations_give_the_rates(folder: Path) -> None:
    figures = {**made.people({"852": 50_000}, 2021)[0]}
    text = made.csv_text([figures], made.POPULATION)
    ons = made.written(folder / "ons.csv", text)
    assert row_of(built(folder), "Demand", "Rate of contacts")[2] is None
    assert row_of(built(folder, ons), "Demand", "Rate of contacts")[2] == 6  # 31 in 50,000


def test_the_population_extract_goes_before_the_published_one(folder: Path) -> None:
    ons = made.written(
        folder / "ons.csv", made.csv_text(made.people({"852": 50_000}, 2023), made.POPULATION)
    )
    own = made.written(
        folder / "people.csv", "Mid-year,Population Group,People\n2023,children_0_17,25000\n"
    )
    outcome = built(folder, ons, own)
    assert row_of(outcome, "Demand", "Rate of contacts")[2] == 12
    (note,) = (problem for problem in outcome.problems if problem.code == "S012")
    assert "25,000 in the population extract, 50,000 in the published" in note.what


def test_check_says_what_a_file_was_taken_for(folder: Path) -> None:
    keep(folder)
    request = Request((folder / "contacts.csv",), str(folder / "layouts" / "mine.toml"), JULY)
    outcome = check(request, quiet)
    assert {sheet.file: sheet.standard for sheet in outcome.sheets if sheet.standard} == {
        "cla.csv": "statistics: Children looked after, number and rate, 2021 to 2022",
        "Neighbours 2021.csv": "statistical neighbours of 2021",
    }


def test_a_renamed_column_leaves_the_typed_values_with_a_problem(folder: Path) -> None:
    rows = made.csv_text(made.looked_after(FIGURES), made.LOOKED_AFTER)
    cla = made.written(folder / "cla.csv", rows.replace("children_count", "number_of_children"))
    outcome = built(folder, cla)
    assert row_of(outcome, "Demand", "Number of children in our care")[-3:] == [80850, 640, 497]
    (problem,) = (one for one in outcome.problems if one.code.startswith("S"))
    assert problem.code == "S001"
    assert '"children_count"' in problem.what

"""The published tables of July 2023, cell by cell, from the sample's raw records.

The workbook itself is read back, so all stages stand behind each comparison. Where the published
tables contradict themselves our figures differ; each such cell is listed in docs/differences.md,
and the lists there and here must be the same.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from workbook_builder.run import Outcome

PUBLISHED = Path(__file__).parent / "published" / "board_2023-07.csv"
TABLES = ("Demand", "Right service right time")
MONTHS = (
    "Jul-22", "Aug-22", "Sep-22", "Oct-22", "Nov-22", "Dec-22", "Jan-23",
    "Feb-23", "Mar-23", "Apr-23", "May-23", "Jun-23", "Jul-23",
)  # fmt: skip
BENCHMARKS = {
    "southampton_2021_22": "Southampton 2021/22",
    "statistical_neighbours": "Statistical neighbours",
    "south_east": "South East",
    "england": "England",
}
HEADING_ROW = 3

Published = dict[str, str]
Ours = dict[str, object]


def published_rows(table: str) -> list[Published]:
    with PUBLISHED.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["table"] == table]


def our_rows(sheet: Worksheet) -> list[Ours]:
    headings = [str(cell.value) for cell in sheet[HEADING_ROW]]
    rows = sheet.iter_rows(min_row=HEADING_ROW + 1, values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def workbook(sample_build: Outcome) -> openpyxl.Workbook:
    assert sample_build.written
    return openpyxl.load_workbook(sample_build.written, data_only=True)


def pairs(workbook: openpyxl.Workbook) -> Iterator[tuple[str, Published, Ours]]:
    for table in TABLES:
        for row, ours in zip(published_rows(table), our_rows(workbook[table]), strict=True):
            yield table, row, ours


def listed_differences(root: Path) -> set[tuple[str, str, str, str, str]]:
    """The rows of the table in docs/differences.md: table, indicator, cell, published, ours."""
    text = (root / "docs" / "differences.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|", text, re.M)
    stripped = (tuple(part.strip() for part in row) for row in rows)
    return {row for row in stripped if row[0] in TABLES}


def test_every_month_cell_is_the_published_one(workbook: openpyxl.Workbook, root: Path) -> None:
    different = set()
    compared = 0
    for table, row, ours in pairs(workbook):
        for month in MONTHS:
            compared += 1
            if ours[month] != float(row[month]):
                different.add((table, row["indicator"], month, row[month], str(ours[month])))
    assert compared == 20 * 13
    assert different == listed_differences(root)


def test_rows_stand_in_the_published_order_with_their_references(
    workbook: openpyxl.Workbook,
) -> None:
    for _, row, ours in pairs(workbook):
        assert ours["Indicator"] == row["indicator"]
        assert (ours["Ref."] or "") == row["ref"]


def test_trend_is_this_month_less_last_month(workbook: openpyxl.Workbook) -> None:
    for table, row, ours in pairs(workbook):
        if table == "Demand":
            assert ours["Change on last month"] == float(row["trend"])


def test_targets_rag_direction_and_notes_are_the_published_ones(
    workbook: openpyxl.Workbook,
) -> None:
    judged = 0
    for table, row, ours in pairs(workbook):
        if table == "Demand":
            continue
        for heading, column in (
            ("Target", "target"), ("RAG", "rag"), ("Direction of travel", "direction_of_travel"),
        ):  # fmt: skip
            wanted: object = "-" if row[column] in ("", "-") else float(row[column])
            assert ours[heading] == wanted, (row["indicator"], heading)
            judged += heading == "RAG" and wanted != "-"
        assert (ours["Note"] or "") == row["note"]
    assert judged == 6


def test_benchmarks_are_the_published_ones(workbook: openpyxl.Workbook) -> None:
    for table, row, ours in pairs(workbook):
        if table == "Demand":
            continue
        for column, heading in BENCHMARKS.items():
            wanted: object = "-" if row[column] in ("", "-") else float(row[column])
            assert ours[heading] == wanted, (row["indicator"], heading)


def test_the_sample_needs_nobody_to_choose_the_month(sample_build: Outcome) -> None:
    assert str(sample_build.month) == "2023-07"

"""The published tables of July 2023, cell by cell, from the sample's raw records.

For the tables of the default layout the workbook itself is read back, so all stages stand behind
each comparison; the figures of all 13 tables and of the team tables are compared too. Where the
published tables contradict themselves our figures differ; each such cell is listed in
docs/differences.md, and the lists there and here must be the same.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.indicators.rounding import printed
from workbook_builder.months import Month, months_ending
from workbook_builder.request import Outcome, Request

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

HEAD = ("table", "indicator", "cell", "published", "ours")
RULE = ("---",) * 5

TEAMS = Path(__file__).parent / "published" / "teams_2023-07.csv"
TEAM_TABLES = {
    "Single assessments completed within 20 working days": "assessments_done_early",
    "C&F assessments completed within 45 working days": "assessments_in_time",
    "Children subject to a second or subsequent CP plan": "cp_second_plan",
    "CP visits in the last 10 working days": "cp_visited_in_10_working_days",
    "CP core group meeting in time": "cp_core_group_in_time",
    "CP supervision within timescale": "cp_supervised",
    "CLA visits in time": "cla_visited",
    "CLA care plan up to date": "cla_care_plan",
    "CLA supervision within timescale": "cla_supervised",
}
MEASURES = known_definitions().value.measures
BY_LABEL = {month.label: month for month in months_ending(Month(2023, 7), 13)}

#: The sheets on which we show the published tables, by part of the pack and table.
SHEETS = {
    ("1", "Right service right time"): "Right service right time",
    ("1", "Distribution of children across the service"): "Distribution of children",
    ("1", "Visits"): "Visits",
    ("1", "Supervision"): "Supervision",
    ("1", "Timeliness and quality of assessment and planning"): "Timeliness and quality",
    ("1", "Child protection core groups and health assessments"): "Core groups and health",
    ("1", "Placement stability and permanence"): "Placement stability",
    ("1", "Corporate parenting board"): "Corporate parenting board",
    ("2", "Right service right time"): "Right service right time",
    ("2", "Strong, Vibrant Localities"): "Strong, vibrant localities",
    ("2", "Children remain within or return to birth families"): "Birth families",
    ("2", "Placement stability and permanence"): "Placement stability (summary)",
}
#: This table was published with the months up to May only.
LATE = "Corporate parenting board"
RATINGS = {"RAG": "rag", "Direction of travel": "direction_of_travel"}
#: Codes that were printed under a date format.
MISFORMATTED = {"Dec-69": -1.0, "Dec-99": 0.0, "Jan-00": 1.0}

Published = dict[str, str]
Ours = dict[str, object]


def published_rows(table: str) -> list[Published]:
    with PUBLISHED.open(encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if row["sheet"] == "1"]
    return [row for row in found if row["table"] == table]


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
    return set(stripped) - {HEAD, RULE}


def test_every_month_cell_is_the_published_one(workbook: openpyxl.Workbook, root: Path) -> None:
    different = set()
    compared = 0
    for table, row, ours in pairs(workbook):
        for month in MONTHS:
            compared += 1
            if ours[month] != float(row[month]):
                different.add((table, row["indicator"], month, row[month], str(ours[month])))
    assert compared == 20 * 13
    listed = {row for row in listed_differences(root) if row[0] in TABLES and row[2] in MONTHS}
    assert different == listed


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
            wanted = None if row[column] in ("", "-") else float(row[column])
            assert ours[heading] == wanted, (row["indicator"], heading)
            judged += heading == "RAG" and wanted is not None
        assert (ours["Note"] or "") == row["note"]
    assert judged == 6


def test_benchmarks_are_the_published_ones(workbook: openpyxl.Workbook) -> None:
    for table, row, ours in pairs(workbook):
        if table == "Demand":
            continue
        for column, heading in BENCHMARKS.items():
            wanted = None if row[column] in ("", "-") else float(row[column])
            assert ours[heading] == wanted, (row["indicator"], heading)


def test_the_sample_needs_nobody_to_choose_the_month(sample_build: Outcome) -> None:
    assert str(sample_build.month) == "2023-07"


def all_rows() -> list[Published]:
    with PUBLISHED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_printed(outcome: Outcome, name: str, month: str) -> float | None:
    """The whole service's figure as the published tables print it, percentages in percent."""
    measure = MEASURES[name]
    figure = outcome.figures.get(name, BY_LABEL[month])
    if figure is None or figure.value is None:
        return None
    value = printed(figure.value, measure.unit, measure.decimals)
    return round(value * 100, 6) if measure.unit == "percent" else value


def test_all_thirteen_tables_come_out_of_raw_records(every_measure: Outcome, root: Path) -> None:
    different = set()
    compared = 0
    for row in all_rows():
        for month in MONTHS:
            if row[month] in ("", "-", "TBC"):
                continue
            compared += 1
            ours = as_printed(every_measure, row["measure"], month)
            if ours != float(row[month].rstrip("%")):
                table = row["table"] + (" (second sheet)" if row["sheet"] == "2" else "")
                different.add((table, row["indicator"], month, row[month], f"{ours:g}"))
    assert compared == 1675
    assert different == {row for row in listed_differences(root) if row[2] in MONTHS}
    assert len(different) / compared <= 0.03


def test_the_team_tables_come_out_row_by_row(every_measure: Outcome) -> None:
    july = BY_LABEL["Jul-23"]
    with TEAMS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["team"] != "Total"]
    assert len(rows) == 97
    for row in rows:
        figure = every_measure.figures.get(TEAM_TABLES[row["measure"]], july, row["team"])
        assert figure and figure.value is not None, row
        assert (figure.denominator, figure.numerator) == (
            float(row["denominator"]), float(row["numerator"]),
        ), row  # fmt: skip
        assert f"{printed(figure.value, 'percent', 1):.1%}" == row["percent"]


def test_the_teams_add_up_to_the_service(every_measure: Outcome) -> None:
    july = BY_LABEL["Jul-23"]
    for name in TEAM_TABLES.values():
        here = [one for one in every_measure.figures if (one.measure, one.month) == (name, july)]
        whole = next(one for one in here if not one.team)
        assert whole.denominator == sum(one.denominator or 0 for one in here if one.team)
        assert whole.numerator == sum(one.numerator or 0 for one in here if one.team)


@pytest.fixture(scope="module")
def may_workbook(root: Path, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    out = tmp_path_factory.mktemp("may") / "board.xlsx"
    request = Request((root / "sample_inputs",), month=Month(2023, 5), out=out)
    assert build(request, lambda progress: None).written
    return openpyxl.load_workbook(out, data_only=True)


def shown(code: object) -> str:
    """How the list of differences writes a code, or that there is none."""
    return "-" if code is None else str(code)


def rating(text: str) -> object:
    """The code that a published rating stands for."""
    if text in ("", "-"):
        return None
    return MISFORMATTED[text] if text in MISFORMATTED else float(text)


def test_all_seventy_ratings_and_directions_follow_the_rule(
    workbook: openpyxl.Workbook, may_workbook: openpyxl.Workbook, root: Path
) -> None:
    different = set()
    judged = dict.fromkeys(RATINGS, 0)
    for (part, table), sheet in SHEETS.items():
        book = may_workbook if table == LATE else workbook
        rows = [row for row in all_rows() if (row["sheet"], row["table"]) == (part, table)]
        for row, ours in zip(rows, our_rows(book[sheet]), strict=True):
            for heading, column in RATINGS.items():
                judged[heading] += rating(row[column]) is not None
                if ours[heading] != rating(row[column]):
                    name = table + (" (second sheet)" if part == "2" else "")
                    cell = (name, row["indicator"], heading, row[column], shown(ours[heading]))
                    different.add(cell)
    assert judged == {"RAG": 70, "Direction of travel": 70}
    assert different == {row for row in listed_differences(root) if row[2] in RATINGS}


def test_targets_and_benchmarks_of_all_tables_are_the_published_ones(
    workbook: openpyxl.Workbook,
) -> None:
    for (part, table), sheet in SHEETS.items():
        rows = [row for row in all_rows() if (row["sheet"], row["table"]) == (part, table)]
        for row, ours in zip(rows, our_rows(workbook[sheet]), strict=True):
            if row["target"] not in ("", "-"):
                wanted = float(row["target"].strip("<%"))
                scale = 100 if MEASURES[row["measure"]].unit == "percent" else 1
                assert ours["Target"] == pytest.approx(wanted / scale), row["indicator"]


#: The team sheet on which we show each published team table, and its title there.
TEAM_SHEETS = {
    "Single assessments completed within 20 working days": (
        "Assessments by team", "C&F assessments completed within 20 working days"),
    "C&F assessments completed within 45 working days": (
        "Assessments by team", "C&F assessments completed within 45 working days"),
    "Children subject to a second or subsequent CP plan": (
        "CP plans and visits by team", "Children subject to a second or subsequent CP plan"),
    "CP visits in the last 10 working days": (
        "CP plans and visits by team", "CP visits in the last 10 working days"),
    "CP core group meeting in time": ("CP core groups by team", "CP core group meeting in time"),
    "CP supervision within timescale": ("Supervision by team", "CP supervision within timescale"),
    "CLA visits in time": ("Children in care by team", "CLA visits in time"),
    "CLA care plan up to date": ("Children in care by team", "CLA care plan up to date"),
    "CLA supervision within timescale": (
        "Children in care by team", "CLA supervision within timescale"),
}  # fmt: skip
CASELOADS = Path(__file__).parent / "published" / "caseloads_2023-07.csv"


def rows_below(sheet: Worksheet, title: str) -> Iterator[tuple[object, ...]]:
    """The rows of the table below a title, down to its total, without headings."""
    rows = list(sheet.iter_rows(values_only=True))
    first = next(at for at, row in enumerate(rows) if row[0] == title) + 2
    for row in rows[first:]:
        yield row
        if row[0] in ("Teams listed", "Whole service"):
            return


def test_the_nine_team_tables_stand_on_their_sheets_row_for_row(
    workbook: openpyxl.Workbook,
) -> None:
    with TEAMS.open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    assert {row["measure"] for row in published} == set(TEAM_SHEETS)
    compared = 0
    for name, (sheet, title) in TEAM_SHEETS.items():
        wanted = [row for row in published if row["measure"] == name]
        for row, ours in zip(wanted, rows_below(workbook[sheet], title), strict=True):
            printed_name = row["team"]
            if printed_name == "Total":  # of the teams listed, or of all that there are
                assert ours[0] in ("Teams listed", "Whole service")
                printed_name = str(ours[0])
            assert ours[:3] == (
                printed_name, float(row["denominator"]), float(row["numerator"]),
            )  # fmt: skip
            share = ours[3]
            assert isinstance(share, float)
            assert f"{printed(share, 'percent', 1):.1%}" == row["percent"]
            compared += 1
    assert compared == 106


def test_the_headline_stands_below_the_total_of_the_listed_teams(
    workbook: openpyxl.Workbook,
) -> None:
    sheet = workbook["CP plans and visits by team"]
    rows = [row[:3] for row in sheet.iter_rows(values_only=True)]
    for numerators in ((103, 114), (262, 290)):
        assert ("Teams listed", 302, numerators[0]) in rows
        assert ("Whole service", 345, numerators[1]) in rows
    said = "Of the whole service's 345: 302 with the 11 teams listed; 40 with 4 other teams; "
    assert (said + "3 with no team recorded.", None, None) in rows


def published_caseloads() -> list[tuple[str, str, int]]:
    with CASELOADS.open(encoding="utf-8") as file:
        return [
            (row["allocated_team"], row["qualifying_status"], int(row["no_of_allocations"]))
            for row in csv.DictReader(file)
        ]


def listed_caseloads(sheet: Worksheet, name: str) -> list[tuple[str, str, int]]:
    """A native table of caseloads, as team, status and number."""
    cells = [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref]]
    assert cells[0] == ["No. of Allocations", "Qualifying Status", "Allocated_Team"]
    return [(str(team), str(status), int(str(number))) for number, status, team in cells[1:]]


def test_the_caseload_lists_are_the_published_ones(workbook: openpyxl.Workbook) -> None:
    sheet = workbook["Caseloads"]
    published = published_caseloads()
    lists = [name for name in sheet.tables if name not in ("t_caseloads_over",
                                                            "t_caseloads_summary")]  # fmt: skip
    ours = [row for name in lists for row in listed_caseloads(sheet, name)]
    assert sorted(ours) == sorted(published)
    assert len(lists) == len({team for team, _, _ in published}) == 13
    for name in lists:
        numbers = [number for _, _, number in listed_caseloads(sheet, name)]
        assert numbers == sorted(numbers, reverse=True)
    high = [row for row in published if row[2] >= 20]
    assert sorted(listed_caseloads(sheet, "t_caseloads_over")) == sorted(high)


def test_every_allocation_over_20_is_highlighted_and_no_other(
    workbook: openpyxl.Workbook,
) -> None:
    sheet = workbook["Caseloads"]
    highlighted = []
    for area in sheet.conditional_formatting:
        (rule,) = area.rules
        assert (rule.type, rule.operator, rule.formula) == ("cellIs", "greaterThan", ["$F$3"])
        assert sheet["F3"].value == 20
        cells = [cell for block in area.cells.ranges for row in block.rows for cell in row]
        values = [sheet.cell(*place).value for place in cells]
        highlighted += [value for value in values if isinstance(value, int) and value > 20]
    over = [number for _, _, number in published_caseloads() if number > 20]
    assert sorted(highlighted) == sorted(over * 2)  # in the list of high ones, and in the team's


def test_the_summary_of_caseloads_adds_up(workbook: openpyxl.Workbook) -> None:
    sheet = workbook["Caseloads"]
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables["t_caseloads_summary"].ref]]
    assert rows[0] == ["Team", "Workers", "Cases", "Average", "Maximum", "Over 20", "SW", "NQSW",
                       "ASYE"]  # fmt: skip
    published = published_caseloads()
    for team, workers, cases, average, most, over, *by_status in rows[1:]:
        own = [row for row in published if row[0] == team or team == "All teams"]
        numbers = [number for _, _, number in own]
        assert (workers, cases, most) == (len(own), sum(numbers), max(numbers))
        assert average == sum(numbers) / len(own)
        assert over == sum(number > 20 for number in numbers)
        assert by_status == [
            sum(status == one for _, status, _ in own) for one in ("SW", "NQSW", "ASYE")
        ]

"""Long lists keep within what Excel can hold, with their filters on."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest

from tests.conftest import WRITTEN
from tests.measures.tiny import JULY, shipped
from workbook_builder.excel.draw import draw
from workbook_builder.figures import Figure, Figures, Status
from workbook_builder.measures.listed_records import Counts, ListedRecord, RecordList, Tally
from workbook_builder.measures.time_limits import Timing
from workbook_builder.sheets.plan import Plan
from workbook_builder.worklists.collect import ListedMeasure, WorklistContent
from workbook_builder.worklists.plan import plan_worklist

MEASURE = "cp_visited_in_10_working_days"
ROWS = 10_000
TEAMS = ("East", "West", "=1+1")


def listed_record(number: int, teams: tuple[str, ...] = TEAMS) -> ListedRecord:
    late = number % 4 == 0
    tally = Tally(0 if late else 1, 1)
    return ListedRecord(
        team=teams[number % len(teams)], child=f"{number:07}", shown_child=f"{number:07}",
        counts=Counts.NO if late else Counts.YES, why="Outside the time by 3 days" if late else "",
        values=(date(2023, 1, 1 + number % 28), None), timing=Timing(13, 3 if late else -3),
        last_event=date(2023, 7, 12), worker="", file="plans.csv", sheet="", row=number + 2,
        in_team=tally, in_service=tally,
    )  # fmt: skip


def planned(*measures: str, rows: int = ROWS, title: str = "") -> Plan:
    records = tuple(map(listed_record, range(rows)))
    listed = []
    for name in measures:
        one = RecordList(
            name, JULY, records, ("Start", "Start"), "Child ID", "Latest visit", "working days",
            "Next due", has_denominator=True, has_teams=True,
        )  # fmt: skip
        tally = one.tally()
        value = tally.numerator / tally.denominator
        figure = Figure(name, JULY, "", tally.numerator, tally.denominator, value,
                        Status.CALCULATED)  # fmt: skip
        listed.append(ListedMeasure(shipped().measures[name], Figures([figure]), one))
    return plan_worklist(
        WorklistContent(JULY, "", title, "OFFICIAL-SENSITIVE & MORE", WRITTEN, "Workbook Builder",
                        tuple(listed), shipped().known_teams)
    )  # fmt: skip


@pytest.fixture(scope="module")
def long_list() -> bytes:
    return draw(planned(MEASURE))


def test_ten_thousand_rows_are_one_table_with_filters(long_list: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(long_list)) as archive:
        tables = [archive.read(name).decode() for name in archive.namelist() if "tables/" in name]
        header = archive.read("xl/worksheets/sheet2.xml").decode()
    (listed,) = [text for text in tables if MEASURE in text]
    assert re.search(rf'ref="A3:[A-Z]+{ROWS + 3}"', listed)
    assert f'<autoFilter ref="A3:K{ROWS + 3}"/>' in listed
    assert "OFFICIAL-SENSITIVE &amp;&amp; MORE" in header


def test_the_workbook_opens_and_holds_every_record(long_list: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(long_list), read_only=True)
    sheet = book.worksheets[1]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert len(rows) == ROWS
    assert {row[1] for row in rows} == {f"{number:07}" for number in range(ROWS)}
    assert {row[0] for row in rows} == set(TEAMS)  # a team's name plants no formula


def test_in_each_team_the_worst_comes_first(long_list: bytes) -> None:
    rows = openpyxl.load_workbook(io.BytesIO(long_list), read_only=True).worksheets[1]
    seen = [(row[0], row[2]) for row in rows.iter_rows(min_row=4, values_only=True)]
    assert seen == sorted(seen, key=lambda one: (one[0] != "=1+1", one[0], one[1] != "No"))


def test_no_two_headings_and_no_two_sheets_have_one_name() -> None:
    plan = planned(MEASURE, "cp_visited_in_15_working_days", "cp_visited_in_4_weeks", rows=3)
    names = [sheet.name for sheet in plan.sheets]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 for name in names)
    for sheet in plan.sheets[1:]:
        (table,) = sheet.tables
        assert len({text.casefold() for text in table.headings}) == len(table.headings)
    draw(plan)  # Excel takes it as it is

"""Caseloads: from a list of the month, or counted from the allocations open at its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE_INPUTS
from workbook_builder.definitions.datasets import CodeList
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.definitions.sheet_layouts import CaseloadSheet, CaseloadSource
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.extracts.read_extracts import ExtractDefinitions
from workbook_builder.figures import NO_STATUS, NO_TEAM, Caseloads
from workbook_builder.measures.caseloads import read_caseloads
from workbook_builder.measures.covered_months import Coverage
from workbook_builder.months import Month
from workbook_builder.record_sources import coverages_of
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.load_extracts import load_extracts, name_teams

JULY = Month(2023, 7)
DEFINITIONS = known_definitions(inputs=[SAMPLE_INPUTS]).value
HEADINGS = "No. of Allocations,Qualifying Status,Allocated_Team"
ALLOCATED = "Child ID,Social Worker ID,Allocated From,Allocated To,Team,Qualifying Status"

Read = Callable[..., Caseloads]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def made(source: CaseloadSource = "auto", *, named: bool = False, **files: str) -> Caseloads:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        codes: dict[str, CodeList] = dict(DEFINITIONS.codes)
        datasets = DEFINITIONS.datasets
        known, cache = ExtractDefinitions(datasets, codes), FileCache[Any, Any](keeps=False)
        teams = DEFINITIONS.known_teams
        with DuckDBStore(datasets) as engine:
            extracts = load_extracts([tmp_path], known, engine, lambda name: None, cache).value
            name_teams(engine, datasets, teams)
            engine.set_months([JULY])
            coverage = Coverage(coverages_of(DEFINITIONS, extracts, engine), JULY)
            sheet = CaseloadSheet(name="C", title="C", source=source, show_workers=named)
            return read_caseloads(sheet, coverage, teams, engine)

    return made


def told(caseloads: Caseloads) -> list[tuple[str, str, int]]:
    return sorted((one.team, one.status, one.allocations) for one in caseloads.workers)


def test_a_list_of_the_month_is_taken_as_it_stands(read: Read) -> None:
    found = read(list=f"Caseloads at 31/07/2023,,\n{HEADINGS}\n23,SW,BIT Central 1\n"
                      "23,SW,BIT Central 1\n8,ASYE,SWF West 1\n")  # fmt: skip
    team = "Brief Intervention Team Central 1"
    assert told(found) == [(team, "SW", 23), (team, "SW", 23), ("SWF West 1", "ASYE", 8)]
    assert (found.source, found.day) == ("list", date(2023, 7, 31))
    assert {one.name for one in found.workers} == {""}


def test_a_list_of_another_month_is_not_shown_as_this_ones(read: Read) -> None:
    found = read(list=f"Caseloads at 30/06/2023,,\n{HEADINGS}\n23,SW,East 1\n")
    assert found.workers == ()
    assert "The caseload list is for 30 Jun 2023, not Jul-23." in found.reason


def test_of_two_lists_the_one_of_the_month_counts(read: Read) -> None:
    found = read(june=f"Caseloads at 30/06/2023,,\n{HEADINGS}\n9,SW,East 1\n8,SW,East 1\n",
                 july=f"Caseloads at 31/07/2023,,\n{HEADINGS}\n23,SW,East 1\n")  # fmt: skip
    assert told(found) == [("East 1", "SW", 23)]


def test_the_day_may_stand_in_a_column(read: Read) -> None:
    found = read(list=f"Snapshot Date,{HEADINGS}\n30/06/2023,9,SW,East 1\n"
                      "31/07/2023,23,SW,East 1\n14/07/2023,22,SW,East 1\n")  # fmt: skip
    assert told(found) == [("East 1", "SW", 23)]


@pytest.mark.parametrize("above", ["", "Report run 03/08/2023,,\n", "Printed on 30/06/2023,,\n"])
def test_a_list_that_does_not_say_its_day_is_taken_for_the_months(read: Read, above: str) -> None:
    found = read(list=f"{above}{HEADINGS}\n23,SW,East 1\n5,NQSW,East 1\n")
    assert len(found.workers) == 2
    assert found.day is None


def test_without_a_list_open_allocations_are_counted(read: Read) -> None:
    found = read(allocations="\n".join([
        ALLOCATED,
        "C1,S1,01/03/2023,,East 1,SW",
        "C2,S1,01/03/2023,01/08/2023,East 1,SW",
        "C3,S1,01/03/2023,31/07/2023,East 1,SW",  # ended: not open at the end of the month
        "C4,S1,01/08/2023,,East 1,SW",  # begins after it
        "C5,S1,02/03/2023,,East 2,SW",
        "C1,S1,05/04/2023,,East 1,SW",  # the same child and worker again
        "C6,S2,07/07/2023,,,",
        *(f"C{9 + day},S3,{day:02}/07/2023,{day:02}/07/2023,East 1," for day in range(3, 32)),
        *(f"C{90 + day},S3,{day:02}/06/2023,{day:02}/06/2023,East 1," for day in range(1, 31)),
        *(f"C{200 + day},S3,{day:02}/08/2023,{day:02}/08/2023,East 1," for day in range(1, 32)),
    ]))  # fmt: skip
    assert found.source == "allocations", found.reason
    assert told(found) == [("East 1", "SW", 3), (NO_TEAM, NO_STATUS, 1)]
    assert found.day == JULY.last_day


def test_a_list_of_the_month_goes_before_allocations(read: Read) -> None:
    allocations = f"{ALLOCATED}\nC1,S1,01/03/2023,,East 1,SW\nC2,S1,05/07/2023,,East 1,SW\n"
    listed = f"Caseloads at 31/07/2023,,\n{HEADINGS}\n23,SW,East 1\n"
    assert read(list=listed, allocations=allocations).source == "list"
    assert told(read("allocations", list=listed, allocations=allocations)) == [("East 1", "SW", 2)]


def test_counted_caseloads_say_why_a_list_was_not_taken(read: Read) -> None:
    allocations = f"{ALLOCATED}\nC1,S1,01/03/2023,,East 1,SW\nC2,S1,05/07/2023,,East 1,SW\n"
    assert read(allocations=allocations).reason == ""
    listed = f"Caseloads at 30/06/2023,,\n{HEADINGS}\n23,SW,East 1\n"
    found = read(list=listed, allocations=allocations)
    assert found.source == "allocations"
    assert found.reason == "The caseload list is for 30 Jun 2023, not Jul-23."


def test_a_missing_list_says_so(read: Read) -> None:
    contacts = "Child ID,Contact Date\nC1,03/07/2023\n"
    assert read("list", contacts=contacts).reason == "No caseload list was given."
    assert read(contacts=contacts).reason == (
        "No caseload list was given. No allocation records were given."
    )


def test_allocations_that_do_not_reach_the_month_are_not_counted(read: Read) -> None:
    found = read("allocations", allocations=f"{ALLOCATED}\nC1,S1,01/03/2021,,East 1,SW\n"
                                            "C2,S1,05/03/2021,,East 1,SW\n")  # fmt: skip
    assert found.workers == ()
    assert found.reason == "Allocation records: The extract does not cover this month."


def test_names_come_only_if_they_are_asked_for(read: Read) -> None:
    text = f"Worker Name,Worker ID,{HEADINGS}\nA Body,W1,23,SW,East 1\n,W2,5,SW,East 1\n"
    assert {one.name for one in read(list=text).workers} == {""}
    assert {one.name for one in read(named=True, list=text).workers} == {"A Body", "W2"}

"""A dropped folder of the DfE's releases fills the benchmark columns, of whatever authority."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests import published_files as made
from tests.loaded import read_extracts
from tests.statistics_releases import RELEASES, given, release_text
from tests.test_run import days, quiet, write_contacts
from workbook_builder.build_workbook import build
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.extracts.published_statistics import Statistics
from workbook_builder.extracts.statistics_files import KnownStatistics
from workbook_builder.indicators.benchmarks import find_benchmarks
from workbook_builder.months import Month
from workbook_builder.request import Request

KNOWN = known_definitions().value
OURS = "831"
NEIGHBOURS = [str(number) for number in range(901, 911)]
#: Each area's figures are so many times those of the releases.
AREAS = {OURS: 1.0, **{code: 1.05 + at / 10 for at, code in enumerate(NEIGHBOURS)},
         "region": 1.25, "England": 1.75}  # fmt: skip
FACTOR = {"own authority": 1.0, "statistical neighbours": 1.5, "region": 1.25, "England": 1.75}
#: Shares of two numbers of one file, which are the same for all areas.
SAME = {"assessments_in_time", "assessments_over_45_days", "initial_conferences_in_time"}
#: Two releases whose later one lacks what the earlier has need not both be dropped.
FILES = [name for name in RELEASES if not name.endswith("_2025.csv") or name.startswith("csww")]
GIVEN = {measure: value for name in FILES for measure, value in given(name).items()}
COMPARATORS = {name: one for name, one in KNOWN.comparators.items() if one.who}
#: What the board shows of it.
ON_THE_BOARD = {
    "referrals", "assessments_completed", "children_on_cp_plans", "cp_plan_rate",
    "children_in_care", "children_in_care_rate", "children_open_to_the_service", "re_referrals",
    "referrals_nfa", "assessments_in_time", "initial_conferences_in_time", "cp_second_plan",
    "cla_health_up_to_date", "cla_health_in_year", "three_placements", "care_started",
}  # fmt: skip
#: Of these a month has a twelfth of the year's number.
A_MONTH = {"referrals", "assessments_completed", "care_started"}


def releases(folder: Path) -> list[Path]:
    """Write the releases, and who the neighbours are, into a folder."""
    files = {name: release_text(name, AREAS, range(2021, 2025)) for name in FILES}
    vintages = {one.vintage for one in COMPARATORS.values() if one.vintage}
    files |= {f"Neighbours {year}.csv": made.neighbours({OURS: NEIGHBOURS}) for year in vintages}
    return [made.written(folder / name, text) for name, text in files.items()]


@pytest.fixture(scope="module")
def statistics(tmp_path_factory: pytest.TempPathFactory) -> Statistics:
    files = releases(tmp_path_factory.mktemp("releases"))
    known = KnownStatistics(KNOWN.statistics, KNOWN.neighbours)
    result = read_extracts(files, KNOWN.datasets, statistics=known)
    assert not result.problems
    return result.value.statistics


def test_every_column_of_the_board_is_filled_for_another_authority(statistics: Statistics) -> None:
    layout = replace(KNOWN.layouts["board"], authority=OURS)
    found = find_benchmarks(KNOWN, layout, statistics)
    filled = {key: one for key, one in found.value.items() if one.file and key[1] in COMPARATORS}
    assert set(filled) == {(measure, name) for measure in ON_THE_BOARD for name in COMPARATORS}
    for (measure, name), benchmark in filled.items():
        who = COMPARATORS[name].who
        assert who
        factor = 1.0 if measure in SAME else FACTOR[who]
        assert benchmark.entry.number == pytest.approx(GIVEN[measure] * factor), (measure, name)
        assert ("a twelfth of the year" in benchmark.source) == (measure in A_MONTH)


def test_a_layout_may_show_all_that_is_published(tmp_path: Path) -> None:
    write_contacts(tmp_path / "contacts.csv", days(date(2023, 6, 1), date(2023, 7, 31)))
    rows = ", ".join(f'{{ measure = "{measure}" }}' for measure in ("contacts", *GIVEN))
    columns = ", ".join(f'"{name}"' for name in COMPARATORS)
    layout = made.written(
        tmp_path / "layouts" / "mine.toml",
        f'title = "Mine"\nmonths = 2\nauthority = "{OURS}"\ncomparators = [{columns}]\n'
        '[[tables]]\nname = "All"\ntitle = "All"\ncolumns = ["indicator", "months", "benchmarks"]\n'
        f"rows = [{rows}]\n",
    )
    request = Request(
        (tmp_path / "contacts.csv", *releases(tmp_path / "releases")), str(layout),
        Month(2023, 7), tmp_path / "out.xlsx",
    )  # fmt: skip
    outcome = build(request, quiet)
    assert outcome.written, [problem.text() for problem in outcome.problems]
    table = list(openpyxl.load_workbook(outcome.written)["All"].iter_rows(values_only=True))
    shown = {str(row[0]): row[-len(COMPARATORS) :] for row in table}
    for measure in GIVEN:
        assert all(
            isinstance(value, int | float) for value in shown[KNOWN.measures[measure].title]
        ), measure
    assert {"workforce_turnover", "workforce_agency", "workforce_vacancies"} <= set(GIVEN)

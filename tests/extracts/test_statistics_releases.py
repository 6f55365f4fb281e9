"""Every file of the DfE's releases is known by its columns, and by no other file's."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import published_files as made
from tests.loaded import grid_of
from tests.statistics_releases import RELEASES, given, release_text
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.targets import Statistic
from workbook_builder.extracts.published_statistics import StatisticFile, Statistics, with_rates
from workbook_builder.extracts.statistics_files import (
    KnownStatistics,
    StatisticSheet,
    read_statistics,
)

LAYOUTS = Path(__file__).parents[2] / "layouts"
KNOWN = load_definitions([LAYOUTS]).value
#: What two files, read one as the other, may be taken for: they give the same figures or none.
NEAR = {
    "a1_cin_assessments_episodes_referrals_2013_to_2024.csv",
    "a2_section47_icpc_cpp_2013_to_2024.csv",
}
#: Files of older names, and what is rightly said of them where only the newer names are known.
RENAMED = {
    "csww_headline_measures_2017_to_2022.csv":
    'it has no column "agency_rate_fte". Is it "agency_worker_rate_fte_%"?',
}  # fmt: skip


def taken_for(text: str, known: Mapping[str, Statistic] = KNOWN.statistics) -> StatisticSheet:
    grid = grid_of(list(csv.reader(io.StringIO(text))), "file.csv")
    sheet = read_statistics(grid, KnownStatistics(known))
    assert sheet
    return sheet


@pytest.mark.parametrize("name", RELEASES)
def test_a_file_is_known_and_gives_its_figures(name: str) -> None:
    sheet = taken_for(release_text(name, {"831": 1}))
    assert not sheet.problems
    assert isinstance(sheet.content, StatisticFile)
    figures = {key[0]: value for key, value in sheet.content.measures.items()}
    assert figures == {measure: pytest.approx(value) for measure, value in given(name).items()}
    assert {key[1:] for key in sheet.content.measures} <= {(2024, "831")}


def test_no_two_kinds_of_file_have_one_title() -> None:
    titles = {name: taken_for(release_text(name, {"831": 1})).title for name in RELEASES}
    kinds = {title: {name.split("_20")[0] for name in RELEASES if titles[name] == title}
             for title in titles.values()}  # fmt: skip
    assert [names for names in kinds.values() if len(names) > 1] == [
        {name.split("_20")[0] for name in NEAR}
    ]


@pytest.mark.parametrize("name", RELEASES)
def test_a_file_that_is_not_known_is_offered_no_other_files_column(name: str) -> None:
    text = release_text(name, {"831": 1})
    known = dict(KNOWN.statistics)
    while not taken_for(text, known).problems:
        title = (
            taken_for(text, known).title.removeprefix("statistics: ").removesuffix(", 2024 to 2024")
        )
        known = {key: one for key, one in known.items() if one.title != title}
    (problem,) = taken_for(text, known).problems
    if name in RENAMED:
        assert problem.what.endswith(RENAMED[name])
    else:
        assert problem.code == "S002"


def test_other_texts_in_the_columns_of_two_known_files_are_a_third_kind() -> None:
    columns = (*made.BEFORE, "characteristic", "breakdown", "children_count", "children_percent")
    row = made.authority(
        2024, "831", characteristic="Age", breakdown="Under 1", children_count=5, children_percent=1
    )
    sheet = taken_for(made.csv_text([row], columns))
    assert sheet.content is None
    assert [problem.code for problem in sheet.problems] == ["S002"]


def test_a_rate_that_is_not_published_is_worked_out_with_the_population() -> None:
    people = made.csv_text(made.people({"831": 50_000, "901": "x"}, 2023), made.POPULATION)
    name = "c4_children_in_need_section_47s_and_icpcs_2013_to_2025.csv"
    texts = [people, release_text(name, {"831": 1, "901": 1})]
    files = tuple(
        file for text in texts if isinstance(file := taken_for(text).content, StatisticFile)
    )
    rates = with_rates(Statistics(files)).files[1]
    found = {key: value for key, value in rates.measures.items() if key[0].endswith("_rate")}
    assert found == {
        ("section_47_rolling_rate", 2024, "831"): pytest.approx(180),
        ("section_47_rate", 2024, "831"): pytest.approx(15),
        ("initial_conference_rate", 2024, "831"): pytest.approx(4.8),
    }
    assert rates.worked_out == {key[0] for key in found}


def test_a_published_rate_stays() -> None:
    people = made.csv_text(made.people({"831": 50_000}, 2023), made.POPULATION)
    name = "c4_children_in_need_section_47s_and_icpcs_2013_to_"
    texts = [people, *(release_text(f"{name}{year}.csv", {"831": 1}) for year in (2024, 2025))]
    files = tuple(
        file for text in texts if isinstance(file := taken_for(text).content, StatisticFile)
    )
    statistics = with_rates(Statistics(files))
    assert statistics.figure(("section_47_rolling_rate", 2024, "831")).value == 174
    assert not any(file.worked_out for file in statistics.files)


def test_rows_that_are_added_up_are_missing_where_one_is() -> None:
    name = "la_cla_during_year_new_placements.csv"
    text = release_text(name, {"831": 1, "901": 1})
    lines = text.splitlines(keepends=True)
    gone = next(n for n, line in enumerate(lines) if ",901," in line and "inside" in line)
    sheet = taken_for("".join(lines[:gone] + lines[gone + 1 :]))
    assert isinstance(sheet.content, StatisticFile)
    assert sheet.content.measures == {
        ("new_placements_near", 2024, "831"): 0.4, ("new_placements_near", 2024, "901"): None,
    }  # fmt: skip

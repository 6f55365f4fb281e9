"""Files of published statistics and of neighbours: what is read of them, and what is refused."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import published_files as made
from tests.loaded import LoadedExtracts, grid_of, read_extracts
from tests.statistics_releases import RELEASES
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.targets import MISSING_MARKS, NeighbourFile
from workbook_builder.extracts.published_statistics import (
    ENGLAND,
    NeighbourSet,
    StatisticFile,
    Values,
    region_area,
)
from workbook_builder.extracts.statistics_files import KnownStatistics, kept_files, read_statistics
from workbook_builder.indicators.benchmarks import find_benchmarks
from workbook_builder.problems import Result

LAYOUTS = Path(__file__).parents[2] / "layouts"
KNOWN = load_definitions([LAYOUTS]).value
PUBLISHED = KnownStatistics(KNOWN.statistics)
FIGURES = {"England": 80780, "region": 10480, "852": 498, "901": 536, "902": "c"}

Read = Callable[..., Result[LoadedExtracts]]


@pytest.fixture
def drop(tmp_path: Path) -> Read:
    def write_and_read(
        files: dict[str, str], known: Definitions = KNOWN, kept: tuple[Path, ...] = ()
    ) -> Result[LoadedExtracts]:
        paths = [made.written(tmp_path / name, text) for name, text in files.items()]
        published = KnownStatistics(known.statistics, known.neighbours, kept)
        return read_extracts(paths, known.datasets, lambda name: None, statistics=published)

    return write_and_read


def codes(result: Result[LoadedExtracts]) -> set[str]:
    return {problem.code for problem in result.problems}


def read_text(text: str) -> Values:
    grid = grid_of(list(csv.reader(io.StringIO(text))), "made.csv")
    taken = read_statistics(grid, PUBLISHED)
    assert taken and isinstance(taken.content, StatisticFile)
    return taken.content.measures


def test_a_file_gives_figures_by_area(drop: Read) -> None:
    rows = [*made.looked_after(FIGURES), *made.looked_after({"852": 561}, 2022)]
    result = drop({"cla.csv": made.csv_text(rows, made.LOOKED_AFTER, mark=True)})
    assert not result.problems
    (file,) = result.value.statistics.files
    figures = {key[1:]: one for key, one in file.measures.items() if key[0] == "children_in_care"}
    assert figures == {
        (2021, ENGLAND): 80780, (2021, region_area("south east")): 10480, (2021, "852"): 498,
        (2021, "901"): 536, (2021, "902"): None, (2022, "852"): 561,
    }  # fmt: skip
    (sheet,) = result.value.sheets
    assert sheet.standard == "statistics: Children looked after, number and rate, 2021 to 2022"
    ours = result.value.statistics.authority("ourtown")
    assert ours == result.value.statistics.authority("852")
    assert ours and ours.region == region_area("South East")


def test_percentages_become_shares_exactly(drop: Read) -> None:
    text = made.csv_text(made.referrals({"England": "22.6", "852": "7.3"}), made.REFERRALS)
    (file,) = drop({"c1.csv": text}).value.statistics.files
    assert file.measures["re_referrals", 2022, ENGLAND] == 0.226
    assert file.measures["re_referrals", 2022, "852"] == 0.073


@pytest.mark.parametrize("year", ["2022", "202122", "2021/22"])
def test_years_however_they_are_written(year: str) -> None:
    text = made.csv_text(made.referrals({"852": 20}, year), made.REFERRALS)
    assert read_text(text) == {("re_referrals", 2022, "852"): 0.2}


@given(st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_columns_and_rows_does_not_matter(chance: random.Random, mark: bool) -> None:
    rows, columns = made.looked_after(FIGURES), list(made.LOOKED_AFTER)
    straight = read_text(made.csv_text(rows, columns))
    chance.shuffle(columns)
    chance.shuffle(rows)
    assert read_text(made.csv_text(rows, columns, mark=mark)) == straight


@given(st.sampled_from(sorted(MISSING_MARKS)), st.booleans())
def test_a_mark_of_suppression_is_missing_and_never_zero(mark: str, upper: bool) -> None:
    shown = mark.upper() if upper else mark
    rows = made.looked_after({"852": shown, "901": 0})
    values = read_text(made.csv_text(rows, made.LOOKED_AFTER))
    assert values["children_in_care", 2021, "852"] is None
    assert values["children_in_care", 2021, "901"] == 0


def test_rows_that_are_told_apart_by_something_else_are_missing(drop: Read) -> None:
    rows = [*made.looked_after({"852": 498, "901": 5}), *made.looked_after({"852": 499, "901": 5})]
    result = drop({"cla.csv": made.csv_text(rows, made.LOOKED_AFTER)})
    (file,) = result.value.statistics.files
    assert codes(result) == {"S006"}
    assert file.measures["children_in_care", 2021, "852"] is None
    assert file.measures["children_in_care", 2021, "901"] == 5


@pytest.mark.parametrize("column", [*made.BEFORE[:1], "la_name", "old_la_code", "region_name"])
def test_no_column_of_time_and_place_may_be_renamed(column: str, drop: Read) -> None:
    text = made.csv_text(made.looked_after(FIGURES), made.LOOKED_AFTER)
    result = drop({"cla.csv": text.replace(column, f"{column}_2", 1)})
    assert not result.value.statistics.files
    (problem,) = result.problems
    assert problem.code == "S001"
    assert f'no column "{column}". Is it "{column}_2"?' in problem.what


@pytest.mark.parametrize("column", ["population_type", "children_count", "rate_per_10000"])
def test_no_column_of_figures_may_be_missing(column: str, drop: Read) -> None:
    columns = [one for one in made.LOOKED_AFTER if one != column]
    rows = [{key: one[key] for key in one if key in columns} for one in made.looked_after(FIGURES)]
    result = drop({"cla.csv": made.csv_text(rows, columns)})
    assert not result.value.statistics.files
    assert [(one.code, f'no column "{column}"' in one.what) for one in result.problems] == [
        ("S001", True)
    ]


def test_populations_stand_by_themselves(drop: Read) -> None:
    text = made.csv_text(made.people({"852": 49978, "901": "x"}), made.POPULATION)
    (file,) = drop({"ons.csv": text}).value.statistics.files
    assert not file.measures
    assert file.populations == {
        ("children_0_17", 2022, "852"): 49978,
        ("children_0_17", 2022, "901"): None,
    }


def test_other_countries_are_not_england(drop: Read) -> None:
    rows = made.looked_after({"England": 5, "852": 1})
    rows[0]["country_name"] = "Wales"
    (file,) = drop({"cla.csv": made.csv_text(rows, made.LOOKED_AFTER)}).value.statistics.files
    assert not any(area == ENGLAND for _, _, area in file.measures)


def test_neighbours_are_read_in_both_shapes(drop: Read) -> None:
    wide = "old_la_code,la_name,region_ind,region_name," + ",".join(
        f"SN_{number},SN_{number}P" for number in range(1, 11)
    )
    row = "852,Ourtown,8,South East," + ",".join(f"{900 + at},Close " for at in range(1, 11))
    ten = [str(901 + at) for at in range(10)]
    files = {
        "Neighbours_April_2021.csv": made.neighbours({"852": ten, "901": ["852", "902"]}),
        "sn_model_2025_wide.csv": f"\ufeff{wide}\n{row}\n",
    }
    result = drop(files)
    assert not result.problems
    older, newer = result.value.statistics.neighbour_sets
    assert (older.vintage, newer.vintage) == ("2021", "2025")
    assert older.neighbours == {"852": tuple(ten), "901": ("852", "902")}
    assert newer.neighbours == {"852": tuple(ten)}
    assert [one.standard for one in result.value.sheets] == [
        "statistical neighbours of 2021", "statistical neighbours of 2025",
    ]  # fmt: skip


def test_toml_says_of_which_year_neighbours_are() -> None:
    text = made.neighbours({"852": ["901"]})
    grid = grid_of(list(csv.reader(io.StringIO(text))), "ours.csv")
    named = {"ours": NeighbourFile(name="ours", file="Ours.csv", vintage="2021")}
    taken = read_statistics(grid, KnownStatistics(KNOWN.statistics, named))
    assert taken and isinstance(taken.content, NeighbourSet)
    assert taken.content.vintage == "2021"


def test_files_kept_with_the_layouts_are_read(tmp_path: Path, drop: Read) -> None:
    folder = tmp_path / "layouts"
    text = made.csv_text(made.looked_after(FIGURES), made.LOOKED_AFTER)
    made.written(folder / "statistics" / "cla.csv", text)
    made.written(folder / "statistics" / "notes.csv", "Child ID,Contact Date\n1,01/07/2023\n")
    made.written(folder / "statistics" / "mine.toml", "")
    result = drop({}, kept=kept_files([folder, folder]))
    assert [file.file for file in result.value.statistics.files] == ["cla.csv"]
    assert not result.value.records
    assert [(one.code, one.where.file) for one in result.problems] == [("S014", "notes.csv")]


def test_referrals_alone_are_read_as_they_were_named() -> None:
    cells = {"category": "Referrals", "Referrals": "3720", "Referrals_rate": "728",
             "Re_referrals": "1000", "Re_referrals_percent": "27"}  # fmt: skip
    row = made.authority(2024, "831", **cells)
    assert read_text(made.csv_text([row], [*made.BEFORE, *cells])) == {
        ("re_referrals", 2024, "831"): 0.27
    }


def test_a_share_of_which_one_part_is_suppressed_is_missing() -> None:
    cells = {"category": "Duration of assessment", "Assessments_completed": "240", "Same_day": "c",
             "1-10_days": "20", "11-20_days": "30", "21-30_days": "40", "31-40_days": "50",
             "41-45_days": "10", "46-50_days": "15", "51-60_days": "15",
             "61+_days": "18"}  # fmt: skip
    row = made.authority(2024, "831", **cells)
    read = read_text(made.csv_text([row], [*made.BEFORE, *cells]))
    assert read["assessments_in_time", 2024, "831"] is None
    assert read["assessments_over_45_days", 2024, "831"] == 0.2
    assert read["assessments_completed", 2024, "831"] == 20


def test_authorities_that_report_together_have_one_figure_each(drop: Read) -> None:
    """As the workforce releases have it: both codes, and both names, in one row."""
    joint = {"old_la_code": "940 / 941", "new_la_code": "E06000061 / E06000062",
             "la_name": "North Northamptonshire / West Northamptonshire"}  # fmt: skip
    of_one_code = {"old_la_code": "314", "new_la_code": "E09000021 / E09000027",
                   "la_name": "Kingston upon Thames / Richmond upon Thames"}  # fmt: skip
    rows = [made.authority(2024, "852", agency_rate_fte="9"),
            made.authority(2024, "940", agency_rate_fte="19.5") | joint,
            made.authority(2024, "314", agency_rate_fte="14.9") | of_one_code]  # fmt: skip
    columns = RELEASES["csww_indicators_2017_to_2025.csv"]["columns"].split()
    result = drop({"csww.csv": made.csv_text(rows, (*made.BEFORE, *columns))})
    statistics = result.value.statistics
    for text in ("941", "West Northamptonshire", "E06000062"):
        authority = statistics.authority(text)
        assert authority and authority.code == "941"
    found = {
        code: statistics.figure(("workforce_agency", 2024, code))
        for code in ("852", "940", "941", "314", "318")
    }
    assert {code: one.value for code, one in found.items()} == {
        "852": 0.09, "940": 0.195, "941": 0.195, "314": 0.149, "318": 0.149,
    }  # fmt: skip
    assert found["941"].together == "North Northamptonshire and West Northamptonshire"
    assert found["318"].together == "Kingston upon Thames and Richmond upon Thames"
    assert not found["852"].together


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Cumberland Council", "942"), ("Westmorland & Furness", "943"), ("North Yorkshire", "815"),
        ("Somerset Council", "933"), ("North Northamptonshire", "940"),
        ("West Northamptonshire Council", "941"),
    ],
)  # fmt: skip
def test_authorities_of_new_areas_are_found(name: str, code: str, drop: Read) -> None:
    """A layout may give the name as the council writes it; the files have the department's."""
    text = made.csv_text(made.referrals({code: 20, "852": 30}, 2024), made.REFERRALS)
    layout = replace(KNOWN.layouts["board"], authority=name)
    found = find_benchmarks(KNOWN, layout, drop({"c1.csv": text}).value.statistics)
    assert found.value["re_referrals", "own_authority"].entry.number == 0.2

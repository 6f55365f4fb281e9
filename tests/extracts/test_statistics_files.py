"""Files of published statistics and of neighbours: what is read of them, and what is refused."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import published_files as made
from tests.loaded import LoadedExtracts, grid_of, read_extracts
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.definitions.targets import MISSING_MARKS, NeighbourFile
from workbook_builder.extracts.statistics_files import (
    ENGLAND,
    KnownStatistics,
    NeighbourSet,
    StatisticFile,
    Values,
    kept_files,
    read_statistics,
    region_area,
)
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


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_columns_and_rows_does_not_matter(chance: random.Random, mark: bool) -> None:
    rows, columns = made.looked_after(FIGURES), list(made.LOOKED_AFTER)
    straight = read_text(made.csv_text(rows, columns))
    chance.shuffle(columns)
    chance.shuffle(rows)
    assert read_text(made.csv_text(rows, columns, mark=mark)) == straight


@settings(deadline=None)
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


#: Columns and rows in the shape of the published files, with what the authority's figures then are.
PUBLISHED_SHAPES: dict[str, tuple[dict[str, str], dict[str, float | None]]] = {
    "c1 of last year": (
        {"category": "Referrals", "Referrals": "3720", "Referrals_rate": "728",
         "Re_referrals": "1000", "Re_referrals_percent": "27"},
        {"re_referrals": 0.27},
    ),
    "c1 of last year, in full": (
        {"category": "Referrals and Re-referrals", "Referrals": "3720", "Referrals_rate": "728",
         "Re_referrals": "1000", "Re_referrals_percent": "27", "No_Further_Action": "372",
         "No_Further_Action_percent": "10", "Not_in_Need": "900", "Not_in_Need_percent": "24",
         "Referrals_child": "3300", "Referrals_child_rate": "650", "Re_referrals_child": "900",
         "Re_referrals_child_percent": "27"},
        {"re_referrals": 0.27, "referrals_nfa": 0.1},
    ),
    "c1 of this year, in full": (
        {"category": "Referrals and Re-referrals", "referral_count": "3720",
         "rereferral_count": "1000", "rereferral_percent": "27", "no_further_action_count": "372",
         "no_further_action_percent": "10", "not_in_need_count": "900",
         "not_in_need_percent": "24", "referral_child_count": "3300",
         "rereferral_child_count": "900", "rereferral_child_percent": "27"},
        {"re_referrals": 0.27, "referrals_nfa": 0.1},
    ),
    "c2": (
        {"category": "Duration of assessment", "Assessments_completed": "200", "Same_day": "10",
         "1-10_days": "20", "11-20_days": "30", "21-30_days": "40", "31-40_days": "50",
         "41-45_days": "10", "46-50_days": "15", "51-60_days": "15", "61+_days": "10"},
        {"assessments_in_time": 0.8},
    ),
    "c2, one part suppressed": (
        {"category": "Duration of assessment", "Assessments_completed": "200", "Same_day": "c",
         "1-10_days": "20", "11-20_days": "30", "21-30_days": "40", "31-40_days": "50",
         "41-45_days": "10", "46-50_days": "15", "51-60_days": "15", "61+_days": "10"},
        {"assessments_in_time": None},
    ),
    "c4": (
        {"category": "Section 47s and Initial Child Protection Conferences", "Section47": "900",
         "Section47_rate": "176.5", "Section47_child": "850", "ICPC": "300", "ICPC_rate": "58",
         "ICPC_child": "300", "Duration_0-10_days": "120", "Duration_11-15_days": "105",
         "Duration_16-20_days": "50", "Duration_21+_days": "25"},
        {"section_47_rolling_rate": 176.5, "initial_conferences_in_time": 0.75},
    ),
    "d1": (
        {"category": "Child Protection Plans", "CPP_start": "400", "CPP_end": "390",
         "CPP_anypoint": "700", "CPP_At31": "310", "CPP_At31_rate": "60.8"},
        {"children_on_cp_plans": 310, "cp_plan_rate": 60.8},
    ),
    "d3": (
        {"category": "Child Protection Plans which are a second or subsequent plan",
         "CPP_start": "400", "CPP_subsequent": "96", "CPP_subsequent_percent": "24"},
        {"cp_second_plan": 0.24, "cp_plans_repeat": 0.24},
    ),
    "accommodation of care leavers": (
        {"care_leaver_age": "19 to 21 years", "breakdown": "Accommodation considered suitable",
         "care_leaver_count": "88", "care_leaver_percent": "88"},
        {"care_leavers_19_to_21_suitable": 0.88},
    ),
    "activity of care leavers": (
        {"care_leaver_age": "19 to 21 years",
         "breakdown": "Total in education, employment or training",
         "care_leaver_count": "55", "care_leaver_percent": "55"},
        {"care_leavers_19_to_21_eet": 0.55},
    ),
    "health": (
        {"characteristic": "Health assessments: Children looked after all ages",
         "breakdown": "Had their annual health assessment",
         "children_count": "340", "children_percent": "91"},
        {"cla_health_in_year": 0.91},
    ),
    "new placements": (
        {"characteristic": "Location of new placements during the year",
         "breakdown": "Total new placements", "children_count": "340", "children_percent": "100"},
        {},
    ),
    "d6": (
        {"category": "Child Protection Plans reviewed within timescales",
         "CPP_At31_3Months": "210", "Reviewed_within_timescales": "200",
         "Reviewed_within_timescales_percent": "95.2"},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", PUBLISHED_SHAPES)
def test_published_files_of_both_years_names_are_known(shape: str, drop: Read) -> None:
    cells, wanted = PUBLISHED_SHAPES[shape]
    area = {
        "time_period": "202324", "time_identifier": "Financial year",
        "geographic_level": "Local authority", "country_code": "E92000001",
        "country_name": "England", "region_code": "E12000004", "region_name": "East Midlands",
        "old_la_code": "831", "new_la_code": "E06000015", "la_name": "Derby",
    }  # fmt: skip
    file = io.StringIO()
    writer = csv.DictWriter(file, [*area, *cells])
    writer.writeheader()
    writer.writerow(area | cells)
    result = drop({"file.csv": file.getvalue()})
    assert not result.problems
    (read,) = result.value.statistics.files
    assert read.measures == {(name, 2024, "831"): one for name, one in wanted.items()}

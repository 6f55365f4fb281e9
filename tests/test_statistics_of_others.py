"""From the national files themselves, where they are there, the published benchmarks come out."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import SAMPLE_INPUTS
from tests.loaded import read_extracts
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.extracts.published_statistics import ENGLAND, Statistics
from workbook_builder.extracts.statistics_files import KnownStatistics
from workbook_builder.indicators.benchmarks import (
    BenchmarkValues,
    entry_text,
    find_benchmarks,
    published_populations,
)

FOREIGN = "WORKBOOK_BUILDER_FOREIGN"
pytestmark = pytest.mark.skipif(FOREIGN not in os.environ, reason=f"{FOREIGN} names no folder")

KNOWN = known_definitions(inputs=[SAMPLE_INPUTS]).value
OURS = "852"


@pytest.fixture(scope="module")
def folder() -> Path:
    found = Path(os.environ[FOREIGN])
    if not list(found.glob("c1_*.csv")):
        pytest.skip("the folder does not hold the files")
    return found


@pytest.fixture(scope="module")
def statistics(folder: Path) -> Statistics:
    files = sorted(folder.glob("*.csv"))
    published = KnownStatistics(KNOWN.statistics, KNOWN.neighbours)
    result = read_extracts(files, KNOWN.datasets, lambda name: None, statistics=published)
    assert not result.problems
    assert len(result.value.statistics.files) == 5
    assert len(result.value.statistics.neighbour_sets) == 2
    return result.value.statistics


@pytest.fixture(scope="module")
def benchmarks(statistics: Statistics) -> BenchmarkValues:
    result = find_benchmarks(KNOWN, KNOWN.layouts["board"], statistics)
    assert {problem.code for problem in result.problems} == {"S011"}
    return result.value


def number(benchmarks: BenchmarkValues, measure: str, comparator: str) -> float:
    entry = benchmarks[measure, comparator].entry
    assert entry.number is not None
    return entry.number


@pytest.mark.parametrize(
    ("measure", "comparator", "value", "text"),
    [
        ("children_in_care", "statistical_neighbours", 639.9, "640"),
        ("children_in_care", "region", 10480.0, "10,480"),
        ("children_in_care_rate", "england", 69.0, "69"),
        ("re_referrals", "statistical_neighbours", 0.2146, "21%"),
        ("re_referrals", "region", 0.259, "26%"),
        ("cp_second_plan", "own_authority", 0.242, "24%"),
        ("cp_second_plan", "statistical_neighbours", 0.2355, "24%"),
        ("cp_second_plan", "region", 0.237, "24%"),
        ("cp_second_plan", "england", 0.227, "23%"),
        ("three_placements", "statistical_neighbours", 0.1, "10%"),
        ("three_placements", "own_authority", 0.14, "14%"),
    ],
)
def test_the_benchmarks_of_july_2023(
    benchmarks: BenchmarkValues, measure: str, comparator: str, value: float, text: str
) -> None:
    found = benchmarks[measure, comparator]
    assert found.entry.number == value
    assert entry_text(found.entry, KNOWN.measures[measure]) == text
    assert found.file
    if comparator == "statistical_neighbours":
        assert (found.having, found.neighbours) == (10, 10)
        assert "2021" in found.neighbours_file


@pytest.mark.parametrize(
    ("pattern", "column", "where", "year", "measure", "scale"),
    [
        ("c1_*", "rereferral_percent", {}, 2022, "re_referrals", 100),
        ("d3_*", "CPP_subsequent_percent", {}, 2022, "cp_second_plan", 100),
        ("cla_*", "children_count",
         {"population_type": "Children looked after on 31 March each year"}, 2021,
         "children_in_care", 1),
        ("la_cla_*", "children_percent",
         {"placement_stability": "With 3 or more placements during the year"}, 2021,
         "three_placements", 100),
    ],
)  # fmt: skip
def test_neighbours_as_plain_pandas_works_them_out(
    folder: Path,
    benchmarks: BenchmarkValues,
    pattern: str,
    column: str,
    where: dict[str, str],
    year: int,
    measure: str,
    scale: float,
) -> None:
    (file,) = folder.glob(pattern)
    rows = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    sets = pd.read_csv(next(folder.glob("New_*.csv")), dtype=str, encoding="utf-8-sig")
    ours = sets[sets["LA num"] == OURS].iloc[0]
    codes = [ours[f"SN{number}"] for number in range(1, 11)]
    chosen = rows[(rows["time_period"] == str(year)) & rows["old_la_code"].isin(codes)]
    for key, value in where.items():
        chosen = chosen[chosen[key] == value]
    mean = pd.to_numeric(chosen[column], errors="coerce").mean() / scale
    assert number(benchmarks, measure, "statistical_neighbours") == pytest.approx(mean)


def test_no_suppressed_figure_is_a_number(folder: Path, statistics: Statistics) -> None:
    (file,) = (one for one in statistics.files if one.file.startswith("cla_"))
    rows = pd.read_csv(next(folder.glob("cla_*.csv")), dtype=str, encoding="utf-8-sig")
    rows = rows[rows["population_type"].str.contains("31 March")]
    missing = pd.to_numeric(rows["children_count"], errors="coerce").isna()
    figures = {key: one for key, one in file.measures.items() if key[0] == "children_in_care"}
    assert len(figures) == len(rows)
    assert sum(one is None for one in figures.values()) == missing.sum() > 0
    assert sum(one == 0 for one in figures.values()) == (rows["children_count"] == "0").sum()


def test_populations_of_every_mid_year(statistics: Statistics) -> None:
    people = published_populations(KNOWN, KNOWN.layouts["board"], statistics).value
    assert people["children_0_17", 2021] == 49388
    assert sorted(year for _, year in people) == list(range(2012, 2025))


def test_every_region_and_england_is_known(statistics: Statistics) -> None:
    known: Definitions = KNOWN
    assert set(known.statistics) > {
        "children_looked_after", "mid_year_estimates", "placement_stability", "referrals",
        "second_plans",
    }  # fmt: skip
    for file in statistics.files:
        areas = {area for _, _, area in (*file.measures, *file.populations)}
        assert ENGLAND in areas
        assert {one.region for one in file.authorities} <= areas
        assert len(file.authorities) > 150

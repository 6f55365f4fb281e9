"""Benchmarks from TOML and from published statistics: which value, which year, and what is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.definitions.layouts import Layout, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Count, Percentage
from workbook_builder.definitions.targets import (
    MISSING,
    Benchmarks,
    Comparator,
    Entry,
    Method,
    Stated,
    entry_of,
)
from workbook_builder.extracts.published_statistics import (
    ENGLAND,
    Authority,
    Key,
    NeighbourSet,
    StatisticFile,
    Statistics,
    region_area,
)
from workbook_builder.indicators.benchmarks import (
    Benchmark,
    comparators_of,
    find_benchmarks,
    mean_or_median,
    published_populations,
    typed_benchmarks,
)
from workbook_builder.problems import Result

REGION = region_area("South East")
NEIGHBOURS = tuple(str(901 + number) for number in range(10))
CARE, SHARE = "care", "share"

COMPARATORS = {
    comparator.name: comparator
    for comparator in (
        Comparator(name="own", title="Ourtown", who="own authority", period="2021/22"),
        Comparator(name="near", title="Neighbours", who="statistical neighbours",
                   period="2021/22", vintage="2021", method="mean"),
        Comparator(name="region", title="South East", who="region", period="2021/22"),
        Comparator(name="england", title="England", who="England", period="2021/22"),
        Comparator(name="words", title="Other", period="any"),
    )
}  # fmt: skip
LAYOUT = Layout(
    name="mine", title="Mine", authority="852",
    tables=(Table(name="T", title="T", columns=("indicator", "benchmarks"),
                  rows=(Row(measure=CARE), Row(measure=SHARE))),),
)  # fmt: skip


def definitions(**values: Mapping[str, object]) -> Definitions:
    benchmarks = {
        name: Benchmarks(name=name, values={key: entry_of(value) for key, value in typed.items()})
        for name, typed in values.items()
    }
    measures = (
        Count(name=CARE, title="In care", count_of="visits", during="day"),
        Percentage(name=SHARE, title="Share", percentage_of="visits", during="day", where="x"),
    )
    return Definitions(
        measures={measure.name: measure for measure in measures},
        comparators=COMPARATORS,
        benchmarks=benchmarks,
    )


def statistics(
    figures: Mapping[Key, float | None], *others: StatisticFile, vintage: str = "2021"
) -> Statistics:
    sets = (NeighbourSet(f"sn_{vintage}.csv", vintage, {"852": NEIGHBOURS}, {}),)
    return Statistics((file("cla.csv", figures), *others), sets)


def file(name: str, figures: Mapping[Key, float | None]) -> StatisticFile:
    ours = Authority("852", "E06000045", "Ourtown", REGION)
    return StatisticFile(name, "Children looked after", "DfE, made up", figures, {}, (ours,))


def benchmark(result: Result[Mapping[tuple[str, str], Benchmark]], name: str) -> Benchmark:
    return result.value[CARE, name]


def codes(result: Result[Mapping[tuple[str, str], Benchmark]]) -> list[str]:
    return sorted(problem.code for problem in result.problems)


WHOLE: dict[Key, float | None] = {
    (CARE, 2022, "852"): 498.0, (CARE, 2022, REGION): 10480.0, (CARE, 2022, ENGLAND): 80780.0,
    **{(CARE, 2022, code): 500.0 + number for number, code in enumerate(NEIGHBOURS)},
}  # fmt: skip


def test_every_comparator_gets_its_published_figure() -> None:
    result = find_benchmarks(definitions(), LAYOUT, statistics(WHOLE))
    entries = {name: benchmark(result, name).entry for name in COMPARATORS}
    assert entries == {
        "own": Entry(498.0), "near": Entry(504.5), "region": Entry(10480.0),
        "england": Entry(80780.0), "words": MISSING,
    }  # fmt: skip
    assert not result.problems
    near = benchmark(result, "near")
    assert (near.having, near.neighbours, near.neighbours_file) == (10, 10, "sn_2021.csv")
    assert (near.source, near.file, near.period) == ("DfE, made up", "cla.csv", "2021/22")


def test_a_published_figure_goes_before_a_typed_one_and_says_so() -> None:
    typed = definitions(care={"own": 497, "england": 80780.4, "words": "Local"})
    result = find_benchmarks(typed, LAYOUT, statistics(WHOLE))
    assert benchmark(result, "own").entry == Entry(498.0)
    assert benchmark(result, "words").entry == Entry(word="Local")
    (problem,) = result.problems
    assert problem.code == "S011"
    assert "498 in the file, 497 in benchmarks.toml" in problem.what


def test_what_is_suppressed_stays_as_it_is_typed() -> None:
    typed = definitions(care={"own": 497})
    result = find_benchmarks(typed, LAYOUT, statistics(WHOLE | {(CARE, 2022, "852"): None}))
    assert benchmark(result, "own").entry == Entry(497.0)
    assert benchmark(result, "own").file == ""
    assert codes(result) == ["S016"]


def test_neighbours_without_a_figure_are_left_out_and_counted() -> None:
    figures = WHOLE | {(CARE, 2022, "901"): None}
    del figures[CARE, 2022, "910"]
    result = find_benchmarks(definitions(), LAYOUT, statistics(figures))
    near = benchmark(result, "near")
    assert (near.having, near.neighbours) == (8, 10)
    assert near.entry == Entry(504.5)
    assert codes(result) == ["S013"]


def test_without_the_wanted_vintage_the_typed_value_stays() -> None:
    typed = definitions(care={"near": 640})
    result = find_benchmarks(typed, LAYOUT, statistics(WHOLE, vintage="2025"))
    assert benchmark(result, "near").entry == Entry(640.0)
    (problem,) = result.problems
    assert problem.code == "S008"
    assert "2021" in problem.what
    assert "Add the file" in problem.to_do


def test_two_files_of_one_vintage_may_not_name_other_neighbours() -> None:
    known = statistics(WHOLE)
    same = NeighbourSet("again.csv", "2021", {"852": NEIGHBOURS[::-1]}, {})
    other = NeighbourSet("other.csv", "2021", {"852": ("901",)}, {})
    sets = known.neighbour_sets
    result = find_benchmarks(definitions(), LAYOUT, replace(known, neighbour_sets=(*sets, same)))
    assert benchmark(result, "near").entry == Entry(504.5)
    result = find_benchmarks(definitions(), LAYOUT, replace(known, neighbour_sets=(*sets, other)))
    assert benchmark(result, "near").entry == MISSING
    assert codes(result) == ["S015"]


@pytest.mark.parametrize("neighbours", [{"999": NEIGHBOURS}, {"852": ()}])
def test_an_authority_that_the_neighbours_file_lacks(
    neighbours: Mapping[str, tuple[str, ...]],
) -> None:
    known = statistics(WHOLE)
    sets = (NeighbourSet("sn.csv", "2021", neighbours, {}),)
    result = find_benchmarks(definitions(), LAYOUT, replace(known, neighbour_sets=sets))
    (problem,) = result.problems
    assert (problem.code, problem.where.file) == ("S008", "sn.csv")
    assert '"852"' in problem.what


@pytest.mark.parametrize("authority", ["", "999"])
def test_without_an_authority_only_england_is_read(authority: str) -> None:
    typed = definitions(care={"own": 497})
    result = find_benchmarks(typed, replace(LAYOUT, authority=authority), statistics(WHOLE))
    assert benchmark(result, "own").entry == Entry(497.0)
    assert benchmark(result, "region").entry == MISSING
    assert benchmark(result, "england").entry == Entry(80780.0)
    assert codes(result) == ["S009"]


@pytest.mark.parametrize("authority", ["852", "Ourtown", "OURTOWN ", "E06000045"])
def test_an_authority_by_code_or_name(authority: str) -> None:
    result = find_benchmarks(definitions(), replace(LAYOUT, authority=authority), statistics(WHOLE))
    assert benchmark(result, "own").entry == Entry(498.0)


def test_a_file_without_the_wanted_year_says_which_years_it_has() -> None:
    older: dict[Key, float | None] = {(CARE, 2020, ENGLAND): 1.0, (CARE, 2021, ENGLAND): 2.0}
    result = find_benchmarks(definitions(care={"england": 9}), LAYOUT, statistics(older))
    assert benchmark(result, "england").entry == Entry(9.0)
    assert set(codes(result)) == {"S010"}
    assert any(
        "2020 to 2021" in problem.what and "2021/22" in problem.what for problem in result.problems
    )


def test_a_measure_may_show_another_year() -> None:
    typed = definitions()
    of_care = Benchmarks(name=CARE, values={"own": Entry(1)}, periods={"own": "2020/21"})
    typed = replace(typed, benchmarks={CARE: of_care})
    result = find_benchmarks(typed, LAYOUT, statistics(WHOLE | {(CARE, 2021, "852"): 77.0}))
    assert benchmark(result, "own").entry == Entry(77.0)
    assert benchmark(result, "own").period == "2020/21"
    assert benchmark(result, "england").entry == Entry(80780.0)


def test_typed_values_of_several_years() -> None:
    years: dict[str, dict[str, Stated]] = {
        "2020/21": {"own": Entry(1.0)},
        "202122": {"own": Entry(2.0), "england": Entry(word="Local")},
    }
    of_care = Benchmarks(name=CARE, years=years, values={"region": Entry(3.0)})
    typed = typed_benchmarks(replace(definitions(), benchmarks={CARE: of_care}))
    assert {name: typed[CARE, name].entry for name in ("own", "england", "region", "near")} == {
        "own": Entry(2.0), "england": Entry(word="Local"), "region": Entry(3.0), "near": MISSING,
    }  # fmt: skip


def test_the_newest_file_goes_first_and_files_of_one_age_may_not_differ() -> None:
    newer = file("new.csv", {(CARE, 2022, ENGLAND): 5.0, (CARE, 2023, ENGLAND): 6.0})
    result = find_benchmarks(definitions(), LAYOUT, statistics(WHOLE, newer))
    assert benchmark(result, "england").entry == Entry(5.0)
    assert benchmark(result, "own").entry == Entry(498.0)
    twin = file("twin.csv", {(CARE, 2022, ENGLAND): 5.0})
    result = find_benchmarks(definitions(), LAYOUT, statistics(WHOLE, twin))
    assert benchmark(result, "england").entry == MISSING
    assert codes(result) == ["S015"]


def test_only_what_a_table_shows_is_looked_for() -> None:
    table = replace(LAYOUT.tables[0], comparators=("england", "own"))
    layout = replace(LAYOUT, tables=(table,), comparators=("near",))
    result = find_benchmarks(definitions(), layout, statistics(WHOLE, vintage="2025"))
    assert comparators_of(table, layout, definitions()) == ("england", "own")
    assert comparators_of(LAYOUT.tables[0], layout, definitions()) == ("near",)
    assert not result.problems
    assert benchmark(result, "region").entry == MISSING


def test_no_statistics_no_problems() -> None:
    result = find_benchmarks(definitions(care={"own": 1}), LAYOUT, Statistics())
    assert result.value == typed_benchmarks(definitions(care={"own": 1}))
    assert not result.problems


def test_a_percentage_that_was_not_scaled_is_not_shown() -> None:
    figures: dict[Key, float | None] = {(SHARE, 2022, ENGLAND): 22.6, (SHARE, 2022, "852"): 0.2}
    result = find_benchmarks(definitions(share={"england": "21%"}), LAYOUT, statistics(figures))
    assert result.value[SHARE, "england"].entry.number == 0.21
    assert result.value[SHARE, "own"].entry == Entry(0.2)
    assert "S017" in codes(result)


FIGURES = st.lists(
    st.one_of(st.none(), st.decimals(0, 20_000, places=1).map(float)), min_size=10, max_size=10
)


@given(figures=FIGURES, method=st.sampled_from(["mean", "median"]))
def test_neighbours_as_pandas_works_them_out(
    figures: Sequence[float | None], method: Method
) -> None:
    near = replace(COMPARATORS["near"], method=method)
    typed = replace(definitions(), comparators=COMPARATORS | {"near": near})
    given_figures: dict[Key, float | None] = {
        (CARE, 2022, code): figure for code, figure in zip(NEIGHBOURS, figures, strict=True)
    }
    result = find_benchmarks(typed, LAYOUT, statistics(given_figures))
    series = pd.Series([figure for figure in figures if figure is not None], dtype=float)
    entry = benchmark(result, "near").entry
    if series.empty:
        assert entry == MISSING
    else:
        assert entry.number == pytest.approx(getattr(series, method)(), rel=1e-12, abs=1e-9)


def test_means_are_worked_out_in_decimals() -> None:
    assert mean_or_median([0.1, 0.2, 0.3], "mean") == 0.2
    assert mean_or_median([0.3, 0.1], "median") == 0.2
    assert mean_or_median([3.0, 1.0, 2.0], "median") == 2.0


def populations(name: str, figure: float, last: int = 2022) -> StatisticFile:
    ours = Authority("852", "", "Ourtown", REGION)
    people = {
        ("children_0_17", 2022, "852"): figure,
        ("children_0_17", 2021, "852"): None,
        ("children_0_17", 2022, "901"): 20.0,
        ("children_0_17", last, ENGLAND): 1.0,
    }
    return StatisticFile(name, "ONS", "ONS", {}, people, (ours,))


def test_populations_are_those_of_the_authority() -> None:
    releases = Statistics((populations("ons.csv", 10.0),))
    layout = replace(LAYOUT, authority="Ourtown")
    people = published_populations(definitions(), layout, releases).value
    assert people == {("children_0_17", 2022): 10.0}
    nobody = published_populations(definitions(), replace(LAYOUT, authority=""), releases)
    assert not nobody.value
    assert [problem.code for problem in nobody.problems] == ["S009"]


def test_populations_of_two_releases() -> None:
    older, newer = populations("old.csv", 10.0), populations("new.csv", 11.0, last=2024)
    result = published_populations(definitions(), LAYOUT, Statistics((newer, older)))
    assert (result.value, result.problems) == ({("children_0_17", 2022): 11.0}, ())
    twin = populations("twin.csv", 12.0)
    result = published_populations(definitions(), LAYOUT, Statistics((older, twin)))
    assert not result.value
    assert [problem.code for problem in result.problems] == ["S015"]

"""Figures of small worlds: blanks and their reasons, teams, finished figures beside records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlglot import exp

from tests.frames import arrays
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.figures import NO_TEAM, WHOLE_SERVICE, Figure, Status
from workbook_builder.measures.compute import (
    Computed,
    Populations,
    Task,
    compute_figures,
    read_populations,
)
from workbook_builder.measures.covered_months import Coverage, Finding
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.measures.prepare import prepare_measures
from workbook_builder.months import Month
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.engine import Rows

JUNE, JULY = Month(2023, 6), Month(2023, 7)
ALWAYS = (date(1990, 1, 1), date(2050, 1, 1))

DATASETS = """
[visits]
title = "Visits"
record = "a visit"
team = "team"
[visits.columns]
child_id = { type = "id", required = true }
visit_date = { type = "date", required = true }
score = { type = "number" }
team = { type = "text" }

[calls]
title = "Calls"
record = "a call"
team = "team"
[calls.columns]
call_date = { type = "date", required = true }
team = { type = "text" }

[population]
title = "Population"
record = "an estimate"
[population.columns]
population_group = { type = "text", required = true }
year = { type = "integer", required = true }
people = { type = "integer" }
"""

MEASURES = """
[visits]
title = "Visits"
count_of = "visits"
during = "visit_date"
teams = true

[visits_without_teams]
title = "Visits"
count_of = "visits"
during = "visit_date"

[visited_children]
title = "Children visited"
children_of = "visits"
during = "visit_date"
teams = true

[children_with_high_scores]
title = "Children with high scores"
children_of = "visits"
during = "visit_date"
where = "score > 5"

[children_in_the_north]
title = "Children visited in the North"
children_of = "visits"
during = "visit_date"
where = "team = 'North'"

[children_in_any]
title = "Children with high scores or in the North"
children_in_any_of = ["children_with_high_scores", "children_in_the_north"]

[high]
title = "High scores"
percentage_of = "visits"
during = "visit_date"
among = "score IS NOT NULL"
where = "score > 5"
teams = true

[mean]
title = "Mean score"
average_of = "visits"
during = "visit_date"
value = "score"
teams = true

[broken]
title = "A division by zero"
average_of = "visits"
during = "visit_date"
value = "1 / (score - score)"

[calls]
title = "Calls"
count_of = "calls"
during = "call_date"
teams = true

[work]
title = "Visits and calls"
sum_of = ["visits", "calls"]
teams = true

[calls_to_visits]
title = "Calls for each visit"
share_of = "visits"
part = "calls"
teams = true

[rate]
title = "Visits for 100 people"
rate_of = "visits"
per = 100
population = "Children 0-17"

[share_of_rate]
title = "Derived twice"
share_of = "rate"
part = "rate"
"""

Visit = tuple[str, date, float | None, str | None]


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Definitions:
    folder: Path = tmp_path_factory.mktemp("layouts")
    for name, text in (("datasets", DATASETS), ("measures", MEASURES)):
        (folder / name).mkdir()
        (folder / name / "all.toml").write_text(text, encoding="utf-8")
    loaded = load_definitions([folder])
    assert loaded.problems == ()
    return loaded.value


def computed(
    definitions: Definitions,
    *wanted: str,
    visits: Sequence[Visit] = (),
    calls: Sequence[tuple[date, str | None]] = (),
    supplied: Sequence[Figure] = (),
    estimates: Mapping[tuple[str, int], int] | None = None,
    given: Sequence[str] = ("visits", "calls"),
) -> Computed:
    datasets = definitions.datasets
    with DuckDBStore(datasets) as engine:
        prepared = prepare_measures(definitions, engine)
        assert prepared.problems == ()
        frame = pd.DataFrame(visits, columns=["child_id", "visit_date", "score", "team"])
        frame["visit_date"] = frame["visit_date"].astype("datetime64[us]")
        frame = frame.astype({"child_id": "str", "score": "Float64", "team": "str"})
        engine.load(datasets["visits"], arrays(frame))
        frame = pd.DataFrame(calls, columns=["call_date", "team"])
        frame["call_date"] = frame["call_date"].astype("datetime64[us]")
        engine.load(datasets["calls"], arrays(frame.astype({"team": "str"})))
        covered = {
            name: DatasetCoverage(dataset, engine, has_extract=name in given, stated=[ALWAYS])
            for name, dataset in datasets.items()
        }
        task = Task(
            definitions=definitions,
            prepared=prepared.value,
            coverage=Coverage(covered, JULY),
            populations=Populations(estimates or {}),
            supplied={(one.measure, one.month, one.team): one for one in supplied},
            months=(JUNE, JULY),
            wanted=wanted,
        )
        return compute_figures(task, engine)


def figure(made: Computed, measure: str, month: Month = JULY, team: str = WHOLE_SERVICE) -> Figure:
    found = made.figures.get(measure, month, team)
    assert found is not None
    return found


def numbers(found: Figure) -> tuple[float | None, float | None, float | None, Status]:
    return found.numerator, found.denominator, found.value, found.status


VISITS: list[Visit] = [
    ("1", date(2023, 7, 1), 9.0, "North"),
    ("1", date(2023, 7, 31), 2.0, "North"),
    ("2", date(2023, 7, 9), None, None),
    ("3", date(2023, 6, 30), 4.0, "East"),
]


def test_a_month_without_records_is_a_true_zero_where_it_is_covered(
    definitions: Definitions,
) -> None:
    made = computed(definitions, "visits")
    assert numbers(figure(made, "visits")) == (0, None, 0, Status.CALCULATED)
    assert made.blanks == ()


@pytest.mark.parametrize("measure", ["high", "mean"])
def test_nothing_to_take_a_share_or_an_average_of_is_blank(
    definitions: Definitions, measure: str
) -> None:
    made = computed(definitions, measure, visits=[("1", date(2023, 7, 1), None, "North")])
    for month in (JUNE, JULY):
        assert numbers(figure(made, measure, month)) == (0, 0, None, Status.NO_DENOMINATOR)
    assert [blank.finding for blank in made.blanks] == [
        Finding(Status.NO_DENOMINATOR, "visits")
    ] * 2


def test_percentages_are_shares_of_one(definitions: Definitions) -> None:
    made = computed(definitions, "high", "mean", visits=VISITS)
    assert numbers(figure(made, "high")) == (1, 2, 0.5, Status.CALCULATED)
    assert numbers(figure(made, "mean")) == (11, 2, 5.5, Status.CALCULATED)


def test_a_calculation_that_gives_no_number_is_blank(definitions: Definitions) -> None:
    made = computed(definitions, "broken", visits=VISITS)
    assert numbers(figure(made, "broken")) == (None, 2, None, Status.CANNOT_BE_COMPUTED)


def test_records_without_a_team_have_a_line_of_their_own(definitions: Definitions) -> None:
    nameless: list[Visit] = [
        ("4", date(2023, 7, 2), None, ""),
        ("5", date(2023, 7, 2), None, NO_TEAM),
    ]
    made = computed(definitions, "visits", visits=[*VISITS, *nameless])
    teams = {one.team: one.value for one in made.figures if one.month == JULY}
    assert teams == {WHOLE_SERVICE: 5, "East": 0, "North": 2, NO_TEAM: 3}


def test_a_team_is_there_in_all_months_once_it_is_in_one(definitions: Definitions) -> None:
    made = computed(definitions, "visits", visits=VISITS)
    assert {(one.month, one.team) for one in made.figures} == {
        (month, team)
        for month in (JUNE, JULY)
        for team in (WHOLE_SERVICE, "East", "North", NO_TEAM)
    }


def test_records_add_up_over_the_teams_but_a_child_may_stand_in_two(
    definitions: Definitions,
) -> None:
    both_teams = [*VISITS, ("1", date(2023, 7, 5), None, "East")]
    made = computed(definitions, "visits", "visited_children", visits=both_teams)
    teams = ("North", "East", NO_TEAM)
    assert sum(figure(made, "visits", JULY, team).value or 0 for team in teams) == 4
    assert sum(figure(made, "visited_children", JULY, team).value or 0 for team in teams) == 3
    assert figure(made, "visits").value == 4
    assert figure(made, "visited_children").value == 2


def test_a_child_in_doubt_counts_once_however_many_records_are(definitions: Definitions) -> None:
    known = [(str(child), date(2023, 7, 1 + child % 31), 9.0, "North") for child in range(40)]
    unknown = [("a", date(2023, 7, day), None, "North") for day in (3, 4)]
    measures = ("children_with_high_scores", "children_in_any")
    made = computed(definitions, *measures, visits=[*known, *unknown])
    found = figure(made, "children_with_high_scores")
    assert (found.value, found.not_judged, found.asked) == (40, 1, 41)
    # What adds two measures up adds up what both were asked about, also where none is in doubt.
    both = figure(made, "children_in_any")
    assert (both.value, both.not_judged, both.asked) == (41, 1, 41 + 41)
    sure = figure(computed(definitions, *measures, visits=known), "children_with_high_scores")
    assert (sure.value, sure.not_judged) == (40, 0)


def test_a_list_that_was_not_given_is_not_asked_about(
    definitions: Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = DuckDBStore.answers

    def noted(store: DuckDBStore, queries: Iterable[exp.Query | str]) -> Iterator[Rows]:
        kept = list(queries)
        asked.extend(map(str, kept))
        return answers(store, kept)

    monkeypatch.setattr(DuckDBStore, "answers", noted)
    computed(definitions, "visits", "visited_children", "calls", given=["calls"])
    assert "calls" in " ".join(asked)
    assert "visits" not in " ".join(asked)


def test_teams_are_made_only_where_they_are_asked_for(definitions: Definitions) -> None:
    made = computed(definitions, "visits_without_teams", visits=VISITS)
    assert {one.team for one in made.figures} == {WHOLE_SERVICE}


def test_a_team_that_only_one_part_knows_has_none_of_the_other(definitions: Definitions) -> None:
    made = computed(
        definitions, "work", "calls_to_visits", visits=VISITS, calls=[(date(2023, 7, 3), "South")]
    )
    assert figure(made, "work", JULY, "South").value == 1
    assert figure(made, "work", JULY, "North").value == 2
    assert figure(made, "work").value == 4
    assert figure(made, "calls_to_visits", JULY, "North").value == 0
    assert figure(made, "calls_to_visits", JULY, "South").status is Status.NO_DENOMINATOR


def test_a_sum_is_blank_for_every_team_where_a_part_is_missing(definitions: Definitions) -> None:
    made = computed(definitions, "work", visits=VISITS, given=["visits"])
    found = {one.status for one in made.figures if one.measure == "work"}
    assert found == {Status.NO_EXTRACT}
    assert {blank.finding for blank in made.blanks} == {Finding(Status.NO_EXTRACT, "calls")}


def test_a_rate_takes_the_estimate_in_force(definitions: Definitions) -> None:
    estimates = {("children017", 2021): 50, ("children017", 2023): 200, ("all", 2023): 1}
    made = computed(definitions, "rate", visits=VISITS, estimates=estimates)
    assert numbers(figure(made, "rate", JUNE)) == (1, 200, 0.5, Status.CALCULATED)
    early = Populations(estimates).in_force("Children 0-17", Month(2023, 5))
    assert early == 50


def test_a_rate_without_a_population_is_blank_and_so_is_what_needs_it(
    definitions: Definitions,
) -> None:
    made = computed(definitions, "share_of_rate", visits=VISITS, estimates={("other", 2020): 9})
    assert numbers(figure(made, "rate")) == (3, None, None, Status.NO_POPULATION)
    assert figure(made, "share_of_rate").status is Status.NO_POPULATION
    assert {blank.measure for blank in made.blanks} == {"share_of_rate"}


def test_a_population_of_nobody_gives_no_rate(definitions: Definitions) -> None:
    made = computed(definitions, "rate", visits=VISITS, estimates={("children017", 2020): 0})
    assert figure(made, "rate").status is Status.NO_DENOMINATOR


def test_populations_are_read_by_group_and_year(definitions: Definitions) -> None:
    frame = pd.DataFrame(
        {"population_group": ["Children 0-17"], "year": [2022], "people": [70_000]}
    )
    with DuckDBStore(definitions.datasets) as engine:
        engine.load(definitions.datasets["population"], arrays(frame))
        populations = read_populations(engine)
    assert populations.in_force("children_0_17", Month(2022, 6)) == 70_000
    assert populations.in_force("children_0_17", Month(2022, 5)) is None
    assert populations.in_force("everyone", Month(2023, 7)) is None


def test_an_estimate_without_people_is_none_at_all(definitions: Definitions) -> None:
    frame = pd.DataFrame(
        {
            "population_group": ["a", "a"],
            "year": [2021, 2022],
            "people": pd.Series([5, None], dtype="Int64"),
        }
    )
    with DuckDBStore(definitions.datasets) as engine:
        engine.load(definitions.datasets["population"], arrays(frame))
        assert read_populations(engine).in_force("a", Month(2023, 1)) == 5


def given_figure(value: float, month: Month = JULY, team: str = WHOLE_SERVICE) -> Figure:
    return Figure("visits", month, team, None, None, value, Status.SUPPLIED)


def test_finished_figures_fill_blanks(definitions: Definitions) -> None:
    supplied = [given_figure(41), given_figure(7, team="North")]
    made = computed(definitions, "visits", "rate", supplied=supplied, given=[],
                    estimates={("children017", 2020): 100})  # fmt: skip
    assert figure(made, "visits") == supplied[0]
    assert figure(made, "visits", JULY, "North") == supplied[1]
    assert figure(made, "visits", JUNE).status is Status.NO_EXTRACT
    assert figure(made, "rate").value == 41
    assert made.differing == ()
    assert {(blank.measure, blank.month) for blank in made.blanks} == {
        ("visits", JUNE),
        ("rate", JUNE),
    }


def test_finished_figures_never_replace_those_of_records(definitions: Definitions) -> None:
    supplied = [given_figure(41), given_figure(1, JUNE), given_figure(9, team="North")]
    made = computed(definitions, "visits", visits=VISITS, supplied=supplied)
    assert figure(made, "visits").value == 3
    assert figure(made, "visits", JULY, "North").value == 2
    assert {(one.month, one.team) for one in made.differing} == {(JULY, ""), (JULY, "North")}


def test_finished_figures_of_other_months_stay_out(definitions: Definitions) -> None:
    made = computed(definitions, "visits", supplied=[given_figure(5, Month(2020, 1))])
    assert {one.month for one in made.figures} == {JUNE, JULY}


def test_only_what_is_wanted_and_its_parts_are_computed(definitions: Definitions) -> None:
    made = computed(definitions, "work", visits=VISITS)
    assert {one.measure for one in made.figures} == {"work", "visits", "calls"}

"""Explaining measures: the same numbers as the workbook's, and where each record went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.measures.sample import ready_sample
from tests.measures.tiny import JULY, checked, figures, quiet, record
from workbook_builder.build_workbook import explain
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Average, ChildrenInAny, Clocked, Percentage
from workbook_builder.figures import Status
from workbook_builder.measures.compute import Task, compute_figures
from workbook_builder.measures.explain import (
    NOT_LOOKED_AT,
    Explanation,
    Subject,
    explain_measure,
    with_numbers,
)
from workbook_builder.request import Outcome, Request
from workbook_builder.store.duckdb_store import DuckDBStore

BORN = {"child": "01/01/2012", "adult": "01/01/2002", "baby": "01/01/2023"}


def every(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for part in explanation.parts:
        yield from every(part)


#: The months explained, which all measures take long over.
MONTHS = 2


@pytest.fixture(scope="module")
def sample(root: Path) -> Iterator[tuple[Task, DuckDBStore, Subject]]:
    """The sample inputs read once, ready for any measure."""
    with ready_sample(root) as (store, measures, _, ready):
        task = replace(ready.task, months=ready.task.months[-MONTHS:], asked=MONTHS)
        definitions, layout = measures.definitions, measures.layout
        yield task, store, Subject(definitions, measures.prepared, layout, ready.month)


@pytest.fixture(scope="module")
def explanations(sample: tuple[Task, DuckDBStore, Subject]) -> Mapping[str, Explanation]:
    task, engine, subject = sample
    return {
        name: with_numbers(explain_measure(name, subject), task, engine)
        for name in task.definitions.measures
    }


@pytest.mark.slow
def test_every_measure_has_the_numbers_of_the_build(
    explanations: Mapping[str, Explanation], every_measure: Outcome
) -> None:
    compared = 0
    for explanation in explanations.values():
        for one in every(explanation):
            for month in one.months:
                figure = every_measure.figures.get(one.name, month.month)
                assert figure is not None
                assert (month.numerator, month.denominator, month.value, month.status) == (
                    figure.numerator, figure.denominator, figure.value, figure.status
                )  # fmt: skip
                compared += figure.value is not None
    assert compared > 300


@pytest.mark.slow
def test_what_entered_less_what_was_left_out_is_the_denominator(
    explanations: Mapping[str, Explanation], sample: tuple[Task, DuckDBStore, Subject]
) -> None:
    definitions: Definitions = sample[0].definitions
    for name, explanation in explanations.items():
        measure = definitions.measures[name]
        for month in explanation.months:
            assert (month.entered is None) <= (month.left_out == ())
            if isinstance(measure, Percentage | Average) and month.value is not None:
                assert month.entered is not None
                counts_as_no = isinstance(measure, Percentage) and measure.unknown == "no"
                not_judged = 0 if counts_as_no else month.not_judged
                left = month.entered - sum(month.left_out) - not_judged
                assert left == month.denominator, name


@pytest.mark.slow
def test_a_blank_month_has_a_reason_and_a_filled_one_none(
    explanations: Mapping[str, Explanation],
) -> None:
    for explanation in explanations.values():
        for one in every(explanation):
            assert all((month.value is None) == bool(month.reason) for month in one.months)
    reasons = {month.reason for month in explanations["families_attached"].months}
    quarter = "There is one figure a quarter, in its last month."
    assert reasons == {"", f"Finished figures: {quarter}"}


@pytest.mark.slow
def test_every_measure_of_records_shows_the_query_that_runs(
    explanations: Mapping[str, Explanation], sample: tuple[Task, DuckDBStore, Subject]
) -> None:
    task, engine, _ = sample
    compute_figures(task, engine)
    for name, explanation in explanations.items():
        measure = task.definitions.measures[name]
        assert bool(explanation.sql) == isinstance(measure, Clocked | ChildrenInAny)
        if explanation.sql:
            assert engine._database.execute(explanation.sql).fetchall() is not None


def test_a_record_that_two_exclusions_hold_for_counts_under_the_first(tmp_path: Path) -> None:
    flags = [("Yes", "No"), ("Yes", "Yes"), ("No", "Yes"), ("No", "No"), ("No", "No")]
    conferences = [
        record(child_id=str(at), icpc_date="04/07/2023", icpc_transfer_in=one, icpc_temporary=other)
        for at, (one, other) in enumerate(flags)
    ]
    found = figures(tmp_path, "initial_conferences", {"initial_conferences": conferences})[JULY]
    assert (found.entered, found.left_out, found.numerator) == (5, (2, 1), 2)


def test_what_among_leaves_out_comes_after_the_exclusions(tmp_path: Path) -> None:
    lists = {
        "children_in_care": [
            *(
                record(
                    child_id=child,
                    care_start_date="01/01/2021",
                    date_of_birth=born,
                    legal_status="C2",
                )
                for child, born in BORN.items()
            ),
            record(child_id="short", care_start_date="01/01/2021", legal_status="V3"),
        ],
        "personal_education_plans": [record(child_id="child", pep_date="01/06/2023")],
    }
    found = figures(tmp_path, "cla_pep", lists)[JULY]
    assert (found.entered, found.left_out) == (4, (1, 2))
    assert (found.numerator, found.denominator, found.value) == (1, 1, 1.0)
    explanation = explain(Request(()), "cla_pep", quiet).explanation
    assert explanation
    assert explanation.reasons == ("short breaks (V3, V4)", NOT_LOOKED_AT)


AVERAGE = """
[mean_age]
title = "Mean age"
average_of = "children_in_care"
open = ["care_start_date", "care_end_date"]
where = "legal_status <> 'V3'"
value = "age_at(date_of_birth, month_end)"
"""


def test_an_average_says_which_records_have_no_value(tmp_path: Path) -> None:
    (tmp_path / "measures").mkdir()
    (tmp_path / "measures" / "mine.toml").write_text(AVERAGE, encoding="utf-8")
    ages = [("01/01/2013", "C2"), ("01/01/2012", "V2"), ("", "C2"), ("01/01/2012", "V3")]
    records = [
        record(child_id=str(at), care_start_date="01/01/2021", date_of_birth=born, legal_status=one)
        for at, (born, one) in enumerate(ages)
    ]
    inputs = checked(tmp_path, ["mean_age"], {"children_in_care": records})
    assert not inputs.failed
    layout = str(tmp_path / "tiny.toml")
    request = Request((tmp_path / "inputs",), layout=layout, month=JULY)
    explanation = explain(request, "mean_age", quiet).explanation
    assert explanation
    july = explanation.months[-1]
    assert (july.entered, july.left_out) == (4, (1, 1))
    assert (july.numerator, july.denominator, july.value) == (21, 2, 10.5)


def test_the_thresholds_of_the_layout_are_in_force(tmp_path: Path) -> None:
    layout = tmp_path / "mine.toml"
    layout.write_text(
        'title = "Mine"\nparameters = { cp_visit_working_days = 15 }\n'
        '[[tables]]\nname = "A"\ntitle = "A"\ncolumns = ["indicator", "months"]\n'
        'rows = [{ measure = "contacts" }]\n',
        encoding="utf-8",
    )
    request = Request((), layout=str(layout))
    explanation = explain(request, "cp_visited_in_10_working_days", quiet).explanation
    assert explanation
    assert [(one.name, one.value) for one in explanation.thresholds] == [
        ("cp_visit_working_days", 15)
    ]
    assert "cp_visit_working_days (15)" in explanation.how
    assert "15" in explanation.sql


@pytest.mark.slow
def test_a_rate_shows_its_part_and_the_population(explanations: Mapping[str, Explanation]) -> None:
    rate = explanations["cp_plan_rate"]
    (part,) = rate.parts
    assert rate.per_population
    assert rate.sql == ""
    assert rate.months[-1].denominator == 49310
    assert rate.months[-1].numerator == part.months[-1].value
    assert rate.datasets == ("population", "cp_plans")


def test_a_rate_without_a_population_says_that_it_is_the_population(tmp_path: Path) -> None:
    lists = {"cp_plans": [record(cp_plan_start_date="01/06/2023")]}
    found = figures(tmp_path, "cp_plan_rate", lists)[JULY]
    assert found.reason == "Population: There is no population estimate for this month."


def test_the_words_name_exclusions_and_thresholds_on_one_line() -> None:
    explanation = explain(Request(()), "cla_visited", quiet).explanation
    assert explanation
    assert explanation.how.endswith(
        "Numerator: those where EXISTS (SELECT 1 FROM visits "
        'WHERE visits."Child ID" = "Children in care"."Child ID" '
        'AND coalesce(visits."Child Seen", true) '
        'AND visits."Visit Date" BETWEEN days_before(month_end, cla_visit_days (42)) '
        "AND month_end). "
        "Left out: short breaks (V3, V4)."
    )


def test_finished_figures_stand_where_no_record_does(tmp_path: Path) -> None:
    lists = {"figures": [{"measure": "contacts", "month": "2023-07", "value": "12"}]}
    found = figures(tmp_path, "contacts", lists)[JULY]
    assert (found.entered, found.value, found.status) == (None, 12, Status.SUPPLIED)


def test_without_a_month_the_reporting_month_is_a_placeholder() -> None:
    name = "care_leavers_in_suitable_accommodation"
    explanation = explain(Request(()), name, quiet).explanation
    assert explanation
    assert "$reporting_month" in explanation.sql
    assert explanation.months == ()


def test_an_unknown_measure_is_a_problem_with_the_nearest_name() -> None:
    done = explain(Request(()), "cp_plan_rat", quiet)
    assert done.failed
    assert done.explanation is None
    assert 'Did you mean "cp_plan_rate"?' in done.problems[0].text()

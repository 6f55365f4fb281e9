"""The shipped measures at the edges: odd days, children who come twice, nothing to divide by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measures.tiny import JULY, Lists, Record, checked, counts, figures, record, shipped
from workbook_builder.definitions.measures import Average, ChildrenPercentage, Percentage, Share
from workbook_builder.figures import NO_TEAM, Status
from workbook_builder.months import Month
from workbook_builder.request import Outcome

MAY = Month(2023, 5)


def contact(child: str, day: str, team: str = "") -> Record:
    return record(child_id=child, contact_date=day, team=team)


def plan(start: str, end: str = "", **cells: str) -> Record:
    return record(cp_plan_start_date=start, cp_plan_end_date=end, **cells)


def in_care(start: str, end: str = "", **cells: str) -> Record:
    return record(care_start_date=start, care_end_date=end, **cells)


def placed(start: str, end: str = "", kind: str = "U4") -> Record:
    return record(placement_start_date=start, placement_end_date=end, placement_type=kind)


def test_a_child_twice_in_a_month_is_two_records_and_one_child(tmp_path: Path) -> None:
    contacts = [contact("1", "03/07/2023"), contact("1", "03/07/2023"), contact("2", "31/07/2023")]
    assert counts(tmp_path, "contacts", {"contacts": contacts}) == (3, None)
    conferences = [record(icpc_date="03/07/2023"), record(icpc_date="17/07/2023")]
    lists = {"initial_conferences": conferences}
    assert counts(tmp_path, "initial_conferences", lists) == (1, None)


def test_a_child_with_two_open_plans_is_one_child(tmp_path: Path) -> None:
    lists = {"cp_plans": [plan("01/03/2023", cp_plan_id="a"), plan("01/05/2023", cp_plan_id="b")]}
    assert counts(tmp_path, "children_on_cp_plans", lists) == (1, None)


def test_re_entry_to_care_in_one_month_is_an_end_a_start_and_one_child(tmp_path: Path) -> None:
    lists = {"children_in_care": [in_care("01/02/2022", "05/07/2023"), in_care("20/07/2023")]}
    assert counts(tmp_path, "children_in_care", lists) == (1, None)
    assert counts(tmp_path, "care_started", lists) == (1, None)
    assert counts(tmp_path, "care_ended", lists) == (1, None)


def test_re_entry_on_the_day_of_leaving_counts_the_child_once(tmp_path: Path) -> None:
    lists = {"children_in_care": [in_care("01/02/2022", "31/07/2023"), in_care("31/07/2023")]}
    assert counts(tmp_path, "children_in_care", lists) == (1, None)


def test_time_in_care_begins_anew_with_re_entry(tmp_path: Path) -> None:
    lists: Lists = {
        "children_in_care": [in_care("01/02/2020", "05/05/2023"), in_care("20/05/2023")],
        "health_assessments": [record(health_assessment_date="01/06/2023")],
    }
    found = figures(tmp_path, "cla_health_up_to_date", lists)[JULY]
    assert (found.entered, found.left_out, found.status) == (1, (0, 1), Status.NO_DENOMINATOR)


@pytest.mark.parametrize("end", ["20/07/2023", "03/07/2023", "31/07/2023"])
def test_a_plan_within_one_month_starts_ends_and_is_never_open(end: str, tmp_path: Path) -> None:
    lists = {"cp_plans": [plan("03/07/2023", end)]}
    assert counts(tmp_path, "cp_plans_started", lists) == (1, None)
    assert counts(tmp_path, "cp_plans_ended", lists) == (1, None)
    assert counts(tmp_path, "children_on_cp_plans", lists) == (0, None)


def test_an_assessment_authorised_on_its_first_day_took_no_working_day(tmp_path: Path) -> None:
    same_day = record(assessment_start_date="03/07/2023", assessment_auth_date="03/07/2023")
    assert counts(tmp_path, "assessments_10_days", {"assessments": [same_day]}) == (1, 1)


def test_an_end_before_its_start_is_a_problem_and_left_out(tmp_path: Path) -> None:
    wrong, right = plan("10/07/2023", "03/06/2023"), plan("10/07/2023", "")
    lists: Lists = {"cp_plans": [wrong, {**right, "child_id": "2"}]}
    names = ["children_on_cp_plans", "cp_plans_started", "cp_plans_ended"]
    done = checked(tmp_path, names, lists)
    assert [one.where.rows for one in done.problems if one.code == "X034"] == [(4,)]
    values = [figure.value for name in names if (figure := done.figures.get(name, JULY))]
    assert values == [1, 1, 0]


@pytest.mark.parametrize(("month", "five"), [(Month(2021, 2), 0), (Month(2021, 3), 1)])
def test_a_child_born_on_29_february_is_a_year_older_on_1_march(
    month: Month, five: int, tmp_path: Path
) -> None:
    lists: Lists = {
        "children_in_care": [in_care("01/01/2020", date_of_birth="29/02/2016")],
        "personal_education_plans": [record(pep_date="01/02/2021")],
    }
    found = figures(tmp_path, "cla_pep", lists, month)[month]
    assert (found.numerator, found.denominator) == (five, five)


# Working days end with Friday 28 April 2023 before a Sunday, and with Friday 28 May 2021 before a
# bank holiday, Monday 31 May: ten of them lie after the 14th.
@pytest.mark.parametrize(
    ("month", "visited", "in_time"),
    [
        (Month(2023, 4), "14/04/2023", 1),
        (Month(2023, 4), "13/04/2023", 0),
        (Month(2021, 5), "14/05/2021", 1),
        (Month(2021, 5), "13/05/2021", 0),
    ],
)
def test_a_month_end_on_which_nobody_works(
    month: Month, visited: str, in_time: int, tmp_path: Path
) -> None:
    lists = {"cp_plans": [plan("01/02/2021")], "visits": [record(visit_date=visited)]}
    assert counts(tmp_path, "cp_visited_in_10_working_days", lists, month) == (in_time, 1)


def test_overlapping_placements_do_not_count_a_child_twice(tmp_path: Path) -> None:
    lists = {
        "children_in_care": [in_care("01/01/2021")],
        "placements": [placed("01/01/2021", "20/07/2023"), placed("01/07/2023"),
                       placed("10/07/2023", kind="U1")],
    }  # fmt: skip
    assert counts(tmp_path, "placed_connected_carers", lists) == (1, 1)
    assert counts(tmp_path, "placed_connected_carers_number", lists) == (1, None)
    assert counts(tmp_path, "three_placements", lists) == (1, 1)


def test_a_team_renamed_in_the_year_keeps_all_its_records(tmp_path: Path) -> None:
    contacts = [contact("1", "03/05/2023", "North"), contact("2", "05/07/2023", "North Locality")]
    made = checked(tmp_path, ["contacts"], {"contacts": contacts}).figures
    teams = ("", "North", "North Locality")
    found = {
        month: [one.value for team in teams if (one := made.get("contacts", month, team))]
        for month in (MAY, JULY)
    }
    assert found == {MAY: [1, 1, 0], JULY: [1, 0, 1]}


def test_a_blank_team_is_named_and_never_dropped(tmp_path: Path) -> None:
    contacts = [contact("1", "03/07/2023"), contact("2", "05/07/2023", "  "),
                contact("3", "05/07/2023", "North")]  # fmt: skip
    made = checked(tmp_path, ["contacts"], {"contacts": contacts}).figures
    found = {one.team: one.value for one in made if one.month == JULY}
    assert found == {"": 3, NO_TEAM: 2, "North": 1}


def test_nothing_to_divide_by_is_a_blank_with_its_reason(tmp_path: Path) -> None:
    definitions = shipped()
    shares = [
        name
        for name, one in definitions.measures.items()
        if isinstance(one, Percentage | ChildrenPercentage | Average | Share)
    ]
    lists: Lists = dict.fromkeys(definitions.datasets, ())
    done = checked(tmp_path, shares, lists)
    found = [done.figures.get(name, JULY) for name in shares]
    assert len(found) > 60
    assert {(one.value, one.status) for one in found if one} == {(None, Status.NO_DENOMINATOR)}
    texts = [one.what for one in done.problems if one.code == "M006"]
    assert all("nothing to calculate from in" in text for text in texts)
    assert texts


def test_what_cannot_be_judged_is_said_to_be_left_out(tmp_path: Path) -> None:
    days = [f"{day:02}/07/2023" for day in range(1, 31)]
    lists = {
        "referrals": [
            record(child_id=str(number), referral_date=day, referral_nfa="" if number == 9 else "N")
            for number, day in enumerate(days)
        ]
    }
    outcome = checked(tmp_path, ["referrals_nfa"], lists)
    (note,) = (problem for problem in outcome.problems if problem.code == "M030")
    assert note.what == "Referrals: 1 of 30 records could not be judged in Jul-23."
    assert note.done == "Shown without them"


def test_what_stays_in_the_denominator_is_said_to_count_as_not_met(sample_build: Outcome) -> None:
    (note,) = (problem for problem in sample_build.problems if problem.code == "M030")
    assert note.done == "Counted as not met"
    assert note.indicators == ("Percentage of CLA placed <20 miles from home",)

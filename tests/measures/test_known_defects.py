"""Faults that are known from other tools' measures, each shown to be absent from ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measures.tiny import JULY, Record, counts, figures, record
from workbook_builder.figures import Status
from workbook_builder.months import Month

MAY, JUNE = Month(2023, 5), Month(2023, 6)


def assessment(start: str, authorised: str = "") -> Record:
    return record(assessment_start_date=start, assessment_auth_date=authorised)


def in_care(child: str, born: str, start: str, **cells: str) -> Record:
    # Of a child without a legal status nobody knows whether it is a short break.
    known = {"legal_status": "C2"} | cells
    return record(child_id=child, date_of_birth=born, care_start_date=start, **known)


def placed(child: str, start: str, end: str = "", kind: str = "U4") -> Record:
    return record(child_id=child, placement_start_date=start, placement_end_date=end,
                  placement_type=kind)  # fmt: skip


def examined(child: str, day: str) -> Record:
    return record(child_id=child, health_assessment_date=day)


# From 6 April 2023 Good Friday, Easter Monday and the bank holidays of 1, 8 and 29 May are in the
# way: the 45th working day after it is 15 June. Without bank holidays it would be the 50th.
@pytest.mark.parametrize(("authorised", "in_time"), [("15/06/2023", 1), ("16/06/2023", 0)])
def test_working_days_know_bank_holidays_and_count_the_last_day(
    authorised: str, in_time: int, tmp_path: Path
) -> None:
    lists = {"assessments": [assessment("06/04/2023", authorised)]}
    assert counts(tmp_path, "assessments_in_time", lists, JUNE) == (in_time, 1)


# The 15th working day after 6 April 2023 is 2 May.
@pytest.mark.parametrize(("held", "in_time"), [("02/05/2023", 1), ("03/05/2023", 0)])
def test_conferences_are_timed_in_working_days_too(held: str, in_time: int, tmp_path: Path) -> None:
    conference = record(icpc_date=held, icpc_strategy_discussion_date="06/04/2023")
    lists = {"initial_conferences": [conference]}
    assert counts(tmp_path, "initial_conferences_in_time", lists, MAY) == (in_time, 1)


def test_a_snapshot_is_taken_on_the_last_day_of_the_month(tmp_path: Path) -> None:
    plans = [
        record(cp_plan_start_date="15/07/2023"),
        record(child_id="2", cp_plan_start_date="01/02/2023", cp_plan_end_date="15/07/2023"),
    ]
    found = figures(tmp_path, "children_on_cp_plans", {"cp_plans": plans})
    assert (found[JUNE].value, found[JULY].value) == (1, 1)
    visit = record(visit_date="31/07/2023")
    lists = {"cp_plans": plans, "visits": [visit]}
    assert counts(tmp_path, "cp_visited_in_10_working_days", lists) == (1, 1)


def test_open_assessments_are_not_in_time_yet(tmp_path: Path) -> None:
    lists = {
        "assessments": [
            assessment("24/07/2023"),
            assessment("03/07/2023", "20/07/2023"),
            assessment("03/01/2023", "20/07/2023"),
        ]
    }
    assert counts(tmp_path, "assessments_in_time", lists) == (1, 2)
    assert counts(tmp_path, "assessments_completed", lists) == (2, None)


def test_long_term_stability_asks_for_age_time_in_care_and_time_in_placement(
    tmp_path: Path,
) -> None:
    lists = {
        "children_in_care": [
            in_care("stable", "01/01/2012", "01/01/2018"),
            in_care("moved", "01/01/2012", "01/01/2018"),
            in_care("sixteen", "31/07/2007", "01/01/2018"),
            in_care("new", "01/01/2012", "01/03/2021"),
            in_care("back again", "01/01/2012", "01/01/2018", care_end_date="01/06/2022"),
            in_care("back again", "01/01/2012", "01/09/2022"),
            in_care("short breaks", "01/01/2012", "01/01/2018", legal_status="V4"),
            in_care("of no age", "", "01/01/2018"),
        ],
        "placements": [
            placed("stable", "31/07/2021"),
            placed("moved", "01/01/2018", "01/08/2021"),
            placed("moved", "01/08/2021"),
            *(placed(child, "01/04/2021") for child in ("sixteen", "new", "short breaks")),
            placed("of no age", "01/01/2018"),
            placed("back again", "01/01/2018"),
        ],
    }
    assert counts(tmp_path, "long_term_stability", lists) == (1, 2)
    left_out = figures(tmp_path, "long_term_stability", lists)[JULY]
    assert (left_out.entered, left_out.left_out) == (7, (1, 4))


@pytest.mark.parametrize(
    ("since", "until", "stable"),
    [
        ("01/07/2021", "01/05/2023", 1),  # moved to the adopters from where the child had lived
        ("01/07/2021", "30/04/2023", 1),  # arrived the day after
        ("01/09/2021", "01/05/2023", 0),  # not yet two years together
        ("01/07/2021", "01/03/2023", 0),  # lived somewhere else in between
    ],
)
def test_time_before_a_placement_for_adoption_counts_with_it(
    since: str, until: str, stable: int, tmp_path: Path
) -> None:
    lists = {
        "children_in_care": [in_care("1", "01/01/2018", "01/06/2019")],
        "placements": [placed("1", since, until), placed("1", "01/05/2023", kind="A5")],
    }
    assert counts(tmp_path, "long_term_stability", lists) == (stable, 1)


def test_a_move_to_new_foster_carers_does_not_count_as_stable(tmp_path: Path) -> None:
    lists = {
        "children_in_care": [in_care("1", "01/01/2018", "01/06/2019")],
        "placements": [placed("1", "01/07/2021", "01/05/2023"), placed("1", "01/05/2023")],
    }
    assert counts(tmp_path, "long_term_stability", lists) == (0, 1)


def test_health_assessments_are_due_by_age_and_those_without_one_stay_in_the_count(
    tmp_path: Path,
) -> None:
    eight_months_ago = "30/11/2022"
    lists = {
        "children_in_care": [
            in_care("four", "01/08/2018", "01/01/2021"),
            in_care("five", "31/07/2018", "01/01/2021"),
            in_care("never seen", "01/01/2012", "01/01/2021"),
            in_care("long ago", "01/01/2012", "01/01/2021"),
            in_care("new", "01/01/2012", "01/09/2022"),
        ],
        "health_assessments": [
            examined("four", eight_months_ago),
            examined("five", eight_months_ago),
            examined("long ago", "30/07/2022"),
            examined("new", "01/07/2023"),
        ],
    }
    assert counts(tmp_path, "cla_health_up_to_date", lists) == (1, 4)


def leaver(child: str, **cells: str) -> Record:
    return record(child_id=child, care_leaver_start_date="01/01/2019", **cells)


def test_care_leavers_of_19_to_21_are_not_everyone(tmp_path: Path) -> None:
    born = {
        "eighteen": "01/08/2004",
        "nineteen": "31/07/2004",
        "twenty-one": "01/08/2001",
        "twenty-two": "31/07/2001",
    }
    leavers = [leaver(child, in_touch="Yes", date_of_birth=day) for child, day in born.items()]
    lists = {"care_leavers": leavers}
    assert counts(tmp_path, "care_leavers_19_to_21_in_touch", lists) == (2, 2)


def test_newer_and_older_texts_of_touch_and_suitability_are_one_code(tmp_path: Path) -> None:
    in_touch = ["In touch", "Yes", "Y", "a) Yes", "YES: in touch"]
    suitable = ["Suitable", "1", "a) Suitable", "yes"]
    leavers = [
        leaver(f"{one} {other}", in_touch=one, accommodation_suitable=other)
        for one in in_touch
        for other in suitable
    ]
    others = [
        leaver("2", in_touch="Not in touch", accommodation_suitable="Unsuitable"),
        leaver("3"),
    ]
    lists = {"care_leavers": [*leavers, *others]}
    assert counts(tmp_path, "care_leavers_in_suitable_accommodation", lists) == (20, 21)


def test_who_stays_in_the_count_of_care_leavers_and_who_does_not(tmp_path: Path) -> None:
    leavers = [
        leaver("settled", in_touch="Yes", accommodation_suitable="Suitable", activity="F4"),
        leaver("refuses", in_touch="Refuses contact"),
        leaver("needs nothing", in_touch="No longer requires services"),
        leaver("at home", in_touch="Returned home"),
        leaver("died", in_touch="Died"),
        leaver("abroad", in_touch="Yes", accommodation="Gone abroad", activity="G5"),
        leaver("qualifying", in_touch="Yes", eligibility="Qualifying care leaver"),
        leaver("ended", in_touch="Yes", care_leaver_end_date="01/07/2023"),
    ]
    lists = {"care_leavers": [{**one, "date_of_birth": "01/01/2003"} for one in leavers]}
    assert counts(tmp_path, "care_leavers_19_to_21_in_touch", lists) == (2, 4)
    assert counts(tmp_path, "care_leavers_19_to_21_suitable", lists) == (1, 3)
    assert counts(tmp_path, "care_leavers_19_to_21_eet", lists) == (1, 4)


def test_an_absent_episode_counts_where_a_value_is_present(tmp_path: Path) -> None:
    kinds = {"1": "Missing", "2": "M", "3": "Absent", "4": "A", "5": "Away"}
    episodes = [
        record(child_id=child, missing_episode_start_date="04/07/2023", missing_episode_type=kind)
        for child, kind in kinds.items()
    ]
    lists = {"missing_episodes": episodes}
    assert counts(tmp_path, "children_away", lists) == (3, None)
    assert counts(tmp_path, "children_missing", lists) == (2, None)


def test_special_guardianship_has_old_and_new_codes(tmp_path: Path) -> None:
    reasons = ("E43", "E44", "E45", "E46", "E47", "E48", "E4A")
    ended = [
        in_care(str(at), "", "01/01/2020", care_end_date="04/07/2023", care_end_reason=one)
        for at, one in enumerate(reasons)
    ]
    assert counts(tmp_path, "ended_sgo", {"children_in_care": ended}) == (6, 7)


def test_a_missing_list_leaves_a_blank_and_not_a_hundred_per_cent(tmp_path: Path) -> None:
    lists = {"children_in_care": [in_care("1", "01/01/2012", "01/01/2021")]}
    found = figures(tmp_path, "cla_health_up_to_date", lists)[JULY]
    assert (found.value, found.status) == (None, Status.NO_EXTRACT)

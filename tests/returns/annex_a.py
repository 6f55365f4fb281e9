"""The sample's records as Ofsted's Annex A: its lists 1 to 10, run on the last day of a month."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from tests.returns.records import Records, born, known_on, latest, open_since

YES_NO = {True: "a) Yes", False: "b) No"}
CATEGORY = {"NEG": "a) Neglect", "PHY": "b) Physical abuse", "SAB": "c) Sexual abuse",
            "EMO": "d) Emotional abuse", "MUL": "e) Multiple/not recommended"}  # fmt: skip
IN_TOUCH = {"YES": "a) Yes", "NO": "b) No", "REFU": "d) Refu", "NREQ": "e) NREQ"}
ELIGIBILITY = {"RELEVANT": "a) Relevant child", "FORMER_RELEVANT": "b) Former relevant child"}
SUITABLE = {"1": "a) Suitable", "2": "b) Unsuitable"}
#: Placements that are temporary are not among those counted in twelve months.
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")


def annex_a(day: date) -> dict[str, pd.DataFrame]:
    """Return the lists by the names of their sheets."""
    records = known_on(day)
    first = (pd.Timestamp(day) - pd.DateOffset(months=6)).date()
    birth = born(records)
    return {
        "List 1": _list_1(records, birth, first),
        "List 2": _list_2(records, birth, first),
        "List 3": _list_3(records, birth, first),
        "List 4": _list_4(records, birth, first),
        "List 5": _list_5(records, birth, first),
        "List 6": _list_6(records, birth, first),
        "List 7": _list_7(records, birth, first),
        "List 8": _list_8(records, birth, first, day),
        "List 9": _list_9(records, birth),
        "List 10": _list_10(records, birth),
    }


def _person(frame: pd.DataFrame, birth: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Child Unique ID": frame["child_id"], "Gender": "c) Not stated/recorded",
            "Ethnicity": "s) NOBT", "Date of Birth": frame["child_id"].map(birth),
        }
    )  # fmt: skip


def _workers(frame: pd.DataFrame) -> dict[str, Any]:
    return {"Allocated Team": frame["team"], "Allocated Worker": "Worker 1"}


def _since(frame: pd.DataFrame, column: str, first: date) -> pd.DataFrame:
    return frame[frame[column] >= pd.Timestamp(first)]


def _list_1(records: Records, birth: pd.Series, first: date) -> pd.DataFrame:
    rows = _since(records["contacts"], "contact_date", first)
    return _person(rows, birth).assign(
        **{"Date of Contact": rows["contact_date"], "Contact Source": rows["contact_source"]}
    )


def _list_2(records: Records, birth: pd.Series, first: date) -> pd.DataFrame:
    start, end = "early_help_assessment_start_date", "early_help_assessment_completed_date"
    rows = open_since(records["early_help_assessments"], first, start, end)
    return _person(rows, birth).assign(
        **{
            "Assessment start date": rows[start], "Assessment completion date": rows[end],
            "Organisation completing assessment": rows["organisation"],
        }
    )  # fmt: skip


def _list_3(records: Records, birth: pd.Series, first: date) -> pd.DataFrame:
    every = records["referrals"]
    rows = _since(every, "referral_date", first)
    last = latest(every, "referral_date")
    at = every["child_id"].map(last)
    within = (every["referral_date"] < at) & (
        every["referral_date"] >= at - pd.DateOffset(months=12)
    )
    before = every[within].groupby("child_id").size()
    return _person(rows, birth).assign(
        **{
            "Date of referral": rows["referral_date"], "Referral Source": rows["referral_source"],
            "Referral NFA?": rows["referral_nfa"].map(YES_NO),
            "Number of Referrals in Last 12 Months": rows["child_id"].map(before).fillna(0),
            **_workers(rows),
        }
    )  # fmt: skip


def _list_4(records: Records, birth: pd.Series, first: date) -> pd.DataFrame:
    start, end = "assessment_start_date", "assessment_auth_date"
    rows = open_since(records["assessments"], first, start, end)
    return _person(rows, birth).assign(
        **{
            "Continuous Assessment Start Date": rows[start],
            "Child Seen During Continuous Assessment": "a) Yes",
            "Continuous Assessment Date of Authorisation": rows[end],
            "Was the child assessed as requiring LA children's social care support?": "c) Unknown",
            **_workers(rows),
        }
    )  # fmt: skip


def _list_5(records: Records, birth: pd.Series, first: date) -> pd.DataFrame:
    held = enquiries_with_conferences(records)
    held = _since(held, "s47_start_date", first)
    return _person(held, birth).assign(
        **{
            "Strategy discussion initiating Section 47 Enquiry Start Date": held["s47_start_date"],
            "Date of Initial Child Protection Conference": held["icpc_date"],
            "Did the Initial Child Protection Conference Result in a Child Protection Plan":
                held["icpc_outcome_cp_flag"].map(YES_NO),
            "Number of Section 47 Enquiries in the last 12 months": 1,
            **_workers(held),
        }
    )  # fmt: skip


def enquiries_with_conferences(records: Records) -> pd.DataFrame:
    """Return enquiries with the conference that each of them led to."""
    held = records["initial_conferences"].dropna(subset=["s47_enquiry_id"])
    first = held.drop_duplicates("s47_enquiry_id").set_index("s47_enquiry_id")
    enquiries = records["section_47_enquiries"]
    led_to = {column: enquiries["s47_enquiry_id"].map(first[column]) for column in CONFERENCE}
    return enquiries.assign(**led_to)


#: What a conference adds to the enquiry that it followed.
CONFERENCE = ("icpc_id", "icpc_date", "icpc_outcome_cp_flag")


def _list_6(records: Records, birth: pd.Series, first: date) -> pd.DataFrame:
    plans = records["cin_plans"]
    in_care = _open_children(records["children_in_care"], "care_end_date")
    protected = _open_children(records["cp_plans"], "cp_plan_end_date")
    rows = open_since(plans, first, "cin_plan_start_date", "cin_plan_end_date")
    rows = rows.sort_values("cin_plan_end_date", na_position="last").drop_duplicates(
        "child_id", keep="last"
    )
    status = pd.Series("c) Child in need plan", index=rows.index)
    status = status.mask(rows["child_id"].isin(protected), "b) Child Protection plan")
    status = status.mask(rows["child_id"].isin(in_care), "a) Looked after child")
    status = status.mask(rows["cin_plan_end_date"].notna(), "e) Closed episode")
    assessed = records["assessments"]
    assessed = assessed[assessed["assessment_auth_date"].isna()]
    assessed = assessed[~assessed["child_id"].isin(rows["child_id"])].drop_duplicates("child_id")
    cases = pd.concat(
        [
            rows.assign(status=status, start=rows["cin_plan_start_date"]),
            assessed.assign(status="d) Open assessment", start=assessed["assessment_start_date"]),
        ],
        ignore_index=True,
    )
    return _person(cases, birth).assign(
        **{
            "CIN Start Date": cases["start"], "Primary Need Code": "N1 - Abuse or neglect",
            "CIN Closure Date": cases["cin_plan_end_date"], "Case Status": cases["status"],
            **_workers(cases),
        }
    )  # fmt: skip


def _open_children(frame: pd.DataFrame, end: str) -> set[str]:
    return set(frame.loc[frame[end].isna(), "child_id"])


def _list_7(records: Records, birth: pd.Series, first: date) -> pd.DataFrame:
    plans = records["cp_plans"]
    rows = open_since(plans, first, "cp_plan_start_date", "cp_plan_end_date")
    rows = rows[~rows["cp_plan_ola"].astype(bool)]
    visits = records["visits"]
    seen = latest(visits[visits["child_seen"].ne(False)], "visit_date")
    reviewed = latest(records["review_conferences"], "cp_review_date")
    earlier = earlier_plans(plans, rows)
    counted = rows["number_of_previous_cp_plans"].fillna(earlier)
    return _person(rows, birth).assign(
        **{
            "Child Protection Plan Start Date": rows["cp_plan_start_date"],
            "Initial Category of Abuse": rows["cp_plan_latest_category"].map(CATEGORY),
            "Latest Category of Abuse": rows["cp_plan_latest_category"].map(CATEGORY),
            "Date of the Last Statutory Visit": rows["child_id"].map(seen),
            "Was the Child Seen Alone?": "a) Yes",
            "Date of latest review conference": rows["child_id"].map(reviewed),
            "Child Protection Plan End Date": rows["cp_plan_end_date"],
            "Number of Previous Child Protection Plans": counted,
            **_workers(rows),
        }
    )  # fmt: skip


def earlier_plans(plans: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Return how many plans each child had before each of some plans."""
    pairs = rows.reset_index()[["index", "child_id", "cp_plan_start_date"]].merge(
        plans[["child_id", "cp_plan_start_date"]], on="child_id", suffixes=("", "_of_other")
    )
    before = pairs[pairs["cp_plan_start_date_of_other"] < pairs["cp_plan_start_date"]]
    return before.groupby("index").size().reindex(rows.index).fillna(0)


def _list_8(records: Records, birth: pd.Series, first: date, day: date) -> pd.DataFrame:
    care = records["children_in_care"]
    rows = open_since(care, first, "care_start_date", "care_end_date")
    placements = records["placements"].sort_values("placement_start_date", kind="stable")
    current = placements.drop_duplicates("child_id", keep="last").set_index("child_id")
    visits = records["visits"]
    seen = latest(visits[visits["child_seen"].ne(False)], "visit_date")
    child = rows["child_id"]
    return _person(rows, birth).assign(
        **{
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)":
                rows["uasc"].map(YES_NO),
            "Date Started to be Looked After": rows["care_start_date"],
            "Child's Legal Status": rows["legal_status"],
            "Date of Latest Statutory Review":
                child.map(latest(records["care_reviews"], "cla_review_date")),
            "Date of Last Social Work Visit": child.map(seen),
            "Date of Last Health Assessment":
                child.map(latest(records["health_assessments"], "health_assessment_date")),
            "Number of Placements in the Last 12 months":
                child.map(_placements_in_year(placements, day)).fillna(0),
            "Date Ceased to be Looked After": rows["care_end_date"],
            "Reason Ceased to be Looked After": rows["care_end_reason"],
            "Start Date of Most Recent Placement": child.map(current["placement_start_date"]),
            "Placement Type": child.map(current["placement_type"]),
            "Placement Provider": child.map(current["placement_provider"]),
            **_workers(rows),
        }
    )  # fmt: skip


def _placements_in_year(placements: pd.DataFrame, day: date) -> pd.Series:
    """Count each child's placements of the last twelve months, of a day and more."""
    start, end = placements["placement_start_date"], placements["placement_end_date"]
    since = pd.Timestamp(day) - pd.DateOffset(months=12)
    counts = (end.isna() | (end > since)) & (end.isna() | ((end - start).dt.days >= 1))
    counts &= ~placements["placement_type"].isin(TEMPORARY)
    return placements[counts].groupby("child_id").size()


def _list_9(records: Records, birth: pd.Series) -> pd.DataFrame:
    leavers = records["care_leavers"]
    rows = leavers[leavers["care_leaver_end_date"].isna()]
    plans = latest(records["pathway_plans"], "pathway_plan_date")
    # Those still in care, who have a pathway plan too, are eligible children.
    care = records["children_in_care"]
    care = care[care["care_end_date"].isna() & care["child_id"].isin(plans.index)]
    care = care[~care["child_id"].isin(rows["child_id"])].assign(eligibility="ELIGIBLE")
    every = pd.concat([rows, care], ignore_index=True)
    return _person(every, birth).assign(
        **{
            "Eligibility Category":
                every["eligibility"].map({**ELIGIBILITY, "ELIGIBLE": "d) Eligible child"}),
            "Latest Pathway Plan Review Date": every["child_id"].map(plans),
            "LA in Touch": every["in_touch"].map(IN_TOUCH),
            "Type of Accommodation": every["accommodation"],
            "Suitability of Accommodation": every["accommodation_suitable"].map(SUITABLE),
            "Activity Status": every["activity"],
            **_workers(every),
        }
    )  # fmt: skip


def _list_10(records: Records, birth: pd.Series) -> pd.DataFrame:
    rows = records["permanence"]
    return _person(rows, birth).assign(
        **{
            "Date of Decision that Child Should be Placed for Adoption":
                rows["adoption_decision_date"],
            "Date of Placement Order": rows["placement_order_date"],
            "Date of Matching Child and Prospective Adopters": rows["matched_date"],
            "Date Placed for Adoption": rows["placed_for_adoption_date"],
            "Date of Adoption Order": rows["permanence_order_date"],
            "Date of Decision that Child Should No Longer be Placed for Adoption":
                rows["decision_reversed_date"],
        }
    )  # fmt: skip

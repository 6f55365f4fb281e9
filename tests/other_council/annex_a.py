"""The invented council's Annex A: its lists in one workbook, of six months, codes in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from tests.other_council.calendar import ages_at, months_before
from tests.other_council.lists import Listing, Lists, Manner, Reach, Sheet, known_on, open_since

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.other_council.children import Council

YES, NO = "a) Yes", "b) No"
LEGAL_STATUS = {
    "C1": "C1: ICO", "C2": "C2: FCO", "E1": "E1: Placement order", "L2": "L2: EPO",
    "V2": "V2: Single period under S20", "V4": "V4: Short term breaks, agreements recorded",
}  # fmt: skip
ACCOMMODATION = {
    "U": "U: Independent living", "T": "T: Foyers and similar supported accommodation",
    "Z": "Z: With former foster carers", "B": "B: Parents/relatives", "X": "X: In custody",
    "D": "D: Semi-independent, transitional accommodation and self-contained accommodation",
    "E": "E: Supported lodgings", "R": "R: Residence not known", "Y": "Y: Other accommodation",
    "K": "K: Ordinary lodgings, without formal support",
}  # fmt: skip
IN_TOUCH = {"YES": YES, "NO": NO, "REFU": "d) Refu", "NREQ": "e) NREQ", "RHOM": "f) Rhom"}
POLICE_POWERS = (
    "Subject to Emergency Protection Order or Protected Under Police Powers"
    " in Last Six Months (Y/N)"
)
TO_A_PLAN = "Did the Initial Child Protection Conference Result in a Child Protection Plan"
SECOND_PERIOD = (
    "Is this a second or subsequent period of being a Looked After Child"
    " within the last 12 months (Y/N)"
)
UASC = "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)"
OFFERED_INTERVIEW = (
    "Was the child offered a Return Interview after their last missing episode (Y/N)?"
)
ACCEPTED_INTERVIEW = (
    "Did the child accept a Return Interview after their last missing episode (Y/N)?"
)
TIMES_MISSING = (
    "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months"
)
TIMES_ABSENT = (
    "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months"
)
FORMERLY_UASC = "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)"


def _latest(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the latest record of each child."""
    held = rows[rows[column].notna()].sort_values(column, kind="stable")
    return held.drop_duplicates("child_id", keep="last")


@dataclass(frozen=True)
class AnnexA:
    """Ofsted's lists, run on a day."""

    name: str = "annex_a"

    def begin(self, council: Council, day: date) -> Lists:
        """Return what the lists hold: six months, and of what recurs the latest only."""
        known = known_on(council, day)
        first = months_before(day, 6)
        at = pd.Timestamp(first)
        lists: Lists = {}

        def give(name: str, rows: pd.DataFrame, reach: Reach) -> None:
            lists[name] = Listing(rows, rows, reach)

        def reach_of(*missing: str) -> Reach:
            return Reach(first, day, first, missing=frozenset(missing))

        give(
            "contacts",
            open_since("contacts", known["contacts"], first),
            reach_of("contact_outcome"),
        )
        name = "early_help_assessments"
        give(name, open_since(name, known[name], first), reach_of())
        give(
            "referrals",
            open_since("referrals", known["referrals"], first),
            reach_of("cse_factor", "mash_completed_date", "referral_close_date"),
        )
        give(
            "assessments",
            open_since("assessments", known["assessments"], first),
            reach_of("assessment_nfa"),
        )
        enquiries = known["section_47_enquiries"]
        enquiries = enquiries[enquiries["s47_start_date"] >= at]
        give("section_47_enquiries", enquiries, reach_of("s47_end_date", "s47_nfa", "s47_icpc"))
        conferences = known["initial_conferences"]
        conferences = conferences[conferences["icpc_id"].isin(enquiries["icpc_id"])]
        since = months_before(day, 4)  # those of the fifth may follow enquiries that are not listed
        give(
            "initial_conferences",
            conferences,
            Reach(since, day, since, missing=frozenset({"icpc_transfer_in", "icpc_temporary"})),
        )
        plans = open_since("cp_plans", known["cp_plans"], first)
        plans = plans[~plans["cp_plan_ola"].astype(bool)]
        give("cp_plans", plans, reach_of())
        care = open_since("children_in_care", known["children_in_care"], first)
        give("children_in_care", care, reach_of("permanence_plan_date"))
        need = known["cin_plans"]
        need = need[need["cin_plan_end_date"].isna()]
        give("cin_plans", need, Reach(NO_DAY, day, day))
        leavers = known["care_leavers"]
        leavers = leavers[leavers["care_leaver_end_date"].isna()]
        give("care_leavers", leavers, Reach(NO_DAY, day, day))
        self._recurring(lists, known, first, day)
        return lists

    @staticmethod
    def _recurring(lists: Lists, known: dict[str, pd.DataFrame], first: date, day: date) -> None:
        """Add what the lists hold the latest of."""
        on_plan, in_care = (
            lists["cp_plans"].rows["child_id"],
            lists["children_in_care"].rows["child_id"],
        )
        # The latest statutory visit is one at which the child was seen.
        visits = known["visits"]
        visits = visits[visits["child_seen"].astype(bool)]
        protection = visits[visits["child_id"].isin(on_plan)]
        protection = _latest(
            protection[protection["visit_type"] == "Child protection"], "visit_date"
        )
        care = visits[visits["child_id"].isin(in_care)]
        care = _latest(care[care["visit_type"] == "Child in care"], "visit_date")
        reach = Reach(first, day, first, latest_only=True)

        def give(name: str, rows: pd.DataFrame, children: pd.Series, *missing: str) -> None:
            limited = Reach(
                reach.first, day, reach.snapshots, frozenset(children), True, False,
                frozenset(missing),
            )  # fmt: skip
            lists[name] = Listing(rows, rows, limited)

        give("visits", pd.concat([protection, care]), pd.concat([on_plan, in_care]))
        reviews = known["review_conferences"]
        reviews = reviews[reviews["child_id"].isin(on_plan)]
        give("review_conferences", _latest(reviews, "cp_review_date"), on_plan)
        placements = known["placements"]
        placements = placements[placements["child_id"].isin(in_care)]
        placements = placements.sort_values(["placement_start_date", "placement_end_date"])
        placements = placements.drop_duplicates("child_id", keep="last")
        give("placements", placements, in_care, "placement_distance")
        health = known["health_assessments"]
        health = _latest(health[health["child_id"].isin(in_care)], "health_assessment_date")
        give("health_assessments", health, in_care, "health_assessment_type")
        held = known["care_reviews"]
        held = _latest(held[held["child_id"].isin(in_care)], "cla_review_date")
        give(
            "care_reviews", held, in_care,
            "cla_review_due_date", "cla_review_participation", "visits_in_time",
        )  # fmt: skip
        entitled = pd.concat(
            [_entitled(lists["children_in_care"].rows, day), lists["care_leavers"].rows["child_id"]]
        )
        pathways = known["pathway_plans"]
        pathways = _latest(pathways[pathways["child_id"].isin(entitled)], "pathway_plan_date")
        give("pathway_plans", pathways, entitled)

    def sheets(self, council: Council, lists: Lists, day: date, manner: Manner) -> list[Sheet]:
        """Return the lists as sheets of one workbook."""
        made = []
        for number, (name, make) in enumerate(LISTS.items(), start=1):
            source = lists[name]
            table = make(council, lists, day)
            if name in manner.end_heading:
                table = table.rename(columns={END_HEADINGS[name]: manner.end_heading[name]})
            some = None
            if name in manner.american_in_some_rows:
                some = pd.Series(range(len(table)), index=table.index) % 2 == 0
            made.append(
                Sheet(
                    name=f"List {number}",
                    table=table,
                    workbook="Annex A",
                    date_format="%m/%d/%Y" if name in manner.american else "%d/%m/%Y",
                    american_rows=some,
                    run_on=min(day, source.reach.last),
                )
            )
        return made


NO_DAY = date(2999, 1, 1)
END_HEADINGS = {
    "cp_plans": "Child Protection Plan End Date",
    "children_in_care": "Date Ceased to be Looked After",
}


def _entitled(care: pd.DataFrame, day: date) -> pd.Series:
    """Return who is in care, sixteen or over, and has been for thirteen weeks."""
    there = care[care["care_end_date"].isna()]
    old = (ages_at(there["date_of_birth"], day) >= 16).fillna(False).astype(bool)
    long = there["care_start_date"] <= pd.Timestamp(day) - pd.Timedelta(days=91)
    return there.loc[old & long, "child_id"]


def _person(
    council: Council, rows: pd.DataFrame, day: date, disability: bool = False
) -> pd.DataFrame:
    """Return the columns about the child that begin every list."""
    children = [council.children[child] for child in rows["child_id"]]
    born = pd.Series(pd.to_datetime([child.born for child in children]), index=rows.index)
    table = pd.DataFrame(
        {
            "Child Unique ID": rows["child_id"],
            "Gender": ["a) Male" if child.sex == "M" else "b) Female" for child in children],
            "Ethnicity": [child.ethnicity for child in children],
            "Date of Birth": born,
            "Age of Child (Years)": ages_at(born, day).clip(lower=0),
        },
        index=rows.index,
    )
    if disability:
        table["Does the Child have a Disability"] = [YES if c.disabled else NO for c in children]
    return table


def _given(listing: Listing) -> pd.DataFrame:
    """Return a list's rows with the cells that stand in place of what can be read."""
    return listing.rows.assign(**listing.texts)


def _worded(column: pd.Series) -> pd.Series:
    """Return flags in Annex A's words; texts stay as they are."""
    return column.map(lambda value: {True: YES, False: NO}.get(value, value)).astype("object")


def _cells(columns: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a list by their headings."""
    return columns


def _of_child(children: pd.Series, rows: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of the latest records, in the order of the children."""
    found = children.map(
        rows.drop_duplicates("child_id", keep="last").set_index("child_id")[column]
    )
    found.index = children.index
    return found


def _contacts(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    rows = _given(lists["contacts"])
    return _person(council, rows, day).assign(
        **_cells({"Date of Contact": rows["contact_date"], "Contact Source": "q) 6: Police"})
    )


def _early_help(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    rows = _given(lists["early_help_assessments"])
    table = _person(council, rows, day)
    table["Date of Birth"] = rows["date_of_birth"]
    return table.assign(
        **_cells(
            {
                "Assessment start date": rows["early_help_assessment_start_date"],
                "Assessment completion date": rows["early_help_assessment_completed_date"],
                "Organisation completing assessment": rows["organisation"],
            }
        )
    )


def _referrals(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    rows = _given(lists["referrals"])
    return _person(council, rows, day).assign(
        **_cells(
            {
                "Date of referral": rows["referral_date"],
                "Referral Source": "e) 2A: Schools",
                "Referral NFA?": _worded(rows["referral_nfa"]),
                "Number of Referrals in Last 12 Months": "",
                "Allocated Team": rows["team"],
                "Allocated Worker": "W100",
            }
        )
    )


def _assessments(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    rows = _given(lists["assessments"])
    return _person(council, rows, day, disability=True).assign(
        **_cells(
            {
                "Continuous Assessment Start Date": rows["assessment_start_date"],
                "Child Seen During Continuous Assessment": YES,
                "Continuous Assessment Date of Authorisation": rows["assessment_auth_date"],
                "Was the child assessed as requiring LA children's social care support?": _worded(
                    ~rows["assessment_nfa"]
                ),
                "Allocated Team": rows["team"],
                "Allocated Worker": "W100",
            }
        )
    )


def _enquiries(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    rows = _given(lists["section_47_enquiries"])
    held = lists["initial_conferences"].rows.set_index("icpc_id")
    conference = rows["icpc_id"]
    return _person(council, rows, day, disability=True).assign(
        **_cells(
            {
                "Strategy discussion initiating Section 47 Enquiry Start Date": rows[
                    "s47_start_date"
                ],
                "Was an Initial Child Protection Conference deemed unnecessary?": [
                    YES if pd.isna(value) else NO for value in conference
                ],
                "Date of Initial Child Protection Conference": conference.map(held["icpc_date"]),
                TO_A_PLAN: _worded(conference.map(held["icpc_outcome_cp_flag"])),
                "Number of Section 47 Enquiries in the last 12 months": 1,
                "Number of ICPCs in the last 12 months": 1,
                "Allocated Team": rows["team"],
                "Allocated Worker": "W100",
            }
        )
    )


def _need(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    rows = _given(lists["cin_plans"])
    return _person(council, rows, day, disability=True).assign(
        **_cells(
            {
                "CIN Start Date": rows["cin_plan_start_date"],
                "Primary Need Code": "N1 - Abuse or neglect",
                "Date Child Was Last Seen": pd.NaT,
                "CIN Closure Date": pd.NaT,
                "Reason for Closure": "",
                "Case Status": "c) Child in need plan",
                "Allocated Team": rows["team"],
                "Allocated Worker": "W100",
            }
        )
    )


def _protection(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    rows = _given(lists["cp_plans"])
    child = rows["child_id"]
    visits = lists["visits"].rows
    visits = visits[visits["visit_type"] == "Child protection"]
    return _person(council, rows, day, disability=True).assign(
        **_cells(
            {
                "Child Protection Plan Start Date": rows["cp_plan_start_date"],
                "Initial Category of Abuse": rows["cp_plan_latest_category"],
                "Latest Category of Abuse": rows["cp_plan_latest_category"],
                "Date of the Last Statutory Visit": _of_child(child, visits, "visit_date"),
                "Was the Child Seen Alone?": YES,
                "Date of latest review conference": _of_child(
                    child, lists["review_conferences"].rows, "cp_review_date"
                ),
                "Child Protection Plan End Date": rows["cp_plan_end_date"],
                POLICE_POWERS: NO,
                "Number of Previous Child Protection Plans": rows["number_of_previous_cp_plans"],
                "Allocated Team": rows["team"],
                "Allocated Worker": "W100",
            }
        )
    )


def _care(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    rows = _given(lists["children_in_care"])
    child = rows["child_id"]
    visits = lists["visits"].rows
    visits = visits[visits["visit_type"] == "Child in care"]
    placements = _given(lists["placements"])
    return _person(council, rows, day).assign(
        **_cells(
            {
                UASC: _worded(rows["uasc"]),
                "Does the Child have a Disability": NO,
                "Date Started to be Looked After": rows["care_start_date"],
                "Child's Category of Need": "N1 - Abuse or neglect",
                SECOND_PERIOD: NO,
                "Start date of current legal status": rows["care_start_date"],
                "Child's Legal Status": rows["legal_status"].map(
                    lambda code: LEGAL_STATUS.get(code, code)
                ),
                "Date of Latest Statutory Review": _of_child(
                    child, lists["care_reviews"].rows, "cla_review_date"
                ),
                "Date of Last Social Work Visit": _of_child(child, visits, "visit_date"),
                "What is the permanence plan for this child?": "f) Long-term fostering",
                "Date of Last IRO Visit / Contact to the Child": pd.NaT,
                "Date of Last Health Assessment": _of_child(
                    child, lists["health_assessments"].rows, "health_assessment_date"
                ),
                "Date of Last Dental Check": pd.NaT,
                "Number of Placements in the Last 12 months": "",
                "Date Ceased to be Looked After": rows["care_end_date"],
                "Reason Ceased to be Looked After": rows["care_end_reason"],
                "Start Date of Most Recent Placement": _of_child(
                    child, placements, "placement_start_date"
                ),
                "Placement Type": _of_child(child, placements, "placement_type"),
                "Placement Provider": _of_child(child, placements, "placement_provider"),
                "Placement postcode": "",
                "URN of Placement": "",
                "Placement Location": "a) In",
                "LA of Placement": "NIR",
                TIMES_MISSING: 0,
                TIMES_ABSENT: 0,
                OFFERED_INTERVIEW: "",
                ACCEPTED_INTERVIEW: "",
                "Allocated Team": rows["team"],
                "Allocated Worker": "W100",
            }
        )
    )


def _leavers(council: Council, lists: Lists, day: date) -> pd.DataFrame:
    leavers = _given(lists["care_leavers"])
    care = lists["children_in_care"].rows
    eligible = care[care["child_id"].isin(_entitled(care, day)) & care["care_end_date"].isna()]
    rows = pd.concat([leavers, eligible[["child_id", "team"]]], ignore_index=True)
    table = _person(council, rows, day)
    return table.assign(
        **_cells({
            FORMERLY_UASC: "False",
            "Does the Child have a Disability": NO,
            "Allocated Team": rows["team"],
            "Allocated Worker": "W100",
            "Allocated Personal Advisor": "W200",
            "Eligibility Category": rows["eligibility"].fillna("Eligible child"),
            "Latest Pathway Plan Review Date": _of_child(
                rows["child_id"], lists["pathway_plans"].rows, "pathway_plan_date"
            ),
            "LA in Touch": rows["in_touch"].map(IN_TOUCH),
            "Latest Date of Contact": pd.NaT,
            "Type of Accommodation": rows["accommodation"].map(ACCOMMODATION),
            "Suitability of Accommodation": rows["accommodation_suitable"].map(
                {"1": "a) Suitable", "2": "b) Unsuitable"}
            ),
            "Activity Status": rows["activity"],
        })
    )  # fmt: skip


LISTS: dict[str, Callable[[Council, Lists, date], pd.DataFrame]] = {
    "contacts": _contacts,
    "early_help_assessments": _early_help,
    "referrals": _referrals,
    "assessments": _assessments,
    "section_47_enquiries": _enquiries,
    "cin_plans": _need,
    "cp_plans": _protection,
    "children_in_care": _care,
    "care_leavers": _leavers,
}

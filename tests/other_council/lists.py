"""What was known of the council on the day of the delivery, and plain lists of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.other_council.children import Council

NEVER = date(2999, 1, 1)


@dataclass(frozen=True)
class Reach:
    """Of which days and children a list tells everything.

    `first` and `last` bound the days of which every event is in it; from `snapshots` on, every
    record open at the end of a day is in it. `children`, if given, are the only ones in it.
    `latest_only` lists have one record a child. `degraded` lists may rightly be distrusted where
    they happen to be complete. Columns in `missing` are not in the list.
    """

    first: date
    last: date
    snapshots: date
    children: frozenset[str] | None = None
    latest_only: bool = False
    degraded: bool = False
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Listing:
    """A list: its rows, all the rows it should have, and how far it reaches.

    In `rows` what cannot be read is missing; `texts` are the cells that stand there instead.
    """

    rows: pd.DataFrame
    complete: pd.DataFrame
    reach: Reach
    texts: Mapping[str, pd.Series] = field(default_factory=dict)

    def only(self, kept: pd.Series, **reach: object) -> Listing:
        """Return the list with some of its rows, and another reach."""
        changed = replace(self.reach, **reach)  # type: ignore[arg-type]
        return replace(self, rows=self.rows[kept.fillna(False).astype(bool)], reach=changed)


Lists = dict[str, Listing]


@dataclass(frozen=True)
class Sheet:
    """One sheet to be written: a CSV file, or a sheet of a workbook where `workbook` names one."""

    name: str
    table: pd.DataFrame
    workbook: str | None = None
    date_format: str = "%d/%m/%Y"
    american_rows: pd.Series | None = None
    run_on: date | None = None


@dataclass(frozen=True)
class Manner:
    """How lists are written: some with American days, some with a heading that nobody knows."""

    american: frozenset[str] = frozenset()
    american_in_some_rows: frozenset[str] = frozenset()
    end_heading: Mapping[str, str] = field(default_factory=dict)


class Form(Protocol):
    """A way to hand over the council's lists."""

    @property
    def name(self) -> str:
        """The name of the form."""

    def begin(self, council: Council, day: date) -> Lists:
        """Return what the lists hold when they are run on a day."""

    def sheets(self, council: Council, lists: Lists, day: date, manner: Manner) -> list[Sheet]:
        """Return the sheets to write."""


# The day that makes a record known, and the days and particulars that come later.
FIRST_DAY = {
    "contacts": "contact_date",
    "early_help_referrals": "early_help_referral_date",
    "early_help_assessments": "early_help_assessment_start_date",
    "early_help_episodes": "early_help_start_date",
    "early_help_plans": "early_help_plan_start_date",
    "referrals": "referral_date",
    "assessments": "assessment_start_date",
    "strategy_discussions": "strategy_discussion_date",
    "section_47_enquiries": "s47_start_date",
    "initial_conferences": "icpc_date",
    "review_conferences": "cp_review_date",
    "core_groups": "core_group_date",
    "cp_plans": "cp_plan_start_date",
    "cin_plans": "cin_plan_start_date",
    "visits": "visit_date",
    "supervisions": "supervision_date",
    "children_in_care": "care_start_date",
    "legal_statuses": "status_start_date",
    "placements": "placement_start_date",
    "care_reviews": "cla_review_due_date",
    "care_plans": "care_plan_date",
    "pathway_plans": "pathway_plan_date",
    "personal_education_plans": "pep_date",
    "health_assessments": "health_assessment_date",
    "social_worker_allocations": "allocation_start_date",
    "care_leavers": "care_leaver_start_date",
    "foster_carers": "approval_start_date",
    "missing_episodes": "missing_episode_start_date",
    "permanence": "adoption_decision_date",
}
LATER_DAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "early_help_assessments": {"early_help_assessment_completed_date": ()},
    "early_help_episodes": {"early_help_end_date": ("early_help_end_reason",)},
    "early_help_plans": {"early_help_plan_end_date": ()},
    "referrals": {"mash_completed_date": (), "referral_close_date": ()},
    "assessments": {"assessment_auth_date": ("assessment_nfa",)},
    "section_47_enquiries": {"s47_end_date": ("s47_nfa", "s47_icpc")},
    "cp_plans": {"cp_plan_end_date": ()},
    "cin_plans": {"cin_plan_end_date": ()},
    "children_in_care": {"care_end_date": ("care_end_reason",), "permanence_plan_date": ()},
    "legal_statuses": {"status_end_date": ()},
    "placements": {"placement_end_date": ()},
    "care_reviews": {"cla_review_date": ("cla_review_participation", "visits_in_time")},
    "social_worker_allocations": {"allocation_end_date": ()},
    "care_leavers": {"care_leaver_end_date": ()},
    "foster_carers": {"approval_end_date": ()},
    "missing_episodes": {"missing_episode_end_date": ()},
    "permanence": {
        "placement_order_date": (),
        "matched_date": (),
        "placed_for_adoption_date": (),
        "permanence_order_date": (),
    },
}
SPELL_ENDS = {
    "early_help_assessments": "early_help_assessment_completed_date",
    "early_help_episodes": "early_help_end_date",
    "early_help_plans": "early_help_plan_end_date",
    "assessments": "assessment_auth_date",
    "section_47_enquiries": "s47_end_date",
    "cp_plans": "cp_plan_end_date",
    "cin_plans": "cin_plan_end_date",
    "children_in_care": "care_end_date",
    "legal_statuses": "status_end_date",
    "placements": "placement_end_date",
    "social_worker_allocations": "allocation_end_date",
    "care_leavers": "care_leaver_end_date",
    "foster_carers": "approval_end_date",
    "missing_episodes": "missing_episode_end_date",
}


def known_on(council: Council, day: date) -> dict[str, pd.DataFrame]:
    """Return the records as the case system had them at the end of a day."""
    at = pd.Timestamp(day)
    known = {}
    for name, table in council.tables.items():
        rows = table[table[FIRST_DAY[name]] <= at].copy()
        for column, particulars in LATER_DAYS.get(name, {}).items():
            future = rows[column] > at
            for changed in (column, *particulars):
                rows[changed] = rows[changed].mask(future)
        if name == "children_in_care":
            rows["legal_status"] = _status_on(rows, council.tables["legal_statuses"], at)
            rows["start_is_sure"] = pd.Series(True, index=rows.index, dtype="boolean")
        if name == "placements":
            rows["start_is_sure"] = pd.Series(True, index=rows.index, dtype="boolean")
        known[name] = rows
    return known


def _status_on(periods: pd.DataFrame, statuses: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    """Return the legal status of each period on a day, or its last one."""
    begun = statuses[statuses["status_start_date"] <= at].sort_values("status_start_date")
    joined = periods.reset_index().merge(begun, on="child_id", suffixes=("_period", ""))
    until = joined["care_end_date"].fillna(at + pd.Timedelta(days=1))
    within = (joined["status_start_date"] >= joined["care_start_date"]) & (
        joined["status_start_date"] < until
    )
    last = joined[within].groupby("index")["legal_status"].last()
    return last.reindex(periods.index).astype("string")


def open_since(name: str, rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the records that happened, or were still open, on a day or after it."""
    column = SPELL_ENDS.get(name)
    at = pd.Timestamp(day)
    if column is None:
        return rows[rows[FIRST_DAY[name]] >= at]
    return rows[rows[column].isna() | (rows[column] >= at) | (rows[FIRST_DAY[name]] >= at)]


HEADINGS: dict[str, dict[str, str]] = {
    "contacts": {
        "contact_id": "Contact Reference", "child_id": "Person ID",
        "contact_date": "Contact Received", "contact_source": "Source of Contact",
        "team": "Contact Team",
    },
    "early_help_referrals": {
        "early_help_referral_id": "EH Referral ID", "child_id": "Person ID",
        "early_help_referral_date": "Date of EH Referral", "team": "Early Help Team",
    },
    "early_help_assessments": {
        "early_help_assessment_id": "EHA ID", "child_id": "Person ID",
        "early_help_assessment_start_date": "EHA Started",
        "early_help_assessment_completed_date": "EHA Completed", "date_of_birth": "DOB",
        "organisation": "Lead Organisation", "team": "Early Help Team",
    },
    "early_help_episodes": {
        "early_help_episode_id": "EH Episode ID", "child_id": "Person ID",
        "early_help_start_date": "EH Episode Start", "early_help_end_date": "EH Episode End",
        "early_help_end_reason": "EH End Reason", "team": "Early Help Team",
    },
    "early_help_plans": {
        "early_help_plan_id": "EHP ID", "child_id": "Person ID",
        "early_help_plan_start_date": "EHP Opened", "early_help_plan_end_date": "EHP Closed",
        "team": "Early Help Team",
    },
    "referrals": {
        "referral_id": "Referral Reference", "child_id": "Person ID",
        "referral_date": "Referral Received Date", "referral_source": "Source of Referral",
        "referral_nfa": "NFA", "mash_completed_date": "MASH Completed",
        "referral_close_date": "Referral Closed Date", "date_of_birth": "DOB",
        "cse_factor": "CSE", "team": "Referral Team",
    },
    "assessments": {
        "assessment_id": "C&F Assessment ID", "child_id": "Person ID",
        "assessment_start_date": "C&F Assessment Start", "assessment_auth_date": "C&F Authorised",
        "assessment_referral_date": "Referral Date", "assessment_nfa": "Assessment NFA",
        "team": "Assessment Team",
    },
    "strategy_discussions": {
        "strategy_discussion_id": "Strategy ID", "child_id": "Person ID",
        "strategy_discussion_date": "Strategy Meeting Date",
        "strategy_discussion_status": "Strategy Status", "team": "Team",
    },
    "section_47_enquiries": {
        "s47_enquiry_id": "S47 Enquiry ID", "child_id": "Person ID",
        "s47_start_date": "Section 47 Start Date", "s47_end_date": "Section 47 End Date",
        "s47_nfa": "S47 Ended NFA", "s47_icpc": "S47 Led to ICPC", "team": "Team",
    },
    "initial_conferences": {
        "icpc_id": "ICPC ID", "child_id": "Person ID", "icpc_date": "Date of ICPC",
        "icpc_strategy_discussion_date": "Strategy Discussion Date",
        "icpc_transfer_in": "Transfer-in Conference", "icpc_temporary": "Temporary Registration",
        "icpc_outcome_cp_flag": "Resulted in CP Plan", "team": "Team",
    },
    "review_conferences": {
        "cp_review_id": "RCPC ID", "child_id": "Person ID", "cp_review_date": "Date of RCPC",
        "cp_review_due": "RCPC Due Date", "team": "Team",
    },
    "core_groups": {"child_id": "Person ID", "core_group_date": "Core Group Held", "team": "Team"},
    "cp_plans": {
        "cp_plan_id": "CP Plan ID", "child_id": "Person ID",
        "cp_plan_start_date": "CP Plan Started",
        "cp_plan_end_date": "CP Plan Ended", "cp_plan_latest_category": "Category of Abuse",
        "number_of_previous_cp_plans": "Previous CP Plans", "cp_plan_ola": "Other LA Plan",
        "team": "Team",
    },
    "cin_plans": {
        "cin_plan_id": "CIN Plan ID", "child_id": "Person ID",
        "cin_plan_start_date": "CIN Plan Started", "cin_plan_end_date": "CIN Plan Ended",
        "disability_team": "CWD Team", "team": "Team",
    },
    "visits": {
        "child_id": "Person ID", "visit_date": "Date Visited", "visit_type": "Type of Visit",
        "child_seen": "Seen", "team": "Team",
    },
    "supervisions": {
        "child_id": "Person ID", "supervision_date": "Date of Supervision", "team": "Team",
    },
    "children_in_care": {
        "care_period_id": "CLA ID", "child_id": "Person ID", "care_start_date": "Started Care",
        "care_end_date": "Ceased Care", "care_end_reason": "Reason Ceased", "date_of_birth": "DOB",
        "permanence_plan_date": "Date of Permanence Plan", "legal_status": "Legal Status",
        "uasc": "UASC", "team": "Team",
    },
    "placements": {
        "child_id": "Person ID", "placement_start_date": "Placement Started",
        "placement_end_date": "Placement Ended", "placement_type": "Type of Placement",
        "placement_provider": "Provider", "placement_distance": "Distance (miles)",
    },
    "care_reviews": {
        "child_id": "Person ID", "cla_review_due_date": "Review Due",
        "cla_review_date": "Review Held", "cla_review_participation": "Participation",
        "visits_in_time": "Visits in Time", "team": "Team",
    },
    "care_plans": {"child_id": "Person ID", "care_plan_date": "Date of Care Plan", "team": "Team"},
    "pathway_plans": {
        "child_id": "Person ID", "pathway_plan_date": "Pathway Plan Authorised", "team": "Team",
    },
    "personal_education_plans": {"child_id": "Person ID", "pep_date": "Date of PEP"},
    "health_assessments": {
        "child_id": "Person ID", "health_assessment_date": "Date of Health Assessment",
        "health_assessment_type": "IHA or RHA",
    },
    "social_worker_allocations": {
        "child_id": "Person ID", "worker_id": "Worker ID",
        "allocation_start_date": "Allocated From", "allocation_end_date": "Allocated To",
        "team": "Team",
    },
    "care_leavers": {
        "care_leaver_id": "Care Leaver ID", "child_id": "Person ID",
        "care_leaver_start_date": "Leaving Care Service Start",
        "care_leaver_end_date": "Leaving Care Service End", "date_of_birth": "DOB",
        "in_touch": "In Touch", "accommodation": "Accommodation",
        "accommodation_suitable": "Accommodation Suitable", "activity": "Activity",
        "eligibility": "Eligibility", "team": "Team",
    },
    "foster_carers": {
        "carer_id": "Carer ID", "approval_start_date": "Date Approved",
        "approval_end_date": "Date Approval Ended",
    },
    "missing_episodes": {
        "child_id": "Person ID", "missing_episode_start_date": "Date Went Missing",
        "missing_episode_end_date": "Date Returned", "missing_episode_type": "Missing or Absent",
    },
    "permanence": {
        "child_id": "Person ID", "adoption_decision_date": "ADM Decision Date",
        "placement_order_date": "Placement Order Date", "matched_date": "Date Matched",
        "placed_for_adoption_date": "Date Placed for Adoption",
        "permanence_order_date": "Adoption Order Date",
    },
}  # fmt: skip
AS_WORKBOOKS = {
    "cp_plans",
    "cin_plans",
    "assessments",
    "care_reviews",
    "care_leavers",
    "placements",
}


@dataclass(frozen=True)
class PlainLists:
    """Lists of the case system's own making: one a dataset, for thirty months."""

    name: str = "lists"

    def begin(self, council: Council, day: date) -> Lists:
        """Return all lists, of what happened or was open in the history."""
        first = council.history_start
        known = known_on(council, day)
        in_care = open_since("children_in_care", known["children_in_care"], first)["child_id"]
        lists = {}
        for name in HEADINGS:
            rows = known[name]
            if name in {"placements", "social_worker_allocations"}:
                rows = rows[rows["child_id"].isin(in_care)]
            elif name != "permanence":
                rows = open_since(name, rows, first)
            lists[name] = Listing(rows, rows, Reach(first, day, first))
        return lists

    def sheets(self, council: Council, lists: Lists, day: date, manner: Manner) -> list[Sheet]:
        """Return a file for each list, some of them workbooks."""
        return [
            list_sheet(name, listing, HEADINGS[name], day, manner)
            for name, listing in lists.items()
        ]


def list_sheet(
    name: str, listing: Listing, headings: Mapping[str, str], day: date, manner: Manner
) -> Sheet:
    """Return one list under its headings, in the order of its first day."""
    rows = listing.rows.assign(**listing.texts).sort_values(FIRST_DAY[name], kind="stable")
    table = rows[list(headings)].rename(columns=dict(headings))
    if name in manner.end_heading:
        table = table.rename(columns={headings[SPELL_ENDS[name]]: manner.end_heading[name]})
    some = None
    if name in manner.american_in_some_rows:
        some = pd.Series(range(len(table)), index=table.index) % 2 == 0
    return Sheet(
        name=name.replace("_", " "),
        table=table,
        workbook=name.replace("_", " ") if name in AS_WORKBOOKS else None,
        date_format="%m/%d/%Y" if name in manner.american else "%d/%m/%Y",
        american_rows=some,
        run_on=min(day, listing.reach.last),
    )

"""The sample's records as tables of the standard safeguarding dataset (SSD), run on a day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tests.returns.records import Records, born, known_on
from workbook_builder.store.calendar import working_days

#: The number of working days from the strategy discussion to the day by which a conference is due.
CONFERENCE_DUE = 15
VISITS = {
    "ssd_cp_visits": ("cppv", "cp", "CP"),
    "ssd_cin_visits": ("cinv", "cin", "CIN"),
    "ssd_cla_visits": ("clav", "cla", "CLA"),
}


def ssd(day: date) -> dict[str, pd.DataFrame]:
    """Return the tables by their names; teams stand in them as numbers."""
    records = known_on(day)
    birth = born(records)
    teams = _teams(records)
    tables = {
        "ssd_person": pd.DataFrame({"pers_person_id": birth.index, "pers_dob": birth.to_numpy()}),
        "ssd_department": pd.DataFrame(
            {"dept_team_id": teams.to_numpy(), "dept_team_name": teams.index}
        ),
        **_front_door(records, teams),
        **_protection(records, teams),
        **_care(records, teams),
        **{name: _visits(records, *names) for name, names in VISITS.items()},
    }
    return {name: frame.reset_index(drop=True) for name, frame in tables.items()}


def _teams(records: Records) -> pd.Series:
    names = pd.concat([frame["team"] for frame in records.values() if "team" in frame])
    different = sorted(names.dropna().unique())
    return pd.Series([f"T{number}" for number, _ in enumerate(different, 1)], index=different)


def _table(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({new: frame[old] for new, old in columns.items()})


def _yes_no(flags: pd.Series) -> pd.Series:
    return flags.map({True: "Y", False: "N"})


def _front_door(records: Records, teams: pd.Series) -> dict[str, pd.DataFrame]:
    contacts, referrals = records["contacts"], records["referrals"]
    assessments, plans = records["assessments"], records["cin_plans"]
    return {
        "ssd_contacts": _table(contacts, {
            "cont_contact_id": "contact_id", "cont_person_id": "child_id",
            "cont_contact_date": "contact_date", "cont_contact_source_desc": "contact_source",
        }),
        "ssd_early_help_episodes": _table(records["early_help_episodes"], {
            "earl_episode_id": "early_help_episode_id", "earl_person_id": "child_id",
            "earl_episode_start_date": "early_help_start_date",
            "earl_episode_end_date": "early_help_end_date",
            "earl_episode_end_reason": "early_help_end_reason",
        }),
        "ssd_cin_episodes": _table(referrals, {
            "cine_referral_id": "referral_id", "cine_person_id": "child_id",
            "cine_referral_date": "referral_date", "cine_close_date": "referral_close_date",
        }).assign(
            cine_referral_nfa=_yes_no(referrals["referral_nfa"]),
            cine_referral_team=referrals["team"].map(teams),
        ),
        "ssd_cin_assessments": _table(assessments, {
            "cina_assessment_id": "assessment_id", "cina_person_id": "child_id",
            "cina_assessment_start_date": "assessment_start_date",
            "cina_assessment_auth_date": "assessment_auth_date",
        }).assign(
            cina_assessment_outcome_nfa=_yes_no(assessments["assessment_nfa"]),
            cina_assessment_team=assessments["team"].map(teams),
        ),
        "ssd_cin_plans": _table(plans, {
            "cinp_cin_plan_id": "cin_plan_id", "cinp_person_id": "child_id",
            "cinp_cin_plan_start_date": "cin_plan_start_date",
            "cinp_cin_plan_end_date": "cin_plan_end_date",
        }).assign(cinp_cin_plan_team=plans["team"].map(teams)),
    }  # fmt: skip


def _protection(records: Records, teams: pd.Series) -> dict[str, pd.DataFrame]:
    enquiries = records["section_47_enquiries"]
    held = records["initial_conferences"]
    plans = records["cp_plans"]
    return {
        "ssd_s47_enquiry": _table(enquiries, {
            "s47e_s47_enquiry_id": "s47_enquiry_id", "s47e_person_id": "child_id",
            "s47e_s47_start_date": "s47_start_date", "s47e_s47_end_date": "s47_end_date",
        }).assign(
            s47e_s47_nfa=_yes_no(enquiries["s47_nfa"]),
            s47e_s47_completed_by_team=enquiries["team"].map(teams),
        ),
        "ssd_initial_cp_conference": _table(held, {
            "icpc_icpc_id": "icpc_id", "icpc_person_id": "child_id", "icpc_icpc_date": "icpc_date",
            "icpc_s47_enquiry_id": "s47_enquiry_id",
        }).assign(
            icpc_icpc_transfer_in=_yes_no(held["icpc_transfer_in"]),
            icpc_icpc_target_date=held["icpc_strategy_discussion_date"].map(_due),
            icpc_icpc_outcome_cp_flag=_yes_no(held["icpc_outcome_cp_flag"]),
            icpc_icpc_team=held["team"].map(teams),
        ),
        "ssd_cp_plans": _table(plans, {
            "cppl_cp_plan_id": "cp_plan_id", "cppl_person_id": "child_id",
            "cppl_cp_plan_start_date": "cp_plan_start_date",
            "cppl_cp_plan_end_date": "cp_plan_end_date",
            "cppl_cp_plan_latest_category": "cp_plan_latest_category",
        }).assign(cppl_cp_plan_ola=_yes_no(plans["cp_plan_ola"])),
        "ssd_cp_reviews": _table(records["review_conferences"], {
            "cppr_cp_review_id": "cp_review_id", "cppr_person_id": "child_id",
            "cppr_cp_review_date": "cp_review_date", "cppr_cp_review_due": "cp_review_due",
        }),
    }  # fmt: skip


def _due(discussed: pd.Timestamp) -> object:
    """Return the day that lies so many working days after a strategy discussion."""
    if pd.isna(discussed):
        return pd.NaT
    days = pd.date_range(discussed, periods=3 * CONFERENCE_DUE)
    after = [working_days(discussed.date(), day.date()) for day in days]
    first = working_days(discussed.date(), discussed.date())
    return days[[number - first >= CONFERENCE_DUE for number in after].index(True)]


def _care(records: Records, teams: pd.Series) -> dict[str, pd.DataFrame]:
    care = records["children_in_care"]
    placements, reviews = records["placements"], records["care_reviews"]
    leavers = records["care_leavers"]
    leavers = leavers[leavers["care_leaver_end_date"].isna()]
    plans = records["pathway_plans"].groupby("child_id")["pathway_plan_date"].max()
    others = care[care["care_end_date"].isna() & care["child_id"].isin(plans.index)]
    others = others[~others["child_id"].isin(leavers["child_id"])].assign(eligibility="ELIGIBLE")
    every = pd.concat([leavers, others], ignore_index=True)
    seekers = care[care["uasc"].eq(True)]
    health = records["health_assessments"]
    workers = records["social_worker_allocations"]
    return {
        "ssd_cla_episodes": _table(care, {
            "clae_cla_episode_id": "care_period_id", "clae_cla_id": "care_period_id",
            "clae_person_id": "child_id", "clae_cla_episode_start_date": "care_start_date",
            "clae_cla_episode_ceased_date": "care_end_date",
            "clae_cla_episode_ceased_reason": "care_end_reason",
        }).assign(clae_cla_episode_start_reason="S"),
        "ssd_legal_status": _table(care, {
            "lega_legal_status_id": "care_period_id", "lega_person_id": "child_id",
            "lega_legal_status": "legal_status", "lega_legal_status_start_date": "care_start_date",
            "lega_legal_status_end_date": "care_end_date",
        }),
        "ssd_immigration_status": pd.DataFrame({
            "immi_person_id": seekers["child_id"], "immi_immigration_status": "UASC",
            "immi_immigration_status_start_date": seekers["care_start_date"],
            "immi_immigration_status_end_date": pd.NaT,
        }).drop_duplicates("immi_person_id"),
        "ssd_cla_placement": _table(placements, {
            "clap_person_id": "child_id", "clap_cla_placement_start_date": "placement_start_date",
            "clap_cla_placement_end_date": "placement_end_date",
            "clap_cla_placement_type": "placement_type",
            "clap_cla_placement_provider": "placement_provider",
            "clap_cla_placement_distance": "placement_distance",
        }),
        "ssd_cla_reviews": _reviews(care, reviews),
        "ssd_cla_health": _table(health, {
            "clah_person_id": "child_id", "clah_health_check_date": "health_assessment_date",
        }).assign(clah_health_check_type="Health Assessment"),
        "ssd_cla_care_plan": _table(records["care_plans"], {
            "lacp_person_id": "child_id", "lacp_cla_care_plan_start_date": "care_plan_date",
        }),
        "ssd_missing": _table(records["missing_episodes"], {
            "miss_person_id": "child_id",
            "miss_missing_episode_start_date": "missing_episode_start_date",
            "miss_missing_episode_end_date": "missing_episode_end_date",
            "miss_missing_episode_type": "missing_episode_type",
        }),
        "ssd_involvements": _table(workers, {
            "invo_person_id": "child_id", "invo_professional_id": "worker_id",
            "invo_involvement_start_date": "allocation_start_date",
            "invo_involvement_end_date": "allocation_end_date",
        }).assign(
            invo_professional_role_id="ALLOCATED CASE WORKER",
            invo_professional_team=workers["team"].map(teams),
        ),
        "ssd_care_leavers": _table(every, {
            "clea_person_id": "child_id", "clea_care_leaver_in_touch": "in_touch",
            "clea_care_leaver_accommodation": "accommodation",
            "clea_care_leaver_accom_suitable": "accommodation_suitable",
            "clea_care_leaver_activity": "activity",
        }).assign(
            clea_care_leaver_eligibility=every["eligibility"].map(
                {"RELEVANT": "Relevant", "FORMER_RELEVANT": "Former relevant",
                 "ELIGIBLE": "Eligible"}
            ),
            clea_pathway_plan_review_date=every["child_id"].map(plans),
            clea_care_leaver_allocated_team=every["team"].map(teams),
        ),
    }  # fmt: skip


def _reviews(care: pd.DataFrame, reviews: pd.DataFrame) -> pd.DataFrame:
    """Return reviews by the period of care in which each was due, without the child."""
    pairs = reviews.reset_index().merge(
        care[["child_id", "care_period_id", "care_start_date"]], on="child_id"
    )
    begun = pairs[pairs["care_start_date"] <= pairs["cla_review_due_date"]]
    latest = begun.sort_values("care_start_date").drop_duplicates("index", keep="last")
    period = latest.set_index("index")["care_period_id"]
    first = pairs.drop_duplicates("index").set_index("index")["care_period_id"]
    return pd.DataFrame({
        "clar_cla_id": period.reindex(reviews.index).fillna(first),
        "clar_cla_review_due_date": reviews["cla_review_due_date"],
        "clar_cla_review_date": reviews["cla_review_date"],
        "clar_cla_review_participation": reviews["cla_review_participation"],
    })  # fmt: skip


def _visits(records: Records, prefix: str, kind: str, named: str) -> pd.DataFrame:
    visits = records["visits"]
    rows = visits[visits["visit_type"].str.startswith(named)]
    return pd.DataFrame({
        f"{prefix}_person_id": rows["child_id"],
        f"{prefix}_{kind}_visit_date": rows["visit_date"],
        f"{prefix}_{kind}_visit_seen": _yes_no(rows["child_seen"]),
    })  # fmt: skip

"""Which indicators of the board a standard return cannot determine, and what it lacks for them."""

from __future__ import annotations

from collections.abc import Mapping

_NO_EARLY_HELP_PERIODS = "no periods of early help"
_NO_SUPERVISION = "no supervisions"
_NO_ENQUIRY_END = "no day on which an enquiry ended"

#: What no return has.
_NEVER = {
    "early_help_referrals": "no early help referrals",
    "strategy_discussions": "no strategy discussions that led to no enquiry",
    "early_help_visited": "no visits of early help",
    "early_help_supervised": _NO_SUPERVISION,
    "assessment_supervised": _NO_SUPERVISION,
    "children_in_need_not_cwd_supervised": _NO_SUPERVISION,
    "children_in_need_cwd_supervised": _NO_SUPERVISION,
    "cp_supervised": _NO_SUPERVISION,
    "cla_supervised": _NO_SUPERVISION,
    "care_leavers_supervised": _NO_SUPERVISION,
    "cp_core_group_in_time": "no core groups",
    "cla_permanence_plan": "no day of the permanence plan",
    "cla_visited_at_review": "no visits as at the review",
    "cla_pep": "no personal education plans",
    "children_in_need_not_cwd": "no mark of the team for disabled children",
    "children_in_need_cwd": "no mark of the team for disabled children",
    "children_in_need_not_cwd_visited": "no mark of the team for disabled children",
    "children_in_need_cwd_visited": "no mark of the team for disabled children",
}

#: What a return of children in care only lacks.
_CARE_ONLY = dict.fromkeys(
    (
        "contacts", "early_help_assessments_started", "early_help_assessments_completed",
        "referrals", "re_referrals", "referrals_nfa", "section_47_enquiries_completed",
        "section_47_rolling_rate", "section_47_nfa", "assessments_completed", "assessments_nfa",
        "assessments_in_time", "children_on_cp_plans", "cp_plan_rate", "cp_second_plan",
        "cp_visited_in_10_working_days", "cp_visited_in_4_weeks", "initial_conferences_in_time",
        "children_open_to_the_service", "children_open_to_early_help",
    ),
    "children in care only",
)  # fmt: skip

#: What a return of children in need lacks of children in care.
_NO_CARE = dict.fromkeys(
    (
        "children_in_care", "children_in_care_rate", "children_in_care_rate_local",
        "children_in_care_uasc", "children_in_care_local", "care_leavers", "cla_visited",
        "initial_health_assessments_in_time", "cla_health_up_to_date", "cla_health_in_year",
        "cla_care_plan", "cla_pathway_plan", "cla_review_up_to_date", "three_placements",
        "placed_near", "placed_residential", "placed_ifa", "cla_same_worker",
        "placed_for_adoption", "care_started", "care_started_uasc", "care_ended_local",
        "care_ended_uasc", "ended_adopted", "ended_cao_sgo", "ended_returned_home",
        "cla_reviews_in_time", "cla_participation", "placed_ifa_number",
        "placed_residential_number", "placed_with_parents_number", "placed_with_parents",
        "placed_unregulated_number", "placed_unregulated", "placed_connected_carers_number",
        "placed_connected_carers", "returned_home", "placed_connected_carers_own_number",
        "placed_for_adoption_with_fostering_number", "placed_in_house_number", "placed_in_house",
    ),
    "no children in care",
)  # fmt: skip

_OF_TABLES: Mapping[str, Mapping[str, str]] = {
    "Annex A": {
        "children_open_to_the_service": "no child in need plans at the end of the month",
        **_NEVER,
        "section_47_enquiries_completed": _NO_ENQUIRY_END,
        "section_47_rolling_rate": "six months only",
        "section_47_nfa": _NO_ENQUIRY_END,
        "assessments_nfa": "whether support was needed, which councils read otherwise",
        "children_open_to_early_help": _NO_EARLY_HELP_PERIODS,
        "initial_health_assessments_in_time": "no kind of health assessment",
        "cla_care_plan": "no care plans",
        "placed_near": "no distance",
        "cla_same_worker": "no earlier workers",
        "cla_reviews_in_time": "no day on which a review was due",
        "cla_participation": "no child's part in a review",
    },
    "SSDA903": {
        **_NEVER,
        **_CARE_ONLY,
        "care_leavers": "care leavers near their birthday only",
        "cla_visited": "no visits",
        "initial_health_assessments_in_time": "no days of health assessments",
        "cla_health_in_year": "whether a child under five without both assessments had one of them",
        "cla_care_plan": "no care plans",
        "cla_pathway_plan": "no pathway plans",
        "placed_near": "no distance",
        "cla_reviews_in_time": "no day on which a review was due",
    },
    "CIN census": {
        **_NEVER,
        **_NO_CARE,
        "contacts": "no contacts",
        "early_help_assessments_started": "no early help",
        "early_help_assessments_completed": "no early help",
        "section_47_enquiries_completed": _NO_ENQUIRY_END,
        "section_47_nfa": _NO_ENQUIRY_END,
        "assessments_nfa": "no outcome of an assessment",
        "cp_visited_in_10_working_days": "no visits",
        "cp_visited_in_4_weeks": "no visits",
        "children_open_to_the_service": "no children in care",
        "children_open_to_early_help": _NO_EARLY_HELP_PERIODS,
    },
    "SSD": {
        **_NEVER,
        "early_help_assessments_started": "no early help assessments",
        "early_help_assessments_completed": "no early help assessments",
        "cp_second_plan": "no plans of more than six years ago, and no number of them",
        "initial_health_assessments_in_time": "no kind of health assessment",
    },
}

#: The XML of a return holds what its tables hold.
UNDETERMINED: Mapping[str, Mapping[str, str]] = {
    **_OF_TABLES,
    "SSDA903 (XML)": _OF_TABLES["SSDA903"],
    "CIN census (XML)": _OF_TABLES["CIN census"],
}

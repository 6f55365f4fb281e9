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

UNDETERMINED: Mapping[str, Mapping[str, str]] = {
    "Annex A": {
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
        "cla_health_up_to_date": "no days of health assessments",
        "cla_health_in_year": "no days of health assessments",
        "cla_care_plan": "no care plans",
        "cla_pathway_plan": "no pathway plans",
        "placed_near": "no distance",
        "cla_reviews_in_time": "no day on which a review was due",
    },
}

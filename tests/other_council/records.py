"""What happened to the children of the invented council, one frozen record an event or a spell.

Fields are named as the program's datasets name their columns, so that a list is written by choosing
headings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Contact:
    contact_id: str
    child_id: str
    contact_date: date
    contact_source: str
    team: str


@dataclass(frozen=True, slots=True)
class EarlyHelpReferral:
    early_help_referral_id: str
    child_id: str
    early_help_referral_date: date
    team: str


@dataclass(frozen=True, slots=True)
class EarlyHelpAssessment:
    early_help_assessment_id: str
    child_id: str
    early_help_assessment_start_date: date
    early_help_assessment_completed_date: date | None
    date_of_birth: date
    organisation: str
    team: str


@dataclass(frozen=True, slots=True)
class EarlyHelpEpisode:
    early_help_episode_id: str
    child_id: str
    early_help_start_date: date
    early_help_end_date: date | None
    early_help_end_reason: str | None
    team: str


@dataclass(frozen=True, slots=True)
class EarlyHelpPlan:
    early_help_plan_id: str
    child_id: str
    early_help_plan_start_date: date
    early_help_plan_end_date: date | None
    team: str


@dataclass(frozen=True, slots=True)
class Referral:
    referral_id: str
    child_id: str
    referral_date: date
    referral_source: str
    referral_nfa: bool
    mash_completed_date: date | None
    referral_close_date: date | None
    date_of_birth: date
    cse_factor: bool
    team: str


@dataclass(frozen=True, slots=True)
class Assessment:
    assessment_id: str
    child_id: str
    assessment_start_date: date
    assessment_auth_date: date | None
    assessment_referral_date: date
    assessment_nfa: bool | None
    team: str


@dataclass(frozen=True, slots=True)
class StrategyDiscussion:
    strategy_discussion_id: str
    child_id: str
    strategy_discussion_date: date
    strategy_discussion_status: str
    team: str


@dataclass(frozen=True, slots=True)
class Enquiry:
    s47_enquiry_id: str
    child_id: str
    s47_start_date: date
    s47_end_date: date | None
    s47_nfa: bool | None
    s47_icpc: bool | None
    icpc_id: str | None
    team: str


@dataclass(frozen=True, slots=True)
class Conference:
    icpc_id: str
    child_id: str
    icpc_date: date
    icpc_strategy_discussion_date: date | None
    icpc_transfer_in: bool
    icpc_temporary: bool
    icpc_outcome_cp_flag: bool
    team: str


@dataclass(frozen=True, slots=True)
class ReviewConference:
    cp_review_id: str
    child_id: str
    cp_review_date: date
    cp_review_due: date
    team: str


@dataclass(frozen=True, slots=True)
class CoreGroup:
    child_id: str
    core_group_date: date
    team: str


@dataclass(frozen=True, slots=True)
class ProtectionPlan:
    cp_plan_id: str
    child_id: str
    cp_plan_start_date: date
    cp_plan_end_date: date | None
    cp_plan_latest_category: str
    number_of_previous_cp_plans: int
    cp_plan_ola: bool
    team: str


@dataclass(frozen=True, slots=True)
class NeedPlan:
    cin_plan_id: str
    child_id: str
    cin_plan_start_date: date
    cin_plan_end_date: date | None
    disability_team: bool
    team: str


@dataclass(frozen=True, slots=True)
class Visit:
    child_id: str
    visit_date: date
    visit_type: str
    child_seen: bool
    team: str


@dataclass(frozen=True, slots=True)
class Supervision:
    child_id: str
    supervision_date: date
    team: str


@dataclass(frozen=True, slots=True)
class CarePeriod:
    care_period_id: str
    child_id: str
    care_start_date: date
    care_end_date: date | None
    care_end_reason: str | None
    date_of_birth: date
    permanence_plan_date: date | None
    legal_status: str
    uasc: bool
    follows_short_break: bool
    team: str


@dataclass(frozen=True, slots=True)
class LegalStatus:
    child_id: str
    status_start_date: date
    status_end_date: date | None
    legal_status: str


@dataclass(frozen=True, slots=True)
class Placement:
    child_id: str
    placement_start_date: date
    placement_end_date: date | None
    placement_type: str
    placement_provider: str | None
    placement_distance: float


@dataclass(frozen=True, slots=True)
class CareReview:
    child_id: str
    cla_review_due_date: date
    cla_review_date: date | None
    cla_review_participation: str | None
    visits_in_time: bool | None
    team: str


@dataclass(frozen=True, slots=True)
class CarePlan:
    child_id: str
    care_plan_date: date
    team: str


@dataclass(frozen=True, slots=True)
class PathwayPlan:
    child_id: str
    pathway_plan_date: date
    team: str


@dataclass(frozen=True, slots=True)
class EducationPlan:
    child_id: str
    pep_date: date


@dataclass(frozen=True, slots=True)
class HealthAssessment:
    child_id: str
    health_assessment_date: date
    health_assessment_type: str


@dataclass(frozen=True, slots=True)
class Allocation:
    child_id: str
    worker_id: str
    allocation_start_date: date
    allocation_end_date: date | None
    team: str


@dataclass(frozen=True, slots=True)
class CareLeaver:
    care_leaver_id: str
    child_id: str
    care_leaver_start_date: date
    care_leaver_end_date: date | None
    date_of_birth: date
    in_touch: str
    accommodation: str
    accommodation_suitable: str
    activity: str
    eligibility: str
    team: str


@dataclass(frozen=True, slots=True)
class FosterCarer:
    carer_id: str
    approval_start_date: date
    approval_end_date: date | None


@dataclass(frozen=True, slots=True)
class MissingEpisode:
    child_id: str
    missing_episode_start_date: date
    missing_episode_end_date: date | None
    missing_episode_type: str


@dataclass(frozen=True, slots=True)
class Permanence:
    child_id: str
    adoption_decision_date: date
    placement_order_date: date | None
    matched_date: date | None
    placed_for_adoption_date: date | None
    permanence_order_date: date | None

"""What follows for children open to the service: enquiries, conferences, referrals, outcomes."""

import random
from datetime import date

from .children import Follower
from .conferences import Conference, hold_conferences, link_enquiries
from .days import FIRST_DAY, draw_events, periods_from, with_last_days
from .flows import Event, Pace, Placed, Spell, flow_with_starts, simulate, starts_of
from .outcomes import (
    MONTHS_COUNTED,
    count_earlier_plans,
    flag_by_month,
    list_some_earlier_plans,
    share_out_assessments,
    share_out_plans,
)
from .re_referrals import REFERRALS_FROM, look_back, refer_again
from .services import Services
from .totals import Totals

ENQUIRY_PACE = Pace(shortest=3, longest=40, reach=25, oldest_first=2.5)
CONTACTS_AT_WEEKENDS = 0.25
EARLIER_PLANS_LISTED = 24
# Of the enquiries that did not end without further action, those that led to a conference.
CONFERENCE_SHARE = 0.85
PLAN_FOLLOWS_WITHIN = 60

Spells = dict[str, list[Placed]]


def look_into_harm(
    rng: random.Random, totals: Totals, services: Services, follower: Follower, spells: Spells
) -> list[Conference]:
    """Add ``enquiries`` to the spells; gives the conferences, most of them after an enquiry."""
    assessed, percent = spells["assessments"], services.percent
    held = hold_conferences(rng, spells["cp"], assessed, percent["initial_conferences_in_time"])
    lived = _live_enquiries(rng, totals)
    room = _room_for_conferences(totals, services)
    held, child_of = link_enquiries(rng, held, lived, room)
    others = [spell for spell in lived if id(spell) not in child_of]
    children = follower.choose([spell.start for spell in others], starts_of(assessed), 15, 10)
    child_of |= {id(spell): child for spell, child in zip(others, children, strict=True)}
    spells["enquiries"] = [(child_of[id(spell)], spell) for spell in lived]
    return held


def _live_enquiries(rng: random.Random, totals: Totals) -> list[Spell]:
    """Section 47 enquiries from July 2021: starts as chosen, ends as published."""
    starts = totals.chosen["section_47_started"]
    still_open = list(totals.chosen["section_47_open"])
    completed = totals.events["section_47_completed"]
    for started, ended in zip(starts[len(still_open) :], completed, strict=True):
        still_open.append(still_open[-1] + started - ended)
    flow = flow_with_starts(
        still_open[0], [*still_open, still_open[-1] + 1], with_last_days(starts)
    )
    lived = simulate(rng, periods_from(REFERRALS_FROM), flow, ENQUIRY_PACE)
    return [spell for spell in lived if spell.start >= REFERRALS_FROM]


def _room_for_conferences(totals: Totals, services: Services) -> dict[date, int]:
    """How many enquiries that end in a month may have led to a conference."""
    numbers = zip(
        MONTHS_COUNTED,
        totals.events["section_47_completed"],
        services.percent["section_47_nfa"],
        strict=True,
    )
    return {
        month.last: int(ended * (100 - percent) / 100 * CONFERENCE_SHARE)
        for month, ended, percent in numbers
    }


def statutory_events(
    rng: random.Random, totals: Totals, services: Services, follower: Follower, spells: Spells
) -> dict[str, list[Event]]:
    """Strategy discussions, referrals and contacts, each mostly about a child with a next step."""

    def events(name: str, leads: list[Event], after: int, weekends: float = 0.02) -> list[Event]:
        dates = draw_events(rng, totals.events[name], weekends)
        return list(zip(dates, follower.choose(dates, leads, 0, after), strict=True))

    assessed = starts_of(spells["assessments"])
    earlier = look_back(rng, totals.events["referrals"], follower.fresh)
    known = {child for _, child in assessed}
    referrals = refer_again(
        rng, earlier + events("referrals", assessed, 7), known, services.percent["re_referrals"]
    )
    return {
        "strategy_discussions": events("strategy_discussions", starts_of(spells["enquiries"]), 3),
        "referrals": referrals,
        "contacts": events("contacts", referrals, 2, CONTACTS_AT_WEEKENDS),
    }


def decide_outcomes(
    rng: random.Random, services: Services, spells: Spells, held: list[Conference]
) -> None:
    """Set what the sheets say, besides dates, of assessments, enquiries and protection plans."""
    count_earlier_plans(rng, spells["cp"], services.percent["cp_second_plan"])
    share_out_plans(rng, spells["cp"], services)
    spells["earlier_cp"] = list_some_earlier_plans(rng, spells["cp"], EARLIER_PLANS_LISTED)
    share_out_assessments(rng, spells["assessments"], services)
    _decide_assessments(rng, services, spells)
    _decide_enquiries(rng, services, spells, held)


def _decide_assessments(rng: random.Random, services: Services, spells: Spells) -> None:
    """No further action: mostly for children for whom no plan followed."""
    plans: dict[str, list[Spell]] = {}
    for child, spell in spells["cin"] + spells["disability"] + spells["cp"]:
        plans.setdefault(child, []).append(spell)
    dated = [(spell.end, spell) for _, spell in spells["assessments"]]
    followed = {
        id(spell)
        for child, spell in spells["assessments"]
        if any(_follows(plan, spell) for plan in plans.get(child, []))
    }
    percents = services.percent["assessments_nfa"]
    flag_by_month(rng, dated, percents, lambda spell: id(spell) in followed)


def _follows(plan: Spell, assessment: Spell) -> bool:
    """Whether a plan began during the assessment or in the weeks after it."""
    soon = assessment.end is not None and (plan.start - assessment.end).days <= PLAN_FOLLOWS_WITHIN
    return soon and plan.start >= assessment.start


def _decide_enquiries(
    rng: random.Random, services: Services, spells: Spells, held: list[Conference]
) -> None:
    """No further action: first those without a conference; children on a plan or in care apart."""
    led = {(one.child, one.strategy) for one in held}
    with_conference = {
        id(spell) for child, spell in spells["enquiries"] if (child, spell.start) in led
    }
    percents = services.percent["section_47_nfa"]
    counted = _of_children_on_no_list(spells)
    flag_by_month(rng, counted, percents, lambda spell: id(spell) in with_conference)
    for _, spell in spells["enquiries"]:
        if spell.end:
            spell.facts.setdefault("nfa", rng.choice("YN"))
        if spell.end and spell.end >= FIRST_DAY:  # before it no conference is listed
            to_conference = id(spell) in with_conference and spell.facts["nfa"] == "N"
            spell.facts["conference"] = "Y" if to_conference else "N"


def _of_children_on_no_list(spells: Spells) -> list[tuple[date | None, Spell]]:
    """Enquiries, by end, about children neither on a plan nor in care when the enquiry began."""
    known: dict[str, list[Spell]] = {}
    for name in ("cp", "earlier_cp", "elsewhere", "care", "unaccompanied", "short_breaks"):
        for child, spell in spells[name]:
            known.setdefault(child, []).append(spell)
    return [
        (spell.end, spell)
        for child, spell in spells["enquiries"]
        if not any(other.start < spell.start and other.is_open(spell.start)
                   for other in known.get(child, []))
    ]  # fmt: skip

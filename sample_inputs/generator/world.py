"""Everything that happens to the invented children: who is on which list, and when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .children import FOLLOWS, Follower, Pairing, assign_children, identifiers
from .days import FIRST_DAY, draw_events, periods_from, with_last_days
from .flows import Flow, Pace, Spell, flow_to_targets, flow_with_ends, flow_with_starts, simulate
from .totals import MONTHS, Totals

ENQUIRIES_FROM = date(2021, 7, 1)
CONTACTS_AT_WEEKENDS = 0.25
NO_LIMIT = 100_000
ASSESSMENT_PACE = Pace(shortest=1, longest=70, reach=55, oldest_first=2.5)
ENQUIRY_PACE = Pace(shortest=3, longest=40, reach=25, oldest_first=2.5)

# List: key of its totals, share that ends in a month, pace.
PLAN_LISTS = {
    "cin": ("cin_plans_not_disability", 0.19, Pace(25, NO_LIMIT, 450)),
    "disability": ("cin_plans_disability", 0.05, Pace(60, NO_LIMIT, 1500)),
    "cp": ("cp_plans", 0.11, Pace(30, NO_LIMIT, 550)),
    "leavers": ("care_leavers", 0.03, Pace(60, NO_LIMIT, 1400)),
}
CARE_PACE = Pace(5, NO_LIMIT, 4500)
CARE_TURNOVER = 0.045

Event = tuple[date, str]
Placed = tuple[str, Spell]


@dataclass(frozen=True)
class World:
    """Events as (date, child) and spells as (child, spell), by list."""

    events: dict[str, list[Event]]
    spells: dict[str, list[Placed]]


def make_world(rng: random.Random, totals: Totals) -> World:
    """Simulate every list from the totals; the same ``rng`` state gives the same world."""
    fresh = identifiers(rng, first=2000310000, step=37, digits=10)
    lists = _service_lists(rng, totals)
    pairing = Pairing()
    chosen = totals.chosen
    cin, cp, care = (("cin", lists["cin"]), ("cp", lists["cp"]), ("care", lists["care"]))
    assessments = ("assessments", lists["assessments"])
    pairing.pair(cp, care, chosen["with_cp_plan_and_in_care"])
    pairing.pair(assessments, cin, chosen["with_assessment_and_cin_plan"])
    child_of = assign_children(rng, pairing.units + pairing.singles(lists), fresh)
    spells = {
        name: [(child_of[id(spell)], spell) for spell in members] for name, members in lists.items()
    }
    spells |= _lists_left_out(rng, fresh)
    follower = Follower(rng, fresh, share=0.85)
    spells["enquiries"] = _enquiries(rng, totals, follower, starts_of(spells["assessments"]))
    events = _statutory_events(rng, totals, follower, spells)
    early_help = Follower(rng, identifiers(rng, first=3000, step=5, digits=7), share=0.8)
    return World(events | _early_help_events(rng, totals, early_help), spells)


def starts_of(placed: list[Placed]) -> list[Event]:
    """The starts of spells as events."""
    return [(spell.start, child) for child, spell in placed]


def _service_lists(rng: random.Random, totals: Totals) -> dict[str, list[Spell]]:
    """The lists that make a child open to the service, each with its spells."""
    periods = periods_from(FIRST_DAY)
    stocks = totals.stocks
    alone = stocks["unaccompanied_children_in_care"]
    care = [total - less for total, less in zip(stocks["children_in_care"], alone, strict=True)]
    flows: dict[str, tuple[Flow, Pace]] = {
        name: (_plan_flow(rng, stocks[key], turnover), pace)
        for name, (key, turnover, pace) in PLAN_LISTS.items()
    }
    flows["care"] = (_plan_flow(rng, care, CARE_TURNOVER), CARE_PACE)
    flows["unaccompanied"] = (_plan_flow(rng, alone, CARE_TURNOVER), Pace(30, NO_LIMIT, 600))
    flows["assessments"] = (_assessment_flow(totals), ASSESSMENT_PACE)
    return {name: simulate(rng, periods, *flows[name]) for name in FOLLOWS}


def _plan_flow(rng: random.Random, targets: list[int], turnover: float) -> Flow:
    """A flow that opens a little below the first target."""
    return flow_to_targets(rng, round(targets[0] * 0.99), targets, turnover)


def _assessment_flow(totals: Totals) -> Flow:
    """Authorisations as published; starts so that the open assessments come out."""
    targets = totals.open_assessments()
    ends = with_last_days(totals.events["assessments_completed"])
    return flow_with_ends(targets[0] - 15, [*targets, targets[-1] + 2], ends)


def _lists_left_out(rng: random.Random, fresh: Iterator[str]) -> dict[str, list[Placed]]:
    """Short breaks and other authorities' plans, which no total counts: children of their own."""
    left_out = {"short_breaks": (8, 0.07), "elsewhere": (4, 0.13)}
    placed = {}
    for name, (size, turnover) in left_out.items():
        flow = flow_to_targets(rng, size, [size] * MONTHS, turnover)
        spells = simulate(rng, periods_from(FIRST_DAY), flow, Pace(20, NO_LIMIT, 400))
        placed[name] = [(next(fresh), spell) for spell in spells]
    return placed


def _enquiries(
    rng: random.Random, totals: Totals, follower: Follower, assessed: list[Event]
) -> list[Placed]:
    """Section 47 enquiries from July 2021: starts as chosen, ends as published."""
    starts = totals.chosen["section_47_started"]
    still_open = list(totals.chosen["section_47_open"])
    completed = totals.events["section_47_completed"]
    for started, ended in zip(starts[len(still_open) :], completed, strict=True):
        still_open.append(still_open[-1] + started - ended)
    flow = flow_with_starts(
        still_open[0], [*still_open, still_open[-1] + 1], with_last_days(starts)
    )
    lived = simulate(rng, periods_from(ENQUIRIES_FROM), flow, ENQUIRY_PACE)
    spells = [spell for spell in lived if spell.start >= ENQUIRIES_FROM]
    children = follower.choose([spell.start for spell in spells], assessed, 15, 10)
    return list(zip(children, spells, strict=True))


def _statutory_events(
    rng: random.Random, totals: Totals, follower: Follower, spells: dict[str, list[Placed]]
) -> dict[str, list[Event]]:
    """Strategy discussions, referrals and contacts, each mostly about a child with a next step."""

    def events(name: str, leads: list[Event], after: int, weekends: float = 0.02) -> list[Event]:
        dates = draw_events(rng, totals.events[name], weekends)
        return list(zip(dates, follower.choose(dates, leads, 0, after), strict=True))

    referrals = events("referrals", starts_of(spells["assessments"]), 7)
    return {
        "strategy_discussions": events("strategy_discussions", starts_of(spells["enquiries"]), 3),
        "referrals": referrals,
        "contacts": events("contacts", referrals, 2, CONTACTS_AT_WEEKENDS),
    }


def _early_help_events(
    rng: random.Random, totals: Totals, follower: Follower
) -> dict[str, list[Event]]:
    """Early help referrals, and assessments that mostly follow one within five weeks."""
    dates = draw_events(rng, totals.events["early_help_referrals"])
    referrals = list(zip(dates, follower.choose(dates, [], 0, 0), strict=True))
    started = draw_events(rng, totals.events["early_help_assessments_started"])
    assessed = follower.choose(started, referrals, 35, 0)
    return {
        "early_help_referrals": referrals,
        "early_help_assessments": list(zip(started, assessed, strict=True)),
    }

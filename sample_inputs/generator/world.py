"""Everything that happens to the invented children: who is on which list, and when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from .care_population import care_spells
from .children import FOLLOWS, Follower, Pairing, assign_children, identifiers
from .conferences import Conference
from .days import FIRST_DAY, periods_from, with_last_days
from .early_help import early_help_referrals, early_help_spells
from .flows import (
    Event,
    Flow,
    Pace,
    Placed,
    Spell,
    flow_to_targets,
    flow_with_ends,
    simulate,
    starts_of,
)
from .matching import simulate_assessments
from .services import Services, read_services
from .statutory import decide_outcomes, look_into_harm, statutory_events
from .totals import MONTHS, Totals

__all__ = ["Event", "Placed", "World", "make_world", "starts_of"]

NO_LIMIT = 100_000
ASSESSMENT_PACE = Pace(shortest=1, longest=NO_LIMIT, reach=110)

# List: key of its totals, share that ends in a month, pace.
PLAN_LISTS = {
    "cin": ("cin_plans_not_disability", 0.19, Pace(25, NO_LIMIT, 450)),
    "disability": ("cin_plans_disability", 0.05, Pace(60, NO_LIMIT, 1500)),
    "cp": ("cp_plans", 0.11, Pace(30, NO_LIMIT, 550)),
    "leavers": ("care_leavers", 0.03, Pace(60, NO_LIMIT, 1400)),
}


@dataclass(frozen=True)
class World:
    """Events as (date, child) and spells as (child, spell), by list; conferences."""

    events: dict[str, list[Event]]
    spells: dict[str, list[Placed]]
    conferences: list[Conference]
    services: Services


def make_world(rng: random.Random, totals: Totals) -> World:
    """Simulate every list from the totals; the same ``rng`` state gives the same world."""
    services = read_services()
    fresh = identifiers(rng, first=2000310000, step=37, digits=10)
    lists = _service_lists(rng, totals, services)
    adopted = lists.pop("adopted")
    spells = _children_of(rng, totals, lists, fresh)
    spells |= _lists_left_out(rng, fresh)
    spells["cin_twice"] = rng.sample([item for item in spells["cin"] if item[1].end], 3)
    # A random state of its own: what is drawn for care does not move what is drawn for the others.
    rng = random.Random("services")
    follower = Follower(rng, fresh, share=0.85)
    held = look_into_harm(rng, totals, services, follower, spells)
    decide_outcomes(rng, services, spells, held)
    events = statutory_events(rng, totals, services, follower, spells)
    early_help = Follower(rng, identifiers(rng, first=3000, step=5, digits=7), share=0.8)
    events["early_help_referrals"] = early_help_referrals(rng, totals, early_help)
    spells |= early_help_spells(rng, totals, services, early_help, events["early_help_referrals"])
    spells["adopted"] = [(next(fresh), spell) for spell in adopted]
    return World(events, spells, held, services)


def _children_of(
    rng: random.Random, totals: Totals, lists: dict[str, list[Spell]], fresh: Iterator[str]
) -> dict[str, list[Placed]]:
    """The lists with a child for each spell, some of them on two lists at once."""
    pairing = Pairing()
    chosen = totals.chosen
    cin, cp, care = (("cin", lists["cin"]), ("cp", lists["cp"]), ("care", lists["care"]))
    assessments = ("assessments", lists["assessments"])
    pairing.pair(cp, care, chosen["with_cp_plan_and_in_care"])
    pairing.pair(assessments, cin, chosen["with_assessment_and_cin_plan"])
    child_of = assign_children(rng, pairing.units + pairing.singles(lists), fresh)
    return {
        name: [(child_of[id(spell)], spell) for spell in members] for name, members in lists.items()
    }


def _service_lists(
    rng: random.Random, totals: Totals, services: Services
) -> dict[str, list[Spell]]:
    """The lists that make a child open to the service, each with its spells."""
    periods = periods_from(FIRST_DAY)
    stocks = totals.stocks
    flows: dict[str, tuple[Flow, Pace]] = {
        name: (_plan_flow(rng, stocks[key], turnover), pace)
        for name, (key, turnover, pace) in PLAN_LISTS.items()
    }
    lists = {name: simulate(rng, periods, *flows[name]) for name in flows}
    lists |= care_spells(random.Random("care"))
    lists["assessments"] = simulate_assessments(
        random.Random("assessments"),
        periods,
        _assessment_flow(totals),
        ASSESSMENT_PACE,
        services.percent["assessments_in_time"],
    )
    return {name: lists[name] for name in (*FOLLOWS, "adopted")}


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

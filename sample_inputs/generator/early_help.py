"""Early help: its episodes, assessments and plans, of children with identifiers of their own."""

import random
from datetime import timedelta

from .children import Follower
from .days import (
    FIRST_DAY,
    RUN_DATE,
    draw_events,
    periods_from,
    with_last_days,
    working_on_or_before,
)
from .flows import Event, Flow, Pace, Placed, Spell, flow_to_targets, simulate
from .services import Services
from .totals import Totals

NO_LIMIT = 100_000
EPISODE_TURNOVER = 0.15
EPISODE_PACE = Pace(20, NO_LIMIT, 420, oldest_first=1.2)
ASSESSMENTS_OPEN_BEFORE = 175
ASSESSMENT_PACE = Pace(5, NO_LIMIT, 110, oldest_first=1.6)
PLAN_SHARE = 0.85
# How an episode ends: text and weight.
END_REASONS = {"Needs met": 55, "Stepped up to social care": 14, "Consent withdrawn": 13,
               "Moved out of area": 8, "No longer engaging": 10}  # fmt: skip


def early_help_referrals(rng: random.Random, totals: Totals, follower: Follower) -> list[Event]:
    """Referrals into early help."""
    dates = draw_events(rng, totals.events["early_help_referrals"])
    return list(zip(dates, follower.choose(dates, [], 0, 0), strict=True))


def early_help_spells(
    rng: random.Random,
    totals: Totals,
    services: Services,
    follower: Follower,
    referrals: list[Event],
) -> dict[str, list[Placed]]:
    """Assessments, most of them within five weeks of a referral; episodes; plans."""
    assessments = _live_assessments(rng, totals, services)
    starts = [spell.start for spell in assessments]
    children = follower.choose(starts, referrals, 35, 0)
    episodes = _episodes(rng, services, follower, referrals)
    return {
        "early_help_assessments": list(zip(children, assessments, strict=True)),
        "early_help_episodes": episodes,
        "early_help_plans": _plans(rng, episodes),
    }


def _live_assessments(rng: random.Random, totals: Totals, services: Services) -> list[Spell]:
    """Assessments that begin and are completed as published, some begun before July 2022."""
    starts = with_last_days(totals.events["early_help_assessments_started"])
    ends = with_last_days(services.early_help["early_help_assessments_completed"])
    flow = Flow(ASSESSMENTS_OPEN_BEFORE, starts, ends)
    return simulate(rng, periods_from(FIRST_DAY), flow, ASSESSMENT_PACE)


def _episodes(
    rng: random.Random, services: Services, follower: Follower, referrals: list[Event]
) -> list[Placed]:
    """Episodes, each of a child of its own, begun mostly within three weeks of a referral."""
    targets = services.early_help["children_open_to_early_help"]
    flow = flow_to_targets(rng, round(targets[0] * 0.98), targets, EPISODE_TURNOVER)
    spells = simulate(rng, periods_from(FIRST_DAY), flow, EPISODE_PACE)
    for spell in spells:
        if spell.end:
            spell.facts["reason"] = rng.choices(list(END_REASONS), list(END_REASONS.values()))[0]
    latest = {child: day for day, child in referrals}
    once = [(day, child) for child, day in latest.items()]
    never_again = Follower(rng, follower.fresh, share=0.9, again=0.0)
    children = never_again.choose([spell.start for spell in spells], once, 20, 0)
    return list(zip(children, spells, strict=True))


def _plans(rng: random.Random, episodes: list[Placed]) -> list[Placed]:
    """Plans for most episodes, begun two to six weeks into them and closed with them."""
    plans = []
    for child, episode in episodes:
        start = working_on_or_before(episode.start + timedelta(rng.randint(14, 42)))
        if start < (episode.end or RUN_DATE) and rng.random() < PLAN_SHARE:
            plans.append((child, Spell(start, episode.end)))
    return sorted(plans, key=lambda item: (item[1].start, item[0]))

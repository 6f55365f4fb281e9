"""The sheets of early help, visits, supervision, conferences, core groups and caseloads."""

import random
from datetime import date, timedelta

from .conferences import Conference, review
from .days import RUN_DATE, working_on_or_before
from .follow_up import (
    Dated,
    core_groups,
    early_help_supervisions,
    early_help_visits,
    plan_visits,
    supervisions,
)
from .sheets import EARLY_HELP, FAMILIES, FRONTLINE, teams
from .table import Cell, Table, numbers, picks, table_of
from .world import World

SEEN = {"Y": 96, "Yes": 2, "": 2}
NOT_SEEN_SHARE = 0.03
SUPERVISED = {"Individual": 80, "Group": 15, "Management oversight": 5}
FIRST_WORKER = 40210


def early_help_episodes(rng: random.Random, world: World) -> Table:
    """Early help episodes by start, with the reason for which they ended."""
    placed = world.spells["early_help_episodes"]
    return table_of({
        "EH Episode ID": numbers("EHE", 11001, len(placed)),
        "Client ID": [child for child, _ in placed],
        "EH Episode Start": [spell.start for _, spell in placed],
        "EH Episode End": [spell.end for _, spell in placed],
        "EH End Reason": [spell.facts.get("reason") for _, spell in placed],
        "EH Team": teams(rng, EARLY_HELP, len(placed)),
    })  # fmt: skip


def early_help_plans(rng: random.Random, world: World) -> Table:
    """Early help plans by start."""
    placed = world.spells["early_help_plans"]
    return table_of({
        "Client ID": [child for child, _ in placed],
        "EHP ID": numbers("EHP", 5001, len(placed)),
        "EHP Opened": [spell.start for _, spell in placed],
        "EHP Closed": [spell.end for _, spell in placed],
        "Early Help Team": teams(rng, EARLY_HELP, len(placed)),
    })  # fmt: skip


def visits(rng: random.Random, world: World) -> Table:
    """Visits by date, some of them without the child being seen."""
    kinds = {"EH visit": early_help_visits(rng, world)} | plan_visits(rng, world)
    made: list[tuple[date, str, str, Cell]] = []
    for kind, dated in kinds.items():
        seen = picks(rng, SEEN, len(dated))
        made += [(day, child, kind, cell) for (day, child), cell in zip(dated, seen, strict=True)]
        made += [(day, child, kind, "N") for day, child in _missed(rng, dated)]
    made.sort(key=lambda visit: visit[:3])
    return table_of({
        "Person ID": [child for _, child, _, _ in made],
        "Type of Visit": [kind for _, _, kind, _ in made],
        "Date of Visit": [day for day, _, _, _ in made],
        "Child Seen": [seen for _, _, _, seen in made],
    })  # fmt: skip


def _missed(rng: random.Random, dated: list[Dated]) -> list[Dated]:
    """Visits some days from others at which the child was not seen."""
    missed = []
    for day, child in rng.sample(dated, round(len(dated) * NOT_SEEN_SHARE)):
        near = working_on_or_before(day + timedelta(rng.randint(3, 25)))
        if day < near <= RUN_DATE:
            missed.append((near, child))
    return missed


def supervision_log(rng: random.Random, world: World) -> Table:
    """Supervision of cases in early help and social work, by date."""
    held = sorted(early_help_supervisions(rng, world) + supervisions(rng, world))
    return table_of({
        "Supervised On": [day for day, _ in held],
        "Client ID": [child for _, child in held],
        "Supervised As": picks(rng, SUPERVISED, len(held)),
    })  # fmt: skip


def initial_conferences(rng: random.Random, world: World) -> Table:
    """Initial conferences by date, transfers in among them."""
    held = world.conferences
    return table_of({
        "ICPC ID": numbers("", 710001, len(held)),
        "Child ID": [one.child for one in held],
        "Date of Initial Child Protection Conference": [one.day for one in held],
        "ICPC Strategy Discussion Date": [one.strategy for one in held],
        "Transfer-in Conference": ["Yes" if one.transfer else "No" for one in held],
        "Temporary Registration": ["No"] * len(held),
        "Resulted in CP Plan": [_plan_flag(rng, one) for one in held],
        "Allocated Team": teams(rng, FAMILIES | FRONTLINE, len(held)),
    })  # fmt: skip


def _plan_flag(rng: random.Random, one: Conference) -> str:
    """Whether the conference led to a plan, as two systems write it."""
    return rng.choices(("Yes", "Y") if one.plan else ("No", "N"), (9, 1))[0]


def review_conferences(rng: random.Random, world: World) -> Table:
    """Review conferences by date."""
    held = review(rng, world.spells["cp"])
    return table_of({
        "RCPC ID": numbers("", 720001, len(held)),
        "Child ID": [child for _, _, child in held],
        "RCPC Due Date": [due for _, due, _ in held],
        "Date of RCPC": [day for day, _, _ in held],
        "Allocated Team": teams(rng, FAMILIES | FRONTLINE, len(held)),
    })  # fmt: skip


def core_group_meetings(rng: random.Random, world: World) -> Table:
    """Core groups by date."""
    held = core_groups(rng, world)
    return table_of({
        "CORE GROUP DATE": [day for day, _ in held],
        "PERSON ID": [child for _, child in held],
        "TEAM NAME": teams(rng, FAMILIES | FRONTLINE, len(held)),
    })  # fmt: skip


def caseloads(rng: random.Random, world: World) -> Table:
    """Each worker's caseload at the end of July 2023, by team."""
    workers = [
        (team, qualification, children)
        for team, rows in world.services.caseloads.items()
        for qualification, children in rows
    ]
    codes = rng.sample(range(FIRST_WORKER, FIRST_WORKER + 900), len(workers))
    return table_of({
        "Allocated_Team": [team for team, _, _ in workers],
        "Worker ID": [f"W{code}" for code in codes],
        "Qualifying Status": [qualification for _, qualification, _ in workers],
        "No. of Allocations": [children for _, _, children in workers],
    })  # fmt: skip

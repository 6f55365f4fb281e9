"""Care plans, pathway plans and personal education plans of children in care."""

import random
from collections import defaultdict
from datetime import date

from .care_people import Life
from .care_teams import Group, plan_due
from .care_totals import LAST, MONTH_ENDS, read_care_totals
from .care_upkeep import HALF_YEAR, Days, Members, Upkeep, kept_up, members, total, wanted_of

PATHWAY_AGE = 16
SCHOOL_AGES = range(5, 16)


def care_plans(rng: random.Random, lives: list[Life], groups: dict[str, Group]) -> Days:
    """The days of care plans; July 2023 team by team."""
    totals = read_care_totals()
    teams = totals.teams["care_plan"]
    planless = {
        life.child for team, (due, made) in teams.items() for life, _ in groups[team][: due - made]
    }
    upkeep = Upkeep(rng, defaultdict(list))
    for month in range(HALF_YEAR, LAST + 1):
        end = MONTH_ENDS[month]
        people = _with_plan_due(lives, end)
        wanted = wanted_of(totals.percent["care_plan"], month, total(people))
        usable = [(life, weight) for life, weight in people if life.child not in planless]
        if month == LAST:
            in_teams = {life.child for group in groups.values() for life, _ in group}
            listed = [x for x in usable if x[0].child in in_teams]
            upkeep.settle(month, listed, total(listed))
            usable = [x for x in usable if x[0].child not in in_teams]
            wanted -= total(listed)
        upkeep.settle(month, usable, wanted)
    return upkeep.days


def _with_plan_due(lives: list[Life], day: date) -> Members:
    due = plan_due(day)
    return members(lives, day, lambda _, record: record.start <= due)


def pathway_plans(rng: random.Random, lives: list[Life]) -> Days:
    """The days of pathway plans of those who are 16 and over."""
    return kept_up(
        rng,
        lives,
        read_care_totals().percent["pathway_plan"],
        lambda day: members(lives, day, lambda life, _: life.age(day) >= PATHWAY_AGE),
    )


def education_plans(rng: random.Random, lives: list[Life]) -> Days:
    """The days of personal education plans of those of school age."""
    return kept_up(
        rng,
        lives,
        read_care_totals().percent["education_plan"],
        lambda day: members(lives, day, lambda life, _: life.age(day) in SCHOOL_AGES),
    )

"""Which team has each child in care, so that July 2023 comes out team by team."""

import random
from collections.abc import Iterator
from datetime import date

from .care_people import Life, Record
from .care_totals import LAST, MONTH_ENDS, read_care_totals
from .rhythm import last_working_days

PLAN_DUE_WORKING_DAYS = 10
CARE_TEAMS = ("Care Team 1", "Care Team 2", "Care Team 3")
FIELD_TEAMS = (
    "SWF Central 1", "SWF Central 2", "SWF East 1", "SWF East 2", "SWF East 3", "SWF West 1",
    "SWF West 2", "SWF West 3", "Brief Intervention Team East 1",
)  # fmt: skip
SHORT_STAY_DAYS = 150
BLANK_TEAMS = 4

# Records with their children.
Group = list[tuple[Life, Record]]


def plan_due(day: date) -> date:
    """The last day of becoming looked after on which a care plan is due by ``day``."""
    return last_working_days(day, PLAN_DUE_WORKING_DAYS).first


def give_teams(rng: random.Random, lives: list[Life]) -> dict[str, Group]:
    """Give each record a team; gives the records of the published teams in July 2023, by team.

    The children who came last are with the teams of the field, those whose plan is still to be made
    last of all: a group begins with them.
    """
    for life in lives:
        for record in life.records:
            record.team = _usual_team(rng, record)
    groups = _groups(_by_last_start(lives))
    for team, group in groups.items():
        for _, record in group:
            record.team = team
    with_care_teams = [
        record for life in lives for record in life.records if record.team in CARE_TEAMS
    ]
    for record in rng.sample(with_care_teams, BLANK_TEAMS):
        record.team = None
    return groups


def _usual_team(rng: random.Random, record: Record) -> str:
    gone = record.end and record.end <= MONTH_ENDS[LAST]
    short = gone and record.end and (record.end - record.start).days < SHORT_STAY_DAYS
    return rng.choice(FIELD_TEAMS if short else CARE_TEAMS)


def _by_last_start(lives: list[Life]) -> Iterator[tuple[Life, Record]]:
    """The records open at the end of July 2023 that may stand with a team, the latest first."""
    usable = [
        (life, record)
        for life in lives
        for record in life.open_records(MONTH_ENDS[LAST])
        if not (life.twice or life.alone)
    ]
    return iter(sorted(usable, key=lambda x: (x[1].start, x[0].child), reverse=True))


def _groups(latest: Iterator[tuple[Life, Record]]) -> dict[str, Group]:
    """The records of each team: first those too new for a plan, then those without one."""
    teams = read_care_totals().teams
    new: Group = []
    known: Group = []
    for life, record in latest:
        (known if record.start <= plan_due(MONTH_ENDS[LAST]) else new).append((life, record))
    groups: dict[str, Group] = {}
    for team, (due, made) in teams["care_plan"].items():
        groups[team] = [known.pop(0) for _ in range(due - made)]
    for team, (due, made) in teams["care_plan"].items():
        groups[team] += [known.pop(0) for _ in range(made)]
        groups[team] += [new.pop() for _ in range(teams["visited"][team][0] - due)]
    return groups

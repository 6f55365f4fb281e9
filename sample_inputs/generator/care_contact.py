"""Visits to children in care and supervision of their cases, so many in time at each month end."""

import random
from datetime import date

from .care_people import Life
from .care_teams import Group
from .care_totals import LAST, MONTH_ENDS, YEAR, read_care_totals
from .days import RUN_DATE
from .flows import Placed
from .rhythm import Course, Quota, Window, in_time, last_days, promise, settle

RECORDED_FROM = date(2022, 5, 16)
SIX_WEEKS = 42
VISITS_EVERY, SUPERVISION_EVERY = 33, 38
# Lists under which a child is visited, or its case supervised.
VISITED_ON = ("cp", "cin", "cin_twice", "disability")
SUPERVISED_ON = (*VISITED_ON, "assessments", "leavers")

Spells = dict[str, list[Placed]]
Dated = tuple[date, Life]


def visits(
    rng: random.Random, lives: list[Life], spells: Spells, groups: dict[str, Group]
) -> list[Dated]:
    """The visits, by day; in July 2023 team by team."""
    others = _other_spans(spells, VISITED_ON)
    return _dated(rng, lives, others, groups, "visited", VISITS_EVERY)


def supervisions(
    rng: random.Random, lives: list[Life], spells: Spells, groups: dict[str, Group]
) -> list[Dated]:
    """The supervision, by day; in July 2023 team by team."""
    others = _other_spans(spells, SUPERVISED_ON)
    return _dated(rng, lives, others, groups, "supervised", SUPERVISION_EVERY)


def _other_spans(spells: Spells, names: tuple[str, ...]) -> dict[str, list[Window]]:
    """When each child was on other lists."""
    found: dict[str, list[Window]] = {}
    for name in names:
        for child, spell in spells[name]:
            found.setdefault(child, []).append(Window(spell.start, spell.end or RUN_DATE))
    return found


def _dated(
    rng: random.Random,
    lives: list[Life],
    others: dict[str, list[Window]],
    groups: dict[str, Group],
    measure: str,
    every: int,
) -> list[Dated]:
    """Events of one kind: settled month by month, then drawn."""
    by_child = {life.child: life for life in lives}
    courses = {life.child: Course(_spans(life)) for life in lives}
    for life in lives:
        _promise(life, courses[life.child], others.get(life.child, []))
    for month in range(YEAR, LAST + 1):
        for quota in _quotas(lives, groups, measure, month):
            settle(rng, quota, courses)
    days = [(day, child) for child, course in courses.items() for day in course.place(rng, every)]
    return [(day, by_child[child]) for day, child in sorted(days)]


def _spans(life: Life) -> list[Window]:
    """The recorded days on which the child is in care."""
    spans = [Window(max(stay.start, RECORDED_FROM), stay.end or RUN_DATE) for stay in life.stays]
    return [span for span in spans if span.first <= span.last]


def _promise(life: Life, course: Course, others: list[Window]) -> None:
    """Settle as in time: children of two periods, and who was on another list in those weeks.

    What another list's events add to the weeks changes nothing then.
    """
    for month in range(YEAR, LAST + 1):
        weeks = last_days(MONTH_ENDS[month], SIX_WEEKS)
        elsewhere = any(x.first <= weeks.last and x.last >= weeks.first for x in others)
        if life.in_care(weeks.last) and (life.twice or elsewhere):
            promise(course, month, weeks)


def _quotas(lives: list[Life], groups: dict[str, Group], measure: str, month: int) -> list[Quota]:
    """The quota of the month end; for July 2023 one a team, and one for the rest."""
    totals = read_care_totals()
    end = MONTH_ENDS[month]
    children = [life.child for life in lives for _ in life.open_records(end)]
    within = in_time(totals.percent[measure][month - YEAR], len(children))
    windows = [last_days(end, SIX_WEEKS)]
    quotas = []
    if month == LAST:
        for team, (_, number) in totals.teams[measure].items():
            there = [life.child for life, _ in groups[team]]
            quotas.append(Quota(month, there, windows, [number]))
            children = [child for child in children if child not in there]
            within -= number
    return [*quotas, Quota(month, children, windows, [within])]

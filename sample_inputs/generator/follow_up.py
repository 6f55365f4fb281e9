"""Visits, supervision and core groups of early help, plans, assessments and care leavers.

Children in care get theirs elsewhere. A child on a counted list and in care at once is visited
within ten working days and supervised within six weeks of every month end while on both lists.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .children import MONTH_ENDS
from .days import RUN_DATE
from .flows import Placed, Spell
from .outcomes import LAST
from .rhythm import (
    DAY,
    Course,
    Quota,
    Window,
    in_time,
    last_days,
    last_working_days,
    promise,
    settle,
)
from .services import Services
from .world import World

COUNTED_LISTS = ("assessments", "cin", "disability", "cp", "care", "unaccompanied", "leavers")
RECORDED_FROM = date(2022, 6, 1)
FOUR_WEEKS, SIX_WEEKS, WORKING_DAYS = 28, 42, 10
FORTNIGHT, THREE_WEEKS, MONTH, FIVE_WEEKS = 12, 20, 29, 34

Courses = dict[str, Course]
Dated = tuple[date, str]


@dataclass(frozen=True)
class Aim:
    """A list whose children are to be in time, the percentages' names by window, and the windows.

    ``days`` are calendar days, the narrowest window first; 0 stands for ten working days.
    """

    records: list[Placed]
    measures: list[str]
    days: list[int]

    def windows(self, end: date) -> list[Window]:
        """The windows that end with ``end``."""
        return [
            last_days(end, days) if days else last_working_days(end, WORKING_DAYS)
            for days in self.days
        ]


def early_help_visits(rng: random.Random, world: World) -> list[Dated]:
    """Visits to children open to early help."""
    aim = Aim(world.spells["early_help_episodes"], ["early_help_visited"], [FOUR_WEEKS])
    return _live(rng, world, [aim], THREE_WEEKS)


def early_help_supervisions(rng: random.Random, world: World) -> list[Dated]:
    """Supervision of the cases of children open to early help."""
    aim = Aim(world.spells["early_help_episodes"], ["early_help_supervised"], [SIX_WEEKS])
    return _live(rng, world, [aim], FIVE_WEEKS)


def plan_visits(rng: random.Random, world: World) -> dict[str, list[Dated]]:
    """Visits under child in need and child protection plans, by the kind of plan."""
    protection = ["cp_visited_in_10_working_days", "cp_visited_in_4_weeks"]
    aims = [
        Aim(world.spells["cp"], protection, [0, FOUR_WEEKS]),
        Aim(cin_records(world), ["children_in_need_not_cwd_visited"], [SIX_WEEKS]),
        Aim(world.spells["disability"], ["children_in_need_cwd_visited"], [SIX_WEEKS]),
    ]
    courses = _settled(rng, world, aims, 0)
    on_protection = {child for child, _ in world.spells["cp"]}
    visits: dict[str, list[Dated]] = {"CP visit": [], "CIN visit": []}
    for child, course in courses.items():
        kind = "CP visit" if child in on_protection else "CIN visit"
        every = FORTNIGHT if child in on_protection else THREE_WEEKS
        visits[kind] += [(day, child) for day in course.place(rng, every)]
    return visits


def supervisions(rng: random.Random, world: World) -> list[Dated]:
    """Supervision of cases under assessment, on plans, and of care leavers."""
    spells = world.spells
    aims = [
        Aim(spells["cp"], ["cp_supervised"], [SIX_WEEKS]),
        Aim(cin_records(world), ["children_in_need_not_cwd_supervised"], [SIX_WEEKS]),
        Aim(spells["disability"], ["children_in_need_cwd_supervised"], [SIX_WEEKS]),
        Aim(spells["assessments"], ["assessment_supervised"], [SIX_WEEKS]),
        Aim(spells["leavers"], ["care_leavers_supervised"], [SIX_WEEKS]),
    ]
    return _live(rng, world, aims, MONTH)


def core_groups(rng: random.Random, world: World) -> list[Dated]:
    """Core groups of children on protection plans."""
    aim = Aim(world.spells["cp"], ["cp_core_group_in_time"], [SIX_WEEKS])
    return _live(rng, world, [aim], FIVE_WEEKS)


def cin_records(world: World) -> list[Placed]:
    """Child in need plans outside the disability team, with those that stand twice."""
    return world.spells["cin"] + world.spells["cin_twice"]


def _live(rng: random.Random, world: World, aims: list[Aim], every: int) -> list[Dated]:
    """Days with a child, in order, that meet the aims at every month end."""
    courses = _settled(rng, world, aims, SIX_WEEKS)
    return sorted(
        (day, child) for child, course in courses.items() for day in course.place(rng, every)
    )


def _settled(rng: random.Random, world: World, aims: list[Aim], on_two_lists: int) -> Courses:
    """A course for each child, settled month by month for the aims.

    ``on_two_lists``: days in which a child on two lists is in time; 0 for ten working days.
    """
    courses: Courses = {}
    for aim in aims:
        for child, spell in aim.records:
            courses.setdefault(child, Course([])).spans.extend(_span(spell))
    both = Aim([], [], [on_two_lists])
    _promise_overlaps(world, courses, both)
    _promise_after_care(world, courses, both)
    for month in range(len(MONTH_ENDS)):
        for aim in aims:
            for quota in _quotas(rng, world.services, aim, month):
                settle(rng, quota, courses)
    return courses


def _span(spell: Spell) -> Iterator[Window]:
    """The recorded days on which a spell is open."""
    last = spell.end - DAY if spell.end else RUN_DATE
    if last >= RECORDED_FROM:
        yield Window(max(spell.start, RECORDED_FROM), last)


def _promise_overlaps(world: World, courses: Courses, both: Aim) -> None:
    """Promise a child on two lists at a month end to be in time."""
    for month, end in enumerate(MONTH_ENDS):
        seen: set[str] = set()
        for name in COUNTED_LISTS:
            here = {child for child, spell in world.spells[name] if spell.is_open(end)}
            for child in sorted(here & seen & courses.keys()):
                promise(courses[child], month, both.windows(end)[0])
            seen |= here


def _promise_after_care(world: World, courses: Courses, both: Aim) -> None:
    """Promise a child who was in care in the last weeks: what it had there changes nothing then."""
    for month, end in enumerate(MONTH_ENDS):
        weeks = last_days(end, SIX_WEEKS)
        for child, spell in world.spells["care"] + world.spells["unaccompanied"]:
            if child in courses and spell.start <= end and (spell.end or end) >= weeks.first:
                promise(courses[child], month, both.windows(end)[0])


def _quotas(rng: random.Random, services: Services, aim: Aim, month: int) -> list[Quota]:
    """The quota of a list at a month end; for July 2023, where there are teams, one a team."""
    end = MONTH_ENDS[month]
    open_now = [(child, spell) for child, spell in aim.records if spell.is_open(end)]
    within = [in_time(services.percent[name][month], len(open_now)) for name in aim.measures]
    by_team = services.teams.get(aim.measures[0], {}) if month == LAST else {}
    groups = _by_team(open_now, within[0], by_team)
    outside = _shared_out(rng, groups, len(open_now) - within[-1])
    return [
        Quota(month, children, aim.windows(end), [number, len(children) - out][: len(within)])
        for (children, number), out in zip(groups, outside, strict=True)
    ]


def _by_team(
    open_now: list[Placed], within: int, by_team: dict[str, tuple[int, int]]
) -> list[tuple[list[str], int]]:
    """The children of each team and how many are in time; those of the other teams last."""
    groups = [
        ([child for child, spell in open_now if spell.facts.get("team") == team], number)
        for team, (_, number) in by_team.items()
    ]
    rest = [child for child, spell in open_now if spell.facts.get("team") not in by_team]
    return [*groups, (rest, within - sum(number for _, number in groups))]


def _shared_out(rng: random.Random, groups: list[tuple[list[str], int]], total: int) -> list[int]:
    """Share ``total`` children out of time for the widest window among the groups' late ones."""
    late = [at for at, (children, number) in enumerate(groups) for _ in children[number:]]
    chosen = rng.sample(late, total)
    return [chosen.count(at) for at in range(len(groups))]

"""Initial child protection conferences, the enquiries behind them, and review conferences."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .days import FIRST_DAY, RUN_DATE, is_working, periods_from
from .flows import Placed, Spell
from .matching import working_days
from .outcomes import MONTHS_COUNTED, within
from .rhythm import in_time

IN_TIME_DAYS = 15
SOONEST, LATEST = 5, 38
NO_PLAN_SHARE = 0.13
TRANSFER_SHARE = 0.04
FIRST_REVIEW, NEXT_REVIEWS = 88, 175


@dataclass(frozen=True)
class Conference:
    """An initial conference about a child, and the strategy discussion that led to it."""

    day: date
    child: str
    strategy: date | None
    plan: bool
    transfer: bool = False

    def is_in_time(self) -> bool:
        """Whether it was held within 15 working days of the strategy discussion."""
        return bool(self.strategy and working_days(self.strategy, self.day) <= IN_TIME_DAYS)


def hold_conferences(
    rng: random.Random, plans: list[Placed], assessed: list[Placed], percents: list[int]
) -> list[Conference]:
    """A conference on the first day of each plan, and some without a plan during assessments."""
    held: list[Conference] = []
    on_plans = {child for child, _ in plans}
    for period, percent in zip(periods_from(FIRST_DAY), [*percents, percents[-1]], strict=True):
        led = [
            Conference(spell.start, child, None, plan=True, transfer=rng.random() < TRANSFER_SHARE)
            for child, spell in plans
            if within(period, spell.start)
        ]
        held += [one for one in led if one.transfer]
        own = [one for one in led if not one.transfer]
        alone = _without_plan(rng, assessed, on_plans, period.last)
        own += [next(alone) for _ in range(round(len(own) * NO_PLAN_SHARE))]
        held += _with_strategy_days(rng, own, alone, percent if period in MONTHS_COUNTED else None)
    return sorted(held, key=lambda one: (one.day, one.child))


def _with_strategy_days(
    rng: random.Random, own: list[Conference], more: Iterator[Conference], percent: int | None
) -> list[Conference]:
    """The conferences, so many in time; ``more`` are added until the percentage can come out."""
    while percent is not None and not _reachable(percent, len(own)):
        own.append(next(more))
    timely = len(own) // 2 if percent is None else in_time(percent, len(own))
    rng.shuffle(own)
    return [
        replace(one, strategy=_strategy_day(rng, one.day, timely=at < timely))
        for at, one in enumerate(own)
    ]


def _reachable(percent: int, total: int) -> bool:
    """Whether a number of the total is printed as the percentage."""
    try:
        in_time(percent, total)
    except ValueError:
        return False
    return True


def _without_plan(
    rng: random.Random, assessed: list[Placed], on_plans: set[str], month_end: date
) -> Iterator[Conference]:
    """Conferences that led to no plan, of children assessed some weeks ago, in the month."""
    likely = [
        (child, spell) for child, spell in assessed
        if child not in on_plans and 10 <= (month_end - spell.start).days <= 30
    ]  # fmt: skip
    rng.shuffle(likely)
    for child, spell in likely:
        first = max(spell.start + timedelta(5), month_end.replace(day=1))
        days = [first + timedelta(n) for n in range((month_end - first).days + 1)]
        days = [day for day in days if is_working(day)]
        if days:
            yield Conference(rng.choice(days), child, None, plan=False)


def _strategy_day(rng: random.Random, day: date, *, timely: bool) -> date:
    """A working day in time before the conference, or too long before it."""
    wanted = rng.randint(SOONEST, IN_TIME_DAYS) if timely else _late_days(rng)
    strategy = day
    while not (is_working(strategy) and working_days(strategy, day) == wanted):
        strategy -= timedelta(1)
    return strategy


def _late_days(rng: random.Random) -> int:
    """Working days too many, mostly a few."""
    return IN_TIME_DAYS + 1 + int((LATEST - IN_TIME_DAYS) * rng.random() ** 2)


def link_enquiries(
    rng: random.Random, held: list[Conference], enquiries: list[Spell], room: dict[date, int]
) -> tuple[list[Conference], dict[int, str]]:
    """The conferences with the first day of an enquiry as strategy discussion, where one fits.

    Gives too the child of each such enquiry by its ``id``. ``room`` says how many enquiries that
    end in a month (by its last day) may have led to a conference.
    """
    child_of: dict[int, str] = {}
    linked = list(held)
    for at in rng.sample(range(len(held)), len(held)):
        one = held[at]
        free = (spell for spell in enquiries if id(spell) not in child_of)
        fitting = [s for s in free if _leads_to(s, one) and _has_room(s, room)]
        if fitting:
            spell = rng.choice(fitting)
            child_of[id(spell)] = one.child
            linked[at] = replace(one, strategy=spell.start)
            _use_room(spell, room)
    return linked, child_of


def _leads_to(spell: Spell, one: Conference) -> bool:
    """Whether an enquiry began when the strategy discussion of the conference may have been."""
    if one.strategy is None or not is_working(spell.start):
        return False
    return (
        abs((spell.start - one.strategy).days) <= 7
        and spell.start < one.day
        and working_days(spell.start, one.day) >= SOONEST
        and (working_days(spell.start, one.day) <= IN_TIME_DAYS) == one.is_in_time()
    )


def _month_end(spell: Spell) -> date | None:
    """The last day of the counted month in which the enquiry ended."""
    return next((p.last for p in MONTHS_COUNTED if within(p, spell.end)), None)


def _has_room(spell: Spell, room: dict[date, int]) -> bool:
    """Whether the month in which the enquiry ended takes another that led to a conference."""
    end = _month_end(spell)
    return end is None or room[end] > 0


def _use_room(spell: Spell, room: dict[date, int]) -> None:
    """Count the enquiry in its month."""
    end = _month_end(spell)
    if end:
        room[end] -= 1


def review(rng: random.Random, plans: list[Placed]) -> list[tuple[date, date, str]]:
    """Review conferences as (held, due, child): three months into a plan, then half-yearly."""
    held = []
    for child, spell in plans:
        due = spell.start + timedelta(FIRST_REVIEW)
        while due < (spell.end or RUN_DATE):
            day = due - timedelta(
                rng.choices((rng.randint(0, 14), -rng.randint(1, 20)), (93, 7))[0]
            )
            while not is_working(day):
                day -= timedelta(1)
            if FIRST_DAY <= day <= RUN_DATE:
                held.append((day, due, child))
            due = day + timedelta(NEXT_REVIEWS)
    return sorted(held)

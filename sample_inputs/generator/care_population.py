"""Who is in care when: periods of care since July 2021, so many begun and ended in each month."""

import random
from collections import Counter
from datetime import date, timedelta

from .care_totals import CARE_FROM, PERIODS, YEAR, CareTotals, month_period, read_care_totals
from .days import draw_dates, working_on_or_before
from .flows import Flow, Pace, Spell, flow_to_targets, simulate

LOCAL_PACE = Pace(5, 100_000, 4500)
UNACCOMPANIED_PACE = Pace(30, 100_000, 600)
# Children in care at the end of July 2021, then evenly more up to the end of June 2022.
LOCAL_A_YEAR_BEFORE, UNACCOMPANIED_A_YEAR_BEFORE = 505, 15
LOCAL_BEFORE, UNACCOMPANIED_BEFORE = 530, 24
TURNOVER_BEFORE = 0.03
# Children who were adopted had been in care for one to three years.
ADOPTED_FROM, ADOPTED_TO = date(2019, 9, 1), date(2021, 6, 30)


def care_spells(rng: random.Random) -> dict[str, list[Spell]]:
    """Children in care: unaccompanied, adopted between July 2022 and July 2023, all others."""
    totals = read_care_totals()
    adopted = _adopted(rng, totals)
    before = _steps(LOCAL_A_YEAR_BEFORE, LOCAL_BEFORE)
    local = _flow(rng, [number - len(adopted) for number in before], *_local(totals))
    before = _steps(UNACCOMPANIED_A_YEAR_BEFORE, UNACCOMPANIED_BEFORE)
    alone = _flow(rng, before, totals.flows["uasc_started"], totals.flows["uasc_ended"])
    return {
        "care": simulate(rng, PERIODS, local, LOCAL_PACE),
        "unaccompanied": simulate(rng, PERIODS, alone, UNACCOMPANIED_PACE),
        "adopted": adopted,
    }


def _steps(first: int, last: int) -> list[int]:
    """Twelve numbers from ``first`` to ``last``, as even as whole numbers allow."""
    return [first + (last - first) * n // (YEAR - 1) for n in range(YEAR)]


def _local(totals: CareTotals) -> tuple[list[int], list[int]]:
    """Starts and ends of children who are neither unaccompanied nor adopted, without doubles.

    Where a child has two periods, the start of the later and the end of the earlier are published
    but change nothing.
    """
    began = Counter(begins for _, begins, _ in totals.twice["periods"])
    ended = Counter(ends for _, _, ends in totals.twice["periods"])
    flows = totals.flows
    starts = [number - began[n] for n, number in enumerate(flows["local_started"])]
    pairs = zip(flows["local_ended"], flows["adopted"], strict=True)
    return starts, [number - less - ended[n] for n, (number, less) in enumerate(pairs)]


def _flow(rng: random.Random, before: list[int], starts: list[int], ends: list[int]) -> Flow:
    """A year that leads to the last of ``before``, then the starts and ends given."""
    early = flow_to_targets(rng, before[0] - 2, before, TURNOVER_BEFORE)
    return Flow(early.opening, early.starts[:-1] + starts + [1], early.ends[:-1] + ends + [2])


def _adopted(rng: random.Random, totals: CareTotals) -> list[Spell]:
    """The periods of care that end with adoption, by start."""
    days = (ADOPTED_TO - ADOPTED_FROM).days
    spells = [
        Spell(working_on_or_before(ADOPTED_FROM + timedelta(rng.randrange(days))), end)
        for month, count in enumerate(totals.flows["adopted"])
        for end in draw_dates(rng, month_period(month), count)
    ]
    return sorted(spells, key=lambda spell: spell.start)


def later_periods(rng: random.Random, spells: list[Spell]) -> list[tuple[Spell, Spell, str]]:
    """For children of two periods: the whole time in care, the months of both, the placement.

    The second of the three begins when the later period began and ends when the earlier one did.
    """
    usable = [spell for spell in spells if spell.end is None and spell.start < CARE_FROM]
    plan = read_care_totals().twice["periods"]
    chosen = rng.sample(usable, len(plan))
    found = []
    for spell, (cell, begins, ends) in zip(chosen, plan, strict=True):
        start = draw_dates(rng, month_period(begins), 1)[0]
        end = draw_dates(rng, month_period(ends), 1)[0] if ends <= YEAR else None
        found.append((spell, Spell(start, end), cell))
    return found

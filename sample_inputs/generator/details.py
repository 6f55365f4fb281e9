"""Further columns of lists: ages, how a referral was handled, when its case closed.

Each column is drawn from a random state of its own, so that it changes nothing else.
"""

import random
from datetime import date, timedelta

from .days import RUN_DATE, is_working
from .flows import Event, Placed
from .table import Cell

#: Working days that the multi-agency safeguarding hub took, with their weights.
HUB_DAYS = {0: 50, 1: 28, 2: 12, 3: 6, 5: 4}
EXPLOITED_SHARE = 0.03
ADULT_SHARE = 0.12


def births(children: list[str], known: set[str], *, adults: bool = False) -> list[Cell]:
    """Days of birth by child; blank for those whose day another list has (``known``)."""
    return [None if child in known else _born(child, adults=adults) for child in children]


def referral_details(events: list[Event], placed_in_care: list[Placed]) -> dict[str, list[Cell]]:
    """Columns of referrals: birth, exploitation, when the hub was done, when the case closed."""
    rng = random.Random("referral details")
    in_care = {child for child, _ in placed_in_care}
    return {
        "Date of Birth": births([child for _, child in events], in_care),
        "CSE Factor": ["Y" if rng.random() < EXPLOITED_SHARE else "N" for _ in events],
        "MASH Completed": [_hub_done(rng, day) for day, _ in events],
        "Case Closure Date": [_closed(rng, day) for day, _ in events],
    }


def _born(child: str, *, adults: bool) -> date:
    rng = random.Random(f"birth of {child}")
    years = rng.uniform(21, 45) if adults and rng.random() < ADULT_SHARE else rng.uniform(0, 17)
    return date(2022, 6, 30) - timedelta(round(years * 365.25))


def _hub_done(rng: random.Random, day: date) -> date | None:
    left = rng.choices(list(HUB_DAYS), list(HUB_DAYS.values()))[0]
    done = day
    while left:
        done += timedelta(1)
        left -= is_working(done)
    return done if done <= RUN_DATE else None


def _closed(rng: random.Random, day: date) -> date | None:
    closed = day + timedelta(rng.randint(20, 240))
    return closed if closed <= RUN_DATE else None

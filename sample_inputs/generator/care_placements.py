"""The placements of children in care: each begins when the one before it ends."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .care_moves import Moves, stay_at
from .care_people import Life
from .care_places import Places
from .care_totals import LAST, MONTH_ENDS, PERIODS, YEAR, read_care_totals
from .flows import Spell
from .rhythm import in_time

NEAR_MILES = 20
NEARER = ("parents", "connected", "in_house")
UNKNOWN_DISTANCE = 0.05
# SSDA903 codes of each kind of placement with their weights, and of its providers.
CODES: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "residential": ({"K2": 9, "K1": 1}, {"PR4": 8, "PR1": 1, "PR5": 1}),
    "hotel_like": ({"H5": 1}, {"PR4": 3, "PR5": 1}),
    "unregulated": ({"Z102": 4, "Z103": 2, "Z104": 1}, {"PR4": 4, "PR5": 1}),
    "parents": ({"P1": 1}, {"PR0": 1}),
    "connected": ({"U1": 2, "U3": 3}, {"PR1": 1}),
    "connected_elsewhere": ({"U3": 1}, {"PR2": 1}),
    "agency": ({"U4": 4, "U6": 3}, {"PR4": 1}),
    "fostering_for_adoption": ({"U5": 1}, {"PR4": 1}),
    "in_house": ({"U4": 4, "U6": 4}, {"PR1": 1}),
    "adoption": ({"A6": 7, "A5": 2, "A4": 1, "A3": 1}, {"PR1": 3, "PR5": 1}),
    "other": ({"S1": 4, "R1": 1, "R2": 1, "R5": 1}, {"PR4": 2, "PR3": 1}),
}  # fmt: skip


@dataclass(eq=False)
class Placement:
    """A placement of one child; ``near`` is within 20 miles of home."""

    life: Life
    start: date
    end: date | None
    kind: str
    near: bool = True

    def is_open(self, day: date) -> bool:
        """Whether the child is in the placement at the end of ``day``."""
        return self.start <= day and (self.end is None or self.end > day)


def make_placements(rng: random.Random, lives: list[Life]) -> list[Placement]:
    """All placements, child by child."""
    kinds = Places(rng, lives).kinds
    moves = Moves(rng, lives, kinds)
    found = [
        placement
        for life in lives
        for stay in life.stays
        for placement in _placements_of(rng, life, stay, kinds, moves)
    ]
    _settle_distances(rng, found)
    return found


def codes(rng: random.Random, placement: Placement) -> tuple[str, str]:
    """The codes of the placement's type and of its provider."""
    types, providers = CODES[placement.kind]
    return (
        rng.choices(list(types), list(types.values()))[0],
        rng.choices(list(providers), list(providers.values()))[0],
    )


def miles(rng: random.Random, placement: Placement) -> str | None:
    """The distance from home; that of a few far ones is not known."""
    if placement.near:
        return f"{0.3 + 19 * rng.random() ** 1.4:.1f}"
    known = rng.random() >= UNKNOWN_DISTANCE
    return f"{NEAR_MILES + 1 + 120 * rng.random() ** 2.5:.1f}" if known else None


def _placements_of(
    rng: random.Random, life: Life, stay: Spell, kinds: list[dict[str, str]], moves: Moves
) -> list[Placement]:
    """The placements of one stay, in order."""
    here = [month for month in range(LAST + 1) if stay_at(life, month) is stay]
    kind = kinds[here[0]][life.child] if here else "in_house"
    found = [Placement(life, stay.start, None, kind)]
    for month in here[1:]:
        number = moves.number[life.child, month]
        days = sorted(rng.sample(PERIODS[month].days(), number))
        for turn, day in enumerate(days, 1):
            kind = kinds[month][life.child] if turn == number else found[-1].kind
            found[-1].end = day
            found.append(Placement(life, day, None, kind))
    found[-1].end = stay.end
    return found


def _settle_distances(rng: random.Random, placements: list[Placement]) -> None:
    """Choose which placements are near, month by month as they begin."""
    begun: defaultdict[int, list[Placement]] = defaultdict(list)
    for placement in placements:
        month = next((n for n, day in enumerate(MONTH_ENDS) if day >= placement.start), LAST)
        begun[month].append(placement)
    for month, day in enumerate(MONTH_ENDS):
        new = [placement for placement in begun[month] if placement.is_open(day)]
        old = [x for n in range(month) for x in begun[n] if x.is_open(day)]
        _settle_month(rng, month, new, old)


def _settle_month(
    rng: random.Random, month: int, new: list[Placement], old: list[Placement]
) -> None:
    """Make so many new placements near that the percentage comes out."""
    day = MONTH_ENDS[month]

    def records(placements: list[Placement]) -> int:
        return sum(len(placement.life.open_records(day)) for placement in placements)

    total = records(new) + records(old)
    percent = read_care_totals().percent["near"][max(month - YEAR, 0)]
    wanted = in_time(percent, total) - records([x for x in old if x.near])
    if not 0 <= wanted <= records(new):
        raise ValueError(f"month {month}: {wanted} of {records(new)} new placements near")
    order = sorted(new, key=lambda x: (rng.random() > 0.6, x.kind not in NEARER, rng.random()))
    for placement in order:
        weight = len(placement.life.open_records(day))
        placement.near = wanted >= weight
        wanted -= weight if placement.near else 0

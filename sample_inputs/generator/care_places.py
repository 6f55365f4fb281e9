"""Where each child in care is placed at each month end: kinds of placement in exact numbers."""

import random
from collections import Counter

from .care_people import Life
from .care_totals import LAST, MONTH_ENDS, YEAR, CareTotals, read_care_totals

OTHER = "other"
ADOPTION, FOR_ADOPTION = "adoption", "fostering_for_adoption"
# Kinds in the order in which their vacancies are filled. "hotel_like" is H5, which the board counts
# both as residential and as unregulated; "connected" are the council's own connected carers.
KINDS = (ADOPTION, FOR_ADOPTION, "unregulated", "hotel_like", "connected_elsewhere", OTHER,
         "residential", "parents", "connected", "agency", "in_house")  # fmt: skip
# At least so many in H5, and in other placements (residential schools, hospitals, custody).
FEWEST_HOTEL_LIKE, FEWEST_OTHERS = 6, 5
Ages = tuple[int, int]
# Ages that a kind is for, and ages that it would still take.
USUAL_AGES: dict[str, Ages] = {
    "unregulated": (16, 18), "hotel_like": (15, 18), "residential": (9, 17), OTHER: (11, 18),
}  # fmt: skip
FOSTER_HOMES = ("agency", "in_house")
ADOPTERS_NOT_YET = 10


def targets(totals: CareTotals, month: int, in_care: int) -> dict[str, int]:
    """How many children are in each kind of placement; before July 2022, as then in proportion."""
    at = max(month - YEAR, 0)
    found = _targets_of(totals, at, in_care if month >= YEAR else 0)
    if month >= YEAR:
        return found
    return found | {"in_house": in_care - sum(found.values()) + found["in_house"]}


def _targets_of(totals: CareTotals, at: int, in_care: int) -> dict[str, int]:
    """The published numbers as kinds that do not overlap."""
    given = {name: numbers[at] for name, numbers in totals.placed.items()}
    given["in_house"] -= given["connected"] - given["connected_elsewhere"]
    given["connected"] -= given["connected_elsewhere"]
    given["agency"] -= given[FOR_ADOPTION]
    left = in_care - sum(given.values()) if in_care else 0
    both = max(FEWEST_HOTEL_LIKE, FEWEST_OTHERS - left)
    given["hotel_like"] = both
    given["residential"] -= both
    given["unregulated"] -= both
    given[OTHER] = left + both if in_care else FEWEST_OTHERS
    return given


class Places:
    """The kind of placement of each child, month by month; gives ``kinds`` for each month end."""

    def __init__(self, rng: random.Random, lives: list[Life]) -> None:
        self._rng = rng
        self._lives = lives
        self._totals = read_care_totals()
        self._since = {life.child: rng.randint(0, YEAR) for life in lives}
        self.kinds: list[dict[str, str]] = []
        for month in range(LAST + 1):
            self.kinds.append(self._month(month))

    def _month(self, month: int) -> dict[str, str]:
        """Settle a month: whom it keeps where, who must move, who fills which vacancy."""
        here = [life for life in self._lives if life.in_care(MONTH_ENDS[month])]
        wanted = targets(self._totals, month, len(here))
        before = self.kinds[-1] if self.kinds else {}
        fixed = self._fixed(month, here)
        kept = {life.child: before[life.child] for life in here if life.child in before} | fixed
        free = [life for life in here if life.child not in fixed]
        self._release(free, kept, wanted)
        self._fill(month, free, kept, wanted)
        return kept

    def _fixed(self, month: int, here: list[Life]) -> dict[str, str]:
        """The children whose placement is decided by what becomes of them."""
        fixed = {life.child: life.twice[1] for life in here if life.twice}
        adopted = [life.child for life in here if life.adopted and month >= self._since[life.child]]
        minded = sorted((x for x in here if x.minded is not None), key=lambda x: x.minded or 0)
        at = max(month - YEAR, 0)
        with_adopters = self._totals.placed[ADOPTION][at] - len(adopted)
        if month < YEAR:
            with_adopters = ADOPTERS_NOT_YET * month // YEAR
        fostered = self._totals.placed[FOR_ADOPTION][at]
        turns = [ADOPTION] * with_adopters + [FOR_ADOPTION] * fostered
        # Those who are fostered for adoption come after the first ten, and go to adopters first.
        if month < YEAR or with_adopters <= ADOPTERS_NOT_YET:
            rest = [""] * (ADOPTERS_NOT_YET - with_adopters)
            turns = turns[:with_adopters] + rest + turns[with_adopters:]
        fixed |= {life.child: kind for life, kind in zip(minded, turns, strict=False) if kind}
        return fixed | dict.fromkeys(adopted, ADOPTION)

    def _release(self, free: list[Life], kept: dict[str, str], wanted: dict[str, int]) -> None:
        """Take children out of kinds that are too full, and out of those meant for the fixed."""
        numbers = Counter(kept.values())
        for life in self._rng.sample(free, len(free)):
            kind = kept.get(life.child)
            if kind and (numbers[kind] > wanted[kind] or kind in (ADOPTION, FOR_ADOPTION)):
                numbers[kind] -= 1
                del kept[life.child]

    def _fill(
        self, month: int, free: list[Life], kept: dict[str, str], wanted: dict[str, int]
    ) -> None:
        """Fill the vacancies of each kind with those whom it fits best.

        A kind for some ages only may take a child out of a foster home if nobody else fits.
        """
        for kind in KINDS:
            moving = [life for life in free if life.child not in kept]
            vacancies = wanted[kind] - list(kept.values()).count(kind)
            if vacancies < 0:
                raise ValueError(f"month {month}: {-vacancies} too many in {kind}")
            if kind in USUAL_AGES:
                moving += [life for life in free if kept.get(life.child) in FOSTER_HOMES]
            moving.sort(key=lambda life: self._misfit(life, month, kind, life.child in kept))
            for life in moving[:vacancies]:
                kept[life.child] = kind
        if any(life.child not in kept for life in free):
            raise ValueError(f"month {month}: a child without a placement")

    def _misfit(self, life: Life, month: int, kind: str, settled: bool) -> float:
        """How badly a kind fits a child: years outside its ages; parents never without parents."""
        age = life.age(MONTH_ENDS[month])
        low, high = USUAL_AGES.get(kind, (0, 18))
        outside = max(low - age, age - high, 0)
        if kind in ("parents", "connected") and life.alone:
            outside += 20
        return outside + settled + self._rng.random()

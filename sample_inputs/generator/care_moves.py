"""How often each child in care moves, so that the children with three placements come out."""

import random
from collections import defaultdict

from .care_people import Life
from .care_places import ADOPTION, FOR_ADOPTION
from .care_totals import LAST, MONTH_ENDS, YEAR, read_care_totals
from .flows import Spell
from .rhythm import in_time

MANY = 3
STAYS_PUT = (ADOPTION, FOR_ADOPTION, "parents", "connected_elsewhere")


def stay_at(life: Life, month: int) -> Spell | None:
    """The stay in which the child is at the end of the month."""
    return next((stay for stay in life.stays if stay.is_open(MONTH_ENDS[month])), None)


class Moves:
    """How many times each child moves in each month; ``number`` is by child and month.

    A child whose kind of placement changes moves at least once. A placement counts for twelve month
    ends after it ended: all days of a month are in the same windows.
    """

    def __init__(self, rng: random.Random, lives: list[Life], kinds: list[dict[str, str]]) -> None:
        self._rng = rng
        self._lives = lives
        self._kinds = kinds
        self.number: defaultdict[tuple[str, int], int] = defaultdict(int)
        for month in range(1, LAST + 1):
            self._month(month)

    def _month(self, month: int) -> None:
        """Settle a month: moves to another kind, then others until enough have three."""
        here = [life for life in self._lives if stay_at(life, month)]
        settled = [life for life in here if stay_at(life, month) is stay_at(life, month - 1)]
        for life in settled:
            before, now = (self._kinds[n][life.child] for n in (month - 1, month))
            self.number[life.child, month] += before != now
        records = sum(len(life.open_records(MONTH_ENDS[month])) for life in here)
        have = sum(self._placements(life, month) >= MANY for life in here)
        missing = self._wanted(month, records) - have
        if missing < 0 and month >= YEAR:
            raise ValueError(f"month {month}: {-missing} too many with three placements")
        for life in self._likeliest(settled, month)[: max(missing, 0)]:
            self.number[life.child, month] += MANY - self._placements(life, month)

    def _wanted(self, month: int, records: int) -> int:
        """How many are to have three placements; fewer in the first year, as moves add up."""
        percents = read_care_totals().percent["three_placements"]
        if month < YEAR:
            return percents[0] * records * month // (100 * YEAR)
        return in_time(percents[month - YEAR], records)

    def _placements(self, life: Life, month: int) -> int:
        """How many placements the child has had in the twelve months to the end of the month."""
        window = range(max(month - YEAR + 1, 0), month + 1)
        since = MONTH_ENDS[month - YEAR] if month >= YEAR else None
        stays = [
            stay
            for stay in life.stays
            if stay.start <= MONTH_ENDS[month] and not (since and stay.end and stay.end <= since)
        ]
        return len(stays) + sum(self.number[life.child, n] for n in window)

    def _likeliest(self, settled: list[Life], month: int) -> list[Life]:
        """Those who may move, first who have moved once, longest ago: they count the shortest."""
        usable = [
            life
            for life in settled
            if self._placements(life, month) < MANY
            and not life.twice
            and self._kinds[month][life.child] not in STAYS_PUT
            and not self.number[life.child, month]
        ]

        def order(life: Life) -> tuple[bool, float]:
            last = max((n for n in range(month) if self.number[life.child, n]), default=month)
            return self._placements(life, month) < MANY - 1, last + 6 * self._rng.random()

        return sorted(usable, key=order)

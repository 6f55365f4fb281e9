"""Reviews of children in care: when due, when held, who took part, whether visits were in time."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .care_people import Life
from .care_totals import LAST, MONTH_ENDS, PERIODS, YEAR, read_care_totals
from .care_upkeep import HALF_YEAR, Members, Upkeep, day_in, members, total, wanted_of
from .rhythm import in_time, last_working_days

FIRST_REVIEW_WORKING_DAYS = 20
PARTICIPATION_AGE = 4
TOOK_PART = {"PN1": 60, "PN2": 10, "PN3": 8, "PN5": 12, "PN6": 10}
DID_NOT = {"PN4": 5, "PN7": 5}
TOO_YOUNG = "PN0"
LONG_AGO_DAYS = 60


@dataclass
class Review:
    """A review held."""

    life: Life
    due: date
    held: date
    participation: str = TOO_YOUNG
    visited: bool = False


class Reviews:
    """Reviews month by month from January 2022; ``held`` has all of them."""

    def __init__(self, rng: random.Random, lives: list[Life]) -> None:
        self._rng = rng
        self._lives = lives
        self._percent = read_care_totals().percent
        self._upkeep = Upkeep(rng, defaultdict(list))
        self._visited: dict[str, bool] = {}
        self.held: list[Review] = []
        for month in range(HALF_YEAR, LAST + 1):
            self._month(month)

    def _month(self, month: int) -> None:
        """Settle who is reviewed in a month, and what the reviews say."""
        people = members(self._lives, MONTH_ENDS[month])
        new = self._new_records(month)
        not_new = [(life, weight - new.get(life.child, 0)) for life, weight in people]
        not_new = [(life, weight) for life, weight in not_new if weight]
        wanted = wanted_of(self._percent["review"], month, total(people))
        reviewed = self._upkeep.settle(month, not_new, wanted - total(people) + total(not_new))
        reviewed += self._settle_visits(month, people, reviewed)
        made = [self._review(life, month) for life in reviewed]
        self._fit_percentages(month, people, made)
        self._settle_due_days(month, made)
        self._settle_participation(month, made)
        self.held += sorted(made, key=lambda review: (review.held, review.life.child))

    def _new_records(self, month: int) -> dict[str, int]:
        """Of the children open at the month end, the records too new to be reviewed."""
        since = last_working_days(MONTH_ENDS[month], FIRST_REVIEW_WORKING_DAYS).first
        found = members(self._lives, MONTH_ENDS[month], lambda _, record: record.start > since)
        return {
            life.child: weight for life, weight in found if not self._upkeep.in_date(life, month)
        }

    def _settle_visits(self, month: int, people: Members, reviewed: list[Life]) -> list[Life]:
        """Choose whose latest review found visits in time; gives whom to review besides."""
        chosen = {life.child for life in reviewed}
        percents = self._percent["visited_at_review"]
        wanted = in_time(percents[max(month - YEAR, 0)], total(people))
        if month < YEAR:
            wanted = total(people) * len(self._visited | dict.fromkeys(chosen)) // len(people)
            wanted = wanted * percents[0] // 100
        kept = [x for x in people if self._visited.get(x[0].child) and x[0].child not in chosen]
        missing = wanted - total(kept)
        more = self._besides(month, people, chosen, missing)
        missing += len(more) if missing < 0 else 0
        again = [x for x in people if x[0].child in chosen or x[0] in more]
        for life, weight in sorted(again, key=lambda x: (-x[1], self._rng.random())):
            self._visited[life.child] = weight <= missing
            missing -= weight if self._visited[life.child] else 0
        if missing and month >= YEAR:
            raise ValueError(f"month {month}: {missing} more reviews needed with visits in time")
        return more

    def _besides(self, month: int, people: Members, chosen: set[str], missing: int) -> list[Life]:
        """Children to review early, because those due cannot change the number enough.

        They are new, or have a review in date already, so that nothing else changes.
        """
        new = self._new_records(month)
        due = total([x for x in people if x[0].child in chosen])
        change = missing > due
        if 0 <= missing <= due or month < YEAR:
            return []
        usable = [
            life
            for life, weight in people
            if weight == 1 and life.child not in chosen
            and (life.child in new or self._reviewed_long_ago(life, month))
            and self._visited.get(life.child, False) is not change
        ]  # fmt: skip
        more = self._rng.sample(usable, missing - due if change else -missing)
        for life in more:
            self._upkeep.days[life.child].append(day_in(self._rng, month, life))
        return more

    def _fit_percentages(self, month: int, people: Members, made: list[Review]) -> None:
        """Add reviews that say what the last one said until their number allows the percentages."""
        if month < YEAR:
            return
        percents = [
            self._percent[name][month - YEAR] for name in ("reviews_in_time", "participation")
        ]
        usable = [life for life, _ in people if self._reviewed_long_ago(life, month)]
        for life in self._rng.sample(usable, len(usable)):
            old = sum(_old_enough(review) for review in made)
            if printable(percents[0], len(made)) and printable(percents[1], old):
                return
            self._upkeep.days[life.child].append(day_in(self._rng, month, life))
            made.append(self._review(life, month))
        raise ValueError(f"month {month}: no number of reviews gives {percents}")

    def _reviewed_long_ago(self, life: Life, month: int) -> bool:
        """Whether the child's latest review is in date, but not of the last weeks."""
        days = self._upkeep.days[life.child]
        ago = (MONTH_ENDS[month] - max(days)).days if days else 0
        return self._upkeep.in_date(life, month) and ago > LONG_AGO_DAYS

    def _review(self, life: Life, month: int) -> Review:
        held = self._upkeep.days[life.child][-1]
        return Review(life, PERIODS[month].last, held, visited=self._visited[life.child])

    def _settle_due_days(self, month: int, made: list[Review]) -> None:
        """Let so many have been due before they were held, in the same month."""
        first, last = PERIODS[month].first, PERIODS[month].last
        late = len(made) - self._share("reviews_in_time", month, len(made))
        order = sorted(made, key=lambda review: (review.held == first, self._rng.random()))
        for at, review in enumerate(order):
            before = [day for day in PERIODS[month].days() if day < review.held][-12:]
            after = [day for day in PERIODS[month].days() if review.held <= day <= last]
            review.due = self._rng.choice(before if at < late else after)

    def _share(self, name: str, month: int, number: int) -> int:
        """The share of ``number`` that is printed as published; about the same before July 2022."""
        percent = self._percent[name][max(month - YEAR, 0)]
        return percent * number // 100 if month < YEAR else in_time(percent, number)

    def _settle_participation(self, month: int, made: list[Review]) -> None:
        """Let so many of those old enough have taken part."""
        old = [review for review in made if _old_enough(review)]
        took_part = self._share("participation", month, len(old))
        for at, review in enumerate(self._rng.sample(old, len(old))):
            codes = TOOK_PART if at < took_part else DID_NOT
            review.participation = self._rng.choices(list(codes), list(codes.values()))[0]


def _old_enough(review: Review) -> bool:
    return review.life.age(review.held) >= PARTICIPATION_AGE


def printable(percent: int, number: int) -> bool:
    """Whether any share of ``number`` is printed as ``percent``."""
    try:
        in_time(percent, number)
    except ValueError:
        return False
    return True

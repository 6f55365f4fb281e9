"""Children in care one by one: their periods of care, why those ended, when the child was born."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from .care_population import later_periods
from .care_totals import LAST, PERIODS, YEAR, read_care_totals
from .days import FIRST_DAY, RUN_DATE
from .flows import Placed, Spell

YEAR_DAYS = 365.25
ADOPTED, ORDERS = {"E11": 1, "E12": 6}, {"E41": 2, "E45": 5, "E46": 2, "E47": 1, "E48": 1}
HOME_PLANNED, HOME_UNPLANNED, CLOSED_LATE = {"E4A": 1}, {"E4B": 1}, {"X1": 1}
GROWN_UP = {"E5": 2, "E6": 3, "E8": 3}
OTHERWISE = {"E3": 2, "E8": 3, "E9": 1}
USUAL = ADOPTED | ORDERS | {"E4A": 5, "E4B": 1, "E3": 1, "E8": 6}
# Ages of children in care in July 2023: from, to, weight.
AGES = ((0, 1, 6), (1, 5, 14), (5, 10, 20), (10, 16, 38), (16, 17.9, 22))
PERMANENCE_SHARE = 0.6
# Children with foster carers who may adopt, and with adopters who do not adopt before August 2023.
MINDED = 17


@dataclass(eq=False)
class Record:
    """A row of the list: a period of care as it was recorded."""

    start: date
    end: date | None
    reason: str | None = None
    team: str | None = None
    status: str = "C2"
    permanence: date | None = None

    def is_open(self, day: date) -> bool:
        """Whether the period is open at the end of ``day``."""
        return self.start <= day and (self.end is None or self.end > day)


@dataclass(eq=False)
class Life:
    """A child's time in care.

    ``stays`` are without gaps or overlaps; ``records`` are the same but where ``twice`` (the months
    with two periods, and the placement in all months). ``minded`` is the child's turn among those
    who are fostered for adoption or placed with adopters.
    """

    child: str
    alone: bool
    stays: list[Spell]
    records: list[Record] = field(default_factory=list)
    born: date = FIRST_DAY
    leaver: bool = False
    adopted: bool = False
    twice: tuple[Spell, str] | None = None
    minded: int | None = None

    def in_care(self, day: date) -> bool:
        """Whether the child is in care at the end of ``day``."""
        return any(stay.is_open(day) for stay in self.stays)

    def open_records(self, day: date) -> list[Record]:
        """The records open at the end of ``day``: one, or two."""
        return [record for record in self.records if record.is_open(day)]

    def age(self, day: date) -> int:
        """Whole years at ``day``."""
        before = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - before

    def last(self) -> date:
        """The last day in care, or the day of the extract."""
        return self.stays[-1].end or RUN_DATE


def make_lives(rng: random.Random, spells: dict[str, list[Placed]]) -> list[Life]:
    """The children who have been in care since July 2021, by first start."""
    lives: dict[str, Life] = {}
    for name in ("care", "adopted", "unaccompanied"):
        for child, spell in spells[name]:
            life = lives.setdefault(child, Life(child, name == "unaccompanied", []))
            life.stays.append(spell)
            life.stays.sort(key=lambda stay: stay.start)
            life.adopted |= name == "adopted"
    leavers = {child for child, _ in spells["leavers"]}
    found = sorted(lives.values(), key=lambda life: (life.stays[0].start, life.child))
    for life in found:
        life.leaver = life.child in leavers
        life.records = [Record(stay.start, stay.end) for stay in life.stays]
    _record_some_twice(rng, found, spells)
    _choose_minded(rng, found)
    _give_reasons(rng, found)
    for life in found:
        life.born = _birthday(rng, life)
        _describe(rng, life)
    return found


def _record_some_twice(
    rng: random.Random, lives: list[Life], spells: dict[str, list[Placed]]
) -> None:
    """Where a child has two periods for a while: the earlier is closed after the later began."""
    others = {
        child
        for name in ("cp", "cin", "disability", "assessments", "leavers")
        for child, _ in spells[name]
    }
    of_stay = {
        id(life.stays[0]): life
        for life in lives
        if len(life.stays) == 1 and not life.alone and life.child not in others
    }
    stays = [life.stays[0] for life in of_stay.values()]
    for stay, twice, cell in later_periods(rng, stays):
        life = of_stay[id(stay)]
        life.twice = (twice, cell)
        life.records = [Record(stay.start, twice.end), Record(twice.start, None)]


def _choose_minded(rng: random.Random, lives: list[Life]) -> None:
    """Choose the young children who are to be adopted later on."""
    usable = [
        life
        for life in lives
        if life.stays[-1].end is None and not (life.twice or life.alone or life.leaver)
        and date(2020, 3, 1) <= life.stays[0].start <= date(2022, 4, 30)
    ]  # fmt: skip
    for turn, life in enumerate(rng.sample(usable, MINDED)):
        life.minded = turn


def _give_reasons(rng: random.Random, lives: list[Life]) -> None:
    """Give each ended period its reason: the published numbers from July 2022, then the usual."""
    ended = [(life, record) for life in lives for record in life.records if record.end]
    flows = read_care_totals().flows
    for month, period in enumerate(PERIODS[YEAR : LAST + 1]):
        here = [x for x in ended if x[1].end and period.first <= x[1].end <= period.last]
        wanted = [flows[name][month] for name in ("orders", "home_planned", "home_unplanned")]
        _give_reasons_of_month(rng, here, wanted)
    for life, record in ended:
        if life.adopted or not record.reason:
            record.reason = _pick(rng, ADOPTED if life.adopted else _usual(life))


def _give_reasons_of_month(
    rng: random.Random, ended: list[tuple[Life, Record]], wanted: list[int]
) -> None:
    """Orders and returns home for so many, last for care leavers and for periods closed late."""
    usable = [(life, record) for life, record in ended if not (life.alone or life.adopted)]
    usable.sort(key=lambda x: (x[0].twice is not None, x[0].leaver, rng.random()))
    for number, choices in zip(wanted, (ORDERS, HOME_PLANNED, HOME_UNPLANNED), strict=True):
        for _, record in usable[:number]:
            record.reason = _pick(rng, choices)
        usable = usable[number:]
    for life, record in usable:
        record.reason = _pick(rng, CLOSED_LATE if life.twice else _otherwise(life))


def _otherwise(life: Life) -> dict[str, int]:
    return GROWN_UP if life.leaver or life.alone else GROWN_UP | OTHERWISE


def _usual(life: Life) -> dict[str, int]:
    return CLOSED_LATE if life.twice else GROWN_UP if life.leaver or life.alone else USUAL


def _pick(rng: random.Random, choices: dict[str, int]) -> str:
    return rng.choices(list(choices), list(choices.values()))[0]


def _birthday(rng: random.Random, life: Life) -> date:
    """A day of birth that fits the stays: born before the first, not yet 18 on the last day."""
    first, last = life.stays[0].start, life.last()
    shortest = (last - first).days / YEAR_DAYS
    reason = life.records[-1].reason
    if life.alone:
        low, high = max(15.2, shortest + 14.5), 17.95
    elif life.leaver and life.stays[-1].end:
        low, high = 17.9, 17.99
    elif life.adopted or reason in ADOPTED or life.minded is not None:
        low, high = shortest, shortest + 1.8
    elif life.twice and life.twice[1] in ("residential", "other"):
        low, high = max(11.5, shortest), 17
    elif reason in ("E5", "E6"):
        low, high = max(16.5, shortest), 17.99
    elif reason in ORDERS or reason in HOME_PLANNED | HOME_UNPLANNED:
        low, high = shortest, min(17.5, shortest + 11)
    else:
        low, high = _age_band(rng, shortest)
    days = YEAR_DAYS * (low + (max(high, low) - low) * rng.random())
    return min(last - timedelta(int(days)), first)


def _age_band(rng: random.Random, shortest: float) -> tuple[float, float]:
    """An age band that a child in care for ``shortest`` years can be in."""
    bands = [(max(low, shortest), high, weight) for low, high, weight in AGES if high > shortest]
    if not bands:
        return shortest, 17.99
    low, high, _ = rng.choices(bands, [weight for *_, weight in bands])[0]
    return low, high


def _describe(rng: random.Random, life: Life) -> None:
    """Give each record its legal status and, for some, when permanence was planned."""
    for record in life.records:
        record.status = _status(rng, life)
        planned = record.start + timedelta(rng.randint(70, 260))
        if rng.random() < PERMANENCE_SHARE and planned < (record.end or RUN_DATE):
            record.permanence = planned


def _status(rng: random.Random, life: Life) -> str:
    if life.alone:
        return "V2"
    if life.adopted or life.minded is not None:
        return "E1"
    return _pick(rng, {"C2": 58, "C1": 17, "V2": 25})

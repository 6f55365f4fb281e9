"""How records end: no further action, earlier plans; and which teams hold them in July 2023."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .children import MONTH_ENDS
from .days import FIRST_DAY, Period, periods_from
from .flows import Placed, Spell
from .matching import working_days
from .rhythm import in_time
from .services import Services

LAST = len(MONTH_ENDS) - 1
MONTHS_COUNTED = periods_from(FIRST_DAY)[: len(MONTH_ENDS)]
JULY = MONTHS_COUNTED[LAST]
EARLY_DAYS, IN_TIME_DAYS = 20, 45
# The teams of the records that the published tables do not give by team; weights.
OTHER_TEAMS: dict[str, dict[str | None, int]] = {
    "assessments": {
        "Frontline Team": 8, "SWF Central 2": 12, "Disability Team": 9, "SWF West 4": 10, None: 1,
    },
    "cp": {"Disability Team": 8, "Care Team 1": 4, "Care Team 2": 4, "Care Team 3": 4, None: 1},
}  # fmt: skip
# A child with this many earlier plans; weights by number, from 1.
EARLIER_PLANS = (80, 16, 4)
ATTEMPTS = 200


def within(period: Period, day: date | None) -> bool:
    """Whether there is a day and it lies in the period."""
    return day is not None and period.first <= day <= period.last


def flag_by_month(
    rng: random.Random,
    dated: list[tuple[date | None, Spell]],
    percents: list[int],
    last_resort: Callable[[Spell], bool],
) -> None:
    """Set ``nfa``: of the spells dated in a month, the percentage; others about the last one.

    Spells for which ``last_resort`` holds get it only where no others are left.
    """
    for period, percent in zip(MONTHS_COUNTED, percents, strict=True):
        spells = [spell for day, spell in dated if within(period, day)]
        spells.sort(key=lambda spell: (last_resort(spell), rng.random()))
        wanted = in_time(percent, len(spells))
        for at, spell in enumerate(spells):
            spell.facts["nfa"] = "Y" if at < wanted else "N"
    for day, spell in dated:
        if day:
            likely = rng.random() < percents[-1] / 100 and not last_resort(spell)
            spell.facts.setdefault("nfa", "Y" if likely else "N")


def count_earlier_plans(rng: random.Random, plans: list[Placed], percents: list[int]) -> None:
    """Set ``previous`` on each plan so that the percentage of open plans with any comes out."""
    for _ in range(ATTEMPTS):
        chosen = _repeats(rng, plans, percents)
        if chosen is not None:
            break
    else:
        raise ValueError("no choice of children with earlier plans gives the percentages")
    numbers = range(1, len(EARLIER_PLANS) + 1)
    for _, spell in plans:
        repeat = id(spell) in chosen
        spell.facts["previous"] = rng.choices(numbers, EARLIER_PLANS)[0] if repeat else 0


def _repeats(rng: random.Random, plans: list[Placed], percents: list[int]) -> set[int] | None:
    """The ``id`` of the plans that are not a child's first; None where the draw does not fit."""
    chosen = {id(spell) for _, spell in _after_another(plans)}
    decided: set[int] = set(chosen)
    for day, percent in zip(MONTH_ENDS, percents, strict=True):
        open_now = [spell for _, spell in plans if spell.is_open(day)]
        new = [spell for spell in open_now if id(spell) not in decided]
        wanted = in_time(percent, len(open_now)) - sum(id(spell) in chosen for spell in open_now)
        if not 0 <= wanted <= len(new):
            return None
        chosen |= {id(spell) for spell in rng.sample(new, wanted)}
        decided |= {id(spell) for spell in new}
    return chosen


def _after_another(plans: list[Placed]) -> Iterable[Placed]:
    """The plans of children who are on the list with an earlier one too."""
    seen: set[str] = set()
    for child, spell in sorted(plans, key=lambda item: item[1].start):
        if child in seen:
            yield child, spell
        seen.add(child)


def list_some_earlier_plans(rng: random.Random, plans: list[Placed], count: int) -> list[Placed]:
    """Earlier plans, ended before the first month, of ``count`` children who have had some.

    The number of earlier plans of every other such child is left blank: the list shows it.
    """
    first_ends = FIRST_DAY - timedelta(30)
    known = [(child, spell) for child, spell in plans if spell.facts["previous"]]
    listed = []
    for at, (child, spell) in enumerate(rng.sample(known, count)):
        gap = timedelta(rng.randint(90, 700))
        end = min(spell.start - gap, first_ends)
        start = end - timedelta(rng.randint(90, 500))
        listed.append((child, Spell(start, end, {"previous": 0})))
        if at % 2:
            spell.facts["previous"] = None
    return listed


def share_out_plans(rng: random.Random, plans: list[Placed], services: Services) -> None:
    """Set ``team`` on the plans open in July 2023: so many by team, so many not the first."""
    open_now = [spell for _, spell in plans if spell.is_open(JULY.last)]
    rng.shuffle(open_now)
    again = [spell for spell in open_now if spell.facts["previous"] != 0]
    first = [spell for spell in open_now if spell.facts["previous"] == 0]
    for team, (number, repeats) in services.teams["cp_second_plan"].items():
        for spell in _take(again, repeats) + _take(first, number - repeats):
            spell.facts["team"] = team
    for spell in again + first:
        spell.facts["team"] = _other_team(rng, "cp")


@dataclass
class _Kinds:
    """Assessments of July 2023 by what the team tables see of them; each is given out once."""

    early_ended: list[Spell]
    early_after: list[Spell]
    begun: list[Spell]
    in_time: list[Spell]
    late: list[Spell]

    def rest(self) -> list[Spell]:
        """The assessments not given out."""
        return self.early_ended + self.early_after + self.begun + self.in_time + self.late


def share_out_assessments(rng: random.Random, placed: list[Placed], services: Services) -> None:
    """Set ``team`` on the assessments begun or ended in July 2023: numbers by team."""
    kinds = _kinds_of(rng, [spell for _, spell in placed])
    ended = services.teams["assessments_in_time"]
    for team, (begun, early) in services.teams["assessments_done_early"].items():
        number, timely = ended[team]
        both = min(early, timely)
        spells = _take(kinds.early_ended, both) + _take(kinds.early_after, early - both)
        spells += _take(kinds.begun, begun - early) + _take(kinds.in_time, timely - both)
        for spell in spells + _take(kinds.late, number - timely):
            spell.facts["team"] = team
    for spell in kinds.rest():
        spell.facts["team"] = _other_team(rng, "assessments")


def _kinds_of(rng: random.Random, spells: list[Spell]) -> _Kinds:
    """Sort the assessments of July 2023, in random order, by how they began and ended."""
    kinds = _Kinds([], [], [], [], [])
    for spell in rng.sample(spells, len(spells)):
        begun, ended = within(JULY, spell.start), within(JULY, spell.end)
        length = working_days(spell.start, spell.end) if spell.end else IN_TIME_DAYS + 1
        if begun and length <= EARLY_DAYS:
            (kinds.early_ended if ended else kinds.early_after).append(spell)
        elif begun and not ended:
            kinds.begun.append(spell)
        elif ended and not begun:
            (kinds.in_time if length <= IN_TIME_DAYS else kinds.late).append(spell)
    return kinds


def _other_team(rng: random.Random, name: str) -> str | None:
    """A team that the published tables do not give figures of."""
    weights = OTHER_TEAMS[name]
    return rng.choices(list(weights), list(weights.values()))[0]


def _take(spells: list[Spell], count: int) -> list[Spell]:
    """Take ``count`` off the end of ``spells``."""
    if count > len(spells):
        raise ValueError(f"{count} records wanted where {len(spells)} are left")
    taken = spells[len(spells) - count :]
    del spells[len(spells) - count :]
    return taken

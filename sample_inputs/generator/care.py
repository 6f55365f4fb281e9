"""Everything recorded about children in care, made from the world."""

import random
from dataclasses import dataclass

from .care_contact import Dated, supervisions, visits
from .care_health import Assessment, Health
from .care_people import Life, make_lives
from .care_placements import Placement, make_placements
from .care_plans import care_plans, education_plans, pathway_plans
from .care_reviews import Review, Reviews
from .care_teams import give_teams
from .care_upkeep import Days
from .care_workers import Allocation, Allocations
from .flows import Placed
from .world import World


@dataclass(frozen=True)
class Care:
    """The children in care and what is recorded about them; short breaks besides."""

    lives: list[Life]
    short_breaks: list[Placed]
    placements: list[Placement]
    visits: list[Dated]
    supervisions: list[Dated]
    care_plans: list[Dated]
    pathway_plans: list[Dated]
    education_plans: list[Dated]
    reviews: list[Review]
    health: list[Assessment]
    allocations: list[Allocation]


def make_care(world: World) -> Care:
    """Decide everything, each part from a random state of its own."""
    spells = world.spells
    lives = make_lives(_random("lives"), spells)
    groups = give_teams(_random("teams"), lives)
    return Care(
        lives=lives,
        short_breaks=spells["short_breaks"],
        placements=make_placements(_random("placements"), lives),
        visits=visits(_random("visits"), lives, spells, groups),
        supervisions=supervisions(_random("supervisions"), lives, spells, groups),
        care_plans=_by_day(lives, care_plans(_random("care plans"), lives, groups)),
        pathway_plans=_by_day(lives, pathway_plans(_random("pathway plans"), lives)),
        education_plans=_by_day(lives, education_plans(_random("education plans"), lives)),
        reviews=Reviews(_random("reviews"), lives).held,
        health=sorted(
            Health(_random("health"), lives).made, key=lambda made: (made.day, made.life.child)
        ),
        allocations=Allocations(_random("workers"), lives).made,
    )


def _random(name: str) -> random.Random:
    return random.Random(f"children in care: {name}")


def _by_day(lives: list[Life], days: Days) -> list[Dated]:
    """Each day with its child, in order."""
    dated = [(day, life) for life in lives for day in days.get(life.child, [])]
    return sorted(dated, key=lambda x: (x[0], x[1].child))

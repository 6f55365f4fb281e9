"""Adoption and permanence: the decisions behind the placements for adoption."""

import random
from datetime import date, timedelta

from .care import Care
from .care_places import ADOPTION
from .table import Cell, Table

HEADERS = [
    "Child ID", "Adoption Decision Date", "Date of Placement Order", "Matched Date",
    "Placed for Adoption Date", "Adoption Order Date",
]  # fmt: skip


def permanence(rng: random.Random, care: Care) -> Table:
    """A row for each placement for adoption: decision, placement order, match, placement."""
    placed = [one for one in care.placements if one.kind == ADOPTION]
    ordered = sorted(placed, key=lambda one: (one.start, one.life.child))
    return Table(HEADERS, [_row(rng, one.life.child, one.start, one.end) for one in ordered])


def _row(rng: random.Random, child: str, placed: date, ended: date | None) -> list[Cell]:
    matched = placed - timedelta(rng.randint(14, 60))
    order = matched - timedelta(rng.randint(30, 200))
    decided = order - timedelta(rng.randint(20, 90))
    return [child, decided, order, matched, placed, ended]

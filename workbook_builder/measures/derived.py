"""Measures derived from other measures: rates, shares and sums of figures already made."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.definitions.measures import (
    Children,
    ChildrenInAny,
    Count,
    Measure,
    Rate,
    Share,
    Sum,
)
from workbook_builder.figures import WHOLE_SERVICE, Figure, Status
from workbook_builder.measures.population import Populations
from workbook_builder.months import Month

_Made = Mapping[tuple[str, Month, str], Figure]


def derived(
    measure: Measure,
    month: Month,
    team: str,
    figures: _Made,
    measures: Mapping[str, Measure],
    populations: Populations,
) -> Figure:
    """Return the figure of a rate, share or sum; blank, with the reason, where a part is blank."""
    parts = [_part(measures[part], month, team, figures) for part in measure.parts]
    for part in parts:
        if part is None or part.value is None:
            reason = part.status if part else Status.NOT_COVERED
            return Figure(measure.name, month, team, None, None, None, reason)
    values = [part.value for part in parts if part and part.value is not None]
    if isinstance(measure, Rate):
        people = populations.in_force(measure.population, month)
        return _ratio(measure, month, team, values[0], people, measure.per)
    if isinstance(measure, Share):
        return _ratio(measure, month, team, values[0], values[1], 1)
    assert isinstance(measure, Sum)  # the only other derived kind
    added = len(measure.sum_of)
    total = sum(values[:added]) - sum(values[added:])
    return Figure(measure.name, month, team, total, None, total, Status.CALCULATED)


def _part(measure: Measure, month: Month, team: str, figures: _Made) -> Figure | None:
    """Return a part's figure; a team without any record in a list that is counted has none: 0."""
    found = figures.get((measure.name, month, team))
    whole = figures.get((measure.name, month, WHOLE_SERVICE))
    if found or not whole or not measure.teams:
        return found
    if whole.status is Status.CALCULATED and isinstance(
        measure, Count | Children | ChildrenInAny | Sum
    ):
        return Figure(measure.name, month, team, 0, None, 0, Status.CALCULATED)
    return whole if whole.value is None else None


def _ratio(
    measure: Measure,
    month: Month,
    team: str,
    numerator: float,
    denominator: float | None,
    per: int,
) -> Figure:
    if denominator is None:
        reason = Status.NO_POPULATION
        return Figure(measure.name, month, team, numerator, None, None, reason)
    if denominator == 0:
        reason = Status.NO_DENOMINATOR
        return Figure(measure.name, month, team, numerator, 0, None, reason)
    value = numerator / denominator * per
    return Figure(measure.name, month, team, numerator, denominator, value, Status.CALCULATED)

"""The year to date: what has come together since 1 April.

Only what falls in a month adds up over months. Snapshots, rates and children who may come back in
another month do not, and a year with a blank month is not summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workbook_builder.definitions.measures import Count, During, Measure, Percentage, Sum
from workbook_builder.figures import Figure, Figures
from workbook_builder.months import Month

#: How months come together: their values added, or their numerators and their denominators.
Adding = Literal["sum", "ratio"]


@dataclass(frozen=True)
class ToDate:
    """How a row's year to date comes about, over how many of its last months, and its value.

    `reason` says why there is none.
    """

    adding: Adding | None
    months: int = 0
    value: float | None = None
    reason: str = ""


NOT_ADDED = ToDate(None, reason="Months of this indicator cannot be added up.")


def to_date(
    measure: Measure, measures: Mapping[str, Measure], figures: Figures, months: Sequence[Month]
) -> ToDate:
    """Return the year to date at the last of the months, unrounded."""
    adding = _adding(measure, measures)
    year = [month for month in months if month.financial_year == months[-1].financial_year]
    if adding is None or year[0].number != _FIRST:
        return NOT_ADDED
    found = [figures.get(measure.name, month) for month in year]
    values = [one for one in found if one is not None and _has(one, adding)]
    if len(values) < len(year):
        return ToDate(adding, len(year), reason="A month of the year is blank.")
    return ToDate(adding, len(year), _together(values, adding))


_FIRST = 4


def _adding(measure: Measure, measures: Mapping[str, Measure]) -> Adding | None:
    if isinstance(measure, Sum):
        parts = {_adding(measures[part], measures) for part in measure.parts}
        return "sum" if parts == {"sum"} else None
    if measure.quarterly or not isinstance(measure, Count | Percentage):
        return None
    if measure.clock != During(measure.during):
        return None
    return "sum" if isinstance(measure, Count) else "ratio"


def _has(figure: Figure, adding: Adding) -> bool:
    if adding == "sum":
        return figure.value is not None
    return figure.numerator is not None and figure.denominator is not None


def _together(figures: Sequence[Figure], adding: Adding) -> float | None:
    if adding == "sum":
        return sum(figure.value or 0 for figure in figures)
    whole = sum(figure.denominator or 0 for figure in figures)
    return sum(figure.numerator or 0 for figure in figures) / whole if whole else None

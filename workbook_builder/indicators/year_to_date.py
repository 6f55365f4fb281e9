"""The year to date: what has come together since 1 April.

Only what falls in a month adds up over months. Snapshots, rates and children who may come back in
another month do not, and a year with a blank month is not summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workbook_builder.definitions.measures import Count, During, Measure, Percentage, Sum
from workbook_builder.figures import Figures
from workbook_builder.months import Month

#: How months come together: their values added, or their numerators and their denominators.
Adding = Literal["sum", "ratio"]

_APRIL = 4


@dataclass(frozen=True)
class YearToDate:
    """How a row's year to date comes about, over how many of its last months, and its value.

    `reason` says why there is none.
    """

    adding: Adding | None
    months: int = 0
    value: float | None = None
    reason: str = ""


NOT_ADDED = YearToDate(None, reason="Months of this indicator cannot be added up.")


def year_to_date(
    measure: Measure, measures: Mapping[str, Measure], figures: Figures, months: Sequence[Month]
) -> YearToDate:
    """Return the year to date at the last of the months, unrounded."""
    adding = _adding(measure, measures)
    year = [month for month in months if month.financial_year == months[-1].financial_year]
    if adding is None or year[0].number != _APRIL:
        return NOT_ADDED
    known = [figure for month in year if (figure := figures.get(measure.name, month))]
    counts = [
        (figure.value, 1.0) if adding == "sum" else (figure.numerator, figure.denominator)
        for figure in known
    ]
    numerators = [numerator for numerator, _ in counts if numerator is not None]
    denominators = [denominator for _, denominator in counts if denominator is not None]
    if min(len(numerators), len(denominators)) < len(year):
        return YearToDate(adding, len(year), reason="A month of the year is blank.")
    if adding == "sum":
        return YearToDate(adding, len(year), sum(numerators))
    whole = sum(denominators)
    return YearToDate(adding, len(year), sum(numerators) / whole if whole else None)


def _adding(measure: Measure, measures: Mapping[str, Measure]) -> Adding | None:
    """Return how months of a measure come together, if they do."""
    if isinstance(measure, Sum):
        parts = {_adding(measures[part], measures) for part in measure.parts}
        return "sum" if parts == {"sum"} else None
    if measure.quarterly or not isinstance(measure, Count | Percentage):
        return None
    if measure.clock != During(measure.during):
        return None
    return "sum" if isinstance(measure, Count) else "ratio"

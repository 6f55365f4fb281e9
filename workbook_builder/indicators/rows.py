"""Rows of a table with everything known and judged of them, ready to be laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workbook_builder.definitions.layouts import DEFAULT_LEVEL_BAND, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import (
    Count,
    During,
    Measure,
    Percentage,
    Polarity,
    Sum,
    Unit,
)
from workbook_builder.definitions.targets import DEFAULT_TOLERANCE, Entry
from workbook_builder.figures import REASONS, Commentary, Figure, Figures
from workbook_builder.indicators import rating
from workbook_builder.indicators.benchmarks import BenchmarkValues, typed_benchmarks
from workbook_builder.indicators.rating import Comparison, comparison
from workbook_builder.indicators.rounding import printed
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


NOTHING_WRITTEN = Commentary()


@dataclass(frozen=True)
class Shown:
    """One month's value as it is printed, or None and the reason why it is blank.

    `mark` is what a reader should know of it, if it is not what today's extracts give.
    """

    month: Month
    value: float | None
    reason: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Indicator:
    """A measure in a table row with what it is compared with and how it is judged.

    `rag`, `direction` and `trend` are None where they cannot be told; values are as printed,
    percentages as shares of one. `desired` is the polarity, also of a row that is not judged. A
    target in words is never judged. `short` is what the measure is called in a sentence.
    """

    measure: str
    reference: str
    title: str
    unit: Unit
    decimals: int
    better: Polarity | None
    months: tuple[Shown, ...]
    target: Entry | None
    tolerance: float
    benchmarks: tuple[Entry, ...]
    note: str
    rag: int | None
    direction: int | None
    trend: float | None
    desired: Polarity | None = None
    quarterly: bool = False
    level_band: float = DEFAULT_LEVEL_BAND
    to_date: YearToDate = NOT_ADDED
    targets_by_year: tuple[Entry | None, ...] = ()
    owner: str = ""
    reporter: str = ""
    outcome: str = ""
    qualitative: bool = False
    commentary: str = ""
    short: str = ""

    @property
    def name(self) -> str:
        """What the indicator is called in a sentence."""
        return self.short or self.title

    @property
    def compared(self) -> Comparison:
        """The positions of the months that are compared."""
        return comparison([shown.value for shown in self.months], quarterly=self.quarterly)

    def value_at(self, position: int | None) -> float | None:
        """Return the value at a position of the months, or None where there is none."""
        return None if position is None else self.months[position].value


def judged_rows(
    table: Table,
    definitions: Definitions,
    figures: Figures,
    months: Sequence[Month],
    commentary: Commentary = NOTHING_WRITTEN,
    benchmarks: BenchmarkValues | None = None,
    comparators: Sequence[str] | None = None,
) -> tuple[Indicator, ...]:
    """Return a table's rows, judged for the last of the months.

    Without `benchmarks` they are those of the definitions, without `comparators` all.
    """
    names = tuple(definitions.comparators) if comparators is None else comparators
    values = typed_benchmarks(definitions) if benchmarks is None else benchmarks
    return tuple(
        replace(
            _judged(row, table, definitions, figures, months, commentary),
            benchmarks=tuple(values[row.measure, name].entry for name in names),
        )
        for row in table.rows
    )


def _judged(
    row: Row,
    table: Table,
    definitions: Definitions,
    figures: Figures,
    months: Sequence[Month],
    commentary: Commentary,
) -> Indicator:
    """Return a row judged, still without its benchmarks."""
    measure = definitions.measures[row.measure]
    decimals = measure.decimals
    if measure.unit == "percent" and table.percent_decimals is not None:
        decimals = table.percent_decimals
    shown = tuple(
        _shown(figures.get(measure.name, month), month, measure.unit, decimals) for month in months
    )
    compared = comparison([month.value for month in shown], quarterly=measure.quarterly)
    current = None if compared.current is None else shown[compared.current].value
    previous = None if compared.previous is None else shown[compared.previous].value

    targets = definitions.targets.get(measure.name)
    if row.target is not None:
        target = None if row.target.missing else row.target
    else:
        judged_month = months[-1 if compared.current is None else compared.current]
        target = targets.in_force(judged_month) if targets else None
    tolerance = targets.tolerance if targets else DEFAULT_TOLERANCE
    desired = None if row.better == "neither" else row.better or measure.better
    better = desired if row.judged else None
    return Indicator(
        measure=measure.name,
        reference=row.reference,
        title=row.title or measure.title,
        unit=measure.unit,
        decimals=decimals,
        better=better,
        months=shown,
        target=target,
        tolerance=tolerance,
        benchmarks=(),
        note=row.note or (targets.note if targets else ""),
        rag=rating.rag(current, target.number if target else None, better, tolerance),
        direction=rating.direction(current, previous, better),
        trend=rating.trend(current, previous),
        desired=desired,
        quarterly=measure.quarterly,
        level_band=table.level_band,
        to_date=year_to_date(measure, definitions.measures, figures, months),
        targets_by_year=tuple(
            targets.in_year(year) if targets else None for year in table.target_years
        ),
        owner=row.owner,
        reporter=row.reporter,
        outcome=row.outcome,
        qualitative=row.qualitative,
        commentary=commentary.of(measure.name, months[-1]),
        short=measure.short,
    )


def _shown(figure: Figure | None, month: Month, unit: Unit, decimals: int) -> Shown:
    if figure is None or figure.value is None:
        return Shown(month, None, REASONS.get(figure.status, "") if figure else "")
    return Shown(month, printed(figure.value, unit, decimals), mark=figure.mark)

"""Rows of a table with everything known and judged of them, ready to be laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbook_builder.commentary import Commentary
from workbook_builder.definitions.layouts import DEFAULT_LEVEL_BAND, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure, Polarity, Unit
from workbook_builder.definitions.targets import DEFAULT_TOLERANCE, Entry, Target
from workbook_builder.figures import REASONS, Figure, Figures
from workbook_builder.indicators import rating
from workbook_builder.indicators.benchmarks import BenchmarkValues, typed
from workbook_builder.indicators.rating import (
    NOT_ADDED,
    Comparison,
    ToDate,
    comparison,
    printed,
    to_date,
)
from workbook_builder.months import Month

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
    """A measure in a table row with what it is held against and how it is judged.

    `rag`, `direction` and `trend` are None where they cannot be told; values are as printed,
    percentages as shares of one. `desired` is the polarity, also of a row that is not judged. A
    target in words is never judged.
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
    to_date: ToDate = NOT_ADDED
    targets_by_year: tuple[Entry | None, ...] = ()
    owner: str = ""
    reporter: str = ""
    outcome: str = ""
    qualitative: bool = False
    commentary: str = ""

    @property
    def compared(self) -> Comparison:
        """The positions of the months that are held against one another."""
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
    held: BenchmarkValues | None = None,
    comparators: Sequence[str] | None = None,
) -> tuple[Indicator, ...]:
    """Return a table's rows, judged for the last of the months.

    Without `held` the benchmarks are those of the definitions, without `comparators` all.
    """
    names = tuple(definitions.comparators) if comparators is None else comparators
    known = typed(definitions) if held is None else held
    return tuple(
        replace(
            _judged(row, table, definitions, figures, months, commentary),
            benchmarks=tuple(known[row.measure, name].entry for name in names),
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
    measure = definitions.measures[row.measure]
    decimals = _decimals(measure, table)
    shown = tuple(
        _shown(measure, decimals, figures.get(measure.name, month), month) for month in months
    )
    at = comparison([one.value for one in shown], quarterly=measure.quarterly)
    current, previous = _value(shown, at.current), _value(shown, at.previous)
    judged_month = months[-1] if at.current is None else months[at.current]
    set_target = definitions.targets.get(measure.name)
    target = _target(row, set_target, judged_month)
    tolerance = set_target.tolerance if set_target else DEFAULT_TOLERANCE
    desired = _desired(row, measure)
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
        note=row.note or (set_target.note if set_target else ""),
        rag=_rag(current, target.number if target else None, better, tolerance),
        direction=_direction(current, previous, better),
        trend=_trend(current, previous),
        desired=desired,
        quarterly=measure.quarterly,
        level_band=table.level_band,
        to_date=to_date(measure, definitions.measures, figures, months),
        targets_by_year=tuple(
            set_target.in_year(year) if set_target else None for year in table.target_years
        ),
        owner=row.owner,
        reporter=row.reporter,
        outcome=row.outcome,
        qualitative=row.qualitative,
        commentary=commentary.of(measure.name, months[-1]),
    )


def _desired(row: Row, measure: Measure) -> Polarity | None:
    if row.better == "neither":
        return None
    return row.better or measure.better


def _decimals(measure: Measure, table: Table) -> int:
    if measure.unit == "percent" and table.percent_decimals is not None:
        return table.percent_decimals
    return measure.decimals


def _value(shown: Sequence[Shown], position: int | None) -> float | None:
    return None if position is None else shown[position].value


def _target(row: Row, set_target: Target | None, month: Month) -> Entry | None:
    if row.target is not None:
        return None if row.target.missing else row.target
    return set_target.in_force(month) if set_target else None


def _shown(measure: Measure, decimals: int, figure: Figure | None, month: Month) -> Shown:
    if figure is None or figure.value is None:
        return Shown(month, None, REASONS.get(figure.status, "") if figure else "")
    return Shown(month, printed(figure.value, measure.unit, decimals), mark=figure.mark)


def _rag(
    value: float | None, target: float | None, better: Polarity | None, tolerance: float
) -> int | None:
    if value is None or target is None or better is None:
        return None
    return rating.rag(value, target, better, tolerance)


def _direction(
    current: float | None, previous: float | None, better: Polarity | None
) -> int | None:
    if current is None or previous is None or better is None:
        return None
    return rating.direction(current, previous, better)


def _trend(current: float | None, previous: float | None) -> float | None:
    if current is None or previous is None:
        return None
    return rating.trend(current, previous)

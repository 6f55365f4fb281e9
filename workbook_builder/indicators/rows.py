"""Rows of a table with everything known and judged of them, ready to be laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.layouts import Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure, Polarity, Unit
from workbook_builder.definitions.targets import DEFAULT_TOLERANCE, Target
from workbook_builder.definitions.values import Entry
from workbook_builder.figures import REASONS, Figure, Figures
from workbook_builder.indicators import judge
from workbook_builder.indicators.benchmarks import Held, typed
from workbook_builder.months import Month


@dataclass(frozen=True)
class Shown:
    """One month's value as it is printed, or None and the reason why it is blank."""

    month: Month
    value: float | None
    reason: str = ""


@dataclass(frozen=True)
class Indicator:
    """A measure in a table row with what it is held against and how it is judged.

    `rag`, `direction` and `trend` are None where they cannot be told; values are as printed,
    percentages as shares of one. A target in words is never judged.
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


def judged_rows(
    table: Table,
    definitions: Definitions,
    figures: Figures,
    months: Sequence[Month],
    held: Held | None = None,
    comparators: Sequence[str] | None = None,
) -> tuple[Indicator, ...]:
    """Return a table's rows, judged for the last of the months.

    Without `held` the benchmarks are those of the definitions, without `comparators` all.
    """
    names = tuple(definitions.comparators) if comparators is None else comparators
    known = typed(definitions) if held is None else held
    return tuple(
        replace(
            _judged(row, definitions, figures, months),
            benchmarks=tuple(known[row.measure, name].entry for name in names),
        )
        for row in table.rows
    )


def _judged(
    row: Row, definitions: Definitions, figures: Figures, months: Sequence[Month]
) -> Indicator:
    measure = definitions.measures[row.measure]
    shown = tuple(_shown(measure, figures.get(measure.name, month), month) for month in months)
    set_target = definitions.targets.get(measure.name)
    target = _target(row, set_target, months[-1])
    tolerance = set_target.tolerance if set_target else DEFAULT_TOLERANCE
    better = measure.better if row.judged else None
    current = shown[-1].value
    previous = shown[-2].value if len(shown) > 1 else None
    return Indicator(
        measure=measure.name,
        reference=row.reference,
        title=row.title or measure.title,
        unit=measure.unit,
        decimals=measure.decimals,
        better=better,
        months=shown,
        target=target,
        tolerance=tolerance,
        benchmarks=(),
        note=row.note or (set_target.note if set_target else ""),
        rag=_rag(current, target.number if target else None, better, tolerance),
        direction=_direction(current, previous, better),
        trend=_trend(current, previous),
    )


def _target(row: Row, set_target: Target | None, month: Month) -> Entry | None:
    if row.target is not None:
        return None if row.target.missing else row.target
    return set_target.in_force(month) if set_target else None


def _shown(measure: Measure, figure: Figure | None, month: Month) -> Shown:
    if figure is None or figure.value is None:
        return Shown(month, None, REASONS.get(figure.status, "") if figure else "")
    return Shown(month, judge.printed(figure.value, measure.unit, measure.decimals))


def _rag(
    value: float | None, target: float | None, better: Polarity | None, tolerance: float
) -> int | None:
    if value is None or target is None or better is None:
        return None
    return judge.rag(value, target, better, tolerance)


def _direction(
    current: float | None, previous: float | None, better: Polarity | None
) -> int | None:
    if current is None or previous is None or better is None:
        return None
    return judge.direction(current, previous, better)


def _trend(current: float | None, previous: float | None) -> float | None:
    if current is None or previous is None:
        return None
    return judge.trend(current, previous)

"""Finished figures that people supply: rows of the figures dataset in, figures out."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.engine.protocol import Engine
from workbook_builder.figures import WHOLE_SERVICE, Figure, Status
from workbook_builder.measures import kinds
from workbook_builder.measures.named import MeasureNames
from workbook_builder.months import Month
from workbook_builder.problems import Problem, Result

FIGURES = "figures"

SuppliedFigures = Mapping[tuple[str, Month, str], Figure]

#: A percentage above this is taken for one whose % sign was forgotten: 95 in place of 95%.
_LARGEST_SHARE = 1.5


def supplied_figures(
    engine: Engine, definitions: Definitions, layout: Layout
) -> Result[SuppliedFigures]:
    """Return the finished figures at hand, by measure, month and team.

    A measure is named by its key, or by a reference or title that means one measure only.
    """
    if FIGURES not in definitions.datasets:
        return Result({})
    columns = ("measure", "month", "team", "numerator", "denominator", "value")
    query = exp.select(*(exp.column(name) for name in columns)).from_(FIGURES)
    names = MeasureNames(definitions, layout)
    figures: dict[tuple[str, Month, str], Figure] = {}
    problems: list[Problem] = []
    for name, month, *rest in engine.rows(query):
        if _says_blank(*rest[1:]):
            continue
        measure = names.find(name)
        made = _figure(measure, Month.parse(month), *rest) if measure else _unknown(name, names)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            figures[made.measure, made.month, made.team] = made
    return Result(figures, tuple(dict.fromkeys(problems)))


def _says_blank(numerator: float | None, denominator: float | None, value: float | None) -> bool:
    """Tell whether the list itself says that a figure is not known, or nothing to divide by."""
    return value is None and not numerator and not denominator


def _unknown(name: str, names: MeasureNames) -> Problem:
    what = f'the measure "{name}" is not known. {names.hint(name)}'.strip()
    return Problem(kinds.UNKNOWN_FIGURE, what, done="The figure was left out.")


def _figure(
    measure: Measure,
    month: Month | None,
    team: str | None,
    numerator: float | None,
    denominator: float | None,
    value: float | None,
) -> Figure | Problem:
    if value is None and numerator is not None and denominator:
        value = numerator / denominator
    if month is None or value is None:
        return _unusable(measure, "has neither a value nor numerator and denominator")
    if measure.unit == "percent" and value > _LARGEST_SHARE:
        return _unusable(measure, "is a percentage above 150 %")
    return Figure(measure.name, month, team or WHOLE_SERVICE, numerator, denominator, value,
                  Status.SUPPLIED)  # fmt: skip


def _unusable(measure: Measure, why: str) -> Problem:
    what = f'a finished figure of "{measure.title}" {why}.'
    return Problem(kinds.FIGURE_UNREADABLE, what, done="It was left out.")

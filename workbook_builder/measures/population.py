"""Populations behind the rates: the estimate in force in a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from workbook_builder.engine.protocol import Engine
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result
from workbook_builder.statistics.kinds import POPULATION_DIFFERS

POPULATION = "population"

_MID_YEAR = (6, 30)


@dataclass(frozen=True)
class Populations:
    """Mid-year estimates by group and year."""

    estimates: Mapping[tuple[str, int], int]

    def in_force(self, group: str, month: Month) -> int | None:
        """Return the latest mid-year (30 June) estimate that is not after the month's end."""
        wanted = same_name(group)
        years = [
            year
            for name, year in self.estimates
            if name == wanted and date(year, *_MID_YEAR) <= month.last_day
        ]
        return self.estimates[wanted, max(years)] if years else None


def with_published(
    populations: Populations, published: Mapping[tuple[str, int], float]
) -> Result[Populations]:
    """Return populations filled up from published estimates by group and year.

    What the population extract says goes before; where the two differ, a note says both.
    """
    estimates = {(same_name(group), year): round(people)
                 for (group, year), people in published.items()}  # fmt: skip
    problems = tuple(
        _differs(group, year, populations.estimates[same_name(group), year], round(people))
        for (group, year), people in sorted(published.items())
        if populations.estimates.get((same_name(group), year), round(people)) != round(people)
    )
    return Result(Populations(estimates | dict(populations.estimates)), problems)


def _differs(group: str, year: int, extract: int, published: int) -> Problem:
    what = (
        f'"{group}" in mid-{year}: {extract:,} in the population extract, {published:,} in the '
        "published estimates."
    )
    return Problem(POPULATION_DIFFERS, what, done=f"Rates are for {extract:,} people.")


def read_populations(engine: Engine) -> Populations:
    """Return the estimates that the population dataset holds."""
    columns = [exp.column(name) for name in ("population_group", "year", "people")]
    rows = engine.rows(exp.select(*columns).from_(POPULATION))
    return Populations(
        {(same_name(group), year): people for group, year, people in rows if people is not None}
    )

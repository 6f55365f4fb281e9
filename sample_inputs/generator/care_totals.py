"""The published figures about children in care, read from ``totals_care.toml``."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .days import Period, periods_from

# The list of children in care and their placements reach back a year before the first month.
CARE_FROM = date(2021, 7, 1)
YEAR = 12
PERIODS = periods_from(CARE_FROM)
MONTH_ENDS = [period.last for period in PERIODS[:-1]]
LAST = len(MONTH_ENDS) - 1


@dataclass(frozen=True)
class CareTotals:
    """The tables of ``totals_care.toml``: figures in month order, July 2023 by team."""

    flows: dict[str, list[int]]
    twice: dict[str, list[tuple[str, int, int]]]
    placed: dict[str, list[int]]
    percent: dict[str, list[int]]
    teams: dict[str, dict[str, tuple[int, int]]]


@cache
def read_care_totals() -> CareTotals:
    """Read the file beside this module; gives its tables."""
    with Path(__file__).with_name("totals_care.toml").open("rb") as file:
        tables = tomllib.load(file)
    return CareTotals(**tables)


def month_period(month: int) -> Period:
    """The month that is ``month`` months after July 2022."""
    return PERIODS[YEAR + month]

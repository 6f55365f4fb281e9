"""The published totals, read from ``totals.toml``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

MONTHS = 13


@dataclass(frozen=True)
class Totals:
    """The tables of ``totals.toml``: each measure with its figures in month order."""

    events: dict[str, list[int]]
    stocks: dict[str, list[int]]
    chosen: dict[str, list[int]]
    population: dict[str, int]

    def open_assessments(self) -> list[int]:
        """Children with an open assessment at each month end.

        Whoever is open to the service and on no other list must have an open assessment; so must
        as many more as stand on two lists.
        """
        lists = ("cin_plans_not_disability", "cin_plans_disability", "cp_plans",
                 "children_in_care", "care_leavers")  # fmt: skip
        twice = ("with_assessment_and_cin_plan", "with_cp_plan_and_in_care")
        return [
            self.stocks["open_to_service"][month]
            - sum(self.stocks[name][month] for name in lists)
            + sum(self.chosen[name][month] for name in twice)
            for month in range(MONTHS)
        ]


def read_totals() -> Totals:
    """Read the file beside this module; gives its tables."""
    with Path(__file__).with_name("totals.toml").open("rb") as file:
        tables = tomllib.load(file)
    return Totals(tables["events"], tables["stocks"], tables["chosen"], tables["population"])

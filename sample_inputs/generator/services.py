"""The published figures of services to children, read from ``totals_services.toml``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Services:
    """The tables of ``totals_services.toml``: figures in month order, July 2023 by team.

    ``teams`` has, by measure and team, the number of records and how many meet the measure;
    ``caseloads`` has, by team, each worker's qualification and number of children.
    """

    early_help: dict[str, list[int]]
    percent: dict[str, list[int]]
    teams: dict[str, dict[str, tuple[int, int]]]
    caseloads: dict[str, list[tuple[str, int]]]


def read_services() -> Services:
    """Read the file beside this module; gives its tables."""
    with Path(__file__).with_name("totals_services.toml").open("rb") as file:
        tables = tomllib.load(file)
    return Services(tables["early_help"], tables["percent"], tables["teams"], tables["caseloads"])

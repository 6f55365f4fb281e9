"""Figures: one measure in one month, for the whole service or for one team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from workbook_builder.months import Month

#: Measure, month and team of a figure.
FigureKey = tuple[str, Month, str]

WHOLE_SERVICE = ""
NO_TEAM = "No team recorded"

#: Figures about fewer people than a limit are hidden, or none are.
Limit = int | Literal["off"]
OFF: Literal["off"] = "off"
LEAST_LIMIT, MOST_LIMIT = 2, 50


class Status(StrEnum):
    """Where a figure comes from or, if it is blank, why."""

    CALCULATED = "calculated"
    SUPPLIED = "supplied"
    PUBLISHED = "published"
    TYPED = "typed by hand"
    NO_EXTRACT = "no extract"
    NO_COLUMN = "no column"
    NOT_COVERED = "not covered"
    UNFINISHED = "unfinished month"
    NO_RECORDS = "no records"
    NO_DENOMINATOR = "denominator is zero"
    NO_POPULATION = "no population"
    NOT_A_SNAPSHOT_MONTH = "snapshot of another month"
    CANNOT_BE_COMPUTED = "cannot be computed"
    BETWEEN_QUARTERS = "between quarters"
    SUPPRESSED = "suppressed [c]"


#: Why a figure of each status is blank, in the words of the workbook's notes.
REASONS: dict[Status, str] = {
    Status.NO_EXTRACT: "No extract of this kind was given.",
    Status.NO_COLUMN: "The extract lacks a column that this is worked out from.",
    Status.NOT_COVERED: "The extract does not reach this month.",
    Status.UNFINISHED: "The extract holds only part of this month.",
    Status.NO_RECORDS: "The extract holds no record of this month, though it usually has many.",
    Status.NO_DENOMINATOR: "There is nothing to take a percentage or an average of.",
    Status.NO_POPULATION: "There is no population estimate for this month.",
    Status.NOT_A_SNAPSHOT_MONTH: "The extract shows only the reporting month.",
    Status.CANNOT_BE_COMPUTED: "The calculation gave no number.",
    Status.PUBLISHED: "Nothing was published here for this month; see the Revisions sheet.",
    Status.SUPPRESSED: "[c]: not shown, because it is about few or would give such a number away.",
    Status.BETWEEN_QUARTERS: "There is one figure a quarter, in the quarter's last month.",
}


@dataclass(frozen=True)
class Figure:
    """One measure in one month for one team; a team of "" is the whole service.

    Percentages are shares of one. A figure without a value says why in its status. `mark` is what
    a reader should know of it, if it is not what today's extracts give.
    """

    measure: str
    month: Month
    team: str
    numerator: float | None
    denominator: float | None
    value: float | None
    status: Status
    mark: str = ""

    @property
    def key(self) -> FigureKey:
        """Measure, month and team."""
        return self.measure, self.month, self.team

    @property
    def sort_key(self) -> tuple[str, str, int, int]:
        """Measure, then team, then month."""
        return self.measure, self.team, self.month.year, self.month.number


class Figures:
    """All figures of a workbook, each computed once and looked up by measure, month and team."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures: Mapping[FigureKey, Figure] = {figure.key: figure for figure in figures}

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._sorted)

    @cached_property
    def _sorted(self) -> tuple[Figure, ...]:
        return tuple(sorted(self._figures.values(), key=lambda figure: figure.sort_key))

    @cached_property
    def _teams(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for figure in self._sorted:
            if figure.team:
                found.setdefault(figure.measure, {})[figure.team] = None
        return {measure: tuple(teams) for measure, teams in found.items()}

    def teams(self, measure: str) -> tuple[str, ...]:
        """Return the teams that a measure has figures of, in order of their names."""
        return self._teams.get(measure, ())

    def get(self, measure: str, month: Month, team: str = WHOLE_SERVICE) -> Figure | None:
        """Return a figure, or None where there is none at all."""
        return self._figures.get((measure, month, team))

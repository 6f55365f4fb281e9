"""What a list of the records behind a figure holds, and how it is put in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.measures import Polarity
from workbook_builder.extracts.model import Sheet
from workbook_builder.figures import NO_TEAM, WHOLE_SERVICE
from workbook_builder.measures.time_limits import Timing
from workbook_builder.months import Month

#: A cell of a list: a text, a number, a day, yes or no, or nothing.
ListValue = str | float | bool | date | None


class Counts(StrEnum):
    """Whether a record counts."""

    YES = "Yes"
    NO = "No"
    NOT_JUDGED = "Not judged"
    SAME_CHILD = "Same child"


@dataclass(frozen=True)
class Tally:
    """What a record adds to a figure: to its numerator and to its denominator."""

    numerator: float = 0
    denominator: int = 0


NOTHING_ADDED = Tally()

#: Why a record cannot be judged where no cell of the extracts could say more.
NOT_TOLD = "The extracts do not say"


@dataclass(frozen=True)
class ListedRecord:
    """One record behind a figure.

    `child` says of whom it is, blank if nobody knows, `shown_child` does so as far as lists may
    show it. `in_team` is what it adds to the figure of its team, `in_service` to that of the whole
    service: a child who is in two teams counts in each, and in the service once. `values` are those
    of the list's columns; `unknown` are the headings of the cells without which it cannot be
    judged. `within` is the title of the measure that it is of, where several are together.
    """

    team: str
    child: str
    shown_child: str
    counts: Counts
    why: str
    values: tuple[ListValue, ...]
    timing: Timing
    last_event: date | None
    worker: str
    file: str
    sheet: str
    row: int
    in_team: Tally = NOTHING_ADDED
    in_service: Tally = NOTHING_ADDED
    within: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordList:
    """The records behind the figures of one measure in one month.

    `headings` are those of the records' values, as the extracts call them; `last_event` is the
    heading of the day of the latest visit or the like, `time_unit` what over and under are counted
    in, `due` what the day is called by which something must be done; each blank where there is
    nothing of the kind, as `child_heading` is where lists may not show the child.
    `has_denominator` tells whether its figures are shares or averages.
    """

    measure: str
    month: Month
    records: tuple[ListedRecord, ...]
    headings: tuple[str, ...] = ()
    child_heading: str = ""
    last_event: str = ""
    time_unit: str = ""
    due: str = ""
    has_denominator: bool = False
    has_teams: bool = False

    def tally(self, team: str = WHOLE_SERVICE) -> Tally:
        """Return the numerator and denominator of a team, or of the whole service."""
        tallies = [
            record.in_team if team else record.in_service
            for record in self.records
            if team in (WHOLE_SERVICE, record.team)
        ]
        return Tally(
            sum(tally.numerator for tally in tallies), sum(tally.denominator for tally in tallies)
        )

    @cached_property
    def teams(self) -> tuple[str, ...]:
        """The teams that its records are of."""
        return tuple(dict.fromkeys(record.team for record in self.records))


@dataclass(frozen=True)
class ListSource:
    """Where records come from: `sheets` by the numbers that the records bear.

    `unreadable` are the cells that hold something which cannot be read, by file, sheet, row and
    heading; `workers` who works with a child at a month's end.
    """

    sheets: Sequence[Sheet]
    unreadable: Collection[tuple[str, str, int, str]] = field(default=frozenset(), repr=False)
    workers: Mapping[Month, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def heading(self, dataset: Dataset, column: str) -> str:
        """Return what the extracts call a column, or else its first alias."""
        for sheet in self.sheets:
            if sheet.dataset == dataset.name and column in sheet.columns:
                headings = dict(zip(sheet.columns, sheet.recognised_by, strict=False))
                if column in headings:
                    return headings[column]
        aliases = dataset.columns[column].aliases
        return aliases[0] if aliases else column.replace("_", " ").capitalize()

    def has(self, dataset: Dataset, column: str) -> bool:
        """Tell whether an extract of a dataset has a column."""
        return any(
            sheet.dataset == dataset.name and column in sheet.columns for sheet in self.sheets
        )

    def of(self, number: int) -> Sheet:
        """Return the sheet of a number."""
        return self.sheets[number]


_BEST_FIRST = (Counts.YES, Counts.NO, Counts.NOT_JUDGED)


def each_child_once(records: Sequence[ListedRecord]) -> tuple[ListedRecord, ...]:
    """Let each child count once in each team, and once in the service, by the best of its records.

    A child who counts by any record counts; one who counts by none is not judged only if no record
    can be judged.
    """
    order = sorted(range(len(records)), key=lambda at: (_BEST_FIRST.index(records[at].counts), at))
    in_team: dict[tuple[str, str], int] = {}
    in_service: dict[str, int] = {}
    for at in order:
        record = records[at]
        if record.child:
            in_team.setdefault((record.team, record.child), at)
            in_service.setdefault(record.child, at)
    once = list(records)
    for at, record in enumerate(records):
        if not record.child:
            continue
        if in_service[record.child] != at:
            once[at] = replace(record, in_service=NOTHING_ADDED)
        first = in_team[record.team, record.child]
        if first != at:
            why = f"Counted by row {records[first].row} of {records[first].file}"
            once[at] = replace(once[at], counts=Counts.SAME_CHILD, why=why, in_team=NOTHING_ADDED)
    return tuple(once)


def worst_first(
    records: Iterable[ListedRecord],
    better: Polarity | None,
    team_order: Callable[[str], tuple[Any, ...]],
) -> tuple[ListedRecord, ...]:
    """Sort records by team, in each the worst first: what lacks altogether, then what is latest.

    Where fewer is better, those that count are the worst.
    """
    ranks = [Counts.NO, Counts.NOT_JUDGED, Counts.YES, Counts.SAME_CHILD]
    if better == "lower":
        ranks = [Counts.YES, Counts.NOT_JUDGED, Counts.NO, Counts.SAME_CHILD]

    def key(record: ListedRecord) -> tuple[Any, ...]:
        over = record.timing.over
        lateness = (over is not None, -(over or 0))
        days = [value.toordinal() for value in record.values if isinstance(value, date)]
        place = (record.file, record.sheet, record.row)
        team = team_order(record.team) if record.team else ()
        return (record.team == NO_TEAM, team, ranks.index(record.counts), lateness, days, place)

    return tuple(sorted(records, key=key))

"""Which months an extract covers, judged from the days of its own records.

The rule, in words: months with records are covered, but where a run of months begins or ends, the
month is unfinished if more records would be expected in the empty days than chance explains. A
month without any record is a true zero only where so few are usual that none is no surprise;
otherwise the extract has a hole. What an extract says of itself ("Period: 01/07/2022 to
31/07/2023" above its headings) goes before what its records suggest.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from workbook_builder.figures import Status
from workbook_builder.months import Month, months_between

#: Records expected in a gap from which on the gap is not believed to be chance: with seven
#: expected, none at all comes about once in a thousand (e to the power of -7, if they come singly).
UNBELIEVABLE = 7.0

_MONTHS_LOOKED_AT = 12


@dataclass(frozen=True)
class MonthOfRecords:
    """How many records fall in a month, and the first and the last day of them."""

    count: int
    first: date
    last: date


Activity = Mapping[Month, MonthOfRecords]
Period = tuple[date, date]


@dataclass(frozen=True)
class Run:
    """Months in a row without an unbelievable gap, and whether the first and the last are whole."""

    first: Month
    last: Month
    first_is_whole: bool
    last_is_whole: bool

    def status(self, month: Month) -> Status:
        """Return what the run says of one of its months."""
        cut = (month == self.first and not self.first_is_whole) or (
            month == self.last and not self.last_is_whole
        )
        return Status.UNFINISHED if cut else Status.CALCULATED


def runs_of(activity: Activity) -> tuple[Run, ...]:
    """Split the months of an extract's records into runs, in order of time."""
    months = sorted(activity)
    if not months:
        return ()
    starts = [at for at, month in enumerate(months) if at == 0 or _hole(activity, months, at)]
    edges = zip(starts, [*starts[1:], len(months)], strict=True)
    return tuple(_run(activity, months[first:end]) for first, end in edges)


def during_status(runs: Sequence[Run], month: Month) -> Status:
    """Return whether events of a month are all in an extract (CALCULATED), or why not."""
    for run in runs:
        if run.first <= month <= run.last:
            return run.status(month)
    if runs and runs[0].first < month < runs[-1].last:
        return Status.NO_RECORDS
    return Status.NOT_COVERED


def open_status(ends: Sequence[Run], changes: Sequence[Run], month: Month) -> Status:
    """Return whether all that was open at the end of a month is in an extract, or why not.

    `ends` are the runs of the end days, `changes` those of start and end days together. A list that
    has lost its ended records cannot tell what was open before the first end it holds.
    """
    if not ends or month < ends[0].first:
        return Status.NOT_COVERED
    begun = [run for run in ends if run.first <= month]
    if begun[-1] is not ends[-1] and month > begun[-1].last:
        return Status.NO_RECORDS
    status = during_status(changes, month)
    at_the_start = any(month == run.first for run in changes)
    # A snapshot looks at the end of the month only, so a run may begin in the midst of one.
    if status is Status.UNFINISHED and at_the_start and _whole_end(changes, month):
        return Status.CALCULATED
    return status


def stated_status(periods: Iterable[Period], month: Month) -> Status | None:
    """Return what the stated periods say of a month, or None if they do not touch it."""
    touching = [p for p in periods if p[0] <= month.last_day and month.first_day <= p[1]]
    if not touching:
        return None
    first = min(begin for begin, _ in touching)
    last = max(end for _, end in touching)
    whole = first <= month.first_day and month.last_day <= last
    return Status.CALCULATED if whole else Status.UNFINISHED


def last_whole_month(runs: Sequence[Run]) -> Month | None:
    """Return the last month that a set of runs covers to its end."""
    whole = [run.last if run.last_is_whole else run.last.plus(-1) for run in runs]
    kept = [month for month, run in zip(whole, runs, strict=True) if month >= run.first]
    return kept[-1] if kept else None


def _whole_end(runs: Sequence[Run], month: Month) -> bool:
    return all(run.last_is_whole or run.last != month for run in runs)


def _per_day(activity: Activity, months: Sequence[Month]) -> float:
    near = [activity[month].count for month in months]
    return median(near) / (365.25 / 12) if near else 0.0


def _hole(activity: Activity, months: Sequence[Month], at: int) -> bool:
    before, after = months[at - 1], months[at]
    missing = list(months_between(before.plus(1), after.plus(-1)))
    if not missing:
        return False
    days = sum(calendar.monthrange(month.year, month.number)[1] for month in missing)
    usual = _per_day(activity, months[max(0, at - _MONTHS_LOOKED_AT) : at])
    return usual * days >= UNBELIEVABLE


def _run(activity: Activity, months: Sequence[Month]) -> Run:
    first, last = months[0], months[-1]
    empty_before = (activity[first].first - first.first_day).days
    empty_after = (last.last_day - activity[last].last).days
    early = _per_day(activity, months[:_MONTHS_LOOKED_AT])
    late = _per_day(activity, months[-_MONTHS_LOOKED_AT:])
    return Run(
        first,
        last,
        first_is_whole=early * empty_before < UNBELIEVABLE,
        last_is_whole=late * empty_after < UNBELIEVABLE,
    )

"""The reporting month: the one asked for, or else the one that the extracts propose.

Proposed is the latest month that at least half of the lists cover to its end. A list covers a month
to its end if the period stated in it, or the days of its records, say so, unless the lists stop in
that month together: extracts are mostly run on one day, and while one quiet list cannot show that
it was run before the month was over, all that stop in the same month can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from workbook_builder.measures.coverage import DAY, IMPLAUSIBLE, CoveredPeriod, Period
from workbook_builder.months import Month
from workbook_builder.problem_catalogue import NO_MONTH
from workbook_builder.problems import Problem, Result
from workbook_builder.store.calendar import working_days


class ListCoverage(Protocol):
    """What one list must tell for the reporting month."""

    has_extract: bool

    @property
    def all_periods(self) -> tuple[CoveredPeriod, ...]:
        """The periods covered by all days of its records."""

    @property
    def last_whole_month(self) -> Month | None:
        """The last month that it covers to its end, going by this list alone."""

    def stops_in(self, month: Month) -> bool:
        """Tell whether its records stop in a month, and nothing stated covers the month."""


def reporting_month(asked: Month | None, lists: Mapping[str, ListCoverage]) -> Result[Month | None]:
    """Return the month asked for, or else the one that the extracts propose."""
    month = asked or proposed_reporting_month(tuple(lists.values()))
    if month is None:
        text = "no extract covers a whole month, so the reporting month cannot be told."
        return Result(None, (Problem(NO_MONTH, text),))
    return Result(month)


def proposed_reporting_month(lists: Sequence[ListCoverage]) -> Month | None:
    """Return the latest month that at least half of the lists with an extract cover to its end.

    None if no list covers a whole month.
    """
    stopped = stopped_months(period for each in lists for period in each.all_periods)
    months: list[Month] = []
    for each in lists:
        month = each.last_whole_month if each.has_extract else None
        if month is not None:
            cut_short = month in stopped and each.stops_in(month)
            months.append(month.plus(-1) if cut_short else month)
    months.sort(reverse=True)
    return months[(len(months) - 1) // 2] if months else None


def stopped_months(periods: Iterable[CoveredPeriod]) -> frozenset[Month]:
    """Return the months in which several lists, taken together, stop before the end.

    The working days left after the last record of any list that stops in the month are empty in
    each of these lists; together that may be implausible where it is not for one.
    """
    stopping: defaultdict[Month, list[CoveredPeriod]] = defaultdict(list)
    for period in periods:
        stopping[Month.of(period.last_record)].append(period)
    stopped: set[Month] = set()
    for month, ending in stopping.items():
        last = max(period.last_record for period in ending)
        days_left = working_days(last + DAY, month.last_day)
        if days_left * sum(period.surprisal for period in ending) >= IMPLAUSIBLE:
            stopped.add(month)
    return frozenset(stopped)


def last_month_in(period: Period) -> Month | None:
    """Return the last month that lies wholly in a period, if any does."""
    first, last = period
    month = Month.of(last)
    if last < month.last_day:
        month = month.plus(-1)
    return month if first <= month.first_day else None


def last_whole_month(periods: Iterable[Period]) -> Month | None:
    """Return the last month that lies wholly in one of the periods, if any does."""
    return max((month for month in map(last_month_in, periods) if month), default=None)

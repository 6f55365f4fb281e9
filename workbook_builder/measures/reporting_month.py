"""The delivery day, and the reporting month: the one asked for, or the one the extracts propose.

The lists of a month are run together. The delivery day is the last on which the busy ones among
them have records: days after it are planned or mistyped, and say nothing of what a list covers.

Proposed is the latest month that at least half of the lists cover to its end. A list covers a month
to its end if the period stated in it, or the days of its records, say so, unless the lists stop in
that month together: extracts are mostly run on one day, and while one quiet list cannot show that
it was run before the month was over, all that stop in the same month can.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Protocol

from workbook_builder.measures.coverage import (
    DAY,
    IMPLAUSIBLE,
    Activity,
    CoveredPeriod,
    Period,
    contradicts,
    covered_periods,
)
from workbook_builder.months import Month
from workbook_builder.problem_catalogue import NO_MONTH
from workbook_builder.problems import Problem, Result
from workbook_builder.store.calendar import working_days

#: Days planned ahead come in ones and twos: a fortnight with less than this share of the records of
#: a usual one is after the delivery day, where a usual fortnight has so many.
_FORTNIGHT = timedelta(days=14)
_AHEAD = 1 / 8
_BUSY = 16
_FORTNIGHTS = 26
#: Files that were written so many days after the last record of the busy lists are of that day: a
#: weekend and a bank holiday.
_WRITTEN_WITHIN = timedelta(days=4)


@dataclass(frozen=True)
class Delivery:
    """The days that the lists of a delivery cover together, and what the user says they cover.

    `begun` is the last day on which records of busy lists began: days that only something else has
    may be planned for the days just after it.
    """

    period: CoveredPeriod
    covers: Period | None = None
    begun: date = date.max

    @property
    def day(self) -> date:
        """The delivery day: the last on which the busy lists have records."""
        return self.period.last_record

    @property
    def until(self) -> date:
        """The day up to which the lists hold everything, if they were run together."""
        return self.period.last

    def is_of(self, written: date) -> bool:
        """Tell whether a file that was written on a day may have been run with the others."""
        return min(self.day, self.begun) <= written <= self.day + _WRITTEN_WITHIN

    def is_before(self, written: date) -> bool:
        """Tell whether a file was written before the others were run."""
        return written < min(self.day, self.begun)

    def believed(self, stated: Period) -> Period:
        """Cut a period that was stated at the delivery day if the busy lists contradict it."""
        first, last = stated
        return (first, self.until if contradicts(self.period, last) else last)


def delivery_of(
    began: Iterable[Activity], days: Iterable[Activity], covers: Period | None = None
) -> Delivery | None:
    """Find the delivery day from the days on which the records of all lists began.

    None without any record. A stray day far ahead of all others is a period of its own, and the one
    with the most records counts. The other days of records (of all `days`) move the delivery day as
    long as chance explains why no record begins before them; later ones are planned.
    """
    together = _added_up(began)
    last = begun = _last_busy_day(together)
    busiest = _busiest_period({day: number for day, number in together.items() if day <= last})
    if busiest is None:
        return None
    for day, number in sorted(_added_up(days).items()):
        if day > busiest.last_record and not contradicts(busiest, day):
            together[day] = number
            last = max(last, day)
    known = {day: number for day, number in together.items()
             if day <= last and not contradicts(busiest, day)}  # fmt: skip
    period = _busiest_period(known)
    return Delivery(period, covers, begun) if period else None


def _added_up(lists: Iterable[Activity]) -> Counter[date]:
    together: Counter[date] = Counter()
    for activity in lists:
        together.update(activity)
    return together


def _busiest_period(days: Activity) -> CoveredPeriod | None:
    return max(covered_periods(days), key=lambda period: period.records, default=None)


def _last_busy_day(together: Activity) -> date:
    """Return the last day that is not followed by days planned ahead only."""
    days = sorted(together, reverse=True)
    if not days:
        return date.max
    spans: Counter[int] = Counter()
    for day, number in together.items():
        spans[day.toordinal() // _FORTNIGHT.days] += number
    usual = median(sorted(spans.values(), reverse=True)[:_FORTNIGHTS])
    if usual < _BUSY:
        return days[0]
    for day in days:
        before = (day - timedelta(days=back) for back in range(_FORTNIGHT.days))
        if sum(together.get(one, 0) for one in before) >= usual * _AHEAD:
            return day
    return days[0]


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


class DeliveredList(ListCoverage, Protocol):
    """A list with the delivery that it came with."""

    delivery: Delivery | None


def reporting_month(asked: Month | None, lists: Mapping[str, ListCoverage]) -> Result[Month | None]:
    """Return the month asked for, or else the one that the extracts propose."""
    month = asked or proposed_reporting_month(tuple(lists.values()))
    if month is None:
        text = "no extract covers a whole month, so the reporting month is not clear."
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


def period_of_delivery(lists: Sequence[DeliveredList]) -> Period | None:
    """Return the days that at least half of the lists hold, up to the end of the delivery.

    None if no list goes by days.
    """
    delivery = next((each.delivery for each in lists if each.delivery), None)
    firsts = sorted(
        each.all_periods[-1].first for each in lists if each.has_extract and each.all_periods
    )
    if delivery is None or not firsts:
        return None
    first, last = firsts[len(firsts) // 2], delivery.until
    return (first, last) if first <= last else None


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

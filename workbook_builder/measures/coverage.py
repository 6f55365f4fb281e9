"""Which months an extract covers, judged from the days of its own records.

The rule, in words: the days of the records are one stretch until a gap comes that chance does not
explain, going by how often a working day brings no record. A stretch reaches to the beginning and
to the end of its months unless chance does not explain that those days are empty. A month is
covered that lies wholly in one stretch; one that a stretch only touches is unfinished. What an
extract says of itself ("Period: 01/07/2022 to 31/07/2023" above its headings) goes before what its
records suggest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from math import log
from statistics import median

from workbook_builder.figures import Status
from workbook_builder.months import Month, months_between
from workbook_builder.store.calendar import is_working_day, working_days

#: A gap is unbelievable from here on: it comes about once in a thousand (e to the power of -7).
UNBELIEVABLE = 7.0

#: Where every working day has records, it is their number that tells how odd an empty day would be;
#: so many of them (brothers and sisters, mostly) may come as one.
_COME_TOGETHER = 4

#: Between two records a gap must be odder than that: a quiet August is likelier than two extracts
#: that do not meet. And it must be so many times as long as the longest gap of a usual month, which
#: may be long for lists that are kept in batches (a panel every Tuesday).
_UNBELIEVABLE_INSIDE = 14.0
_USUAL_GAPS_INSIDE = 3.0

#: At a month's edge a gap that is much longer than usual is not believed either.
_USUAL_GAPS_AT_EDGE = 2.0

_MONTHS_LOOKED_AT = 12
_DAY = timedelta(days=1)
_CHRISTMAS_EVE = (12, 24)

#: A list that begins with less than this share of what is usually open has lost earlier records.
_BEGINS_EMPTY = 1 / 3
_BEGINS_GROWING = 2 / 3
#: Months with less than this share of the usual number of ends are of a time before the list.
_FEW_ENDS = 1 / 4
#: Where fewer are open, none may be open at any time.
_FEW_OPEN = 7
#: Lost records are believed to have ended after so many times as long as nearly all records last.
_LONGEST_LASTING = 2

#: How many records bear each day.
Activity = Mapping[date, int]
Period = tuple[date, date]
#: The day on which records started, the day on which they ended, if they did, and how many.
Spells = tuple[date, date | None, int]


@dataclass(frozen=True)
class Stretch:
    """The days from `first` to `last`, all covered, and the last record in them.

    `surprise` is how odd a working day without any record is, the odds against it as a logarithm.
    """

    first: date
    last: date
    last_record: date
    surprise: float

    @property
    def period(self) -> Period:
        """The first and the last day."""
        return self.first, self.last


def stretches_of(activity: Activity) -> tuple[Stretch, ...]:
    """Split the days of an extract's records where a gap is unbelievable, in order of time."""
    if not activity:
        return ()
    usual = _Usual(activity)
    found: list[tuple[date, date]] = []
    for day in usual.days:
        if found and not usual.hole(found[-1][1], day):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(usual.stretch(first, last) for first, last in found)


def during_status(stretches: Sequence[Stretch], month: Month) -> Status:
    """Return whether events of a month are all in an extract (CALCULATED), or why not."""
    found = _status([one.period for one in stretches], month)
    if found is not None:
        return found
    between = stretches and stretches[0].first < month.first_day < stretches[-1].last
    return Status.NO_RECORDS if between else Status.NOT_COVERED


def open_status(ends: Sequence[Stretch], changes: Sequence[Stretch], month: Month) -> Status:
    """Return whether all that was open at the end of a month is in an extract, or why not.

    `ends` are the stretches of the end days, `changes` those of start and end days together. A list
    that has lost its ended records cannot tell what was open before the first end it holds.
    """
    if not ends or month < Month.of(ends[0].first):
        return Status.NOT_COVERED
    begun = [one for one in ends if one.first <= month.last_day]
    if begun[-1] is not ends[-1] and month.last_day > begun[-1].last:
        lost = month.first_day > begun[-1].last
        return Status.NO_RECORDS if lost else Status.UNFINISHED
    # A snapshot looks at the end of the month only, so a stretch may begin in the midst of one.
    if any(one.first <= month.last_day <= one.last for one in changes):
        return Status.CALCULATED
    return during_status(changes, month)


def open_known_from(
    spells: Iterable[Spells], ends: Stretch, *, few_before: bool = False
) -> date | None:
    """Return the day from which a list tells all that is open; None if it never does.

    `few_before` says that a few ends before the stretch were left out: of a list that grows from
    nothing they are the first, so more must then be open at its beginning.

    A list of what started since some day begins with nothing open: what started before and was open
    still is missing. A list of ended records only is one in which in the end nothing is open.
    """
    starts, ended, lasting = _Numbers(), _Numbers(), _Numbers()
    for start, end, count in spells:
        starts.add(start.toordinal(), count)
        if end:
            ended.add(end.toordinal(), count)
            if start <= end:
                lasting.add((end - start).days, count)

    def stock(day: date) -> int:
        return starts.up_to(day.toordinal()) - ended.up_to(day.toordinal())

    months = months_between(Month.of(ends.first), Month.of(ends.last_record))
    usual = median(stock(month.last_day) for month in months)
    if usual < _FEW_OPEN:
        return date.min
    if not stock(ends.last_record):
        return None
    share = _BEGINS_GROWING if few_before else _BEGINS_EMPTY
    if stock(ends.first - _DAY) >= usual * share:
        return date.min
    begin = date.fromordinal(starts.at_hundredth(2))
    return begin + timedelta(days=_LONGEST_LASTING * lasting.at_hundredth(95))


class _Numbers:
    """Whole numbers and how often each was met, so that many alike take no more time than one."""

    def __init__(self) -> None:
        self._times: Counter[int] = Counter()

    def add(self, number: int, times: int) -> None:
        self._times[number] += times

    @cached_property
    def _sorted(self) -> Sequence[int]:
        return sorted(self._times)

    @cached_property
    def _running(self) -> Sequence[int]:
        return list(accumulate(self._times[number] for number in self._sorted))

    def up_to(self, number: int) -> int:
        """Return how many are not above a number."""
        at = bisect_right(self._sorted, number)
        return self._running[at - 1] if at else 0

    def at_hundredth(self, hundredth: int) -> int:
        """Return the number below which so many of a hundred are."""
        before = self._running[-1] * hundredth // 100
        return self._sorted[bisect_right(self._running, before)]


def without_early_few(ends: Activity) -> Activity:
    """Leave out the few end days from before the time of which a list holds all.

    A list of plans often brings the earlier plans of the same children along. Those few ends do not
    show that all plans of their time are there.
    """
    counts: dict[Month, int] = {}
    for day, count in ends.items():
        counts[Month.of(day)] = counts.get(Month.of(day), 0) + count
    months = sorted(counts, reverse=True)
    usual = median(counts[month] for month in months[1 : _MONTHS_LOOKED_AT + 1] or months)
    if usual < UNBELIEVABLE:
        return ends
    # The last month may be cut short, so it is not looked at.
    few = (month for month in months[1:] if counts[month] < usual * _FEW_ENDS)
    last = next(few, None)
    return {day: count for day, count in ends.items() if last is None or Month.of(day) > last}


def stated_status(periods: Iterable[Period], month: Month) -> Status | None:
    """Return what the stated periods say of a month, or None if they do not touch it."""
    return _status(_joined(periods), month)


def last_whole_month(stretches: Iterable[Stretch]) -> Month | None:
    """Return the last month that any of the stretches covers wholly."""
    found = [last_month_in(one.period) for one in stretches]
    return max((month for month in found if month), default=None)


def last_month_in(period: Period) -> Month | None:
    """Return the last month that lies wholly in a period."""
    first, last = period
    month = Month.of(last)
    if last < month.last_day:
        month = month.plus(-1)
    return month if first <= month.first_day else None


def stopped_months(lists: Iterable[Stretch]) -> frozenset[Month]:
    """Return the months in which several extracts, taken together, stop before the end.

    Extracts are mostly run on one day. A quiet list alone cannot show that it was run before the
    month was over; all lists that stop in the same month together can.
    """
    stops: dict[Month, list[Stretch]] = {}
    for one in lists:
        stops.setdefault(Month.of(one.last_record), []).append(one)
    return frozenset(month for month, ending in stops.items() if _stop_early(month, ending))


def _stop_early(month: Month, ending: Sequence[Stretch]) -> bool:
    last = max(one.last_record for one in ending)
    left = working_days(last + _DAY, month.last_day)
    return left * sum(one.surprise for one in ending) >= UNBELIEVABLE


def _status(periods: Sequence[Period], month: Month) -> Status | None:
    touching = [p for p in periods if p[0] <= month.last_day and month.first_day <= p[1]]
    if not touching:
        return None
    whole = any(p[0] <= month.first_day and month.last_day <= p[1] for p in touching)
    return Status.CALCULATED if whole else Status.UNFINISHED


def _joined(periods: Iterable[Period]) -> list[Period]:
    """Put periods together that overlap or follow one another."""
    joined: list[Period] = []
    for first, last in sorted(periods):
        if joined and first - _DAY <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


class _Usual:
    """What is usual in a list: its empty days and longest gap month by month, its quiet days."""

    def __init__(self, activity: Activity) -> None:
        self.activity = activity
        self.days = sorted(activity)
        self.months = [Month(*one) for one in sorted({(day.year, day.month) for day in activity})]
        self.held = self._held()

    def stretch(self, first: date, last: date) -> Stretch:
        """Return the stretch from the first to the last of these days, led to its months' edges."""
        begin, end = Month.of(first).first_day, Month.of(last).last_day
        early, late = self.near(first, first), self.near(last, last)
        return Stretch(
            first if self._too_empty(begin, first - _DAY, early) else begin,
            last if self._too_empty(last + _DAY, end, late) else end,
            last,
            self.surprise(late),
        )

    def hole(self, before: date, after: date) -> bool:
        """Tell whether a gap between two records is unbelievable. Christmas is no surprise."""
        if (after - before).days - 1 <= _USUAL_GAPS_INSIDE:  # not longer than usual in any list
            return False
        first, last = before + _DAY, after - _DAY
        length = self.length(first, last, _christmas(first, last))
        if length <= _USUAL_GAPS_INSIDE:
            return False
        near = self.near(before, after)
        long = length > _USUAL_GAPS_INSIDE * max(1.0, median(self.gaps[near]))
        return long and length * self.surprise(near) >= _UNBELIEVABLE_INSIDE

    def surprise(self, near: slice) -> float:
        """Return how odd a working day without any record is in these months."""
        found = [sum(column) for column in zip(*self.held[near], strict=True)]
        days, empty, records = found
        odds = log((days + 1) / (empty + 0.5))
        return odds if empty else max(odds, records / max(1, days) / _COME_TOGETHER)

    def near(self, before: date, after: date) -> slice:
        """Return which of the months are near: twelve up to one day, twelve from the other on."""
        begin = bisect_left(self.months, Month.of(before)) + 1
        end = bisect_left(self.months, Month.of(after))
        return slice(max(0, begin - _MONTHS_LOOKED_AT), end + _MONTHS_LOOKED_AT)

    def length(self, first: date, last: date, but: Collection[date] = ()) -> float:
        """Return how many working days' worth of records these days bring, but for some of them."""
        working = working_days(first, last) - sum(map(is_working_day, but))
        others = max((last - first).days + 1, 0) - len(but) - working
        return working + others * self.quiet_day if others else float(working)

    @cached_property
    def quiet_day(self) -> float:
        """The records of a day on which nobody works, as a share of those of a working day."""
        found = [0, 0]
        for day, count in self.activity.items():
            found[is_working_day(day)] += count
        working = working_days(self.days[0], self.days[-1])
        others = (self.days[-1] - self.days[0]).days + 1 - working
        if not others or not found[True]:
            return 1.0
        return min(1.0, found[False] / others * working / found[True])

    @cached_property
    def gaps(self) -> list[float]:
        """The length of the longest gap of each month, that is, before a record of the month."""
        longest = dict.fromkeys(self.months, 0.0)
        for before, after in pairwise(self.days):
            if (after - before).days > 1:
                month = Month.of(after)
                longest[month] = max(longest[month], self.length(before + _DAY, after - _DAY))
        return list(longest.values())

    def _held(self) -> list[tuple[int, int, int]]:
        """Return each month's working days within the list, those without records, records."""
        with_records: Counter[tuple[int, int]] = Counter()
        records: Counter[tuple[int, int]] = Counter()
        for day, count in self.activity.items():
            if count and is_working_day(day):
                with_records[day.year, day.month] += 1
                records[day.year, day.month] += count
        found: list[tuple[int, int, int]] = []
        for month in self.months:
            first, last = max(month.first_day, self.days[0]), min(month.last_day, self.days[-1])
            days, key = working_days(first, last), (month.year, month.number)
            found.append((days, days - with_records[key], records[key]))
        return found

    def _too_empty(self, first: date, last: date, near: slice) -> bool:
        length = self.length(first, last)
        much_longer = length > _USUAL_GAPS_AT_EDGE * max(1.0, median(self.gaps[near]))
        return much_longer or length * self.surprise(near) >= UNBELIEVABLE


def _days(first: date, last: date) -> Iterator[date]:
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def _christmas(first: date, last: date) -> Collection[date]:
    """Return the days on which many offices close: Christmas Eve to New Year's Day."""
    if first > date(first.year, 1, 1) and last < date(first.year, *_CHRISTMAS_EVE):
        return ()
    return [day for day in _days(first, last) if _is_christmas(day)]


def _is_christmas(day: date) -> bool:
    return (day.month, day.day) >= _CHRISTMAS_EVE or (day.month, day.day) == (1, 1)

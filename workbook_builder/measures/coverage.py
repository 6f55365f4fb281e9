"""Which days and months a list covers, judged from the days of its own records.

The rule is that of docs/decisions/003-coverage.md. A list is continuous unless a gap is longer than
chance explains, going by how often one of its working days has no record. Such a covered period
reaches to the beginning and to the end of its months unless those days are empty for longer than
chance explains. A month is covered if it lies wholly in one covered period, and unfinished if a
period only touches it. What an extract says of itself ("Period: 01/07/2022 to 31/07/2023" above its
headings) counts for more than what its records suggest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from math import comb, log
from statistics import median
from typing import NamedTuple

from workbook_builder.figures import Status
from workbook_builder.months import Month, months_between
from workbook_builder.store.calendar import (
    is_working_day,
    working_days,
    working_days_of_spans,
)

#: Chance does not explain a gap from this surprisal on: it comes about once in a thousand times
#: (e to the power of -7).
IMPLAUSIBLE = 7.0

#: Where every working day has records, their number tells how surprising an empty day would be; so
#: many of them (brothers and sisters, mostly) may come together and count as one.
_RECORDS_TOGETHER = 4

#: Between two records a gap must be more surprising than that: a quiet August is likelier than two
#: extracts that do not meet. It must also be so many times as long as the longest gap of a usual
#: month, which may be long for lists that are kept in batches (a panel every Tuesday).
_IMPLAUSIBLE_INSIDE = 14.0
_USUAL_GAPS_INSIDE = 3.0

#: At the edge of a month, a gap so many times as long as usual is implausible too.
_USUAL_GAPS_AT_EDGE = 2.0

_NEAR_MONTHS = 12
DAY = timedelta(days=1)
_CHRISTMAS_EVE = (12, 24)

#: A list that begins with less than this share of what is usually open has lost earlier records.
_BEGINS_EMPTY = 1 / 3
_BEGINS_GROWING = 2 / 3
#: A list whose starts begin with this share of the usual number, in its first days, begins at once.
_BEGINS_BUSY = 1 / 2
_FIRST_ONES = 180
#: What began before a list that began so long before its end hardly matters any more; a young
#: service, or a new system, grows from nothing as well.
_LONG_AGO = timedelta(days=760)
#: Months with less than this share of the usual number of ends are from before the list began.
_FEW_ENDS = 1 / 4
#: So many months in a row, that is; before the first end of all there are none.
_LASTING_MONTHS = 6
#: Fewer records than this prove nothing: where usually fewer are open, a day without any does not.
FEW = 7
#: As many records show how busy a list is; fewer contradict nothing that is stated.
_BUSY = 30
#: Lost records have ended, it is assumed, after so many times the 95th percentile of durations.
_LONGEST_DURATION = 2

#: Chance explains what comes about more often than once in so many lists.
CHANCE = 1e-3
#: Of all starts and ends of some time this share are ends, at least, in a list that has both.
_SHARE_OF_ENDS = 0.4
#: Chances are worked out for so many at most.
_EXACT = 400

#: How many records have each day.
Activity = Mapping[date, int]
#: A first and a last day, both included.
Period = tuple[date, date]
#: The day on which records started, the day on which they ended (if they did), and how many.
EpisodeCount = tuple[date, date | None, int]


@dataclass(frozen=True)
class CoveredPeriod:
    """The days from `first` to `last`, all covered, and the day of the last record in them.

    `surprisal` is how surprising one working day without any record is: the negative logarithm of
    its probability. `records` is how many there are, `usual_gap` the working days of the longest
    gap of a usual month at its end.
    """

    first: date
    last: date
    last_record: date
    surprisal: float
    records: int = 0
    usual_gap: float = 0.0

    @property
    def days(self) -> Period:
        """The first and the last day."""
        return self.first, self.last


def covered_periods(activity: Activity) -> tuple[CoveredPeriod, ...]:
    """Split the days of a list's records at implausible gaps, in order of time."""
    if not activity:
        return ()
    pattern = _RecordPattern(activity)
    periods = pattern.periods()
    empty = {
        month
        for first, last in periods
        for month in months_between(Month.of(first), Month.of(last))
    }.difference(pattern.months)
    if empty:  # a rare list would look busier than it is if they did not count
        pattern = _RecordPattern(activity, empty)
        periods = pattern.periods()
    return tuple(pattern.covered_period(first, last) for first, last in periods)


def during_status(periods: Sequence[CoveredPeriod], month: Month) -> Status:
    """Return whether a list has all events of a month (CALCULATED), or why not."""
    status = _month_status([period.days for period in periods], month)
    if status is not None:
        return status
    between = periods and periods[0].first < month.first_day < periods[-1].last
    return Status.NO_RECORDS if between else Status.NOT_COVERED


def open_status(
    ends: Sequence[CoveredPeriod], changes: Sequence[CoveredPeriod], month: Month
) -> Status:
    """Return whether a list has all that was open at the end of a month (CALCULATED), or why not.

    `ends` are the periods covered by the end days, `changes` those covered by start and end days
    together. A list that has lost its ended records cannot tell what was open before the first end
    it holds.
    """
    if not ends or month < Month.of(ends[0].first):
        return Status.NOT_COVERED
    begun = [period for period in ends if period.first <= month.last_day]
    if begun[-1] is not ends[-1] and month.last_day > begun[-1].last:
        lost = month.first_day > begun[-1].last
        return Status.NO_RECORDS if lost else Status.UNFINISHED
    # Only the end of the month matters here, so a period may begin in the middle of it.
    if any(period.first <= month.last_day <= period.last for period in changes):
        return Status.CALCULATED
    return during_status(changes, month)


def stated_status(periods: Iterable[Period], month: Month) -> Status | None:
    """Return what the stated periods say of a month, or None if they do not touch it."""
    joined: list[Period] = []
    for first, last in sorted(periods):
        if joined and first - DAY <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return _month_status(joined, month)


def _month_status(periods: Sequence[Period], month: Month) -> Status | None:
    """Return whether one of the periods has the month wholly, in part, or None if none has."""
    touching = [
        (first, last)
        for first, last in periods
        if first <= month.last_day and month.first_day <= last
    ]
    if not touching:
        return None
    whole = any(first <= month.first_day and month.last_day <= last for first, last in touching)
    return Status.CALCULATED if whole else Status.UNFINISHED


def contradicts(period: CoveredPeriod, until: date) -> bool:
    """Tell whether a list that stops with this period is too busy to be complete up to a day.

    A few records do not show how busy a list is.
    """
    if period.records < _BUSY:
        return False
    left = working_days(period.last_record + DAY, until)
    longer = left > _USUAL_GAPS_AT_EDGE * period.usual_gap
    return longer and left * period.surprisal >= IMPLAUSIBLE


def extended(periods: Sequence[CoveredPeriod], until: date | None) -> tuple[CoveredPeriod, ...]:
    """Let the last period reach to a day up to which the list is known to go, if it may."""
    if not periods or until is None or until <= periods[-1].last or contradicts(periods[-1], until):
        return tuple(periods)
    return (*periods[:-1], replace(periods[-1], last=until))


def is_affirmed(
    known: Iterable[Period], periods: Sequence[CoveredPeriod], first: date, last: date
) -> bool:
    """Tell whether the days from `first` to `last` lie in one of the periods that are known.

    These are not judged by the records, but the records may contradict them: `periods` are those
    that the records cover, and a gap between two of them, or a busy list that begins later or stops
    earlier, is believed.
    """
    gaps = [(one.last + DAY, other.first - DAY) for one, other in pairwise(periods)]
    if any(begin <= last and first <= end for begin, end in gaps):
        return False
    for begin, end in known:
        if begin <= first and last <= end:
            if not periods:
                return True
            late = working_days(begin, periods[0].first - DAY) * periods[0].surprisal
            begins_late = late >= IMPLAUSIBLE and periods[0].records >= FEW
            if not begins_late and not contradicts(periods[-1], end):
                return True
    return False


def open_complete_from(
    episodes: Iterable[EpisodeCount], ends: CoveredPeriod, *, earlier_ends: bool = False
) -> date | None:
    """Return the day from which a list has all that is open; None if it never has.

    A list of what started since some day begins with nothing open: what started earlier and was
    still open is missing. A list of ended records only is one in which in the end nothing is open.

    `ends` is the period covered by the end days. `earlier_ends` says that a few ends before it were
    left out: in a list that grows from nothing they are the first ones, so more must be open when
    the period begins.
    """
    starts, ended, durations = _Tally(), _Tally(), _Tally()
    for start, end, number in episodes:
        starts.add(start.toordinal(), number)
        if end:
            ended.add(end.toordinal(), number)
            if start <= end:
                durations.add((end - start).days, number)

    def open_on(day: date) -> int:
        return starts.up_to(day.toordinal()) - ended.up_to(day.toordinal())

    months = months_between(Month.of(ends.first), Month.of(ends.last_record))
    usually_open = median(open_on(month.last_day) for month in months)
    if usually_open < FEW:
        return date.min
    if not open_on(ends.last_record):
        return None
    share = _BEGINS_GROWING if earlier_ends else _BEGINS_EMPTY
    if open_on(ends.first - DAY) >= usually_open * share:
        return date.min
    begin = date.fromordinal(starts.percentile(2))
    return begin + timedelta(days=_LONGEST_DURATION * durations.percentile(95))


def lacks_ends(starts: Activity, ends: Activity, since: date) -> bool:
    """Tell whether far fewer records ended since a day than began, and than chance explains.

    About as many end as start in a list that has both; one of what is open today has no ends but
    those of earlier records of the same children.
    """
    begun, ended = (
        sum(number for day, number in days.items() if day >= since) for days in (starts, ends)
    )
    return chance_of_at_most(ended, begun + ended, _SHARE_OF_ENDS) < CHANCE


def chance_of_at_most(known: int, number: int, share: float) -> float:
    """Return the probability that of a number no more are known than so many, by a usual share."""
    if number > _EXACT:
        known, number = round(known * _EXACT / number), _EXACT
    return sum(
        comb(number, each) * share**each * (1 - share) ** (number - each)
        for each in range(known + 1)
    )


@dataclass(frozen=True)
class Selection:
    """What of the records that last a list seems to leave out.

    A report between two dates holds only what began `since` a day: until `complete_from` it may
    lack what began before, and until `grows_until` far fewer are open in it than later. One of
    closed cases holds only what has ended.
    """

    since: date | None = None
    complete_from: date = date.min
    grows_until: date = date.min
    only_ended: bool = False


def selection_of(episodes: Iterable[EpisodeCount]) -> Selection:
    """Judge what of the records that last a list leaves out.

    The starts of a list that has all that was open at some time begin slowly: the oldest are those
    few that lasted longest. Where they begin as busily as they go on, what began before is missing,
    until hardly any of the first ones is open: all but a tenth, or but one, have ended. Where
    usually some are open but in the end none is, what is open is missing.
    """
    known = list(episodes)
    number = sum(records for _, _, records in known)
    if number < _BUSY:
        return Selection()
    starts, ends = _Tally(), _Tally()
    for start, end, records in known:
        starts.add(start.toordinal(), records)
        if end:
            ends.add(end.toordinal(), records)
    since = date.fromordinal(starts.percentile(2))
    last = max(start for start, _, _ in known)

    def open_on(day: date) -> int:
        return starts.up_to(day.toordinal()) - ends.up_to(day.toordinal())

    middles = [last - timedelta(days=30 * back) for back in range(1, _NEAR_MONTHS + 1)]
    all_ended = not any(end is None for _, end, _ in known)
    only_ended = all_ended and median(map(open_on, middles)) >= FEW
    durations = sorted(
        end - start if end else timedelta.max
        for start, end, records in known
        if since <= start < since + timedelta(days=_FIRST_ONES)
        for _ in range(records)
    )
    usual = number * _FIRST_ONES / max(1, (last - since).days)
    long_ago = last - since > _LONG_AGO
    if long_ago or len(durations) < max(FEW, usual * _BEGINS_BUSY):
        return Selection(only_ended=only_ended)
    longest = durations[-1 - max(1, len(durations) // 10)]
    complete = since + longest if longest < date.max - since else date.max
    days = [since + timedelta(days=30 * number) for number in range((last - since).days // 30 + 1)]
    most = max(map(open_on, days))
    growing = [day for day in days if open_on(day) < most * _BEGINS_GROWING]
    return Selection(since, complete, min(complete, max(growing, default=since)), only_ended)


class _Tally:
    """Whole numbers and how often each occurred."""

    def __init__(self) -> None:
        self._times: Counter[int] = Counter()

    def add(self, number: int, times: int) -> None:
        self._times[number] += times

    @cached_property
    def _sorted(self) -> Sequence[int]:
        return sorted(self._times)

    @cached_property
    def _cumulative(self) -> Sequence[int]:
        return list(accumulate(self._times[number] for number in self._sorted))

    def up_to(self, number: int) -> int:
        """Return how many are not above a number."""
        position = bisect_right(self._sorted, number)
        return self._cumulative[position - 1] if position else 0

    def percentile(self, percent: int) -> int:
        """Return the number below which so many per cent are."""
        below = self._cumulative[-1] * percent // 100
        return self._sorted[bisect_right(self._cumulative, below)]


def without_early_ends(ends: Activity) -> Activity:
    """Leave out the few end days from before the time of which a list has all.

    A list of plans often brings the earlier plans of the same children along. Those few ends do not
    show that all plans of their time are there. A list begins after half a year of few ends only:
    one quiet month says nothing of the months before it.
    """
    by_month: Counter[Month] = Counter()
    for day, number in ends.items():
        by_month[Month.of(day)] += number
    # The last month may be cut short, so it is not compared.
    first, last = min(by_month), max(by_month)
    usual = median(by_month[last.plus(-back)] for back in range(1, _NEAR_MONTHS + 1))
    if usual < IMPLAUSIBLE:
        return ends
    few = 0
    for month in reversed(tuple(months_between(first.plus(-_LASTING_MONTHS), last.plus(-1)))):
        few = few + 1 if by_month[month] < usual * _FEW_ENDS else 0
        if few == _LASTING_MONTHS:
            last_early = month.plus(_LASTING_MONTHS - 1)
            return {day: number for day, number in ends.items() if Month.of(day) > last_early}
    return ends


class _Gap(NamedTuple):
    """Days without a record between two with records, and how many working days' worth they are.

    The months of these two are given by their places among all months.
    """

    before: date
    after: date
    month_before: int
    month_after: int
    length: float


class _RecordPattern:
    """What is usual in a list: its empty days and longest gap month by month, its quiet days.

    Months without a record count where they are `empty` ones of which the list has all.
    """

    def __init__(self, activity: Activity, empty: Collection[Month] = ()) -> None:
        self.activity = activity
        self.days = sorted(activity)
        with_records = {(day.year, day.month) for day in activity}
        self.months = sorted({*(Month(*pair) for pair in with_records), *empty})
        self._places = {(each.year, each.number): at for at, each in enumerate(self.months)}
        self.by_month = self._by_month()
        #: What is usual in months from one place to another.
        self._usual: dict[tuple[int, int], tuple[float, float]] = {}

    def periods(self) -> list[Period]:
        """Return the first and the last record of each run of them without a break."""
        periods: list[Period] = []
        first = self.days[0]
        for gap in self._gaps:
            if self._is_break(gap):
                periods.append((first, gap.before))
                first = gap.after
        return [*periods, (first, self.days[-1])]

    def _by_month(self) -> list[tuple[int, int, int]]:
        """Return for each month its working days in the list, those without records, records."""
        days_with_records, records = [0] * len(self.months), [0] * len(self.months)
        for day, number in self.activity.items():
            if number and is_working_day(day):
                place = self._place(day)
                days_with_records[place] += 1
                records[place] += number
        begin, end = self.days[0], self.days[-1]
        days = working_days_of_spans(
            [(max(month.first_day, begin), min(month.last_day, end)) for month in self.months]
        )
        empty = (every - some for every, some in zip(days, days_with_records, strict=True))
        return list(zip(days, empty, records, strict=True))

    def covered_period(self, first: date, last: date) -> CoveredPeriod:
        """Extend the period from the first to the last of these records to its months' edges."""
        begin, end = Month.of(first).first_day, Month.of(last).last_day
        early, late = (self._near_months(self._place(day)) for day in (first, last))
        usual_gap, surprisal = self._usual_in(late)
        return CoveredPeriod(
            first if self._is_too_empty(begin, first - DAY, early) else begin,
            last if self._is_too_empty(last + DAY, end, late) else end,
            last,
            surprisal,
            sum(self.activity[day] for day in self._days_between(first, last)),
            usual_gap,
        )

    def _days_between(self, first: date, last: date) -> Sequence[date]:
        return self.days[bisect_left(self.days, first) : bisect_right(self.days, last)]

    def _is_break(self, gap: _Gap) -> bool:
        """Tell whether a gap between two records is implausible. Christmas is no surprise."""
        if gap.length <= _USUAL_GAPS_INSIDE:  # not longer than usual in any list
            return False
        near = self._near_months(gap.month_before, gap.month_after)
        usual_gap, surprisal = self._usual_in(near)

        def is_implausible(length: float) -> bool:
            longer = length > _USUAL_GAPS_INSIDE * max(1.0, usual_gap)
            return longer and length * surprisal >= _IMPLAUSIBLE_INSIDE

        if not is_implausible(gap.length):
            return False
        first, last = gap.before + DAY, gap.after - DAY
        return is_implausible(self._length(first, last, _christmas_days(first, last)))

    def _is_too_empty(self, first: date, last: date, near: tuple[int, int]) -> bool:
        """Tell whether it is implausible that these days at a month's edge have no records."""
        length = self._length(first, last)
        usual_gap, surprisal = self._usual_in(near)
        much_longer = length > _USUAL_GAPS_AT_EDGE * max(1.0, usual_gap)
        return much_longer or length * surprisal >= IMPLAUSIBLE

    def _usual_in(self, near: tuple[int, int]) -> tuple[float, float]:
        """Return the usual longest gap of months, and how surprising an empty working day is."""
        if near not in self._usual:
            days, empty, records = map(sum, zip(*self.by_month[slice(*near)], strict=True))
            surprisal = log((days + 1) / (empty + 0.5))
            if not empty:
                surprisal = max(surprisal, records / max(1, days) / _RECORDS_TOGETHER)
            self._usual[near] = median(self._longest_gaps[slice(*near)]), surprisal
        return self._usual[near]

    def _near_months(self, month: int, other: int | None = None) -> tuple[int, int]:
        """Return where the twelve months up to one begin and the twelve from another (or it) end.

        All of these are places among the months.
        """
        last = month if other is None else other
        return max(0, month + 1 - _NEAR_MONTHS), last + _NEAR_MONTHS

    def _place(self, day: date) -> int:
        """Return the place of the month of a day with records."""
        return self._places[day.year, day.month]

    def _length(self, first: date, last: date, closed: Collection[date] = ()) -> float:
        """Return how many working days' worth of records these days bring, less the closed ones."""
        working = working_days(first, last) - sum(map(is_working_day, closed))
        others = max((last - first).days + 1, 0) - len(closed) - working
        return working + others * self._quiet_day if others else float(working)

    @cached_property
    def _quiet_day(self) -> float:
        """The records of a weekend day or holiday, as a share of those of a working day."""
        busy = sum(records for _, _, records in self.by_month)
        quiet = sum(self.activity.values()) - busy
        working = working_days(self.days[0], self.days[-1])
        others = (self.days[-1] - self.days[0]).days + 1 - working
        if not others or not busy:
            return 1.0
        return min(1.0, quiet / others * working / busy)

    @cached_property
    def _gaps(self) -> Sequence[_Gap]:
        """All gaps between two records, in order of time."""
        around = [pair for pair in pairwise(self.days) if (pair[1] - pair[0]).days > 1]
        working = working_days_of_spans([(before + DAY, after - DAY) for before, after in around])
        gaps: list[_Gap] = []
        for (before, after), number in zip(around, working, strict=True):
            others = (after - before).days - 1 - number
            length = number + others * self._quiet_day
            gaps.append(_Gap(before, after, self._place(before), self._place(after), length))
        return gaps

    @cached_property
    def _longest_gaps(self) -> Sequence[float]:
        """The length of the longest gap before a record of each month, or around it."""
        longest = [0.0] * len(self.months)
        for gap in self._gaps:
            first = min(gap.month_before + 1, gap.month_after)
            for month in range(first, gap.month_after + 1):
                longest[month] = max(longest[month], gap.length)
        return longest


def _christmas_days(first: date, last: date) -> Collection[date]:
    """Return the days on which many offices close: Christmas Eve to New Year's Day."""
    if first > date(first.year, 1, 1) and last < date(first.year, *_CHRISTMAS_EVE):
        return ()
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    holidays = [*((12, day) for day in range(24, 32)), (1, 1)]
    return [day for day in days if (day.month, day.day) in holidays]

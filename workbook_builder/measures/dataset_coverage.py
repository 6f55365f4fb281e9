"""Which months the extracts of one dataset cover, on each clock.

The days of the records say how far a list goes (`coverage`); what its files, a return, the delivery
or the user say beside them affirms a month or cuts it off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.measures import Clock, During, Latest, Open
from workbook_builder.extracts.model import ColumnCells
from workbook_builder.figures import Status
from workbook_builder.measures.coverage import (
    DAY,
    FEW,
    IMPLAUSIBLE,
    Activity,
    CoveredPeriod,
    EpisodeCount,
    Period,
    Selection,
    contradicts,
    covered_periods,
    during_status,
    extended,
    is_affirmed,
    lacks_ends,
    open_complete_from,
    open_status,
    selection_of,
    stated_status,
    without_early_ends,
)
from workbook_builder.measures.list_completeness import ComparedList
from workbook_builder.measures.query import days_query, episodes_query
from workbook_builder.measures.reporting_month import Delivery, last_whole_month
from workbook_builder.months import Month
from workbook_builder.store.calendar import working_days
from workbook_builder.store.engine import Engine

#: A list that shows the present is of a month if it was run so many days after it at the latest.
_RUN_WITHIN = timedelta(days=7)


#: The name of a column, a day, and how many records have it there.
DayCount = tuple[str, date, int]

#: A column that files name differently is called by so many of its headings.
_HEADINGS_SHOWN = 2


class DatasetCoverage:
    """The months that one dataset's extracts cover, by the columns that a clock looks at.

    `stated` are the periods written above the headings; `complete_from` is the day from which a
    standard return holds everything; with `latest_only` there is only each child's latest record;
    `columns` are those that the extracts have, `ends_in_doubt` ends that they may have under a
    heading nobody knows. `holds` are the periods of which a return holds everything; `written` is
    the day on which the last of the files was written, and `reaches` the day of the last record of
    any list in them. `cells` is what was read of each column, `sheets` the files and sheets that
    the records come from.
    """

    def __init__(
        self,
        dataset: Dataset,
        engine: Engine,
        *,
        has_extract: bool,
        stated: Sequence[Period],
        complete_from: date | None = None,
        latest_only: bool = False,
        columns: frozenset[str] | None = None,
        holds: Sequence[Period] = (),
        written: date | None = None,
        reaches: date | None = None,
        ends_in_doubt: frozenset[str] = frozenset(),
        cells: Mapping[str, ColumnCells] | None = None,
        sheets: frozenset[tuple[str, str]] = frozenset(),
        headings: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.dataset = dataset
        self.has_extract = has_extract
        self.stated = tuple(stated)
        self.complete_from = complete_from
        self.latest_only = latest_only
        self.columns = frozenset(dataset.columns) if columns is None else columns
        self.delivery: Delivery | None = None
        self._holds = tuple(holds)
        self._written = written
        self._reaches = reaches
        self.ends_in_doubt = ends_in_doubt
        self.cells = cells or {}
        self.sheets = sheets
        self._headings = headings or {}
        self._engine = engine
        #: How many records have each day, by the column.
        self._days: dict[str, Activity] = {}
        self._periods: dict[tuple[str, ...], tuple[CoveredPeriod, ...]] = {}
        self._selections: dict[Open, Selection] = {}
        self._open_complete_from: dict[Open, date | None] = {}
        self._end_periods: dict[Open, tuple[CoveredPeriod, ...]] = {}
        self._lacking_ends: dict[Open, bool] = {}

    def heading(self, column: str) -> str:
        """Return what the files call a column, in quotation marks; else its usual heading."""
        found = dict.fromkeys(self._headings.get(column, ()))
        names = list(found)[:_HEADINGS_SHOWN] or [self.dataset.heading(column)]
        return " or ".join(f'"{name}"' for name in names)

    def missing(self, needed: frozenset[str]) -> frozenset[str]:
        """Return columns that the extracts lack, but for those whose absence means something."""
        columns = self.dataset.columns
        return frozenset(
            name for name in needed - self.columns if columns[name].absent_value is None
        )

    @property
    def empty(self) -> frozenset[str]:
        """The columns in which nothing stands, though there are records or never would be."""
        any_read = any(cells.read for cells in self.cells.values())
        return frozenset(
            name
            for name, cells in self.cells.items()
            if cells.is_empty and (any_read or cells.never)
        )

    def unreadable(self) -> frozenset[str]:
        """Return the columns in which nothing that stands there is usable."""
        return frozenset(name for name, cells in self.cells.items() if cells.is_unreadable)

    def faulty(self, tolerance: float) -> frozenset[str]:
        """Return the columns of which more than a share of the filled cells cannot be read."""
        return frozenset(name for name, cells in self.cells.items() if cells.is_faulty(tolerance))

    def periods(self, *columns: str) -> tuple[CoveredPeriod, ...]:
        """Return the periods covered by the records' days in these columns."""
        if columns not in self._periods:
            days = self._up_to_delivery(self.activity(*columns))
            self._periods[columns] = covered_periods(days)
        return self._periods[columns]

    @property
    def all_periods(self) -> tuple[CoveredPeriod, ...]:
        """The periods covered by all days of the records."""
        return self.periods(*self.dataset.event_dates)

    @property
    def first_column(self) -> str:
        """The column of the days on which records begin; a day that something is due is none."""
        dates = [name for name in self.dataset.event_dates if "due" not in name.split("_")]
        return next((name for name in dates if name in self.columns), "")

    def days_query(self) -> exp.Query | None:
        """Return the query that `take_days` reads; None where no day matters."""
        if not self.has_extract or not self.first_column:
            return None
        return days_query(self.dataset, self.dataset.event_dates)

    def take_days(self, counted: Iterable[DayCount], columns: Sequence[str] = ()) -> None:
        """Take how many records have each day in each of these columns, or in all of events."""
        days: dict[str, dict[date, int]] = {
            name: {} for name in columns or self.dataset.event_dates
        }
        for name, day, number in counted:
            days[name][day] = number
        self._days |= days

    def activity(self, *columns: str) -> Activity:
        """Return how many records have each day in any of these columns."""
        for name in columns:
            if name not in self._days:
                self.take_days(self._engine.rows(days_query(self.dataset, [name])), [name])
        days: Counter[date] = Counter()
        for name in columns:
            days.update(self._days[name])
        return days

    def _up_to_delivery(self, days: Activity) -> Activity:
        """Leave out days after the delivery day: they are planned or mistyped."""
        if self.delivery is None:
            return days
        return {day: number for day, number in days.items() if day <= self.delivery.day}

    # --- What is known from elsewhere ------------------------------------------------------------

    @cached_property
    def _own(self) -> tuple[CoveredPeriod, ...]:
        """The periods covered by the days on which records began."""
        return self.periods(self.first_column) if self.first_column else ()

    @cached_property
    def written(self) -> date | None:
        """The day on which the files were written, if no record is later; a copy tells nothing."""
        last = self._own[-1].last_record if self._own else date.min
        return self._written if self._written and last <= self._written else None

    @cached_property
    def is_older(self) -> bool:
        """Whether the files were written before the delivery day."""
        return bool(self.delivery and self.written and self.delivery.is_before(self.written))

    def _is_after_written(self, month: Month) -> bool:
        """Tell whether a month ends after the day on which an older file was written."""
        return bool(self.is_older and self.written and self.written < month.last_day)

    @cached_property
    def of_delivery(self) -> bool:
        """Whether the files were written when the busy lists were run, or hold one of these."""
        return bool(self.delivery and self.written and self.delivery.is_of(self.written))

    @cached_property
    def reach(self) -> date | None:
        """The day up to which the list is known to go, by what its file and the delivery say."""
        delivery = self.delivery
        if delivery is None:
            return None
        days = [delivery.until] if self.of_delivery else []
        if self._reaches and not self.is_older:
            at_end = self._reaches >= delivery.day
            days.append(delivery.until if at_end else self._reaches)
        return max(days, default=None)

    @cached_property
    def believed(self) -> tuple[Period, ...]:
        """The periods written above the headings, as far as nothing contradicts them."""
        return tuple(map(self._believed, self.stated))

    def _believed(self, stated: Period) -> Period:
        first, last = stated
        if self.delivery:
            first, last = self.delivery.believed(stated)
        if self._own and contradicts(self._own[-1], last):
            last = min(last, self._own[-1].last)
        return first, min(last, self.written) if self.is_older and self.written else last

    @cached_property
    def _known(self) -> tuple[Period, ...]:
        """The periods that a return holds or that the user says all lists cover."""
        delivery = self.delivery
        known = [(first, min(last, delivery.until) if delivery else last)
                 for first, last in self._holds]  # fmt: skip
        if delivery and delivery.covers:
            known.append(delivery.believed(delivery.covers))
        return tuple(known)

    @property
    def doubted(self) -> tuple[Period, ...]:
        """The periods, stated in the files or by the user, that the list's records contradict."""
        given = [*self.stated]
        if self.delivery and self.delivery.covers and self.has_extract and self.first_column:
            given.append(self.delivery.believed(self.delivery.covers))
        return tuple(one for one in given if self._believed(one) != one)

    def _episodes(self, clock: Open) -> Iterable[EpisodeCount]:
        """Return when records started and ended, and how many, of those that started at all."""
        return self._engine.rows(episodes_query(self.dataset, clock))

    def _episodes_by_now(self, clock: Open) -> Iterable[EpisodeCount]:
        """Return the same; a planned end is none."""
        until = self.delivery.day if self.delivery else date.max
        for start, end, number in self._episodes(clock):
            if start <= until:
                yield start, end if end and end <= until else None, number

    def stops_in(self, month: Month) -> bool:
        """Tell whether the records stop in a month and nothing else is known of the month."""
        if self._is_stated(month) or (self.reach and self.reach >= month.last_day):
            return False
        return any(Month.of(period.last_record) == month for period in self.all_periods)

    def status(self, clock: Clock, month: Month, reporting_month: Month) -> Status:
        """Return whether the extracts cover a month on a clock (CALCULATED), or why not."""
        in_doubt = isinstance(clock, Open) and clock.end in self.ends_in_doubt
        if not self.has_extract or in_doubt:
            return Status.END_NOT_KNOWN if self.has_extract else Status.NO_EXTRACT
        if isinstance(clock, Latest):
            return self._status_as_it_stands(month, reporting_month)
        if self.latest_only:
            return self._status_of_latest_only(month, reporting_month)
        if self._is_before_complete(month, at_end=isinstance(clock, Open)):
            return Status.NOT_COVERED
        only_open = month != reporting_month and self._lacks_ends(clock)
        if self._is_stated(month) and not only_open:
            return Status.CALCULATED
        judged = Status.NOT_COVERED
        if not self._is_after_written(month):
            judged = self._judged_status(clock, month, reporting_month)
        believed, stated = (stated_status(one, month) for one in (self.believed, self.stated))
        in_part = not only_open and (believed or (judged is not Status.CALCULATED and stated))
        return Status.UNFINISHED if in_part else judged

    def lookup_status(
        self,
        month: Month,
        reporting_month: Month,
        *,
        later_matter: bool = True,
        at_end: bool = False,
    ) -> Status:
        """Return whether a sub-select of a measure may look at a month here, or `at_end` of it.

        Of each child's latest record, it may matter that some began after the month.
        """
        if self.latest_only:
            return self._status_of_latest_only(month, reporting_month, later_matter=later_matter)
        if self._is_before_complete(month, at_end=at_end):
            return Status.NOT_COVERED
        return self.any_day_status(month)

    def any_day_status(self, month: Month) -> Status:
        """Return whether the days of the records, of whatever column, cover a month."""
        if not self.has_extract:
            return Status.NO_EXTRACT
        if not self.dataset.event_dates or self._is_stated(month):
            return Status.CALCULATED
        if self._is_after_written(month):
            return Status.NOT_COVERED
        return self._during(self.all_periods, month)

    def _during(self, periods: Sequence[CoveredPeriod], month: Month) -> Status:
        """Judge a month by the periods covered, and by what is known from elsewhere."""
        status = during_status(extended(periods, self.reach), month)
        if status is Status.CALCULATED:
            return status
        known = is_affirmed(self._known, periods, month.first_day, month.last_day)
        return Status.CALCULATED if known else status

    @cached_property
    def last_whole_month(self) -> Month | None:
        """The last month that the extracts cover to its end."""
        periods = extended(self.all_periods, self.reach)
        return last_whole_month(self.believed or (period.days for period in periods))

    @property
    def last_day(self) -> date | None:
        """The last day that any record of the dataset has."""
        return max((period.last_record for period in self.all_periods), default=None)

    def compared(self) -> ComparedList | None:
        """Return what comparing the list with others needs; None if that cannot be done."""
        last = self.last_day
        if not self.has_extract or not last or self.latest_only:
            return None
        return ComparedList(self.dataset, self.all_periods[0].first, last, self.columns)

    def has_only_open(self, clock: Open) -> bool:
        """Tell whether the list has records but no end of any, nor is known to hold a period.

        A return that holds a period has ends in it, if it has a column for them at all.
        """
        if not self.has_extract or self.stated:
            return False
        if not self._held_from and not self.periods(clock.end):
            return True
        return clock.end in self.columns and self._lacks_ends(clock)

    def is_before_ends(self, clock: Open, month: Month) -> bool:
        """Tell whether a month comes before the first of many ends: what ended then is missing."""
        ends = self.periods(clock.end)
        known = self.stated or self._held_from
        if known or sum(period.records for period in ends) < FEW:
            return False
        return month.first_day < ends[0].first and self._own[0].first < ends[0].first

    def selection(self, clock: Open) -> Selection:
        """Return what of its records a list seems to leave out, unless it says what it holds."""
        if self.stated or self._held_from:
            return Selection()
        if clock not in self._selections:
            self._selections[clock] = selection_of(self._episodes_by_now(clock))
        return self._selections[clock]

    @property
    def begun_since(self) -> date | None:
        """The day since which what the list holds began, if that may matter in the last year."""
        late = [
            one.since
            for one in self._selections.values()
            if self.last_day and self.last_day - one.complete_from < timedelta(days=365)
        ]
        return next(iter(late), None)

    @property
    def _held_from(self) -> date | None:
        """The first day of which a return says that it holds everything."""
        return min((first for first, _ in self._holds), default=self.complete_from)

    def _is_stated(self, month: Month) -> bool:
        return stated_status(self.believed, month) is Status.CALCULATED

    @property
    def day_of_list(self) -> date | None:
        """The day of which a list that shows the present is; None if nothing tells it."""
        if self.stated:
            return max(last for _, last in self.stated)
        start = self.dataset.start_column
        days = [period.last_record for period in (self.periods(start) if start else ())]
        run = self.written if self.is_older else self.delivery and self.delivery.day
        return max([*days, *([run] if run else [])], default=None)

    @property
    def is_of_delivery_day(self) -> bool:
        """Whether only the delivery tells of which day a list that shows the present is."""
        delivery = self.delivery
        return not self.stated and delivery is not None and self.day_of_list == delivery.day

    def _status_as_it_stands(self, month: Month, reporting_month: Month) -> Status:
        """Return whether the day of a list belongs to a month, or to the first days after it.

        The day is the last that the list states, that of its last record that began, or that of
        the delivery it is in.
        """
        if month != reporting_month:
            return Status.NOT_A_SNAPSHOT_MONTH
        day = self.day_of_list
        if day is None:
            return Status.CALCULATED
        if day > month.last_day + _RUN_WITHIN:
            return Status.NOT_A_SNAPSHOT_MONTH
        silent = working_days(day + DAY, month.last_day)
        if not silent:
            return Status.CALCULATED
        start = self.dataset.start_column
        own = self.periods(start) if start else ()
        lists = [self.delivery.period] if self.delivery and not self.is_older else own[-1:]
        if not self.stated and any(silent * one.surprisal < IMPLAUSIBLE for one in lists):
            return Status.CALCULATED
        return Status.UNFINISHED if Month.of(day) >= month else Status.NOT_COVERED

    def _status_of_latest_only(
        self, month: Month, reporting_month: Month, *, later_matter: bool = True
    ) -> Status:
        """Return whether each child's latest record tells a month.

        It does not if one began after the month: an earlier one may have been in it. One that only
        ended after it does.
        """
        if month != reporting_month:
            return Status.NOT_A_SNAPSHOT_MONTH
        periods = extended(self.all_periods, self.reach)
        reaching = [one for one in periods if one.first <= month.last_day <= one.last]
        later = any(period.last_record > month.last_day for period in self._own or reaching)
        if later and later_matter:
            return Status.NOT_A_SNAPSHOT_MONTH
        return Status.CALCULATED if reaching else Status.NOT_COVERED

    def _is_before_complete(self, month: Month, *, at_end: bool = False) -> bool:
        """Tell whether a month, or its end, comes before the day from which everything is held.

        A period written above the headings counts for more than what is known of a return.
        """
        first = month.plus(1).first_day if at_end else month.first_day
        incomplete = self.complete_from and first < self.complete_from
        return bool(incomplete and not self._is_stated(month))

    def _judged_status(self, clock: Clock, month: Month, reporting_month: Month) -> Status:
        """Judge from the days of the records alone."""
        if isinstance(clock, During):
            return self._status_during(clock.column, month)
        assert isinstance(clock, Open)  # the only other clock
        if clock not in self._end_periods:
            days = self._up_to_delivery(self.activity(clock.end))
            self._end_periods[clock] = covered_periods(without_early_ends(days)) if days else ()
        ends = self._end_periods[clock]
        if not ends or (month != reporting_month and self._lacks_ends(clock)):
            return self._status_of_open_ones(clock, month, reporting_month)
        if clock not in self._open_complete_from:
            longest = max(ends, key=lambda period: period.last_record - period.first)
            earlier_ends = bool(self.periods(clock.end)[0].first < longest.first)
            self._open_complete_from[clock] = open_complete_from(
                self._episodes_by_now(clock), longest, earlier_ends=earlier_ends
            )
        complete_from = self._open_complete_from[clock]
        if complete_from is None or month.last_day < complete_from:
            return Status.NOT_COVERED
        if month.last_day < self.selection(clock).grows_until:
            return Status.NOT_COVERED
        changes = self.periods(clock.start, clock.end)
        status = open_status(ends, extended(changes, self.reach), month)
        if status is not Status.CALCULATED:
            day = month.last_day
            if all(is_affirmed(self._known, periods, day, day) for periods in (ends, changes)):
                return Status.CALCULATED
        return status

    def _lacks_ends(self, clock: Clock) -> bool:
        """Tell whether a list has hardly any end: what ended is missing, whatever it says."""
        if not isinstance(clock, Open):
            return False
        if clock not in self._lacking_ends:
            starts, ends = (
                self._up_to_delivery(self.activity(column)) for column in (clock.start, clock.end)
            )
            # Other lists may grow for years, as of care leavers; a return says since when it has
            # all that began and all that ended.
            since = self._held_from
            few = since is not None and lacks_ends(starts, ends, since)
            self._lacking_ends[clock] = few if ends else sum(starts.values()) >= FEW
        return self._lacking_ends[clock]

    def _status_during(self, column: str, month: Month) -> Status:
        """Judge what happened in a month: a list whose records go on to begin goes on as a whole.

        Of a column without any day it is not known whether it was filled at all.
        """
        periods = self.periods(column)
        if self._own and not periods and sum(self.activity(self.first_column).values()) >= FEW:
            return Status.NOT_COVERED
        if self._own and column != self.first_column:
            periods = extended(periods, self._own[-1].last)
        return self._during(periods, month)

    def _status_of_open_ones(self, clock: Open, month: Month, reporting_month: Month) -> Status:
        """Judge a list in which nothing has ended."""
        if not self._own:
            known = is_affirmed(self._known, (), month.last_day, month.last_day)
            return Status.CALCULATED if known else Status.NOT_COVERED
        if month != reporting_month:
            return Status.NOT_A_SNAPSHOT_MONTH
        starts = extended(self.periods(clock.start), self.reach)
        reaches = bool(starts) and (
            Month.of(starts[-1].last_record) >= reporting_month or starts[-1].last >= month.last_day
        )
        return Status.CALCULATED if reaches else Status.NOT_COVERED

"""Which months can be computed: by list, by measure, by council and for a region of councils.

A measure can be computed for a month if its own list covers it on the measure's clock, and every
list that its sub-selects look at covers it too. A region's month is covered if every council's
records cover it: the figure of a month in which one of them is missing would be too low.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.measures import Clock, During, Latest, Open, span_months
from workbook_builder.figures import Status
from workbook_builder.measures.coverage import (
    Activity,
    CoveredPeriod,
    EpisodeCount,
    Period,
    covered_periods,
    during_status,
    open_complete_from,
    open_status,
    stated_status,
    without_early_ends,
)
from workbook_builder.measures.query import Prepared, activity_query, episodes_query
from workbook_builder.measures.reporting_month import last_whole_month, stopped_months
from workbook_builder.months import Month
from workbook_builder.store.engine import Engine, Rows


@dataclass(frozen=True)
class Finding:
    """Whether a month is covered (CALCULATED) or why not, and the dataset that decides it.

    `columns` are those that the dataset's extract lacks, where that is why.
    """

    status: Status
    dataset: str
    columns: tuple[str, ...] = ()


class DatasetCoverage:
    """The months that one dataset's extracts cover, by the columns that a clock looks at.

    `stated` are the periods written above the headings; `complete_from` is the day from which a
    standard return holds everything; with `latest_only` there is only each child's latest record;
    `columns` are those that the extracts have.
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
    ) -> None:
        self.dataset = dataset
        self.has_extract = has_extract
        self.stated = tuple(stated)
        self.complete_from = complete_from
        self.latest_only = latest_only
        self.columns = frozenset(dataset.columns) if columns is None else columns
        self._engine = engine
        self._periods: dict[tuple[str, ...], tuple[CoveredPeriod, ...]] = {}
        self._open_complete_from: dict[Open, date | None] = {}
        self._end_periods: dict[Open, tuple[CoveredPeriod, ...]] = {}

    def periods(self, *columns: str) -> tuple[CoveredPeriod, ...]:
        """Return the periods covered by the records' days in these columns."""
        if columns not in self._periods:
            self._periods[columns] = covered_periods(self._activity(columns) if columns else {})
        return self._periods[columns]

    @property
    def all_periods(self) -> tuple[CoveredPeriod, ...]:
        """The periods covered by all days of the records."""
        return self.periods(*self.dataset.date_columns)

    def days_query(self) -> exp.Query | None:
        """Return the query of how many records have each day; None if no day matters."""
        columns = self.dataset.date_columns
        return activity_query(self.dataset, columns) if self.has_extract and columns else None

    def set_days(self, rows: Rows) -> None:
        """Take the rows that `days_query` gave, and judge which periods the days cover."""
        self._periods[self.dataset.date_columns] = covered_periods(dict(rows))

    def _activity(self, columns: Sequence[str]) -> Activity:
        """Return how many records have each day in any of these columns."""
        return dict(self._engine.rows(activity_query(self.dataset, columns)))

    def _episodes(self, clock: Open) -> Iterable[EpisodeCount]:
        """Return when records started and ended, and how many, of those that started at all."""
        return self._engine.rows(episodes_query(self.dataset, clock))

    def stops_in(self, month: Month) -> bool:
        """Tell whether the records stop in a month, and nothing stated covers the month."""
        return not self._is_stated(month) and any(
            Month.of(period.last_record) == month for period in self.all_periods
        )

    def status(self, clock: Clock, month: Month, reporting_month: Month) -> Status:
        """Return whether the extracts cover a month on a clock (CALCULATED), or why not."""
        if not self.has_extract:
            return Status.NO_EXTRACT
        if isinstance(clock, Latest):
            covered = month == reporting_month
            return Status.CALCULATED if covered else Status.NOT_A_SNAPSHOT_MONTH
        if self.latest_only:
            return self._status_of_latest_only(month, reporting_month)
        if self._is_before_complete(month, at_end=isinstance(clock, Open)):
            return Status.NOT_COVERED
        stated = stated_status(self.stated, month)
        if stated is Status.CALCULATED:
            return stated
        judged = self._judged_status(clock, month, reporting_month)
        return judged if stated is None else stated

    def lookup_status(self, month: Month, reporting_month: Month) -> Status:
        """Return whether a sub-select of a measure on another dataset may look at a month here."""
        if self.latest_only:
            return self._status_of_latest_only(month, reporting_month)
        if self._is_before_complete(month):
            return Status.NOT_COVERED
        return self.any_day_status(month)

    def any_day_status(self, month: Month) -> Status:
        """Return whether the days of the records, of whatever column, cover a month."""
        if not self.has_extract:
            return Status.NO_EXTRACT
        if not self.dataset.date_columns or self._is_stated(month):
            return Status.CALCULATED
        return during_status(self.all_periods, month)

    @cached_property
    def last_whole_month(self) -> Month | None:
        """The last month that the extracts cover to its end."""
        return last_whole_month(self.stated or (period.days for period in self.all_periods))

    @property
    def last_day(self) -> date | None:
        """The last day that any record of the dataset has."""
        return max((period.last_record for period in self.all_periods), default=None)

    def _is_stated(self, month: Month) -> bool:
        return stated_status(self.stated, month) is Status.CALCULATED

    def _status_of_latest_only(self, month: Month, reporting_month: Month) -> Status:
        """Return whether each child's latest record tells a month.

        It does not if it is of a day after the month: an earlier one may have been in it.
        """
        if month != reporting_month:
            return Status.NOT_A_SNAPSHOT_MONTH
        reaching = [
            period for period in self.all_periods if period.first <= month.last_day <= period.last
        ]
        if any(period.last_record > month.last_day for period in reaching):
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
            return during_status(self.periods(clock.column), month)
        assert isinstance(clock, Open)  # the only other clock
        if clock not in self._end_periods:
            days = self._activity([clock.end])
            self._end_periods[clock] = covered_periods(without_early_ends(days)) if days else ()
        ends = self._end_periods[clock]
        if not ends:  # a list of open records only
            if month != reporting_month:
                return Status.NOT_A_SNAPSHOT_MONTH
            starts = self.periods(clock.start)
            reaches = bool(starts) and Month.of(starts[-1].last_record) >= reporting_month
            return Status.CALCULATED if reaches else Status.NOT_COVERED
        if clock not in self._open_complete_from:
            longest = max(ends, key=lambda period: period.last_record - period.first)
            earlier_ends = bool(self.periods(clock.end)[0].first < longest.first)
            self._open_complete_from[clock] = open_complete_from(
                self._episodes(clock), longest, earlier_ends=earlier_ends
            )
        complete_from = self._open_complete_from[clock]
        if complete_from is None or month.last_day < complete_from:
            return Status.NOT_COVERED
        return open_status(ends, self.periods(clock.start, clock.end), month)


@dataclass(frozen=True)
class Coverage:
    """What all extracts at hand cover, for measures."""

    datasets: Mapping[str, DatasetCoverage]
    reporting_month: Month
    _findings: dict[tuple[str, Month], Finding] = field(default_factory=dict, repr=False)

    def of(self, prepared: Prepared, month: Month) -> Finding:
        """Return whether a measure can be computed for a month, or why not."""
        key = (prepared.measure.name, month)
        if key not in self._findings:
            self._findings[key] = self._find(prepared, month)
        return self._findings[key]

    def _find(self, prepared: Prepared, month: Month) -> Finding:
        for name, needed in sorted(prepared.needs.items()):
            coverage = self.datasets.get(name)
            if coverage and coverage.has_extract and (missing := needed - coverage.columns):
                return Finding(Status.NO_COLUMN, name, tuple(sorted(missing)))
        measure = prepared.measure
        coverage, clock = self.datasets[measure.dataset], measure.clock
        look_back = span_months(measure.look_back) if measure.look_back else 0
        span = max(clock.months - 1 if isinstance(clock, During) else 0, look_back)
        single = During(clock.column) if isinstance(clock, During) else clock
        for back in range(span, -1, -1):
            status = self._status(coverage, single, month.plus(-back))
            if isinstance(clock, Latest) or status is not Status.CALCULATED:
                return Finding(status, measure.dataset)
        for name in sorted(prepared.lookups):
            for back in range(look_back, -1, -1):
                status = self.datasets[name].lookup_status(month.plus(-back), self.reporting_month)
                if status is not Status.CALCULATED:
                    return Finding(status, name)
        return Finding(Status.CALCULATED, measure.dataset)

    def _status(self, coverage: DatasetCoverage, clock: Clock, month: Month) -> Status:
        """Return the status of a month; one in which all lists stop together is unfinished."""
        status = coverage.status(clock, month, self.reporting_month)
        stopped = month in self._stopped_months and coverage.stops_in(month)
        if stopped and not isinstance(clock, Latest) and status is Status.CALCULATED:
            return Status.UNFINISHED
        return status

    @cached_property
    def _stopped_months(self) -> frozenset[Month]:
        return stopped_months(
            period for coverage in self.datasets.values() for period in coverage.all_periods
        )


EpisodeSource = Callable[[Open], Iterable[EpisodeCount]]


class CouncilCoverage(DatasetCoverage):
    """The months that one council's records cover, by days that were counted beforehand."""

    def __init__(
        self,
        dataset: Dataset,
        engine: Engine,
        days: Mapping[str, Activity],
        columns: frozenset[str],
        *,
        has_extract: bool,
        episodes: EpisodeSource | None = None,
    ) -> None:
        super().__init__(dataset, engine, has_extract=has_extract, stated=(), columns=columns)
        self._days = days
        self._episode_source = episodes

    def _activity(self, columns: Sequence[str]) -> Activity:
        activity: Counter[date] = Counter()
        for column in columns:
            activity.update(self._days.get(column, {}))
        return activity

    def _episodes(self, clock: Open) -> Iterable[EpisodeCount]:
        return self._episode_source(clock) if self._episode_source else super()._episodes(clock)


class RegionCoverage(DatasetCoverage):
    """The months that the records of all councils cover."""

    def __init__(
        self, dataset: Dataset, engine: Engine, councils: Sequence[DatasetCoverage]
    ) -> None:
        has_extract = any(council.has_extract for council in councils)
        columns = frozenset.intersection(*(each.columns for each in councils)) if councils else None
        super().__init__(dataset, engine, has_extract=has_extract, stated=(), columns=columns)
        self._councils = councils

    def periods(self, *columns: str) -> tuple[CoveredPeriod, ...]:
        """Return the covered periods of all councils."""
        return tuple(period for each in self._councils for period in each.periods(*columns))

    def stops_in(self, month: Month) -> bool:
        """Tell whether the records of any council stop in a month."""
        return any(council.stops_in(month) for council in self._councils)

    def status(self, clock: Clock, month: Month, reporting_month: Month) -> Status:
        """Return whether all councils' records cover a month on a clock, or why not."""
        return _first_fault(each.status(clock, month, reporting_month) for each in self._councils)

    def lookup_status(self, month: Month, reporting_month: Month) -> Status:
        """Return whether a sub-select may look at a month of all councils' records."""
        return _first_fault(each.lookup_status(month, reporting_month) for each in self._councils)

    def any_day_status(self, month: Month) -> Status:
        """Return whether the days of all councils' records cover a month."""
        return _first_fault(council.any_day_status(month) for council in self._councils)

    @property
    def last_whole_month(self) -> Month | None:
        """The last month that all councils' records cover to its end."""
        months = [each.last_whole_month for each in self._councils]
        known = [month for month in months if month]
        return min(known) if known and len(known) == len(months) else None

    @property
    def last_day(self) -> date | None:
        """The last day that the records of every council have."""
        days = [council.last_day for council in self._councils]
        known = [day for day in days if day]
        return min(known) if known and len(known) == len(days) else None


def _first_fault(statuses: Iterable[Status]) -> Status:
    """Return the first status that keeps a month from being covered."""
    status = Status.NO_EXTRACT
    for status in statuses:
        if status is not Status.CALCULATED:
            break
    return status

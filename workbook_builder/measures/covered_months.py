"""What tables of many councils' records cover: each council by itself, and the region by all.

A region's month is covered where every council's records cover it: the figure of a month in which
one of them is missing would be too low.
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
    Period,
    Spells,
    Stretch,
    during_status,
    last_month_in,
    last_whole_month,
    open_known_from,
    open_status,
    stated_status,
    stopped_months,
    stretches_of,
    without_early_few,
)
from workbook_builder.measures.query import Prepared, activity_query, spells_query
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
    """The months that one dataset's extracts cover, by the columns that a clock looks at."""

    def __init__(
        self,
        dataset: Dataset,
        engine: Engine,
        *,
        given: bool,
        stated: Sequence[Period],
        held_from: date | None = None,
        latest_only: bool = False,
        columns: frozenset[str] | None = None,
    ) -> None:
        self.dataset = dataset
        self.given = given
        self.stated = tuple(stated)
        self.held_from = held_from
        self.latest_only = latest_only
        self.columns = frozenset(dataset.columns) if columns is None else columns
        self._engine = engine
        self._stretches: dict[tuple[str, ...], tuple[Stretch, ...]] = {}
        self._open_known_from: dict[Open, date | None] = {}
        self._ends: dict[Open, tuple[Stretch, ...]] = {}

    def stretches(self, *columns: str) -> tuple[Stretch, ...]:
        """Return the stretches of time that the records' days in these columns cover."""
        if columns not in self._stretches:
            self._stretches[columns] = stretches_of(self._activity(columns) if columns else {})
        return self._stretches[columns]

    def days_query(self) -> exp.Query | None:
        """Return the query of how many records bear each day, if that is to be known."""
        columns = self.dataset.date_columns
        return activity_query(self.dataset, columns) if self.given and columns else None

    def know_days(self, rows: Rows) -> None:
        """Take the answer to that query, and judge what the days cover."""
        self._stretches[self.dataset.date_columns] = stretches_of(dict(rows))

    def _activity(self, columns: Sequence[str]) -> Activity:
        """Return how many records bear each day in any of these columns."""
        return dict(self._engine.rows(activity_query(self.dataset, columns)))

    def _spells(self, clock: Open) -> Iterable[Spells]:
        """Return when records started and ended, and how many, of those that started at all."""
        return self._engine.rows(spells_query(self.dataset, clock))

    @property
    def all_stretches(self) -> tuple[Stretch, ...]:
        """The stretches by all days of the records."""
        return self.stretches(*self.dataset.date_columns)

    def stops_in(self, month: Month) -> bool:
        """Tell whether the records stop in a month, and nothing is stated that covers it."""
        stated = stated_status(self.stated, month) is Status.CALCULATED
        return not stated and any(Month.of(one.last_record) == month for one in self.all_stretches)

    def status(self, clock: Clock, month: Month, reporting_month: Month) -> Status:
        """Return whether the extracts cover a month on a clock, or why not."""
        if not self.given:
            return Status.NO_EXTRACT
        if isinstance(clock, Latest):
            covered = month == reporting_month
            return Status.CALCULATED if covered else Status.NOT_A_SNAPSHOT_MONTH
        if self.latest_only:
            return self._of_the_latest(month, reporting_month)
        if self._lies_before(month, at_end=isinstance(clock, Open)):
            return Status.NOT_COVERED
        stated = stated_status(self.stated, month)
        if stated is Status.CALCULATED:
            return stated
        judged = self._judged(clock, month, reporting_month)
        return judged if stated is None else stated

    def looked_at(self, month: Month, reporting_month: Month) -> Status:
        """Return whether the dataset tells a month to measures that only look at it."""
        if self.latest_only:
            return self._of_the_latest(month, reporting_month)
        return Status.NOT_COVERED if self._lies_before(month) else self.anything(month)

    def _of_the_latest(self, month: Month, reporting_month: Month) -> Status:
        """Return whether each child's latest record tells a month.

        It does not where it is of a day after the month: an earlier one may have been in it.
        """
        if month != reporting_month:
            return Status.NOT_A_SNAPSHOT_MONTH
        reaching = [one for one in self.all_stretches if one.first <= month.last_day <= one.last]
        if any(one.last_record > month.last_day for one in reaching):
            return Status.NOT_A_SNAPSHOT_MONTH
        return Status.CALCULATED if reaching else Status.NOT_COVERED

    def _lies_before(self, month: Month, *, at_end: bool = False) -> bool:
        """Tell whether a month, or its end, comes before the day from which everything is held.

        A period written above the headings goes before what is known of a standard return.
        """
        stated = stated_status(self.stated, month) is Status.CALCULATED
        first = month.plus(1).first_day if at_end else month.first_day
        return bool(self.held_from and first < self.held_from and not stated)

    def anything(self, month: Month) -> Status:
        """Return whether the dataset reaches a month at all, for measures that only look at it."""
        if not self.given:
            return Status.NO_EXTRACT
        columns = self.dataset.date_columns
        if not columns or stated_status(self.stated, month) is Status.CALCULATED:
            return Status.CALCULATED
        return during_status(self.all_stretches, month)

    @cached_property
    def last_whole_month(self) -> Month | None:
        """The last month that the extracts cover to its end."""
        if self.stated:
            return max((m for m in map(last_month_in, self.stated) if m), default=None)
        return last_whole_month(self.all_stretches)

    @property
    def last_day(self) -> date | None:
        """The last day that any record of the dataset bears."""
        return max((one.last_record for one in self.all_stretches), default=None)

    def _judged(self, clock: Clock, month: Month, reporting_month: Month) -> Status:
        if isinstance(clock, During):
            return during_status(self.stretches(clock.column), month)
        assert isinstance(clock, Open)  # the only other clock
        ends = self._end_stretches(clock)
        if not ends:
            return self._list_of_open_ones(clock, month, reporting_month)
        known_from = self._known_from(clock, ends)
        if known_from is None or month.last_day < known_from:
            return Status.NOT_COVERED
        return open_status(ends, self.stretches(clock.start, clock.end), month)

    def _end_stretches(self, clock: Open) -> Sequence[Stretch]:
        if clock not in self._ends:
            days = self._activity([clock.end])
            self._ends[clock] = stretches_of(without_early_few(days)) if days else ()
        return self._ends[clock]

    def _known_from(self, clock: Open, ends: Sequence[Stretch]) -> date | None:
        if clock not in self._open_known_from:
            longest = max(ends, key=lambda one: one.last_record - one.first)
            few_before = bool(self.stretches(clock.end)[0].first < longest.first)
            found = open_known_from(self._spells(clock), longest, few_before=few_before)
            self._open_known_from[clock] = found
        return self._open_known_from[clock]

    def _list_of_open_ones(self, clock: Open, month: Month, reporting_month: Month) -> Status:
        if month != reporting_month:
            return Status.NOT_A_SNAPSHOT_MONTH
        starts = self.stretches(clock.start)
        reaches = bool(starts) and Month.of(starts[-1].last_record) >= reporting_month
        return Status.CALCULATED if reaches else Status.NOT_COVERED


@dataclass(frozen=True)
class Coverage:
    """What all extracts at hand cover."""

    datasets: Mapping[str, DatasetCoverage]
    reporting_month: Month
    _seen: dict[tuple[str, Month], Finding] = field(default_factory=dict, repr=False)

    def of(self, prepared: Prepared, month: Month) -> Finding:
        """Return whether a measure can be computed for a month, or why not."""
        key = (prepared.measure.name, month)
        if key not in self._seen:
            self._seen[key] = self._found(prepared, month)
        return self._seen[key]

    def _found(self, prepared: Prepared, month: Month) -> Finding:
        if lacking := self._lacking(prepared):
            return lacking
        measure = prepared.measure
        own = self.datasets[measure.dataset]
        clock = measure.clock
        back = span_months(measure.look_back) if measure.look_back else 0
        span = max(clock.months - 1 if isinstance(clock, During) else 0, back)
        simple = During(clock.column) if isinstance(clock, During) else clock
        for earlier in range(span, -1, -1):
            status = self._status(own, simple, month.plus(-earlier))
            if isinstance(clock, Latest) or status is not Status.CALCULATED:
                return Finding(status, measure.dataset)
        return self._looked_at(prepared, month, back)

    def _lacking(self, prepared: Prepared) -> Finding | None:
        """Return the finding that an extract has not all columns that a measure needs."""
        for dataset, columns in sorted(prepared.needs.items()):
            own = self.datasets.get(dataset)
            missing = columns - own.columns if own and own.given else frozenset()
            if missing:
                return Finding(Status.NO_COLUMN, dataset, tuple(sorted(missing)))
        return None

    def _status(self, own: DatasetCoverage, clock: Clock, month: Month) -> Status:
        status = own.status(clock, month, self.reporting_month)
        stopped = month in self._stopped and own.stops_in(month) and not isinstance(clock, Latest)
        return Status.UNFINISHED if stopped and status is Status.CALCULATED else status

    @cached_property
    def _stopped(self) -> frozenset[Month]:
        return stopped(self.datasets.values())

    def _looked_at(self, prepared: Prepared, month: Month, back: int) -> Finding:
        for name in sorted(prepared.looks_at):
            for earlier in range(back, -1, -1):
                then = month.plus(-earlier)
                status = self.datasets[name].looked_at(then, self.reporting_month)
                if status is not Status.CALCULATED:
                    return Finding(status, name)
        return Finding(Status.CALCULATED, prepared.measure.dataset)


def stopped(coverages: Iterable[DatasetCoverage]) -> frozenset[Month]:
    """Return the months in which the given datasets together stop before the end."""
    return stopped_months(one for dataset in coverages for one in dataset.all_stretches)


def usual_last_month(coverages: Sequence[DatasetCoverage]) -> Month | None:
    """Return the latest month that at least half of the given datasets cover to its end."""
    unfinished = stopped(coverages)
    found = [_last_finished(one, unfinished) for one in coverages if one.given]
    months = sorted((month for month in found if month), reverse=True)
    return months[(len(months) - 1) // 2] if months else None


def _last_finished(coverage: DatasetCoverage, unfinished: frozenset[Month]) -> Month | None:
    month = coverage.last_whole_month
    cut = month is not None and month in unfinished and coverage.stops_in(month)
    return month.plus(-1) if month and cut else month


SpellsOf = Callable[[Open], Iterable[Spells]]


class CountedCoverage(DatasetCoverage):
    """The months that one council's records cover, by days that were counted beforehand."""

    def __init__(
        self,
        dataset: Dataset,
        engine: Engine,
        days: Mapping[str, Activity],
        columns: frozenset[str],
        *,
        given: bool,
        spells: SpellsOf | None = None,
    ) -> None:
        super().__init__(dataset, engine, given=given, stated=(), columns=columns)
        self._counted = days
        self._other_spells = spells

    def _activity(self, columns: Sequence[str]) -> Activity:
        found: Counter[date] = Counter()
        for column in columns:
            found.update(self._counted.get(column, {}))
        return found

    def _spells(self, clock: Open) -> Iterable[Spells]:
        return self._other_spells(clock) if self._other_spells else super()._spells(clock)


class JointCoverage(DatasetCoverage):
    """The months that the records of all councils cover."""

    def __init__(self, dataset: Dataset, engine: Engine, parts: Sequence[DatasetCoverage]) -> None:
        given = any(part.given for part in parts)
        columns = frozenset.intersection(*(part.columns for part in parts)) if parts else None
        super().__init__(dataset, engine, given=given, stated=(), columns=columns)
        self._parts = parts

    def stretches(self, *columns: str) -> tuple[Stretch, ...]:
        """Return the stretches of all councils."""
        return tuple(one for part in self._parts for one in part.stretches(*columns))

    def stops_in(self, month: Month) -> bool:
        """Tell whether the records of any council stop in a month."""
        return any(part.stops_in(month) for part in self._parts)

    def status(self, clock: Clock, month: Month, reporting_month: Month) -> Status:
        """Return whether all councils' records cover a month on a clock, or why not."""
        return _first_fault(part.status(clock, month, reporting_month) for part in self._parts)

    def looked_at(self, month: Month, reporting_month: Month) -> Status:
        """Return whether all tell a month to measures that only look at them."""
        return _first_fault(part.looked_at(month, reporting_month) for part in self._parts)

    def anything(self, month: Month) -> Status:
        """Return whether all reach a month at all."""
        return _first_fault(part.anything(month) for part in self._parts)

    @property
    def last_whole_month(self) -> Month | None:
        """The last month that all councils' records cover to its end."""
        months = [part.last_whole_month for part in self._parts]
        found = [month for month in months if month]
        return min(found) if found and len(found) == len(months) else None

    @property
    def last_day(self) -> date | None:
        """The last day that the records of every council bear."""
        days = [part.last_day for part in self._parts]
        found = [day for day in days if day]
        return min(found) if found and len(found) == len(days) else None


def _first_fault(statuses: Iterable[Status]) -> Status:
    """Return the first status that keeps a month from being covered."""
    found = tuple(statuses)
    faults = (one for one in found if one is not Status.CALCULATED)
    return next(faults, Status.CALCULATED if found else Status.NO_EXTRACT)

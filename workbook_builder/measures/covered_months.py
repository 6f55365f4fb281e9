"""Which months of a measure can be computed, and why the others cannot.

A measure can be computed for a month if its own list covers it on the measure's clock, if every
list that its sub-selects look at covers it too and knows the children it is asked about, and if the
columns that it asks about can be used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from workbook_builder.definitions.layouts import DEFAULT_NOT_JUDGED_TOLERANCE
from workbook_builder.definitions.measures import (
    ChildrenPercentage,
    Clock,
    During,
    Latest,
    Open,
    Percentage,
    span_months,
)
from workbook_builder.figures import Status
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.measures.list_completeness import ListCompleteness, asked_lists
from workbook_builder.measures.query import Prepared
from workbook_builder.measures.reporting_month import stopped_months
from workbook_builder.months import Month


@dataclass(frozen=True)
class Finding:
    """Whether a month is covered (CALCULATED) or why not, and the dataset that decides it.

    `columns` are those that the dataset's extract lacks, where that is why; `other` is the dataset
    whose children it does not know.
    """

    status: Status
    dataset: str
    columns: tuple[str, ...] = ()
    other: str = ""


@dataclass(frozen=True)
class Coverage:
    """What all extracts at hand cover, for measures.

    `tolerance` is the share of cells that may be unreadable where it would not be seen.
    """

    datasets: Mapping[str, DatasetCoverage]
    reporting_month: Month
    completeness: ListCompleteness | None = None
    tolerance: float = DEFAULT_NOT_JUDGED_TOLERANCE
    _findings: dict[tuple[str, Month], Finding] = field(default_factory=dict, repr=False)

    def of(self, prepared: Prepared, month: Month) -> Finding:
        """Return whether a measure can be computed for a month, or why not."""
        key = (prepared.measure.name, month)
        if key not in self._findings:
            self._findings[key] = self._find(prepared, month)
        return self._findings[key]

    def _find(self, prepared: Prepared, month: Month) -> Finding:
        if lacking := self._lacking_columns(prepared):
            return lacking
        if finding := self._unusable(prepared):
            return finding
        measure = prepared.measure
        coverage, clock = self.datasets[measure.dataset], measure.clock
        look_back = span_months(measure.look_back) if measure.look_back else 0
        if isinstance(clock, Open):  # the span ends with the month itself
            look_back = max(0, look_back - 1)
        span = max(clock.months - 1, look_back) if isinstance(clock, During) else look_back
        single = During(clock.column) if isinstance(clock, During) else clock
        for back in range(span, -1, -1):
            status = self._status(coverage, single, month.plus(-back))
            if isinstance(clock, Latest) or status is not Status.CALCULATED:
                return Finding(status, measure.dataset)
        for name in sorted(prepared.lookups):
            if measure.look_back and self.datasets[name].latest_only:
                return Finding(Status.NOT_A_SNAPSHOT_MONTH, name)
            beyond = span_months(measure.lookups_back) if measure.lookups_back else 0
            reach = look_back if self.datasets[name].latest_only else max(look_back, beyond)
            for back in range(reach, -1, -1):
                status = self._lookup_status(prepared, name, month, month.plus(-back))
                if status is not Status.CALCULATED:
                    return Finding(status, name)
        unknown = self._unknown_children(prepared, month)
        return unknown or Finding(Status.CALCULATED, measure.dataset)

    def _lookup_status(
        self, prepared: Prepared, name: str, month: Month, looked_at: Month
    ) -> Status:
        """Return whether a measure may look at a month of another list.

        A list of each child's latest record tells a month if hardly any of the children asked about
        has a later record: one at most, and none where it asks about some of them only.
        """
        status = self.datasets[name].lookup_status(looked_at, self.reporting_month)
        own, clock = self.datasets[prepared.measure.dataset], prepared.measure.clock
        if (
            status is not Status.NOT_A_SNAPSHOT_MONTH
            or not isinstance(clock, Open)
            or self.completeness is None
            or month != looked_at
        ):
            return status
        other = self.datasets[name]
        hidden, asked = self.completeness.hidden_by_latest(
            own.dataset, clock, other.dataset, other.first_column, month
        )
        most = 0 if "among" in prepared.expressions else min(1, self.tolerance * asked)
        if hidden > most:
            return status
        return other.lookup_status(looked_at, self.reporting_month, later_matter=False)

    def _lacking_columns(self, prepared: Prepared) -> Finding | None:
        """Return which columns lists lack that a measure needs; an end in doubt is one of them."""
        for name, needed in sorted(prepared.needs.items()):
            coverage = self.datasets.get(name)
            if coverage and coverage.ends_in_doubt & needed:
                return Finding(Status.END_NOT_KNOWN, name)
            if coverage and coverage.has_extract and (missing := coverage.missing(needed)):
                return Finding(Status.NO_COLUMN, name, tuple(sorted(missing)))
        for needs in prepared.exclusion_needs.values():
            for name, needed in sorted(needs.items()):
                if name in self.datasets and self.datasets[name].ends_in_doubt & needed:
                    return Finding(Status.END_NOT_KNOWN, name)
        return None

    def _unknown_children(self, prepared: Prepared, month: Month) -> Finding | None:
        """Return why lists do not know the children that a measure asks about, if they do not."""
        if self.completeness is None:
            return None
        return self._of_own_list(prepared, month, self.completeness) or self._of_other_lists(
            prepared, month, self.completeness
        )

    def _of_own_list(
        self, prepared: Prepared, month: Month, lists: ListCompleteness
    ) -> Finding | None:
        """Return why a measure's own list lacks events of a month, if children are missing."""
        name, clock = prepared.measure.dataset, prepared.measure.clock
        if not isinstance(clock, During):
            return None
        spells, own = lists.spells_of(name), self.datasets[name]
        of_spells = spells and clock.column in (spells.start, spells.end)
        if spells and of_spells and own.has_only_open(spells):
            return Finding(Status.NOT_A_SNAPSHOT_MONTH, name)
        is_start = spells and clock.column == spells.start
        if spells and is_start and own.is_before_ends(spells, month.plus(1 - clock.months)):
            return Finding(Status.NOT_COVERED, name)
        told = clock.months == 1 and self._tells_latest(name, month)
        if lists.is_latest_only(name) and not told:
            return Finding(Status.LATEST_ONLY, name)
        # Who left within the first month may have had an event in it.
        if other := lists.loses(name, month.plus(-clock.months)):
            return Finding(Status.CHILDREN_MISSING, name, other=other)
        return None

    def _of_other_lists(
        self, prepared: Prepared, month: Month, lists: ListCompleteness
    ) -> Finding | None:
        """Return why the lists that a measure looks into do not know its children."""
        measure = prepared.measure
        # What happened in the month itself was before its end.
        is_past = month != self.reporting_month or bool(measure.look_back)
        is_past = is_past or isinstance(measure.clock, During)
        for name in sorted(prepared.lookups & self.datasets.keys()):
            spells = lists.spells_of(name)
            if spells and is_past and self.datasets[name].has_only_open(spells):
                return Finding(Status.NOT_A_SNAPSHOT_MONTH, name)
            if lists.is_latest_only(name) and not self._tells_latest(name, month):
                return Finding(Status.LATEST_ONLY, name)
        for name in asked_lists(prepared) if isinstance(measure.clock, Open) else ():
            pair = lists.pair(measure.dataset, name)
            if pair and pair.share_no_child:
                return Finding(Status.OTHER_CHILDREN, measure.dataset, other=name)
            # Of a few among the children, or of a number, one who is lost may be many.
            of_all = isinstance(measure, Percentage | ChildrenPercentage)
            few = {} if of_all and "among" not in prepared.expressions else {"tolerance": 0.0}
            if lists.has_lost(measure.dataset, name, month, **few) or lists.lacks_current(
                measure.dataset, name, month, self.tolerance, is_number=not of_all
            ):
                return Finding(Status.CHILDREN_MISSING, name, other=measure.dataset)
        return None

    def _tells_latest(self, name: str, month: Month) -> bool:
        """Tell whether a list of each child's latest record tells a month: none is later."""
        last = self.datasets[name].last_day
        return month == self.reporting_month and bool(last and last <= month.last_day)

    def _unusable(self, prepared: Prepared) -> Finding | None:
        """Return the finding that columns cannot be used as a whole, if a measure asks of some."""
        for name, coverage in self.datasets.items():
            none: frozenset[str] = frozenset()
            unusable = coverage.unreadable() & prepared.used.get(name, none)
            unusable |= coverage.faulty(self.tolerance) & prepared.silent.get(name, none)
            unusable |= coverage.empty & prepared.filled.get(name, none)
            if unusable:
                return Finding(Status.NOT_JUDGED, name, tuple(sorted(unusable)))
        return None

    def countable(self, prepared: Prepared) -> Prepared:
        """Return a measure whose exclusions raise no doubt where extracts hold nothing for them."""
        certain = {
            reason
            for reason, needs in prepared.exclusion_needs.items()
            for name, columns in needs.items()
            if columns & self.datasets[name].empty or columns - self.datasets[name].columns
        }
        return replace(prepared, certain=frozenset(certain)) if certain else prepared

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

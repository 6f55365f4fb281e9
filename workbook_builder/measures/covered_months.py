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

    `columns` are those that the dataset's extract lacks, where that is why, or that cannot be
    judged; one of another dataset is "dataset.column". `other` is the dataset whose children it
    does not know.
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
    _at_fault: dict[str, Finding | None] = field(default_factory=dict, repr=False)

    def of(self, prepared: Prepared, month: Month) -> Finding:
        """Return whether a measure can be computed for a month, or why not."""
        key = (prepared.measure.name, month)
        if key not in self._findings:
            self._findings[key] = self._find(prepared, month)
        return self._findings[key]

    def _find(self, prepared: Prepared, month: Month) -> Finding:
        measure = prepared.measure
        if measure.name not in self._at_fault:
            self._at_fault[measure.name] = self._lacking_columns(prepared) or self._unusable(
                prepared
            )
        if finding := self._at_fault[measure.name]:
            return finding
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
                    missing = status is Status.CHILDREN_MISSING
                    return Finding(status, name, other=measure.dataset if missing else "")
        unknown = self._unknown_children(prepared, month)
        return unknown or Finding(Status.CALCULATED, measure.dataset)

    def _lookup_status(
        self, prepared: Prepared, name: str, month: Month, looked_at: Month
    ) -> Status:
        """Return whether a measure may look at a month of another list.

        A list of each child's latest record tells the reporting month if it tells of hardly any of
        the children asked about nothing: one at most, and none where it asks about some of them
        only. It does not where their record is later; nor where they have none in it and stand in
        another sheet, or in a sheet of their own they would have been left blank.
        """
        own, other = self.datasets[prepared.measure.dataset], self.datasets[name]
        at_end = own is other and isinstance(prepared.measure.clock, Open)
        status = other.lookup_status(looked_at, self.reporting_month, at_end=at_end)
        if (
            not other.latest_only
            or self.completeness is None
            or not isinstance(prepared.measure.clock, Open)
            or not month == looked_at == self.reporting_month
            or status not in {Status.CALCULATED, Status.NOT_A_SNAPSHOT_MONTH}
        ):
            return status
        later, absent, asked = self.completeness.unknown_by_latest(
            prepared, own.dataset, other.dataset, other.first_column, month
        )
        most = 0 if "among" in prepared.expressions else min(1, self.tolerance * asked)
        if later > most:
            return Status.NOT_A_SNAPSHOT_MONTH
        if not own.sheets & other.sheets and later + absent > most:
            return Status.CHILDREN_MISSING
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
        if finding := self._before_spells(name, clock, month, lists.spells_of(name)):
            return finding
        told = clock.months == 1 and self._tells_latest(name, month)
        if lists.is_latest_only(name) and not told:
            return Finding(Status.LATEST_ONLY, name)
        # Who left within the first month may have had an event in it.
        before = month.plus(-clock.months)
        if other := self._is_of_present(name, lists) or lists.loses(name, before):
            return Finding(Status.CHILDREN_MISSING, name, other=other)
        return None

    def _before_spells(
        self, name: str, clock: During, month: Month, spells: Open | None
    ) -> Finding | None:
        """Return why a list of spells does not tell which of them began or ended in a month."""
        own = self.datasets[name]
        if spells is None or clock.column not in (spells.start, spells.end):
            return None
        if own.has_only_open(spells):
            return Finding(Status.NOT_A_SNAPSHOT_MONTH, name)
        first = month.plus(1 - clock.months)
        if clock.column == spells.start and own.is_before_ends(spells, first):
            return Finding(Status.NOT_COVERED, name)
        selection = own.selection(spells)
        if clock.column == spells.start and selection.only_ended:
            return Finding(Status.NOT_COVERED, name)
        if clock.column == spells.end and first.last_day < selection.grows_until:
            return Finding(Status.NOT_COVERED, name)
        return None

    def _is_of_present(self, name: str, lists: ListCompleteness) -> str:
        """Return the list of open spells only whose children are all that a list of events knows.

        Nothing if it knows others too, or if there is no such list.
        """
        present = [
            spells for spells, clock in lists.spells.items()
            if spells in self.datasets and self.datasets[spells].has_only_open(clock)
        ]  # fmt: skip
        if not present or name in lists.spells or lists.knows_others(name, present):
            return ""
        return present[0]

    def _of_other_lists(
        self, prepared: Prepared, month: Month, lists: ListCompleteness
    ) -> Finding | None:
        """Return why the lists that a measure looks into do not know its children."""
        measure = prepared.measure
        # What happened in the month itself was before its end.
        is_past = month != self.reporting_month or bool(measure.look_back)
        is_past = is_past or isinstance(measure.clock, During)
        for name in sorted(prepared.lookups & self.datasets.keys()):
            if is_past and self._is_of_present_spells(name, lists):
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
                measure.dataset, name, month, self.tolerance, is_number=not of_all,
                present_only=self._is_of_present_spells(name, lists),
            ):  # fmt: skip
                return Finding(Status.CHILDREN_MISSING, name, other=measure.dataset)
        return None

    def _is_of_present_spells(self, name: str, lists: ListCompleteness) -> bool:
        """Tell whether a list of spells holds none that has ended."""
        spells = lists.spells_of(name)
        return spells is not None and self.datasets[name].has_only_open(spells)

    def _tells_latest(self, name: str, month: Month) -> bool:
        """Tell whether a list of each child's latest record tells a month: none is later."""
        last = self.datasets[name].last_day
        return month == self.reporting_month and bool(last and last <= month.last_day)

    def _unusable(self, prepared: Prepared) -> Finding | None:
        """Return the finding that columns cannot be used as a whole, if a measure asks of some."""
        for name, coverage in self.datasets.items():
            none: frozenset[str] = frozenset()
            unusable = coverage.unreadable() & prepared.used.get(name, none)
            silent = prepared.silent.get(name, none)
            if name == prepared.measure.dataset or name in prepared.lookups:
                silent |= coverage.dataset.required  # a record without them is left out
            unusable |= coverage.faulty(self.tolerance) & silent
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
        if status is not Status.CALCULATED or month not in self._stopped_months:
            return status
        is_of_present = isinstance(clock, Latest)
        stopped = coverage.is_of_delivery_day if is_of_present else coverage.stops_in(month)
        return Status.UNFINISHED if stopped else status

    @cached_property
    def _stopped_months(self) -> frozenset[Month]:
        return stopped_months(
            period for coverage in self.datasets.values() for period in coverage.all_periods
        )

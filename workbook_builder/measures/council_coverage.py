"""Which months the records of one council in a table cover, and those of a region of councils.

A region's month is covered if every council's records cover it: the figure of a month in which one
of them is missing would be too low.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.measures import Clock, Open
from workbook_builder.figures import Status
from workbook_builder.measures.coverage import Activity, CoveredPeriod, EpisodeCount
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.measures.list_completeness import ComparedList
from workbook_builder.months import Month
from workbook_builder.store.engine import Engine

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
        self._days = {name: days.get(name, {}) for name in dataset.date_columns}
        self._episode_source = episodes

    def compared(self) -> ComparedList | None:
        """Return None: the lists of councils in one table are not compared with one another."""
        return None

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

    def compared(self) -> ComparedList | None:
        """Return None: the lists of councils in one table are not compared with one another."""
        return None

    def stops_in(self, month: Month) -> bool:
        """Tell whether the records of any council stop in a month."""
        return any(council.stops_in(month) for council in self._councils)

    def status(self, clock: Clock, month: Month, reporting_month: Month) -> Status:
        """Return whether all councils' records cover a month on a clock, or why not."""
        return _first_fault(each.status(clock, month, reporting_month) for each in self._councils)

    def lookup_status(
        self,
        month: Month,
        reporting_month: Month,
        *,
        later_matter: bool = True,
        at_end: bool = False,
    ) -> Status:
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

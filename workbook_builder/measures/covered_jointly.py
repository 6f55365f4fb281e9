"""What tables of many councils' records cover: each council by itself, and the region by all.

A region's month is covered where every council's records cover it: the figure of a month in which
one of them is missing would be too low.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.measures import Clock, Open
from workbook_builder.engine.protocol import Engine
from workbook_builder.figures import Status
from workbook_builder.measures.coverage import Activity, Spells, Stretch
from workbook_builder.measures.covered import DatasetCoverage
from workbook_builder.months import Month

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

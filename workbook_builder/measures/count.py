"""Count everything a workbook shows from the records: figures, commentary and caseloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.commentary import Commentary
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.month_ranges import asked_months, span
from workbook_builder.figures import Caseloads
from workbook_builder.measures.blank_reasons import blank_problems, exclusion_problems
from workbook_builder.measures.caseloads import caseloads_of
from workbook_builder.measures.compute import (
    Computed,
    Task,
    compute_figures,
    read_populations,
    with_published,
)
from workbook_builder.measures.covered_months import Coverage, DatasetCoverage, usual_last_month
from workbook_builder.measures.finished_figures import read_commentary, supplied_figures
from workbook_builder.measures.query import Prepared
from workbook_builder.months import Month, months_ending
from workbook_builder.problems import Problem, Result
from workbook_builder.store.engine import Engine


def reporting_month(
    asked: Month | None, coverages: Mapping[str, DatasetCoverage]
) -> Result[Month | None]:
    """Return the month asked for, or else the last one that the extracts cover."""
    month = asked or usual_last_month(tuple(coverages.values()))
    if month is None:
        what = "no extract covers a whole month, so the reporting month cannot be told."
        return Result(None, (Problem(catalogue.NO_MONTH, what),))
    return Result(month)


@dataclass(frozen=True, eq=False)
class Count:
    """The measures of a layout, ready to be counted over the records of a store."""

    task: Task
    layout: Layout
    store: Engine

    @property
    def month(self) -> Month:
        """The reporting month."""
        return self.task.months[-1]

    def figures(self, on_share: Callable[[float], None]) -> Computed:
        """Count every figure; `on_share` hears the share (0 to 1) of the measures counted.

        Raises Exhausted or EngineFailed.
        """
        return compute_figures(self.task, self.store, on_share)

    def commentary(self) -> Result[Commentary]:
        """Read the commentary that was given as an extract."""
        return read_commentary(self.store, self.task.definitions, self.layout, self.month)

    def caseloads(self) -> Result[tuple[Caseloads, ...]]:
        """Count, for each caseload sheet of the layout, the children of each worker."""
        return caseloads_of(self.task.definitions, self.layout, self.task.coverage, self.store)

    def problems(self, computed: Computed) -> tuple[Problem, ...]:
        """Say which figures are blank and why, and which exclusions could not be made."""
        task, coverages = self.task, self.task.coverage.datasets
        shown = task.definitions.with_parts(task.wanted)
        prepared = [task.prepared[name] for name in shown if name in task.prepared]
        return (
            *blank_problems(computed, task.definitions, coverages, task.asked_months),
            *exclusion_problems(prepared, coverages),
        )


def ready_to_count(
    definitions: Definitions,
    layout: Layout,
    prepared: Mapping[str, Prepared],
    coverages: Mapping[str, DatasetCoverage],
    month: Month,
    published_populations: Mapping[tuple[str, int], float],
    store: Engine,
) -> Result[Count]:
    """Put together what counting the layout's measures needs, for the months up to `month`."""
    populations = with_published(read_populations(store), published_populations)
    supplied = supplied_figures(store, definitions, layout)
    task = Task(
        definitions=definitions,
        prepared=prepared,
        coverage=Coverage(coverages, month),
        populations=populations.value,
        supplied=supplied.value,
        months=months_ending(month, span(layout, definitions)),
        wanted=layout.measures,
        asked=max(asked_months(table, layout) for table in layout.tables),
    )
    return Result(Count(task, layout, store), (*populations.problems, *supplied.problems))

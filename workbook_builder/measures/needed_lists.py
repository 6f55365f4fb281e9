"""Which lists the indicators of a layout need, and which indicators are blank for want of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Clocked, Rate, Supplied
from workbook_builder.figures import ListFinding, NeededList, Status
from workbook_builder.measures.compute import POPULATION, Blank, Computed
from workbook_builder.measures.count import blank_text
from workbook_builder.measures.covered_months import Finding
from workbook_builder.measures.dataset_coverage import DatasetCoverage
from workbook_builder.measures.finished_figures import FIGURES
from workbook_builder.months import Month

#: The name of a list that the SQL of a measure looks into.
_LOOKED_INTO = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)", re.IGNORECASE)
#: Blanks that no list could fill: there is nothing to divide by, or the quarter is not over.
_OF_NO_LIST = frozenset(
    {Status.NO_DENOMINATOR, Status.CANNOT_BE_COMPUTED, Status.BETWEEN_QUARTERS, Status.SUPPRESSED}
)
#: A list whose last record is so much before the delivery day may be last year's.
_LONG_BEFORE = timedelta(days=300)
_CASELOAD_LISTS = ("caseloads", "social_worker_allocations")


def lists_of(measure: str, definitions: Definitions) -> frozenset[str]:
    """Return the datasets that a measure and its parts count or look into, without stand-ins."""
    lists: set[str] = set()
    waiting = [measure]
    while waiting:
        known = definitions.measures[waiting.pop()]
        waiting += known.parts
        if isinstance(known, Clocked):
            texts = known.expressions.values()
            lists |= {
                known.dataset,
                *(name for text in texts for name in _LOOKED_INTO.findall(text)),
            }
        elif isinstance(known, Supplied):
            lists.add(FIGURES)
    return frozenset(lists & definitions.datasets.keys())


def needed_lists(layout: Layout, definitions: Definitions) -> tuple[NeededList, ...]:
    """Return the lists that a layout's indicators need, those that feed most first."""
    feeds: dict[str, list[str]] = {}
    stand_ins: dict[str, list[str]] = {POPULATION: [], "commentary": [], FIGURES: []}
    if layout.caseloads:
        stand_ins |= {name: [] for name in _CASELOAD_LISTS}
    for name in layout.measures:
        measure = definitions.measures[name]
        for dataset in lists_of(name, definitions):
            feeds.setdefault(dataset, []).append(name)
        parts = [definitions.measures[part] for part in definitions.with_parts([name])]
        if any(isinstance(part, Rate) for part in parts):
            stand_ins[POPULATION].append(name)
        if measure.otherwise:
            for dataset in lists_of(measure.otherwise, definitions):
                stand_ins.setdefault(dataset, []).append(name)
    needed = [NeededList(name, definitions.datasets[name].title, tuple(names))
              for name, names in feeds.items()]  # fmt: skip
    needed += [
        NeededList(name, definitions.datasets[name].title, tuple(names), optional=True)
        for name, names in stand_ins.items()
        if name in definitions.datasets and name not in feeds
    ]
    return tuple(sorted(needed, key=lambda one: (one.optional, -len(one.indicators), one.title)))


def list_findings(
    computed: Computed, coverages: Mapping[str, DatasetCoverage], months: Collection[Month]
) -> tuple[ListFinding, ...]:
    """Return what each list gives that was given or that leaves figures blank in these months.

    The last month is the reporting month. Only figures of the whole service count, and blanks that
    no list could fill do not.
    """
    blanks: dict[str, list[Blank]] = {
        name: [] for name, coverage in coverages.items() if coverage.has_extract
    }
    for blank in computed.blanks:
        if blank.month in months and blank.finding.status not in _OF_NO_LIST:
            without_people = blank.finding.status is Status.NO_POPULATION
            dataset = POPULATION if without_people else blank.finding.dataset
            blanks.setdefault(dataset, []).append(blank)
    return tuple(
        _finding(coverages[dataset], of_list, coverages, max(months))
        for dataset, of_list in sorted(blanks.items())
    )


def _finding(
    coverage: DatasetCoverage,
    blanks: Sequence[Blank],
    coverages: Mapping[str, DatasetCoverage],
    reporting_month: Month,
) -> ListFinding:
    now = {blank.measure: None for blank in blanks if blank.month == reporting_month}
    earlier = {blank.measure: None for blank in blanks if blank.measure not in now}
    last = coverage.last_day if coverage.has_extract and coverage.first_column else None
    return ListFinding(
        coverage.dataset.name,
        tuple(now),
        tuple(earlier),
        tuple(_reasons(blanks, coverages, reporting_month)),
        last,
        _is_old(coverage, last),
    )


def _is_old(coverage: DatasetCoverage, last: date | None) -> bool:
    """Tell whether a list may be last year's: its file is older, or it stops long before others."""
    delivery = coverage.delivery
    if not coverage.has_extract or delivery is None or coverage.latest_only:
        return False
    return coverage.is_older or bool(last and last < delivery.day - _LONG_BEFORE)


def _reasons(
    blanks: Sequence[Blank], coverages: Mapping[str, DatasetCoverage], reporting_month: Month
) -> Iterator[str]:
    """Yield why figures are blank, those of the reporting month first."""
    by_finding: dict[Finding, list[Blank]] = {}
    for blank in sorted(blanks, key=lambda blank: blank.month != reporting_month):
        by_finding.setdefault(blank.finding, []).append(blank)
    for finding, of_finding in by_finding.items():
        yield blank_text(finding, coverages, sorted({blank.month for blank in of_finding}))

"""Workers' caseloads of the reporting month, from a list of them or counted from allocations.

A caseload list of the month is used where there is one. Otherwise the children allocated to each
worker at the end of the month are counted; a child allocated twice to one worker counts once, and a
worker belongs to the team that has most of his or her children.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Open
from workbook_builder.definitions.sheet_layouts import CaseloadSheet
from workbook_builder.figures import NO_STATUS, NO_TEAM, REASONS, Caseloads, Status, Worker
from workbook_builder.measures.covered_months import Coverage
from workbook_builder.measures.expressions import MONTH, RECORD, named_table
from workbook_builder.measures.query import clock_condition
from workbook_builder.months import Month, day_label
from workbook_builder.problems import Problem, Result
from workbook_builder.store.engine import MONTHS, Engine

CASELOAD_LIST = "caseloads"
ALLOCATIONS = "social_worker_allocations"
_OPEN = Open("allocation_start_date", "allocation_end_date")
_SMALL = "This workbook hides small numbers, and caseloads are small numbers."
_NO_LIST = "No caseload list was given."


def caseloads_of(
    definitions: Definitions, layout: Layout, coverage: Coverage, engine: Engine
) -> Result[tuple[Caseloads, ...]]:
    """Return the caseloads of each caseload sheet of a layout; a sheet without any is a problem.

    Where a layout hides small numbers no sheet has any: nearly every worker's is a small number.
    """
    teams, hides = definitions.known_teams, layout.suppress_under is not None
    caseloads: list[Caseloads] = []
    problems: list[Problem] = []
    for sheet in layout.caseloads:
        read = Caseloads(reason=_SMALL) if hides else read_caseloads(sheet, coverage, teams, engine)
        caseloads.append(read)
        if not read.workers:
            kind = catalogue.CASELOADS_HIDDEN if hides else catalogue.NO_CASELOADS
            text = f'the sheet "{sheet.name}" has no caseloads. {read.reason}'
            problems.append(Problem(kind, text))
    return Result(tuple(caseloads), tuple(problems))


def read_caseloads(
    sheet: CaseloadSheet, coverage: Coverage, teams: Teams, engine: Engine
) -> Caseloads:
    """Return the caseloads of the reporting month, from where the sheet asks for them.

    With the source "auto", a caseload list of the month is preferred to allocation records.
    """
    listed = Caseloads()
    if sheet.source != "allocations":
        listed = _from_list(sheet, coverage, engine)
    if listed.workers or sheet.source == "list":
        return listed
    counted = _from_allocations(sheet, coverage, teams, engine)
    if counted.workers:
        return replace(counted, reason="" if listed.reason == _NO_LIST else listed.reason)
    reasons = (listed.reason, counted.reason)
    return Caseloads(reason=" ".join(reason for reason in reasons if reason))


def _from_list(sheet: CaseloadSheet, coverage: Coverage, engine: Engine) -> Caseloads:
    caseload_list = coverage.datasets.get(CASELOAD_LIST)
    if caseload_list is None or not caseload_list.has_extract:
        return Caseloads(reason=_NO_LIST)
    month, dataset = coverage.reporting_month, caseload_list.dataset
    names = ("snapshot_date", "team", "qualifying_status", "allocations")
    columns = [exp.column(name, table=RECORD) for name in names]
    query = exp.select(*columns, _worker_name(sheet, dataset))
    rows = engine.rows(query.from_(named_table(dataset.name, RECORD)))
    day = max((row[0] for row in rows if row[0] and Month.of(row[0]) == month), default=None)
    rows_of_day = [row for row in rows if row[0] == day]
    if rows_of_day:
        workers = tuple(Worker(team or NO_TEAM, status or NO_STATUS, number, name or "")
                        for _, team, status, number, name in rows_of_day)  # fmt: skip
        return Caseloads(workers, "list", day)
    days = sorted({row[0] for row in rows if row[0]})
    if not days:
        return Caseloads(reason="The caseload list holds no workers.")
    labels = ", ".join(map(day_label, days))
    return Caseloads(reason=f"The caseload list is for {labels}, not {month.label}.")


def _from_allocations(
    sheet: CaseloadSheet, coverage: Coverage, teams: Teams, engine: Engine
) -> Caseloads:
    month, allocations = coverage.reporting_month, coverage.datasets.get(ALLOCATIONS)
    if allocations is None or not allocations.has_extract:
        return Caseloads(reason="No allocation records were given.")
    status = allocations.status(_OPEN, month, month)
    if status is not Status.CALCULATED:
        return Caseloads(reason=f"Allocation records: {REASONS[status]}")
    dataset = allocations.dataset
    columns = [exp.column(name, table=RECORD) if name in dataset.columns else exp.null()
               for name in ("worker_id", "child_id", "team", "qualifying_status")]  # fmt: skip
    query = (
        exp.select(*columns, _worker_name(sheet, dataset))
        .from_(named_table(MONTHS, MONTH))
        .join(named_table(dataset.name, RECORD), on=clock_condition(_OPEN, month, dataset))
        .where(exp.column("month", table=MONTH).eq(str(month)))
        .distinct()
    )
    by_worker: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in engine.rows(query):
        by_worker[row[0]].append(row)
    workers = tuple(_worker(rows, teams) for _, rows in sorted(by_worker.items()))
    if not workers:
        return Caseloads(reason=f"No allocation is open at the end of {month.label}.")
    return Caseloads(workers, "allocations", month.last_day)


def _worker_name(sheet: CaseloadSheet, dataset: Dataset) -> exp.Expr:
    """Return what names a worker: nothing, unless the layout asks for it."""
    names = [name for name in ("worker_name", "worker_id") if name in dataset.columns]
    if not sheet.show_workers or not names:
        return exp.null()
    first, *others = (exp.column(name, table=RECORD) for name in names)
    return exp.Coalesce(this=first, expressions=others)


def _worker(rows: Sequence[tuple[Any, ...]], teams: Teams) -> Worker:
    """Return a worker from rows of worker, child, team, status and name."""
    children: defaultdict[str, set[Any]] = defaultdict(set)
    for row in rows:
        children[row[2] or NO_TEAM].add(row[1])
    team = min(children, key=lambda name: (-len(children[name]), teams.sort_key(name)))
    statuses = sorted(row[3] for row in rows if row[3])
    names = sorted(row[4] for row in rows if row[4])
    status = max(statuses, key=statuses.count) if statuses else NO_STATUS
    number = len(set().union(*children.values()))
    return Worker(team, status, number, names[0] if names else "")

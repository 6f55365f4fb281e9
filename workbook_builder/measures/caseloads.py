"""Workers' caseloads, from a list of them or counted from allocation records."""

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
from workbook_builder.measures.expressions import MONTH, RECORD
from workbook_builder.measures.query import clock_condition
from workbook_builder.months import Month, day_label
from workbook_builder.problems import Problem, Result
from workbook_builder.store.engine import MONTHS, Engine

LIST = "caseloads"
ALLOCATIONS = "social_worker_allocations"
_OPEN = Open("allocation_start_date", "allocation_end_date")
_SNAPSHOT = "snapshot_date"
_SMALL = "This workbook hides small numbers, and a worker's caseload is one."
_NO_LIST = "No caseload list was given."


def caseloads_of(
    definitions: Definitions, layout: Layout, coverage: Coverage, engine: Engine
) -> Result[tuple[Caseloads, ...]]:
    """Return the caseloads of each caseload sheet of a layout; a sheet without any is a problem."""
    teams = definitions.known_teams
    if layout.suppress_under is not None:
        return _hidden(definitions, layout)
    found = [read_caseloads(one, coverage, teams, engine) for one in layout.caseloads]
    problems: list[Problem] = []
    for at, (sheet, caseloads) in enumerate(zip(layout.caseloads, found, strict=True)):
        if not caseloads.workers:
            where = definitions.where("layouts", layout.name, "caseloads", at)
            what = f'the sheet "{sheet.name}" has no caseloads. {caseloads.reason}'
            problems.append(Problem(catalogue.NO_CASELOADS, what, where, "The sheet says so."))
    return Result(tuple(found), tuple(problems))


def _hidden(definitions: Definitions, layout: Layout) -> Result[tuple[Caseloads, ...]]:
    """Return no caseloads at all: nearly every worker's is a small number."""
    problems = tuple(
        Problem(catalogue.CASELOADS_HIDDEN, f'the sheet "{sheet.name}" has no caseloads. {_SMALL}',
                definitions.where("layouts", layout.name, "caseloads", at), "The sheet says so.")
        for at, sheet in enumerate(layout.caseloads)
    )  # fmt: skip
    return Result(tuple(Caseloads(reason=_SMALL) for _ in layout.caseloads), problems)


def read_caseloads(
    sheet: CaseloadSheet, coverage: Coverage, teams: Teams, engine: Engine
) -> Caseloads:
    """Return the caseloads of the reporting month, from where the sheet asks for them.

    With the source "auto" a caseload list of the month goes before allocation records.
    """
    month = coverage.reporting_month
    listed = _listed(sheet, coverage, engine) if sheet.source != "allocations" else Caseloads()
    if listed.workers or sheet.source == "list":
        return listed
    counted = _counted(sheet, coverage, month, teams, engine)
    if counted.workers:
        return replace(counted, reason="" if listed.reason == _NO_LIST else listed.reason)
    reasons = (listed.reason, counted.reason)
    return Caseloads(reason=" ".join(reason for reason in reasons if reason))


def _listed(sheet: CaseloadSheet, coverage: Coverage, engine: Engine) -> Caseloads:
    own = coverage.datasets.get(LIST)
    if own is None or not own.given:
        return Caseloads(reason=_NO_LIST)
    month = coverage.reporting_month
    rows = engine.rows(_list_query(own.dataset, _named(sheet, own.dataset)))
    day = max((row[0] for row in rows if row[0] and Month.of(row[0]) == month), default=None)
    found = [row for row in rows if row[0] == day]
    if not found:
        return Caseloads(reason=_other_days(rows, month))
    workers = tuple(Worker(team or NO_TEAM, status or NO_STATUS, number, name or "")
                    for _, team, status, number, name in found)  # fmt: skip
    return Caseloads(workers, "list", day)


def _other_days(rows: Sequence[tuple[Any, ...]], month: Month) -> str:
    days = sorted({row[0] for row in rows if row[0]})
    if not days:
        return "The caseload list holds no workers."
    said = ", ".join(day_label(day) for day in days)
    return f"The caseload list is of {said}, not of {month.label}."


def _named(sheet: CaseloadSheet, dataset: Dataset) -> exp.Expr:
    """Return what stands for a worker: nothing, unless the layout asks for it."""
    names = [name for name in ("worker_name", "worker_id") if name in dataset.columns]
    if not sheet.show_workers or not names:
        return exp.null()
    return exp.Coalesce(
        this=exp.column(names[0], table=RECORD),
        expressions=[exp.column(name, table=RECORD) for name in names[1:]],
    )


def _list_query(dataset: Dataset, name: exp.Expr) -> exp.Select:
    columns = [exp.column(one, table=RECORD) for one in
               (_SNAPSHOT, "team", "qualifying_status", "allocations")]  # fmt: skip
    return exp.select(*columns, name).from_(exp.to_table(dataset.name, alias=RECORD))


def _counted(
    sheet: CaseloadSheet, coverage: Coverage, month: Month, teams: Teams, engine: Engine
) -> Caseloads:
    own = coverage.datasets.get(ALLOCATIONS)
    if own is None or not own.given:
        return Caseloads(reason="No allocation records were given.")
    status = own.status(_OPEN, month, month)
    if status is not Status.CALCULATED:
        return Caseloads(reason=f"Allocation records: {REASONS[status]}")
    rows = engine.rows(_open_query(own.dataset, month, _named(sheet, own.dataset)))
    workers = tuple(_workers(rows, teams))
    if not workers:
        return Caseloads(reason=f"No allocation is open at the end of {month.label}.")
    return Caseloads(workers, "allocations", month.last_day)


def _open_query(dataset: Dataset, month: Month, name: exp.Expr) -> exp.Select:
    """Return the query of open allocations: worker, child, team, status, name; each once."""
    own = [exp.column(one, table=RECORD) if one in dataset.columns else exp.null()
           for one in ("worker_id", "child_id", "team", "qualifying_status")]  # fmt: skip
    source, months = exp.to_table(dataset.name, alias=RECORD), exp.to_table(MONTHS, alias=MONTH)
    query = exp.select(*own, name).from_(months).join(source, on=clock_condition(_OPEN, month))
    return query.where(exp.column("month", table=MONTH).eq(str(month))).distinct()


def _workers(rows: Sequence[tuple[Any, ...]], teams: Teams) -> list[Worker]:
    """Return each worker with the children that he or she has, in the team that has most of them.

    A child who is allocated twice to one worker counts once.
    """
    by_worker: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        by_worker[row[0]].append(row)
    return [_worker(found, teams) for _, found in sorted(by_worker.items())]


def _worker(rows: Sequence[tuple[Any, ...]], teams: Teams) -> Worker:
    children = {child for _, child, *_ in rows}
    team = min(
        {row[2] or NO_TEAM for row in rows},
        key=lambda name: (-_children_in(rows, name), teams.sort_key(name)),
    )
    statuses = sorted(row[3] for row in rows if row[3])
    names = sorted(row[4] for row in rows if row[4])
    status = max(statuses, key=statuses.count) if statuses else NO_STATUS
    return Worker(team, status, len(children), names[0] if names else "")


def _children_in(rows: Sequence[tuple[Any, ...]], team: str) -> int:
    return len({child for _, child, own, *_ in rows if (own or NO_TEAM) == team})

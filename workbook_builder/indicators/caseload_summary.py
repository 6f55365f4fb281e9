"""Caseloads summed up by team, and those at or over the threshold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definitions.council import Teams
from workbook_builder.figures import Caseloads, Worker

ALL_TEAMS = "All teams"


@dataclass(frozen=True)
class TeamLoad:
    """The caseloads of one team. `over` counts workers with more than the threshold."""

    team: str
    workers: tuple[Worker, ...]
    over: int
    by_status: Mapping[str, int]

    @property
    def cases(self) -> int:
        """How many children the workers have together."""
        return sum(worker.allocations for worker in self.workers)

    @property
    def average(self) -> float:
        """How many children a worker has; there is at least one worker."""
        return self.cases / len(self.workers)

    @property
    def most(self) -> int:
        """How many children the worker with most has."""
        return max(worker.allocations for worker in self.workers)


@dataclass(frozen=True)
class CaseloadSummary:
    """All caseloads: the teams, all of them together, and the workers at or over the threshold.

    Workers stand from the highest caseload to the lowest, then by team. `statuses` are all
    qualifying statuses that occur, the commonest first.
    """

    threshold: int
    teams: tuple[TeamLoad, ...]
    whole: TeamLoad | None
    at_or_over: tuple[Worker, ...]
    statuses: tuple[str, ...]


def summarise_caseloads(caseloads: Caseloads, threshold: int, teams: Teams) -> CaseloadSummary:
    """Return the summary of caseloads.

    Qualifying statuses that differ in letter case only are one, in the first of the spellings.
    """
    spellings: dict[str, str] = {}
    workers = [
        replace(worker, status=spellings.setdefault(worker.status.casefold(), worker.status))
        for worker in caseloads.workers
    ]
    workers.sort(key=lambda worker: (-worker.allocations, teams.sort_key(worker.team),
                                     worker.status, worker.name))  # fmt: skip
    names = sorted({worker.team for worker in workers}, key=teams.sort_key)
    loads = [
        _team_load(name, [worker for worker in workers if worker.team == name], threshold)
        for name in names
    ]
    statuses = Counter(worker.status for worker in workers)
    return CaseloadSummary(
        threshold,
        tuple(loads),
        _team_load(ALL_TEAMS, workers, threshold) if workers else None,
        tuple(worker for worker in workers if worker.allocations >= threshold),
        tuple(sorted(statuses, key=lambda status: (-statuses[status], status))),
    )


def _team_load(team: str, workers: Sequence[Worker], threshold: int) -> TeamLoad:
    over = sum(worker.allocations > threshold for worker in workers)
    return TeamLoad(team, tuple(workers), over, Counter(worker.status for worker in workers))

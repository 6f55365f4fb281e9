"""Caseloads summed up by team, and those at or over the threshold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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


def summed_up(caseloads: Caseloads, threshold: int, teams: Teams) -> CaseloadSummary:
    """Return the summary of caseloads."""
    workers = _one_spelling(caseloads.workers)
    ordered = sorted(workers, key=lambda one: (-one.allocations,
                     teams.sort_key(one.team), one.status, one.name))  # fmt: skip
    names = sorted({one.team for one in ordered}, key=teams.sort_key)
    loads = [_load(name, (one for one in ordered if one.team == name), threshold) for name in names]
    statuses = Counter(one.status for one in ordered)
    return CaseloadSummary(
        threshold,
        tuple(loads),
        _load(ALL_TEAMS, ordered, threshold) if ordered else None,
        tuple(one for one in ordered if one.allocations >= threshold),
        tuple(sorted(statuses, key=lambda status: (-statuses[status], status))),
    )


def _one_spelling(workers: Iterable[Worker]) -> list[Worker]:
    """Return workers whose statuses differ in letter case only under the first of the spellings."""
    spelling: dict[str, str] = {}
    return [
        replace(one, status=spelling.setdefault(one.status.casefold(), one.status))
        for one in workers
    ]


def _load(team: str, workers: Iterable[Worker], threshold: int) -> TeamLoad:
    found = tuple(workers)
    over = sum(one.allocations > threshold for one in found)
    return TeamLoad(team, found, over, Counter(one.status for one in found))

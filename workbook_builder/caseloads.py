"""Caseloads: how many children each worker has at the end of a month.

No worker's name or identifier is here unless the layout asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

#: Where caseloads come from: a list of one row a worker, or allocation records that are open.
Source = Literal["list", "allocations"]

NO_STATUS = "Not recorded"


@dataclass(frozen=True)
class Worker:
    """One worker: team, qualifying status, and number of children allocated."""

    team: str
    status: str
    allocations: int
    name: str = ""


@dataclass(frozen=True)
class Caseloads:
    """All workers' caseloads of one month; without workers `reason` says why there are none.

    With workers it says why they do not come from a list that was given, if one was.

    `day` is the day that the list says it is of, or the end of the month for counted ones; None
    where the list says nothing.
    """

    workers: tuple[Worker, ...] = ()
    source: Source | None = None
    day: date | None = None
    reason: str = ""

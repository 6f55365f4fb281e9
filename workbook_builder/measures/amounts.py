"""How many teams, finished figures and comments a workbook may hold, and the problems beyond.

What is counted by team, and what people supply, goes into the workbook line by line. More than this
is no council's list but a wrong column or file, and would take all memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.library import Definitions
from workbook_builder.engine.protocol import Engine
from workbook_builder.measures import kinds
from workbook_builder.measures.caseloads import ALLOCATIONS, LIST
from workbook_builder.measures.comments import COMMENTARY
from workbook_builder.measures.supplied import FIGURES
from workbook_builder.problems import Problem

#: Different teams in one dataset.
MOST_TEAMS = 500
#: Records of the lists that go into the workbook as they are.
MOST_RECORDS = {FIGURES: 100_000, COMMENTARY: 10_000, LIST: 50_000}
#: Workers in lists of allocations.
MOST_WORKERS = 10_000
#: Characters of all comments together.
MOST_COMMENTED = 5_000_000

_TEAMS_ADVICE = "See what stands in its column of teams: workers and identifiers are no teams."
_LIST_ADVICE = "See whether it is the right file, or give fewer records."


def beyond_amounts(engine: Engine, definitions: Definitions) -> Iterator[Problem]:
    """Yield the problems of lists that hold more than a workbook may."""
    datasets = definitions.datasets
    counted = {one.name: one for dataset in datasets.values() for one in _counts(dataset)}
    if not counted:
        return
    for name, number in engine.rows(_union([one.query for one in counted.values()])):
        one = counted[name]
        if (number or 0) > one.most:
            what = (
                f'"{one.dataset.title}" has {number:,} {one.what}; at most {one.most:,} are read.'
            )
            yield Problem(kinds.TOO_MANY, what, advice=one.advice)


@dataclass(frozen=True)
class _Amount:
    """What is counted of a dataset, how, and how many there may be."""

    dataset: Dataset
    what: str
    most: int
    counted: exp.Expr
    advice: str = _LIST_ADVICE

    @property
    def name(self) -> str:
        return f"{self.dataset.name} {self.what}"

    @property
    def query(self) -> exp.Select:
        name = exp.alias_(exp.Literal.string(self.name), "name")
        number = exp.alias_(exp.cast(self.counted, "BIGINT"), "number")
        return exp.select(name, number).from_(exp.to_table(self.dataset.name))


def _counts(dataset: Dataset) -> Iterator[_Amount]:
    if dataset.team:
        yield _Amount(dataset, "teams", MOST_TEAMS, _different(dataset.team), _TEAMS_ADVICE)
    if dataset.name in MOST_RECORDS:
        most = MOST_RECORDS[dataset.name]
        yield _Amount(dataset, "records", most, exp.Count(this=exp.Star()))
    if dataset.name == ALLOCATIONS and "worker_id" in dataset.columns:
        yield _Amount(dataset, "workers", MOST_WORKERS, _different("worker_id"))
    if dataset.name == COMMENTARY and "commentary" in dataset.columns:
        length = exp.Sum(this=exp.Length(this=exp.column("commentary")))
        yield _Amount(dataset, "characters", MOST_COMMENTED, length)


def _different(column: str) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[exp.column(column)]))


def _union(many: Sequence[exp.Select]) -> exp.Query:
    return exp.union(*many, distinct=False) if len(many) > 1 else many[0]

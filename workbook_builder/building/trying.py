"""The trial of the measures' SQL in a thread of its own, while this one reads the extracts."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from workbook_builder.engine.protocol import Trial
from workbook_builder.measures.prepare import Bound
from workbook_builder.problems import Problem, has_errors


@dataclass(frozen=True, eq=False)
class Trying:
    """Measures that are being tried out."""

    verdict: Future[tuple[Problem, ...]]

    @property
    def has_failed(self) -> bool:
        """Whether it is known by now that a measure cannot be counted."""
        return self.verdict.done() and has_errors(self.verdict.result())

    def problems(self) -> tuple[Problem, ...]:
        """Return every fault in the SQL of the measures, when all of them are tried."""
        return self.verdict.result()


@contextmanager
def trying(measures: Bound, engine: Trial) -> Iterator[Trying]:
    """Try measures out beside what the block does; the thread ends with it, at the latest."""
    with ThreadPoolExecutor(1) as pool:
        yield Trying(pool.submit(measures.problems, engine))

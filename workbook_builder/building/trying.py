"""The trial of the measures' SQL in a thread of its own, while this one reads the extracts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING

from workbook_builder.engine.protocol import Trial
from workbook_builder.measures.prepare import Bound
from workbook_builder.problems import Problem, has_errors

if TYPE_CHECKING:
    from typing import Self


class Trying:
    """Measures that are being tried out; the thread ends with the block, at the latest."""

    def __init__(self, measures: Bound, engine: Trial) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._verdict = self._pool.submit(measures.problems, engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown()

    @property
    def has_failed(self) -> bool:
        """Whether it is known by now that a measure cannot be counted."""
        return self._verdict.done() and has_errors(self._verdict.result())

    def problems(self) -> tuple[Problem, ...]:
        """Return every fault in the SQL of the measures, when all of them are tried."""
        return self._verdict.result()

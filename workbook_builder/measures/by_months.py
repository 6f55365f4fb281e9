"""Queries over many months that fit into the engine's memory, if need be some months at a time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from workbook_builder.engine.protocol import Engine, OutOfMemory, Rows
from workbook_builder.months import Month


def rows_by_months(engine: Engine, query: exp.Query, months: Sequence[Month]) -> Rows:
    """Run a query each row of which is about one of the engine's months.

    What does not fit into memory is run for half of the months at a time, and so on. Raises
    Exhausted or Failed.
    """
    try:
        return engine.rows(query)
    except OutOfMemory:
        if len(months) < 2:
            raise
    half = len(months) // 2
    found: Rows = []
    for some in (months[:half], months[half:]):
        engine.set_months(some)
        found += rows_by_months(engine, query, some)
    engine.set_months(months)
    return found

"""Queries over many months that fit into an engine's memory, if need be some months at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbook_builder.engine.protocol import OutOfMemory, Rows
from workbook_builder.months import Month


def by_months(
    ask: Callable[[], Rows],
    set_months: Callable[[Sequence[Month]], None],
    months: Sequence[Month],
) -> Rows:
    """Ask a query each row of which is about one of the months.

    What does not fit into memory is asked for half of the months at a time, and so on. Raises
    Exhausted or Failed.
    """
    try:
        return ask()
    except OutOfMemory:
        if len(months) < 2:
            raise
    half = len(months) // 2
    found: Rows = []
    for some in (months[:half], months[half:]):
        set_months(some)
        found += by_months(ask, set_months, some)
    set_months(months)
    return found

"""How many months a table shows, holds and needs figures for."""

from __future__ import annotations

from workbook_builder.definitions.layouts import Layout, Table
from workbook_builder.definitions.library import Definitions

#: The columns that look at a whole year.
_OF_A_YEAR = frozenset({"change_on_year", "average", "maximum", "year_to_date"})

#: This month and the twelve before it.
_YEAR = 13
#: As long before the quarter that is the latest, when the reporting month is two months after it,
#: and a month more for a figure that came in late the year before.
_YEAR_OF_QUARTERS = 16


def shown_months(table: Table, layout: Layout) -> int:
    """Return how many months a table shows."""
    return table.months or layout.months


def asked_months(table: Table, layout: Layout) -> int:
    """Return how many months a table needs figures for, to be complete."""
    return max(shown_months(table, layout), _YEAR if _looks_at_a_year(table) else 1)


def held_months(table: Table, layout: Layout, definitions: Definitions) -> int:
    """Return how many months a table holds: those beyond the months it shows are folded away.

    Quarterly rows are held against a quarter that lies more than a year back.
    """
    measures = (definitions.measures[row.measure] for row in table.rows)
    quarterly = _looks_at_a_year(table) and any(one.quarterly for one in measures)
    return max(asked_months(table, layout), _YEAR_OF_QUARTERS if quarterly else 1)


def span(layout: Layout, definitions: Definitions) -> int:
    """Return for how many months a layout needs figures."""
    return max(held_months(table, layout, definitions) for table in layout.tables)


def _looks_at_a_year(table: Table) -> bool:
    return bool(_OF_A_YEAR & set(table.columns))

"""Join rows that follow on from one another to the records of which they are episodes.

SSDA903 gives a row for each change of placement or legal status; children in care are counted by
the whole time in care. In SQL this is a question of gaps and islands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.store.duckdb_store import parsed

if TYPE_CHECKING:
    from workbook_builder.store.duckdb_store import DuckDBStore

#: The number of a day behind every day.
_NEVER = 2**31 - 1


def join_episodes(
    dataset: Dataset,
    given: Mapping[str, object],
    sheets: Mapping[int, frozenset[int]],
    engine: DuckDBStore,
) -> Mapping[int, int]:
    """Join the rows of each child that follow on from one another, over all sheets, to one record.

    `sheets` are the numbers of the sheets in the dataset's table, each with the rows that begin a
    record whatever stands before them; `given` names the columns that they have. A record has the
    first row's start; all else, its sheet too, is the last row's. A row that stands in several
    sheets counts once: the one that has ended, else the later one. Returns how many records each
    sheet has. Raises Exhausted.
    """
    child = next(name for name, column in dataset.columns.items() if column.type == "id")
    start, end, *_ = (name for name in dataset.date_columns if name in given)
    begins = [(sheet, row) for sheet, rows in sheets.items() for row in rows]
    frame = pd.DataFrame(begins, columns=["_sheet", "_row"], dtype="int64")
    query = _records(dataset.name, child, start, end, list(sheets))
    records = engine.frame(query, _begins=frame)
    engine.replace_rows(dataset.name, list(sheets), records, {start: "first_start"})
    kept = records["_sheet"].value_counts()
    return {sheet: int(kept.get(sheet, 0)) for sheet in sheets}


def _records(table: str, child: str, start: str, end: str, sheets: list[int]) -> exp.Query:
    """Return the last row of each record, and the day on which the record started."""
    numbers = ", ".join(map(str, sheets))
    return parsed(
        f"""
        WITH spells AS (
            SELECT _sheet, _row, "{child}" AS child, "{start}" AS start,
                COALESCE("{start}" - DATE '1970-01-01', {_NEVER}) AS first,
                COALESCE("{end}" - DATE '1970-01-01', {_NEVER}) AS last
            FROM "{table}" WHERE _sheet IN ({numbers})
        ),
        numbered AS (
            SELECT *, MIN(_sheet) OVER spell AS first_sheet, MAX(_sheet) OVER spell AS last_sheet,
                ROW_NUMBER() OVER (
                    PARTITION BY child, first ORDER BY last < {_NEVER} DESC, _sheet DESC, _row DESC
                ) AS turn
            FROM spells WINDOW spell AS (PARTITION BY child, first)
        ),
        ordered AS (
            SELECT *, LAG(last) OVER in_turn AS before FROM numbered
            WHERE first_sheet = last_sheet OR turn = 1
            WINDOW in_turn AS (PARTITION BY child ORDER BY first, last, _sheet, _row)
        ),
        islands AS (
            SELECT *, COUNT(CASE WHEN before IS NULL OR first NOT BETWEEN before AND before + 1
                OR EXISTS (SELECT 1 FROM _begins WHERE _begins._sheet = ordered._sheet
                           AND _begins._row = ordered._row) THEN 1 END) OVER (
                PARTITION BY child ORDER BY first, last, _sheet, _row
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS record
            FROM ordered
        ),
        whole AS (
            SELECT *, MIN(start) OVER (PARTITION BY child, record) AS first_start,
                ROW_NUMBER() OVER (
                    PARTITION BY child, record
                    ORDER BY first DESC, last DESC, _sheet DESC, _row DESC
                ) AS back
            FROM islands
        )
        SELECT _sheet, _row, first_start FROM whole WHERE back = 1
        """,
    )

"""Records of statutory returns: what stands in several of their tables, or of several years.

Rows that follow on from one another become one record, what the next year's return lacks has ended,
and what one table says of a child is taken over into the records of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import pandas as pd
from sqlglot import exp

from workbook_builder.definitions.datasets import Dataset, Fill, GivenDataset
from workbook_builder.store.duckdb_store import DuckDBStore, parsed

#: The number of a day behind every day.
_NEVER = 2**31 - 1


def join_episodes(
    dataset: Dataset,
    given: GivenDataset,
    sheets: Mapping[int, frozenset[int]],
    engine: DuckDBStore,
) -> Mapping[int, int]:
    """Join the rows of each child that follow on from one another, over all sheets, to one record.

    `sheets` are the numbers of the sheets in the dataset's table, each with the rows that begin a
    record whatever stands before them; `given` says which columns they have, and which rows are
    never of one record. A record has the first row's start; all else, its sheet too, is the last
    row's. A row that stands in several sheets counts once: the one that has ended, else the later
    one. Returns how many records each sheet has. Raises Exhausted.
    """
    child = _child(dataset)
    start, end, *_ = (name for name in dataset.date_columns if name in given.columns)
    begins = [(sheet, row) for sheet, rows in sheets.items() for row in rows]
    frame = pd.DataFrame(begins, columns=["_sheet", "_row"], dtype="int64")
    query = _records(dataset.name, child, start, end, _is_apart(given), list(sheets))
    records = engine.frame(query, _begins=frame)
    changes = {start: "first_start"}
    if dataset.start_known:
        changes[dataset.start_known] = "is_start"
    engine.replace_rows(dataset.name, list(sheets), records, changes)
    kept = records["_sheet"].value_counts()
    return {sheet: int(kept.get(sheet, 0)) for sheet in sheets}


def _child(dataset: Dataset) -> str:
    return next(name for name, column in dataset.columns.items() if column.type == "id")


def _is_apart(given: GivenDataset) -> str:
    """Return the condition that keeps a row apart from the rows for which it fails."""
    conditions = []
    for name, values in given.apart.items():
        texts = ", ".join(exp.Literal.string(value).sql() for value in values)
        conditions.append(f'COALESCE("{name}" IN ({texts}), FALSE)')
    return " OR ".join(conditions) or "FALSE"


def _records(
    table: str, child: str, start: str, end: str, is_apart: str, sheets: list[int]
) -> exp.Query:
    """Return the last row of each record, and the day on which the record started.

    `is_start` tells whether that day is known: earlier rows of the record may be missing.
    """
    numbers = ", ".join(map(str, sheets))
    return parsed(
        f"""
        WITH spells AS (
            SELECT _sheet, _row, "{child}" AS child, "{start}" AS start, {is_apart} AS apart,
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
            SELECT *, LAG(last) OVER in_turn AS before, LAG(apart) OVER in_turn AS apart_before,
                EXISTS (SELECT 1 FROM _begins WHERE _begins._sheet = numbered._sheet
                        AND _begins._row = numbered._row) AS begins
            FROM numbered
            WHERE first_sheet = last_sheet OR turn = 1
            WINDOW in_turn AS (PARTITION BY child ORDER BY first, last, _sheet, _row)
        ),
        linked AS (
            SELECT *, COALESCE(first BETWEEN before AND before + 1, FALSE) AS follows FROM ordered
        ),
        islands AS (
            SELECT *, COUNT(CASE WHEN begins OR NOT follows OR apart <> apart_before THEN 1 END)
                OVER (
                    PARTITION BY child ORDER BY first, last, _sheet, _row
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS record
            FROM linked
        ),
        whole AS (
            SELECT *, MIN(start) OVER (PARTITION BY child, record) AS first_start,
                FIRST_VALUE(begins OR follows) OVER (
                    PARTITION BY child, record ORDER BY first, last, _sheet, _row
                ) AS is_start,
                ROW_NUMBER() OVER (
                    PARTITION BY child, record
                    ORDER BY first DESC, last DESC, _sheet DESC, _row DESC
                ) AS back
            FROM islands
        )
        SELECT _sheet, _row, first_start, is_start FROM whole WHERE back = 1
        """,
    )


def end_what_the_next_return_lacks(
    dataset: Dataset,
    given: GivenDataset,
    first_days: Mapping[int, date],
    engine: DuckDBStore,
) -> Mapping[tuple[int, date], tuple[int, ...]]:
    """End what is open in one year's return and missing in the next one's, on that one's first day.

    What is open all through a year stands in its return, so what does not stand there has ended, or
    was taken out as a mistake. `first_days` are those of the years, by the numbers of the sheets.
    Returns the rows that were ended, by their sheet and that day. Raises Exhausted.
    """
    child = _child(dataset)
    start, end, *_ = (name for name in dataset.date_columns if name in given.columns)
    years = sorted(set(first_days.values()))
    ended: dict[tuple[int, date], tuple[int, ...]] = {}
    for year, following in pairwise(years):
        older, newer = (
            ", ".join(str(sheet) for sheet, day in first_days.items() if day == one)
            for one in (year, following)
        )
        query = parsed(
            f"""
            SELECT _sheet, _row, DATE '{following}' AS ended FROM "{dataset.name}" AS old
            WHERE _sheet IN ({older}) AND "{end}" IS NULL AND "{start}" < DATE '{following}'
            AND NOT EXISTS (
                SELECT 1 FROM "{dataset.name}" AS new WHERE new._sheet IN ({newer})
                AND new."{child}" = old."{child}" AND new."{start}" = old."{start}"
            ) ORDER BY _sheet, _row
            """,
        )
        records = engine.frame(query)
        engine.change_rows(dataset.name, records, {end: "ended"})
        for sheet in records["_sheet"].unique().tolist():
            ended[sheet, following] = tuple(
                records.loc[records["_sheet"] == sheet, "_row"].tolist()
            )
    return ended


def drop_what_the_next_return_repeats(
    dataset: Dataset,
    given: GivenDataset,
    first_days: Mapping[int, date],
    engine: DuckDBStore,
) -> Mapping[int, int]:
    """Leave out what is open in one year's return and stands in the next one's, with its end.

    A record is known again by the columns that every record has. `first_days` are those of the
    years, by the numbers of the sheets. Returns how many records each sheet loses. Raises
    Exhausted.
    """
    end = next(name for name in dataset.date_columns[1:] if name in given.columns)
    same = " AND ".join(f'new."{name}" = old."{name}"' for name in sorted(dataset.required))
    lost: Counter[int] = Counter()
    for year, following in pairwise(sorted(set(first_days.values()))):
        older, newer = (
            ", ".join(str(sheet) for sheet, day in first_days.items() if day == one)
            for one in (year, following)
        )
        query = parsed(
            f"""
            SELECT _sheet, _row FROM "{dataset.name}" AS old
            WHERE _sheet IN ({older}) AND "{end}" IS NULL AND EXISTS (
                SELECT 1 FROM "{dataset.name}" AS new WHERE new._sheet IN ({newer}) AND {same}
            )
            """,
        )
        records = engine.frame(query)
        engine.remove(dataset.name, records)
        lost.update(records["_sheet"].tolist())
    return lost


def flag_children(
    flagged: Dataset,
    column: str,
    sheets: Mapping[int, date | None],
    listed_in: Dataset,
    lists: int,
    engine: DuckDBStore,
    last_day: date | None = None,
) -> None:
    """Say of the records of some sheets whether their child stands in another list of the return.

    `sheets` have the first day of their year; `lists` is the number of lists: with fewer of them
    than years, a child who stands in none may stand in one that is missing. A child whose time in
    the list ends before the record does is neither; what is open goes on to the end of its year,
    or of a return that has none to its `last_day`. Raises Exhausted.
    """
    child, listed_child = _child(flagged), _child(listed_in)
    until = next((name for name, one in listed_in.columns.items() if one.type == "month"), None)
    end = flagged.in_order[0][1]
    last = f"""COALESCE(STRFTIME(record."{end}", '%Y-%m'), '{{}}')"""
    for sheet, first_day in sheets.items():
        end_of_all = f"{last_day:%Y-%m}" if last_day else "0000-00"
        final = f"{first_day.year + 1}-03" if first_day else end_of_all
        is_within = f'COALESCE(MAX(list."{until}"), {last.format(final)}) >= {last.format(final)}'
        other = "FALSE" if lists >= len(set(sheets.values())) else "CAST(NULL AS BOOLEAN)"
        query = parsed(
            f"""
            SELECT record._sheet, record._row,
                CASE WHEN COUNT(list."{listed_child}") = 0 THEN {other}
                WHEN {is_within if until else "TRUE"} THEN TRUE END AS flag
            FROM "{flagged.name}" AS record
            LEFT JOIN "{listed_in.name}" AS list ON list."{listed_child}" = record."{child}"
            WHERE record._sheet = {sheet}
            GROUP BY record._sheet, record._row, record."{end}"
            """,
        )
        engine.change_rows(flagged.name, engine.frame(query), {column: "flag"})


def fill_column(
    fill: Fill,
    dataset: Dataset,
    sheets: Sequence[int],
    source_sheets: Sequence[int],
    engine: DuckDBStore,
) -> int:
    """Take a column's blank cells over from another table of the return, where that says one thing.

    `sheets` and `source_sheets` are the numbers of the sheets of both tables. A record of which the
    other table says nothing, or different things, stays as it is. Returns of how many records it
    says different things. Raises Exhausted.
    """
    same = [f'source."{there}" = record."{here}"' for here, there in fill.match.items()]
    if fill.during:
        start, end = (f'source."{name}"' for name in fill.during)
        day = f'record."{dataset.start_column}"'
        same.append(f"{day} >= {start} AND ({end} IS NULL OR {day} < {end})")
    blank = "TRUE" if fill.replaces else f'record."{fill.column}" IS NULL'
    query = parsed(
        f"""
        SELECT record._sheet, record._row, MIN(source."{fill.value}") AS value,
            COUNT(DISTINCT source."{fill.value}") AS values
        FROM "{dataset.name}" AS record
        JOIN "{fill.source}" AS source ON {" AND ".join(same)}
        WHERE record._sheet IN ({_numbers(sheets)}) AND source._sheet IN ({_numbers(source_sheets)})
            AND source."{fill.value}" IS NOT NULL AND {blank}
        GROUP BY record._sheet, record._row
        """,
    )
    records = engine.frame(query)
    told = records["values"] == 1
    engine.change_rows(dataset.name, records[told].drop(columns="values"), {fill.column: "value"})
    return int((~told).sum())


def remove_without(
    dataset: Dataset, column: str, sheets: Sequence[int], engine: DuckDBStore
) -> Mapping[int, tuple[int, ...]]:
    """Leave out the records of some sheets whose cell of a column is blank, as of a required one.

    Returns their rows by the sheet. Raises Exhausted.
    """
    records = engine.frame(
        parsed(
            f"""
            SELECT _sheet, _row FROM "{dataset.name}"
            WHERE _sheet IN ({_numbers(sheets)}) AND "{column}" IS NULL ORDER BY _sheet, _row
            """
        )
    )
    engine.remove(dataset.name, records)
    return {
        sheet: tuple(records.loc[records["_sheet"] == sheet, "_row"].tolist())
        for sheet in records["_sheet"].unique().tolist()
    }


def fill_day(dataset: Dataset, column: str, sheet: int, day: date, engine: DuckDBStore) -> None:
    """Put one day into a column of all records of a sheet. Raises Exhausted."""
    query = (
        f"SELECT _sheet, _row, DATE '{day}' AS day FROM \"{dataset.name}\" WHERE _sheet = {sheet}"
    )
    engine.change_rows(dataset.name, engine.frame(parsed(query)), {column: "day"})


def remove_sheet(dataset: Dataset, sheet: int, engine: DuckDBStore) -> None:
    """Take all records of a sheet out of their table. Raises Exhausted."""
    query = parsed(f'SELECT _sheet, _row FROM "{dataset.name}" WHERE _sheet = {sheet}')
    engine.remove(dataset.name, engine.frame(query))


def _numbers(sheets: Sequence[int]) -> str:
    return ", ".join(map(str, sheets))

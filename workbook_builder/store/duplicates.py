"""Let records that stand in several sheets or files count once.

Records with the same key count once: of different ones the fullest is kept, or else the last.
Those without a key count once if they have the same fallback key and ended on the same day: a
child's plan is one record, however many rows a report has for it. In a table of a return each row
is a record. Others count once only if another file holds them too, because a list of contacts
without identifiers may rightly hold equal rows.

What is a key and which records are equal is written as trees, which DuckDB and Spark run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.problems import Problem, Where, counted, listed
from workbook_builder.store.duckdb_store import duck_sql, parsed

if TYPE_CHECKING:
    import pandas as pd

    from workbook_builder.extracts.model import Sheet
    from workbook_builder.store.duckdb_store import DuckDBStore


def has_key(key: Sequence[str]) -> exp.Expr:
    """Return the condition that a record has all columns of a key; without one, none has."""
    if not key:
        return exp.false()
    return exp.and_(*(exp.column(name, quoted=True).is_(exp.null()).not_() for name in key))


def numbered_copies(
    table: exp.Expr, columns: Sequence[str], order: Sequence[str] = (), name: str = "_copy"
) -> exp.Select:
    """Return all columns of a table, and under a name the how many-th a record is of equal ones.

    Blanks equal one another. The first in order is number 1; without an order, any of them is.
    """
    equal = [exp.column(name, quoted=True) for name in columns]
    ordered = [exp.column(name, quoted=True) for name in order or columns[:1]]
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=equal,
        order=exp.Order(expressions=[exp.Ordered(this=column) for column in ordered]),
    )
    return exp.select("*", exp.alias_(number, name)).from_(table)


def each_once(table: exp.Expr, columns: Sequence[str], key: Sequence[str]) -> exp.Query:
    """Return the records of a table, equal ones with a key once."""
    own = [exp.column(name, quoted=True) for name in columns]
    keyed = exp.select("*").from_(table.copy()).where(has_key(key))
    copies = numbered_copies(keyed.subquery("keyed"), columns).subquery("copies")
    once = exp.select(*own).from_(copies).where(exp.column("_copy").eq(1))
    others = exp.select(*own).from_(table.copy()).where(has_key(key).not_())
    return once.union(others, distinct=False)


def key_counts(
    name: str,
    table: exp.Expr,
    columns: Sequence[str],
    key: Sequence[str],
    owner: Sequence[str] = (),
) -> exp.Select:
    """Count the records of a table that have a key: their number, different ones, and keys.

    A key means something within the columns of its owner only.
    """
    copies = numbered_copies(table, columns).where(has_key(key)).subquery("copies")
    is_first = exp.Case().when(exp.column("_copy").eq(1), exp.Literal.number(1))
    whole_key = exp.Struct(expressions=[exp.column(part, quoted=True) for part in (*owner, *key)])
    return exp.select(
        exp.alias_(exp.Literal.string(name), "dataset"),
        exp.alias_(exp.Count(this=exp.Star()), "records"),
        exp.alias_(exp.Count(this=is_first), "different"),
        exp.alias_(exp.Count(this=exp.Distinct(expressions=[whole_key])), "keys"),
    ).from_(copies)


def with_repeated_keys(datasets: Mapping[str, Dataset], engine: DuckDBStore) -> set[str]:
    """Return the datasets in which several records have the same key, or the same fallback key."""
    queries = [
        exp.select(exp.alias_(exp.Literal.string(name), "dataset"))
        .from_(keys.subquery("repeated"))
        .limit(1)
        .subquery(f"of_{name}_{number}")
        for name, dataset in datasets.items()
        for number, keys in enumerate((_repeated_keys(dataset), _repeated_fallback_keys(dataset)))
        if keys
    ]
    if not queries:
        return set()
    every = [exp.select("*").from_(query) for query in queries]
    whole = exp.union(*every, distinct=False) if len(every) > 1 else every[0]
    return {name for (name,) in engine.rows(whole)}


def _repeated_keys(dataset: Dataset) -> exp.Select | None:
    """Return the keys that several records have; None if the dataset has no key."""
    if not dataset.key:
        return None
    key = [exp.column(name, quoted=True) for name in dataset.key]
    keyed = (
        exp.select(*key).from_(exp.to_table(dataset.name, quoted=True)).where(has_key(dataset.key))
    )
    return keyed.group_by(*key).having(exp.Count(this=exp.Star()) > 1)


def _repeated_fallback_keys(dataset: Dataset) -> exp.Select | None:
    """Return the fallback keys that several records without a key have."""
    if not dataset.fallback_key:
        return None
    key = [exp.column(name, quoted=True) for name in dataset.fallback_key]
    without_key = exp.and_(has_key(dataset.key).not_(), has_key(dataset.fallback_key))
    records = exp.select(*key).from_(exp.to_table(dataset.name, quoted=True)).where(without_key)
    return records.group_by(*key).having(exp.Count(this=exp.Star()) > 1)


def remove_duplicates(
    dataset: Dataset, sheets: Mapping[int, Sheet], engine: DuckDBStore, *, keys_repeat: bool
) -> list[Problem]:
    """Take out of a dataset's table what counts once and is there again; return the problems.

    `sheets` are the dataset's by their numbers in the table. Raises Exhausted.
    """
    again: list[pd.DataFrame] = []
    problems: list[Problem] = []
    if keys_repeat and (keys := _repeated_keys(dataset)):
        repeats = engine.frame(_equal_keyed(dataset, keys))
        engine.remove(dataset.name, repeats)
        again.append(repeats[repeats["equal"]])
        problems += _differing(repeats[~repeats["equal"]], sheets, "identifier")
    if len({sheet.file for sheet in sheets.values()}) > 1:
        elsewhere = engine.frame(_equal_in_other_files(dataset))
        engine.remove(dataset.name, elsewhere)
        again.append(elsewhere)
    reports = [number for number, sheet in sheets.items() if not sheet.standard]
    if keys_repeat and reports and (keys := _repeated_fallback_keys(dataset)):
        repeats = engine.frame(_of_one_period(dataset, keys, reports))
        engine.remove(dataset.name, repeats)
        again.append(repeats[repeats["equal"]])
        named = " and ".join(map(dataset.heading, dataset.fallback_key))
        problems += _differing(repeats[~repeats["equal"]], sheets, named)
    return [*_counted_once(again, sheets), *problems]


def _equal_keyed(dataset: Dataset, keys: exp.Select) -> exp.Query:
    """Return the records with a key that do not count: equal to an earlier one, or less full.

    Only records whose key several have are looked at.
    """
    columns, key = _names(dataset.columns), _names(dataset.key)
    copies = numbered_copies(exp.to_table("shared"), tuple(dataset.columns), ("_sheet", "_row"))
    filled = _cells_filled(dataset)
    return parsed(
        f"""
        WITH repeated AS ({_text(keys)}),
        shared AS (SELECT * FROM "{dataset.name}" SEMI JOIN repeated USING ({key})),
        copies AS ({_text(copies)}),
        ranked AS (
            SELECT *, MIN(_sheet) OVER (PARTITION BY {columns}) AS earlier,
                ROW_NUMBER() OVER (
                    PARTITION BY {key}, _copy = 1 ORDER BY {filled} DESC, _sheet DESC, _row DESC
                ) AS rank
            FROM copies
        )
        SELECT _sheet, _row, earlier, _copy > 1 AS equal FROM ranked
        WHERE _copy > 1 OR rank > 1 ORDER BY _sheet, _row
        """
    )


def _of_one_period(dataset: Dataset, keys: exp.Select, reports: Iterable[int]) -> exp.Query:
    """Return the records of reports without a key that do not count, by fallback key and end.

    `reports` are the numbers of their sheets. Of those that are one the fullest counts, then the
    last. One that has not ended does not count where it has in another file, unless it ended there
    on the day it began: this file is older.
    """
    columns, key = _names(dataset.columns), _names(dataset.fallback_key)
    numbers = ", ".join(map(str, reports))
    start = dataset.fallback_key[-1]
    end = dataset.end_of(start)
    period = _names((*dataset.fallback_key, end)) if end else key
    of_ended = f'CASE WHEN "{end}" > "{start}" THEN _file END'
    elsewhere = " OR ".join(
        f"COALESCE({least}({of_ended}) OVER (PARTITION BY {key}) <> _file, FALSE)"
        for least in ("MIN", "MAX")
    )
    copies = numbered_copies(exp.to_table("shared"), tuple(dataset.columns), ("_sheet", "_row"))
    return parsed(
        f"""
        WITH repeated AS ({_text(keys)}),
        shared AS (
            SELECT * FROM "{dataset.name}" SEMI JOIN repeated USING ({key})
            WHERE {_text(has_key(dataset.key).not_())} AND _sheet IN ({numbers})
        ),
        copies AS ({_text(copies)}),
        ranked AS (
            SELECT *, MIN(_sheet) OVER (PARTITION BY {columns}) AS earlier,
                ROW_NUMBER() OVER (
                    PARTITION BY {period}, _copy = 1
                    ORDER BY {_cells_filled(dataset)} DESC, _sheet DESC, _row DESC
                ) AS rank,
                {f'"{end}" IS NULL AND ({elsewhere})' if end else "FALSE"} AS superseded
            FROM copies
        )
        SELECT _sheet, _row, earlier, _copy > 1 AS equal FROM ranked
        WHERE _copy > 1 OR rank > 1 OR superseded ORDER BY _sheet, _row
        """
    )


def _cells_filled(dataset: Dataset) -> str:
    return " + ".join(f'CAST("{name}" IS NOT NULL AS INT)' for name in dataset.columns)


def _equal_in_other_files(dataset: Dataset) -> exp.Query:
    """Return the records without a key that another, earlier file holds as often.

    Only records are looked at of which several files hold one with the same hash.
    """
    columns, order = tuple(dataset.columns), ("_sheet", "_row")
    names = _names(columns)
    turns = numbered_copies(exp.to_table("shared"), (*columns, "_file"), order, "_turn")
    copies = numbered_copies(exp.to_table("turns"), (*columns, "_turn"), order)
    return parsed(
        f"""
        WITH keyless AS (
            SELECT * FROM "{dataset.name}" WHERE {_text(has_key(dataset.key).not_())}
        ),
        several AS (
            SELECT HASH({names}) AS content FROM keyless
            GROUP BY HASH({names}) HAVING MIN(_file) < MAX(_file)
        ),
        shared AS (SELECT * FROM keyless WHERE HASH({names}) IN (SELECT content FROM several)),
        turns AS ({_text(turns)}),
        copies AS ({_text(copies)}),
        numbered AS (
            SELECT _sheet, _row, _copy, MIN(_sheet) OVER (PARTITION BY {names}, _turn) AS earlier
            FROM copies
        )
        SELECT _sheet, _row, earlier FROM numbered WHERE _copy > 1 ORDER BY _sheet, _row
        """
    )


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _text(tree: exp.Expr) -> str:
    return duck_sql(tree, identify=True)


def _counted_once(again: Sequence[pd.DataFrame], sheets: Mapping[int, Sheet]) -> Iterator[Problem]:
    """Yield the note of each file that holds records that are in it, or another, already."""
    rows: dict[str, list[int]] = {}
    others: dict[str, set[str]] = {}
    for frame in again:
        for number in frame["_sheet"].unique().tolist():
            file, records = sheets[number].file, frame[frame["_sheet"] == number]
            rows.setdefault(file, []).extend(records["_row"].tolist())
            earlier = {sheets[other].file for other in records["earlier"].unique().tolist()}
            others.setdefault(file, set()).update(earlier)
    for file, numbers in rows.items():
        place = "this file" if others[file] == {file} else listed(others[file])
        verb = "is" if len(numbers) == 1 else "are"
        what = f"{counted(len(numbers), 'row')} {verb} already in {place}."
        yield Problem(
            catalogue.COUNTED_ONCE, what, Where(file, rows=tuple(numbers)), "Counted once."
        )


def _differing(records: pd.DataFrame, sheets: Mapping[int, Sheet], key: str) -> Iterator[Problem]:
    """Yield the problem of each sheet with records that gave way to others of their key."""
    for number in records["_sheet"].unique().tolist():
        sheet = sheets[number]
        rows = tuple(records.loc[records["_sheet"] == number, "_row"].tolist())
        verb = "differs" if len(rows) == 1 else "differ"
        what = f"{counted(len(rows), 'record')} {verb} from another with the same {key}."
        done = "The fuller record, or else the later one, was kept."
        yield Problem(catalogue.SAME_KEY, what, Where(sheet.file, sheet.sheet, rows), done)

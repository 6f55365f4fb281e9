"""What a table of records holds, counted by authority in one pass: nothing of a single record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.engine.spark.columns import AUTHORITY, FAILED, TypedTable

#: What is counted: records that are kept and left out, values, and why cells or records are not.
_KEPT, _OUT, _VALUE, _FAILED, _BLANK, _ORDER = "kept", "out", "value", "failed", "blank", "order"
#: Authority, what, column, value and how often.
_Counted = tuple[Any, ...]
#: Longer texts than a code or a name are counted by their beginning.
_LONGEST = 200


@dataclass(frozen=True)
class Profile:
    """Counts of one table.

    `kept` and `left_out` are records by authority (None where none is named); `values` are those of
    kept records by authority and column. `failed` counts the cells that cannot be read, `blank`
    those that are needed and blank, `reversed` the records whose two dates are out of order.
    """

    kept: Mapping[str | None, int] = field(default_factory=dict)
    left_out: Mapping[str | None, int] = field(default_factory=dict)
    values: Mapping[tuple[str | None, str], Mapping[str, int]] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    blank: Mapping[str, int] = field(default_factory=dict)
    reversed: Mapping[str, int] = field(default_factory=dict)

    @property
    def authorities(self) -> frozenset[str]:
        """The authorities that have records, kept or not."""
        return frozenset(one for one in (*self.kept, *self.left_out) if one is not None)

    def of(self, column: str) -> Mapping[str, int]:
        """Return the values of a column over all authorities."""
        found: Counter[str] = Counter()
        for (_, name), values in self.values.items():
            if name == column:
                found.update(values)
        return found


def is_good(dataset: Dataset) -> SparkColumn:
    """Return the condition that a record has all that it needs, its dates in order."""
    good = sql.lit(True)
    for name in sorted(dataset.required):
        good = good & sql.col(name).isNotNull()
    for first, second in dataset.in_order:
        good = good & sql.coalesce(sql.col(second) >= sql.col(first), sql.lit(True))
    return good


def profiles(tables: Iterable[TypedTable]) -> Mapping[str, Profile]:
    """Count what tables hold, by dataset, all in one pass. Raises PySparkException."""
    counted = [_counts(table) for table in tables]
    if not counted:
        return {}
    by = ("dataset", AUTHORITY, "one.what", "one.column", "one.value")
    grouped = reduce(DataFrame.unionByName, counted).groupBy(*by).count()
    rows: defaultdict[str, list[_Counted]] = defaultdict(list)
    for dataset, *found in grouped.collect():
        rows[dataset].append(tuple(found))
    return {name: _profile(found) for name, found in rows.items()}


def _counts(table: TypedTable) -> DataFrame:
    """Return one row for each thing to count in each record."""
    good = is_good(table.dataset)
    counts = sql.array_compact(sql.array(*_entries(table, good)))
    failed = sql.transform(sql.col(FAILED), lambda name: _entry(_FAILED, name, sql.lit("")))
    name = sql.lit(table.dataset.name).alias("dataset")
    return table.frame.select(name, AUTHORITY, sql.explode(sql.concat(counts, failed)).alias("one"))


def _entries(table: TypedTable, good: SparkColumn) -> list[SparkColumn]:
    dataset = table.dataset
    nothing = sql.lit("")
    found = [sql.when(good, _entry(_KEPT, nothing, nothing)),
             sql.when(~good, _entry(_OUT, nothing, nothing))]  # fmt: skip
    for name, column in dataset.columns.items():
        value = sql.substring(sql.col(name).cast("STRING"), 1, _LONGEST)
        if name in table.columns and (
            column.type in ("date", "code") or name == dataset.team_column
        ):
            counted = _entry(_VALUE, sql.lit(name), value)
            found.append(sql.when(good & sql.col(name).isNotNull(), counted))
        if column.required:
            failed = sql.array_contains(sql.col(FAILED), sql.lit(name))
            blank = sql.col(name).isNull() & ~failed
            found.append(sql.when(blank, _entry(_BLANK, sql.lit(name), nothing)))
    for first, second in dataset.in_order:
        wrong = sql.col(second) < sql.col(first)
        found.append(sql.when(wrong, _entry(_ORDER, sql.lit(f"{second} before {first}"), nothing)))
    return found


def _entry(what: str, column: SparkColumn, value: SparkColumn) -> SparkColumn:
    return sql.struct(sql.lit(what).alias("what"), column.alias("column"), value.alias("value"))


def _profile(rows: Iterable[_Counted]) -> Profile:
    by_authority: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    by_column: defaultdict[str, Counter[str]] = defaultdict(Counter)
    values: defaultdict[tuple[str | None, str], dict[str, int]] = defaultdict(dict)
    for authority, what, column, value, count in rows:
        if what == _VALUE:
            values[authority, column][value] = count
        elif what in (_KEPT, _OUT):
            by_authority[what][authority] += count
        else:
            by_column[what][column] += count
    return Profile(
        kept=by_authority[_KEPT],
        left_out=by_authority[_OUT],
        values=values,
        failed=by_column[_FAILED],
        blank=by_column[_BLANK],
        reversed=by_column[_ORDER],
    )

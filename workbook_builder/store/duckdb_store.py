"""Keep records in DuckDB inside the program and answer query trees; no files, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.column_types import COLUMN_TYPES
from workbook_builder.months import Month
from workbook_builder.store.calendar import calendar_columns
from workbook_builder.store.engine import (
    MONTHS,
    AskedQuery,
    Exhausted,
    NumberedWorkingDay,
    QueryPool,
    QueryRunner,
    Rows,
    Trial,
    WorkingDayNumber,
    retry_by_month,
)

if TYPE_CHECKING:
    from typing import Self

    import numpy.typing as npt
    import pandas as pd

#: The table of days: day, number (working days up to and including it), working.
CALENDAR = "_calendar"


def duck_sql(tree: exp.Expr, *, pretty: bool = False, identify: bool = False) -> str:
    """Write a tree in DuckDB's dialect; `identify` puts every name in quotation marks."""
    return tree.sql(_DuckDialect, pretty=pretty, identify=identify)


def parsed(text: str) -> exp.Query:
    """Return the tree of a query that is written in DuckDB's dialect."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def _number(day: exp.Expr) -> exp.Expr:
    calendar = exp.to_table(CALENDAR, alias="day_of")
    chosen = exp.Max(this=exp.column("number", table="day_of"))
    same_day = exp.EQ(this=exp.column("day", table="day_of"), expression=day)
    return exp.Subquery(this=exp.select(chosen).from_(calendar).where(same_day))


def _day(number: exp.Expr) -> exp.Expr:
    calendar = exp.to_table(CALENDAR, alias="day_before")
    its_number = exp.EQ(this=exp.column("number", table="day_before"), expression=number)
    chosen = exp.Max(this=exp.column("day", table="day_before"))
    working = exp.column("working", table="day_before")
    return exp.Subquery(this=exp.select(chosen).from_(calendar).where(its_number, working))


class _DuckDialect(DuckDB):
    class Generator(DuckDBGenerator):
        TRANSFORMS = {  # noqa: RUF012 - as the library declares it
            **DuckDBGenerator.TRANSFORMS,
            WorkingDayNumber: lambda self, node: self.sql(_number(node.this)),
            NumberedWorkingDay: lambda self, node: self.sql(_day(node.this)),
        }


#: Everything that reaches out of the process is off before the first record comes in.
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    # What does not fit is refused: records never go into a file on the disk.
    "temp_directory": "",
    "memory_limit": "800MB",
}

_OUT_OF_MEMORY = f"{{}} needed more memory than {_CLOSED['memory_limit']}."

#: About so many records times months are counted by one query; what would be more, in parts of some
#: of the months each: two such queries beside one another would fill the memory.
_AT_ONCE = 500_000

#: So many records are worth packing.
_MANY = 500_000

#: Beside the columns of a dataset: the numbers of a record's file and sheet, and of its row in it.
_ORIGIN = {"_file": "USMALLINT", "_sheet": "USMALLINT", "_row": "UINTEGER"}
_SAME = "own._sheet = _some._sheet AND own._row = _some._row"


class DuckDBStore:
    """A database in memory that holds one table for each dataset, and answers query trees."""

    def __init__(self, datasets: Mapping[str, Dataset]) -> None:
        self._database = duckdb.connect(":memory:", config=_CLOSED)
        # DuckDB draws a bar of its own, over what the shells show; connections inherit this.
        self._database.execute("SET enable_progress_bar = false; SET lock_configuration = true")
        words = _OUT_OF_MEMORY.format("this")
        self._asker = QueryRunner(self._database, words)
        self._trial = _Trial(QueryRunner(self._database.cursor(), words))
        self._abreast = QueryPool(self._database, words)
        self._unpacked = 0
        self._records: Counter[str] = Counter()
        self._months: tuple[Month, ...] = ()
        self._parts_of_months: dict[int, Sequence[str]] = {}
        self._create(datasets.values())
        self._fill_calendar()
        self.set_months(())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in (self._abreast, self._trial, self._asker):
            one.close()

    def load(
        self,
        dataset: Dataset,
        records: Mapping[str, npt.NDArray[Any]],
        file: int = 0,
        sheet: int = 0,
        rows: npt.NDArray[Any] | None = None,
    ) -> None:
        """Add records to a dataset's table, already typed; a column that is not there is blank.

        A blank is NaT among days, NaN among numbers and else None. `file` and `sheet` are the
        numbers by which the caller knows these, `rows` those of the rows. Raises Exhausted.
        """
        count = max(map(len, records.values()), default=0)
        columns = [f"{file}", f"{sheet}", "0" if rows is None else "_row"]
        columns += [
            f'CAST("{name}" AS {sql_type})' if name in records else "NULL"
            for name, sql_type in _sql_types(dataset).items()
        ]
        incoming = dict(records) if rows is None else {**records, "_row": rows}
        statement = f'INSERT INTO "{dataset.name}" SELECT {", ".join(columns)} FROM _incoming'
        with self._with(_incoming=incoming):
            try:
                self._database.execute(statement)
            except duckdb.OutOfMemoryException:
                words = _OUT_OF_MEMORY.format(f'keeping "{dataset.title}"')
                raise Exhausted(words) from None
        self._records[dataset.name] += count
        self._pack(count)

    def frame(self, query: exp.Query, **frames: pd.DataFrame) -> pd.DataFrame:
        """Run a query tree, which may ask of some frames as well. Raises Exhausted."""
        with self._with(**frames):
            return self._asker.frame(_text(query))

    def remove(self, table: str, records: pd.DataFrame) -> None:
        """Take records, given by `_sheet` and `_row`, out of a table."""
        if len(records):
            with self._with(_some=records[["_sheet", "_row"]]):
                self._database.execute(f'DELETE FROM "{table}" AS own USING _some WHERE {_SAME}')

    def replace_rows(
        self, table: str, sheets: Sequence[int], records: pd.DataFrame, changes: Mapping[str, str]
    ) -> None:
        """Keep of some sheets only these records, given by `_sheet` and `_row`.

        `changes` names the column of `records` from which a column gets its new value.
        """
        numbers = ", ".join(map(str, sheets))
        with self._with(_some=records):
            self._database.execute(
                f'DELETE FROM "{table}" AS own WHERE _sheet IN ({numbers}) '
                f"AND NOT EXISTS (SELECT 1 FROM _some WHERE {_SAME})"
            )
        self.change_rows(table, records, changes)

    def change_rows(self, table: str, records: pd.DataFrame, changes: Mapping[str, str]) -> None:
        """Give some records, by `_sheet` and `_row`, other values in some columns.

        `changes` names the column of `records` from which a column gets its new value.
        """
        values = ", ".join(f'"{name}" = _some."{column}"' for name, column in changes.items())
        with self._with(_some=records):
            self._database.execute(f'UPDATE "{table}" AS own SET {values} FROM _some WHERE {_SAME}')

    def take_off(self, table: str, column: str, sheet: int, letters: int) -> None:
        """Take so many letters off the beginning of each text of a sheet's column."""
        self._database.execute(
            f'UPDATE "{table}" SET "{column}" = SUBSTR("{column}", ?) WHERE _sheet = ?',
            [letters + 1, sheet],
        )

    def fill_column(self, table: str, column: str, value: str | bool) -> None:
        """Put one value in all cells of a column."""
        self._database.execute(f'UPDATE "{table}" SET "{column}" = ?', [value])

    def change_texts(self, table: str, column: str, changes: Mapping[str, str]) -> None:
        """Put other texts in place of some in a column."""
        texts = {"old": list(changes), "new": list(changes.values())}
        arrays = {name: np.array(each, dtype=object) for name, each in texts.items()}
        with self._with(_some=arrays):
            self._database.execute(
                f'UPDATE "{table}" SET "{column}" = _some.new FROM _some '
                f'WHERE "{column}" = _some.old'
            )

    @contextmanager
    def _with(self, **tables: object) -> Iterator[None]:
        """Let statements see frames or dictionaries of arrays as tables."""
        for name, table in tables.items():
            self._database.register(name, table)
        try:
            yield
        finally:
            for name in tables:
                self._database.unregister(name)

    def rows(self, query: exp.Query | str) -> Rows:
        """Run a query, a tree or a text of ours, and return its rows. Raises Exhausted."""
        return self._asker.rows(query if isinstance(query, str) else _text(query))

    def answers(self, queries: Iterable[exp.Query | str]) -> Iterator[Rows]:
        """Run queries, some beside one another; yield the rows of each. Raises Exhausted.

        Each row of a query about the engine's months is about one of them, so that some of the
        months may be asked about at a time, where the records are many.
        """
        return self._abreast.rows_of(map(self._asked, queries), self._by_months)

    def _asked(self, query: exp.Query | str) -> AskedQuery:
        """Return a query with the parts of it that may run beside others."""
        if isinstance(query, str):
            return AskedQuery(query)
        whole, tables = _written_once(query)
        records = max((self._records[name] for name in tables), default=0)
        parts = min(round(records * len(self._months) / _AT_ONCE), len(self._months))
        if parts < 2 or MONTHS not in tables:
            return AskedQuery(whole)
        return AskedQuery(
            whole, tuple(_text(query.transform(_renamed, name)) for name in self._tables_of(parts))
        )

    def _tables_of(self, parts: int) -> Sequence[str]:
        """Return tables with some of the months each; one that a query may be reading stays."""
        if parts not in self._parts_of_months:
            split = np.array_split(np.arange(len(self._months)), parts)
            names = [f"{MONTHS}_{number}_of_{parts}" for number in range(parts)]
            for name, some in zip(names, split, strict=True):
                self._fill_months(name, [self._months[at] for at in some])
            self._parts_of_months[parts] = names
        return self._parts_of_months[parts]

    def fault(self, query: exp.Query) -> str:
        """Return why a query tree cannot run on these tables, or nothing if it can."""
        return self._asker.fault(_written_once(query)[0])

    def trial(self) -> Trial:
        """Return the same tables, to try query trees on in another thread."""
        return self._trial

    def set_months(self, months: Sequence[Month]) -> None:
        """Say which months the queries are about, in place of any said before."""
        self._months = tuple(months)
        self._parts_of_months.clear()
        self._fill_months(MONTHS, months)

    def _fill_months(self, table: str, months: Sequence[Month]) -> None:
        rows = [(str(month), month.first_day, month.last_day) for month in months]
        self._database.execute(
            f"CREATE OR REPLACE TABLE {table} (month VARCHAR, month_start DATE, month_end DATE)"
        )
        if rows:
            self._database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)

    def _by_months(self, text: str) -> Rows:
        return retry_by_month(lambda: self._asker.rows(text), self.set_months, self._months)

    def _pack(self, added: int) -> None:
        """Pack what the tables hold, if enough was added to be worth it; it takes a tenth then."""
        self._unpacked += added
        if self._unpacked >= _MANY:
            try:
                self._database.execute("CHECKPOINT")
            except duckdb.TransactionException:
                return  # something is still being tried on another connection; the next load packs
            self._unpacked = 0

    def _create(self, datasets: Iterable[Dataset]) -> None:
        statements = [
            f'CREATE TABLE "{dataset.name}" ({_columns_of(dataset)})' for dataset in datasets
        ]
        self._database.execute("; ".join(["BEGIN", *statements, "COMMIT"]))

    def _fill_calendar(self) -> None:
        with self._with(_incoming=calendar_columns()):
            self._database.execute(
                f"CREATE TABLE {CALENDAR} AS "
                "SELECT CAST(day AS DATE) AS day, number, working FROM _incoming"
            )


class _Trial:
    """Query trees tried on a connection of their own."""

    def __init__(self, asker: QueryRunner) -> None:
        self._asker = asker

    def fault(self, query: exp.Query) -> str:
        return self._asker.fault(_written_once(query)[0])

    def close(self) -> None:
        self._asker.close()


def _sql_types(dataset: Dataset) -> Mapping[str, str]:
    return {name: COLUMN_TYPES[one.type].duckdb for name, one in dataset.columns.items()}


def _columns_of(dataset: Dataset) -> str:
    types = {**_ORIGIN, **_sql_types(dataset)}
    return ", ".join(f'"{name}" {sql_type}' for name, sql_type in types.items())


def _renamed(node: exp.Expr, name: str) -> exp.Expr:
    """Return the table of some months in place of that of all."""
    is_it = isinstance(node, exp.Table) and node.name == MONTHS
    return exp.to_table(name, alias=node.alias) if is_it else node


def _text(query: exp.Expr) -> str:
    # Quoted, so that a dataset or column may have a name that SQL keeps for itself. Not copied
    # first, which would take as long again: writing a tree does not change what it says.
    return query.sql(_DuckDialect, identify=True, copy=False)


@lru_cache(maxsize=200)
def _written_once(query: exp.Expr) -> tuple[str, frozenset[str]]:
    """Return the text and the tables of a query; what is tried out and counted is written once."""
    return _text(query), frozenset(table.name for table in query.find_all(exp.Table))


def write_table(
    store: DuckDBStore,
    dataset: Dataset,
    held: Collection[str],
    authority: str,
    file: Path,
    kind: str,
) -> int:
    """Write a dataset's records into a Parquet or CSV file and return how many there are.

    The file has those of the dataset's columns that its lists hold, by name, a day as a date and a
    flag as true or false, and one more, `authority`, with the same name in every row.
    """
    types = {name: one.type for name, one in dataset.columns.items() if name in held}
    columns = [exp.column(name, quoted=True) for name in types]
    texts = [exp.cast(column, "VARCHAR").as_(column.name, quoted=True) for column in columns]
    query = exp.select(*texts).from_(exp.to_table(dataset.name, quoted=True))
    records = store.frame(query.order_by("_sheet", "_row"))
    typed = [
        exp.cast(column.copy(), COLUMN_TYPES[kind_of].duckdb).as_(column.name, quoted=True)
        for column, kind_of in zip(columns, types.values(), strict=True)
    ]
    whose = exp.Literal.string(authority).as_("authority")
    written = exp.select(*typed, whose).from_("records")
    options = "FORMAT parquet" if kind == "parquet" else "FORMAT csv, HEADER"
    place = exp.Literal.string(str(file)).sql("duckdb")
    # The store's own database reaches no files.
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.register("records", records)
        database.execute(f"COPY ({duck_sql(written)}) TO {place} ({options})")
    return len(records)

"""DuckDB inside the program: tables of records in, rows of figures out; no files, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from workbook_builder.definitions.datasets import ColumnType, Dataset
from workbook_builder.months import Month
from workbook_builder.store.calendar import calendar_columns
from workbook_builder.store.engine import (
    MONTHS,
    Exhausted,
    NumberedWorkingDay,
    Rows,
    Trial,
    WorkingDayNumber,
)
from workbook_builder.store.query_runner import QueryPool, QueryRunner, retry_by_month

if TYPE_CHECKING:
    from typing import Self

    import numpy.typing as npt

#: The table of days: day, number (working days up to and including it), working.
CALENDAR = "_calendar"


def duck_sql(tree: exp.Expr, *, pretty: bool = False, identify: bool = False) -> str:
    """Write a tree in DuckDB's dialect; `identify` puts every name in quotation marks."""
    return tree.sql(_DuckDialect, pretty=pretty, identify=identify)


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

#: So many records are worth packing.
_MANY = 500_000

_SQL_TYPES: dict[ColumnType, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "month": "VARCHAR",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
}


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
        self._months: tuple[Month, ...] = ()
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

    def load(self, dataset: Dataset, records: Mapping[str, npt.NDArray[Any]]) -> None:
        """Add records to a dataset's table; the columns must be the dataset's, already typed.

        A blank is NaT among days, NaN among numbers and else None. Raises Exhausted.
        """
        columns = ", ".join(
            f'CAST("{name}" AS {_SQL_TYPES[column.type]})'
            for name, column in dataset.columns.items()
        )
        self._database.register("_incoming", dict(records))
        try:
            self._database.execute(f'INSERT INTO "{dataset.name}" SELECT {columns} FROM _incoming')
        except duckdb.OutOfMemoryException:
            raise Exhausted(_OUT_OF_MEMORY.format(f'keeping "{dataset.title}"')) from None
        self._database.unregister("_incoming")
        self._pack(max(map(len, records.values())))

    def rows(self, query: exp.Query) -> Rows:
        """Run a query tree and return its rows. Raises Exhausted."""
        return self._asker.rows(_text(query))

    def answers(self, queries: Iterable[exp.Query]) -> Iterator[Rows]:
        """Run query trees, some beside one another; yield the rows of each. Raises Exhausted.

        Each row is about one of the engine's months, so that few may be asked about at a time.
        """
        return self._abreast.rows_of(map(_text, queries), self._by_months)

    def fault(self, query: exp.Query) -> str:
        """Return why a query tree cannot run on these tables, or nothing if it can."""
        return self._asker.fault(_text(query))

    def trial(self) -> Trial:
        """Return the same tables, to try query trees on in another thread."""
        return self._trial

    def set_months(self, months: Sequence[Month]) -> None:
        """Say which months the queries are about, in place of any said before."""
        self._months = tuple(months)
        rows = [(str(month), month.first_day, month.last_day) for month in months]
        self._database.execute(
            f"CREATE OR REPLACE TABLE {MONTHS} (month VARCHAR, month_start DATE, month_end DATE)"
        )
        if rows:
            self._database.executemany(f"INSERT INTO {MONTHS} VALUES (?, ?, ?)", rows)

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
        self._database.register("_incoming", calendar_columns())
        self._database.execute(
            f"CREATE TABLE {CALENDAR} AS "
            "SELECT CAST(day AS DATE) AS day, number, working FROM _incoming"
        )
        self._database.unregister("_incoming")


class _Trial:
    """Query trees tried on a connection of their own."""

    def __init__(self, asker: QueryRunner) -> None:
        self._asker = asker

    def fault(self, query: exp.Query) -> str:
        return self._asker.fault(_text(query))

    def close(self) -> None:
        self._asker.close()


def _columns_of(dataset: Dataset) -> str:
    return ", ".join(
        f'"{name}" {_SQL_TYPES[column.type]}' for name, column in dataset.columns.items()
    )


def _text(query: exp.Query) -> str:
    # Quoted, so that a dataset or column may bear a name that is a word of SQL.
    return duck_sql(query, identify=True)

"""DuckDB inside the program: tables of records in, rows of figures out; no files, no network."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
from sqlglot import exp

from workbook_builder.definitions.datasets import ColumnType, Dataset
from workbook_builder.engine.calendar import calendar_days
from workbook_builder.engine.duck_dialect import CALENDAR, duck_sql
from workbook_builder.engine.protocol import MONTHS, Exhausted, OutOfMemory, Rows
from workbook_builder.months import Month

if TYPE_CHECKING:
    from typing import Self

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

_RECORDS = "records"

#: As many records are worth packing.
_MANY = 100_000

#: Seconds that a query may take.
_PATIENCE = 120

#: Categories are handed over cell by cell unless each stands in more than so many, on average.
_FEW = 20

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


class DuckEngine:
    """A database in memory that holds one table for each dataset, and answers query trees."""

    def __init__(self, datasets: Mapping[str, Dataset]) -> None:
        self._database = duckdb.connect(":memory:", config=_CLOSED)
        # Tables in memory are packed only where that is asked for, and then at checkpoints.
        self._database.execute(f"ATTACH ':memory:' AS {_RECORDS} (COMPRESS)")
        self._database.execute(f"USE {_RECORDS}")
        self._database.execute("SET lock_configuration = true")
        self._unpacked = 0
        for dataset in datasets.values():
            self._create(dataset)
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
        self._database.close()

    def load(self, dataset: Dataset, records: pd.DataFrame) -> None:
        """Add records to a dataset's table; the columns must be the dataset's, already typed.

        Raises Exhausted.
        """
        columns = ", ".join(
            f'CAST("{name}" AS {_SQL_TYPES[column.type]})'
            for name, column in dataset.columns.items()
        )
        self._database.register("_incoming", _cheapest(records))
        try:
            self._database.execute(f'INSERT INTO "{dataset.name}" SELECT {columns} FROM _incoming')
        except duckdb.OutOfMemoryException:
            raise Exhausted(_OUT_OF_MEMORY.format(f'keeping "{dataset.title}"')) from None
        self._database.unregister("_incoming")
        self._pack(len(records))

    def rows(self, query: exp.Query) -> Rows:
        """Run a query tree and return its rows. Raises Exhausted."""
        watch = threading.Timer(_PATIENCE, self._database.interrupt)
        watch.daemon = True
        watch.start()
        try:
            return self._database.execute(_text(query)).fetchall()
        except duckdb.InterruptException:
            raise Exhausted(f"this took longer than {_PATIENCE} seconds.") from None
        except duckdb.OutOfMemoryException:
            raise OutOfMemory(_OUT_OF_MEMORY.format("this")) from None
        finally:
            watch.cancel()

    def fault(self, query: exp.Query) -> str:
        """Return why a query tree cannot run on these tables, or nothing if it can."""
        try:
            self._database.execute("EXPLAIN " + _text(query))
        except duckdb.Error as error:
            return str(error).partition("\n")[0]
        return ""

    def set_months(self, months: Sequence[Month]) -> None:
        """Say which months the queries are about, in place of any said before."""
        rows = [(str(month), month.first_day, month.last_day) for month in months]
        self._database.execute(
            f"CREATE OR REPLACE TABLE {MONTHS} (month VARCHAR, month_start DATE, month_end DATE)"
        )
        if rows:
            self._database.executemany(f"INSERT INTO {MONTHS} VALUES (?, ?, ?)", rows)

    def _pack(self, added: int) -> None:
        """Pack what the tables hold, if enough was added to be worth it."""
        self._unpacked += added
        if self._unpacked >= _MANY:
            self._database.execute("CHECKPOINT")
            self._unpacked = 0

    def _create(self, dataset: Dataset) -> None:
        columns = ", ".join(
            f'"{name}" {_SQL_TYPES[column.type]}' for name, column in dataset.columns.items()
        )
        self._database.execute(f'CREATE TABLE "{dataset.name}" ({columns})')

    def _fill_calendar(self) -> None:
        days = pd.DataFrame(calendar_days(), columns=["day", "number", "working"])
        self._database.register("_incoming", days)
        self._database.execute(
            f"CREATE TABLE {CALENDAR} AS "
            "SELECT CAST(day AS DATE) AS day, number, working FROM _incoming"
        )
        self._database.unregister("_incoming")


def _cheapest(records: pd.DataFrame) -> pd.DataFrame:
    """Return records with texts as DuckDB takes them in fastest."""
    return pd.DataFrame({name: _plain(records[name]) for name in records}, copy=False)


def _plain(cells: pd.Series) -> pd.Series:
    # DuckDB makes a type of its own of categories, which takes long where they are many.
    array = cells.array
    if not isinstance(array, pd.Categorical) or len(array.categories) * _FEW < len(array):
        return cells
    return cells.astype(object).where(cells.notna(), None)


def _text(query: exp.Query) -> str:
    # Quoted, so that a dataset or column may bear a name that is a word of SQL.
    return duck_sql(query, identify=True)

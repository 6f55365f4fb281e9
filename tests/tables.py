"""Write some of the records of extracts as tables, as the command `records` writes them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from tests.loaded import load
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.problems import has_errors
from workbook_builder.record_sources import columns_of_all, extract_definitions

_SQL_TYPES = {"date": "DATE", "integer": "BIGINT", "number": "DOUBLE", "flag": "BOOLEAN"}

AllRecords = Mapping[str, pd.DataFrame]


def records_of(inputs: Sequence[Path]) -> AllRecords:
    """Return the records of extracts, by dataset, as the program cleans them.

    A column that a list lacks is left out, as the command leaves it out.
    """
    definitions = known_definitions().value
    read = load(inputs, extract_definitions(definitions, "", {}))
    if has_errors(read.problems):
        raise SystemExit("\n".join(one.text() for one in read.problems))
    held: dict[str, pd.DataFrame] = {}
    for name, own in read.value.records.items():
        columns = columns_of_all([one for one in read.value.sheets if one.dataset == name])
        held[name] = own if columns is None else own[[one for one in own if one in columns]]
    return held


def write_tables(
    records: AllRecords,
    datasets: Mapping[str, Dataset],
    folder: Path,
    authority: str,
    kind: str = "parquet",
    change: Callable[[str], str] = lambda sql: sql,
) -> None:
    """Write one file for each dataset into the folder of its table; `change` edits the query."""
    with duckdb.connect() as database:
        for name, own in records.items():
            place = folder / name
            place.mkdir(parents=True, exist_ok=True)
            database.register("records", own)
            columns = ", ".join(
                f'CAST("{column}" AS {_SQL_TYPES.get(one.type, "VARCHAR")}) AS "{column}"'
                for column, one in datasets[name].columns.items()
                if column in own
            )
            query = change(f"SELECT {columns}, '{authority}' AS authority FROM records")
            options = "FORMAT parquet" if kind == "parquet" else "FORMAT csv, HEADER"
            database.execute(f"COPY ({query}) TO '{place / f'{authority}.{kind}'}' ({options})")
            database.unregister("records")

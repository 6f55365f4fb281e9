"""Write the records of extracts as a folder of Parquet or CSV tables, as a region would hold them.

    python tests/tables.py INPUT... FOLDER --authority NAME [--csv]

Run again with another authority, its tables go beside those that are there.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from tests.loaded import load
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.problems import has_errors
from workbook_builder.record_sources import extract_definitions

_SQL_TYPES = {"date": "DATE", "integer": "BIGINT", "number": "DOUBLE", "flag": "BOOLEAN"}

AllRecords = Mapping[str, pd.DataFrame]


def records_of(inputs: Sequence[Path]) -> AllRecords:
    """Return the records of extracts, by dataset, as the program cleans them."""
    definitions = known_definitions().value
    read = load(inputs, extract_definitions(definitions, "", {}))
    if has_errors(read.problems):
        raise SystemExit("\n".join(one.text() for one in read.problems))
    return read.value.records


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
            )
            query = change(f"SELECT {columns}, '{authority}' AS authority FROM records")
            options = "FORMAT parquet" if kind == "parquet" else "FORMAT csv, HEADER"
            database.execute(f"COPY ({query}) TO '{place / f'{authority}.{kind}'}' ({options})")
            database.unregister("records")


def main() -> None:
    """Read the words of the command line and write the tables."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    words.add_argument("inputs", nargs="+", type=Path, metavar="INPUT")
    words.add_argument("folder", type=Path, metavar="FOLDER")
    words.add_argument("--authority", required=True, metavar="NAME")
    words.add_argument("--csv", action="store_true")
    wishes = words.parse_args()
    kind = "csv" if wishes.csv else "parquet"
    datasets = known_definitions().value.datasets
    write_tables(records_of(wishes.inputs), datasets, wishes.folder, wishes.authority, kind)


if __name__ == "__main__":
    main()

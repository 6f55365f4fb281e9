"""The least that any program would do: read the same bytes into DuckDB, write the same cells.

    python -m benchmarks.floor FOLDER TAPE OUT.xlsx TIMES.json

Text files go through DuckDB's own reader; workbooks through calamine, the fastest reader at hand
(DuckDB's own must be fetched from the network). Nothing is typed, checked or counted. The cells are
written by the calls to XlsxWriter that a build made.
"""

from __future__ import annotations

import csv
import json
import pickle
import sys
import time
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import duckdb
import numpy as np
from python_calamine import CalamineWorkbook

from benchmarks.tape import played

_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xef\xbb": "utf-8"}


def read(folder: Path) -> int:
    """Read every file of a folder into a table of texts; return how many rows there are."""
    database = duckdb.connect(":memory:")
    rows = 0
    for number, path in enumerate(sorted(folder.iterdir())):
        if path.suffix.lower() in (".csv", ".txt"):
            rows += _text_file(database, f"t{number}", path)
        elif path.suffix.lower() == ".xlsx":
            rows += _workbook(database, f"t{number}", path)
    return rows


def _text_file(database: duckdb.DuckDBPyConnection, name: str, path: Path) -> int:
    with path.open("rb") as file:
        encoding = _ENCODINGS.get(file.read(2), "utf-8")
    options = "all_varchar = true, header = false, null_padding = true, strict_mode = false"
    query = f"SELECT * FROM read_csv(?, {options}, encoding = '{encoding}')"
    try:
        database.execute(f"CREATE TABLE {name} AS {query}", [str(path)]).fetchall()
    except duckdb.InvalidInputException:  # Windows-1252, which DuckDB cannot read by itself
        with path.open(encoding="cp1252", newline="") as text:
            _keep(database, name, list(csv.reader(text, delimiter=";")))
    return _count(database, name)


def _workbook(database: duckdb.DuckDBPyConnection, name: str, path: Path) -> int:
    rows = 0
    with CalamineWorkbook.from_path(path) as book:
        for at, _ in enumerate(book.sheet_names):
            cells = list(book.get_sheet_by_index(at).iter_rows())
            if cells:
                _keep(database, f"{name}_{at}", cells)
                rows += _count(database, f"{name}_{at}")
    return rows


def _keep(database: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Sequence[object]]) -> None:
    columns = {f"c{place}": np.array(list(map(str, column)), dtype=object)
               for place, column in enumerate(zip_longest(*rows, fillvalue=""))}  # fmt: skip
    database.register("incoming", columns)
    database.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming").fetchall()
    database.unregister("incoming")


def _count(database: duckdb.DuckDBPyConnection, name: str) -> int:
    found = database.execute(f"SELECT count(*) FROM {name}").fetchall()
    return int(found[0][0])


def main(folder: Path, tape: Path, out: Path, times: Path) -> None:
    """Read and write, and keep how long each took and how long the tape took to load."""
    begun = time.perf_counter()
    calls = pickle.loads(tape.read_bytes())
    loaded = time.perf_counter()
    rows = read(folder)
    were_read = time.perf_counter()
    out.write_bytes(played(calls))
    written = time.perf_counter()
    found = {"tape": loaded - begun, "read": were_read - loaded, "write": written - were_read}
    times.write_text(json.dumps({**found, "rows": rows}), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))

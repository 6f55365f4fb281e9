"""Write the tables of a return as files: one workbook, or a folder of CSV files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pandas as pd

Tables = Mapping[str, pd.DataFrame]


def write_workbook(tables: Tables, path: Path, day: date) -> Path:
    """Write tables as the sheets of a workbook that was saved on a day."""
    book = openpyxl.Workbook(write_only=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(list(table.columns))
        for row in table.itertuples(index=False, name=None):
            sheet.append([_cell(value) for value in row])
    book.save(path)
    return _stamped(path, day)


def _cell(value: object) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def write_files(
    tables: Tables, folder: Path, day: date, date_format: str = "%d/%m/%Y", blank: str = ""
) -> list[Path]:
    """Write tables as CSV files that were saved on a day."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        table.to_csv(path, index=False, date_format=date_format, na_rep=blank)
        paths.append(_stamped(path, day))
    return paths


def write_content(content: bytes, path: Path, day: date) -> Path:
    """Write a file that was saved on a day."""
    path.write_bytes(content)
    return _stamped(path, day)


def write_records(records: Tables, folder: Path, day: date) -> list[Path]:
    """Write records as extracts whose headings are the columns' own names."""
    plain = {
        name: frame.dropna(axis="columns", how="all").map(_yes_or_no)
        for name, frame in records.items()
    }
    return write_files(plain, folder, day)


def _yes_or_no(value: object) -> object:
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else value


def _stamped(path: Path, day: date) -> Path:
    moment = datetime.combine(day, time(18)).timestamp()
    os.utime(path, (moment, moment))
    return path

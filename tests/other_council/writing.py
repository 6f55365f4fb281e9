"""Write sheets as CSV files and workbooks, stamped with the day on which they were run."""

from __future__ import annotations

import os
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.other_council.lists import Sheet


def write(sheets: Iterable[Sheet], folder: Path, day: date) -> list[Path]:
    """Write sheets into a folder; the files bear the day of their list, or that of the delivery."""
    workbooks: dict[str, list[Sheet]] = {}
    paths = []
    for sheet in sheets:
        if sheet.workbook is not None:
            workbooks.setdefault(sheet.workbook, []).append(sheet)
            continue
        path = folder / f"{sheet.name}.csv"
        as_text(sheet).to_csv(path, index=False, encoding="utf-8")
        _stamp(path, sheet.run_on or day)
        paths.append(path)
    for name, parts in workbooks.items():
        path = folder / f"{name}.xlsx"
        _write_workbook(parts, path, day)
        paths.append(path)
    return paths


def as_text(sheet: Sheet) -> pd.DataFrame:
    """Return the cells of a sheet as they are written in a text file."""
    return pd.DataFrame({name: _texts(sheet, name) for name in sheet.table.columns})


def _texts(sheet: Sheet, name: str) -> pd.Series:
    column: pd.Series = sheet.table[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        texts: pd.Series = column.dt.strftime(sheet.date_format)
        if sheet.american_rows is not None:
            texts = texts.mask(sheet.american_rows, column.dt.strftime("%m/%d/%Y"))
        column = texts
    elif column.dtype == "boolean":
        column = column.map({True: "Y", False: "N"})
    return column.astype("string").fillna("")


def _write_workbook(sheets: list[Sheet], path: Path, day: date) -> None:
    book = openpyxl.Workbook(write_only=True)
    run_on = min(sheet.run_on or day for sheet in sheets)
    book.properties.created = datetime.combine(run_on, time(9))
    book.properties.modified = datetime.combine(run_on, time(9))
    for sheet in sheets:
        page = book.create_sheet(sheet.name[:31])
        page.append(list(sheet.table.columns))
        plain = sheet.date_format == "%d/%m/%Y" and sheet.american_rows is None
        texts = as_text(sheet)
        columns = []
        for name in sheet.table.columns:
            column = sheet.table[name]
            if plain and pd.api.types.is_datetime64_any_dtype(column):
                columns.append([None if pd.isna(v) else v.to_pydatetime() for v in column])
            else:
                columns.append([value or None for value in texts[name]])
        for row in zip(*columns, strict=True):
            page.append(row)
    book.save(path)
    _stamp(path, run_on)


def _stamp(path: Path, day: date) -> None:
    moment = datetime.combine(day, time(18)).timestamp()
    os.utime(path, (moment, moment))

"""The bytes of a workbook in, the cells of its sheets as text out."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from workbook_builder.extracts import kinds
from workbook_builder.extracts.model import Grid
from workbook_builder.problems import Problem, Where

_Cell = int | float | str | bool | time | date | datetime | timedelta
#: Above this a whole number no longer stands exactly in a cell.
_EXACT = 10**15
#: A stray cell at the far end of a sheet would ask for more memory than a PC has.
_MOST_CELLS = 50_000_000
_EXTENT = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]{1,3})(\d{1,7})"')
_HEAD = 4096
_FAULTS_OF_READING = (
    CalamineError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError,
)  # fmt: skip


def read_workbook(file: str, content: bytes) -> tuple[Grid, ...] | Problem:
    """Read the cells of all sheets, hidden ones too, or say why the workbook cannot be read."""
    try:
        return _unsafe(file, content) or _grids(file, content)
    except PasswordError:
        return locked(file)
    except _FAULTS_OF_READING:
        return damaged(file)
    except BaseException as fault:
        # A failed assertion inside calamine arrives as this exception, which cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
        return damaged(file)


def locked(file: str) -> Problem:
    """Return the problem that a workbook needs a password."""
    what = "the workbook is protected with a password."
    return Problem(kinds.PASSWORD, what, Where(file), "File left out.")


def damaged(file: str) -> Problem:
    """Return the problem that a workbook cannot be read."""
    return Problem(kinds.DAMAGED, "the workbook is damaged.", Where(file), "File left out.")


def _unsafe(file: str, content: bytes) -> Problem | None:
    """Look for what would hang calamine or end the program: broken parts and far-away cells."""
    if not content.startswith(b"PK"):
        return None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.testzip() is not None:
            return damaged(file)
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as part:
                    extent = _EXTENT.search(part.read(_HEAD))
                if extent and _column_number(extent[1]) * int(extent[2]) > _MOST_CELLS:
                    return _reaches_too_far(file, extent)
    return None


def _reaches_too_far(file: str, extent: re.Match[bytes]) -> Problem:
    what = f"a sheet reaches as far as cell {(extent[1] + extent[2]).decode('ascii')}."
    return Problem(kinds.TOO_WIDE, what, Where(file), "File left out.")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _grids(file: str, content: bytes) -> tuple[Grid, ...]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return tuple(
            Grid(file, sheet.name, _cells(workbook, at))
            for at, sheet in enumerate(workbook.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet
        )


def _cells(workbook: CalamineWorkbook, at: int) -> pd.DataFrame:
    rows = workbook.get_sheet_by_index(at).to_python(skip_empty_area=False)
    columns = {
        place: [_text(cell) for cell in column]
        for place, column in enumerate(zip(*rows, strict=True))
    }
    return pd.DataFrame(columns, index=range(1, len(rows) + 1), dtype=object)


def _text(cell: _Cell) -> str:
    """Write a cell as a person would type it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return str(cell)

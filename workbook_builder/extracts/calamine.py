"""The bytes of a workbook in, its sheets as plain values out, by the library calamine.

Imports nothing heavy and nothing of ours: a process of its own may run it (apart.py).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

_Cell = int | float | str | bool | time | date | datetime | timedelta
#: Above this a whole number no longer stands exactly in a cell.
_EXACT = 10**15


class RawSheet(NamedTuple):
    """A sheet: its name, whether Excel hides it, its reach, and its rows from the top as texts."""

    name: str
    hidden: bool
    height: int
    width: int
    rows: Iterator[list[str]] | list[list[str]]


def raw_sheets(content: bytes) -> Iterator[RawSheet]:
    """Yield every sheet of cells, hidden ones too; its rows must be taken before the next one."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for at, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ == SheetTypeEnum.WorkSheet:
                cells = workbook.get_sheet_by_index(at)
                hidden = sheet.visible != SheetVisibleEnum.Visible
                bottom, right = cells.end or (-1, -1)
                before = [""] * (cells.start[1] if cells.start else 0)
                rows = (before + [as_text(cell) for cell in row] for row in cells.iter_rows())
                yield RawSheet(sheet.name, hidden, bottom + 1, right + 1, rows)


def as_text(cell: _Cell) -> str:
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

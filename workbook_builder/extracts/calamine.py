"""The bytes of a workbook in, its sheets as plain values out, by the library calamine.

Imports nothing heavy and nothing of ours: a process of its own may run it (apart.py).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, cast

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Cell = int | float | str | bool | time | date | datetime | timedelta
#: Above this a whole number no longer stands exactly in a cell.
_EXACT = 10**15


class RawSheet(NamedTuple):
    """A sheet: its name, whether Excel hides it, its reach, and its rows from the top.

    Their cells are as calamine gives them, or texts already.
    """

    name: str
    hidden: bool
    height: int
    width: int
    rows: Iterable[Sequence[Cell]]


class Worksheet(NamedTuple):
    """A sheet of cells as calamine has it: its name, and whether Excel hides it."""

    name: str
    hidden: bool
    sheet: CalamineSheet


def worksheets(workbook: CalamineWorkbook) -> Iterator[Worksheet]:
    """Yield every sheet of cells, hidden ones too."""
    for at, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet:
            hidden = sheet.visible != SheetVisibleEnum.Visible
            yield Worksheet(sheet.name, hidden, workbook.get_sheet_by_index(at))


def raw_sheet(one: Worksheet) -> RawSheet:
    """Return a sheet with its reach and its rows from the top."""
    cells = one.sheet
    bottom, right = cells.end or (-1, -1)
    before = [""] * (cells.start[1] if cells.start else 0)
    rows: Iterable[Sequence[Cell]] = cells.iter_rows()
    if before:
        rows = ([*before, *row] for row in rows)
    return RawSheet(one.name, one.hidden, bottom + 1, right + 1, rows)


def raw_sheets(content: bytes) -> Iterator[RawSheet]:
    """Yield every sheet of cells, hidden ones too; its rows must be taken before the next one."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        yield from map(raw_sheet, worksheets(workbook))


def as_texts(cells: Sequence[Cell]) -> Sequence[str]:
    """Write cells as `as_text` does, equal ones once."""
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return cast("Sequence[str]", cells)
    if len(kinds & {bool, int, float}) > 1:  # which may be equal and yet be written differently
        return [as_text(cell) for cell in cells]
    return list(map(_Texts().__getitem__, cells))


class _Texts(dict[Cell, str]):
    """The texts of cells as they are asked for."""

    def __missing__(self, cell: Cell) -> str:
        text = self[cell] = as_text(cell)
        return text


def as_text(cell: Cell) -> str:
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

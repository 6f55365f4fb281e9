"""The cells of a workbook by the library calamine, and how each is written as text.

Imports nothing heavy and nothing of ours: the sandbox process runs it too.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, cast

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Cell = int | float | str | bool | time | date | datetime | timedelta
#: Above this a floating-point number is no longer written as a whole number.
_LARGEST_EXACT = 10**15


class SheetRows(NamedTuple):
    """A sheet: its name, whether Excel hides it, its last row and column, its rows from the top.

    Their cells are as calamine gives them, or texts already.
    """

    name: str
    hidden: bool
    height: int
    width: int
    rows: Iterable[Sequence[Cell]]


def read_sheets(content: bytes) -> Iterator[SheetRows]:
    """Read every sheet of cells, hidden ones too; its rows must be taken before the next one.

    Raises CalamineError, PasswordError among them, and other exceptions over a damaged workbook.
    """
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for number, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            cells = workbook.get_sheet_by_index(number)
            last_row, last_column = cells.end or (-1, -1)
            left = [""] * (cells.start[1] if cells.start else 0)
            rows: Iterable[Sequence[Cell]] = cells.iter_rows()
            if left:  # calamine begins with the first column that holds anything
                rows = ([*left, *row] for row in rows)
            hidden = sheet.visible != SheetVisibleEnum.Visible
            yield SheetRows(sheet.name, hidden, last_row + 1, last_column + 1, rows)


def as_texts(cells: Sequence[Cell]) -> Sequence[str]:
    """Write cells as `as_text` does, equal ones once."""
    types = set(map(type, cells))
    if types <= {str}:
        return cast("Sequence[str]", cells)
    if len(types & {bool, int, float}) > 1:  # which may be equal and yet be written differently
        return [as_text(cell) for cell in cells]
    texts = {cell: as_text(cell) for cell in set(cells)}
    return [texts[cell] for cell in cells]


def as_text(cell: Cell) -> str:
    """Write a cell as a person would type it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < _LARGEST_EXACT
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return str(cell)

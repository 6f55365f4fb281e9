"""Cells as people and programs leave them, read as months, numbers and names."""

from __future__ import annotations

import re
from datetime import date, datetime

from workbook_builder.extracts.dates import read_month
from workbook_builder.history.workbook import Value
from workbook_builder.months import Month

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,3})?%?")


class NotANumber(Exception):
    """A cell holds something, but no number."""


def text_of(cell: Value) -> str:
    """Return a cell as a person would type it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def month_of(cell: Value) -> Month | None:
    """Read a month, also where Excel or a person has made a day of it."""
    if isinstance(cell, datetime | date):
        return Month(cell.year, cell.month)
    return Month.parse(read_month(text_of(cell)) or "")


def number_of(cell: Value) -> float | None:
    """Read a number, None from an empty cell; "95%" is 0.95. Raises NotANumber for any other."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = text_of(cell)
    if isinstance(cell, str) and _NUMBER.fullmatch(text) and any(map(str.isdigit, text)):
        plain = text.replace(",", "").removesuffix("%")
        return float(plain) / 100 if text.endswith("%") else float(plain)
    raise NotANumber

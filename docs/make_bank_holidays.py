"""Writes the days of workbook_builder/store/calendar.py from the library that keeps them up.

Run it when the government proclaims another: python docs/make_bank_holidays.py
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import holidays

from workbook_builder.store.calendar import FIRST_DAY, LAST_DAY

MODULE = Path(__file__).parents[1] / "workbook_builder" / "store" / "calendar.py"

_BEGIN, _END = '_BY_YEAR = """\n', '"""\n\n\n'


def module() -> str:
    """Return the text of the module, with the days that the library knows."""
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    found = holidays.country_holidays("GB", subdiv="ENG", years=years)
    lines = [_line(year, [day for day in sorted(found) if day.year == year]) for year in years]
    before, _, rest = MODULE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, behind = rest.partition(_END)
    return before + _BEGIN + "".join(lines) + _END + behind


def _line(year: int, days: list[date]) -> str:
    return " ".join([str(year), *(day.strftime("%m-%d") for day in days)]) + "\n"


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")

"""Writes workbook_builder/engine/bank_holidays.py from the library that keeps them up.

Run it when the government proclaims another: python docs/make_bank_holidays.py
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import holidays

from workbook_builder.engine.bank_holidays import FIRST_DAY, LAST_DAY

MODULE = Path(__file__).parents[1] / "workbook_builder" / "engine" / "bank_holidays.py"

_HEAD = f'''"""The bank holidays of England and Wales, by `python docs/make_bank_holidays.py`."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

FIRST_DAY = date({FIRST_DAY.year}, 1, 1)
LAST_DAY = date({LAST_DAY.year}, 12, 31)

_BY_YEAR = """
'''
_FOOT = '''"""


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """Return the bank holidays of England and Wales from FIRST_DAY to LAST_DAY."""
    found: set[date] = set()
    for line in _BY_YEAR.split("\\n")[1:-1]:
        year, *days = line.split()
        found.update(date.fromisoformat(f"{year}-{day}") for day in days)
    return frozenset(found)
'''


def module() -> str:
    """Return the text of the module."""
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    found = holidays.country_holidays("GB", subdiv="ENG", years=years)
    lines = [_line(year, [day for day in sorted(found) if day.year == year]) for year in years]
    return _HEAD + "".join(lines) + _FOOT


def _line(year: int, days: list[date]) -> str:
    return " ".join([str(year), *(day.strftime("%m-%d") for day in days)]) + "\n"


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")

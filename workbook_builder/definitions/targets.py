"""Targets: what figures should reach, by financial year and by date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Name, definition
from workbook_builder.definitions.values import Entry, Stated
from workbook_builder.months import Month


def _financial_year(text: str) -> str:
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise PydanticCustomError("year", 'must be a financial year, as "2023-24"')
    return text


def _day(text: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if not found or str(found) != text:
        raise PydanticCustomError("day", 'must be a day, as "2023-07-01"')
    return text


#: The share of a target by which it may be missed and still be amber, unless another is set.
DEFAULT_TOLERANCE = 0.05

FinancialYear = Annotated[str, AfterValidator(_financial_year)]
Day = Annotated[str, AfterValidator(_day)]


@definition
class Target:
    """A measure's targets by financial year ("2023-24") and by the day from which one holds.

    Values are in the measure's own unit. A year's target ends with its year; one from a day on
    holds until another begins. `tolerance` is the share of the target by which it may be missed
    and still be amber.
    """

    name: Name
    years: Mapping[FinancialYear, Stated] = Field(default_factory=dict)
    dates: Mapping[Day, Stated] = Field(default_factory=dict)
    tolerance: Annotated[float, Field(ge=0, lt=1)] = DEFAULT_TOLERANCE
    note: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _some_value(self) -> Target:
        if not self.years and not self.dates:
            raise PydanticCustomError("lacking", 'needs "years" or "dates"')
        return self

    def in_force(self, month: Month) -> Entry | None:
        """Return what stands for a month: of what began by its last day, what began last.

        None where nothing has begun, where it has ended, or where it is marked as missing.
        """
        begun = [one for one in self._spans() if one[0] <= month.last_day]
        if not begun:
            return None
        # Of a year and a day that begin together, the day says it more exactly.
        _, ends, entry = max(begun, key=lambda one: (one[0], one[1] == date.max))
        return None if entry.missing or month.last_day > ends else entry

    def in_year(self, financial_year: str) -> Entry | None:
        """Return what stands for a financial year ("2018-19"): what is in force at its end."""
        return self.in_force(Month(int(financial_year[:4]) + 1, 3))

    @property
    def entries(self) -> Iterator[tuple[tuple[str, str], Entry]]:
        """Every value with the keys that it stands under."""
        for year, entry in self.years.items():
            yield ("years", year), entry
        for day, entry in self.dates.items():
            yield ("dates", day), entry

    def _spans(self) -> Iterator[tuple[date, date, Entry]]:
        for year, entry in self.years.items():
            begins = int(year[:4])
            yield date(begins, 4, 1), date(begins + 1, 3, 31), entry
        for day, entry in self.dates.items():
            yield date.fromisoformat(day), date.max, entry

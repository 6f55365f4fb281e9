"""Targets and benchmarks: the numbers that figures are held against."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Name, definition


def _financial_year(text: str) -> str:
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise PydanticCustomError("year", 'must be a financial year, as "2023-24"')
    return text


#: The share of a target by which it may be missed and still be amber, unless another is set.
DEFAULT_TOLERANCE = 0.05

FinancialYear = Annotated[str, AfterValidator(_financial_year)]
Number = Annotated[float, Field(allow_inf_nan=False)]


@definition
class Target:
    """A measure's targets by financial year ("2023-24"), in the measure's own unit.

    `tolerance` is the share of the target by which it may be missed and still be amber.
    """

    name: Name
    years: Mapping[FinancialYear, Number]
    tolerance: Annotated[float, Field(ge=0, lt=1)] = DEFAULT_TOLERANCE
    note: str = ""

    def in_year(self, financial_year: str) -> float | None:
        """Return the target for a financial year, or None where none is set."""
        return self.years.get(financial_year)


@definition
class Comparator:
    """Somebody that figures are compared with: a benchmark column."""

    name: Name
    title: Name
    period: str = ""
    source: str = ""
    method: str = ""


@definition
class Benchmarks:
    """The benchmark values of one measure by comparator, in the measure's own unit."""

    name: Name
    values: Mapping[str, Number]

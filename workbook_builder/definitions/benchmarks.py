"""Benchmarks: whom figures are compared with, and the values to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Name, definition
from workbook_builder.definitions.values import MISSING, Entry, Stated
from workbook_builder.years import reporting_year

Who = Literal["own authority", "statistical neighbours", "region", "England"]
Method = Literal["mean", "median"]


def _year(text: str) -> str:
    if reporting_year(text) is None:
        raise PydanticCustomError("period", 'must be a year, as "2021/22" or "2022"')
    return text


Period = Annotated[str, AfterValidator(_year)]


@definition
class Comparator:
    """Somebody that figures are compared with: a benchmark column, headed by `title`.

    `period` is the year it shows. With `who` its values may come from published statistics; those
    of statistical neighbours are the `method` over the neighbours of one `vintage`, a year.
    """

    name: Name
    title: Name
    who: Who | None = None
    period: str = ""
    source: str = ""
    vintage: str = ""
    method: Method | None = None

    @model_validator(mode="after")
    def _enough_said(self) -> Comparator:
        if self.who and reporting_year(self.period) is None:
            raise PydanticCustomError("lacking", 'with "who" needs a year in "period"')
        if self.who == "statistical neighbours" and not (self.vintage and self.method):
            raise PydanticCustomError("lacking", 'needs "vintage" and "method"')
        return self


@definition
class Benchmarks:
    """The benchmark values of one measure by comparator, in the measure's own unit.

    `values` are those of the year that is shown, `years` those of several; `periods` names the
    comparators that show another year than their own for this measure.
    """

    name: Name
    values: Mapping[str, Stated] = Field(default_factory=dict)
    years: Mapping[Period, Mapping[str, Stated]] = Field(default_factory=dict)
    periods: Mapping[str, Period] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _some_value(self) -> Benchmarks:
        if not self.values and not self.years:
            raise PydanticCustomError("lacking", 'needs "values" or "years"')
        return self

    def period(self, comparator: Comparator) -> str:
        """Return the year that a comparator shows for this measure."""
        return self.periods.get(comparator.name, comparator.period)

    def shown(self, comparator: Comparator) -> Entry:
        """Return a comparator's value for the year that it shows."""
        wanted = reporting_year(self.period(comparator))
        for year, values in self.years.items():
            if wanted is not None and reporting_year(year) == wanted and comparator.name in values:
                return values[comparator.name]
        return self.values.get(comparator.name, MISSING)

    @property
    def entries(self) -> Iterator[tuple[tuple[str, ...], str, Entry]]:
        """Every value with the keys that it stands under and its comparator."""
        for comparator, entry in self.values.items():
            yield ("values", comparator), comparator, entry
        for year, values in self.years.items():
            for comparator, entry in values.items():
                yield ("years", year, comparator), comparator, entry


@definition
class NeighbourFile:
    """A file of statistical neighbours whose name does not say of which year they are."""

    name: Name
    file: Name
    vintage: Period

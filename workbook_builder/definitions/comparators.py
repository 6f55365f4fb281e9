"""Comparators: who they are, their benchmark values, and the published files these come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.schema import Key, Name, definition
from workbook_builder.definitions.targets import MISSING, Entry, Stated
from workbook_builder.months import reporting_year

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


@definition
class GivenFigures:
    """One column of a file of statistics, with what its figures are of.

    They are those of some measures, or of a group of the population. Only rows that hold what
    `where` says (values by column) are read. `scale` turns the published number into the measure's
    own unit: 0.01 for percentages.
    """

    value: Name
    measures: tuple[Key, ...] = ()
    population: str = ""
    scale: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    where: Mapping[Name, Name] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_use(self) -> GivenFigures:
        if bool(self.measures) == bool(self.population):
            raise PydanticCustomError("lacking", 'needs either "measures" or "population"')
        return self


@definition
class Statistic:
    """A kind of file of published statistics, recognised by its columns beside time and place."""

    name: Key
    title: Name
    source: Name
    recognised_by: Annotated[tuple[Name, ...], Field(min_length=1)]
    gives: Annotated[tuple[GivenFigures, ...], Field(min_length=1)]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a file must have besides those of time and place, each once."""
        columns = dict.fromkeys(self.recognised_by)
        for figures in self.gives:
            columns |= dict.fromkeys([figures.value, *figures.where])
        return tuple(columns)

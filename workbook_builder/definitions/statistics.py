"""Files of published statistics: how each kind is recognised, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Key, Name, definition


@definition
class GivenFigures:
    """One column of a file: the figures of some measures, or of a group of the population.

    Only rows that hold what `where` says (values by column) are read. `scale` turns the published
    number into the measure's own unit: 0.01 for percentages.
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
    """A kind of file, recognised by its columns besides those of time and place."""

    name: Key
    title: Name
    source: Name
    recognised_by: Annotated[tuple[Name, ...], Field(min_length=1)]
    gives: Annotated[tuple[GivenFigures, ...], Field(min_length=1)]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a file must have besides those of time and place, each once."""
        return tuple(dict.fromkeys(self._columns()))

    def _columns(self) -> Iterator[str]:
        yield from self.recognised_by
        for given in self.gives:
            yield given.value
            yield from given.where

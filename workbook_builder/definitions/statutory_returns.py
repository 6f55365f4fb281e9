"""Files of published statistics: how each kind is recognised, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.base import Key, Name, definition
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, ProblemKind, Where, did_you_mean, listed

FINANCIAL_YEAR = "financial year"
_MONTHS = re.compile(r"([1-9]\d?) months")


def _several(value: object) -> object:
    # One heading may stand without brackets; strict checking takes tuples only.
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _holds(text: str) -> str:
    if text and text != FINANCIAL_YEAR and not _MONTHS.fullmatch(text):
        raise PydanticCustomError("holds", 'must be "financial year" or as "6 months"')
    return text


#: The headings that a column may have, the one to be preferred first; a single one as a text.
Heading = Annotated[tuple[Name, ...], BeforeValidator(_several), Field(min_length=1)]
#: The values of a column, by its heading, that a row must hold one of.
Values = Mapping[Name, Heading]
Holds = Annotated[str, AfterValidator(_holds)]


@definition
class GivenDataset:
    """What a table gives to one dataset.

    `columns` names the heading of each of the dataset's columns, `constants` the value of columns
    that the table has no heading for.

    Only the rows of `only_when` are read; with `where_filled` those whose required cells are
    blank are passed over. `new_when` joins rows of one child that follow on from one another into
    one record until a row holds one of the values.

    `holds` says how far back the table goes from its last day, if that is less than its records
    seem to say. Of `latest_only` the table holds each child's latest, so no month but the last.
    """

    dataset: Key
    columns: Mapping[Key, Heading]
    constants: Mapping[Key, str] = field(default_factory=dict)
    only_when: Values = field(default_factory=dict)
    where_filled: bool = False
    new_when: Values = field(default_factory=dict)
    holds: Holds = ""
    latest_only: bool = False

    @property
    def months(self) -> int:
        """How many months the table holds; 0 if no number of months is said."""
        found = _MONTHS.fullmatch(self.holds)
        return int(found[1]) if found else 0


@definition
class ReturnTable:
    """One table of a return; `headings`, all in one row, tell it, and `limits` what it lacks."""

    name: Name
    headings: Annotated[tuple[Heading, ...], Field(min_length=1)]
    limits: str = ""
    gives: tuple[GivenDataset, ...] = ()

    @cached_property
    def heading_names(self) -> tuple[frozenset[str], ...]:
        """The names for comparing of each of its headings."""
        return tuple(frozenset(map(same_name, heading)) for heading in self.headings)


@definition
class StatutoryReturn:
    """A return that many authorities make alike, with its tables."""

    name: Key
    title: Name
    tables: tuple[ReturnTable, ...]
    source: str = ""


def table_faults(
    table: ReturnTable, datasets: Mapping[str, Dataset], where: Callable[..., Where]
) -> Iterator[Problem]:
    """Yield what is wrong with what a table gives; `where` is the place of a key inside it."""
    if not table.gives and not table.limits:
        text = f'the table "{table.name}" gives nothing and does not say why.'
        yield Problem(catalogue.MISSING_KEY, text, where(), advice="Add gives or limits.")
    for at, given in enumerate(table.gives):
        if given.dataset in datasets:
            for keys, kind, text in _faults(given, datasets[given.dataset]):
                yield Problem(kind, text, where("gives", at, *keys))
        else:
            hint = did_you_mean(given.dataset, datasets)
            text = f'the dataset "{given.dataset}" is not known. {hint}'.strip()
            yield Problem(catalogue.UNKNOWN_DATASET, text, where("gives", at, "dataset"))


def _faults(
    given: GivenDataset, dataset: Dataset
) -> Iterator[tuple[tuple[str, ...], ProblemKind, str]]:
    for key, names in (("columns", given.columns), ("constants", given.constants)):
        for name in names:
            if name not in dataset.columns:
                hint = did_you_mean(name, dataset.columns)
                text = f'the column "{name}" is not known. {hint}'.strip()
                yield (key, name), catalogue.UNKNOWN_COLUMN, text
    if lacking := dataset.required - {*given.columns, *given.constants}:
        text = f'the dataset "{dataset.name}" also requires {listed(lacking)}.'
        yield ("columns",), catalogue.MISSING_KEY, text
    if given.new_when and len(set(given.columns) & set(dataset.date_columns)) < 2:
        text = "records that are joined need columns for their first and their last day."
        yield ("new_when",), catalogue.MISSING_KEY, text


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

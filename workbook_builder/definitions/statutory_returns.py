"""Statutory returns (Annex A, SSDA903, ...): how their tables are told, and what they give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.schema import Key, Name, definition
from workbook_builder.names import same_name

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
        match = _MONTHS.fullmatch(self.holds)
        return int(match[1]) if match else 0


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

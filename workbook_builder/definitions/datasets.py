"""Datasets: kinds of extract, with typed columns and the headings they are known by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.schema import Key, Name, Words, definition
from workbook_builder.names import same_name


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("day", 'must be a day, as "2024-03-31"') from None
    return text


Day = Annotated[str, AfterValidator(_day)]


@definition
class Code:
    """One value of a code list; `since` and `until` are its first and last day, `now` what follows.

    The code itself, its title and every spelling mean it; letter case, spaces and punctuation do
    not matter.
    """

    title: Name
    spellings: Words = ()
    since: Day = ""
    until: Day = ""
    now: Words = ()

    def in_use(self, day: date) -> bool:
        """Tell whether the code could be used on a day."""
        begun = not self.since or date.fromisoformat(self.since) <= day
        return begun and (not self.until or day <= date.fromisoformat(self.until))


@definition
class CodeList:
    """A list of codes; what a column holds beside it maps to nothing and is reported."""

    name: Key
    title: Name
    codes: Mapping[str, Code]
    source: str = ""


#: id and text stay as they stand; a code is one of a code list; a month is "2023-07"; a flag is
#: yes or no.
ColumnType = Literal["id", "text", "code", "date", "month", "integer", "number", "flag"]


@definition
class Column:
    """One column of a dataset.

    A record whose required column is blank or does not convert is left out; any other column is
    then left blank. `codes` names the code list of a column of codes, `dated_by` the date column
    that says when a code was used.
    """

    type: ColumnType
    required: bool = False
    aliases: Words = ()
    codes: str = ""
    dated_by: str = ""


@definition
class Dataset:
    """A kind of extract.

    `record` says in words what one row is; `team` names the column that holds the team; `key` names
    the columns that together tell two records apart; `in_order` pairs of dates of which the second
    may not lie before the first. `snapshot` names the date column that says of which day a record
    is; a day that stands above the headings ("at 31/07/2023") fills it.
    """

    name: Key
    title: Name
    record: Name
    columns: Mapping[Key, Column]
    team: str = ""
    key: Words = ()
    in_order: tuple[tuple[str, str], ...] = ()
    snapshot: str = ""

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the columns without which a sheet cannot be this dataset."""
        return frozenset(name for name, column in self.columns.items() if column.required)

    @cached_property
    def date_columns(self) -> tuple[str, ...]:
        """The names of the columns that hold days on which something happened."""
        dates = (name for name, column in self.columns.items() if column.type == "date")
        return tuple(name for name in dates if name != self.snapshot)

    @property
    def team_column(self) -> str:
        """The column that holds the team, or nothing."""
        return self.team or ("team" if "team" in self.columns else "")

    @cached_property
    def known_names(self) -> Mapping[str, str]:
        """The column that each heading means, by the heading's name for comparing."""
        return {
            same_name(heading): name
            for name, column in reversed(list(self.columns.items()))
            for heading in (*column.aliases, name)
        }


#: The largest value that any parameter may have.
MOST_OF_A_PARAMETER = 10_000

ParameterValue = Annotated[int, Field(ge=0, le=MOST_OF_A_PARAMETER)]


@definition
class Parameter:
    """A whole number that SQL in measures may name; a layout may give it another value.

    `most` is the largest value that the measures which name it can stand.
    """

    name: Key
    title: Name
    value: ParameterValue
    most: ParameterValue = MOST_OF_A_PARAMETER
    source: str = ""

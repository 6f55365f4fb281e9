"""Datasets: kinds of extract, with typed columns and the headings they are known by."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.toml_files import Key, Name, Words, definition
from workbook_builder.names import same_name


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("day", 'must be a date, such as "2024-03-31"') from None
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


#: The column that says when a child was born, in every dataset that has it.
BIRTH = "date_of_birth"

#: id and text stay as they stand; a code is one of a code list; a month is "2023-07"; a flag is
#: yes or no.
ColumnType = Literal["id", "text", "code", "date", "month", "integer", "number", "flag"]


@definition
class Column:
    """One column of a dataset.

    A record whose required column is blank or does not convert is left out; any other column is
    then left blank. `fallbacks` are headings that mean the column where none of its `aliases` is
    there, the one to be preferred first. `codes` names the code list of a column of codes,
    `dated_by` the date column that says when a code was used. `units` are the words that may stand
    behind its numbers. Where no extract of the dataset has the column, `absent` is the value of
    every record ("yes" or "no" for a flag).
    """

    type: ColumnType
    required: bool = False
    aliases: Words = ()
    fallbacks: Words = ()
    codes: str = ""
    dated_by: str = ""
    units: Words = ()
    absent: str | None = None

    @property
    def absent_value(self) -> str | bool | None:
        """What `absent` means for the type of the column."""
        return self.absent == "yes" if self.absent and self.type == "flag" else self.absent


@definition
class Dataset:
    """A kind of extract.

    `record` says in words what one row is; `team` names the column that holds the team; `key` names
    the columns that together tell two records apart, `fallback_key` those that do so where a record
    lacks its key, the day on which it began last; `in_order` pairs of dates of which the second
    may not lie before the first. `snapshot` names the date column that says of which day a record
    is; a day that stands above the headings ("at 31/07/2023") fills it. `start_known` names the
    flag that says whether a record began on its first day, or earlier, before a return's year.
    `worklist` names the only columns that a list of children may show. `other_kinds` are the words
    by which a column of types or statuses tells that a record belongs into another dataset.
    What only `describes` the children or teams of other datasets is never counted itself.
    """

    name: Key
    title: Name
    record: Name
    columns: Mapping[Key, Column]
    team: str = ""
    key: Words = ()
    fallback_key: Words = ()
    in_order: tuple[tuple[str, str], ...] = ()
    snapshot: str = ""
    start_known: str = ""
    worklist: Words = ()
    other_kinds: Words = ()
    describes: bool = False

    def __hash__(self) -> int:
        return hash(self.name)

    def heading(self, column: str) -> str:
        """Return what a person calls a column: the heading like its name, or else the first one."""
        aliases = self.columns[column].aliases if column in self.columns else ()
        alike = (alias for alias in aliases if same_name(alias) == same_name(column))
        return next(alike, aliases[0] if aliases else column.replace("_", " ").capitalize())

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the columns without which a sheet cannot be this dataset."""
        return frozenset(name for name, column in self.columns.items() if column.required)

    @cached_property
    def date_columns(self) -> tuple[str, ...]:
        """The names of the columns that hold days on which something happened."""
        dates = (name for name, column in self.columns.items() if column.type == "date")
        return tuple(name for name in dates if name != self.snapshot)

    @cached_property
    def event_dates(self) -> tuple[str, ...]:
        """The columns of days without that of birth: a list holds some months of them."""
        return tuple(name for name in self.date_columns if name != BIRTH)

    def required_without(self, lacking: Collection[str]) -> frozenset[str]:
        """Return the columns that a record must have where some of the required are not known.

        Where the day of a record is among them, another day may stand for it.
        """
        others = self.event_dates if set(lacking) & set(self.event_dates) else ()
        return self.required.union(others) - set(lacking)

    @property
    def start_column(self) -> str:
        """The column of the day on which a record that lasts began, or nothing."""
        return next((start for start, _ in self.in_order if start in self.required), "")

    def end_of(self, start: str) -> str:
        """Return the column of the day on which a record that begins with another one ended."""
        return next((last for first, last in self.in_order if first == start), "")

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

    @cached_property
    def fallback_names(self) -> Mapping[str, tuple[str, ...]]:
        """The names for comparing of the fallbacks of each column that has some."""
        return {
            name: tuple(map(same_name, column.fallbacks))
            for name, column in self.columns.items()
            if column.fallbacks
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


FINANCIAL_YEAR = "financial year"
_MONTHS = re.compile(r"([1-9]\d?) months")


def _several(value: object) -> object:
    # One heading may stand without brackets; strict checking takes tuples only.
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _holds(text: str) -> str:
    if text and text != FINANCIAL_YEAR and not _MONTHS.fullmatch(text):
        raise PydanticCustomError(
            "holds", 'must be "financial year" or a number of months, such as "6 months"'
        )
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
    that the table has no heading for, `lacks` the columns that a record otherwise must have and
    that are not known here.

    Only the rows of `only_when` are read; with `where_filled` those whose required cells are
    blank are passed over. `new_when` joins rows of one child that follow on from one another into
    one record until a row holds one of the values; rows with one of the values of `apart`, by the
    dataset's column, and rows without never are one. What `continues` and is open at the end of one
    year stands in the next year's table too, or it has ended. `flags` names, by their dataset, the
    columns that are yes for the children of this table and no for others of the return.

    `holds` says how far back the table goes from its last day, if that is less than its records
    seem to say. Of `latest_only` the table holds each child's latest, so no month but the last.
    `year_end` names the column that gets the last day of the return's year: the table does not say
    it, but other tables of the return, its file or its folder do.
    """

    dataset: Key
    columns: Mapping[Key, Heading]
    constants: Mapping[Key, str] = field(default_factory=dict)
    lacks: Words = ()
    only_when: Values = field(default_factory=dict)
    where_filled: bool = False
    new_when: Values = field(default_factory=dict)
    apart: Values = field(default_factory=dict)
    continues: bool = False
    flags: Mapping[Key, Key] = field(default_factory=dict)
    holds: Holds = ""
    latest_only: bool = False
    year_end: Key | Literal[""] = ""

    @property
    def months(self) -> int:
        """How many months the table holds; 0 if no number of months is said."""
        match = _MONTHS.fullmatch(self.holds)
        return int(match[1]) if match else 0


@definition
class ReturnTable:
    """One table of a return; `headings`, all in one row, tell it, and `limits` what it lacks.

    The columns of one that only `describes` may stand in other tables as well, which go before it.
    """

    name: Name
    headings: Annotated[tuple[Heading, ...], Field(min_length=1)]
    limits: str = ""
    describes: bool = False
    gives: tuple[GivenDataset, ...] = ()


@definition
class Fill:
    """A column of some datasets that is taken over from another table of the same return.

    `column` of a record of `datasets` becomes `value` of the record of `source` in which the
    columns of `match` are the same: keys are the datasets' columns, values the source's. `during`
    names two days of the source, between which the record's start must lie. Only blank cells are
    filled, unless the column `replaces` what stands there, as names replace numbers.
    """

    datasets: Heading
    column: Key
    source: Key
    value: Key
    match: Annotated[Mapping[Key, Key], Field(min_length=1)]
    during: tuple[Key, Key] | None = None
    replaces: bool = False


@definition
class ReturnXml:
    """How the XML of a return is cut into tables, a node of plain values for a row.

    `root` is its outermost node, `child` the node that holds all about one child; `shared` are the
    values that stand in front of all rows of the child.
    """

    root: Name
    child: Name
    shared: Heading


@definition
class StatutoryReturn:
    """A return that many authorities make alike, with its tables.

    `synonyms` gives a heading the others that stand for it in all tables, `fills` says which
    columns are taken over from one table into others.
    """

    name: Key
    title: Name
    tables: tuple[ReturnTable, ...]
    source: str = ""
    synonyms: Mapping[Name, Heading] = field(default_factory=dict)
    fills: tuple[Fill, ...] = ()
    xml: ReturnXml | None = None

    @cached_property
    def _synonym_names(self) -> Mapping[str, tuple[str, ...]]:
        return {
            same_name(heading): tuple(map(same_name, others))
            for heading, others in self.synonyms.items()
        }

    @cached_property
    def given_headings(self) -> frozenset[str]:
        """The headings, with their synonyms, of all columns that give something to datasets."""
        given = [one for table in self.tables for one in table.gives]
        headings = {
            heading for one in given for several in one.columns.values() for heading in several
        }
        headings |= {heading for one in given for heading in (*one.only_when, *one.new_when)}
        return frozenset(headings).union(*(self.synonyms.get(heading, ()) for heading in headings))

    def names_of(self, headings: Iterable[str]) -> tuple[str, ...]:
        """Return the names for comparing of headings and their synonyms, the preferred first."""
        names = map(same_name, headings)
        return tuple(
            dict.fromkeys(
                one for name in names for one in (name, *self._synonym_names.get(name, ()))
            )
        )

    @cached_property
    def heading_names(self) -> Mapping[str, tuple[frozenset[str], ...]]:
        """The names for comparing of each heading that tells a table, by the table's name."""
        return {
            table.name: tuple(frozenset(self.names_of(heading)) for heading in table.headings)
            for table in self.tables
        }

"""Measures: what is counted and how. One frozen class per kind.

A measure in TOML is of the kind whose own key it has (`count_of`, `percentage_of`, ...): see KINDS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.toml_files import (
    Key,
    Name,
    TomlPlace,
    Words,
    definition,
    parse_definition,
    table_fault,
)
from workbook_builder.problems import Result, did_you_mean, listed

Polarity = Literal["higher", "lower"]
Unit = Literal["number", "percent"]


@dataclass(frozen=True)
class During:
    """A record belongs to the month in which its day falls, or to the `months` that end with it."""

    column: str
    months: int = 1


@dataclass(frozen=True)
class Open:
    """A record belongs to the month at whose end it is open: started by then, not ended by then."""

    start: str
    end: str


@dataclass(frozen=True)
class Latest:
    """The extract is itself a snapshot: all its records belong to the reporting month."""


Clock = During | Open | Latest

#: What the key of an exclusion begins with, where all expressions of a measure stand together.
EXCLUDE = "exclude."

_SPAN = re.compile(r"(\d+) months?")


def _span(text: str) -> str:
    match = _SPAN.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= 120:
        raise PydanticCustomError("span", 'must be a number of months, such as "12 months"')
    return text


def span_months(text: str) -> int:
    """Return the number of months in a span such as "12 months"; no text is one month."""
    match = _SPAN.fullmatch(text)
    return int(match[1]) if match else 1


Span = Annotated[str, AfterValidator(_span)]


@definition
class Measure:
    """What all measures say of themselves.

    `better` is the polarity; without it nothing is judged. `teams` asks for a figure for each team.
    `decimals` are the digits shown after the point, of a percentage in percent. `formerly` are the
    keys that it had before it was renamed, by which its published figures are found. A quarterly
    measure has a figure in the last month of each quarter of the calendar only, or where one is
    supplied. `short` is its name in a sentence, as "core groups in time". `otherwise` names the
    measure whose figures are taken where this one's extracts do not tell a month.
    """

    own_key: ClassVar[str] = ""

    name: Key
    title: Name
    short: str = ""
    better: Polarity | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    definition: str = ""
    source: str = ""
    teams: bool = False
    formerly: Words = ()
    frequency: Literal["monthly", "quarterly"] = "monthly"
    otherwise: str = ""

    @property
    def quarterly(self) -> bool:
        """Whether there is one figure a quarter."""
        return self.frequency == "quarterly"

    @property
    def unit(self) -> Unit:
        """Whether the value is a plain number or a share of one, shown in percent."""
        return "number"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the measures that this one is derived from."""
        return ()

    @property
    def needed(self) -> tuple[str, ...]:
        """The names of all measures that must be computed before this one."""
        return (*self.parts, self.otherwise) if self.otherwise else self.parts

    @property
    def expressions(self) -> dict[str, str]:
        """The SQL expressions of the measure by the key they stand under, without empty ones."""
        return {}


@definition
class Clocked(Measure):
    """A measure of a dataset's records on a clock.

    `where` narrows the numerator; `among` narrows what is looked at in the first place;
    `exclude` says which records are left out, and why: conditions by their reason in words.
    `look_back` is the span before a month that the extracts must hold too for it to be right,
    `lookups_back` the same of the lists that sub-selects look into, other than lists of each
    child's latest record.
    """

    expression_keys: ClassVar[tuple[str, ...]] = ("among", "where")

    during: str = ""
    over: Span = ""
    open: tuple[str, str] = ("", "")
    latest: Literal[True] | None = None
    where: str = ""
    among: str = ""
    exclude: Mapping[str, Name] = Field(default_factory=dict)
    look_back: Span = ""
    lookups_back: Span = ""

    @model_validator(mode="after")
    def _one_clock(self) -> Clocked:
        if sum([bool(self.during), any(self.open), bool(self.latest)]) != 1:
            raise PydanticCustomError("clock", "needs one clock: during, open or latest")
        if self.over and not self.during:
            raise PydanticCustomError("clock", '"over" can only be used with "during"')
        return self

    @property
    def dataset(self) -> str:
        """The name of the dataset whose records are looked at."""
        return str(getattr(self, self.own_key))

    @property
    def clock(self) -> Clock:
        """When a record belongs to a month."""
        if self.during:
            return During(self.during, span_months(self.over))
        return Open(*self.open) if any(self.open) else Latest()

    @property
    def expressions(self) -> dict[str, str]:
        """The SQL expressions of the measure by the key they stand under, without empty ones."""
        counted = {key: str(getattr(self, key)) for key in self.expression_keys}
        excluded = {f"{EXCLUDE}{reason}": text for reason, text in self.exclude.items()}
        return {key: text for key, text in (counted | excluded).items() if text}


@definition
class Count(Clocked):
    """The number of records."""

    own_key: ClassVar[str] = "count_of"
    count_of: Name


@definition
class Children(Clocked):
    """The number of children: each counts once, however many records stand for it."""

    own_key: ClassVar[str] = "children_of"
    children_of: Name
    child: Name = "child_id"


Unknown = Literal["left out", "no"]


@definition
class Percentage(Clocked):
    """The share of records for which `where` holds.

    With `unknown` "no", records that cannot be judged stay in the denominator; else they leave it.
    """

    own_key: ClassVar[str] = "percentage_of"
    percentage_of: Name
    where: Name = Field()  # else it would inherit its default and every record would count
    unknown: Unknown = "left out"

    @property
    def unit(self) -> Unit:
        """Always percent."""
        return "percent"


@definition
class ChildrenPercentage(Clocked):
    """The share of children in a dataset for whom `where` holds in any record; each counts once.

    With `unknown` "no", children who cannot be judged stay in the denominator; else they leave it.
    """

    own_key: ClassVar[str] = "percentage_of_children_in"
    percentage_of_children_in: Name
    where: Name = Field()  # else it would inherit its default and every child would count
    unknown: Unknown = "left out"
    child: Name = "child_id"

    @property
    def unit(self) -> Unit:
        """Always percent."""
        return "percent"


@definition
class Average(Clocked):
    """The mean of an expression over the records that have a value for it."""

    own_key: ClassVar[str] = "average_of"
    expression_keys: ClassVar[tuple[str, ...]] = ("among", "where", "value")
    average_of: Name
    value: Name
    decimals: Annotated[int, Field(ge=0, le=6)] = 1


@definition
class ChildrenInAny(Measure):
    """The number of children who stand in any of several measures of children; each counts once."""

    own_key: ClassVar[str] = "children_in_any_of"
    children_in_any_of: Annotated[Words, Field(min_length=2)]

    @property
    def parts(self) -> tuple[str, ...]:
        """The measures whose children are put together."""
        return self.children_in_any_of


@definition
class Rate(Measure):
    """Another measure's value for so many people of a population."""

    own_key: ClassVar[str] = "rate_of"
    rate_of: Name
    per: Annotated[int, Field(gt=0)]
    population: Name

    @property
    def parts(self) -> tuple[str, ...]:
        """The measure that is set against the population."""
        return (self.rate_of,)


@definition
class Share(Measure):
    """One measure's value as a percentage of another's."""

    own_key: ClassVar[str] = "share_of"
    share_of: Name
    part: Name

    @property
    def unit(self) -> Unit:
        """Always percent."""
        return "percent"

    @property
    def parts(self) -> tuple[str, ...]:
        """The numerator's and the denominator's measure."""
        return (self.part, self.share_of)


@definition
class Sum(Measure):
    """The values of measures added up, others taken off."""

    own_key: ClassVar[str] = "sum_of"
    sum_of: Annotated[Words, Field(min_length=1)]
    minus: Words = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """All measures that are added or taken off."""
        return self.sum_of + self.minus


@definition
class Supplied(Measure):
    """A measure whose figures come finished, from a list; no record is counted for it."""

    own_key: ClassVar[str] = "supplied"
    supplied: Unit

    @property
    def unit(self) -> Unit:
        """The unit that the definition names."""
        return self.supplied


#: The kinds of measures by the key that tells them.
KINDS: dict[str, type[Measure]] = {
    kind.own_key: kind
    for kind in (Count, Children, Percentage, ChildrenPercentage, Average, ChildrenInAny, Rate,
                 Share, Sum, Supplied)
}  # fmt: skip


def parse_measure(name: str, table: object, place: TomlPlace) -> Result[Measure | None]:
    """Return the measure that a TOML table holds, or None and what is wrong with it."""
    if not isinstance(table, Mapping):
        return Result(None, (table_fault(catalogue.WRONG_VALUE, place, "must be a table"),))
    own_keys = [key for key in KINDS if key in table]
    if len(own_keys) == 1:
        return parse_definition(KINDS[own_keys[0]], name, table, place)
    if own_keys:
        text = f"is of two kinds at once ({listed(own_keys)})"
        return Result(None, (table_fault(catalogue.WRONG_VALUE, place, text),))
    hints = [hint for key in table if (hint := did_you_mean(key, KINDS))]
    text = f"does not say what it counts: it needs one of {listed(KINDS)}"
    return Result(None, (table_fault(catalogue.MISSING_KEY, place, text, *hints),))

"""Targets: what figures should reach, by financial year and by date."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.datasets import Heading
from workbook_builder.definitions.toml_files import Key, Name, definition
from workbook_builder.months import Month, reporting_year
from workbook_builder.problems import listed

#: Words that stand in place of a number and are never judged.
WORDS = ("TBC", "TBA", "Local", "n/a", "Monitor", "Baseline")
#: Marks by which a value is missing: suppressed, not available, not applicable, rounded to nothing.
MISSING_MARKS = frozenset({"", "c", "x", "z", "k", "u", ":", "..", "-", "low"})

_WORD_OF = {word.casefold(): word for word in WORDS}
_NUMBER = re.compile(
    r"(?P<sign><=|>=|<|>|\u2264|\u2265)?\s*"
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?P<percent>%)?"
)
_SIGNS = {"\u2264": "<=", "\u2265": ">="}


@dataclass(frozen=True)
class Entry:
    """A number with its sign ("", "<", "<=", ">", ">="), or a word, or neither: it is missing.

    A number written in percent is held as a share of one, and `in_percent` says so.
    """

    number: float | None = None
    sign: str = ""
    word: str = ""
    in_percent: bool = False

    @property
    def missing(self) -> bool:
        """Whether there is nothing to show."""
        return self.number is None and not self.word


MISSING = Entry()


def is_missing_mark(text: str) -> bool:
    """Tell whether a text marks a value as missing; letter case does not matter."""
    return text.strip().casefold() in MISSING_MARKS


def entry_of(value: object) -> Entry:
    """Read a TOML value as an entry; raises PydanticCustomError for anything that is none."""
    if isinstance(value, Entry):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("entry", "must be a number or a text")
    if isinstance(value, str):
        return _from_text(value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise PydanticCustomError("entry", "must be a finite number")
    return Entry(number)


def _from_text(text: str) -> Entry:
    trimmed = text.strip()
    if is_missing_mark(trimmed):
        return MISSING
    if word := _WORD_OF.get(trimmed.casefold()):
        return Entry(word=word)
    match = _NUMBER.fullmatch(trimmed)
    if not match:
        raise PydanticCustomError(
            "entry",
            'must be a number, text such as "<36%", or one of ' + listed(WORDS),
        )
    digits, sign = match["number"].replace(",", ""), match["sign"] or ""
    # A percentage by moving the point in the text: 7.3 / 100 is not 0.073 in binary fractions.
    number = float(f"{digits}e-2" if match["percent"] else digits)
    return Entry(number, _SIGNS.get(sign, sign), in_percent=bool(match["percent"]))


#: A value as TOML may give it.
Stated = Annotated[Entry, PlainValidator(entry_of)]


def _financial_year(text: str) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise PydanticCustomError("year", 'must be a financial year, such as "2023-24"')
    return text


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or str(day) != text:
        raise PydanticCustomError("day", 'must be a date, such as "2023-07-01"')
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
        periods = [(date.fromisoformat(day), date.max, entry) for day, entry in self.dates.items()]
        for year, entry in self.years.items():
            start = int(year[:4])
            periods.append((date(start, 4, 1), date(start + 1, 3, 31), entry))
        begun = [period for period in periods if period[0] <= month.last_day]
        if not begun:
            return None
        # Of a year and a day that begin together, the day says it more exactly: it has no end.
        _, last_day, entry = max(begun, key=lambda period: period[:2])
        return None if entry.missing or month.last_day > last_day else entry

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


Who = Literal["own authority", "statistical neighbours", "region", "England"]
Method = Literal["mean", "median"]


def _year(text: str) -> str:
    if reporting_year(text) is None:
        raise PydanticCustomError("period", 'must be a year, such as "2021/22" or "2022"')
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
    """Columns of a file of statistics that are added up, with what their figures are of.

    They are those of some measures, or of a group of the population. Only rows that hold what
    `where` says (texts by column) are read; rows of one area that hold different ones of several
    texts are added up. `scale` turns the published number into the measure's own unit: 0.01 for
    percentages. With `of`, the figure is the share of that column. `a_month` takes a twelfth of a
    year's figure, to set beside those of months. Where the file lacks the columns or rows of an
    `optional` figure, the others are read all the same. With `of_population` they are numbers that
    give a rate, `per` so many of that group in the middle of the year before, where no file
    publishes the rate itself.
    """

    value: Heading
    of: str = ""
    measures: tuple[Key, ...] = ()
    population: str = ""
    scale: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    where: Mapping[Name, Heading] = Field(default_factory=dict)
    a_month: bool = False
    optional: bool = False
    of_population: str = ""
    per: Annotated[int, Field(gt=0)] = 1

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is worked out from."""
        return (*self.value, self.of) if self.of else self.value

    @model_validator(mode="after")
    def _one_use(self) -> GivenFigures:
        if bool(self.measures) == bool(self.population):
            raise PydanticCustomError("lacking", 'needs either "measures" or "population"')
        return self


@definition
class Statistic:
    """A kind of file of published statistics, recognised by its columns beside time and place.

    `also` are its other columns, none of which is then taken for a renamed one. One that gives
    nothing is known, and nothing is taken of it.
    """

    name: Key
    title: Name
    source: Name
    recognised_by: Annotated[tuple[Name, ...], Field(min_length=1)]
    also: tuple[Name, ...] = ()
    gives: tuple[GivenFigures, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a file must have besides those of time and place, each once."""
        return self._columns_with(figures for figures in self.gives if not figures.optional)

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Every column that is read, those of optional figures too, each once."""
        return self._columns_with(self.gives)

    @property
    def known_columns(self) -> tuple[str, ...]:
        """Every column that such a file may have besides those of time and place."""
        return (*self.all_columns, *self.also)

    def _columns_with(self, given: Iterable[GivenFigures]) -> tuple[str, ...]:
        columns = dict.fromkeys(self.recognised_by)
        for figures in given:
            columns |= dict.fromkeys([*figures.columns, *figures.where])
        return tuple(columns)

"""Targets: what figures should reach, by financial year and by date."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.schema import Name, definition
from workbook_builder.months import Month
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
            'must be a number, a text such as "<36%", or one of ' + listed(WORDS),
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
        raise PydanticCustomError("year", 'must be a financial year, as "2023-24"')
    return text


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or str(day) != text:
        raise PydanticCustomError("day", 'must be a day, as "2023-07-01"')
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

"""What stands in a target's or a benchmark's cell: a number, perhaps with a sign, or a word."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from workbook_builder.problems import listed

#: Words that stand in place of a number and are never judged.
WORDS = ("TBC", "TBA", "Local", "n/a", "Monitor", "Baseline")
#: Marks by which a value is missing: suppressed, not available, not applicable, rounded to nothing.
MISSING_MARKS = frozenset({"", "c", "x", "z", "k", "u", ":", "..", "-", "low"})

_WORDS = {word.casefold(): word for word in WORDS}
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
    """Read a TOML value as an entry; anything that is none raises a fault for the TOML's editor."""
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
    if word := _WORDS.get(trimmed.casefold()):
        return Entry(word=word)
    found = _NUMBER.fullmatch(trimmed)
    if not found:
        raise PydanticCustomError(
            "entry",
            'must be a number, a text such as "<36%", or one of ' + listed(WORDS),
        )
    number = _share(found["number"]) if found["percent"] else float(_plain(found["number"]))
    sign = found["sign"] or ""
    return Entry(number, _SIGNS.get(sign, sign), in_percent=bool(found["percent"]))


def _plain(digits: str) -> str:
    return digits.replace(",", "")


def _share(digits: str) -> float:
    # By moving the point in the text: 7.3 / 100 is not 0.073 in binary fractions.
    return float(f"{_plain(digits)}e-2")


#: A value as TOML may give it.
Stated = Annotated[Entry, PlainValidator(entry_of)]

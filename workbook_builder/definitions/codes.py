"""Code lists: the values that a column may hold, and the spellings by which they are known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from workbook_builder.definitions.base import Key, Name, Words, definition


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

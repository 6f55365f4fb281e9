"""Calendar months: what they are called, where they begin and end, their financial year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

# Fixed here because strftime("%b") follows the PC's language and the headings must not.
_SHORT_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # fmt: skip
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
#: A reporting year: as one year, and as the two that it lies in.
_ONE_YEAR = re.compile(r"((?:19|20)\d\d)")
_TWO_YEARS = re.compile(r"((?:19|20)\d\d)\s*[/-]?\s*((?:19|20)?\d\d)")


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; months compare and sort by time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that holds a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month | None:
        """Read "2023-07"; anything else gives None."""
        match = _MONTH.fullmatch(text.strip())
        return cls(int(match[1]), int(match[2])) if match else None

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month: the day of a snapshot."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def label(self) -> str:
        """The heading of the month's column, as "Jul-23"."""
        return f"{_SHORT_NAMES[self.number - 1]}-{self.year % 100:02d}"

    @property
    def financial_year(self) -> str:
        """The year from 1 April to 31 March that holds the month, as "2023-24"."""
        first = self.year if self.number >= 4 else self.year - 1
        return f"{first}-{(first + 1) % 100:02d}"

    @property
    def ends_quarter(self) -> bool:
        """Whether it is the last month of a quarter, which financial and calendar years share."""
        return self.number % 3 == 0

    def plus(self, months: int) -> Month:
        """Return the month so many months later (earlier if negative)."""
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def months_ending(last: Month, count: int) -> tuple[Month, ...]:
    """Return `count` months in order, the last one being `last`."""
    return tuple(last.plus(back) for back in range(1 - count, 1))


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Yield the months from first to last, both included."""
    month = first
    while month <= last:
        yield month
        month = month.plus(1)


def day_label(day: date) -> str:
    """Write a day for people, as "14 Jul 2023"."""
    return f"{day.day} {_SHORT_NAMES[day.month - 1]} {day.year}"


def months_text(months: Iterable[Month], most: int | None = None) -> str:
    """Write months for people, runs of them as "Jul-22 to Sep-22", at most so many runs."""
    runs: list[list[Month]] = []
    for month in sorted(months):
        if runs and month == runs[-1][-1].plus(1):
            runs[-1].append(month)
        else:
            runs.append([month])
    texts = [
        run[0].label if len(run) == 1 else f"{run[0].label} to {run[-1].label}" for run in runs
    ]
    if most and len(texts) > most:
        rest = sum(map(len, runs[most:]))
        return f"{', '.join(texts[:most])} and {rest} more month{'s' if rest > 1 else ''}"
    return ", ".join(texts)


@lru_cache(maxsize=1_000)
def reporting_year(text: str) -> int | None:
    """Read "2022", "202122", "2021/22" or "2021-22" as the year that it ends with, here 2022.

    Anything else, also a pair of years that do not follow on, gives None.
    """
    trimmed = text.strip()
    if year := _ONE_YEAR.fullmatch(trimmed):
        return int(year[1])
    years = _TWO_YEARS.fullmatch(trimmed)
    if not years:
        return None
    last = int(years[1]) + 1
    return last if last % 10 ** len(years[2]) == int(years[2]) else None


def year_label(year: int) -> str:
    """Write a reporting year by the two years that it lies in: 2022 as "2021/22"."""
    return f"{year - 1}/{year % 100:02d}"

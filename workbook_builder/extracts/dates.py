"""Read the day or the month that a text names. Days come first, never the American order."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from workbook_builder.months import Month
from workbook_builder.names import same_name

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2099, 12, 31)
# Serial 1 is 1 January 1900; Excel believes in 29 February 1900, so later serials are one too high.
_SERIAL_ZERO = date(1899, 12, 30)

#: The days that databases and Excel write for "none": the first, or the last, that they know.
_NO_DAYS = frozenset(
    (year, month, day)
    for year in (1, 1753, 1899, 1900, 9999)
    for month, day in ((1, 0), (1, 1), (12, 30), (12, 31))
)

#: What people and reports write, in small letters and without spaces, where nothing has ended yet.
_WORDS_FOR_NO_DAY = frozenset(
    ("active", "continuing", "current", "currentlyopen", "incomplete", "inprogress", "noenddate",
     "notapplicable", "notclosed", "notcompleted", "notended", "notyet", "notyetended", "ongoing",
     "open", "pending", "present", "stillopen", "todate", "topresent")
)  # fmt: skip

# Written out because the names of the calendar module follow the PC's language.
_MONTHS = ("january", "february", "march", "april", "may", "june", "july",
           "august", "september", "october", "november", "december")  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})([ /.-])([A-Za-z]{3,9})\2(\d{4}|\d{2})", re.ASCII)
_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
_SERIAL = re.compile(r"\d{5}", re.ASCII)
#: Eight digits as databases write a day, year first. With the day first they are no day: the
#: year's 19 or 20 would stand where the month does.
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
#: A day in words, as "Monday, 31 July 2023" or "31st July 2023".
_WORDS = re.compile(
    r"(?:([A-Za-z]{3,9})\.?,? )?(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? (\d{4})", re.ASCII
)
#: A day as SQL Server writes it, the month first and in letters: "Mar  3 2026", "March 3, 2026".
_MONTH_IN_LETTERS_FIRST = re.compile(r"([A-Za-z]{3,9})\.? +(\d{1,2}),? +(\d{4})", re.ASCII)
#: The ways to write a day, each with its groups of the year, the month and the day.
_WAYS = (
    (_NUMERIC, 4, 3, 1), (_ISO, 1, 3, 4), (_NAMED, 4, 3, 1), (_DIGITS, 1, 2, 3), (_WORDS, 4, 3, 2),
    (_MONTH_IN_LETTERS_FIRST, 3, 1, 2),
)  # fmt: skip
#: A day of the week in front of a day in figures, as in "Fri 13/03/2026" or "Friday, 13-Mar-26".
_WEEKDAY_BEFORE = re.compile(r"([A-Za-z]{3,9})\.?,? +(?=\d)", re.ASCII)
_YEAR_OF_DAY = r"(\d{4}|\d{2})"
_TO_12, _FROM_13 = r"(0?[1-9]|1[0-2])", r"(1[3-9]|2\d|3[01])"
_MONTH_FIRST = re.compile(rf"{_TO_12}([/.-]){_FROM_13}\2{_YEAR_OF_DAY}", re.ASCII)
_DAY_FIRST = re.compile(rf"{_FROM_13}([/.-]){_TO_12}\2{_YEAR_OF_DAY}", re.ASCII)
_EITHER_WAY = re.compile(rf"{_TO_12}([/.-]){_TO_12}\2{_YEAR_OF_DAY}", re.ASCII)
_IN_UTC = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]00:?00)", re.ASCII
)

_MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})[ -](\d{4}|\d{2})", re.ASCII)
_MONTH_NUMERIC = re.compile(r"(\d{1,2})[/-](\d{4})", re.ASCII)
_MONTH_ISO = re.compile(r"(\d{4})[-/](\d{1,2})", re.ASCII)

#: The time of day behind a day, or the fraction of a serial.
_TIME = re.compile(
    r"(?:[T ,]+(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp][Mm]|Z|[+-]0[01]:?00)?"
    r"| (?:[01]?\d|2[0-3])\.[0-5]\d\.[0-5]\d(?:\.\d+)?(?: [AaPp][Mm])?"  # as Oracle writes it
    r"|(?<=^\d{5})\.\d+)$"
)
#: A time of day, which is not in UTC, behind a day of ten characters; how long both are together.
_PLAIN_TIME = re.compile(r"[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?", re.ASCII)
_WITH_TIME = (16, 19)
_WRITTEN_DAY = re.compile(
    r"(?<!\d)(?:\d{4}([-/])\d{1,2}\1\d{1,2}|\d{1,2}([/.-])\d{1,2}\2(?:\d{4}|\d{2})"
    r"|\d{1,2}([ -])[A-Za-z]{3,9}\3(?:\d{4}|\d{2}))(?!\d)",
    re.ASCII,
)


@lru_cache(maxsize=100_000)  # the days of some years, in the ways in which extracts write them
def read_day(text: str) -> date | None:
    """Read a day without a time; what is no day between 1900 and 2099 gives None."""
    if _SERIAL.fullmatch(text):
        return _within(_SERIAL_ZERO + timedelta(days=int(text)))
    written = _as_written(text)
    day = _day(_year(written[0]), *written[1:]) if written else None
    return day if day and _fits_its_weekday(text, day) else None


def _as_written(text: str) -> tuple[str, int, int] | None:
    """Return the year, as it is written, the month and the day that a text names."""
    for pattern, year, month, day in _WAYS:
        if found := pattern.fullmatch(text):
            named = found[month]
            number = int(named) if named.isdigit() else _month_number(named)
            return found[year], number, int(found[day])
    found = _WEEKDAY_BEFORE.match(text)
    if found and _weekday(found[1]) is not None:
        return _as_written(text[found.end() :])
    return None


def _fits_its_weekday(text: str, day: date) -> bool:
    """Tell whether a day is that of the week which its text begins with, if it begins with one."""
    found = _WEEKDAY_BEFORE.match(text)
    weekday = _weekday(found[1]) if found else None
    if weekday is None:
        return found is None or _WORDS.fullmatch(text) is None
    return weekday == day.weekday()


def _weekday(name: str) -> int | None:
    """Return the number of a day of the week by its name or the beginning of it."""
    names = (at for at, weekday in enumerate(_WEEKDAYS) if weekday.startswith(name.lower()))
    return next(names, None)


def is_word_for_no_day(text: str) -> bool:
    """Tell whether a text says that nothing has ended yet, as "Ongoing" does."""
    return text[:1].isalpha() and same_name(text) in _WORDS_FOR_NO_DAY


def is_no_day(text: str) -> bool:
    """Tell whether a day without a time is one that means none, as 01/01/1900 or 31/12/9999."""
    written = _as_written(text)
    if written is None:
        return False
    year, month, day = written
    return len(year) == 4 and (int(year), month, day) in _NO_DAYS


def read_month(text: str) -> str | None:
    """Read a month, or the month of a day, as "2023-07"."""
    if found := _MONTH_ISO.fullmatch(text):
        day = _day(int(found[1]), int(found[2]), 1)
    elif found := _MONTH_NAMED.fullmatch(text):
        day = _day(_year(found[2]), _month_number(found[1]), 1)
    elif found := _MONTH_NUMERIC.fullmatch(text):
        day = _day(int(found[2]), int(found[1]), 1)
    else:
        day = read_day(text)
    return str(Month.of(day)) if day else None


def days_written_in(line: str) -> tuple[date, ...]:
    """Return the days that stand in a line of words; bare numbers are not taken for days."""
    read = (read_day(found[0]) for found in _WRITTEN_DAY.finditer(line))
    return tuple(day for day in read if day)


def is_month_first(text: str) -> bool:
    """Tell whether a text can only be a day in the American order, as "07/31/2023"."""
    return bool(_MONTH_FIRST.fullmatch(text))


def is_day_first(text: str) -> bool:
    """Tell whether a text can only be a day in the British order, as "31/07/2023"."""
    return bool(_DAY_FIRST.fullmatch(text))


def is_either_way(text: str) -> bool:
    """Tell whether a text is one day with the day first and another with the month first."""
    found = _EITHER_WAY.fullmatch(text)
    return found is not None and int(found[1]) != int(found[3])


def is_in_utc(text: str) -> bool:
    """Tell whether a text is a time in UTC."""
    return text.endswith(("Z", "0")) and _IN_UTC.fullmatch(text) is not None


def without_time(text: str) -> str:
    """Return a day without its time of day; one in UTC is the day in the UK."""
    if ":" not in text and "." not in text:  # as nearly all days are written
        return text
    if len(text) in _WITH_TIME and text[9].isdigit() and _is_time(text[10:]):  # most of the others
        return text[:10]
    return _TIME.sub("", in_uk_time(text))


@lru_cache(maxsize=100_000)  # there are 86,400 seconds in a day
def _is_time(text: str) -> bool:
    return _PLAIN_TIME.fullmatch(text) is not None


def in_uk_time(text: str) -> str:
    """Return the day in the UK of a time in UTC; any other text as it stands."""
    found = _IN_UTC.fullmatch(text)
    day = read_day(found[1]) if found else None
    if found is None or day is None:
        return text
    late = found[2] == "23" and _clocks_change(day.year, 3) <= day < _clocks_change(day.year, 10)
    return (day + timedelta(days=1) if late else day).isoformat()


def _clocks_change(year: int, month: int) -> date:
    """Return the last Sunday of March or October."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _year(digits: str) -> int:
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (2000 if number <= 68 else 1900)


def _month_number(name: str) -> int:
    """Return the number of a month by its name or the beginning of it, 0 if there is none."""
    names = (number for number, month in enumerate(_MONTHS, 1) if month.startswith(name.lower()))
    return next(names, 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _within(date(year, month, day))
    except ValueError:
        return None


def _within(day: date) -> date | None:
    return day if FIRST_DAY <= day <= LAST_DAY else None

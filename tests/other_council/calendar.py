"""Days of the invented council: months, ages and working days, worked out without the program."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random

import holidays
import numpy as np
import pandas as pd

YEARS = range(2010, 2031)


@cache
def bank_holidays() -> frozenset[date]:
    """Return the bank holidays of England."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=YEARS))


@cache
def _working_calendar() -> np.busdaycalendar:
    return np.busdaycalendar(holidays=np.array(sorted(bank_holidays()), dtype="datetime64[D]"))


def working_days_between(starts: pd.Series, ends: pd.Series) -> pd.Series:
    """Return the working days after each start up to and including each end; NA without both."""
    counted = pd.Series(pd.NA, index=starts.index, dtype="Int64")
    both = starts.notna() & ends.notna()
    if both.any():
        one = np.timedelta64(1, "D")
        first = starts[both].to_numpy().astype("datetime64[D]") + one
        last = ends[both].to_numpy().astype("datetime64[D]") + one
        counted.loc[both] = np.busday_count(first, last, busdaycal=_working_calendar())
    return counted


@cache
def working_days_before(day: date, number: int) -> date:
    """Return the first day from which at most that many working days lead to the day."""
    found = np.busday_offset(
        np.datetime64(day), -number, roll="backward", busdaycal=_working_calendar()
    )
    return pd.Timestamp(found).date()


@cache
def months_before(day: date, number: int) -> date:
    """Return the day so many calendar months back; the last of a month that is too short for it."""
    return (pd.Timestamp(day) - pd.DateOffset(months=number)).date()


@cache
def month_end(month: str) -> date:
    """Return the last day of a month written as YYYY-MM."""
    return pd.Period(month, "M").end_time.date()


@cache
def month_start(month: str) -> date:
    """Return the first day of a month written as YYYY-MM."""
    return pd.Period(month, "M").start_time.date()


def months_to(month: str, number: int) -> list[str]:
    """Return so many months, the last of them the one given."""
    last = pd.Period(month, "M")
    return [str(last - back) for back in range(number - 1, -1, -1)]


def birthday(born: date, years: int) -> date:
    """Return the day on which somebody reaches an age; 1 March for those born on 29 February."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def ages_at(born: pd.Series, day: date | pd.Series) -> pd.Series:
    """Return whole years of age on a day; NA where the birth is not known."""
    on = day if isinstance(day, pd.Series) else pd.Series(pd.Timestamp(day), index=born.index)
    years = on.dt.year - born.dt.year
    before = (on.dt.month * 100 + on.dt.day) < (born.dt.month * 100 + born.dt.day)
    whole: pd.Series = (years - before.astype("Int64")).astype("Int64")
    return whole


def office_day(day: date, rng: Random) -> date:
    """Return the day itself, or mostly the next working day where the office is shut."""
    if rng.random() < 0.06:
        return day
    while day.weekday() > 4 or day in bank_holidays():
        day += timedelta(days=1)
    return day

"""Recognise the tables of statutory returns, and say how each dataset is read of one.

The returns (SSDA903, Annex A, the CIN census) are described in layouts/standards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import (
    FINANCIAL_YEAR,
    Dataset,
    GivenDataset,
    ReturnTable,
    StatutoryReturn,
)
from workbook_builder.extracts.column_types import Factorized, Flags, code_of, tidied
from workbook_builder.extracts.headings import Headings
from workbook_builder.months import Month
from workbook_builder.names import same_name
from workbook_builder.problems import Problem, Result
from workbook_builder.readers.grid import Grid, TopRow

_DAY = timedelta(days=1)
#: A day so far behind all others is a slip of the pen.
_FAR_DAYS = 62
#: A weekend with a bank holiday, and the day after it.
_WEEKEND = timedelta(days=4)
#: The share of a table's days that must lie in a year before they say that it is the table's.
_ENOUGH_OF_A_YEAR = 0.1
#: A table is known without the heading of its end by so many other headings.
_FEWEST_OTHERS = 3
#: A return for a year is mostly run, and may hold something of, the first days of the next.
_LATE_DAYS = 31


@dataclass(frozen=True)
class Match:
    """The table of a standard return that a sheet is, and the row of its headings."""

    standard: StatutoryReturn
    table: ReturnTable
    row: int
    texts: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def title(self) -> str:
        """What people call the table."""
        return f"{self.standard.title}, {self.table.name}"

    def places(self, wanted: Iterable[str]) -> tuple[int, ...]:
        """Return where the first of the wanted headings stands that stands there at all."""
        for name in self.standard.names_of(wanted):
            if name in self.names:
                return tuple(place for place, other in enumerate(self.names) if other == name)
        return ()


@dataclass(frozen=True, eq=False)
class ReturnReading:
    """How one dataset is read of a sheet: what is given, its headings, and the rows to be read.

    `new` holds the numbers of the rows where a new record begins, if rows are to be joined.
    """

    given: GivenDataset
    headings: Headings
    grid: Grid
    new: frozenset[int]

    @property
    def joins(self) -> bool:
        """Whether rows that follow on from one another are one record."""
        return bool(self.given.new_when)


def recognise_standard(
    grid: Grid, standards: Mapping[str, StatutoryReturn], datasets: Mapping[str, Dataset]
) -> Match | Problem | None:
    """Find the table whose headings all stand in one row near the top, the one with most of them.

    Tables that give something go before those that do not. Two of them that fit equally well are a
    problem, not a guess. Where no table fits, the heading of an end may be another: the sheet is
    still that table, of which the end is to be found.
    """
    there = {name for row in grid.top for name in row.names}
    tables = [(one, table) for one in standards.values() for table in one.tables]
    found = _matches(tables, grid, there, lambda one, table: one.heading_names[table.name])
    if not found:
        found = _matches(
            tables, grid, there, lambda one, table: _without_ends(one, table, datasets)
        )
    most = max(map(_fit, found), default=(False, 0))
    best = [match for match in found if _fit(match) == most]
    if len(best) > 1 and most[0]:
        titles = " and ".join(f'"{match.title}"' for match in best)
        what = f"the headings fit {titles} equally well."
        return Problem(catalogue.AMBIGUOUS_SHEET, what, grid.where(), "Sheet left out.")
    return best[0] if best else None


def _matches(
    tables: Iterable[tuple[StatutoryReturn, ReturnTable]],
    grid: Grid,
    there: Collection[str],
    wanted: Callable[[StatutoryReturn, ReturnTable], Sequence[frozenset[str]]],
) -> list[Match]:
    """Return the tables that a sheet may be, by the headings wanted of each."""
    matches: list[Match] = []
    for standard, table in tables:
        headings = wanted(standard, table)
        if headings and not any(heading.isdisjoint(there) for heading in headings):
            match = _first_row(standard, table, headings, grid.top)
            matches += [match] if match else []
    return matches


def _without_ends(
    standard: StatutoryReturn, table: ReturnTable, datasets: Mapping[str, Dataset]
) -> Sequence[frozenset[str]]:
    """Return the headings of a table but for its ends; none where these leave too few."""
    ends = {
        name
        for given in table.gives
        for _, end in datasets[given.dataset].in_order
        for name in standard.names_of(given.columns.get(end, ()))
    }
    headings = standard.heading_names[table.name]
    others = [names for names in headings if names.isdisjoint(ends)]
    return others if _FEWEST_OTHERS <= len(others) < len(headings) else ()


def limits_of(grid: Grid, match: Match) -> tuple[Problem, ...]:
    """Return the note that says what a table cannot give, if it cannot give something."""
    if not match.table.limits:
        return ()
    what = f"{match.title}: {match.table.limits}"
    return (Problem(catalogue.STANDARD_LIMITS, what, grid.where()),)


def readings_of(
    grid: Grid, match: Match, datasets: Mapping[str, Dataset]
) -> Result[list[ReturnReading]]:
    """Return how each dataset is read of a sheet; one that lacks what it needs is a problem."""
    readings: list[ReturnReading] = []
    problems: list[Problem] = []
    for given in match.table.gives:
        dataset = datasets[given.dataset]
        lacking = _lacking(match, given, dataset)
        if lacking and dataset.describes:
            continue
        if lacking:
            problems.append(_without(grid, match, dataset, lacking))
        else:
            readings.append(_reading(grid, match, given, dataset))
    return Result(readings, tuple(problems))


def held_from(
    given: GivenDataset,
    days: Iterable[date],
    ends: Sequence[date] = (),
    written: date | None = None,
) -> date | None:
    """Return the day from which a table holds everything; None if nothing is said of it.

    `days` are those on which its records began. What ended before the year is not in a return of
    one year, so the days of `ends` tell the year as well. A list that goes so many months back does
    so from the day on which its file was `written`, if that is just after its last record: nothing
    begins at a weekend.
    """
    days = tuple(days)
    last = _last_day(days)
    if last is None or not given.holds:
        return None
    if given.holds == FINANCIAL_YEAR:
        late = timedelta(days=_LATE_DAYS)
        begun = max(_year_of(last - late), *_usual_years([day - late for day in days]))
        return date(max(begun, _year_of_ends(ends, begun)), 4, 1)
    if written and last < written <= last + _WEEKEND:
        last = written
    month = Month.of(last).plus(-given.months)
    return min(month.first_day + timedelta(days=last.day - 1), month.last_day)


def _year_of(day: date) -> int:
    """Return the calendar year in which a day's financial year began."""
    return day.year if day.month >= 4 else day.year - 1


def _usual_years(days: Sequence[date]) -> set[int]:
    """Return the financial years that enough of the days lie in; a few may be slips."""
    years = Counter(map(_year_of, days))
    return {year for year, number in years.items() if number >= _ENOUGH_OF_A_YEAR * len(days)}


def _year_of_ends(ends: Sequence[date], otherwise: int) -> int:
    """Return the last financial year that enough of the ends lie in, if there are any."""
    usual = _usual_years(ends)
    year = max(usual, default=otherwise)
    # The first days of the next year may be in a return that was run late.
    late = date(year, 4, 1) + timedelta(days=_LATE_DAYS)
    only_late = all(day < late for day in ends if _year_of(day) == year)
    return year - 1 if only_late and year - 1 in usual else year


def _last_day(days: Iterable[date]) -> date | None:
    found = sorted(set(days))
    while len(found) > 1 and (found[-1] - found[-2]).days > _FAR_DAYS:
        found.pop()
    return found[-1] if found else None


def _first_row(
    standard: StatutoryReturn,
    table: ReturnTable,
    wanted: Sequence[frozenset[str]],
    rows: Iterable[TopRow],
) -> Match | None:
    for row in rows:
        if not any(heading.isdisjoint(row.names) for heading in wanted):
            return Match(standard, table, row.number, row.texts, row.names)
    return None


def _fit(match: Match) -> tuple[bool, int]:
    gives = bool(match.table.gives) and not match.table.describes
    return gives, len(match.table.headings)


def _lacking(match: Match, given: GivenDataset, dataset: Dataset) -> list[str]:
    """Return the first of the headings of each column that is needed and not there."""
    required = dataset.required_without(given.lacks)
    needed = [given.columns[name] for name in given.columns if name in required]
    needed += [(heading,) for heading in (*given.only_when, *given.new_when)]
    return [headings[0] for headings in needed if not match.places(headings)]


def _without(grid: Grid, match: Match, dataset: Dataset, lacking: list[str]) -> Problem:
    headings = " or ".join(f'"{heading}"' for heading in lacking)
    what = f'this is "{match.title}" but has no heading {headings}.'
    done = f'Nothing was read from it as "{dataset.title}".'
    advice = "Correct the heading, or add it in layouts/standards."
    return Problem(catalogue.MISSING_COLUMN, what, grid.where((match.row,)), done, advice)


def _reading(grid: Grid, match: Match, given: GivenDataset, dataset: Dataset) -> ReturnReading:
    found = {name: match.places(headings) for name, headings in given.columns.items()}
    positions = {name: found[name] for name in dataset.columns if found.get(name)}
    lacks = frozenset(given.lacks)
    headings = Headings(dataset, match.row, match.texts, positions, given.constants, lacks)
    below = grid.cells.loc[match.row + 1 :]
    wanted = np.ones(len(below), dtype=bool)
    for heading, values in given.only_when.items():
        wanted &= _holds(below, match.places((heading,)), values)
    if given.where_filled:
        for name in headings.required & set(positions):
            wanted &= _column(below, positions[name]).where(bool)
    new = np.zeros(len(below), dtype=bool)
    for heading, values in given.new_when.items():
        new |= _holds(below, match.places((heading,)), values)
    top = len(grid.cells) - len(below)
    cells = grid.cells
    if not wanted.all():
        cells = cells[np.concatenate((np.ones(top, dtype=bool), wanted))]
    return ReturnReading(given, headings, replace(grid, cells=cells), frozenset(below.index[new]))


def _holds(below: pd.DataFrame, places: tuple[int, ...], values: Iterable[str]) -> Flags:
    """Tell which rows hold one of the values, written as a code of a code list may be."""
    wanted = {same_name(value): value for value in values}
    return _column(below, places).where(lambda text: code_of(text, wanted) is not None)


def _column(below: pd.DataFrame, places: tuple[int, ...]) -> Factorized:
    return tidied(Factorized.of(below[places[0]].to_numpy()))

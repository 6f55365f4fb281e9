"""Make the tables of statutory returns one: over all their files, and over the years."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.datasets import Dataset, Fill, StatutoryReturn
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.read_extracts import ReadSheet
from workbook_builder.extracts.record_problems import LEFT_OUT
from workbook_builder.extracts.statutory_returns import held_from
from workbook_builder.months import Month, day_label
from workbook_builder.problem_catalogue import (
    NOT_IN_NEXT_RETURN,
    STANDARD_LIMITS,
    YEAR_MISSING,
    YEAR_OF_RETURN_NOT_KNOWN,
)
from workbook_builder.problems import Problem, Where, counted, listed
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.return_records import (
    drop_what_the_next_return_repeats,
    end_what_the_next_return_lacks,
    fill_column,
    fill_day,
    flag_children,
    join_episodes,
    remove_sheet,
    remove_without,
)

Period = tuple[date, date]

#: A return for a year is mostly run, and lists may go on for, the first days of the next.
_LATE = timedelta(days=31)
#: A financial year in a name: "2022-23", "2022_2023", "202223"; or its last day.
_YEAR = re.compile(r"(?<!\d)(20\d\d)[-_ ]?(?:20)?(\d\d)(?!\d)")
_LAST_DAY = re.compile(
    r"(?<!\d)(?:(20\d\d)[-_. ]?03[-_. ]?31|31[-_. ]?(?:0?3|mar(?:ch)?)[-_. ]?(20\d\d))(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class YearsOfReturns:
    """Tells the year of a table that does not say it, by its file, its folder or the user.

    `paths` are the files by the names that sheets call them by, `covers` the period that all lists
    hold. A year is that of its 31 March.
    """

    paths: Mapping[str, Path]
    covers: Period | None = None

    def year_of(self, sheet: Sheet, others: Iterable[Sheet]) -> int | None:
        """Return the year of a sheet, given the others of its return; None unless all agree."""
        years = {
            (other.file, folder): other.held_from.year + 1
            for other in others
            if other.held_from and (folder := self._folder(other.file)) is not None
        }
        in_file = {year for (file, _), year in years.items() if file == sheet.file}
        if in_file:
            return in_file.pop() if len(in_file) == 1 else None
        folder = self._folder(sheet.file)
        beside = {year for (_, other), year in years.items() if other == folder}
        path = self.paths.get(sheet.file)
        for name in (path.stem, path.parent.name) if path else ():
            if named := _years_named(name):
                agree = named & beside if beside else named
                return agree.pop() if len(agree) == 1 else None
        if len(beside) == 1:
            return beside.pop()
        return None if beside else year_ended_by(self.covers)

    def _folder(self, file: str) -> Path | None:
        return self.paths[file].parent if file in self.paths else None


def year_ended_by(covers: Period | None) -> int | None:
    """Return the year of the 31 March with which a period ends, or nearly so; else None."""
    last = covers[1] if covers else date.min
    ends_a_year = date(last.year, 3, 31) <= last <= date(last.year, 3, 31) + _LATE
    return last.year if ends_a_year else None


def _years_named(name: str) -> set[int]:
    """Return the financial years that a name holds, each as the year of its 31 March."""
    days = {int(one or other) for one, other in _LAST_DAY.findall(name)}
    spans = {
        int(first) + 1
        for first, second in _YEAR.findall(name)
        if (int(first) + 1) % 100 == int(second)
    }
    return days or spans


#: A return that begins so long after another is not the next one.
_NEXT_YEAR = timedelta(days=370)
#: Lists of a return whose last days are no further apart were run together.
_RUN_TOGETHER = timedelta(days=28)


class ReturnTables:
    """The sheets that are tables of statutory returns, whose records are in an engine's tables.

    `sheets` are all sheets by their number, `loaded` the numbers of those with records: both are
    brought up to date as records are joined, filled up and left out.
    """

    def __init__(
        self,
        sheets: list[ReadSheet],
        loaded: list[int],
        datasets: Mapping[str, Dataset],
        standards: Mapping[str, StatutoryReturn],
        engine: DuckDBStore,
        years: YearsOfReturns,
    ) -> None:
        self._sheets = sheets
        self._years = years
        self._loaded = loaded
        self._datasets = datasets
        self._fills = {one.title: one.fills for one in standards.values() if one.fills}
        self._engine = engine

    def join(self) -> list[Problem]:
        """Join what belongs together, and return the problems that were met. Raises Exhausted."""
        left_out = list(self._leave_out_lists_that_lack())
        self._take_as_one_return()
        undated = list(self._date_by_year())
        undated += self._leave_out_years_before_a_gap()
        ended = list(self._end_missing())
        filled = list(self._fill_columns())
        self._join_episodes()
        self._flag_children()
        self._leave_out_descriptions()
        return [*left_out, *undated, *ended, *filled]

    def _leave_out_lists_that_lack(self) -> Iterator[Problem]:
        """Leave out lists without columns that a record must have where a fuller one is there."""
        by_dataset: defaultdict[str, list[int]] = defaultdict(list)
        for number in self._loaded:
            by_dataset[self._sheets[number].sheet.dataset].append(number)
        for dataset, numbers in by_dataset.items():
            lacking = [n for n in numbers if self._lacks_for_good(self._sheets[n])]
            fuller = [self._sheets[n].sheet for n in numbers if n not in lacking]
            files = dict.fromkeys(sheet.file for sheet in fuller if sheet.rows_kept)
            for number in lacking if files else ():
                sheet = self._leave_out(number, dataset)
                title = self._datasets[dataset].title
                what = f'"{title}" was read from {listed(files)}, which has more detail.'
                place = Where(sheet.file, sheet.sheet)
                yield Problem(STANDARD_LIMITS, what, place, "Ignored here.")

    def _lacks_for_good(self, read: ReadSheet) -> bool:
        """Tell whether a sheet lacks a required column that no other table of its return has."""
        if read.given is None:
            return False
        fills = self._fills.get(_return_of(read.sheet.standard), ())
        filled = {fill.column for fill in fills if read.sheet.dataset in fill.datasets}
        return not filled.issuperset(read.given.lacks)

    def _given_sheets(self) -> Mapping[tuple[str, str], list[int]]:
        """Return the numbers of the sheets of statutory returns, by table and dataset."""
        groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number in self._loaded:
            sheet = self._sheets[number]
            if sheet.given:
                groups[sheet.sheet.standard, sheet.sheet.dataset].append(number)
        return groups

    def _take_as_one_return(self) -> None:
        """Let the lists of a return that stand in several files go back from one day.

        A quiet list ends days before the others that were run with it, and so seems to go back
        further than it does.
        """
        run: defaultdict[str, dict[int, date]] = defaultdict(dict)
        for (table, _), numbers in self._given_sheets().items():
            for number in numbers:
                sheet, given = self._sheets[number].sheet, self._sheets[number].given
                if given and given.months and sheet.held_from:
                    last = Month.of(sheet.held_from).plus(given.months)
                    day = last.first_day + timedelta(days=sheet.held_from.day - 1)
                    run[_return_of(table)][number] = min(day, last.last_day)
        for days in run.values():
            for number, day in days.items():
                together = [other for other in days.values() if abs(other - day) <= _RUN_TOGETHER]
                read = self._sheets[number]
                assert read.given is not None  # as of all of them
                held = held_from(read.given, [max(together)])
                self._sheets[number] = replace(read, sheet=replace(read.sheet, held_from=held))

    def _date_by_year(self) -> Iterator[Problem]:
        """Give tables that do not say their year its last day; one of no known year is left out."""
        for number in list(self._loaded):
            read = self._sheets[number]
            if not read.given or not read.given.year_end:
                continue
            title = _return_of(read.sheet.standard)
            others = (one.sheet for one in self._sheets if _return_of(one.sheet.standard) == title)
            dataset, sheet = self._datasets[read.sheet.dataset], read.sheet
            year = self._years.year_of(sheet, others)
            if year is not None:
                column = read.given.year_end
                fill_day(dataset, column, number, date(year, 3, 31), self._engine)
                sheet = replace(sheet, columns=(*sheet.columns, column))
            else:
                remove_sheet(dataset, number, self._engine)
                self._loaded.remove(number)
                sheet = replace(sheet, dataset="", columns=(), cells={}, rows_kept=0)
                what = f"it is not known which year {read.sheet.standard} is of."
                place = Where(sheet.file, sheet.sheet)
                yield Problem(YEAR_OF_RETURN_NOT_KNOWN, what, place, "Ignored.")
            self._sheets[number] = replace(read, sheet=sheet)

    def _leave_out_years_before_a_gap(self) -> Iterator[Problem]:
        """Leave out the years before one whose return is missing, of lists that go on from it.

        Who left in the year between, and when, nobody could tell.
        """
        for (table, dataset), numbers in self._given_sheets().items():
            given = self._sheets[numbers[0]].given
            held = {number: self._sheets[number].sheet.held_from for number in numbers}
            days = sorted({day for day in held.values() if day})
            gaps = [day for day, later in pairwise(days) if later - day > _NEXT_YEAR]
            if given is None or not given.continues or given.months or not gaps:
                continue
            for number, day in held.items():
                if day and day <= gaps[-1]:
                    sheet = self._leave_out(number, dataset)
                    missing = gaps[-1].year + 1
                    what = (
                        f"the {table} of {missing}-{(missing + 1) % 100:02} is missing, so nobody "
                        f"can tell who left in that year."
                    )
                    yield Problem(YEAR_MISSING, what, Where(sheet.file, sheet.sheet), "Ignored.")

    def _leave_out(self, number: int, dataset: str) -> Sheet:
        """Take the records of a sheet away; return the sheet as it was."""
        read = self._sheets[number]
        remove_sheet(self._datasets[dataset], number, self._engine)
        self._loaded.remove(number)
        nothing = replace(read.sheet, dataset="", columns=(), cells={}, rows_kept=0)
        self._sheets[number] = replace(read, sheet=nothing, given=None)
        return read.sheet

    def _end_missing(self) -> Iterator[Problem]:
        """End the records of one year's return that are missing in the next one's."""
        for (table, dataset), numbers in self._given_sheets().items():
            given = self._sheets[numbers[0]].given
            assert given is not None  # as of all in a group
            held = {number: self._sheets[number].sheet.held_from for number in numbers}
            first_days = {number: day for number, day in held.items() if day}
            if not given.continues or len(set(first_days.values())) < 2:
                continue
            ended = end_what_the_next_return_lacks(
                self._datasets[dataset], given, first_days, self._engine
            )
            if not given.new_when:  # else they are joined with what they repeat
                lost = drop_what_the_next_return_repeats(
                    self._datasets[dataset], given, first_days, self._engine
                )
                self._keep({n: self._sheets[n].sheet.rows_kept - rows for n, rows in lost.items()})
            for (number, day), rows in ended.items():
                sheet = self._sheets[number].sheet
                verb = "is" if len(rows) == 1 else "are"
                year = f"{day.year}-{(day.year + 1) % 100:02}"
                what = (
                    f"{counted(len(rows), 'open record')} {verb} missing from the {table} of "
                    f"{year}."
                )
                where = Where(sheet.file, sheet.sheet, rows)
                done = f"Counted as ended on {day_label(day)}."
                yield Problem(NOT_IN_NEXT_RETURN, what, where, done)

    def _join_episodes(self) -> None:
        """Join rows that follow on from one another, also from one file to the next."""
        for (_, dataset), numbers in self._given_sheets().items():
            given = self._sheets[numbers[0]].given
            assert given is not None  # as of all in a group
            if not given.new_when:
                continue
            begins = {number: self._sheets[number].new_rows for number in numbers}
            joined = join_episodes(self._datasets[dataset], given, begins, self._engine)
            self._keep(joined)

    def _keep(self, rows_kept: Mapping[int, int]) -> None:
        """Take down how many records of some sheets are left."""
        for number, rows in rows_kept.items():
            read = self._sheets[number]
            self._sheets[number] = replace(read, sheet=replace(read.sheet, rows_kept=rows))

    def _flag_children(self) -> None:
        """Take over what one table of a return says of the children of another."""
        groups = self._given_sheets()
        for (table, listed_in), numbers in groups.items():
            given = self._sheets[numbers[0]].given
            assert given is not None  # as of all in a group
            for dataset, column in given.flags.items():
                sheets = {
                    number: self._sheets[number].sheet
                    for (other, name), others in groups.items()
                    if name == dataset and _return_of(other) == _return_of(table)
                    for number in others
                    if column not in self._sheets[number].sheet.columns
                }
                days = {number: sheet.held_from for number, sheet in sheets.items()}
                last = max((one.last_day for one in sheets.values() if one.last_day), default=None)
                flag_children(
                    self._datasets[dataset], column, days, self._datasets[listed_in],
                    len(numbers), self._engine, last,
                )  # fmt: skip
                for number, sheet in sheets.items():
                    flagged = replace(sheet, columns=(*sheet.columns, column))
                    self._sheets[number] = replace(self._sheets[number], sheet=flagged)

    def _fill_columns(self) -> Iterator[Problem]:
        """Take over what one table of a return says into the records of others."""
        for title, fills in self._fills.items():
            numbers: defaultdict[str, list[int]] = defaultdict(list)
            for (table, dataset), some in self._given_sheets().items():
                if _return_of(table) == title:
                    numbers[dataset] += some
            for fill in fills:
                for name in fill.datasets:
                    if numbers[name]:
                        yield from self._fill(title, fill, name, numbers)

    def _fill(
        self, title: str, fill: Fill, name: str, numbers: Mapping[str, list[int]]
    ) -> Iterator[Problem]:
        """Fill a column of one dataset; records that lack it still, and need it, are left out."""
        dataset, sheets = self._datasets[name], numbers[name]
        sources = [n for n in numbers.get(fill.source, ()) if self._sheets[n].sheet.rows_kept]
        if not set(fill.match) <= set(dataset.columns) or (
            fill.during and not dataset.start_column
        ):
            return
        if sources:
            differing = fill_column(fill, dataset, sheets, sources, self._engine)
            if differing:
                what = (
                    f"{title}: two tables give a different {dataset.heading(fill.column)} for "
                    f"{counted(differing, 'record')} of {dataset.title}."
                )
                yield Problem(catalogue.SAME_KEY, what, done="Left blank.")
            for number in sheets:
                read = self._sheets[number]
                columns = tuple(dict.fromkeys((*read.sheet.columns, fill.column)))
                self._sheets[number] = replace(read, sheet=replace(read.sheet, columns=columns))
        if fill.column in dataset.required:
            without = remove_without(dataset, fill.column, sheets, self._engine)
            for number, rows in without.items():
                sheet = self._sheets[number].sheet
                what = (
                    f"{counted(len(rows), 'record')} cannot be matched to a child: no other table "
                    f"of {title} has the identifier."
                )
                place = Where(sheet.file, sheet.sheet, rows)
                yield Problem(catalogue.BLANK_CELL, what, place, LEFT_OUT)
                self._keep({number: sheet.rows_kept - len(rows)})

    def _leave_out_descriptions(self) -> None:
        """Take what only describes others out of the tables, when all have taken it over."""
        for number in list(self._loaded):
            dataset = self._datasets[self._sheets[number].sheet.dataset]
            if dataset.describes:
                remove_sheet(dataset, number, self._engine)
                self._loaded.remove(number)


def _return_of(table: str) -> str:
    """Return the title of the return that a table is of."""
    return table.partition(",")[0]

"""Read files of extracts and load their records into DuckDB, each of them once.

The records of a sheet go into the table of their dataset as soon as it is read, so that no typed
record stays in Python. What is asked of all sheets together is asked of the tables.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pandas as pd
from sqlglot import exp

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.datasets import Dataset, GivenDataset
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.read_extracts import (
    ExtractDefinitions,
    ReadFile,
    ReadFiles,
    ReadSheet,
    read_file,
)
from workbook_builder.extracts.statistics_files import NeighbourSet, StatisticFile, Statistics
from workbook_builder.extracts.statutory_returns import held_from
from workbook_builder.months import Month, day_label
from workbook_builder.names import distinct_names
from workbook_builder.paths import Fingerprint
from workbook_builder.problem_catalogue import FUTURE_DAYS, NOT_A_STATISTIC, NOT_IN_NEXT_RETURN
from workbook_builder.problem_catalogue import STATISTIC_KINDS as STATISTIC_FAULTS
from workbook_builder.problems import Problem, Result, Where, counted
from workbook_builder.readers.limits import too_much_kept, too_much_of_one
from workbook_builder.store.cross_file_checks import check_files_together, several_councils
from workbook_builder.store.duckdb_store import DuckDBStore, parsed
from workbook_builder.store.duplicates import remove_duplicates, with_repeated_keys

#: The number of a day behind every day.
_NEVER = 2**31 - 1


def join_episodes(
    dataset: Dataset,
    given: GivenDataset,
    sheets: Mapping[int, frozenset[int]],
    engine: DuckDBStore,
) -> Mapping[int, int]:
    """Join the rows of each child that follow on from one another, over all sheets, to one record.

    `sheets` are the numbers of the sheets in the dataset's table, each with the rows that begin a
    record whatever stands before them; `given` says which columns they have, and which rows are
    never of one record. A record has the first row's start; all else, its sheet too, is the last
    row's. A row that stands in several sheets counts once: the one that has ended, else the later
    one. Returns how many records each sheet has. Raises Exhausted.
    """
    child = _child(dataset)
    start, end, *_ = (name for name in dataset.date_columns if name in given.columns)
    begins = [(sheet, row) for sheet, rows in sheets.items() for row in rows]
    frame = pd.DataFrame(begins, columns=["_sheet", "_row"], dtype="int64")
    query = _records(dataset.name, child, start, end, _is_apart(given), list(sheets))
    records = engine.frame(query, _begins=frame)
    changes = {start: "first_start"}
    if dataset.start_known:
        changes[dataset.start_known] = "is_start"
    engine.replace_rows(dataset.name, list(sheets), records, changes)
    kept = records["_sheet"].value_counts()
    return {sheet: int(kept.get(sheet, 0)) for sheet in sheets}


def _child(dataset: Dataset) -> str:
    return next(name for name, column in dataset.columns.items() if column.type == "id")


def _is_apart(given: GivenDataset) -> str:
    """Return the condition that keeps a row apart from the rows for which it fails."""
    conditions = []
    for name, values in given.apart.items():
        texts = ", ".join(exp.Literal.string(value).sql() for value in values)
        conditions.append(f'COALESCE("{name}" IN ({texts}), FALSE)')
    return " OR ".join(conditions) or "FALSE"


def _records(
    table: str, child: str, start: str, end: str, is_apart: str, sheets: list[int]
) -> exp.Query:
    """Return the last row of each record, and the day on which the record started.

    `is_start` tells whether that day is known: earlier rows of the record may be missing.
    """
    numbers = ", ".join(map(str, sheets))
    return parsed(
        f"""
        WITH spells AS (
            SELECT _sheet, _row, "{child}" AS child, "{start}" AS start, {is_apart} AS apart,
                COALESCE("{start}" - DATE '1970-01-01', {_NEVER}) AS first,
                COALESCE("{end}" - DATE '1970-01-01', {_NEVER}) AS last
            FROM "{table}" WHERE _sheet IN ({numbers})
        ),
        numbered AS (
            SELECT *, MIN(_sheet) OVER spell AS first_sheet, MAX(_sheet) OVER spell AS last_sheet,
                ROW_NUMBER() OVER (
                    PARTITION BY child, first ORDER BY last < {_NEVER} DESC, _sheet DESC, _row DESC
                ) AS turn
            FROM spells WINDOW spell AS (PARTITION BY child, first)
        ),
        ordered AS (
            SELECT *, LAG(last) OVER in_turn AS before, LAG(apart) OVER in_turn AS apart_before,
                EXISTS (SELECT 1 FROM _begins WHERE _begins._sheet = numbered._sheet
                        AND _begins._row = numbered._row) AS begins
            FROM numbered
            WHERE first_sheet = last_sheet OR turn = 1
            WINDOW in_turn AS (PARTITION BY child ORDER BY first, last, _sheet, _row)
        ),
        linked AS (
            SELECT *, COALESCE(first BETWEEN before AND before + 1, FALSE) AS follows FROM ordered
        ),
        islands AS (
            SELECT *, COUNT(CASE WHEN begins OR NOT follows OR apart <> apart_before THEN 1 END)
                OVER (
                    PARTITION BY child ORDER BY first, last, _sheet, _row
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS record
            FROM linked
        ),
        whole AS (
            SELECT *, MIN(start) OVER (PARTITION BY child, record) AS first_start,
                FIRST_VALUE(begins OR follows) OVER (
                    PARTITION BY child, record ORDER BY first, last, _sheet, _row
                ) AS is_start,
                ROW_NUMBER() OVER (
                    PARTITION BY child, record
                    ORDER BY first DESC, last DESC, _sheet DESC, _row DESC
                ) AS back
            FROM islands
        )
        SELECT _sheet, _row, first_start, is_start FROM whole WHERE back = 1
        """,
    )


def end_what_the_next_return_lacks(
    dataset: Dataset,
    given: GivenDataset,
    first_days: Mapping[int, date],
    engine: DuckDBStore,
) -> Mapping[tuple[int, date], tuple[int, ...]]:
    """End what is open in one year's return and missing in the next one's, on that one's first day.

    What is open all through a year stands in its return, so what does not stand there has ended, or
    was taken out as a mistake. `first_days` are those of the years, by the numbers of the sheets.
    Returns the rows that were ended, by their sheet and that day. Raises Exhausted.
    """
    child = _child(dataset)
    start, end, *_ = (name for name in dataset.date_columns if name in given.columns)
    years = sorted(set(first_days.values()))
    ended: dict[tuple[int, date], tuple[int, ...]] = {}
    for year, following in pairwise(years):
        older, newer = (
            ", ".join(str(sheet) for sheet, day in first_days.items() if day == one)
            for one in (year, following)
        )
        query = parsed(
            f"""
            SELECT _sheet, _row, DATE '{following}' AS ended FROM "{dataset.name}" AS old
            WHERE _sheet IN ({older}) AND "{end}" IS NULL AND "{start}" < DATE '{following}'
            AND NOT EXISTS (
                SELECT 1 FROM "{dataset.name}" AS new WHERE new._sheet IN ({newer})
                AND new."{child}" = old."{child}" AND new."{start}" = old."{start}"
            ) ORDER BY _sheet, _row
            """,
        )
        records = engine.frame(query)
        engine.change_rows(dataset.name, records, {end: "ended"})
        for sheet in records["_sheet"].unique().tolist():
            ended[sheet, following] = tuple(
                records.loc[records["_sheet"] == sheet, "_row"].tolist()
            )
    return ended


def drop_what_the_next_return_repeats(
    dataset: Dataset,
    given: GivenDataset,
    first_days: Mapping[int, date],
    engine: DuckDBStore,
) -> Mapping[int, int]:
    """Leave out what is open in one year's return and stands in the next one's, with its end.

    A record is known again by the columns that every record has. `first_days` are those of the
    years, by the numbers of the sheets. Returns how many records each sheet loses. Raises
    Exhausted.
    """
    end = next(name for name in dataset.date_columns[1:] if name in given.columns)
    same = " AND ".join(f'new."{name}" = old."{name}"' for name in sorted(dataset.required))
    lost: Counter[int] = Counter()
    for year, following in pairwise(sorted(set(first_days.values()))):
        older, newer = (
            ", ".join(str(sheet) for sheet, day in first_days.items() if day == one)
            for one in (year, following)
        )
        query = parsed(
            f"""
            SELECT _sheet, _row FROM "{dataset.name}" AS old
            WHERE _sheet IN ({older}) AND "{end}" IS NULL AND EXISTS (
                SELECT 1 FROM "{dataset.name}" AS new WHERE new._sheet IN ({newer}) AND {same}
            )
            """,
        )
        records = engine.frame(query)
        engine.remove(dataset.name, records)
        lost.update(records["_sheet"].tolist())
    return lost


def flag_children(
    flagged: Dataset,
    column: str,
    sheets: Mapping[int, date | None],
    listed_in: Dataset,
    lists: int,
    engine: DuckDBStore,
) -> None:
    """Say of the records of some sheets whether their child stands in another list of the return.

    `sheets` have the first day of their year; `lists` is the number of lists: with fewer of them
    than years, a child who stands in none may stand in one that is missing. A child whose time in
    the list ends before the record does is neither. Raises Exhausted.
    """
    child, listed_child = _child(flagged), _child(listed_in)
    until = next((name for name, one in listed_in.columns.items() if one.type == "month"), None)
    end = flagged.in_order[0][1]
    last = f"""COALESCE(STRFTIME(record."{end}", '%Y-%m'), '{{}}')"""
    for sheet, first_day in sheets.items():
        final = f"{first_day.year + 1}-03" if first_day else "0000-00"
        is_within = f'COALESCE(MAX(list."{until}"), {last.format(final)}) >= {last.format(final)}'
        other = "FALSE" if lists >= len(set(sheets.values())) else "CAST(NULL AS BOOLEAN)"
        query = parsed(
            f"""
            SELECT record._sheet, record._row,
                CASE WHEN COUNT(list."{listed_child}") = 0 THEN {other}
                WHEN {is_within if until else "TRUE"} THEN TRUE END AS flag
            FROM "{flagged.name}" AS record
            LEFT JOIN "{listed_in.name}" AS list ON list."{listed_child}" = record."{child}"
            WHERE record._sheet = {sheet}
            GROUP BY record._sheet, record._row, record."{end}"
            """,
        )
        engine.change_rows(flagged.name, engine.frame(query), {column: "flag"})


def future_days(
    sheets: Mapping[int, Sheet], datasets: Mapping[str, Dataset], engine: DuckDBStore
) -> Iterator[Problem]:
    """Yield the sheets with a few records dated long after all that the extracts hold otherwise.

    They began in the future, so they were mistyped: they decide nothing. Raises Exhausted.
    """
    clocks = {
        name: next((one for one in dataset.date_columns if one in dataset.required), "")
        for name, dataset in datasets.items()
    }
    clocks = {name: day for name, day in clocks.items() if day}
    days: Counter[date] = Counter()
    for name, clock in clocks.items():
        query = f'SELECT "{clock}" AS day, COUNT(*) AS records FROM "{name}" GROUP BY "{clock}"'
        days.update({one: number for one, number in engine.rows(query) if one})
    last = _last_usual_day(days)
    if last is None:
        return
    for number, sheet in sheets.items():
        clock = clocks.get(sheet.dataset, "")
        if clock:
            query = (
                f'SELECT _row FROM "{sheet.dataset}" WHERE _sheet = {number} '
                f"AND \"{clock}\" > DATE '{last}' ORDER BY _row"
            )
            rows = tuple(row for (row,) in engine.rows(query))
            if rows:
                verb = "lies" if len(rows) == 1 else "lie"
                what = (
                    f"{counted(len(rows), 'record')} {verb} in the future: all others end on "
                    f"{day_label(last)}."
                )
                heading = dict(zip(sheet.columns, sheet.recognised_by, strict=False)).get(clock, "")
                yield Problem(FUTURE_DAYS, what, Where(sheet.file, sheet.sheet, rows, heading))


def _last_usual_day(days: Mapping[date, int]) -> date | None:
    """Return the last day before a long gap that few records follow; None without such a gap."""
    total, before = sum(days.values()), 0
    for day, following in pairwise(sorted(days)):
        before += days[day]
        after = total - before
        if following - day > _FAR_APART and before >= _MANY_RECORDS and after <= _FEW * total:
            return day
    return None


#: Records that come so long after all others, and are so few of so many, lie in the future.
_FAR_APART = timedelta(days=62)
_FEW = 0.05
_MANY_RECORDS = 100
#: Lists of a return whose last days are no further apart were run together.
_RUN_TOGETHER = timedelta(days=28)
#: So many records are made whole at once.
_AT_ONCE = 250_000


@dataclass(frozen=True, eq=False)
class Extracts:
    """All sheets that were read, in order; their records are in the tables of the engine.

    `statistics` are the published ones that stood among them, `files` all files that were read, by
    the names that the sheets call them by; `numbered` are the sheets of the records, by the numbers
    that these bear.
    """

    sheets: tuple[Sheet, ...]
    statistics: Statistics = field(default_factory=Statistics)
    files: Mapping[str, Fingerprint] = field(default_factory=dict)
    numbered: tuple[Sheet, ...] = ()


def load_extracts(
    inputs: Sequence[Path],
    definitions: ExtractDefinitions,
    engine: DuckDBStore,
    on_file: Callable[[str], None],
    cache: ReadFiles,
) -> Result[Extracts]:
    """Read files and folders of extracts and load their records into an engine's empty tables.

    `on_file` hears the name of each file before it is read. Records of one dataset are in the order
    of the inputs. Published statistics may stand among these. Files in the cache are not read
    again. Raises Exhausted.
    """
    files = find_files(inputs)
    names = distinct_names((*files.value, *definitions.statistics.files))
    cache.keep_only(names)
    kept = _kept_statistics(definitions, cache, names)
    problems = [*files.problems, *kept.problems]
    loader = _Loader(definitions.datasets, engine)
    read: dict[str, Fingerprint] = {}
    for path in files.value:
        on_file(path.name)
        name = names[path]
        file = read_file(path, name, definitions, cache)
        if beyond := loader.too_much_with(file, name):
            problems.append(beyond)
            break  # all that follows would only take more
        loader.load(file)
        read[name] = file.fingerprint
        problems += file.problems
        del file  # nothing typed stays in Python while the next one is read
    together = loader.finish()
    sheets = (*(one for file in kept.value.values() for one in file.sheets), *loader.sheets)
    statistics = [one.statistics for one in sheets]
    extracts = Extracts(
        tuple(one.sheet for one in sheets),
        Statistics(
            tuple(one for one in statistics if isinstance(one, StatisticFile)),
            tuple(one for one in statistics if isinstance(one, NeighbourSet)),
        ),
        read | {name: file.fingerprint for name, file in kept.value.items()},
        tuple(one.sheet for one in loader.sheets),
    )
    return Result(extracts, (*problems, *together))


def name_teams(engine: DuckDBStore, datasets: Mapping[str, Dataset], teams: Teams) -> None:
    """Give teams the names that teams.toml gives them; other names stay as they are.

    This comes before anything is counted, so that a child whose team was renamed counts once.
    """
    columns = {name: dataset.team_column for name, dataset in datasets.items()}
    queries = [
        exp.select(exp.Literal.string(name), exp.column(column, quoted=True))
        .from_(exp.to_table(name, quoted=True))
        .where(exp.column(column, quoted=True).is_(exp.null()).not_())
        .distinct()
        for name, column in columns.items()
        if column
    ]
    if not queries:
        return
    whole = exp.union(*queries, distinct=False) if len(queries) > 1 else queries[0]
    named: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, text in engine.rows(whole):
        if (team := teams.get(text).name) != text:
            named[name][text] = team
    for name, changes in named.items():
        engine.change_texts(name, columns[name], changes)


def _kept_statistics(
    definitions: ExtractDefinitions, cache: ReadFiles, names: Mapping[Path, str]
) -> Result[Mapping[str, ReadFile]]:
    """Read the files that are kept with the layouts; what is no statistics is a problem."""
    files: dict[str, ReadFile] = {}
    problems: list[Problem] = []
    for path in definitions.statistics.files:
        file = read_file(path, names[path], definitions, cache)
        used = tuple(sheet for sheet in file.sheets if sheet.statistics)
        files[names[path]] = replace(file, sheets=used)
        if used or any(problem.kind in STATISTIC_FAULTS for problem in file.problems):
            problems += file.problems
        else:
            what = "no sheet of it holds published statistics."
            problems.append(Problem(NOT_A_STATISTIC, what, Where(names[path]), "File left out."))
    return Result(files, tuple(problems))


class _Loader:
    """Loads the records of one file after another; its sheets are numbered as they come."""

    def __init__(self, datasets: Mapping[str, Dataset], engine: DuckDBStore) -> None:
        self._datasets = datasets
        self._engine = engine
        self._files = 0
        self._size = 0
        self._size_of: Counter[str] = Counter()
        #: All sheets so far, without their records, and the numbers of those that had any.
        self.sheets: list[ReadSheet] = []
        self._loaded: list[int] = []

    def too_much_with(self, file: ReadFile, name: str) -> Problem | None:
        """Return the problem that with the records of this file there are too many, if so."""
        for sheet in file.sheets:
            if sheet.records is not None:
                self._size += sheet.records.size()
                self._size_of[sheet.sheet.dataset] += sheet.records.unpacked_size()
        if not self._size_of:
            return None
        dataset, size = self._size_of.most_common(1)[0]
        title = self._datasets[dataset].title
        return too_much_kept(name, self._size) or too_much_of_one(name, title, size)

    def load(self, file: ReadFile) -> None:
        """Load the records of a file."""
        for sheet in file.sheets:
            number = len(self.sheets)
            self.sheets.append(replace(sheet, records=None))
            if sheet.records is None:
                continue
            self._loaded.append(number)
            for begin in range(0, len(sheet.records), _AT_ONCE):
                some = slice(begin, begin + _AT_ONCE)
                self._engine.load(
                    sheet.records.dataset, sheet.records.arrays(some),
                    self._files, number, sheet.records.rows[some],
                )  # fmt: skip
        self._files += 1

    def finish(self) -> list[Problem]:
        """Join episodes, check all files together, and let records that stand twice count once."""
        self._take_as_one_return()
        ended = list(self._end_missing())
        self._join_episodes()
        self._flag_children()
        sheets = {number: self.sheets[number].sheet for number in self._loaded}
        checks = check_files_together(sheets, self._datasets, self._engine)
        used = {sheet.dataset for sheet in sheets.values()}
        datasets = {name: one for name, one in self._datasets.items() if name in used}
        repeated = with_repeated_keys(datasets, self._engine)
        problems = []
        for name, dataset in datasets.items():
            own = {number: sheet for number, sheet in sheets.items() if sheet.dataset == name}
            problems += remove_duplicates(dataset, own, self._engine, keys_repeat=name in repeated)
        self._fill_absent_columns()
        councils = [(one.sheet, *one.councils) for one in self.sheets]
        future = future_days(sheets, datasets, self._engine)
        return [*ended, *future, *problems, *checks, *several_councils(councils)]

    def _fill_absent_columns(self) -> None:
        """Fill columns that no sheet of a dataset has with what their absence means."""
        columns: defaultdict[str, set[str]] = defaultdict(set)
        for number in self._loaded:
            sheet = self.sheets[number].sheet
            columns[sheet.dataset].update(sheet.columns)
        for name, present in columns.items():
            for column, definition in self._datasets[name].columns.items():
                value = definition.absent_value
                if value is not None and column not in present:
                    self._engine.fill_column(name, column, value)

    def _given_sheets(self) -> Mapping[tuple[str, str], list[int]]:
        """Return the numbers of the sheets of statutory returns, by table and dataset."""
        groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number in self._loaded:
            sheet = self.sheets[number]
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
                sheet, given = self.sheets[number].sheet, self.sheets[number].given
                if given and given.months and sheet.held_from:
                    last = Month.of(sheet.held_from).plus(given.months)
                    day = last.first_day + timedelta(days=sheet.held_from.day - 1)
                    run[table.partition(",")[0]][number] = min(day, last.last_day)
        for days in run.values():
            for number, day in days.items():
                together = [other for other in days.values() if abs(other - day) <= _RUN_TOGETHER]
                read = self.sheets[number]
                assert read.given is not None  # as of all of them
                held = held_from(read.given, [max(together)])
                self.sheets[number] = replace(read, sheet=replace(read.sheet, held_from=held))

    def _end_missing(self) -> Iterator[Problem]:
        """End the records of one year's return that are missing in the next one's."""
        for (table, dataset), numbers in self._given_sheets().items():
            given = self.sheets[numbers[0]].given
            assert given is not None  # as of all in a group
            held = {number: self.sheets[number].sheet.held_from for number in numbers}
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
                self._keep({n: self.sheets[n].sheet.rows_kept - rows for n, rows in lost.items()})
            for (number, day), rows in ended.items():
                sheet = self.sheets[number].sheet
                verb = "is" if len(rows) == 1 else "are"
                year = f"{day.year}-{(day.year + 1) % 100:02}"
                what = f"{counted(len(rows), 'open record')} {verb} not in the {table} of {year}."
                where = Where(sheet.file, sheet.sheet, rows)
                done = f"Counted as ended on {day_label(day)}."
                yield Problem(NOT_IN_NEXT_RETURN, what, where, done)

    def _join_episodes(self) -> None:
        """Join rows that follow on from one another, also from one file to the next."""
        for (_, dataset), numbers in self._given_sheets().items():
            given = self.sheets[numbers[0]].given
            assert given is not None  # as of all in a group
            if not given.new_when:
                continue
            begins = {number: self.sheets[number].new_rows for number in numbers}
            joined = join_episodes(self._datasets[dataset], given, begins, self._engine)
            self._keep(joined)

    def _keep(self, rows_kept: Mapping[int, int]) -> None:
        """Take down how many records of some sheets are left."""
        for number, rows in rows_kept.items():
            read = self.sheets[number]
            self.sheets[number] = replace(read, sheet=replace(read.sheet, rows_kept=rows))

    def _flag_children(self) -> None:
        """Take over what one table of a return says of the children of another."""
        groups = self._given_sheets()
        for (table, listed_in), numbers in groups.items():
            given = self.sheets[numbers[0]].given
            assert given is not None  # as of all in a group
            for dataset, column in given.flags.items():
                sheets = {
                    number: self.sheets[number].sheet
                    for (other, name), others in groups.items()
                    if name == dataset and other.partition(",")[0] == table.partition(",")[0]
                    for number in others
                    if column not in self.sheets[number].sheet.columns
                }
                days = {number: sheet.held_from for number, sheet in sheets.items()}
                flag_children(
                    self._datasets[dataset], column, days, self._datasets[listed_in],
                    len(numbers), self._engine,
                )  # fmt: skip
                for number, sheet in sheets.items():
                    flagged = replace(sheet, columns=(*sheet.columns, column))
                    self.sheets[number] = replace(self.sheets[number], sheet=flagged)

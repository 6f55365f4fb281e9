"""Read files of extracts and load their records into DuckDB, each of them once.

The records of a sheet go into the table of their dataset as soon as it is read, so that no typed
record stays in Python. What is asked of all sheets together is asked of the tables.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
from sqlglot import exp

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.datasets import Dataset
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
from workbook_builder.names import distinct_names
from workbook_builder.paths import Fingerprint
from workbook_builder.problem_catalogue import NOT_A_STATISTIC
from workbook_builder.problem_catalogue import STATISTIC_KINDS as STATISTIC_FAULTS
from workbook_builder.problems import Problem, Result, Where
from workbook_builder.readers.limits import too_much_kept, too_much_of_one
from workbook_builder.store.cross_file_checks import check_files_together, several_councils
from workbook_builder.store.duckdb_store import DuckDBStore, parsed
from workbook_builder.store.duplicates import remove_duplicates, with_repeated_keys

#: The number of a day behind every day.
_NEVER = 2**31 - 1


def join_episodes(
    dataset: Dataset,
    given: Mapping[str, object],
    sheets: Mapping[int, frozenset[int]],
    engine: DuckDBStore,
) -> Mapping[int, int]:
    """Join the rows of each child that follow on from one another, over all sheets, to one record.

    `sheets` are the numbers of the sheets in the dataset's table, each with the rows that begin a
    record whatever stands before them; `given` names the columns that they have. A record has the
    first row's start; all else, its sheet too, is the last row's. A row that stands in several
    sheets counts once: the one that has ended, else the later one. Returns how many records each
    sheet has. Raises Exhausted.
    """
    child = next(name for name, column in dataset.columns.items() if column.type == "id")
    start, end, *_ = (name for name in dataset.date_columns if name in given)
    begins = [(sheet, row) for sheet, rows in sheets.items() for row in rows]
    frame = pd.DataFrame(begins, columns=["_sheet", "_row"], dtype="int64")
    query = _records(dataset.name, child, start, end, list(sheets))
    records = engine.frame(query, _begins=frame)
    engine.replace_rows(dataset.name, list(sheets), records, {start: "first_start"})
    kept = records["_sheet"].value_counts()
    return {sheet: int(kept.get(sheet, 0)) for sheet in sheets}


def _records(table: str, child: str, start: str, end: str, sheets: list[int]) -> exp.Query:
    """Return the last row of each record, and the day on which the record started."""
    numbers = ", ".join(map(str, sheets))
    return parsed(
        f"""
        WITH spells AS (
            SELECT _sheet, _row, "{child}" AS child, "{start}" AS start,
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
            SELECT *, LAG(last) OVER in_turn AS before FROM numbered
            WHERE first_sheet = last_sheet OR turn = 1
            WINDOW in_turn AS (PARTITION BY child ORDER BY first, last, _sheet, _row)
        ),
        islands AS (
            SELECT *, COUNT(CASE WHEN before IS NULL OR first NOT BETWEEN before AND before + 1
                OR EXISTS (SELECT 1 FROM _begins WHERE _begins._sheet = ordered._sheet
                           AND _begins._row = ordered._row) THEN 1 END) OVER (
                PARTITION BY child ORDER BY first, last, _sheet, _row
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS record
            FROM ordered
        ),
        whole AS (
            SELECT *, MIN(start) OVER (PARTITION BY child, record) AS first_start,
                ROW_NUMBER() OVER (
                    PARTITION BY child, record
                    ORDER BY first DESC, last DESC, _sheet DESC, _row DESC
                ) AS back
            FROM islands
        )
        SELECT _sheet, _row, first_start FROM whole WHERE back = 1
        """,
    )


#: So many records are made whole at once.
_AT_ONCE = 250_000


@dataclass(frozen=True, eq=False)
class Extracts:
    """All sheets that were read, in order; their records are in the tables of the engine.

    `statistics` are the published ones that stood among them, `files` all files that were read, by
    the names that the sheets call them by.
    """

    sheets: tuple[Sheet, ...]
    statistics: Statistics = field(default_factory=Statistics)
    files: Mapping[str, Fingerprint] = field(default_factory=dict)


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
        self._join_episodes()
        sheets = {number: self.sheets[number].sheet for number in self._loaded}
        checks = check_files_together(sheets, self._datasets, self._engine)
        used = {sheet.dataset for sheet in sheets.values()}
        datasets = {name: one for name, one in self._datasets.items() if name in used}
        repeated = with_repeated_keys(datasets, self._engine)
        problems = []
        for name, dataset in datasets.items():
            own = {number: sheet for number, sheet in sheets.items() if sheet.dataset == name}
            problems += remove_duplicates(dataset, own, self._engine, keys_repeat=name in repeated)
        councils = [(one.sheet, *one.councils) for one in self.sheets]
        return [*problems, *checks, *several_councils(councils)]

    def _join_episodes(self) -> None:
        """Join rows that follow on from one another, also from one file to the next."""
        groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number in self._loaded:
            sheet, given = self.sheets[number].sheet, self.sheets[number].given
            if given and given.new_when:
                groups[sheet.standard, sheet.dataset].append(number)
        for (_, dataset), numbers in groups.items():
            given = self.sheets[numbers[0]].given
            assert given is not None  # as of all in a group
            begins = {number: self.sheets[number].new_rows for number in numbers}
            joined = join_episodes(self._datasets[dataset], given.columns, begins, self._engine)
            for number, rows_kept in joined.items():
                read = self.sheets[number]
                self.sheets[number] = replace(read, sheet=replace(read.sheet, rows_kept=rows_kept))

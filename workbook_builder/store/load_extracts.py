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

from sqlglot import exp

from workbook_builder.definitions.council import Teams
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.inputs import find_files
from workbook_builder.extracts.model import Sheet
from workbook_builder.extracts.published_statistics import (
    NeighbourSet,
    StatisticFile,
    Statistics,
    with_rates,
)
from workbook_builder.extracts.read_extracts import (
    ExtractDefinitions,
    ReadFile,
    ReadFiles,
    ReadSheet,
    read_file,
    shown_sheets,
)
from workbook_builder.months import day_label
from workbook_builder.names import distinct_names
from workbook_builder.paths import Fingerprint
from workbook_builder.problem_catalogue import (
    FUTURE_DAYS,
    NOT_A_STATISTIC,
)
from workbook_builder.problem_catalogue import STATISTIC_KINDS as STATISTIC_FAULTS
from workbook_builder.problems import Problem, Result, Where, counted
from workbook_builder.readers.limits import too_much_kept, too_much_of_one
from workbook_builder.store.cross_file_checks import check_files_together, several_councils
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.duplicates import remove_duplicates, with_repeated_keys
from workbook_builder.store.join_returns import Period, ReturnTables, YearsOfReturns


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
    covers: Period | None = None,
) -> Result[Extracts]:
    """Read files and folders of extracts and load their records into an engine's empty tables.

    `covers` is the period that all lists hold, as the user says.

    `on_file` hears the name of each file before it is read. Records of one dataset are in the order
    of the inputs. Published statistics may stand among these. Files in the cache are not read
    again. Raises Exhausted.
    """
    files = find_files(inputs)
    names = distinct_names((*files.value, *definitions.statistics.files))
    cache.keep_only(names)
    kept = _kept_statistics(definitions, cache, names)
    problems = [*files.problems, *kept.problems]
    loader = _Loader(definitions, engine, covers, {names[path]: path for path in files.value})
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
        shown_sheets([one.sheet for one in sheets], definitions.datasets),
        with_rates(
            Statistics(
                tuple(one for one in statistics if isinstance(one, StatisticFile)),
                tuple(one for one in statistics if isinstance(one, NeighbourSet)),
            )
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

    def __init__(
        self,
        definitions: ExtractDefinitions,
        engine: DuckDBStore,
        covers: Period | None,
        paths: Mapping[str, Path],
    ) -> None:
        self._covers, self._paths = covers, paths
        self._datasets = definitions.datasets
        self._standards = definitions.standards
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
        tables = ReturnTables(
            self.sheets, self._loaded, self._datasets, self._standards, self._engine,
            YearsOfReturns(self._paths, self._covers),
        )  # fmt: skip
        joined = tables.join()
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
        return [*joined, *future, *problems, *checks, *several_councils(councils)]

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

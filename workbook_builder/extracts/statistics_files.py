"""Read files of published statistics and of statistical neighbours.

A file of statistics is tidy: one row for each year and area, which its first columns name, then
columns by which rows are told apart, then the figures. In which order, with or without a byte order
mark, does not matter.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pandas as pd

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.authorities import english_authorities
from workbook_builder.definitions.targets import (
    GivenFigures,
    NeighbourFile,
    Statistic,
    is_missing_mark,
)
from workbook_builder.extracts.inputs import ENDINGS
from workbook_builder.extracts.published_statistics import (
    ENGLAND,
    Authority,
    Key,
    NeighbourSet,
    RateNumbers,
    StatisticFile,
    region_area,
)
from workbook_builder.months import reporting_year
from workbook_builder.names import SPACES, same_name
from workbook_builder.problems import Problem, ProblemKind
from workbook_builder.readers.grid import Grid, TopRow

#: By so many a year's number is divided to be one of a month.
MONTHS_OF_A_YEAR = 12

TIME = "time_period"
LEVEL = "geographic_level"
REGION = "region_name"
NAME = "la_name"
CODE = "old_la_code"
NEW_CODE = "new_la_code"
COUNTRY = "country_name"
#: The columns of time and place that every file has.
AREA_COLUMNS = (TIME, LEVEL, REGION, NAME, CODE)

#: Columns of time and place that a file may have beside those.
_OTHER_AREA_COLUMNS = (NEW_CODE, COUNTRY, "time_identifier", "country_code", "region_code")

_ENOUGH = 3
#: The share of its columns from which a file looks like one of a known kind.
_LIKE = 0.65
#: From which likeness a text may be another one relabelled.
_MUCH_LIKE = 0.7
_NATIONAL, _REGIONAL, _LOCAL = "national", "regional", "localauthority"
#: What parts authorities that report together.
_TOGETHER = re.compile(r"\s*/\s*")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


@dataclass(frozen=True)
class KnownStatistics:
    """The kinds of files of statistics that are known, and the files kept with the layouts."""

    statistics: Mapping[str, Statistic] = field(default_factory=dict)
    neighbours: Mapping[str, NeighbourFile] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class StatisticSheet:
    """What a sheet was taken for, its figures unless it cannot be used, and the problems met."""

    title: str
    content: StatisticFile | NeighbourSet | None
    problems: tuple[Problem, ...] = ()


def kept_files(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files that stand in the folders "statistics" of layouts folders."""
    return tuple(
        path
        for folder in dict.fromkeys(folders)
        for path in sorted((folder / "statistics").glob("*"))
        if path.suffix.lower() in ENDINGS and not path.name.startswith((".", "~$"))
    )


def read_statistics(grid: Grid, known: KnownStatistics) -> StatisticSheet | None:
    """Read a sheet of statistics or of statistical neighbours; None where it is neither."""
    if not known.statistics:
        return None
    return _read_neighbours(grid, known.neighbours) or _read_statistic(grid, known.statistics)


def _read_statistic(grid: Grid, known: Mapping[str, Statistic]) -> StatisticSheet | None:
    """Read a file of statistics; None where the sheet does not look like one.

    A file that lacks a column is not read, and the problem names the column and what may be it.
    """
    row = _heading_row(grid)
    if row is None:
        return None
    whole = [one for one in known.values() if not _lacking((*AREA_COLUMNS, *one.columns), row)]
    if not whole:
        return _not_whole(grid, row, known)
    most = max(len(one.columns) for one in whole)
    readers = [_StatisticReader(grid, row, one) for one in whole if len(one.columns) == most]
    # Files with the same columns are told by what stands in them; one in which nothing stands that
    # is looked for, nor anything like it, is of another kind.
    readers = [one for one in readers if one.share_found or one.is_relabelled]
    if not readers:
        return _unknown(grid)
    return max(readers, key=lambda one: one.share_found).read()


def _heading_row(grid: Grid) -> TopRow | None:
    wanted = {same_name(column) for column in AREA_COLUMNS}
    rows = [row for row in grid.top if len(wanted & set(row.names)) >= _ENOUGH]
    return rows[0] if rows else None


def _lacking(columns: Iterable[str], row: TopRow) -> list[str]:
    """Return the columns that have no heading in a row, or several."""
    return [column for column in columns if row.names.count(same_name(column)) != 1]


def _unknown(grid: Grid) -> StatisticSheet:
    what = "the program does not know these statistics."
    problem = Problem(catalogue.UNKNOWN_STATISTIC, what, grid.where(), "File left out.")
    return StatisticSheet("statistics of an unknown kind", None, (problem,))


def _not_whole(grid: Grid, row: TopRow, known: Mapping[str, Statistic]) -> StatisticSheet:
    """Say what a file that is no whole file of any known kind looks like, or that it is unknown.

    A heading that some known file has is never taken for another file's column.
    """

    def share(statistic: Statistic) -> float:
        return 1 - len(_lacking(statistic.columns, row)) / len(statistic.columns)

    nearest = max(known.values(), key=share)
    places = {*AREA_COLUMNS, *_OTHER_AREA_COLUMNS}
    named = places | {column for one in known.values() for column in one.known_columns}
    missing, free = _lacking(nearest.columns, row), _headings_but(named, row)
    others = _headings_but(places | set(nearest.known_columns), row)
    reader = _StatisticReader(grid, row, nearest)
    renamed = all(
        row.names.count(same_name(one)) > 1 or reader.may_be(_nearest(one, free), one)
        for one in missing
    )
    if share(nearest) < _LIKE or (others and not renamed):
        return _unknown(grid)
    missing = [*_lacking(AREA_COLUMNS, row), *missing]
    problem = _column_problem(grid, row, nearest.title, missing, named - set(missing))
    return StatisticSheet(f"statistics: {nearest.title}, not usable", None, (problem,))


def _headings_but(columns: Iterable[str], row: TopRow) -> list[str]:
    """Return the headings of a row that are none of these columns."""
    names = {same_name(one) for one in columns}
    pairs = zip(row.texts, row.names, strict=True)
    return [text for text, name in pairs if text and name not in names]


def _nearest(column: str, headings: Sequence[str]) -> str:
    """Return the heading that may be a renamed column, or nothing."""
    return next(iter(difflib.get_close_matches(column, headings, n=1, cutoff=0.5)), "")


def _column_problem(
    grid: Grid, row: TopRow, title: str, missing: Sequence[str], taken: Iterable[str]
) -> Problem:
    """Return the problem that columns are missing, with the heading nearest to each.

    `taken` are the columns whose headings stand for something else.
    """
    free = _headings_but([one for one in taken if one not in missing], row)
    said = " ".join(_missing_column(column, row, free) for column in missing)
    what = f'this looks like "{title}", but {said}'
    return Problem(catalogue.COLUMN_MISSING, what, grid.where((row.number,)), "File left out.")


def _missing_column(column: str, row: TopRow, free: Sequence[str]) -> str:
    if row.names.count(same_name(column)) > 1:
        return f'the column "{column}" appears twice.'
    near = _nearest(column, free)
    return f'it has no column "{column}".' + (f' Is it "{near}"?' if near else "")


@dataclass(frozen=True)
class _Line:
    """One row of a file, as one authority's: its number, its cells by column, its year and area.

    `together` names the authorities that it is of, where they are several.
    """

    row: int
    cells: Mapping[str, str]
    year: int
    area: str
    together: str


@dataclass
class _StatisticReader:
    """One file as it is read."""

    grid: Grid
    row: TopRow
    statistic: Statistic
    problems: list[Problem] = field(default_factory=list)
    _texts: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def share_found(self) -> float:
        """The share of its figures of which rows stand in the file; one that gives none has half.

        So it goes before a file of which nothing is there, and after one of which most is.
        """
        if not self.statistic.gives:
            return 0.5
        there = [
            all(self._texts_of(column) & set(map(same_name, wanted)) for column, wanted in rows)
            for rows in self._rows_wanted
        ]
        return sum(there) / len(there)

    @cached_property
    def is_relabelled(self) -> bool:
        """Whether for some figures its rows hold texts much like all those that are looked for."""
        return any(
            all(_like(text, self._texts_of(column)) for column, wanted in rows for text in wanted)
            for rows in self._rows_wanted
        )

    def may_be(self, heading: str, column: str) -> bool:
        """Whether what stands under a heading may be a column: a text looked for, if there is one.

        No heading is no column.
        """
        wanted = [text for given in self.statistic.gives for text in given.where.get(column, ())]
        texts = self._texts_of(heading)
        return bool(heading) and (not wanted or any(_like(text, texts) for text in wanted))

    @property
    def _rows_wanted(self) -> Iterator[Iterable[tuple[str, tuple[str, ...]]]]:
        """For each of its figures, the columns by which rows are told and the texts wanted."""
        return (given.where.items() for given in self.statistic.gives)

    def _texts_of(self, column: str) -> frozenset[str]:
        """Return the texts of a column, as they are compared."""
        if column not in self._texts:
            below = self.grid.cells.loc[self.row.number + 1 :]
            self._texts[column] = frozenset(map(same_name, set(self._column(below, column))))
        return self._texts[column]

    def read(self) -> StatisticSheet:
        lines = self._lines()
        measures: dict[Key, float | None] = {}
        populations: dict[Key, float | None] = {}
        numbers: list[RateNumbers] = []
        for given in self.statistic.gives:
            if given.optional and _lacking(given.columns, self.row):
                continue
            figures = self._figures(lines, given)
            if group := given.of_population:
                numbers += [RateNumbers(name, group, given.per, figures) for name in given.measures]
                continue
            for measure in given.measures:
                measures |= {(measure, year, area): one for (year, area), one in figures.items()}
            if given.population:
                group = given.population
                populations |= {(group, year, area): one for (year, area), one in figures.items()}
        content = StatisticFile(
            file=self.grid.file,
            title=self.statistic.title,
            source=self.statistic.source,
            measures=measures,
            populations=populations,
            authorities=_authorities(lines),
            a_month=frozenset(
                name for given in self.statistic.gives if given.a_month for name in given.measures
            ),
            numbers=tuple(numbers),
            together={(line.year, line.area): line.together for line in lines if line.together},
        )
        years = content.years
        span = f", {years[0]} to {years[-1]}" if years else ""
        title = f"statistics: {self.statistic.title}{span}"
        return StatisticSheet(title, content, tuple(self.problems))

    def _lines(self) -> list[_Line]:
        """Return the rows below the headings that name a year and an area."""
        lines: list[_Line] = []
        bad: list[int] = []
        for row, cells in self._cells():
            year = reporting_year(_whole_number(cells[TIME]))
            if year is None:
                bad.append(row)
                continue
            places = _places(cells)
            together = " and ".join(place[NAME] for place in places) if len(places) > 1 else ""
            for place in places:
                if (area := _area(place)) is not None:
                    lines.append(_Line(row, place, year, area, together))
        if bad:
            self._say(catalogue.YEAR_UNREADABLE, "the year cannot be read.", bad, TIME, "Left out.")
        return lines

    def _cells(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield the rows that are not blank, with their cells by column."""
        columns = dict.fromkeys((*AREA_COLUMNS, *self.statistic.all_columns, NEW_CODE, COUNTRY))
        below = self.grid.cells.loc[self.row.number + 1 :]
        texts = [self._column(below, name) for name in columns]
        for row, *cells in zip(below.index.tolist(), *texts, strict=True):
            if any(cells):
                yield row, dict(zip(columns, cells, strict=True))

    def _column(self, below: pd.DataFrame, name: str) -> Sequence[str]:
        if same_name(name) not in self.row.names:
            return [""] * len(below)
        column = below[self.row.names.index(same_name(name))]
        return [text.strip(SPACES) for text in column.tolist()]

    def _figures(
        self, lines: Sequence[_Line], given: GivenFigures
    ) -> dict[tuple[int, str], float | None]:
        chosen = self._chosen(lines, given)
        for column in given.columns:
            bad = [line.row for line in chosen if not _is_value(line.cells[column])]
            if bad:
                what = "the cells hold neither a number nor a suppression symbol."
                self._say(catalogue.NOT_A_NUMBER, what, bad, column, "Treated as missing.")
        return self._once(chosen, given)

    def _chosen(self, lines: Sequence[_Line], given: GivenFigures) -> Sequence[_Line]:
        """Return the rows that hold what is looked for; that there are none is a problem.

        It is none for optional figures.
        """
        chosen = lines
        for column, wanted in given.where.items():
            among, names = chosen, {same_name(text) for text in wanted}
            chosen = [line for line in among if same_name(line.cells[column]) in names]
            there = {same_name(line.cells[column]) for line in chosen}
            for text in wanted:
                if same_name(text) not in there and not given.optional:
                    self._say_none(column, text, sorted({line.cells[column] for line in among}))
            if not chosen:
                return chosen
        if not chosen:
            what = "no row has a readable area and year."
            self._say(catalogue.NO_SUCH_ROWS, what, (), LEVEL, "Nothing was taken from it.")
        return chosen

    def _say_none(self, column: str, wanted: str, there: Sequence[str]) -> None:
        near = difflib.get_close_matches(wanted, there, n=1, cutoff=0.5)
        hint = f' Is it "{near[0]}"?' if near else ""
        what = f'no row has "{wanted}".{hint}'
        self._say(catalogue.NO_SUCH_ROWS, what, (), column, "No figures were taken from such rows.")

    def _once(
        self, lines: Sequence[_Line], given: GivenFigures
    ) -> dict[tuple[int, str], float | None]:
        """Return one value for each year and area; where rows differ, it is missing.

        Rows with different ones of the texts that are added up are added up; where a row of one of
        them is not there, the value is missing.
        """
        several = [column for column, texts in given.where.items() if len(texts) > 1]
        number = math.prod(len(given.where[column]) for column in several)
        found: dict[tuple[int, str], dict[tuple[str, ...], float | None]] = {}
        bad: dict[tuple[int, str], int] = {}
        for line in lines:
            key = (line.year, line.area)
            figure = _figure(line.cells, given)
            part = tuple(same_name(line.cells[column]) for column in several)
            if found.setdefault(key, {}).setdefault(part, figure) != figure:
                bad.setdefault(key, line.row)
        if bad:
            what = "several rows for the same year and area have different figures."
            done = "The figures for that year and area were left blank."
            self._say(catalogue.ROWS_CONTRADICT, what, bad.values(), given.value[0], done)
        return {
            key: None if key in bad else _sum(parts.values(), number)
            for key, parts in found.items()
        }

    def _say(
        self, kind: ProblemKind, what: str, rows: Iterable[int], column: str, done: str
    ) -> None:
        where = self.grid.where(tuple(rows), column)
        self.problems.append(Problem(kind, what, where, done))


def _like(text: str, others: Iterable[str]) -> bool:
    """Whether one of other texts is the same, or much like it."""
    return bool(difflib.get_close_matches(same_name(text), others, n=1, cutoff=_MUCH_LIKE))


def _is_value(text: str) -> bool:
    return is_missing_mark(text) or _NUMBER.fullmatch(text) is not None


def _figure(cells: Mapping[str, str], given: GivenFigures) -> float | None:
    """Return what a row gives: its columns added up, or their share of another; None if missing."""
    scaled = [_scaled(cells[column], given.scale) for column in given.columns]
    known = [number for number in scaled if number is not None]
    if len(known) < len(scaled):
        return None
    if given.of:
        *parts, whole = known
        return sum(parts) / whole if whole else None
    figure = _sum(known, len(known))
    return figure / MONTHS_OF_A_YEAR if given.a_month and figure is not None else figure


def _sum(figures: Iterable[float | None], number: int) -> float | None:
    """Add figures up; None where one of so many is missing. A figure alone stays as it is."""
    known = [one for one in figures if one is not None]
    if len(known) < number:
        return None
    return sum(known) if number > 1 else known[0]


def _scaled(text: str, scale: float) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    return float(Decimal(text.replace(",", "")) * Decimal(repr(scale)))


def _places(cells: Mapping[str, str]) -> list[Mapping[str, str]]:
    """Return a row once for each authority that it is of, with the codes and the name of that one.

    Authorities with one service report together: "940 / 941", "North Northamptonshire / West
    Northamptonshire".
    """
    parts = {column: _TOGETHER.split(cells[column]) for column in (CODE, NEW_CODE, NAME)}
    number = max(map(len, parts.values()))
    if number == 1 or same_name(cells[LEVEL]) != _LOCAL:
        return [cells]
    whole = [texts for texts in parts.values() if len(texts) == number]
    known = english_authorities()
    places: list[Mapping[str, str]] = []
    for at in range(number):
        found = next(filter(None, (known.find(_whole_number(texts[at])) for texts in whole)), None)
        own = {name: texts[at] if len(texts) == number else "" for name, texts in parts.items()}
        if found:
            own = {CODE: found.code, NEW_CODE: found.ons_codes[0], NAME: found.name}
        places.append({**cells, **own})
    return places


def _area(cells: Mapping[str, str]) -> str | None:
    kind = same_name(cells[LEVEL])
    if kind == _NATIONAL:
        own = same_name(cells[COUNTRY])
        return ENGLAND if own in ("", same_name(ENGLAND)) else None
    if kind == _REGIONAL:
        return region_area(cells[REGION]) if cells[REGION] else None
    if kind != _LOCAL:
        return None
    return _whole_number(cells[CODE]) or cells[NEW_CODE] or cells[NAME] or None


def _whole_number(text: str) -> str:
    """Return a code or a year without the ".0" that a spreadsheet gives it."""
    return text.removesuffix(".0")


def _authorities(lines: Sequence[_Line]) -> tuple[Authority, ...]:
    local = [line for line in lines if same_name(line.cells[LEVEL]) == _LOCAL]
    last = {line.area: line.cells for line in sorted(local, key=lambda line: line.year)}
    return tuple(
        Authority(area, cells[NEW_CODE], cells[NAME], region_area(cells[REGION]))
        for area, cells in last.items()
    )


# --- Statistical neighbours -----------------------------------------------------------------------

_NEIGHBOURS_TITLE = "Statistical neighbours"
_NEIGHBOURS = tuple(f"SN{number}" for number in range(1, 11))
_ENOUGH_NEIGHBOURS = 5
_AREA_CODES = ("LA number", "LA num", "old_la_code", "LA code", "LEA code")
_AREA_NAMES = ("LA name", "la_name", "Authority")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def _read_neighbours(grid: Grid, named: Mapping[str, NeighbourFile]) -> StatisticSheet | None:
    """Read a file of statistical neighbours; None where the sheet does not look like one.

    Its vintage is what TOML says of a file of that name, else the year in the name.
    """
    wanted = {same_name(column) for column in _NEIGHBOURS}
    row = next(
        (row for row in grid.top if len(wanted & set(row.names)) >= _ENOUGH_NEIGHBOURS), None
    )
    if row is None:
        return None
    code = _first_heading(_AREA_CODES, row)
    missing = [*_lacking(_NEIGHBOURS, row), *([] if code else [_AREA_CODES[0]])]
    if missing:
        taken = (*_NEIGHBOURS, *_AREA_NAMES)
        problem = _column_problem(grid, row, _NEIGHBOURS_TITLE, missing, taken)
        return StatisticSheet("statistical neighbours, not usable", None, (problem,))
    vintage = _vintage(grid.file, named.values())
    if not vintage:
        what = "the file does not say which year these neighbours are for."
        problem = Problem(catalogue.NO_VINTAGE, what, grid.where(), "File left out.")
        return StatisticSheet("statistical neighbours, not usable", None, (problem,))
    return _neighbours_of(grid, row, code, vintage)


def _first_heading(headings: Iterable[str], row: TopRow) -> str:
    return next((one for one in headings if same_name(one) in row.names), "")


def _vintage(file: str, named: Iterable[NeighbourFile]) -> str:
    said = [one.vintage for one in named if one.file.casefold() == file.casefold()]
    found = said or list(dict.fromkeys(_YEAR_IN_NAME.findall(file)))
    return found[0] if len(found) == 1 else ""


def _neighbours_of(grid: Grid, row: TopRow, code: str, vintage: str) -> StatisticSheet:
    below = grid.cells.loc[row.number + 1 :]
    places = [row.names.index(same_name(column)) for column in _NEIGHBOURS]
    at_code, name = row.names.index(same_name(code)), _first_heading(_AREA_NAMES, row)
    at_name = row.names.index(same_name(name)) if name else at_code
    neighbours: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = {}
    for cells in below.itertuples(index=False, name=None):
        texts = [_whole_number(cell.strip(SPACES)) for cell in cells]
        if texts[at_code]:
            found = [texts[place] for place in places if texts[place]]
            neighbours.setdefault(texts[at_code], tuple(dict.fromkeys(found)))
            names.setdefault(texts[at_code], texts[at_name])
    content = NeighbourSet(grid.file, vintage, neighbours, names)
    return StatisticSheet(f"statistical neighbours of {vintage}", content)

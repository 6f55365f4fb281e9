"""The benchmark of each measure and comparator, and the population, from published statistics.

Benchmarks are typed into TOML, or found in the published files that come with the program or that
a user adds: a published figure goes before a typed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.authorities import LIST
from workbook_builder.definitions.council import OWN_NEIGHBOURS
from workbook_builder.definitions.layouts import Layout, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.targets import MISSING, Comparator, Entry, Method
from workbook_builder.extracts.published_statistics import (
    ENGLAND,
    Authority,
    NeighbourSet,
    PublishedFigure,
    Statistics,
)
from workbook_builder.indicators.rounding import value_text
from workbook_builder.months import reporting_year, year_label
from workbook_builder.problems import Problem, Result, Where, counted

_TYPED_SHOWN = "The value of benchmarks.toml is shown."
_A_TWELFTH = "; a twelfth of the year's figure, to compare with a month's"
_WORKED_OUT = "; the rate is worked out with mid-year population estimates"
_ALL_TYPED_SHOWN = "The values of benchmarks.toml are shown."


@dataclass(frozen=True)
class Benchmark:
    """A benchmark value with all that tells where it comes from.

    `file` is empty where the value was typed; `having` of `neighbours` statistical neighbours have
    a published figure, both 0 where the value is no mean or median.
    """

    entry: Entry
    period: str
    source: str
    file: str = ""
    neighbours_file: str = ""
    having: int = 0
    neighbours: int = 0


#: Benchmarks by measure and comparator.
BenchmarkValues = Mapping[tuple[str, str], Benchmark]


def comparators_of(table: Table, layout: Layout, definitions: Definitions) -> tuple[str, ...]:
    """Return the comparators that a table shows, from left to right."""
    if table.comparators is not None:
        return table.comparators
    return tuple(definitions.comparators) if layout.comparators is None else layout.comparators


def typed_benchmarks(definitions: Definitions) -> dict[tuple[str, str], Benchmark]:
    """Return the benchmarks that TOML holds, also those that are missing."""
    typed: dict[tuple[str, str], Benchmark] = {}
    for measure in definitions.measures:
        values = definitions.benchmarks.get(measure)
        for name, comparator in definitions.comparators.items():
            entry = values.shown(comparator) if values else MISSING
            period = values.period(comparator) if values else comparator.period
            typed[measure, name] = Benchmark(entry, period, comparator.source)
    return typed


def find_benchmarks(
    definitions: Definitions, layout: Layout, statistics: Statistics
) -> Result[BenchmarkValues]:
    """Return all benchmarks; where published statistics hold the year shown, the layout's theirs.

    A published figure goes before a typed one; where the two are printed differently a note says
    both. What cannot be had from the files stays as it is typed, with a problem.
    """
    benchmarks = typed_benchmarks(definitions)
    shown = dict.fromkeys(
        (row.measure, name)
        for table in layout.tables
        if "benchmarks" in table.columns
        for name in comparators_of(table, layout, definitions)
        for row in table.rows
    )
    search = _Search(definitions, layout, statistics)
    for key in shown:
        measure, comparator = definitions.measures[key[0]], definitions.comparators[key[1]]
        if comparator.who and statistics.of_measure(measure.name):
            benchmarks[key] = search.benchmark(measure, comparator, benchmarks[key])
    return Result(benchmarks, tuple(search.problems))


def with_known_neighbours(
    statistics: Statistics, definitions: Definitions, layout: Layout
) -> Statistics:
    """Return statistics with the neighbours that are known of the layout's authority.

    Those that its profile names replace all others; those of the program's list stand in for a
    file of their vintage.
    """
    authority = definitions.authority_of(layout)
    if authority is None:
        return statistics
    sets = list(statistics.neighbour_sets)
    named = authority.neighbours.get(OWN_NEIGHBOURS)
    if named is not None:
        others = {code for one in sets for code in one.neighbours} - {authority.code}
        sets = [replace(one, neighbours={code: one.neighbours[code] for code in others
                                         if code in one.neighbours}) for one in sets]  # fmt: skip
    vintages = {one.vintage for one in definitions.comparators.values() if one.vintage}
    for vintage in sorted(vintages):
        codes = authority.neighbours.get(vintage, ()) if named is None else named
        if codes and not any(one.vintage == vintage and authority.code in one.neighbours
                             for one in sets):  # fmt: skip
            file = OWN_NEIGHBOURS if named is not None else LIST
            names = {authority.code: authority.name}
            sets.append(NeighbourSet(file, vintage, {authority.code: codes}, names))
    return replace(statistics, neighbour_sets=tuple(sets))


def published_populations(
    definitions: Definitions, layout: Layout, statistics: Statistics
) -> Result[Mapping[tuple[str, int], float]]:
    """Return the published populations of the layout's authority by group and year."""
    published = {key[:2] for file in statistics.files for key in file.populations}
    if not published:
        return Result({})
    authority = _authority(definitions, layout, statistics)
    populations: dict[tuple[str, int], float] = {}
    problems = list(authority.problems)
    code = authority.value.code if authority.value else ""
    for group, year in sorted(published) if code else ():
        people = statistics.people((group, year, code))
        problems += _contradiction(people, f"{group}, mid-{year}")
        if people.value is not None:
            populations[group, year] = people.value
    return Result(populations, tuple(problems))


def entry_text(entry: Entry, measure: Measure) -> str:
    """Write a value of a measure as it is printed: "<7.1%", "TBC"."""
    if entry.number is None:
        return entry.word
    return f"{entry.sign}{value_text(entry.number, measure.unit, measure.decimals)}"


def mean_or_median(values: Sequence[float], method: Method) -> float:
    """Return the mean or the median, worked out in decimal fractions as they are published."""
    exact = sorted(Decimal(repr(value)) for value in values)
    if method == "mean":
        return float(sum(exact) / len(exact))
    half = len(exact) // 2
    return float(exact[half] if len(exact) % 2 else (exact[half - 1] + exact[half]) / 2)


@dataclass(frozen=True)
class _Lookup:
    """The figures looked up for one benchmark, one unless it is made of several neighbours'."""

    figures: Sequence[PublishedFigure] = ()
    neighbours_file: str = ""


class _Search:
    """The search for published figures, with the problems met, each once."""

    def __init__(self, definitions: Definitions, layout: Layout, statistics: Statistics) -> None:
        self.definitions = definitions
        self.layout = layout
        self.statistics = statistics
        self.problems: dict[Problem, None] = {}

    def benchmark(self, measure: Measure, comparator: Comparator, typed: Benchmark) -> Benchmark:
        """Return a published benchmark, or the typed one where none can be had."""
        year = reporting_year(typed.period)
        assert year is not None  # a comparator with "who" has a year
        if not self._has_year(measure.name, year, comparator):
            return typed
        lookup = self._look_up(measure.name, year, comparator)
        for figure in lookup.figures:
            self._report(*_contradiction(figure, measure.title))
        values = [figure.value for figure in lookup.figures if figure.value is not None]
        title = f'"{measure.title}", "{comparator.title}"'
        if measure.unit == "percent" and any(abs(value) > 1 for value in values):
            file = next(figure.file.file for figure in lookup.figures if figure.file)
            text = f"{title}: the published percentage is above 100."
            self._report(Problem(catalogue.STATISTICS_TOO_LARGE, text, Where(file), _TYPED_SHOWN))
            return typed
        if not values:
            contradicted = any(figure.contradicted_by for figure in lookup.figures)
            if lookup.figures and not contradicted:
                file = self.statistics.of_measure(measure.name)[0].file
                text = f"{title}: there is no figure for {typed.period}."
                self._report(Problem(catalogue.NO_FIGURE, text, Where(file), _TYPED_SHOWN))
            return typed
        published = _published(measure, values, lookup, comparator, typed)
        where = Where(published.file)
        if published.having < published.neighbours:
            text = (
                f"{title}: {published.having} of {counted(published.neighbours, 'neighbour')} have "
                f"a figure for {published.period}."
            )
            done = f"The {comparator.method} is taken over these."
            self._report(Problem(catalogue.NEIGHBOURS_BLANK, text, where, done))
        new, old = entry_text(published.entry, measure), entry_text(typed.entry, measure)
        if typed.entry.number is not None and new != old:
            text = f"{title}, {published.period}: {new} in the file, {old} in benchmarks.toml."
            self._report(Problem(catalogue.BENCHMARK_DIFFERS, text, where, f"{new} is shown."))
        return published

    def _has_year(self, measure: str, year: int, comparator: Comparator) -> bool:
        files = self.statistics.of_measure(measure)
        if any(key[:2] == (measure, year) for file in files for key in file.measures):
            return True
        years = files[0].years
        text = (
            f'the file holds {years[0]} to {years[-1]}, and "{comparator.title}" shows '
            f"{year_label(year)}."
        )
        where = Where(files[0].file)
        self._report(Problem(catalogue.YEAR_NOT_THERE, text, where, _ALL_TYPED_SHOWN))
        return False

    def _look_up(self, measure: str, year: int, comparator: Comparator) -> _Lookup:
        """Look up the figures of those that a comparator is, in one year."""
        if comparator.who == "England":
            return _Lookup([self.statistics.figure((measure, year, ENGLAND))])
        named = _authority(self.definitions, self.layout, self.statistics)
        self._report(*named.problems)
        authority = named.value
        if not authority:
            return _Lookup()
        if comparator.who == "statistical neighbours":
            return self._neighbours(measure, year, comparator, authority)
        area = authority.region if comparator.who == "region" else authority.code
        return _Lookup([self.statistics.figure((measure, year, area))])

    def _neighbours(
        self, measure: str, year: int, comparator: Comparator, authority: Authority
    ) -> _Lookup:
        """Look up the figures of an authority's neighbours, if one file says who these are."""
        vintage = comparator.vintage
        sets = self.statistics.sets_of(vintage, authority.code)
        if len(sets) == 1:
            codes = sets[0].neighbours[authority.code]
            figures = [self.statistics.figure((measure, year, code)) for code in codes]
            return _Lookup(figures, sets[0].file)
        kind, file = catalogue.NO_NEIGHBOURS, self.statistics.has_vintage(vintage)
        if sets:
            kind, file = catalogue.FILES_CONTRADICT, sets[0].file
            text = f"the statistical neighbours are different in {sets[1].file}."
        elif file:
            text = f'the file has no neighbours of {authority.name} ("{authority.code}").'
        else:
            text = (
                f'no file of statistical neighbours of {vintage} is there for "{comparator.title}".'
            )
        self._report(Problem(kind, text, Where(file), _ALL_TYPED_SHOWN))
        return _Lookup()

    def _report(self, *problems: Problem) -> None:
        self.problems |= dict.fromkeys(problems)


def _published(
    measure: Measure,
    values: Sequence[float],
    lookup: _Lookup,
    comparator: Comparator,
    typed: Benchmark,
) -> Benchmark:
    """Return a benchmark of published values, with their files and sources."""
    files = dict.fromkeys(figure.file for figure in lookup.figures if figure.file)
    source = "; ".join(dict.fromkeys(file.source for file in files))
    if any(measure.name in file.a_month for file in files):
        source += _A_TWELFTH
    if any(measure.name in file.worked_out for file in files):
        source += _WORKED_OUT
    joint = dict.fromkeys(figure.together for figure in lookup.figures if figure.together)
    source += "".join(f"; published for {names} together" for names in joint)
    published = replace(
        typed,
        entry=Entry(values[0]),
        source=source,
        file=", ".join(file.file for file in files),
    )
    if not comparator.method or not lookup.neighbours_file:
        return published
    return replace(
        published,
        entry=Entry(mean_or_median(values, comparator.method)),
        neighbours_file=lookup.neighbours_file,
        having=len(values),
        neighbours=len(lookup.figures),
    )


def _authority(
    definitions: Definitions, layout: Layout, statistics: Statistics
) -> Result[Authority | None]:
    """Return the authority that a layout is of, or the problem that the files do not know it."""
    known = definitions.authority_of(layout)
    authority = statistics.authority(known.code if known else "") or statistics.authority(
        layout.authority
    )
    if authority:
        return Result(authority)
    text = "the layout does not name the authority."
    if layout.authority:
        text = f'"{layout.authority}" is in none of the statistics files.'
    where = definitions.where("layouts", layout.name, "authority")
    done = "Only figures for England were used."
    return Result(None, (Problem(catalogue.NO_AUTHORITY, text, where, done),))


def _contradiction(figure: PublishedFigure, title: str) -> Iterator[Problem]:
    if figure.contradicted_by and figure.file:
        text = f'"{title}" is otherwise in {figure.contradicted_by}.'
        done = "The figure was left blank."
        yield Problem(catalogue.FILES_CONTRADICT, text, Where(figure.file.file), done)

"""The benchmark of each measure and comparator, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from workbook_builder import problem_catalogue as catalogue
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
from workbook_builder.indicators.rating import printed
from workbook_builder.months import reporting_year, year_label
from workbook_builder.problems import Problem, Result, Where, counted


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


def typed(definitions: Definitions) -> dict[tuple[str, str], Benchmark]:
    """Return the benchmarks that TOML holds, also those that are missing."""
    return {
        (measure, name): _typed(measure, comparator, definitions)
        for measure in definitions.measures
        for name, comparator in definitions.comparators.items()
    }


def _typed(measure: str, comparator: Comparator, definitions: Definitions) -> Benchmark:
    given = definitions.benchmarks.get(measure)
    entry = given.shown(comparator) if given else MISSING
    period = given.period(comparator) if given else comparator.period
    return Benchmark(entry, period, comparator.source)


def shown_text(entry: Entry, measure: Measure) -> str:
    """Write a number as it is printed."""
    if entry.number is None:
        return entry.word
    value = printed(entry.number, measure.unit, measure.decimals)
    if measure.unit == "percent":
        return f"{entry.sign}{value:.{measure.decimals}%}"
    return f"{entry.sign}{value:,.{measure.decimals}f}"


def middle(values: Sequence[float], method: Method) -> float:
    """Return the mean or the median, worked out in decimal fractions as they are published."""
    exact = sorted(Decimal(repr(value)) for value in values)
    if method == "mean":
        return float(sum(exact) / len(exact))
    half = len(exact) // 2
    return float(exact[half] if len(exact) % 2 else (exact[half - 1] + exact[half]) / 2)


def held(
    definitions: Definitions, layout: Layout, statistics: Statistics
) -> Result[BenchmarkValues]:
    """Return all benchmarks; where published statistics hold the year shown, the layout's theirs.

    A published figure goes before a typed one; where the two are printed differently a note says
    both. What cannot be had from the files stays as it is typed, with a problem.
    """
    benchmarks = typed(definitions)
    search = _Search(definitions, layout, statistics)
    for measure, name in _shown(definitions, layout):
        comparator = definitions.comparators[name]
        if comparator.who and statistics.of_measure(measure):
            was = benchmarks[measure, name]
            benchmarks[measure, name] = search.filled(
                definitions.measures[measure], comparator, was
            )
    return Result(benchmarks, search.problems)


def _shown(definitions: Definitions, layout: Layout) -> Iterator[tuple[str, str]]:
    """Give every measure and comparator that meet in a table with benchmark columns, once."""
    yield from dict.fromkeys(
        (row.measure, name)
        for table in layout.tables
        if "benchmarks" in table.columns
        for name in comparators_of(table, layout, definitions)
        for row in table.rows
    )


@dataclass(frozen=True)
class _Lookup:
    """The figures looked up for one benchmark, one unless it is made of several neighbours'."""

    found: Sequence[PublishedFigure] = ()
    neighbours_file: str = ""


@dataclass
class _Search:
    """The search for published figures, with the problems met."""

    definitions: Definitions
    layout: Layout
    statistics: Statistics
    _met: dict[Problem, None] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems met, each once."""
        return tuple(self._met)

    def filled(self, measure: Measure, comparator: Comparator, was: Benchmark) -> Benchmark:
        """Return a benchmark with its published figure, or as it was where none can be had."""
        year = reporting_year(was.period)
        assert year is not None  # a comparator with "who" has a year
        if not self._has_year(measure.name, year, comparator):
            return was
        looked_up = self._look_up(measure.name, year, comparator)
        for one in looked_up.found:
            self._say(*_contradiction(one, measure.title))
        values = [one.value for one in looked_up.found if one.value is not None]
        if measure.unit == "percent" and any(abs(value) > 1 for value in values):
            self._say_too_large(looked_up, measure, comparator)
            return was
        if not values:
            self._say_nothing_found(looked_up, measure, comparator, was.period)
            return was
        now = self._benchmark(values, looked_up, comparator, was)
        self._say_neighbours(now, measure, comparator)
        self._say_difference(now, was, measure, comparator)
        return now

    def _has_year(self, measure: str, year: int, comparator: Comparator) -> bool:
        files = self.statistics.of_measure(measure)
        if any(key[:2] == (measure, year) for file in files for key in file.measures):
            return True
        years = files[0].years
        what = (
            f'the file holds {years[0]} to {years[-1]}, and "{comparator.title}" shows '
            f"{year_label(year)}."
        )
        done = "The values of benchmarks.toml are shown."
        self._say(Problem(catalogue.YEAR_NOT_THERE, what, Where(files[0].file), done))
        return False

    def _look_up(self, measure: str, year: int, comparator: Comparator) -> _Lookup:
        if comparator.who == "England":
            return _Lookup([self.statistics.figure((measure, year, ENGLAND))])
        authority = self._authority()
        if not authority:
            return _Lookup()
        if comparator.who == "statistical neighbours":
            return self._neighbours(measure, year, comparator, authority)
        area = authority.region if comparator.who == "region" else authority.code
        return _Lookup([self.statistics.figure((measure, year, area))])

    def _authority(self) -> Authority | None:
        found = _authority(self.definitions, self.layout, self.statistics)
        self._say(*found.problems)
        return found.value

    def _neighbours(
        self, measure: str, year: int, comparator: Comparator, authority: Authority
    ) -> _Lookup:
        sets = self.statistics.sets_of(comparator.vintage, authority.code)
        if len(sets) != 1:
            self._no_neighbours(comparator, authority, sets)
            return _Lookup()
        codes = sets[0].neighbours[authority.code]
        found = [self.statistics.figure((measure, year, code)) for code in codes]
        return _Lookup(found, sets[0].file)

    def _no_neighbours(
        self, comparator: Comparator, authority: Authority, sets: Sequence[NeighbourSet]
    ) -> None:
        kind, file = catalogue.NO_NEIGHBOURS, self.statistics.has_vintage(comparator.vintage)
        if sets:
            kind, file = catalogue.FILES_CONTRADICT, sets[0].file
            what = f"the statistical neighbours are others in {sets[1].file}."
        elif file:
            what = f'the file has no neighbours of {authority.name} ("{authority.code}").'
        else:
            what = (
                f"no file of statistical neighbours of {comparator.vintage} is there for "
                f'"{comparator.title}".'
            )
        self._say(Problem(kind, what, Where(file), "The values of benchmarks.toml are shown."))

    def _benchmark(
        self, values: list[float], looked_up: _Lookup, comparator: Comparator, was: Benchmark
    ) -> Benchmark:
        files = dict.fromkeys(one.file for one in looked_up.found if one.file)
        now = replace(
            was,
            entry=Entry(values[0]),
            source="; ".join(dict.fromkeys(file.source for file in files)),
            file=", ".join(file.file for file in files),
        )
        if not comparator.method or not looked_up.neighbours_file:
            return now
        return replace(
            now,
            entry=Entry(middle(values, comparator.method)),
            neighbours_file=looked_up.neighbours_file,
            having=len(values),
            neighbours=len(looked_up.found),
        )

    def _say_nothing_found(
        self, looked_up: _Lookup, measure: Measure, comparator: Comparator, period: str
    ) -> None:
        if looked_up.found and not any(one.contradicted_by for one in looked_up.found):
            what = f'"{measure.title}", "{comparator.title}": there is no figure for {period}.'
            file = self.statistics.of_measure(measure.name)[0].file
            done = "The value of benchmarks.toml is shown."
            self._say(Problem(catalogue.NO_FIGURE, what, Where(file), done))

    def _say_too_large(self, looked_up: _Lookup, measure: Measure, comparator: Comparator) -> None:
        file = next(one.file.file for one in looked_up.found if one.file)
        what = f'"{measure.title}", "{comparator.title}": the published percentage is above 100.'
        done = "The value of benchmarks.toml is shown."
        self._say(Problem(catalogue.STATISTICS_TOO_LARGE, what, Where(file), done))

    def _say_neighbours(self, now: Benchmark, measure: Measure, comparator: Comparator) -> None:
        if now.having < now.neighbours:
            what = (
                f'"{measure.title}", "{comparator.title}": {now.having} of '
                f"{counted(now.neighbours, 'neighbour')} have a figure for {now.period}."
            )
            done = f"The {comparator.method} is taken over these."
            self._say(Problem(catalogue.NEIGHBOURS_BLANK, what, Where(now.file), done))

    def _say_difference(
        self, now: Benchmark, was: Benchmark, measure: Measure, comparator: Comparator
    ) -> None:
        new, old = shown_text(now.entry, measure), shown_text(was.entry, measure)
        if was.entry.number is not None and new != old:
            what = (
                f'"{measure.title}", "{comparator.title}", {now.period}: {new} in the file, '
                f"{old} in benchmarks.toml."
            )
            self._say(
                Problem(catalogue.BENCHMARK_DIFFERS, what, Where(now.file), f"{new} is shown.")
            )

    def _say(self, *problems: Problem) -> None:
        self._met |= dict.fromkeys(problems)


def populations_of(
    definitions: Definitions, layout: Layout, statistics: Statistics
) -> Result[Mapping[tuple[str, int], float]]:
    """Return the published populations of the layout's authority by group and year."""
    published = {key[:2] for file in statistics.files for key in file.populations}
    if not published:
        return Result({})
    own = _authority(definitions, layout, statistics)
    found: dict[tuple[str, int], float] = {}
    problems = list(own.problems)
    code = own.value.code if own.value else ""
    for group, year in sorted(published) if code else ():
        people = statistics.people((group, year, code))
        problems += _contradiction(people, f"{group}, mid-{year}")
        if people.value is not None:
            found[group, year] = people.value
    return Result(found, tuple(problems))


def _authority(
    definitions: Definitions, layout: Layout, statistics: Statistics
) -> Result[Authority | None]:
    found = statistics.authority(layout.authority)
    if found:
        return Result(found)
    said = f'"{layout.authority}" is in none of the files of statistics.'
    what = said if layout.authority else "the layout does not say which it is."
    where = definitions.where("layouts", layout.name, "authority")
    done = "Only figures of England are taken from the files."
    return Result(None, (Problem(catalogue.NO_AUTHORITY, what, where, done),))


def _contradiction(found: PublishedFigure, title: str) -> Iterator[Problem]:
    if found.contradicted_by and found.file:
        what = f'"{title}" is otherwise in {found.contradicted_by}.'
        done = "The figure is taken as missing."
        yield Problem(catalogue.FILES_CONTRADICT, what, Where(found.file.file), done)

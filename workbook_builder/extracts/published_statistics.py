"""Published statistics and statistical neighbours as they were read, and how a figure is looked up.

`statistics_files` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbook_builder.names import same_name

#: The area of the national figure.
ENGLAND = "England"

#: What a figure is of (a measure or a population group), its year, and its area.
Key = tuple[str, int, str]
#: Figures by key; None is a figure that was suppressed or is not available.
Values = Mapping[Key, float | None]


def region_area(name: str) -> str:
    """Return the area of a region; authorities' areas are their codes."""
    return f"region {same_name(name)}"


@dataclass(frozen=True)
class Authority:
    """A local authority: its code of three digits, its nine-character code, and its region."""

    code: str
    new_code: str
    name: str
    region: str

    def is_called(self, text: str) -> bool:
        """Tell whether a code or a name is this authority's."""
        wanted = same_name(text)
        return bool(wanted) and wanted in {
            same_name(one) for one in (self.code, self.new_code, self.name)
        }


@dataclass(frozen=True, eq=False)
class RateNumbers:
    """The numbers of a measure by year and area, of which its rate is `per` so many of a group."""

    measure: str
    group: str
    per: int
    figures: Mapping[tuple[int, str], float | None]


@dataclass(frozen=True, eq=False)
class StatisticFile:
    """One file of statistics: the figures of measures (in their own units) and of populations.

    Those of the measures `a_month` are a twelfth of what is published for the year. `numbers` are
    those out of which a rate can be made where it is not published; `worked_out` are the measures
    whose rates were. `together` names, by year and area, the authorities that share one figure.
    """

    file: str
    title: str
    source: str
    measures: Values
    populations: Values
    authorities: tuple[Authority, ...]
    a_month: frozenset[str] = frozenset()
    numbers: tuple[RateNumbers, ...] = ()
    worked_out: frozenset[str] = frozenset()
    together: Mapping[tuple[int, str], str] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """The years for which there are figures, in order."""
        return tuple(sorted({year for _, year, _ in (*self.measures, *self.populations)}))

    @property
    def last_year(self) -> int:
        """The last year for which there are figures; of two files the later one is the newer."""
        return max(self.years, default=0)


@dataclass(frozen=True, eq=False)
class NeighbourSet:
    """The statistical neighbours of authorities, by code, as they were set in one year."""

    file: str
    vintage: str
    neighbours: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]


@dataclass(frozen=True)
class PublishedFigure:
    """A figure that was looked up: what it is, where from, and whether files of one age differ.

    `value` is None where the figure is not there or suppressed, `file` where no file has its row.
    `together` names the authorities that share the figure, if they report together.
    """

    value: float | None = None
    file: StatisticFile | None = None
    contradicted_by: str = ""
    together: str = ""


@dataclass(frozen=True)
class Statistics:
    """All that was read of published statistics."""

    files: tuple[StatisticFile, ...] = ()
    neighbour_sets: tuple[NeighbourSet, ...] = field(default=())

    def authority(self, text: str) -> Authority | None:
        """Return the authority of a code or a name."""
        known = (one for file in self.files for one in file.authorities)
        return next((one for one in known if one.is_called(text)), None)

    def sets_of(self, vintage: str, code: str) -> tuple[NeighbourSet, ...]:
        """Return the files that say who an authority's neighbours of a year are, those that differ.

        Files that say the same, in whatever order, count once.
        """
        found: dict[frozenset[str], NeighbourSet] = {}
        for one in self.neighbour_sets:
            if one.vintage == vintage and one.neighbours.get(code):
                found.setdefault(frozenset(one.neighbours[code]), one)
        return tuple(found.values())

    def has_vintage(self, vintage: str) -> str:
        """Return the name of a file of the neighbours of a year, or nothing if there is none."""
        return next((one.file for one in self.neighbour_sets if one.vintage == vintage), "")

    def of_measure(self, measure: str) -> tuple[StatisticFile, ...]:
        """Return the files that hold figures of a measure, the newest first."""
        found = [one for one in self.files if any(key[0] == measure for key in one.measures)]
        return tuple(sorted(found, key=lambda one: -one.last_year))

    def figure(self, key: Key) -> PublishedFigure:
        """Look a measure's figure up in the newest file that has a row for it."""
        return _newest([(one, one.measures) for one in self.files], key)

    def people(self, key: Key) -> PublishedFigure:
        """Look a population up in the newest file that has a row for it."""
        return _newest([(one, one.populations) for one in self.files], key)


def with_rates(statistics: Statistics) -> Statistics:
    """Work out the rates that no file publishes, of numbers and the populations of all files.

    Statistics of a year that ends in March go by the estimates of the middle of the year before.
    """
    published = {key for file in statistics.files for key in file.measures}
    files = []
    for file in statistics.files:
        rates: dict[Key, float | None] = {}
        for one in file.numbers:
            for (year, area), number in one.figures.items():
                people = statistics.people((one.group, year - 1, area)).value
                key = (one.measure, year, area)
                if key not in published and people:
                    rates[key] = None if number is None else number * one.per / people
        worked_out = frozenset(measure for measure, _, _ in rates)
        files.append(replace(file, measures={**file.measures, **rates}, worked_out=worked_out))
    return replace(statistics, files=tuple(files))


def _newest(files: Sequence[tuple[StatisticFile, Values]], key: Key) -> PublishedFigure:
    having = [(file, values[key]) for file, values in files if key in values]
    if not having:
        return PublishedFigure()
    newest, value = max(having, key=lambda one: one[0].last_year)
    for file, other in having:
        if file.last_year == newest.last_year and other != value:
            return PublishedFigure(None, newest, file.file)
    return PublishedFigure(value, newest, together=newest.together.get(key[1:], ""))

"""All definitions together: everything that TOML defines, by name, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from pathlib import Path

from workbook_builder.definitions.authorities import LocalAuthority, english_authorities
from workbook_builder.definitions.council import COUNCIL, CouncilProfile, Team, Teams, Theme, headed
from workbook_builder.definitions.datasets import CodeList, Dataset, Parameter, StatutoryReturn
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.measures import Measure
from workbook_builder.definitions.targets import (
    Benchmarks,
    Comparator,
    NeighbourFile,
    Statistic,
    Target,
)
from workbook_builder.definitions.toml_files import TomlPlace
from workbook_builder.problems import Problem, ProblemKind, Where, did_you_mean


@dataclass(frozen=True)
class Definitions:
    """Everything that TOML defines, by name, and where each definition stands."""

    codes: Mapping[str, CodeList] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    standards: Mapping[str, StatutoryReturn] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    themes: Mapping[str, Theme] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    comparators: Mapping[str, Comparator] = field(default_factory=dict)
    benchmarks: Mapping[str, Benchmarks] = field(default_factory=dict)
    neighbours: Mapping[str, NeighbourFile] = field(default_factory=dict)
    statistics: Mapping[str, Statistic] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    council: CouncilProfile = field(default_factory=CouncilProfile)
    #: The authority of the profile, if it names one.
    authority: LocalAuthority | None = None
    #: The headings of the comparators before names were filled in.
    headings: Mapping[str, str] = field(default_factory=dict)
    #: The definitions that files seem to hold which are no TOML, by the file.
    unread: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict, repr=False)
    places: Mapping[tuple[str, str], TomlPlace] = field(default_factory=dict, repr=False)

    def parameters_in_force(self, layout: Layout | None) -> dict[str, int]:
        """Return the value of each parameter: the layout's, or its own where that gives none."""
        defaults = {name: parameter.value for name, parameter in self.parameters.items()}
        return defaults | (dict(layout.parameters) if layout else {})

    def authority_of(self, layout: Layout) -> LocalAuthority | None:
        """Return the authority that a layout is of: the profile's, or another that it names."""
        ours, known = self.authority, english_authorities()
        if ours and known.are_same(layout.authority, ours.code or ours.name):
            return ours
        return known.find(layout.authority)

    def for_authority(self, name: str) -> Definitions:
        """Return the definitions for the workbook of an authority, or of a region, by its name.

        Where the profile is of another, nothing that is that council's own is left.
        """
        known = english_authorities()
        if self.authority is None or known.are_same(name, self.authority.name):
            return self
        other = known.find(name)
        comparators = {
            key: headed(replace(comparator, title=self.headings[key]), other)
            for key, comparator in self.comparators.items()
        }
        return replace(
            self, council=CouncilProfile(), authority=other, comparators=comparators,
            targets={}, benchmarks={}, teams={},
        )  # fmt: skip

    @property
    def known_teams(self) -> Teams:
        """All teams, found by any of their names."""
        return Teams(self.teams)

    def beside_profile(self, path: str) -> Path:
        """Return the path of a file that the council's profile names."""
        return Path(self.where(COUNCIL, COUNCIL).file).parent / path

    def with_parts(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return measures and all that must be computed for them, each once."""
        measures: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop(0)
            if name not in measures:
                measures[name] = None
                waiting += self.measures[name].needed
        return tuple(measures)

    def where(self, section: str, name: str, *keys: str | int) -> Where:
        """Return where a definition, or a key inside it, stands."""
        place = self.places.get((section, name))
        return place.where(*keys) if place else Where()


def measures_in_order(definitions: Definitions) -> tuple[str, ...]:
    """Return the measures' names so that each stands after those it is derived from.

    Raises CycleError if measures are derived from one another in a circle.
    """
    graph = {name: measure.needed for name, measure in sorted(definitions.measures.items())}
    return tuple(TopologicalSorter(graph).static_order())


def unknown_name(
    kind: ProblemKind, noun: str, name: str, known: Collection[str], where: Where
) -> Problem:
    """Return the problem that a name is not defined, with the nearest one that is."""
    text = f'the {noun} "{name}" is not known. {did_you_mean(name, known)}'.strip()
    return Problem(kind, text, where)

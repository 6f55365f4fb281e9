"""Which definitions a layout needs, so that a fault in any other stops nothing.

A person's own folder may hold a file that is half written or meant for another workbook. A fault in
it is an error only for what needs it; else it is a warning, and what is faulty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.council import COUNCIL
from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Clocked
from workbook_builder.paths import LAYOUTS, shipped
from workbook_builder.problems import Level, Problem

#: A definition: its section and its name.
Subject = tuple[str, str]

#: What every workbook needs: it says how any extract is read, or how any team is called.
_ALWAYS = frozenset({COUNCIL, "teams", "parameters", "standards", "statistics", "neighbours"})
#: The datasets that a build looks at by itself.
_OWN_DATASETS = ("figures", "commentary", "population")
_LEFT_OUT = "Left out."


@dataclass(frozen=True)
class LeftOut:
    """Faults that nothing needs, as warnings, and the definitions that they are of, by file."""

    warnings: tuple[Problem, ...] = ()
    definitions: frozenset[tuple[str, Subject]] = frozenset()


def not_needed(faults: Iterable[Problem], definitions: Definitions, layout: str) -> LeftOut:
    """Return which of the errors in a person's files a layout does not need.

    Where it is not known what a fault is of, it counts as needed.
    """
    needs = _Needs(definitions, layout)
    warnings: list[Problem] = []
    held: set[tuple[str, Subject]] = set()
    for fault in faults:
        if fault.level is Level.ERROR and _is_own(fault.where.file):
            subjects = needs.subjects(fault)
            if subjects and not any(needs.includes(*subject) for subject in subjects):
                warnings.append(replace(fault, kind=catalogue.OF_NO_NEED, done=_LEFT_OUT))
                held |= {(fault.where.file, subject) for subject in subjects}
    return LeftOut(tuple(warnings), frozenset(held))


def _is_own(file: str) -> bool:
    return bool(file) and not Path(file).is_relative_to(shipped(LAYOUTS))


@dataclass(frozen=True)
class _Needs:
    """What a layout needs of the definitions."""

    definitions: Definitions
    layout: str

    def subjects(self, fault: Problem) -> frozenset[Subject]:
        """Return the definitions that a fault is of: all of a file that is no TOML."""
        file, key = fault.where.file, fault.where.key
        if file in self.definitions.unread:
            return self.definitions.unread[file]
        held = [
            (len(place.path), subject)
            for subject, place in self.definitions.places.items()
            if place.file == file and f"{key}.".startswith(f"{place.where().key}.".lstrip("."))
        ]
        longest = max((length for length, _ in held), default=0)
        return frozenset(subject for length, subject in held if length == longest)

    def includes(self, section: str, name: str) -> bool:
        """Tell whether the layout needs a definition."""
        layout = self.definitions.layouts.get(self.layout)
        if section == "layouts":
            return name in self._extended_layouts()
        if section in _ALWAYS or layout is None:
            return True
        measures = self._measures(layout)
        needed = {
            "themes": {layout.theme},
            "measures": measures,
            "targets": measures,
            "benchmarks": measures,
            "comparators": _comparators(layout, self.definitions),
            "datasets": self._datasets(layout),
            "codes": self._codes(layout),
        }
        return name in needed[section]

    def _extended_layouts(self) -> frozenset[str]:
        """Return the layout and those that it extends."""
        names: dict[str, None] = {}
        name = self.layout
        while name and name not in names:
            names[name] = None
            layout = self.definitions.layouts.get(name)
            name = layout.extends if layout else ""
        return frozenset(names)

    def _measures(self, layout: Layout) -> frozenset[str]:
        """Return the measures that the layout shows, with all that they are worked out from."""
        known = self.definitions.measures
        needed: dict[str, None] = {}
        waiting = list(layout.measures)
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed[name] = None
                waiting += known[name].needed if name in known else ()
        return frozenset(needed)

    def _datasets(self, layout: Layout) -> frozenset[str]:
        """Return the datasets that the layout's measures count, or name in their SQL."""
        known = self.definitions.measures
        clocked = [
            measure
            for name in self._measures(layout)
            if isinstance(measure := known.get(name), Clocked)
        ]
        words = {
            word
            for measure in clocked
            for text in measure.expressions.values()
            for word in re.findall(r"\w+", text)
        }
        return frozenset({measure.dataset for measure in clocked} | words | {*_OWN_DATASETS})

    def _codes(self, layout: Layout) -> frozenset[str]:
        known = self.definitions.datasets
        datasets = [known[name] for name in self._datasets(layout) if name in known]
        return frozenset(column.codes for each in datasets for column in each.columns.values())


def _comparators(layout: Layout, definitions: Definitions) -> frozenset[str]:
    """Return the comparators that a layout shows."""
    chosen = layout.comparators
    names = set(definitions.comparators if chosen is None else chosen)
    for table in layout.tables:
        names |= set(table.comparators or ())
    for slide in layout.slides:
        for panel in slide.panels.values():
            names |= set(panel.lines or ())
    return frozenset(names)

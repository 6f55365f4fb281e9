"""The names by which people call measures: key, reference, title."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.names import same_name
from workbook_builder.problems import did_you_mean


class MeasureNames:
    """All measures by their keys, and by the references and titles that mean only one of them."""

    def __init__(self, definitions: Definitions, layout: Layout) -> None:
        self._keys = tuple(definitions.measures)
        self._known = {same_name(name): one for name, one in definitions.measures.items()}
        meant: dict[str, set[str]] = {}
        for name, measure in _in_use(definitions, layout):
            meant.setdefault(same_name(name), set()).add(measure)
        for name, measures in meant.items():
            if len(measures) == 1:
                self._known.setdefault(name, definitions.measures[next(iter(measures))])

    def find(self, *names: str | None) -> Measure | None:
        """Return the measure that the first name means, else the second, and so on."""
        found = (self._known.get(same_name(name)) for name in names if name)
        return next((measure for measure in found if measure), None)

    def hint(self, name: str) -> str:
        """Return a question with the nearest key, or nothing."""
        return did_you_mean(name, self._keys)


def _in_use(definitions: Definitions, layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield the references and titles of a layout's rows with the measures they stand for."""
    for table in layout.tables:
        for row in table.rows:
            title = row.title or definitions.measures[row.measure].title
            yield from ((name, row.measure) for name in (row.reference, title) if name)

"""The names by which people call measures: key, reference, title."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workbook_builder.definitions.layouts import Layout
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.measures import Measure
from workbook_builder.names import same_name
from workbook_builder.problems import did_you_mean

#: A near name is looked for so many times, which takes long.
_MOST_HINTS = 200


class MeasureNames:
    """All measures by their keys, and by the references and titles that mean only one of them.

    Letter case, spaces and punctuation do not matter, unless names differ in nothing else, as
    "CP2b" and "CP2b %" do.
    """

    def __init__(self, definitions: Definitions, layout: Layout) -> None:
        self._measures = definitions.measures
        in_use = tuple(_in_use(definitions, layout))
        self._hints: dict[str, str] = {}
        self._known = [_meant(in_use, definitions, alike) for alike in (_as_written, same_name)]

    def find(self, *names: str | None) -> Measure | None:
        """Return the measure that the first name means, else the second, and so on."""
        for name in filter(None, names):
            for known, alike in zip(self._known, (_as_written, same_name), strict=True):
                if alike(name) in known:
                    return self._measures[known[alike(name)]]
        return None

    def hint(self, name: str) -> str:
        """Return a question with the nearest key, or nothing; also nothing after very many."""
        if name not in self._hints and len(self._hints) < _MOST_HINTS:
            self._hints[name] = did_you_mean(name, self._measures)
        return self._hints.get(name, "")


def _as_written(name: str) -> str:
    return " ".join(name.split()).casefold()


def _meant(
    in_use: Sequence[tuple[str, str]], definitions: Definitions, alike: Callable[[str], str]
) -> dict[str, str]:
    """Return what each name means: a key, or else the one measure that bears it."""
    bearers: dict[str, set[str]] = {}
    for name, measure in in_use:
        bearers.setdefault(alike(name), set()).add(measure)
    known = {name: next(iter(found)) for name, found in bearers.items() if len(found) == 1}
    return known | {alike(name): name for name in definitions.measures}


def _in_use(definitions: Definitions, layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield the references and titles of a layout's rows with the measures they stand for."""
    for table in layout.tables:
        for row in table.rows:
            title = row.title or definitions.measures[row.measure].title
            yield from ((name, row.measure) for name in (row.reference, title) if name)

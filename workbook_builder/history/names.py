"""The measures as last month's workbook may name them."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.definitions.measures import Measure
from workbook_builder.names import same_name
from workbook_builder.problems import Kind, Problem, Where, counted, did_you_mean


class Names:
    """Knows each measure by its key and by those that it had formerly."""

    def __init__(self, measures: Mapping[str, Measure]) -> None:
        self._measures = measures
        self._keys = {
            same_name(name): measure.name
            for measure in measures.values()
            for name in measure.formerly
        } | {same_name(name): name for name in measures}

    def key(self, name: str) -> str:
        """Return the key of a measure; one that is not known keeps its name."""
        return self._keys.get(same_name(name), name)

    def titled(self, title: str) -> str:
        """Return the key of the only measure with a title, or nothing."""
        meant = [one.name for one in self._measures.values()
                 if same_name(one.title) == same_name(title)]  # fmt: skip
        return meant[0] if len(meant) == 1 else ""

    def knows(self, key: str) -> bool:
        """Tell whether a measure is defined."""
        return key in self._measures

    def is_percent(self, key: str) -> bool:
        """Tell whether a measure is known to be a percentage."""
        return key in self._measures and self._measures[key].unit == "percent"

    def unknown(self, kind: Kind, name: str, figures: int, file: str) -> Problem:
        """Return the problem that a measure with so many figures is not known."""
        hint = did_you_mean(name, self._measures)
        what = f'the measure "{name}" is not known. {hint}'.strip()
        done = f"Its {counted(figures, 'figure')} stay on the Figures sheet."
        return Problem(kind, what, Where(file), done)

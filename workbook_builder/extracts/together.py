"""The records of all sheets, dataset by dataset, and how much memory they may take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbook_builder.columns.kept import Kept
from workbook_builder.columns.table import Records
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.extracts.duplicates import Part, below_one_another, put_together
from workbook_builder.extracts.model import Sheet
from workbook_builder.fingerprints import Fingerprint
from workbook_builder.problems import Problem, Result
from workbook_builder.readers.limits import too_much_kept, too_much_of_one
from workbook_builder.statistics.published import Statistics


class Together(Mapping[str, Records]):
    """The records of each dataset; they are made whole only where they are asked for."""

    def __init__(self, parts: Mapping[str, Sequence[Part]] | None = None) -> None:
        self._parts = {name: list(each) for name, each in (parts or {}).items()}

    def __getitem__(self, name: str) -> Records:
        return below_one_another(self._parts[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def handed_over(self) -> Iterator[tuple[str, Records]]:
        """Yield the records sheet by sheet, with their dataset, and let go of each sheet's."""
        while self._parts:
            name = next(iter(self._parts))
            for part in _emptied(self._parts.pop(name)):
                yield name, part.records()


@dataclass(frozen=True, eq=False)
class Extracts:
    """The records of each dataset for which a sheet was recognised, and all sheets in order.

    `statistics` are the published ones that stood among them, `files` all files that were read, by
    the names that the sheets call them by.
    """

    records: Together
    sheets: tuple[Sheet, ...]
    statistics: Statistics = field(default_factory=Statistics)
    files: Mapping[str, Fingerprint] = field(default_factory=dict)


def _emptied(parts: list[Part]) -> Iterator[Part]:
    parts.reverse()
    while parts:
        yield parts.pop()


def all_put_together(parts: Sequence[Part], datasets: Mapping[str, Dataset]) -> Result[Together]:
    """Put the records of every dataset together, each of them counted once."""
    found = {
        name: put_together(dataset, same)
        for name, dataset in datasets.items()
        if (same := [part for part in parts if part.dataset == name])
    }
    problems = [one for result in found.values() for one in result.problems]
    return Result(Together({name: one.value for name, one in found.items()}), tuple(problems))


class Room:
    """How much memory the records that were read so far take."""

    def __init__(self, datasets: Mapping[str, Dataset]) -> None:
        self._datasets = datasets
        self._kept = 0
        self._whole: Counter[str] = Counter()

    def take(self, dataset: str, kept: Kept) -> None:
        """Count the records of a sheet."""
        self._kept += kept.size
        self._whole[dataset] += kept.whole

    def lacking(self, file: str) -> Problem | None:
        """Return the problem that with the records of this file there are too many, if so."""
        fullest = max(self._whole, key=self._whole.__getitem__, default="")
        if not fullest:
            return None
        title = self._datasets[fullest].title
        return too_much_kept(file, self._kept) or too_much_of_one(file, title, self._whole[fullest])

"""Published statistics, whether dropped with the extracts or kept with the layouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbook_builder.definitions.comparators import NeighbourFile, Statistic
from workbook_builder.extracts.inputs import ENDINGS
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.neighbours import ReadNeighbours, read_neighbours
from workbook_builder.extracts.statistics import ReadStatistic, read_statistic
from workbook_builder.statistics.published import NeighbourSet, StatisticFile, Statistics


@dataclass(frozen=True)
class Published:
    """The kinds of files of statistics that are known, and the files kept with the layouts."""

    statistics: Mapping[str, Statistic] = field(default_factory=dict)
    neighbours: Mapping[str, NeighbourFile] = field(default_factory=dict)
    kept: tuple[Path, ...] = ()


NO_STATISTICS = Published()


def kept_files(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files that stand in the folders "statistics" of layouts folders."""
    return tuple(
        path
        for folder in dict.fromkeys(folders)
        for path in sorted((folder / "statistics").glob("*"))
        if path.suffix.lower() in ENDINGS and not path.name.startswith((".", "~$"))
    )


def read_published(grid: Grid, known: Published) -> ReadStatistic | ReadNeighbours | None:
    """Read a sheet of statistics or of statistical neighbours; None where it is neither."""
    if not known.statistics:
        return None
    return read_neighbours(grid, known.neighbours) or read_statistic(grid, known.statistics)


def together_published(read: Iterable[StatisticFile | NeighbourSet | None]) -> Statistics:
    """Return all that was read of published statistics."""
    found = list(read)
    return Statistics(
        tuple(one for one in found if isinstance(one, StatisticFile)),
        tuple(one for one in found if isinstance(one, NeighbourSet)),
    )

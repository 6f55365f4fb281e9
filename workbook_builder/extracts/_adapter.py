"""Files as grids by the old opener; goes when `readers.read_file` is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from workbook_builder.extracts.opening import opened
from workbook_builder.fingerprints import Fingerprint
from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid


@dataclass(frozen=True, eq=False)
class FileRead:
    """The grids of a file that hold anything, or why there are none; and what file it was."""

    grids: list[Grid] | Problem
    fingerprint: Fingerprint = field(default_factory=Fingerprint)


def read_file(path: Path) -> FileRead:
    """Read the cells of a file."""
    old = opened(path)
    if isinstance(old.sheets, Problem):
        return FileRead(old.sheets, old.fingerprint)
    grids = []
    for grid in old.sheets:
        columns = {at: column.cells() for at, column in grid.cells.columns.items()}
        frame = pd.DataFrame(columns, index=pd.Index(grid.cells.rows), dtype=object)
        grids.append(Grid(grid.file, grid.sheet, frame, grid.notes, grid.from_1904))
    return FileRead(grids, old.fingerprint)

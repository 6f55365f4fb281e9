"""Until extracts/ reads DataFrames: what the readers return, as the old column store has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook_builder.columns.table import numbered_from_1
from workbook_builder.columns.texts import Texts
from workbook_builder.extracts import model
from workbook_builder.fingerprints import Fingerprint
from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid
from workbook_builder.readers.read_file import read_file


@dataclass(frozen=True, eq=False)
class Opened:
    sheets: list[model.Grid] | Problem
    fingerprint: Fingerprint


def opened(path: Path) -> Opened:
    read = read_file(path)
    if isinstance(read.grids, Problem):
        return Opened(read.grids, read.fingerprint)
    return Opened([old_grid(grid) for grid in read.grids], read.fingerprint)


def old_grid(grid: Grid) -> model.Grid:
    columns = {place: Texts.of(grid.cells[place]).lean() for place in range(grid.cells.shape[1])}
    cells = numbered_from_1(columns, len(grid.cells))
    return model.Grid(grid.file, grid.sheet, cells, grid.notes, grid.from_1904)

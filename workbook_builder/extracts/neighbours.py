"""A sheet of statistical neighbours in, the neighbours of each authority out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.definitions.comparators import NeighbourFile
from workbook_builder.extracts.model import Grid, Row
from workbook_builder.extracts.statistics import column_problem, lacking, whole_number
from workbook_builder.names import SPACES, same_name
from workbook_builder.problems import Problem
from workbook_builder.statistics.published import NeighbourSet

_TITLE = "Statistical neighbours"
_COLUMNS = tuple(f"SN{number}" for number in range(1, 11))
_ENOUGH = 5
_CODES = ("LA number", "LA num", "old_la_code", "LA code", "LEA code")
_NAMES = ("LA name", "la_name", "Authority")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True)
class ReadNeighbours:
    """What a sheet was taken for, the neighbours unless it cannot be used, and problems met."""

    title: str
    content: NeighbourSet | None
    problems: tuple[Problem, ...] = ()


def read_neighbours(grid: Grid, named: Mapping[str, NeighbourFile]) -> ReadNeighbours | None:
    """Read a file of statistical neighbours; None where the sheet does not look like one.

    Its vintage is what TOML says of a file of that name, else the year in the name.
    """
    wanted = {same_name(column) for column in _COLUMNS}
    row = next((row for row in grid.top if len(wanted & set(row.names)) >= _ENOUGH), None)
    if row is None:
        return None
    code = _first(_CODES, row)
    missing = [*lacking(_COLUMNS, row), *([] if code else [_CODES[0]])]
    if missing:
        taken = (*_COLUMNS, *_NAMES)
        problem = column_problem(grid, row, _TITLE, missing, taken)
        return ReadNeighbours("statistical neighbours, not usable", None, (problem,))
    vintage = _vintage(grid.file, named.values())
    if not vintage:
        what = "it cannot be told of which year these neighbours are."
        problem = Problem(catalogue.NO_VINTAGE, what, grid.where(), "File left out.")
        return ReadNeighbours("statistical neighbours, not usable", None, (problem,))
    return _read(grid, row, code, vintage)


def _first(headings: Iterable[str], row: Row) -> str:
    return next((one for one in headings if same_name(one) in row.names), "")


def _vintage(file: str, named: Iterable[NeighbourFile]) -> str:
    said = [one.vintage for one in named if one.file.casefold() == file.casefold()]
    found = said or list(dict.fromkeys(_YEAR.findall(file)))
    return found[0] if len(found) == 1 else ""


def _read(grid: Grid, row: Row, code: str, vintage: str) -> ReadNeighbours:
    below = grid.cells.below(row.number).columns
    places = [row.names.index(same_name(column)) for column in _COLUMNS]
    at_code, name = row.names.index(same_name(code)), _first(_NAMES, row)
    at_name = row.names.index(same_name(name)) if name else at_code
    neighbours: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = {}
    for cells in zip(*(column.cells() for column in below.values()), strict=True):
        texts = [whole_number(cell.strip(SPACES)) for cell in cells]
        if texts[at_code]:
            found = [texts[place] for place in places if texts[place]]
            neighbours.setdefault(texts[at_code], tuple(dict.fromkeys(found)))
            names.setdefault(texts[at_code], texts[at_name])
    content = NeighbourSet(grid.file, vintage, neighbours, names)
    return ReadNeighbours(f"statistical neighbours of {vintage}", content)

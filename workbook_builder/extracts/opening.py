"""A file in, the cells of its sheets out: what it is, it says itself, whatever its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.extracts.content import Content, content_of
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.text_files import read_text_file
from workbook_builder.extracts.web_pages import read_web_page
from workbook_builder.extracts.whole import whole_content
from workbook_builder.extracts.workbooks import damaged, locked, read_workbook
from workbook_builder.extracts.xml_spreadsheets import read_xml_spreadsheet
from workbook_builder.fingerprints import Fingerprint, fingerprint_of
from workbook_builder.problems import Problem, Where


@dataclass(frozen=True, eq=False)
class Opened:
    """The sheets of a file that hold anything, or why there are none; and what file it was."""

    sheets: list[Grid] | Problem
    fingerprint: Fingerprint = field(default_factory=Fingerprint)


def opened(path: Path) -> Opened:
    """Read the cells of a file; that no sheet of it holds anything is a problem."""
    content = whole_content(path)
    if isinstance(content, Problem):
        return Opened(content)
    fingerprint = fingerprint_of(path, content)
    grids = _grids(path.name, content)
    if isinstance(grids, Problem):
        return Opened(grids, fingerprint)
    filled = [grid for grid in grids if not _is_empty(grid)]
    return Opened(filled or _empty(path.name), fingerprint)


def _grids(file: str, content: bytes) -> tuple[Grid, ...] | Problem:
    """Read the cells of a file by what it holds."""
    if not content:
        return _empty(file)
    kind, name = content_of(content)
    if kind is Content.TEXT:
        grid = read_text_file(file, content)
        return grid if isinstance(grid, Problem) else (grid,)
    if kind in _READERS:
        return _READERS[kind](file, content)
    return _unusable(file, kind, name)


_READERS: Mapping[Content, Callable[[str, bytes], tuple[Grid, ...] | Problem]] = {
    Content.WORKBOOK: read_workbook,
    Content.WEB_PAGE: read_web_page,
    Content.XML_SPREADSHEET: read_xml_spreadsheet,
}


def _unusable(file: str, kind: Content, name: str) -> Problem:
    if kind is Content.LOCKED_WORKBOOK:
        return locked(file)
    if kind is Content.BROKEN_WORKBOOK:
        return damaged(file)
    if kind is Content.WEB_ARCHIVE:
        what = "the file is a web archive (MHTML), whatever its name says."
        return Problem(catalogue.WEB_PAGE, what, Where(file), "File left out.")
    return Problem(catalogue.OTHER_CONTENT, f"the file is {name}.", Where(file), "File left out.")


def _is_empty(grid: Grid) -> bool:
    if any(any(row.texts) for row in grid.top):  # as in nearly all
        return False
    columns = grid.cells.columns.values()
    return not any(any(map(str.strip, column.different.texts())) for column in columns)


def _empty(file: str) -> Problem:
    return Problem(catalogue.EMPTY_FILE, "the file is empty.", Where(file), "File left out.")

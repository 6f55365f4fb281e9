"""A file in, the cells of its sheets out: what it is, it says itself, whatever its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from workbook_builder.extracts import kinds
from workbook_builder.extracts.content import Content, content_of
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.text_files import read_text_file
from workbook_builder.extracts.web_pages import read_web_page
from workbook_builder.extracts.whole import whole_content
from workbook_builder.extracts.workbooks import damaged, locked, read_workbook
from workbook_builder.extracts.xml_spreadsheets import read_xml_spreadsheet
from workbook_builder.problems import Problem, Where


def filled_sheets(path: Path) -> list[Grid] | Problem:
    """Return the sheets of a file that hold anything; that none does is a problem."""
    grids = _grids(path)
    if isinstance(grids, Problem):
        return grids
    filled = [grid for grid in grids if not _is_empty(grid)]
    return filled or _empty(path)


def _grids(path: Path) -> tuple[Grid, ...] | Problem:
    """Read the cells of a file by what it holds."""
    content = whole_content(path)
    if isinstance(content, Problem):
        return content
    if not content:
        return _empty(path)
    kind, name = content_of(content)
    if kind is Content.TEXT:
        grid = read_text_file(path.name, content)
        return grid if isinstance(grid, Problem) else (grid,)
    if kind in _READERS:
        return _READERS[kind](path.name, content)
    return _unusable(path.name, kind, name)


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
        return Problem(kinds.WEB_PAGE, what, Where(file), "File left out.")
    return Problem(kinds.OTHER_CONTENT, f"the file is {name}.", Where(file), "File left out.")


def _is_empty(grid: Grid) -> bool:
    if any(any(row.texts) for row in grid.top):  # as in nearly all
        return False
    columns = grid.cells.columns.values()
    return not any(any(map(str.strip, column.different.texts())) for column in columns)


def _empty(path: Path) -> Problem:
    return Problem(kinds.EMPTY_FILE, "the file is empty.", Where(path.name), "File left out.")

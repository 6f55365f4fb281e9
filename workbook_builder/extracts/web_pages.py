"""A web page that a system has named .xls in, the cells of its tables out.

Case systems write such pages, and Excel opens them with a warning. A page without a table is no
extract: a sign-in page or a message saved by mistake.
"""

from __future__ import annotations

import contextlib
from html.parser import HTMLParser

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.extracts.bounds import (
    MOST_CELLS,
    MOST_COLUMNS,
    cells_too_many,
    page_too_large,
    reaches_too_far,
)
from workbook_builder.extracts.grids import cells_of
from workbook_builder.extracts.model import Grid
from workbook_builder.extracts.text_files import decoded
from workbook_builder.problems import Problem, Where

_SILENT = frozenset({"script", "style", "title", "head"})
_BREAKS = frozenset({"br", "p", "div", "li"})


def read_web_page(file: str, content: bytes) -> tuple[Grid, ...] | Problem:
    """Read the cells of every table of a web page, or say why it cannot be used."""
    problem = page_too_large(file, len(content))
    if problem:
        return problem
    page = _Page()
    with contextlib.suppress(_Beyond):
        page.feed(decoded(content))
        page.close()
    problem = cells_too_many(file, page.cells)
    if problem:
        return problem
    if page.open:
        what = "the web page is cut off: a table in it does not end."
        return Problem(catalogue.DAMAGED, what, Where(file), "File left out.")
    filled = [table for table in page.tables if any(any(row) for row in table)]
    if not filled:
        what = "the file is a web page without a table, whatever its name says."
        return Problem(catalogue.WEB_PAGE, what, Where(file), "File left out.")
    problems = (_beyond(file, table) for table in filled)
    found = next((one for one in problems if one), None)
    return found or tuple(_grid(file, number, table) for number, table in enumerate(filled, 1))


def _beyond(file: str, table: list[list[str]]) -> Problem | None:
    return reaches_too_far(Where(file), len(table), max(map(len, table)))


def _grid(file: str, number: int, table: list[list[str]]) -> Grid:
    sheet = f"Table {number}"
    what = "the file is a web page, whatever its name says; its tables were read as sheets."
    note = Problem(catalogue.READ_AS_TABLES, what, Where(file), "Read as it stands.")
    return Grid(file, sheet, cells_of(table), notes=(note,))


class _Beyond(Exception):
    """The tables have more cells than are read."""


class _Page(HTMLParser):
    """The tables of a page; a table inside a cell belongs to that cell's text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open = 0
        self._silent = 0
        self._cell: list[str] | None = None
        self._exact = ""
        self._width = 1
        self._height = 1
        self.cells = 0
        #: By column, how many more rows a cell above reaches down.
        self._reaching: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self.open += 1
            if self.open == 1:
                self._reaching = {}
                self.tables.append([])
        elif self.open == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
            self._count(1)
        elif self.open == 1 and tag in ("td", "th"):
            self._begin_cell({key: value or "" for key, value in attrs})
        elif tag in _BREAKS and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag == "table" and self.open:
            if self.open == 1:
                self._end_cell()
            self.open -= 1
        elif self.open == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        if not self.tables[-1]:
            self.tables[-1].append([])
        self._cell = []
        # Excel writes the number as it is beside the number as it is shown.
        self._exact = attributes.get("x:num", "")
        self._width = _span(attributes.get("colspan", ""))
        self._height = _span(attributes.get("rowspan", ""))

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        row = self.tables[-1][-1]
        before = len(row)
        while self._reaching.get(len(row), 0):
            self._reaching[len(row)] -= 1
            row.append("")
        place = len(row)
        row.append(self._exact or " ".join("".join(self._cell).split()))
        row += [""] * (self._width - 1)
        if self._height > 1:
            self._reaching |= dict.fromkeys(range(place, len(row)), self._height - 1)
        self._cell = None
        self._count(len(row) - before)

    def _count(self, cells: int) -> None:
        """Count cells, and rows too, for an empty one also takes memory."""
        self.cells += cells
        if self.cells > MOST_CELLS:
            raise _Beyond


def _span(text: str) -> int:
    return min(max(int(text), 1), MOST_COLUMNS + 1) if text.isdecimal() and len(text) < 7 else 1

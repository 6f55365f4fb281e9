"""Read the tables of a web page that a system has named .xls into grids of text cells.

Case systems write such pages, and Excel opens them with a warning. A page without a table is no
extract: a sign-in page or a message saved by mistake.
"""

from __future__ import annotations

import contextlib
from html.parser import HTMLParser

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, Where
from workbook_builder.readers.grid import Grid, frame_of_rows
from workbook_builder.readers.limits import (
    MOST_CELLS,
    MOST_COLUMNS,
    cells_too_many,
    page_too_large,
    reaches_too_far,
)
from workbook_builder.readers.text_file import decode

_SILENT = frozenset({"script", "style", "title", "head"})
_BREAKS = frozenset({"br", "p", "div", "li"})


def read(file: str, content: bytes) -> list[Grid] | Problem:
    """Read the cells of every table of a web page, or say why it cannot be used."""
    where = Where(file)
    problem = page_too_large(file, len(content))
    if problem:
        return problem
    page = _Page()
    with contextlib.suppress(_TooManyCells):
        page.feed(decode(content))
        page.close()
    problem = cells_too_many(file, page.cells)
    if problem:
        return problem
    if page.open_tables:
        what = "the web page is cut off in the middle of a table."
        return Problem(catalogue.DAMAGED, what, where, "File left out.")
    filled = [table for table in page.tables if any(any(row) for row in table)]
    if not filled:
        what = "the file is really a web page, without a table."
        return Problem(catalogue.WEB_PAGE, what, where, "File left out.")
    for table in filled:
        problem = reaches_too_far(where, len(table), max(map(len, table)))
        if problem:
            return problem
    what = "the file is really a web page."
    note = Problem(catalogue.READ_AS_TABLES, what, where, "Its tables were read as sheets.")
    return [
        Grid(file, f"Table {number}", frame_of_rows(table), notes=(note,))
        for number, table in enumerate(filled, 1)
    ]


class _TooManyCells(Exception):
    """The tables have more cells than are read."""


class _Page(HTMLParser):
    """The tables of a page; a table inside a cell belongs to that cell's text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open_tables = 0
        self._silent = 0
        self._cell: list[str] | None = None
        self._exact_number = ""
        self._width = 1
        self._height = 1
        self.cells = 0
        #: By column, how many more rows a cell above reaches down.
        self._rows_below: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self.open_tables += 1
            if self.open_tables == 1:
                self._rows_below = {}
                self.tables.append([])
        elif self.open_tables == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
            self._count(1)
        elif self.open_tables == 1 and tag in ("td", "th"):
            self._begin_cell({key: value or "" for key, value in attrs})
        elif tag in _BREAKS and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag == "table" and self.open_tables:
            if self.open_tables == 1:
                self._end_cell()
            self.open_tables -= 1
        elif self.open_tables == 1 and tag in ("td", "th", "tr"):
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
        self._exact_number = attributes.get("x:num", "")
        self._width = _span(attributes.get("colspan", ""))
        self._height = _span(attributes.get("rowspan", ""))

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        row = self.tables[-1][-1]
        before = len(row)
        while self._rows_below.get(len(row), 0):
            self._rows_below[len(row)] -= 1
            row.append("")
        place = len(row)
        row.append(self._exact_number or " ".join("".join(self._cell).split()))
        row += [""] * (self._width - 1)
        if self._height > 1:
            self._rows_below |= dict.fromkeys(range(place, len(row)), self._height - 1)
        self._cell = None
        self._count(len(row) - before)

    def _count(self, cells: int) -> None:
        """Count cells, and rows too, for an empty one also takes memory."""
        self.cells += cells
        if self.cells > MOST_CELLS:
            raise _TooManyCells


def _span(text: str) -> int:
    return min(max(int(text), 1), MOST_COLUMNS + 1) if text.isdecimal() and len(text) < 7 else 1

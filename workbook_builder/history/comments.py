"""What stands as commentary in an earlier workbook: on its sheet and in the tables' columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbook_builder.commentary import Comment, Remembered
from workbook_builder.history.cells import month_of, text_of
from workbook_builder.history.names import Names
from workbook_builder.history.workbook import Book, Value
from workbook_builder.memory_format import (
    COMMENTARY_COLUMNS,
    COMMENTARY_TABLE,
    ROWS_COLUMNS,
    ROWS_TABLE,
    SAID_TABLE,
)
from workbook_builder.months import Month
from workbook_builder.names import same_name

_COMMENTARY = "commentary"


def read_comments(book: Book, names: Names, month: Month) -> Remembered:
    """Return the commentary of a workbook; what stands in its tables is of its own month.

    A row of a table is known by the reference and title that were written there, wherever it has
    moved; where that is not known, by its title. Words in a row that nobody knows keep the title.
    """
    listed = tuple(_listed(book, COMMENTARY_TABLE, names, month))
    wrote = tuple(_listed(book, SAID_TABLE, names, month))
    in_tables = tuple(_in_tables(book, names, month))
    return Remembered(wrote, (*listed, *in_tables))


def _listed(book: Book, table_name: str, names: Names, month: Month) -> Iterator[Comment]:
    for table in book.tables(same_name(table_name), COMMENTARY_COLUMNS):
        for row in table.rows:
            text = _words(row.cells.get("commentary"))
            measure = names.key(text_of(row.cells.get("measure")))
            if text:
                yield Comment(measure, month_of(row.cells.get("month")) or month, text)


@dataclass
class _Column:
    """A column of commentary: its headings, and the measures of its rows by what tells them."""

    table: str
    heading: str
    reference: str = ""
    title: str = "Indicator"
    measures: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, reference: str, title: str, measure: str) -> None:
        """Say which measure a row stands for; its title alone tells where nothing tells better."""
        self.measures[same_name(reference), same_name(title)] = measure
        self.measures.setdefault(("", same_name(title)), measure)

    def measure(self, reference: str, title: str, names: Names) -> str:
        """Return the measure of a row; where nobody knows it, the row's title."""
        keys = ((same_name(reference), same_name(title)), ("", same_name(title)))
        known = next((self.measures[key] for key in keys if key in self.measures), "")
        return known or names.titled(title) or title or reference


def _in_tables(book: Book, names: Names, month: Month) -> Iterator[Comment]:
    for column in _columns(book, names) or _guessed(book):
        heads = [same_name(text) for text in (column.reference, column.title, column.heading)]
        for table in book.tables(same_name(column.table), (column.title,)):
            for row in table.rows:
                reference, title, text = (_words(row.cells.get(head)) for head in heads)
                if text:
                    yield Comment(column.measure(reference, title, names), month, text)


def _columns(book: Book, names: Names) -> list[_Column]:
    found: dict[tuple[str, str], _Column] = {}
    for table in book.tables(same_name(ROWS_TABLE), ROWS_COLUMNS[:1]):
        for row in table.rows:
            name, heading, *heads, reference, title, measure = (
                text_of(row.cells.get(same_name(column))) for column in ROWS_COLUMNS
            )
            if name and heading:
                column = found.setdefault(
                    (name, heading), _Column(name, heading, heads[0], heads[1])
                )
                column.add(reference, title, names.key(measure))
    return list(found.values())


def _guessed(book: Book) -> list[_Column]:
    """Find the columns of commentary by their headings, where the workbook does not tell."""
    own = {same_name(COMMENTARY_TABLE), same_name(SAID_TABLE)}
    return [
        _Column(name, heading, "Ref.")
        for name, headings in book.table_headings()
        for heading in headings
        if name not in own and same_name(heading).startswith(_COMMENTARY)
    ]


def _words(cell: Value) -> str:
    # Excel and LibreOffice save line breaks in their own ways.
    return text_of(cell).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()

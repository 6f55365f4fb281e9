"""The hidden sheet by which next month's build can tell what people changed in this workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from workbook_builder.commentary import Commentary
from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.figures import FigureKey, Figures
from workbook_builder.indicators.rows import Indicator
from workbook_builder.memory_format import (
    COMMENTARY_COLUMNS,
    LISTED_COLUMNS,
    LISTED_TABLE,
    ROWS_COLUMNS,
    ROWS_TABLE,
    SAID_TABLE,
    WRITTEN_KEYS,
    WRITTEN_TABLE,
    numbers_text,
)
from workbook_builder.revisions import Listed
from workbook_builder.sheets.listing import Value, listing
from workbook_builder.sheets.plan import Cell, NativeTable, Sheet
from workbook_builder.sheets.titles import TITLE_HEIGHTS, titles

NAME = "As written"
TABLES = (WRITTEN_TABLE, LISTED_TABLE, SAID_TABLE, ROWS_TABLE)

_EXPLAINED = (
    "What the program wrote, so that next month's build can tell what people changed since. "
    "Nothing needs doing here."
)


@dataclass(frozen=True)
class CommentRow:
    """A row of a table with commentary: native table, headings, and what tells the row."""

    table: str
    commentary_heading: str
    reference_heading: str
    title_heading: str
    reference: str
    title: str
    measure: str


def memory_sheet(
    figures: Figures,
    listed: Mapping[FigureKey, Listed],
    commentary: Commentary,
    rows: Sequence[CommentRow],
) -> Sheet:
    """Lay out the copy of the figures, the differences listed so far, and the commentary."""
    lists: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Value]]]] = (
        (WRITTEN_TABLE, *_written(figures)),
        (LISTED_TABLE, LISTED_COLUMNS, list(_listed(listed))),
        (SAID_TABLE, COMMENTARY_COLUMNS, [[c.measure, str(c.month), c.text] for c in commentary]),
        (ROWS_TABLE, ROWS_COLUMNS, [list(astuple(row)) for row in rows]),
    )
    cells: list[Cell] = [*titles(NAME, _EXPLAINED)]
    tables: list[NativeTable] = []
    row = 2
    for name, headings, body in lists:
        made = listing(name, row, [(text, 0.0) for text in headings], body, style="data")
        cells += made.cells
        tables.append(made.table)
        row = made.end + 2
    return Sheet(NAME, tuple(cells), heights=TITLE_HEIGHTS, tables=tuple(tables), hidden=True)


def _written(figures: Figures) -> tuple[Sequence[str], Sequence[Sequence[Value]]]:
    known = [figure for figure in figures if figure.value is not None]
    months = sorted({figure.month for figure in known})
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for one in known:
        numbers = numbers_text((one.numerator, one.denominator, one.value))
        rows.setdefault((one.measure, one.team), {})[str(one.month)] = numbers
    body: list[list[Value]] = [
        [*key, *(texts.get(str(month)) for month in months)] for key, texts in rows.items()
    ]
    return (*WRITTEN_KEYS, *map(str, months)), body


def _listed(listed: Mapping[FigureKey, Listed]) -> Iterator[list[Value]]:
    for (measure, month, team), one in sorted(listed.items()):
        yield [measure, str(month), team, *one.amount, str(one.month)]


def comment_rows(
    table: NativeTable, first: Mapping[ColumnKind, int], indicators: Iterable[Indicator]
) -> Iterator[CommentRow]:
    """Yield the rows of a table that has a column of commentary.

    `first` is where each kind of column begins.
    """
    if "commentary" not in first:
        return
    kinds: tuple[ColumnKind, ...] = ("commentary", "reference", "indicator")
    headings = (table.headings[first[kind]] if kind in first else "" for kind in kinds)
    commentary, reference, title = headings
    for one in indicators:
        yield CommentRow(
            table.name, commentary, reference, title,
            one.reference if reference else "", one.title if title else "", one.measure,
        )  # fmt: skip

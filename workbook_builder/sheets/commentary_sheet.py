"""The Commentary sheet: where people write, and where next month's workbook finds it again.

The table's name and its columns are a contract with other programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbook_builder.commentary import Comment, Commentary
from workbook_builder.memory_format import COMMENTARY_TABLE
from workbook_builder.months import Month
from workbook_builder.sheets.listing import Value, listing, widths
from workbook_builder.sheets.plan import Sheet
from workbook_builder.sheets.titles import TITLE_HEIGHTS, titles

NAME = "Commentary"
TABLE = COMMENTARY_TABLE

_COLUMNS = (("measure", 44.0), ("month", 10.0), ("commentary", 120.0))
_EXPLAINED = "What is written here, or in a table's commentary column, is kept for next month."


def commentary_sheet(measures: Iterable[str], commentary: Commentary, month: Month) -> Sheet:
    """Lay out a row for each measure in the reporting month, then all else that was written."""
    rows = [_row(comment) for comment in _ordered(measures, commentary, month)]
    listed = listing(TABLE, 2, _COLUMNS, rows)
    return Sheet(
        name=NAME,
        cells=(*titles(NAME, _EXPLAINED), *listed.cells),
        widths=widths(_COLUMNS),
        heights=(*TITLE_HEIGHTS, *listed.heights),
        tables=(listed.table,),
        freeze=(3, 0),
        repeat_rows=(2, 2),
    )


def _ordered(measures: Iterable[str], commentary: Commentary, month: Month) -> Iterator[Comment]:
    shown = dict.fromkeys(measures)
    for measure in shown:
        yield Comment(measure, month, commentary.of(measure, month))
    yield from (one for one in commentary if one.measure not in shown or one.month != month)


def _row(comment: Comment) -> list[Value]:
    return [comment.measure, str(comment.month), comment.text]

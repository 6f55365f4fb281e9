"""The Figures sheet: every figure in one long table, by which programs find them again.

The table's name, its columns and the way months are written are a contract with other programs.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbook_builder.figures import Figure
from workbook_builder.memory_format import FIGURES_TABLE
from workbook_builder.sheets.listing import Value, listing, widths
from workbook_builder.sheets.plan import Sheet
from workbook_builder.sheets.titles import TITLE_HEIGHTS, titles

NAME = "Figures"
TABLE = FIGURES_TABLE

_COLUMNS = (
    ("measure", 40.0), ("month", 10.0), ("team", 34.0), ("numerator", 14.0),
    ("denominator", 16.0), ("value", 14.0), ("status", 26.0),
)  # fmt: skip
_EXPLAINED = (
    "Every figure of this workbook, unrounded; percentages as shares of one. A blank team is the "
    "whole service. A figure without a value says why in its status."
)


def figures_sheet(figures: Iterable[Figure]) -> Sheet:
    """Lay out all figures in the order in which they come."""
    rows = [_row(figure) for figure in figures]
    listed = listing(TABLE, 2, _COLUMNS, rows, style="data", filtered=True)
    return Sheet(
        name=NAME,
        cells=(
            *titles(NAME, _EXPLAINED),
            *listed.cells,
        ),
        widths=widths(_COLUMNS),
        heights=(*TITLE_HEIGHTS, *listed.heights),
        tables=(listed.table,),
        freeze=(3, 0),
        repeat_rows=(2, 2),
        landscape=False,
    )


def _row(figure: Figure) -> list[Value]:
    return [
        figure.measure,
        str(figure.month),
        figure.team,
        figure.numerator,
        figure.denominator,
        figure.value,
        str(figure.status),
    ]

"""The title and the subtitle at the top of every sheet, and how high they stand."""

from __future__ import annotations

from workbook_builder.sheets.plan import Cell, Text

TITLE_HEIGHTS = ((0, 28.0), (1, 22.0))
SECTION_HEIGHT = 26.0


def titles(title: str, subtitle: str) -> tuple[Cell, Cell]:
    """Lay out a sheet's title and subtitle in its first two rows."""
    return Cell(0, 0, Text(title), "title"), Cell(1, 0, Text(subtitle), "subtitle")

"""The cover: what this workbook is, what is in it, how to read it."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_builder.sheets.plan import Cell, Link, Picture, Sheet, Text, Width
from workbook_builder.sheets.text_height import lines_needed, row_height
from workbook_builder.sheets.titles import SECTION_HEIGHT, TITLE_HEIGHTS, titles

_WIDTHS = (34.0, 100.0)
_FIRST_ENTRY = 5
_LOGO_HEIGHT = 48.0

KEY = (
    ("RAG", "Green: the target is met. Amber: missed by less than the tolerance (see Notes). "
            "Red: missed by more. Rated on the values as printed."),
    ("Direction of travel", "Better, Same or Worse than last month, given which way is better."),
    ("Change on last month", "This month less last month. The arrow shows which way, not whether "
                             "that is good."),
    ("-", "Nothing to judge by: no target, no agreed better way, a blank month, or an indicator "
          "that this table does not judge."),
    ("Yellow, in italics", "A published figure that today's extracts would make another, or one "
                           "that was changed since. Its note says how; see the Revisions sheet."),
    ("Grey cell", "The figure is not known. The reason stands in the cell's note and on the Notes "
                  "sheet. A blank is never a zero."),
)  # fmt: skip


def cover_sheet(
    title: str,
    month: str,
    contents: Sequence[tuple[str, str]],
    written: str,
    logo: bytes = b"",
) -> Sheet:
    """Lay out the cover; `contents` are sheet names, each with a line on what it holds.

    `logo` is a PNG picture, if there is one.
    """
    key_row = _FIRST_ENTRY + len(contents) + 2
    cells = [
        *titles(title, f"Reporting month: {month}"),
        Cell(2, 0, Text(written), "subtitle"),
        Cell(_FIRST_ENTRY - 1, 0, Text("Contents"), "section"),
        Cell(key_row - 1, 0, Text("How to read the tables"), "section"),
    ]
    for row, (name, holds) in enumerate(contents, _FIRST_ENTRY):
        cells += [Cell(row, 0, Link(name, name), "link"), Cell(row, 1, Text(holds), "text")]
    for row, (name, meaning) in enumerate(KEY, key_row):
        cells += [Cell(row, 0, Text(name), "text"), Cell(row, 1, Text(meaning), "text")]
    entries = tuple(
        (row, row_height(lines_needed(text, _WIDTHS[1])))
        for first, entries in ((_FIRST_ENTRY, contents), (key_row, KEY))
        for row, (_, text) in enumerate(entries, first)
    )
    sections = ((_FIRST_ENTRY - 1, SECTION_HEIGHT), (key_row - 1, SECTION_HEIGHT))
    heights = (*TITLE_HEIGHTS, *sections, *entries)
    widths = (Width(0, 0, _WIDTHS[0]), Width(1, 1, _WIDTHS[1]))
    pictures = (Picture(0, 1, logo, "Logo", _LOGO_HEIGHT),) if logo else ()
    return Sheet("Cover", tuple(cells), widths, heights, pictures=pictures)

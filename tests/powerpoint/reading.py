"""Read a deck back: its tables, charts, notes and places, without anything of the program's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE

_TAG = re.compile(rb'name="WORKBOOK_BUILDER_SLIDE" val="([^"]*)"')
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")
#: Words of ratings and directions, as numbers in the workbook.
CODES = {"Green": 1, "Amber": 0, "Red": -1, "Better": 1, "Same": 0, "Worse": -1}


def tag_of(slide: Any) -> str:
    """Return the tag by which the program knows its slide again, or nothing."""
    for relation in slide.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.TAGS:
            found = _TAG.search(relation.target_part.blob)
            return found.group(1).decode() if found else ""
    return ""


def sheet_of(slide: Any) -> str:
    """Return the name of the sheet that a slide shows."""
    return tag_of(slide).rpartition("#")[0]


def tables(slide: Any) -> Iterator[list[list[str]]]:
    """Yield the texts of each table of a slide, row by row."""
    for shape in slide.shapes:
        if shape.has_table:
            yield [[cell.text for cell in row.cells] for row in shape.table.rows]


def charts(slide: Any) -> Iterator[Any]:
    """Yield the charts of a slide."""
    for shape in slide.shapes:
        if shape.has_chart:
            yield shape.chart


def number_in(text: str) -> tuple[float, float] | None:
    """Return the number that a text shows, and half of the last digit it shows; None if none."""
    shown = _NUMBER.search(text)
    if shown is None:
        return None
    plain = shown.group().replace(",", "").rstrip("%")
    decimals = len(plain.partition(".")[2])
    scale = 0.01 if shown.group().endswith("%") else 1.0
    return float(plain) * scale, 0.5 * 10**-decimals * scale


def agrees(text: str, value: object) -> bool:
    """Tell whether a text on a slide shows the value of a cell of the workbook."""
    word = next((word for word in CODES if text.endswith(word)), None)
    if isinstance(value, int | float) and word:
        return CODES[word] == (value > 0) - (value < 0)
    if isinstance(value, int | float):
        shown = number_in(text)
        return shown is not None and abs(shown[0] - value) <= shown[1] + 1e-9
    return text == (value or "")

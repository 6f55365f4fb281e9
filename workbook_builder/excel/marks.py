"""Arrows and colours of changes, as rules that Excel applies while a reader changes values.

Excel has no icon set in which an arrow up is red, so the arrow is part of the number format that a
rule brings with it. Filled arrows are for the better, hollow ones for the worse: colour is not the
only carrier.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.excel.theme import BAD, GOOD, INK, LEVEL, Look
from workbook_builder.sheets.plan import ChangeMarks

#: Arrows up and down: filled, hollow, and plain ones where no way is better.
_FILLED, _HOLLOW, _PLAIN = ("▲", "▼"), ("△", "▽"), ("↑", "↓")
_LEVEL = "►"
_PLAIN_LEVEL = "→"

#: Changes are whole percents: half of one keeps a binary fraction on its side of the band.
_HALF = 0.005


def change_looks(first: str, marks: ChangeMarks) -> Iterator[tuple[str, Look]]:
    """Yield the rules of changes with their looks; `first` is the area's first cell."""
    edge = f"{marks.band - _HALF:.6g}"
    up, down = _arrow(marks, rising=True), _arrow(marks, rising=False)
    level = _PLAIN_LEVEL if marks.better is None else _LEVEL
    colour = INK if marks.better is None else LEVEL
    number = f"ISNUMBER({first})"
    yield f"=AND({number},{first}>={edge})", _look(*up)
    yield f"=AND({number},{first}<=-{edge})", _look(*down)
    yield f"={number}", _look(level, colour)


def _arrow(marks: ChangeMarks, *, rising: bool) -> tuple[str, str]:
    at = 0 if rising else 1
    if marks.better is None:
        return _PLAIN[at], INK
    better = rising == (marks.better == "higher")
    return (_FILLED if better else _HOLLOW)[at], GOOD if better else BAD


def _look(arrow: str, colour: str) -> Look:
    shape = f'"{arrow}" +0%;"{arrow}" -0%;"{arrow}" 0%'
    return {"font_color": colour, "num_format": shape}

"""How the cells and charts of a plan look, in Excel and in the window: the style behind each name.

Colours are as "#RRGGBB", sizes in points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from workbook_builder.looks import BAD, GOOD, INK, LEVEL, PAPER, QUIET
from workbook_builder.sheets.plan import ChangeMarks, PlanTheme, StyleName

#: The colours for which a theme may have its own.
STANDARD = PlanTheme()
NAVY, PALE, PLUM = STANDARD.main, STANDARD.pale, STANDARD.accent
_GREY, _YELLOW, _LINK = "#E4E7EB", "#FFF2AB", "#0B5394"

#: The colours of a chart's measures in turn: each 3:1 or more against white and its neighbours. The
#: first is the only one that stands out; it is also that of the latest of single columns.
CHART_COLOURS = (NAVY, "#7B8794", "#28A197", PLUM, "#3D3D3D", "#A285D1")
#: The same for the numbers beside them, which must be darker to be read: 4.5:1 or more.
LABEL_COLOURS = (NAVY, "#52606D", "#1B6F68", PLUM, "#3D3D3D", "#6B4BA3")
#: The colours of level lines in charts and of their names; the lines differ in dashes as well.
TARGET_COLOUR = INK
BENCHMARK_COLOUR = "#52606D"
LIMIT_COLOUR = "#52606D"
GRIDLINE = "#E4E7EB"


@dataclass(frozen=True)
class CellStyle:
    """How a cell looks; a cell that is `boxed` has a thin border, one without `fill` is paper."""

    ink: str = INK
    fill: str = ""
    size: int = 11
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    boxed: bool = False
    wrapped: bool = False
    align: Literal["", "left", "center", "right"] = ""
    indent: int = 0
    at_top: bool = False
    rotation: int = 0


_BOXED = CellStyle(boxed=True)
_CENTRED = replace(_BOXED, align="center")
_RIGHT = replace(_BOXED, align="right", indent=1)
_TEXT = replace(_BOXED, align="left", indent=1, wrapped=True)
_HEADING = CellStyle(PAPER, NAVY, bold=True, boxed=True, wrapped=True)

_STYLES: Mapping[StyleName, CellStyle] = {
    "title": CellStyle(NAVY, size=18, bold=True),
    "subtitle": CellStyle(QUIET),
    "section": CellStyle(NAVY, size=13, bold=True),
    "body": CellStyle(),
    "heading": replace(_HEADING, align="left", indent=1),
    "heading_centred": replace(_HEADING, align="center"),
    # A month would break at its hyphen.
    "heading_month": replace(_HEADING, align="center", wrapped=False),
    "reference": replace(_CENTRED, ink=QUIET),
    "indicator": _TEXT,
    "figure": _RIGHT,
    "latest": replace(_RIGHT, bold=True, fill=PALE),
    "blank": replace(_RIGHT, fill=_GREY),
    "revised": replace(_RIGHT, italic=True, fill=_YELLOW),
    "spark": _BOXED,
    "trend": _CENTRED,
    "target": _CENTRED,
    "rag": replace(_CENTRED, bold=True),
    "direction": _CENTRED,
    "unrated": _BOXED,
    "benchmark": _CENTRED,
    "note": _TEXT,
    "link": replace(_TEXT, ink=_LINK),
    "plain_link": CellStyle(_LINK, underlined=True),
    "count": replace(_RIGHT, bold=True, size=14),
    "message": _TEXT,
    "news": CellStyle(wrapped=True, at_top=True),
    "text": _TEXT,
    "change": _RIGHT,
    "derived": _RIGHT,
    "role": replace(_CENTRED, wrapped=True, rotation=90),
    "mark": _CENTRED,
    "quality": replace(_CENTRED, bold=True, fill=PALE),
    "key_title": CellStyle(NAVY, bold=True),
    "key": CellStyle(),
    "data": CellStyle(align="left", indent=1),
    "data_number": CellStyle(align="right", indent=1),
    "name": _TEXT,
    "group": replace(_TEXT, bold=True, ink=NAVY, fill=PALE),
    "total_name": replace(_TEXT, bold=True, fill=PALE),
    "total": replace(_RIGHT, bold=True, fill=PALE),
    "total_rag": replace(_CENTRED, bold=True, fill=PALE),
    "other_name": replace(_TEXT, ink=QUIET),
    "other": replace(_RIGHT, ink=QUIET),
    "panel": CellStyle(NAVY, bold=True),
    "topic": CellStyle(QUIET, size=12, bold=True),
    "topic_aside": CellStyle(QUIET, align="right"),
    "headline": CellStyle(NAVY, size=18, bold=True, wrapped=True),
    "aside": CellStyle(QUIET, align="right", indent=1),
    "small": replace(_CENTRED, ink=QUIET, italic=True),
    "bar": _BOXED,
    "variation": _CENTRED,
}


@lru_cache(maxsize=1_000)
def cell_style(style: StyleName, size: int = 0, theme: PlanTheme = STANDARD) -> CellStyle:
    """Return the style of a name in the colours of a theme; a `size` replaces the style's own."""
    named = _STYLES[style]
    return replace(
        named,
        ink=themed(named.ink, theme),
        fill=themed(named.fill, theme),
        size=size or named.size,
    )


def themed(colour: str, theme: PlanTheme) -> str:
    """Return a theme's colour for a standard colour; any other stays as it is."""
    return {NAVY: theme.main, PALE: theme.pale, PLUM: theme.accent}.get(colour, colour)


class ChangeLook(NamedTuple):
    """How a change is seen: the number format that brings its arrow, and its colour."""

    number_format: str
    ink: str


# Excel has no icon set in which an arrow up is red, so the arrow of a change is part of the number
# format that a rule brings with it. Filled arrows are for the better, hollow ones for the worse:
# colour is not the only carrier. Plain arrows are for changes of which no way is better.
_GOOD_ARROWS, _BAD_ARROWS, _PLAIN_ARROWS = ("▲", "▼"), ("△", "▽"), ("↑", "↓")
_LEVEL_ARROW, _PLAIN_LEVEL_ARROW = "►", "→"

#: Changes are whole percents: half of one keeps a binary fraction on its side of the band.
HALF_PERCENT = 0.005


def change_looks(marks: ChangeMarks) -> tuple[ChangeLook, ChangeLook, ChangeLook]:
    """Return how changes are seen: those up, those down, and those within the band."""
    up, down = (_PLAIN_ARROWS[0], INK), (_PLAIN_ARROWS[1], INK)
    level = (_PLAIN_LEVEL_ARROW, INK)
    if marks.better == "higher":
        up, down, level = (_GOOD_ARROWS[0], GOOD), (_BAD_ARROWS[1], BAD), (_LEVEL_ARROW, LEVEL)
    if marks.better == "lower":
        up, down, level = (_BAD_ARROWS[0], BAD), (_GOOD_ARROWS[1], GOOD), (_LEVEL_ARROW, LEVEL)
    return _change_look(*up), _change_look(*down), _change_look(*level)


def _change_look(arrow: str, colour: str) -> ChangeLook:
    return ChangeLook(f'"{arrow}" +0%;"{arrow}" -0%;"{arrow}" 0%', colour)

"""How ratings and changes are seen: words, shapes and colours, the same in Excel, slides, window.

Colours are as "#RRGGBB".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: The workbook is white paper with dark letters, thin rules and quiet remarks.
INK, PAPER, RULE, QUIET = "#1F2933", "#FFFFFF", "#C3CCD5", "#52606D"
#: Colours of changes for the better, for the worse, and of those that are level.
GOOD, BAD, LEVEL = "#00603A", "#A4161A", "#7A4B00"
#: Bars in cells.
BAR = "#B7CFE6"
#: A cell that stands out: dark red on pale red.
HIGHLIGHT_FILL, HIGHLIGHT_INK = "#FBE0DD", "#8A1C10"


class RatingLook(NamedTuple):
    """How a rating is seen: its word, a shape for those who cannot tell the colours, its colours.

    `fill` is the colour of the cell, `ink` that of the word in it.
    """

    word: str
    shape: str
    fill: str
    ink: str

    @property
    def text(self) -> str:
        """The text of the cell, as "● Green"."""
        return f"{self.shape} {self.word}"


#: Every RAG code with how it is seen, the same in every workbook, slide and theme. The fills can be
#: told apart in black and white too: red is dark, amber light, green between them.
RATING_LOOKS: Mapping[int, RatingLook] = {
    1: RatingLook("Green", "●", "#1E7B4B", "#FFFFFF"),
    0: RatingLook("Amber", "▲", "#FFC247", "#1F2933"),
    -1: RatingLook("Red", "◆", "#A61B1B", "#FFFFFF"),
}

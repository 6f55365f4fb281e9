"""How many lines a text takes and how high its row must be: Excel does not work it out itself."""

from __future__ import annotations

from functools import lru_cache

#: Written for the part of a text that there is no room for.
ELLIPSIS = "…"

LINE_HEIGHT = 15.0  # points
_PADDING = 7.0
#: Excel allows no higher row, in points.
HIGHEST = 409.0
_INDENT = 1.5  # characters

#: Small letters in shares of usual ones: 10 points in place of 11.
_SMALL = 10 / 11

#: A column of text that is turned upwards is as wide as so many lines.
_TURNED_LINES = 3
_TURNED_DIGIT = 5.6  # points

#: Widths of Calibri's letters, in widths of a digit, rounded up: a line too many is harmless.
_NARROW, _SLIM, _USUAL, _BROAD, _BROADEST = 0.5, 0.72, 1.05, 1.25, 1.75
_WIDTHS = (
    dict.fromkeys("ijl.,;:'|!I ", _NARROW)
    | dict.fromkeys('frtsczJ()[]{}-/\\"', _SLIM)
    | dict.fromkeys("ABCDGHKNOPQRTUVXY&", _BROAD)
    | dict.fromkeys("mwMW%@", _BROADEST)
)


def lines_needed(text: str, width: float, *, indented: bool = True) -> int:
    """Return how many lines a text takes in a column of a width in characters."""
    free = width - _INDENT if indented else width
    return sum(_lines_of(line, free) for line in text.split("\n"))


def wrapped(text: str, width: float) -> list[str]:
    """Break a text at its spaces into lines that fit a width in characters."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _length(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def row_height(lines: int) -> float:
    """Return the height in points of a row of so many lines."""
    return min(HIGHEST, lines * LINE_HEIGHT + _PADDING)


def small_height(text: str, width: float) -> float:
    """Return the height in points of a row with a text in small letters, as notes have them."""
    lines = lines_needed(text, width / _SMALL)
    return min(HIGHEST, lines * LINE_HEIGHT * _SMALL + _PADDING)


def turned_height(text: str) -> float:
    """Return the height of a row that holds a text turned upwards, in as many lines as fit."""
    if not text:
        return 0.0
    room = next(room for room in range(6, 200) if lines_needed(text, room) <= _TURNED_LINES)
    return min(HIGHEST, room * _TURNED_DIGIT + _PADDING)


def _lines_of(line: str, width: float) -> int:
    """Wrap as Excel does: at spaces, and inside a word only if it is longer than a line."""
    lines, used = 1, 0.0
    for word in line.split(" "):
        long = _length(word)
        if used and used + _NARROW + long > width:
            lines, used = lines + 1, 0.0
        used += long + (_NARROW if used else 0.0)
        lines += int(used // width)
        used %= width
    return lines


@lru_cache(maxsize=10_000)
def _length(word: str) -> float:
    return sum(_WIDTHS.get(character, _USUAL) for character in word)

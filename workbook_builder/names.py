"""When two names that people typed are the same name."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = "0123456789"

#: Spaces and invisible marks around a text: also non-breaking, zero-width and byte order marks.
SPACES = " \t\n\r\v\f\u00a0\u2007\u202f\u200b\u200c\u200d\u2060\ufeff"
#: Words that stand where nothing is known.
BLANK_WORDS = ("null", "none", "n/a", "nan", "-")


def same_name(text: str) -> str:
    """Return a name without letter case, spaces, punctuation and invisible marks, for comparing.

    Accents count: "Café" and "Cafe" are two names. Digits count.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in folded if mark.isalnum())


def natural_order(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts names as people do: East 1, East 2, East 10; letter case does not matter.

    Names that differ in letter case only still have an order, so that a sort is always the same.
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    parts = re.findall(r"[0-9]+|[^0-9]+", folded)
    numbered = ((0, int(part), "") if part[0] in _DIGITS else (1, 0, part) for part in parts)
    return (*numbered, (-1, 0, text))

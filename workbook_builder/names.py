"""When two names that people typed are the same name, and what tells files of one name apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from pathlib import Path

_DIGITS = "0123456789"

#: Spaces and invisible marks around a text: also non-breaking, zero-width and byte order marks.
SPACES = " \t\n\r\v\f\u00a0\u2007\u202f\u200b\u200c\u200d\u2060\ufeff"
#: Words that stand where nothing is known.
BLANK_WORDS = ("null", "none", "n/a", "nan", "-")


def same_name(text: str) -> str:
    """Return a name without letter case, spaces, punctuation and invisible marks, for comparing.

    Accents count: "Café" and "Cafe" are two names. Digits count.
    """
    return _folded(text)


@lru_cache(maxsize=20_000)  # the same headings and aliases are asked for again and again
def _folded(text: str) -> str:
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


def distinct_names(paths: Iterable[Path]) -> dict[Path, str]:
    """Return a name for each file: its own, with as much of its folder as tells it from others."""
    of_name: dict[str, list[Path]] = {}
    for path in dict.fromkeys(paths):
        of_name.setdefault(path.name, []).append(path)
    return {path: text for same in of_name.values() for path, text in _apart(same).items()}


def _apart(same: list[Path]) -> dict[Path, str]:
    """Name files of one name by the fewest folders that make all of them different."""
    parts = {path: path.absolute().parts for path in same}
    differ = len(set(parts.values()))
    enough = ({path: str(Path(*parts[path][-length:])) for path in same} for length in count(1))
    return next(names for names in enough if len(set(names.values())) == differ)

"""Reporting years of published statistics: how they are written, and which one is meant."""

from __future__ import annotations

import re
from functools import lru_cache

_PLAIN = re.compile(r"((?:19|20)\d\d)")
_PAIR = re.compile(r"((?:19|20)\d\d)\s*[/-]?\s*((?:19|20)?\d\d)")


@lru_cache(maxsize=1_000)
def reporting_year(text: str) -> int | None:
    """Read "2022", "202122", "2021/22" or "2021-22" as the year that it ends with, here 2022.

    Anything else, also a pair of years that do not follow on, gives None.
    """
    trimmed = text.strip()
    if plain := _PLAIN.fullmatch(trimmed):
        return int(plain[1])
    pair = _PAIR.fullmatch(trimmed)
    if not pair:
        return None
    ends = int(pair[1]) + 1
    return ends if ends % 10 ** len(pair[2]) == int(pair[2]) else None


def year_label(year: int) -> str:
    """Write a reporting year by the two years that it lies in: 2022 as "2021/22"."""
    return f"{year - 1}/{year % 100:02d}"

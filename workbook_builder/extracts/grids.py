"""Rows of texts in, the grid of a sheet out; no row is shorter than another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

#: So many different texts are looked for again; numbers that never repeat would fill the memory.
_MOST_KEPT = 100_000


def cells_of(rows: Iterable[Sequence[str]]) -> pd.DataFrame:
    """Put rows, the first of them row 1, into columns counted from 0; equal texts are kept once."""
    columns: list[list[str]] = []
    known: dict[str, str] = {}
    count = 0
    for row in rows:
        while len(columns) < len(row):
            columns.append([""] * count)
        for place, text in enumerate(row):
            same = known.get(text)
            if same is None:
                same = text
                if len(known) < _MOST_KEPT:
                    known[text] = text
            columns[place].append(same)
        for column in columns[len(row) :]:
            column.append("")
        count += 1
    index = range(1, count + 1)
    made: dict[int, pd.Series] = {}
    while columns:  # each list goes when its column is made
        last = len(columns) - 1
        made[last] = pd.Series(columns.pop(), index=index, dtype=object)
    return pd.DataFrame(dict(sorted(made.items())), index=index, copy=False)

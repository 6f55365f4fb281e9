"""Rows of texts in, the grid of a sheet out; no row is shorter than another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd


def cells_of(rows: Iterable[Sequence[str]]) -> pd.DataFrame:
    """Put rows, the first of them row 1, into columns counted from 0; equal texts are kept once."""
    columns: list[list[str]] = []
    known: dict[str, str] = {}
    count = 0
    for row in rows:
        while len(columns) < len(row):
            columns.append([""] * count)
        for place, text in enumerate(row):
            columns[place].append(known.setdefault(text, text))
        for column in columns[len(row) :]:
            column.append("")
        count += 1
    index = range(1, count + 1)
    return pd.DataFrame(
        {
            place: pd.Series(column, index=index, dtype=object)
            for place, column in enumerate(columns)
        },
        index=index,
    )

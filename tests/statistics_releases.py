"""Files in the shape of the DfE's releases, each column as published, with made-up figures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests import published_files as made

_FILE = Path(__file__).parent / "published" / "statistics.toml"
#: By the name of each file: its columns after those of time and place, its rows, what it gives.
RELEASES: Mapping[str, Mapping[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
#: What stands in a numeric column of which nothing is said.
ANY_NUMBER = 5


def release_text(name: str, areas: Mapping[str, float], years: Sequence[int] = (2024,)) -> str:
    """Write a file of a release for areas ("England", "region", or a code) and years.

    The number of an area is that of the release times the area's factor.
    """
    release = RELEASES[name]
    columns = release["columns"].split()
    rows = []
    for cells in release["rows"]:
        for area, factor in areas.items():
            full = dict.fromkeys(columns, str(ANY_NUMBER)) | {
                column: cell if isinstance(cell, str) else f"{cell * factor:.10g}"
                for column, cell in cells.items()
            }
            rows += [made.of_area(area, year, {}, **full) for year in years]
    return made.csv_text(rows, (*made.BEFORE, *columns), mark="looked" in name or "la_" in name)


def given(name: str) -> Mapping[str, float]:
    """Return what the program takes of a file for an area whose factor is 1, by measure."""
    figures: Mapping[str, float] = RELEASES[name]["gives"]
    return figures

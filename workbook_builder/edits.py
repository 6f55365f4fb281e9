"""What a person wishes to change in their own definitions, as plain values.

`edit_definitions` writes it; the window, which loads nothing heavy, only says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: What the field of the tolerance is called among those of a target.
TOLERANCE = "tolerance"


@dataclass(frozen=True)
class TargetEdit:
    """The targets of a measure as typed, by financial year or first day; an empty text is none.

    `tolerance` is the share of the target by which it may be missed and be amber: "5%".
    """

    measure: str
    values: Mapping[str, str]
    tolerance: str = ""


@dataclass(frozen=True)
class BenchmarkEdit:
    """The benchmarks of a measure as typed, by comparator; an empty text is none."""

    measure: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class RowsEdit:
    """Measures to add to a table of a layout, after one of its measures, and to take out of it.

    The layout is a name or a file.
    """

    layout: str
    table: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    after: str = ""


DefinitionsEdit = TargetEdit | BenchmarkEdit | RowsEdit

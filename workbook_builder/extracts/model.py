"""What a sheet of an extract was taken for, as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class UnknownValue:
    """A value that a code list does not know: where it stands, and in how many cells."""

    file: str
    sheet: str
    column: str
    codes: str
    value: str
    cells: int


@dataclass(frozen=True)
class Sheet:
    """One sheet as it was read.

    `rows_read` counts the rows below the headings that are not blank, `rows_kept` the records made
    of them before records that stand twice are counted once. `first_day` and `last_day` are the
    range of the dataset's first required date. `stated` is a period written above the headings.
    `columns` are the columns of the dataset that the sheet has.
    `standard` names the table of a standard return that the sheet is; such a sheet stands here once
    for each dataset read of it. It may hold everything from `held_from` on only, and of
    `latest_only` each child's latest alone.
    `headings` is what are likely the headings of a sheet that was taken for nothing.
    """

    file: str
    sheet: str
    dataset: str = ""
    recognised_by: tuple[str, ...] = ()
    rows_read: int = 0
    rows_kept: int = 0
    first_day: date | None = None
    last_day: date | None = None
    stated: tuple[date, date] | None = None
    unknown: tuple[UnknownValue, ...] = ()
    columns: tuple[str, ...] = ()
    standard: str = ""
    held_from: date | None = None
    latest_only: bool = False
    headings: tuple[str, ...] = ()

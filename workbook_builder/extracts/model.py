"""What a sheet was recognised as, and what a person said that it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from workbook_builder.names import same_name


@dataclass(frozen=True)
class Assignment:
    """The dataset that sheets with certain headings hold, as a person said.

    `columns` gives the heading of each column whose usual headings the sheets do not have; without
    any text it is that of none, whatever the usual headings are.
    """

    dataset: str
    columns: Mapping[str, str] = field(default_factory=dict)


def headings_mark(headings: Iterable[str]) -> str:
    """Return the mark by which a row of headings is known again; it does not tell what they are.

    Letter case, spaces and punctuation do not count; the order of the headings does.
    """
    names = "\n".join(same_name(text) for text in headings)
    return hashlib.sha256(names.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class ColumnCells:
    """How many cells of a column were read, and how many say something that cannot be.

    A column of days whose order is in doubt is `distrusted`: nothing of it was read. One that a
    return leaves blank for `never` holding what it means is not known even without any record.
    """

    read: int = 0
    failed: int = 0
    distrusted: bool = False
    never: bool = False

    def __add__(self, other: ColumnCells) -> ColumnCells:
        return ColumnCells(
            self.read + other.read,
            self.failed + other.failed,
            self.distrusted or other.distrusted,
            self.never and other.never,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.read and not self.failed

    @property
    def is_unreadable(self) -> bool:
        """Whether something stands in it of which nothing is usable."""
        return self.distrusted or (self.failed > 0 and not self.read)

    def is_faulty(self, tolerance: float) -> bool:
        """Whether more than a share of what stands in it cannot be read."""
        return self.distrusted or self.failed > tolerance * (self.read + self.failed)


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
    `columns` are the columns of the dataset that the sheet has, `cells` what was read of each.
    `standard` names the table of a standard return that the sheet is; such a sheet stands here once
    for each dataset read of it. It may hold everything from `held_from` on only, and of
    `latest_only` each child's latest alone.
    `ends_in_doubt` are columns of ends that the sheet may have under a heading nobody knows.
    `headings` is the row that is likely that of the headings, but of the table of a return;
    `title` is what people call the dataset.
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
    cells: Mapping[str, ColumnCells] = field(default_factory=dict, compare=False, repr=False)
    standard: str = ""
    held_from: date | None = None
    latest_only: bool = False
    ends_in_doubt: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    title: str = ""

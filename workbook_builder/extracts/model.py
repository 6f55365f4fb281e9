"""What reading extracts gives: sheets, what they were taken for, and their records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from workbook_builder.columns.table import Cells
from workbook_builder.definitions.datasets import Dataset
from workbook_builder.names import SPACES, same_name
from workbook_builder.problems import Problem, Where

_LONGEST_SHOWN = 80
#: Rows from the top in which headings are looked for.
ROWS_SEARCHED = 40


@dataclass(frozen=True)
class Row:
    """One row near the top of a sheet: its number, its texts and their names for comparing."""

    number: int
    texts: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of one sheet as text.

    A text file is one sheet without a name. Spaces around a text mean nothing, and may be gone.
    `notes` are worth saying if the sheet is used; a sheet may count its days from 1904.
    """

    file: str
    sheet: str
    cells: Cells
    notes: tuple[Problem, ...] = ()
    from_1904: bool = False

    @cached_property
    def top(self) -> tuple[Row, ...]:
        """The rows in which headings are looked for."""
        first = self.cells.take(slice(ROWS_SEARCHED))
        columns = [column.used().cells() for column in first.columns.values()]
        return tuple(map(_row, first.rows, zip(*columns, strict=True)))

    def where(self, rows: tuple[int, ...] = (), column: str = "") -> Where:
        """Return a place in the sheet."""
        return Where(self.file, self.sheet, rows, column)


def _row(number: np.int32, cells: Iterable[str]) -> Row:
    texts = tuple(cell.strip(SPACES) for cell in cells)
    return Row(int(number), texts, tuple(map(same_name, texts)))


@dataclass(frozen=True)
class Headings:
    """The row of a sheet where its headings stand, and the columns that they mean.

    `positions` may name several places for one column until one of them is chosen. `constants` are
    the values of columns that the sheet has no heading for.
    """

    dataset: Dataset
    row: int
    texts: tuple[str, ...]
    positions: Mapping[str, tuple[int, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)

    def heading(self, column: str) -> str:
        """Return the heading of a column as it stands in the file, cut short if it is very long."""
        text = self.texts[self.positions[column][0]]
        return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


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

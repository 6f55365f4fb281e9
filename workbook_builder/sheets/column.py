"""What a column of a table is made of: its headings, its width and its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workbook_builder.definitions.benchmarks import Comparator
from workbook_builder.definitions.layouts import ColumnKind
from workbook_builder.indicators.rows import Indicator
from workbook_builder.months import Month
from workbook_builder.sheets.plan import Cell, address


@dataclass(frozen=True)
class Setting:
    """What a table is set in: its months, of which the first `folded` are folded away, and more.

    `headings` go before the usual ones.
    """

    months: tuple[Month, ...]
    comparators: tuple[Comparator, ...]
    folded: int = 0
    target_years: tuple[str, ...] = ()
    headings: Mapping[ColumnKind, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the comparators."""
        return tuple(one.name for one in self.comparators)

    @property
    def month(self) -> Month:
        """The reporting month."""
        return self.months[-1]


@dataclass(frozen=True)
class Places:
    """Where each kind of column begins in a table."""

    first: Mapping[ColumnKind, int]
    months: int
    folded: int = 0

    def month(self, row: int, position: int) -> str:
        """The address of the cell of a month, by its position among the months."""
        return address(row, self.first["months"] + position)

    def last_months(self, row: int, count: int) -> str:
        """The address of the cells of the last months."""
        first = max(self.months - count, 0)
        return f"{self.month(row, first)}:{self.month(row, self.months - 1)}"


Headings = Callable[[Setting], tuple[str, ...]]
Cells = Callable[[Indicator, int, Places], list[Cell]]


@dataclass(frozen=True)
class Kind:
    """A kind of column (or of neighbouring columns): headings, width of each, and its cells."""

    headings: Headings
    width: float
    cells: Cells
    centred: bool = True


def one(kind: ColumnKind, heading: str) -> Headings:
    """Return the headings of a single column: the layout's own, or else the usual one.

    {month} stands for the reporting month.
    """

    def headings(setting: Setting) -> tuple[str, ...]:
        text = setting.headings.get(kind, heading)
        return (text.replace("{month}", setting.month.label),)

    return headings

"""What was published, what today's extracts give instead, and what became of the difference.

Plain values that the reading of last month's workbook, the figures and the sheets share.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isclose

from workbook_builder.figures import FigureKey
from workbook_builder.months import Month

#: A number read back from a workbook may differ from the one written after so many digits.
_SAME = 1e-9


class Action(StrEnum):
    """What became of a published figure."""

    KEPT = "kept"
    REPLACED = "replaced"
    TYPED = "typed by hand"
    CLEARED = "cleared by hand"
    FILLED = "filled"


@dataclass(frozen=True)
class Amount:
    """A figure's three numbers; percentages are shares of one, None is not known."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None

    def same(self, other: Amount) -> bool:
        """Tell whether all three numbers are the same, but for the last digits of a float."""
        return all(_same(one, two) for one, two in zip(self, other, strict=True))

    def __iter__(self) -> Iterator[float | None]:
        return iter((self.numerator, self.denominator, self.value))


NOTHING = Amount()


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=_SAME, abs_tol=_SAME**2)


@dataclass(frozen=True)
class Published:
    """A figure of last month's workbook.

    `written` is what the program once wrote in its place, if that is known; `typed` says that a
    person has put another figure there since, now or earlier; `carried` that it was published
    before that workbook was built, and is not one that it counted itself.
    """

    measure: str
    month: Month
    team: str
    amount: Amount
    written: Amount | None = None
    typed: bool = False
    carried: bool = False

    @property
    def key(self) -> FigureKey:
        """Measure, month and team."""
        return self.measure, self.month, self.team

    @property
    def newly_typed(self) -> bool:
        """Whether it was typed since the program last wrote the workbook."""
        return self.typed and not (self.written and self.written.same(self.amount))


@dataclass(frozen=True)
class Listed:
    """What today's extracts gave instead of a published figure, and where that was listed first."""

    amount: Amount
    month: Month


@dataclass(frozen=True)
class Memory:
    """All that last month's workbook knows of figures; `month` is its reporting month.

    `cleared` are figures that the program wrote and a person took away; `blank` stood blank when
    the workbook was written; `listed` are differences that earlier Revisions sheets show.
    """

    month: Month
    published: Mapping[FigureKey, Published] = field(default_factory=dict)
    cleared: Mapping[FigureKey, Amount] = field(default_factory=dict)
    blank: frozenset[FigureKey] = frozenset()
    listed: Mapping[FigureKey, Listed] = field(default_factory=dict)


@dataclass(frozen=True)
class Recalculation:
    """Which published figures give way to today's: all, or of these measures, or from a month on.

    Of a measure also the figures of what it is derived from and of what is derived from it.
    """

    measures: tuple[str, ...] = ()
    since: Month | None = None


@dataclass(frozen=True)
class Revision:
    """A published figure that is not what today's extracts give.

    `published` is what stood in last month's workbook; `written` is what the program had written
    there before a person changed it; `listed` is the month of the workbook that listed it first.
    """

    measure: str
    month: Month
    team: str
    published: Amount
    recalculated: Amount
    action: Action
    written: Amount | None = None
    listed: Month | None = None

    @property
    def key(self) -> FigureKey:
        """Measure, month and team."""
        return self.measure, self.month, self.team

    @property
    def difference(self) -> float | None:
        """The recalculated value less the published one."""
        if self.published.value is None or self.recalculated.value is None:
            return None
        return self.recalculated.value - self.published.value

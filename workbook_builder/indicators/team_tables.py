"""Team tables as plain values: their rows, how a row is rated, and how rows are put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from workbook_builder.definitions.measures import Unit
from workbook_builder.definitions.team_sheets import Breakdown
from workbook_builder.indicators import judge
from workbook_builder.indicators.rows import Indicator, Shown
from workbook_builder.months import Month

#: What a row of a team table is. Every other row lies outside the total.
RowKind = Literal[
    "group", "team", "subtotal", "total", "other", "overlap", "headline", "target"
]  # fmt: skip


@dataclass(frozen=True)
class TeamRow:
    """One row: a team, a sum, or what is left over. `rag` is None where nothing is judged.

    `value` is numerator by denominator, unrounded, a percentage as a share of one; of a measure
    that only counts it is the numerator. `months` are its values as printed, month by month.
    `hidden` tells that it is not shown because it is about few.
    """

    kind: RowKind
    name: str
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    rag: int | None = None
    months: tuple[Shown, ...] = ()
    mark: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class TeamTable:
    """A measure by team, for one month.

    `divided` says whether there are denominators. `decimals` are those of the values shown, by
    which they are rated. Without teams, `rows` is the headline
    alone, and without a figure of the month there are none.
    """

    breakdown: Breakdown
    title: str
    month: Month
    indicator: Indicator
    divided: bool
    unit: Unit
    decimals: int
    rows: tuple[TeamRow, ...]
    sentences: tuple[str, ...]

    @property
    def judged(self) -> bool:
        """Whether the rows are rated: only a share or an average of a team is held to a target."""
        return self.divided and self.indicator.better is not None and self.target is not None

    @property
    def target(self) -> float | None:
        """The target in force; one in words is none to judge by."""
        return self.indicator.target.number if self.indicator.target else None


def with_fewer_rows(table: TeamTable, fewer: int) -> TeamTable:
    """Return a table with so many rows less: the last teams stand together in one, none is lost."""
    teams = [at for at, row in enumerate(table.rows) if row.kind == "team"]
    together = teams[-(fewer + 1) :]
    if len(together) < 2:
        return table
    rows = [table.rows[at] for at in together]
    one = TeamRow("team", f"{len(rows)} more teams", _sum_of(row.numerator for row in rows),
                  _sum_of(row.denominator for row in rows))  # fmt: skip
    one = replace(one, hidden=any(row.hidden for row in rows))
    value = one.numerator
    if table.divided:
        value = one.numerator / one.denominator if one.numerator and one.denominator else None
        value = 0.0 if one.denominator and one.numerator == 0 else value
    rag = rating(table.indicator, value, table.decimals) if table.judged else None
    kept = [row for at, row in enumerate(table.rows) if at not in together[1:]]
    kept[together[0]] = replace(one, value=value, rag=rag)
    return replace(table, rows=tuple(kept))


def _sum_of(amounts: Iterable[float | None]) -> float | None:
    found = list(amounts)
    known = [amount for amount in found if amount is not None]
    return sum(known) if len(known) == len(found) else None


def rating(one: Indicator, value: float | None, decimals: int) -> int | None:
    """Return the RAG of a team's value, by the rule of the headline: as it is printed here."""
    target = one.target.number if one.target else None
    if value is None or target is None or one.better is None:
        return None
    shown = judge.printed(value, one.unit, decimals)
    return judge.rag(shown, target, one.better, one.tolerance)

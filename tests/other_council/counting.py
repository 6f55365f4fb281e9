"""Count in plain pandas, with three answers: yes, no, and not known.

A `Counter` looks at the lists of a delivery for one month. It raises `CannotTell` where a list does
not reach, and leaves a record's answer missing where that record cannot be judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tests.other_council.calendar import month_end, month_start
from tests.other_council.lists import FIRST_DAY, SPELL_ENDS

if TYPE_CHECKING:
    from tests.other_council.lists import Listing, Lists, Reach

TOLERANCE = 0.05
Mask = npt.NDArray[np.bool_]


class CannotTell(Exception):
    """The lists as given cannot tell a figure."""


@dataclass(frozen=True)
class Tally:
    """How many were asked about, and of how many the answer is yes or not known.

    `maybe` are those of the unknown that may be yes, if a number is all that is asked.
    """

    asked: int
    yes: int
    unknown: int = 0
    maybe: int | None = None

    @property
    def may_be_yes(self) -> int:
        """How many of the unknown may be yes."""
        return self.unknown if self.maybe is None else self.maybe

    def unknown_share(self, kind: str) -> float:
        """The share that could not be judged: of a number, of those that may be in it.

        A single one of few in doubt makes no number unknown.
        """
        of_all = self.unknown / max(self.asked, 1)
        alone = self.may_be_yes == 1 and of_all <= TOLERANCE
        if kind in {"count", "rate"} and not alone:
            return self.may_be_yes / max(self.yes + self.may_be_yes, 1)
        return of_all


@dataclass
class Counter:
    """The lists of a delivery, looked at for one month."""

    lists: Lists
    month: str
    reporting_month: str
    day: date
    may_be_blank: frozenset[str] = frozenset()
    soft: bool = False
    looked_up: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start = month_start(self.month)
        self.end = month_end(self.month)
        self.at_end = pd.Timestamp(self.end)

    def listing(self, name: str, *columns: str) -> Listing:
        """Return a list that has the columns."""
        if name not in self.lists:
            raise CannotTell(f"no {name}")
        listing = self.lists[name]
        lacking = listing.reach.missing.intersection(columns)
        if lacking:
            raise CannotTell(f"{name} without {sorted(lacking)}")
        reach = listing.reach
        earlier = reach.latest_only and self.month != self.reporting_month
        self.soft = self.soft or reach.degraded or earlier or name in self.may_be_blank
        return listing

    def events(self, name: str, column: str, *columns: str, months: int = 1) -> pd.DataFrame:
        """Return the records of the month, or of the months that end with it.

        Those that the list left out are there too, with `hidden` set.
        """
        listing = self.listing(name, column, *columns)
        start = (pd.Timestamp(self.start) - pd.DateOffset(months=months - 1)).date()
        if not (listing.reach.first <= start and self.end <= listing.reach.last):
            raise CannotTell(f"{name} does not reach over {self.month}")
        key = ("events", name, column, months)
        if key not in self.looked_up:
            rows = listing.complete
            within = (rows[column] >= pd.Timestamp(start)) & (rows[column] <= self.at_end)
            self.looked_up[key] = self._as_given(listing, rows[within])
        found: pd.DataFrame = self.looked_up[key]
        return found

    def open_at_end(self, name: str, *columns: str) -> pd.DataFrame:
        """Return the records that are open at the end of the month."""
        end = SPELL_ENDS[name]
        listing = self.listing(name, end, *columns)
        if self._is_of_the_month(listing.reach):
            self.soft = True
            return self._as_given(listing, listing.rows)
        if not (listing.reach.snapshots <= self.end <= listing.reach.last):
            raise CannotTell(f"{name} does not tell the end of {self.month}")
        key = ("open", name)
        if key not in self.looked_up:
            rows = listing.complete
            still_open = (rows[FIRST_DAY[name]] <= self.at_end) & (
                rows[end].isna() | (rows[end] > self.at_end)
            )
            self.looked_up[key] = self._as_given(listing, rows[still_open])
        found: pd.DataFrame = self.looked_up[key]
        return found

    def _is_of_the_month(self, reach: Reach) -> bool:
        """Tell whether a list of a day, without a first day, was run within a week of the month."""
        is_of_a_day = reach.first > reach.last and reach.snapshots == reach.last == self.day
        return is_of_a_day and timedelta(0) < self.day - self.end <= timedelta(7)

    @staticmethod
    def _as_given(listing: Listing, rows: pd.DataFrame) -> pd.DataFrame:
        """Mark records that the list left out, and take its cells for the others."""
        hidden = ~rows.index.isin(listing.rows.index)
        given = listing.rows.loc[rows.index[~hidden]].assign(hidden=False)
        if not hidden.any():
            return given
        return pd.concat([given, rows[hidden].assign(hidden=True)])

    def in_window(
        self,
        children: pd.Series,
        name: str,
        column: str,
        first: date,
        condition: str | None = None,
    ) -> pd.Series:
        """Say for each child whether the list has a record between a day and the month's end."""
        listing = self.listing(name, column, *([condition] if condition else []))
        reach = listing.reach
        key = ("window", name, column, first, condition, tuple(children.index))
        if key in self.looked_up:
            known: pd.Series = self.looked_up[key]
            return known
        rows = listing.rows
        within = rows[(rows[column] >= pd.Timestamp(first)) & (rows[column] <= self.at_end)]
        holds = within[condition].astype("boolean") if condition else within[column].notna()
        yes = set(within.loc[holds.fillna(False).astype(bool), "child_id"])
        unsure = set(within.loc[holds.isna(), "child_id"])
        if reach.latest_only:
            unsure |= set(rows.loc[rows[column] > self.at_end, "child_id"])
            unsure |= set(within["child_id"]) - yes
        reaches = (reach.latest_only or reach.first <= first) and self.end <= reach.last
        answers: list[object] = []
        for child in children:
            if child in yes:
                answers.append(True)
            elif child in unsure or not reaches or not _is_in(child, listing):
                answers.append(pd.NA)
            else:
                answers.append(False)
        found = pd.Series(answers, index=children.index, dtype="boolean")
        self.looked_up[key] = found
        return found

    def at_month_end(self, children: pd.Series, name: str, column: str) -> pd.Series:
        """Return what a spell list says of each child at the month's end; NA where it does not."""
        listing = self.listing(name, column)
        if self.end > listing.reach.last:
            raise CannotTell(f"{name} does not reach the end of {self.month}")
        end, rows = SPELL_ENDS[name], listing.rows
        key = ("at end", name)
        if key not in self.looked_up:
            now = (rows[FIRST_DAY[name]] <= self.at_end) & (
                rows[end].isna() | (rows[end] > self.at_end)
            )
            current = rows[now].drop_duplicates("child_id", keep="last")
            self.looked_up[key] = current.set_index("child_id")
        return pd.Series(children.map(self.looked_up[key][column]), index=children.index)

    @staticmethod
    def asked(rows: pd.DataFrame, asked: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
        """Return the records that are asked about, or may be, and which of them only may be."""
        told = asked.astype("boolean")
        kept = told.fillna(True).astype(bool)
        return rows[kept], told[kept].isna()


@dataclass(frozen=True)
class Judged:
    """The records that were asked about: the answer is yes, or not known, and then may be yes."""

    rows: pd.DataFrame
    yes: Mask
    unknown: Mask
    maybe: Mask

    @property
    def records(self) -> Tally:
        """The numbers of records."""
        masks = (self.yes, self.unknown, self.maybe)
        return Tally(len(self.rows), *(int(mask.sum()) for mask in masks))

    @property
    def children(self) -> Tally:
        """The numbers of different children."""
        sure, unsure, every = self.child_sets
        perhaps = set(self._children[self.maybe]) - sure
        return Tally(len(every), len(sure), len(unsure), len(perhaps))

    @property
    def child_sets(self) -> tuple[set[str], set[str], set[str]]:
        """The children of whom the answer is yes, of whom it is not known, and all."""
        sure = set(self._children[self.yes])
        return sure, set(self._children[self.unknown]) - sure, set(self._children)

    @property
    def _children(self) -> npt.NDArray[np.object_]:
        return self.rows["child_id"].to_numpy(dtype=object)


def judge(
    rows: pd.DataFrame, answer: pd.Series | None = None, doubtful: pd.Series | None = None
) -> Judged:
    """Say of each record whether the answer is yes, or not known; without an answer it is yes.

    Of a record that the list left out it is not known; nor of one that is `doubtful`, but where
    the answer is no it is not yes.
    """
    hidden = rows["hidden"].to_numpy(dtype=bool)
    doubt = np.zeros(len(rows), dtype=bool) if doubtful is None else doubtful.to_numpy(bool)
    if answer is None:
        answer = pd.Series(True, index=rows.index, dtype="boolean")
    told = answer.astype("boolean")
    unknown = told.isna().to_numpy() | hidden | doubt
    yes = told.to_numpy(dtype=bool, na_value=False)
    maybe = told.to_numpy(dtype=bool, na_value=True) | hidden
    return Judged(rows, yes & ~unknown, unknown, unknown & maybe)


def _is_in(child: str, listing: Listing) -> bool:
    return listing.reach.children is None or child in listing.reach.children


def days_before(day: date, number: int) -> date:
    """Return the day so many days back."""
    return day - timedelta(days=number)


def of_codes(values: pd.Series, codes: set[str] | frozenset[str]) -> pd.Series:
    """Say whether each value is one of the codes; NA where it is not known."""
    told = pd.arrays.BooleanArray(values.isin(codes).to_numpy(bool), values.isna().to_numpy(bool))
    return pd.Series(told, index=values.index)

"""Find the column of ends in a list whose heading for it is not known.

Without it everything that ever was would count as open. A list of open records has no ends at all;
what tells it from one whose end stands under another heading are the days that nobody knows, and
the reasons of ends. A column is taken for the end only if its content says so and no other fits as
well; otherwise a person is asked, and what needs the end stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.extracts.column_types import Array, Factorized, Flags, read_column, tidied
from workbook_builder.extracts.dates import is_month_first
from workbook_builder.extracts.headings import Headings
from workbook_builder.problems import Problem
from workbook_builder.readers.grid import Grid

#: The share of a column's filled cells that must be days.
_DAYS = 0.8
#: The share of ends that may lie before the start, as slips of the hand.
_SLIPS = 0.02
#: The share of the older half of the rows that have ended, at least, in a list of all records.
_OLD_ENDED = 0.5
#: The share of rows in which the end and its reason are both there, or both blank.
_AGREEING = 0.95
#: Headings with these words are of an end, and with those of something else.
_END = re.compile(
    r"(?i)\b(end\w*|ceas\w*|clos\w*|complet\w*|left|leav\w*|finish\w*|discharg\w*|exit\w*|"
    r"terminat\w*|conclu\w*|stop\w*|until|to|out|de-?register\w*|authori[sz]\w*|sign\w*)\b"
)
_OTHER = re.compile(
    r"(?i)\b(birth|dob|due|next|plan+ed|expected|target|review\w*|visit\w*|seen|contact\w*|"
    r"updat\w*|modif\w*|creat\w*|enter\w*|input|run|extract\w*|report\w*|start\w*|beg[aiu]n\w*|"
    r"open\w*|referr\w*|receiv\w*|allocat\w*|meeting\w*|conference\w*|supervis\w*|statutory|"
    r"assessment due|medical|health|dental|panel|court|hearing)\b"
)


@dataclass(frozen=True)
class FoundEnds:
    """Headings with the ends that were found, the columns that are in doubt, and what to say."""

    headings: Headings
    in_doubt: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def find_end_columns(grid: Grid, headings: Headings) -> FoundEnds:
    """Find the end of each pair of a start and an end that has a heading for the start only."""
    dataset = headings.dataset
    in_doubt: list[str] = []
    problems: list[Problem] = []
    for start, end in dataset.in_order:
        known = headings.positions.keys() | headings.constants.keys()
        if start not in headings.positions or end in known:
            continue
        rows = _Rows.below(grid, headings, start, end)
        candidates = [_Candidate.of(rows, place) for place in _free_places(headings)]
        possible = [one for one in candidates if one and one.is_possible]
        fitting = [one for one in possible if one.fits]
        if len(fitting) == 1:
            place = fitting[0].place
            headings = replace(headings, positions={**headings.positions, end: (place,)})
            problems.append(_taken(grid, headings, end))
        elif possible or rows.reasons.any():
            in_doubt.append(end)
            texts = [headings.texts[one.place] for one in possible]
            problems.append(_not_known(grid, headings, end, texts))
    return FoundEnds(headings, tuple(in_doubt), tuple(problems))


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows with a start: the cells of all columns, the starts, and where an end has a reason.

    `has_reasons` says whether there is a column of reasons at all.
    """

    cells: dict[int, Array]
    texts: tuple[str, ...]
    starts: Array
    reasons: Flags
    has_reasons: bool

    @classmethod
    def below(cls, grid: Grid, headings: Headings, start: str, end: str) -> _Rows:
        below = grid.cells.loc[headings.row + 1 :]
        started = read_column("date", Factorized.of(below[headings.positions[start][0]].to_numpy()))
        kept = ~started.blank
        cells = {
            place: below[place].to_numpy()[kept]
            for place in (*_free_places(headings), *_reason_places(headings, end))
            if place in below
        }
        reasons = np.zeros(int(kept.sum()), dtype=bool)
        places = _reason_places(headings, end)
        for place in places:
            reasons |= _filled(cells[place])
        return cls(cells, headings.texts, started.cells[kept], reasons, bool(places))


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A column of days that no heading is known for."""

    place: int
    rows: _Rows
    filled: Flags
    days: Array

    @classmethod
    def of(cls, rows: _Rows, place: int) -> _Candidate | None:
        """Return the column at a place if nearly all of its filled cells are days."""
        if place not in rows.cells:
            return None
        cells = Factorized.of(rows.cells[place])
        column = read_column("date", cells)
        filled = ~column.blank | column.failed_cells
        days = ~column.blank
        if column.written is not None:
            days = days | column.written.where(is_month_first)
        if not days.any() or days.sum() < _DAYS * filled.sum():
            return None
        return cls(place, rows, filled, column.cells)

    @property
    def is_possible(self) -> bool:
        """Whether the column may hold the ends, by its heading and its days."""
        early = int((self.days < self.rows.starts).sum())
        too_early = early > max(_SLIPS * self.filled.sum(), 1 if self.filled.sum() > 20 else 0)
        heading = self.rows.texts[self.place]
        return not too_early and (bool(_END.search(heading)) or not _OTHER.search(heading))

    @property
    def fits(self) -> bool:
        """Whether the content says that these are the ends.

        The days could be read, old records have mostly ended and some have not. Where there are
        reasons they agree; otherwise the heading must be of an end.
        """
        read = ~np.isnat(self.days.astype("datetime64[D]"))
        if (self.filled & ~read).any() or self.filled.all():
            return False
        order = np.argsort(self.rows.starts, kind="stable")
        older = order[: max(len(order) // 2, 1)]
        if self.filled[older].mean() < _OLD_ENDED:
            return False
        if self.rows.has_reasons and self.rows.reasons.any():
            return bool((self.filled == self.rows.reasons).mean() >= _AGREEING)
        return bool(_END.search(self.rows.texts[self.place]))


def _free_places(headings: Headings) -> tuple[int, ...]:
    """Return the places of headings that mean no column."""
    taken = {place for places in headings.positions.values() for place in places}
    return tuple(place for place, text in enumerate(headings.texts) if text and place not in taken)


def _reason_places(headings: Headings, end: str) -> tuple[int, ...]:
    """Return the places of the columns that say why a record ended."""
    return tuple(_reason_places_of(headings, end))


def _reason_places_of(headings: Headings, end: str) -> Iterator[int]:
    reason = end.removesuffix("_date") + "_reason"
    for name, column in headings.dataset.columns.items():
        if name in headings.positions and (column.dated_by == end or name == reason):
            yield headings.positions[name][0]


def _filled(cells: Array) -> Flags:
    return tidied(Factorized.of(cells)).where(bool)


def _taken(grid: Grid, headings: Headings, end: str) -> Problem:
    what = (
        f'"{headings.heading(end)}" was used as {headings.dataset.heading(end)}: only its '
        f"dates fit."
    )
    return Problem(catalogue.END_TAKEN, what, grid.where((headings.row,), headings.heading(end)))


def _not_known(grid: Grid, headings: Headings, end: str, texts: list[str]) -> Problem:
    names = ", ".join(f'"{text}"' for text in texts)
    what = (
        f"{names}: any of these could be {headings.dataset.heading(end)}."
        if texts
        else f"some records have ended, but there is no column for {headings.dataset.heading(end)}."
    )
    done = "Figures that need it are left blank."
    return Problem(catalogue.END_NOT_KNOWN, what, grid.where((headings.row,)), done)

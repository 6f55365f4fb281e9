"""Rows that follow on from one another in, the records of which they are episodes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from workbook_builder.columns.same import Same, numbered, numbered_rows, one_column
from workbook_builder.columns.table import Records
from workbook_builder.columns.told_apart import Flags
from workbook_builder.columns.values import Column, Values
from workbook_builder.extracts.standards import Reading

_Rows = npt.NDArray[np.intp]
#: Behind every day.
_NEVER = np.iinfo(np.int32).max


def joined(parts: Sequence[tuple[Records, Reading]]) -> list[Records]:
    """Join the rows of each child that follow on from one another, over all parts, to one record.

    A record has the first row's start; all else, its place among the parts too, is the last row's.
    A row that stands in several parts counts once: the one that has ended, else the later one.
    """
    episodes = _Episodes(parts)
    last, starts = episodes.joined()
    return [
        _with_starts(records, episodes.start_name, last[own] - before, starts[own])
        for (records, _), before, own in episodes.by_part(last)
    ]


def _with_starts(records: Records, name: str, rows: _Rows, starts: Same) -> Records:
    """Return some of the records, in the order of their rows, that start on other days."""
    order = np.argsort(records.rows[rows], kind="stable")
    left = records.take(rows[order])
    days = starts[order].astype("datetime64[D]")
    start = Values(days, np.zeros(len(days), dtype=bool))
    return replace(left, columns={**left.columns, name: start})


class _Episodes:
    """The rows of all parts, one below the other."""

    def __init__(self, parts: Sequence[tuple[Records, Reading]]) -> None:
        self._parts = parts
        child, self.start_name, end = _spell_columns(parts[0][1])
        lengths = [len(records) for records, _ in parts]
        self._begins = np.cumsum([0, *lengths])
        self._part = np.repeat(np.arange(len(parts)), lengths)
        self._row = np.concatenate([records.rows for records, _ in parts])
        self._child = self._column(child)
        self._start, self._end = (
            _ordinals(self._column(self.start_name)),
            _ordinals(self._column(end)),
        )
        self._new = np.concatenate([
            np.isin(records.rows, list(reading.new)) for records, reading in parts
        ])  # fmt: skip

    def joined(self) -> tuple[_Rows, Same]:
        """Return the last row of each record and the day on which the record started."""
        rows = np.flatnonzero(self._counts())
        child = numbered(self._child.take(rows))
        order = np.lexsort(
            (self._row[rows], self._part[rows], self._end[rows], self._start[rows], child)
        )
        rows, child = rows[order], child[order]
        begin = self._begin(rows, child)
        ends = np.flatnonzero(np.append(begin[1:], True)[: len(rows)])
        return rows[ends], self._start[rows[begin]]

    def by_part(self, rows: _Rows) -> Sequence[tuple[tuple[Records, Reading], int, Flags]]:
        """Return each part, how many rows stand before it, and which of some rows are its own."""
        return [
            (part, int(self._begins[number]), self._part[rows] == number)
            for number, part in enumerate(self._parts)
        ]

    def _column(self, name: str) -> Column:
        return one_column([records.columns[name] for records, _ in self._parts])

    def _begin(self, rows: _Rows, child: Same) -> Flags:
        """Tell which rows begin a record, of rows in the order of children and days."""
        begins = np.ones(len(rows), dtype=bool)
        start, before = self._start[rows[1:]], self._end[rows[:-1]]
        follows_on = (start >= before) & (start <= before + 1) & (child[1:] == child[:-1])
        begins[1:] = ~follows_on | self._new[rows[1:]]
        return begins

    def _counts(self) -> Flags:
        """Tell which rows count: of those that stand in several parts, one."""
        start = Values(self._start, np.zeros(len(self._start), dtype=bool))
        spell = numbered_rows([self._child, start])
        order = np.lexsort((self._row, self._part, self._end < _NEVER))
        count = spell.max(initial=-1) + 1
        last = np.empty(count, dtype=np.intp)
        last[spell[order]] = order
        first_part, last_part = np.full(count, len(self._parts)), np.full(count, -1)
        np.minimum.at(first_part, spell, self._part)
        np.maximum.at(last_part, spell, self._part)
        counts: Flags = (first_part == last_part)[spell]
        counts[last] = True
        return counts


def _spell_columns(reading: Reading) -> tuple[str, str, str]:
    dataset, given = reading.headings.dataset, reading.given
    child = next(name for name, one in dataset.columns.items() if one.type == "id")
    start, end, *_ = (name for name in dataset.date_columns if name in given.columns)
    return child, start, end


def _ordinals(days: Column) -> Same:
    """Return days as numbers; a blank lies behind all of them."""
    assert isinstance(days, Values)  # as all days are
    return np.where(days.blank, _NEVER, days.values.astype(np.int64))

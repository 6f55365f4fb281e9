"""Rows that follow on from one another become one record: held against a loop of plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from tests.loaded import empty
from workbook_builder.definitions.datasets import Column, Dataset, GivenDataset
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.return_records import join_episodes

NEVER = date.max


class Episode(NamedTuple):
    """One row: of which child, from when to when, of what kind, and whether it begins a record."""

    child: str
    start: date
    end: date | None
    kind: str
    new: bool


DAY = st.integers(0, 6).map(lambda days: date(2023, 6, 28) + timedelta(days))
EPISODE = st.builds(
    Episode, st.sampled_from("AB"), DAY, st.none() | DAY, st.sampled_from("xyz"), st.booleans()
)
PARTS = st.lists(st.lists(EPISODE, max_size=6), min_size=1, max_size=3)


COLUMNS = {
    "child": Column(type="id"), "start": Column(type="date"), "end": Column(type="date"),
    "kind": Column(type="text"),
}  # fmt: skip
DATASET = Dataset(name="d", title="D", record="a d", columns=COLUMNS)
GIVEN = GivenDataset(dataset="d", columns={name: (name,) for name in COLUMNS})
ENGINE = DuckDBStore({"d": DATASET})

Joined = list[list[tuple[Any, ...]]]


def joined(parts: Sequence[Sequence[Episode]], given: GivenDataset = GIVEN) -> Joined:
    """Join the rows of some sheets; return the records of each, with the numbers of their rows."""
    empty(ENGINE, "d")
    for number, rows in enumerate(parts):
        days = {
            name: np.array([getattr(row, name) for row in rows], dtype="datetime64[s]")
            for name in ("start", "end")
        }
        texts = {
            name: np.array([getattr(row, name) for row in rows], dtype=object)
            for name in ("child", "kind")
        }
        ENGINE.load(DATASET, texts | days, number, number, np.arange(2, 2 + len(rows)))
    begins = {
        number: frozenset(at + 2 for at, row in enumerate(rows) if row.new)
        for number, rows in enumerate(parts)
    }
    kept = join_episodes(DATASET, given, begins, ENGINE)
    names = ("_sheet", "_row", *COLUMNS)
    columns = [exp.column(name, quoted=True) for name in names]
    records = ENGINE.rows(exp.select(*columns).from_("d"))
    found: Joined = [[] for _ in parts]
    for sheet, *record in records:
        found[sheet].append(tuple(record))
    assert [kept[number] for number in range(len(parts))] == [len(one) for one in found]
    return found


Placed = tuple[int, int, Episode]


def that_count(parts: Sequence[Sequence[Episode]]) -> Iterator[Placed]:
    """Yield the rows that count: where a spell stands in several parts, the one that tells most."""
    spells: defaultdict[tuple[str, date], list[Placed]] = defaultdict(list)
    for part, rows in enumerate(parts):
        for at, row in enumerate(rows):
            spells[row.child, row.start].append((part, at, row))
    for same in spells.values():
        if len({part for part, _, _ in same}) == 1:
            yield from same
        else:
            ended = [one for one in same if one[2].end]
            yield (ended or same)[-1]


def in_records(parts: Sequence[Sequence[Episode]]) -> list[list[Placed]]:
    def order(one: Placed) -> tuple[Any, ...]:
        part, at, row = one
        return row.child, row.start, row.end or NEVER, part, at

    records: list[list[Placed]] = []
    for one in sorted(that_count(parts), key=order):
        if records and follows_on(one[2], records[-1][-1][2]):
            records[-1].append(one)
        else:
            records.append([one])
    return records


def follows_on(row: Episode, before: Episode) -> bool:
    if row.new or row.child != before.child or before.end is None:
        return False
    return before.end <= row.start <= before.end + timedelta(1)


@given(PARTS)
def test_rows_are_joined_as_a_loop_joins_them(parts: list[list[Episode]]) -> None:
    expected: Joined = [[] for _ in parts]
    for record in in_records(parts):
        part, at, last = record[-1]
        expected[part].append((at + 2, last.child, record[0][2].start, last.end, last.kind))
    assert joined(parts) == [sorted(rows, key=lambda row: row[0]) for rows in expected]


def test_rows_of_a_value_that_is_apart_are_records_of_their_own() -> None:
    apart = replace(GIVEN, apart={"kind": ("z",)})
    breaks = Episode("A", date(2023, 6, 1), date(2023, 6, 10), "z", new=True)
    care = Episode("A", date(2023, 6, 10), date(2023, 6, 12), "x", new=False)
    moved = Episode("A", date(2023, 6, 12), None, "y", new=False)
    assert joined([[breaks, care, moved]], apart) == [[
        (2, "A", date(2023, 6, 1), date(2023, 6, 10), "z"), (4, "A", date(2023, 6, 10), None, "y")
    ]]  # fmt: skip


def test_a_move_on_the_next_day_is_one_record_with_the_first_start() -> None:
    stay = Episode("A", date(2023, 6, 1), date(2023, 6, 10), "x", new=True)
    moved = Episode("A", date(2023, 6, 11), None, "y", new=False)
    assert joined([[stay, moved]]) == [[(3, "A", date(2023, 6, 1), None, "y")]]

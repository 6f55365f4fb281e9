"""Rows that follow on from one another become one record: held against a loop of plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.frames import rows_of
from workbook_builder.columns.table import Records
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.values import Column, Values
from workbook_builder.extracts.spells import joined
from workbook_builder.extracts.statutory_returns import Reading

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


def as_part(rows: Sequence[Episode]) -> tuple[Records, Reading]:
    numbers = np.arange(2, 2 + len(rows), dtype=np.int32)
    days = [values([getattr(row, name) for row in rows]) for name in ("start", "end")]
    child, kind = Texts.of(row.child for row in rows), Texts.of(row.kind for row in rows)
    columns: dict[str, Column] = {"child": child, "start": days[0], "end": days[1], "kind": kind}
    names = dict.fromkeys(columns)
    dataset = SimpleNamespace(
        columns={name: SimpleNamespace(type="id" if name == "child" else "") for name in columns},
        date_columns=("start", "end"),
    )
    new = frozenset(int(at) for at, row in zip(numbers, rows, strict=True) if row.new)
    reading = SimpleNamespace(
        headings=SimpleNamespace(dataset=dataset), given=SimpleNamespace(columns=names), new=new
    )
    return Records(numbers, columns), cast("Reading", reading)


def values(days: Sequence[date | None]) -> Values:
    blank = np.array([day is None for day in days], dtype=bool)
    return Values(np.array([day or date(1970, 1, 1) for day in days], "datetime64[D]"), blank)


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
    found = joined([as_part(rows) for rows in parts])
    expected: list[list[tuple[Any, ...]]] = [[] for _ in parts]
    for record in in_records(parts):
        part, at, last = record[-1]
        expected[part].append((at + 2, last.child, record[0][2].start, last.end, last.kind))
    given = [
        [(int(number), *row) for number, row in zip(one.rows, rows_of(one), strict=True)]
        for one in found
    ]
    assert given == [sorted(rows, key=lambda row: row[0]) for rows in expected]


def test_a_move_on_the_next_day_is_one_record_with_the_first_start() -> None:
    stay = Episode("A", date(2023, 6, 1), date(2023, 6, 10), "x", new=True)
    moved = Episode("A", date(2023, 6, 11), None, "y", new=False)
    [found] = joined([as_part([stay, moved])])
    assert rows_of(found) == [("A", date(2023, 6, 1), None, "y")]

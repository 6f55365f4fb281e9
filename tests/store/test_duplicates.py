"""Records that stand in several sheets or files count once: held against plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from tests.loaded import empty, table_of
from workbook_builder.definitions.datasets import Column, Dataset
from workbook_builder.extracts.model import Sheet
from workbook_builder.problems import Problem, Result
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.duplicates import (
    each_once,
    key_counts,
    remove_duplicates,
    with_repeated_keys,
)

COLUMNS = {"id": Column(type="id"), "team": Column(type="text"), "note": Column(type="text")}
KEYED = Dataset(name="d", title="D", record="a d", columns=COLUMNS, key=("id",))
KEYLESS = Dataset(name="d", title="D", record="a d", columns=COLUMNS)
ENGINE = DuckDBStore({"d": KEYED})

Record = tuple[str | None, ...]
#: The file and the sheet of some records, the first of which stands in row 2.
Part = tuple[str, Sequence[Record]]


def loaded(engine: DuckDBStore, dataset: Dataset, parts: Sequence[Part]) -> Mapping[int, Sheet]:
    empty(engine, "d")
    files = list(dict.fromkeys(file for file, _ in parts))
    for number, (file, records) in enumerate(parts):
        columns = {
            name: np.array([record[at] for record in records], dtype=object)
            for at, name in enumerate(dataset.columns)
        }
        rows = np.arange(2, 2 + len(records))
        engine.load(dataset, columns, files.index(file), number, rows)
    return {number: Sheet(file, f"s{number}", "d") for number, (file, _) in enumerate(parts)}


def once(dataset: Dataset, *parts: Part) -> Result[list[Record]]:
    sheets = loaded(ENGINE, dataset, parts)
    repeat = "d" in with_repeated_keys({"d": dataset}, ENGINE)
    problems = remove_duplicates(dataset, sheets, ENGINE, keys_repeat=repeat)
    records = table_of(ENGINE, dataset)
    return Result(list(records.itertuples(index=False, name=None)), tuple(problems))


def faults(problems: Sequence[Problem]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(p.code, p.where.file, p.where.rows) for p in problems]


def test_equal_records_of_one_key_count_once() -> None:
    found = once(KEYED, ("a", [("1", "x", None), ("2", "y", None)]), ("b", [("1", "x", None)]))
    assert found.value == [("1", "x", None), ("2", "y", None)]
    assert faults(found.problems) == [("X028", "b", (2,))]
    assert "is already in a" in found.problems[0].text()


def test_the_fullest_record_of_a_key_stays_then_the_last() -> None:
    found = once(
        KEYED,
        ("a", [("1", "x", "n"), ("2", "y", None)]),
        ("b", [("1", "z", None), ("2", "w", None)]),
    )
    assert found.value == [("1", "x", "n"), ("2", "w", None)]
    assert faults(found.problems) == [("X029", "a", (3,)), ("X029", "b", (2,))]


def test_without_a_key_equal_rows_count_as_often_as_in_the_file_that_has_most() -> None:
    row = (None, "x", None)
    found = once(KEYED, ("a", [row, row]), ("b", [row, row, row]))
    assert found.value == [row] * 3
    assert faults(found.problems) == [("X028", "b", (2, 3))]


def test_without_a_key_equal_rows_of_one_file_are_all_kept() -> None:
    row = ("1", "x", None)
    found = once(KEYLESS, ("a", [row]), ("a", [row]))
    assert (len(found.value), found.problems) == (2, ())


def test_nothing_to_put_together_is_fine() -> None:
    assert once(KEYED, ("a", []), ("b", [])) == Result([], ())


CELL = st.sampled_from([None, "x", "y"])
RECORD = st.tuples(st.sampled_from([None, "1", "2"]), CELL, CELL)
PARTS = st.lists(st.tuples(st.sampled_from("abc"), st.lists(RECORD, max_size=5)), max_size=4).map(
    lambda parts: sorted(parts, key=lambda part: part[0])
)


def expected(parts: Sequence[Part], *, keyed: bool) -> Iterator[Record]:
    """Yield the records that count, in their order, by loops over all of them."""
    every = [(file, record) for file, records in parts for record in records]
    by_key: defaultdict[str, list[Record]] = defaultdict(list)
    for _, record in every:
        if keyed and record[0] is not None:
            by_key[record[0]].append(record)
    stays = {
        key: max(reversed(list(dict.fromkeys(same))), key=lambda one: sum(map(bool, one)))
        for key, same in by_key.items()
    }
    seen: defaultdict[Record, Counter[str]] = defaultdict(Counter)
    given: set[Record] = set()
    for file, record in every:
        if keyed and record[0] is not None:
            if stays[record[0]] == record and record not in given:
                given.add(record)
                yield record
            continue
        most_before = max((n for one, n in seen[record].items() if one != file), default=0)
        seen[record][file] += 1
        if seen[record][file] > most_before:
            yield record


@given(PARTS, st.booleans())
def test_the_records_that_count_are_those_of_plain_loops(parts: list[Part], keyed: bool) -> None:
    found = once(KEYED if keyed else KEYLESS, *parts)
    assert found.value == list(expected(parts, keyed=keyed))
    told = sum(len(problem.where.rows) for problem in found.problems)
    assert told == sum(len(records) for _, records in parts) - len(found.value)


@given(PARTS)
def test_the_trees_that_spark_runs_count_and_keep_the_same(parts: list[Part]) -> None:
    loaded(ENGINE, KEYED, parts)
    kept = ENGINE.rows(each_once(exp.to_table("d"), list(COLUMNS), KEYED.key))
    counts = ENGINE.rows(key_counts("d", exp.to_table("d"), list(COLUMNS), KEYED.key))
    every = [record for _, records in parts for record in records]
    with_key = [record for record in every if record[0] is not None]
    without = [record for record in every if record[0] is None]
    assert Counter(kept) == Counter([*set(with_key), *without])
    keys = {record[0] for record in with_key}
    assert counts == [("d", len(with_key), len(set(with_key)), len(keys))]


PERIODS = Dataset(
    name="p",
    title="P",
    record="a p",
    columns={
        "id": Column(type="id"),
        "child": Column(type="id", required=True),
        "began": Column(type="date", required=True),
        "ended": Column(type="date"),
        "note": Column(type="text"),
    },
    key=("id",),
    fallback_key=("child", "began"),
    in_order=(("began", "ended"),),
)


Period = tuple[str | None, str, str, str | None, str | None]


def periods_left(*periods: Period, in_files: bool = False, standard: str = "") -> list[int]:
    """Return which of some periods, in one file or each in its own, count, by their places.

    They are rows of a report, or of the table of a `standard` return.
    """
    engine = DuckDBStore({"p": PERIODS})
    for number, period in enumerate(periods):
        columns = {
            name: np.array([cell], dtype="datetime64[s]" if column.type == "date" else object)
            for (name, column), cell in zip(PERIODS.columns.items(), period, strict=True)
        }
        file = number if in_files else 0
        engine.load(PERIODS, columns, file, file, np.array([number]))
    sheets = {
        number: Sheet(f"{number}.csv", "", "p", standard=standard) for number in range(len(periods))
    }
    repeat = "p" in with_repeated_keys({"p": PERIODS}, engine)
    remove_duplicates(PERIODS, sheets, engine, keys_repeat=repeat)
    return [row for (row,) in engine.rows("SELECT _row FROM p ORDER BY _row")]


def test_without_a_key_a_period_of_a_child_counts_once() -> None:
    may, june = "2025-05-01", "2025-06-01"
    assert periods_left(
        (None, "1", may, None, None), (None, "1", may, None, "n"), (None, "2", may, None, None)
    ) == [1, 2]
    assert periods_left((None, "1", may, None, None), (None, "1", june, None, None)) == [0, 1]
    assert periods_left(("a", "1", may, None, None), ("b", "1", may, None, None)) == [0, 1]


def test_an_open_period_does_not_count_where_it_has_ended_in_another_file() -> None:
    may, june = "2025-05-01", "2025-06-01"
    ended: Period = (None, "1", may, june, None)
    still_open: Period = (None, "1", may, None, "n")
    assert periods_left(ended, still_open, in_files=True) == [0]
    assert periods_left(ended, still_open) == [0, 1]
    no_night: Period = (None, "1", may, may, None)
    assert periods_left(no_night, still_open, in_files=True) == [0, 1]


def test_in_a_table_of_a_return_each_row_is_a_record() -> None:
    """Two section 47 enquiries of a child that began on one day are two elements of the census."""
    enquiry: Period = (None, "1", "2025-05-01", None, None)
    assert periods_left(enquiry, enquiry, standard="CIN census, Section47") == [0, 1]
    assert periods_left(enquiry, enquiry) == [0]

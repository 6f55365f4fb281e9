"""Records come out of where they are kept as they went in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import cells_of
from workbook_builder.columns.kept import Kept
from workbook_builder.columns.table import Records
from workbook_builder.columns.texts import Texts
from workbook_builder.columns.values import Column, Values

DAYS = np.array(["2023-07-04", "NaT", "1900-01-01", "2099-12-31"], dtype="datetime64[D]")
MANY = [f"R{at}" for at in range(2_000)]


def values(cells: list[object], kind: str) -> Values:
    blank = np.array([cell is None for cell in cells], dtype=bool)
    return Values(np.array([0 if cell is None else cell for cell in cells], dtype=kind), blank)


def kept(column: Column, rows: list[int] | None = None) -> Kept:
    numbers = np.array(range(2, 2 + len(column)) if rows is None else rows, dtype=np.int32)
    return Kept.of(Records(numbers, {"one": column, "other": column}))


@pytest.mark.parametrize("column", [
    Texts.of(["R1", "\U0001f600", None, "R1"]),
    Texts.of(["Ll\u0177r", "\ud800", "a\nb", "\t"]),
    Texts.of(["a\0b", "a", "b", None, ""]),
    Texts.of([None, None]),
    Texts.of(MANY),
    Texts.of([*MANY, *MANY]),
    Texts.of(["x" * 70_000, "y"]),
    Values(DAYS, np.isnat(DAYS)),
    values([1, None, 2**62], "int64"),
    values([True, None, False], "bool"),
    values([0.5, None], "float64"),
    Texts.of([]),
    values([], "datetime64[D]"),
], ids=repr)  # fmt: skip
def test_columns_come_out_as_they_went_in(column: Column) -> None:
    made = kept(column).records()
    assert list(made.columns) == ["one", "other"]
    for one in made.columns.values():
        assert type(one) is type(column)
        assert cells_of(one) == cells_of(column)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text())))
def test_any_texts_come_out(cells: list[str | None]) -> None:
    assert cells_of(kept(Texts.of(cells)).texts("one")) == cells


@pytest.mark.parametrize("rows", [
    [7, 8, 9], [2, 3, 5], [5, 3, 4], [3, 3, 5], [1_048_574, 1_048_575, 1_048_576],
])  # fmt: skip
def test_row_numbers_stay(rows: list[int]) -> None:
    made = kept(Texts.of(["a", "b", "a"]), rows)
    assert list(made.records().rows) == rows
    assert list(made.records([]).rows) == rows


def test_a_part_of_a_sheet_is_kept_without_the_rest() -> None:
    made = kept(Texts.of(["a", "b"] * 50).take(slice(3, 7)))
    assert cells_of(made.column("one")) == ["b", "a", "b", "a"]
    assert made.size < 100


def test_records_are_kept_in_a_fraction_of_their_memory() -> None:
    days = np.arange(20_000).astype("datetime64[D]")
    columns: dict[str, Column] = {"id": Texts.of([f"R{at:09}" for at in range(20_000)]),
               "day": Values(days, np.isnat(days))}  # fmt: skip
    made = Kept.of(Records(np.arange(20_000, dtype=np.int32), columns))
    assert made.size < 24 * len(made)
    assert made.whole > 70 * len(made)

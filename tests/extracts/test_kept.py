"""Records come out of where they are kept as they went in."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from workbook_builder.extracts.kept import Kept

DAYS = pd.Series(["2023-07-04", None, "1900-01-01", "2203-12-31"], dtype="datetime64[us]")
MANY = pd.Series([f"R{at}" for at in range(2_000)])


@pytest.mark.parametrize("cells", [
    pd.Series(["R1", "\U0001f600", None, "R1"], dtype="category"),
    pd.Series(["Ll\u0177r", "\ud800", "a\nb", "\t"], dtype="category"),
    pd.Series(["a\0b", "a", "b", None], dtype="category"),
    pd.Series([None, None], dtype="category"),
    MANY.astype("category"),
    pd.concat([MANY, MANY], ignore_index=True).astype("category"),
    DAYS,
    pd.Series([datetime(2023, 7, 4, 12)], dtype="datetime64[us]"),
    pd.Series(np.array(["9000000000-01-01", "NaT"], dtype="datetime64[s]")),
    pd.Series([1, None, 3], dtype="Int64"),
    pd.Series([True, None, False], dtype="boolean"),
    pd.Series([0.5, None], dtype="Float64"),
    pd.Series([], dtype="category"),
    pd.Series([], dtype="datetime64[us]"),
], ids=str)  # fmt: skip
def test_columns_come_out_as_they_went_in(cells: pd.Series) -> None:
    kept = Kept.of(pd.DataFrame({"one": cells, "other": cells}))
    made = kept.frame()
    assert list(made) == ["one", "other"]
    for name in made:
        assert made[name].dtype.kind == cells.dtype.kind
        pd.testing.assert_series_equal(
            made[name].astype(object), cells.astype(object), check_names=False
        )


@pytest.mark.parametrize("rows", [
    range(7, 10), [2, 3, 5], [5, 3, 4], [3, 3, 5], [1_048_574, 1_048_575, 1_048_576],
])  # fmt: skip
def test_row_numbers_stay(rows: list[int]) -> None:
    frame = pd.DataFrame({"one": ["a", "b", "a"]}, index=rows, dtype="category")
    kept = Kept.of(frame)
    assert list(kept.frame().index) == list(rows)
    assert list(kept.column("one")) == ["a", "b", "a"]
    assert list(kept.frame([]).index) == list(rows)


def test_a_part_of_a_sheet_is_kept_without_the_rest() -> None:
    frame = pd.DataFrame({"one": pd.Series(["a", "b"] * 50, dtype="category")})
    kept = Kept.of(frame.iloc[3:7])
    assert list(kept.column("one")) == ["b", "a", "b", "a"]
    assert kept.size < 200


def test_records_are_kept_in_a_fraction_of_their_memory() -> None:
    texts = pd.Series([f"R{at:09}" for at in range(20_000)], dtype="category")
    days = pd.Series(np.arange(20_000), dtype="int64").astype("datetime64[s]")
    kept = Kept.of(pd.DataFrame({"id": texts, "day": days.dt.floor("D").astype(DAYS.dtype)}))
    assert kept.size < 20 * len(kept)
    assert kept.whole > 70 * len(kept)

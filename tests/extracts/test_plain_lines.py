"""Cells told apart by their bytes are those that pandas reads."""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import cells_of, rows_of
from workbook_builder.extracts.plain_lines import cells_of_lines

CELL = st.one_of(
    st.text(st.sampled_from("ab0 \t\u00e9\u2028\U0001f600'#\ufeff"), max_size=30),
    st.sampled_from(["", "0", "12345678", "123456789", "1234567812345678", "x" * 64, "x" * 65]),
    st.text(st.characters(exclude_characters='",\n\r\0', exclude_categories=["Cs"]), max_size=90),
)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=12)


def read_by_pandas(text: str, separator: str, width: int) -> pd.DataFrame:
    cells: pd.DataFrame = pd.read_csv(
        io.BytesIO(text.encode()), encoding="utf-8", sep=separator, header=None,
        names=list(range(width)), index_col=False, dtype=object, keep_default_na=False,
        na_filter=False, skip_blank_lines=False, engine="c",
    )  # fmt: skip
    return cells


def without_spaces(text: str) -> str:
    """Cut off eight spaces at most on each side, the first ones first."""
    begun = re.sub(r"\A {1,8}", "", text)
    return re.sub(r" {1,8}\Z", "", begun) if begun.strip(" ") else begun[8:]


@settings(deadline=None)
@given(ROWS, st.sampled_from([",", ";", "|"]), st.sampled_from(["", "\n", "\n\n"]))
def test_cells_are_those_that_pandas_reads(rows: list[list[str]], separator: str, end: str) -> None:
    text = "\n".join(separator.join(row) for row in rows) + end
    # pandas takes a second byte order mark for none, and no text at all for a fault.
    text = text.lstrip("\ufeff") or "\n"
    width = max(line.count(separator) for line in text.split("\n")) + 1
    cells = cells_of_lines(text.encode(), separator, width)
    wanted = read_by_pandas(text, separator, width)
    assert cells is not None
    assert list(cells.rows) == list(range(1, len(wanted) + 1))
    for at, column in cells.columns.items():
        texts = [without_spaces(text) for text in wanted[at]]
        assert cells_of(column) == texts
        assert list(column.different.texts()) == list(dict.fromkeys(texts))


@settings(deadline=None)
@given(ROWS)
def test_rows_that_are_too_long_are_left_to_others(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows)
    width = max(line.count(",") for line in text.split("\n"))
    assert cells_of_lines((text or "\n").encode(), ",", width) is None


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a,b\n1,2"])
def test_the_last_line_needs_no_end(text: str) -> None:
    cells = cells_of_lines(text.encode(), ",", 2)
    assert cells is not None
    assert rows_of(cells) == [("a", "b"), ("1", "2")]

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_builder.extracts.texts import (
    distinct,
    encoded,
    matching,
    numbered,
    without_blanks,
    without_first_unused,
)

CELLS = st.lists(st.sampled_from(["", "a", "b", "A", "\u00e9", " a"]), min_size=1)


@settings(deadline=None)
@given(CELLS, st.data())
def test_only_texts_that_stand_in_a_cell_are_told(texts: list[str], data: st.DataObject) -> None:
    cells = encoded(pd.Series(texts, dtype=object))
    chosen = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    left = cells[np.array(chosen, dtype=bool)]
    numbers, found = distinct(left)
    assert [found[number] for number in numbers] == list(left)
    assert set(found) == set(left)


def test_blank_cells_have_no_number() -> None:
    cells = numbered(np.array([-1, 2, -1, 2]), ["a", "b", "c"], pd.RangeIndex(4))
    numbers, found = distinct(cells)
    assert list(numbers) == [-1, 0, -1, 0]
    assert list(found) == ["c"]


@settings(deadline=None)
@given(CELLS, st.integers(0, 6))
def test_what_stands_first_and_in_no_cell_goes(texts: list[str], above: int) -> None:
    below = encoded(pd.Series(texts, dtype=object))[above:]
    left = without_first_unused(below)
    assert list(left) == list(below)
    assert left.index.equals(below.index)
    assert below.empty or left.array.categories[0] in set(below)


@settings(deadline=None)
@given(CELLS)
def test_texts_that_say_nothing_become_blanks(texts: list[str]) -> None:
    cells = without_blanks(encoded(pd.Series(texts, dtype=object)))
    assert [None if pd.isna(cell) else cell for cell in cells] == [text or None for text in texts]


def test_texts_that_are_cleared_are_not_tested() -> None:
    cells = encoded(pd.Series(["a", "b", "a", "c"], dtype=object))
    tested: list[str] = []

    def is_c(text: str) -> bool:
        tested.append(text)
        return text == "c"

    found = matching(cells, is_c, lambda texts: texts == "a")
    assert list(found) == [False, False, False, True]
    assert tested == ["b", "c"]

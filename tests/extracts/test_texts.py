from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.extracts.texts import distinct, encoded, numbered

CELLS = st.lists(st.sampled_from(["", "a", "b", "A", "\u00e9", " a"]), min_size=1)


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

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import cells_of
from workbook_builder.columns.different import Different, plain
from workbook_builder.columns.texts import Texts, below_one_another
from workbook_builder.columns.told_apart import Flags

CELL = st.sampled_from([None, "", "a", "b", "A", "\u00e9", " a", "12345"])
CELLS = st.lists(CELL)


@settings(deadline=None)
@given(CELLS, st.data())
def test_only_texts_that_stand_in_a_cell_are_used(
    cells: list[str | None], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(cells), max_size=len(cells)))
    left = Texts.of(cells).take(np.array(chosen, dtype=bool)).used()
    wanted = [cell for cell, one in zip(cells, chosen, strict=True) if one]
    assert cells_of(left) == wanted
    assert set(left.different.texts()) == set(wanted) - {None}


@settings(deadline=None)
@given(CELLS)
def test_texts_are_changed_each_once_and_equal_ones_become_one(cells: list[str | None]) -> None:
    seen: list[str] = []

    def change(text: str) -> str | None:
        seen.append(text)
        return text.strip().lower() or None

    changed = Texts.of(cells).changed(lambda texts: map(change, texts))
    assert cells_of(changed) == [cell.strip().lower() or None if cell else None for cell in cells]
    assert len(seen) == len(set(seen))
    assert len(set(changed.different.texts())) == len(changed.different)


@settings(deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_columns_below_one_another(columns: list[list[str | None]]) -> None:
    whole = below_one_another([Texts.of(cells) for cells in columns])
    assert cells_of(whole) == [cell for cells in columns for cell in cells]
    assert len(set(whole.different.texts())) == len(whole.different)


@settings(deadline=None)
@given(CELLS, st.sampled_from([None, plain]))
def test_cells_pass_a_test_and_blanks_never(
    cells: list[str | None], cleared: Callable[[Different], Flags] | None
) -> None:
    found = Texts.of(cells).passing(lambda text: "a" in text, cleared)
    assert list(found) == [cell is not None and "a" in cell for cell in cells]


def test_plain_texts_need_not_be_tested() -> None:
    tested: list[str] = []

    def is_odd(text: str) -> bool:
        tested.append(text)
        return True

    found = Texts.of(["12345", "b", "12345", "-"]).passing(is_odd, plain)
    assert list(found) == [False, True, False, True]
    assert tested == ["b", "-"]


def test_some_cells_are_left_blank() -> None:
    cells = Texts.of(["a", "b", "a"]).without(np.array([True, False, False]))
    assert cells_of(cells) == [None, "b", "a"]
    assert list(cells.blank) == [True, False, False]


def test_texts_are_put_in_place_of_others() -> None:
    cells = Texts.of(["a ", "b", None, "a", "a "]).with_texts(np.array([0]), ["a"])
    assert cells_of(cells) == ["a", "b", None, "a", "a"]
    assert list(cells.different.texts()) == ["a", "b"]

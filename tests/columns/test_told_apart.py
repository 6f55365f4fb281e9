"""Slices of bytes are told apart as one by one, whatever their length and their hash."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_builder.columns import told_apart as told_apart_module
from workbook_builder.columns.told_apart import WORD, first_of_each, number_keys, told_apart

SLICES = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.text(st.sampled_from("ab"), max_size=40).map(str.encode),
        st.sampled_from([b"", b"\0", b"a", b"a\0", b"12345678", b"123456789", b"x" * 9_000]),
    ),
    max_size=20,
)
KEYS = st.lists(st.one_of(st.integers(0, 5), st.integers(0, 2**64 - 1)), max_size=60)


def one_by_one(cells: list[bytes]) -> list[int]:
    known: dict[bytes, int] = {}
    return [known.setdefault(cell, len(known)) for cell in cells]


def numbered(cells: list[bytes], between: bytes = b"") -> list[int]:
    content = between.join((*cells, bytes(WORD)))
    lengths = np.array([len(cell) for cell in cells], dtype=np.int64)
    starts = np.cumsum(lengths + len(between)) - lengths - len(between)
    numbers, first = told_apart(content, starts, starts + lengths)
    assert [cells[at] for at in first] == list(dict.fromkeys(cells))
    return [int(number) for number in numbers]


@settings(deadline=None)
@given(SLICES, st.sampled_from([b"", b",", b"\0"]))
def test_slices_are_numbered_by_first_appearance(cells: list[bytes], between: bytes) -> None:
    assert numbered(cells, between) == one_by_one(cells)


@settings(deadline=None)
@given(SLICES)
def test_slices_with_the_same_key_are_told_apart(cells: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            told_apart_module, "_FACTORS", np.zeros(2, np.uint64)
        )  # only the last word is left
        assert numbered(cells) == one_by_one(cells)


@settings(deadline=None)
@given(KEYS)
def test_the_first_of_each_key_is_found(keys: list[int]) -> None:
    found = first_of_each(np.array(keys, dtype=np.uint64))
    assert [int(at) for at in found] == [keys.index(key) for key in keys]


@settings(deadline=None)
@given(KEYS)
def test_keys_whose_hashes_are_all_alike_are_sorted(keys: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(told_apart_module, "_HASHES", (0, 0))
        numbers, first = number_keys(np.array(keys, dtype=np.uint64))
    assert [keys[at] for at in first] == list(dict.fromkeys(keys))
    assert [keys[first[number]] for number in numbers] == keys


@pytest.mark.parametrize("different", [3, 40_000, 100_000])
def test_many_keys_few_or_many_different(different: int) -> None:
    keys = np.arange(100_000, dtype=np.uint64) % np.uint64(different) * np.uint64(2**40)
    numbers, first = number_keys(keys)
    assert list(first) == list(range(different))
    assert np.array_equal(keys[first][numbers], keys)

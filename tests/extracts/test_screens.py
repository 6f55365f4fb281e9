"""Texts that are screened together fare as each of them by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.convert import convert, is_unusable, tidy
from workbook_builder.extracts.screens import plain
from workbook_builder.names import BLANK_WORDS

TEXTS = st.one_of(
    st.text(st.sampled_from("abE019+-.# \n\u00e9\u00a0\u200b"), max_size=12),
    st.sampled_from([*BLANK_WORDS, "NULL", "nAn", " none ", "12E3", "4.5E+09", "1e-05", "12E+3"]),
    st.sampled_from(["#N/A", "#REF!", "Err:502", "#####", "Err5021", "x" * 32_767, "x" * 32_768]),
    st.sampled_from(["2000310066", "CON104501", "12345", "1234", "\u0660\u0661\u0662\u0663\u0664"]),
    st.text(),
)


def flags(texts: list[str]) -> list[bool]:
    return list(plain(np.array([*texts, None], dtype=object)[:-1]))


@settings(deadline=None)
@given(st.lists(TEXTS))
def test_plain_texts_are_letters_and_digits_that_say_something(texts: list[str]) -> None:
    for text, is_plain in zip(texts, flags(texts), strict=True):
        assert not is_plain or (text.isascii() and text.isalnum() and tidy(text) == text)
        assert not is_plain or not is_unusable(text)


@settings(deadline=None)
@given(st.lists(TEXTS))
def test_no_text_is_plain_for_what_stands_beside_it(texts: list[str]) -> None:
    alone = [flags([text])[0] for text in texts]
    together = flags(texts)
    broken = any("\n" in text for text in texts)
    assert together == ([False] * len(texts) if broken else alone)


@pytest.mark.parametrize("kind", ["id", "text"])
@settings(deadline=None)
@given(texts=st.lists(TEXTS, min_size=1))
def test_a_column_converts_as_each_cell_by_itself(kind: ColumnType, texts: list[str]) -> None:
    whole = convert(kind, pd.Series(texts, dtype=object))
    for at, text in enumerate(texts):
        one = convert(kind, pd.Series([text], dtype=object))
        assert one.texts.iloc[0] == whole.texts.iloc[at] == tidy(text)
        assert one.failed.iloc[0] == whole.failed.iloc[at]
        assert [one.values.iloc[0]] == [whole.values.iloc[at]] or (
            pd.isna(one.values.iloc[0]) and pd.isna(whole.values.iloc[at])
        )


def test_more_texts_than_are_looked_at_at_once() -> None:
    texts = [f"{number:06d}" for number in range(45_000)]
    texts[44_999] = "odd one"
    assert flags(texts) == [*[True] * 44_999, False]


def test_identifiers_are_plain_and_what_needs_a_look_is_not() -> None:
    texts = [
        "2000310066",
        "CON104501",
        "",
        "none",
        "A-100",
        " 12345",
        "12345 ",
        "caf\u00e9s",
        "1E+10",
    ]
    assert flags(texts) == [True, True, *[False] * 7]

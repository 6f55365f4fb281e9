"""Texts kept as bytes are the texts that they were, and fare together as each by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import cells_of
from workbook_builder.columns import different
from workbook_builder.columns.different import Different, together
from workbook_builder.columns.texts import Texts
from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.dates import is_in_utc
from workbook_builder.names import BLANK_WORDS

TEXTS = st.one_of(
    st.text(st.sampled_from("a1/-"), max_size=12),
    st.sampled_from(["31/07/2023", "2023-07-31", "2023-07-31T10:15Z", "- / -", "-----", "12E-05"]),
    st.text(st.sampled_from("abE019+-.# \n\u00e9\u00a0\u200b"), max_size=12),
    st.sampled_from([*BLANK_WORDS, "NULL", "nAn", " none ", "12E3", "4.5E+09", "1e-05", "12E+3"]),
    st.sampled_from(["#N/A", "#REF!", "Err:502", "#####", "Err5021", "x" * 32_767, "x" * 32_768]),
    st.sampled_from(["2000310066", "CON104501", "12345", "1234", "\u0660\u0661\u0662\u0663\u0664"]),
    st.sampled_from(["", "\ud800", "a\0b", "\0"]),
    st.text(),
)
SEVERAL = st.lists(TEXTS, unique=True)


def back(texts: Different) -> list[str]:
    found: list[str] = texts.texts().tolist()
    return found


@settings(deadline=None)
@given(SEVERAL, st.data())
def test_texts_come_back(texts: list[str], data: st.DataObject) -> None:
    kept = Different.of(texts)
    assert back(kept) == texts
    assert len(kept) == len(texts)
    some = data.draw(st.lists(st.integers(0, len(texts) - 1))) if texts else []
    taken = kept.take(np.array(some, dtype=np.int64))
    assert back(taken) == back(taken.packed()) == [texts[at] for at in some]
    assert len(taken.packed().content) == taken.size + 8


@settings(deadline=None)
@given(SEVERAL, SEVERAL, SEVERAL)
def test_several_together_are_kept_once(one: list[str], two: list[str], three: list[str]) -> None:
    whole, became = together([Different.of(one), Different.of(two), Different.of(three)])
    assert back(whole) == list(dict.fromkeys([*one, *two, *three]))
    assert [back(whole)[number] for number in became] == [*one, *two, *three]


@settings(deadline=None)
@given(SEVERAL.filter(bool), st.data())
def test_texts_that_become_others_are_kept_once(texts: list[str], data: st.DataObject) -> None:
    some = data.draw(st.lists(st.integers(0, len(texts) - 1), unique=True))
    others = list(dict.fromkeys(data.draw(TEXTS) for _ in some))
    some = some[: len(others)]
    whole, became = Different.of(texts).changed(np.array(some, dtype=np.int64), others)
    wanted = list(texts)
    for at, text in zip(some, others, strict=True):
        wanted[at] = text
    assert [back(whole)[number] for number in became] == wanted
    assert len(set(back(whole))) == len(whole)


@settings(deadline=None)
@given(SEVERAL)
def test_plain_texts_are_letters_and_digits_that_say_something(texts: list[str]) -> None:
    for text, is_plain in zip(texts, Different.of(texts).plain, strict=True):
        long_enough = 5 <= len(text) <= 32_767
        assert is_plain == (text.isascii() and text.isalnum() and long_enough)
        assert not is_plain or not is_scientific(text)


@settings(deadline=None)
@given(SEVERAL)
def test_neat_texts_say_something_as_it_stands(texts: list[str]) -> None:
    neat = Different.of(texts).neat
    for text, is_neat in zip(texts, neat, strict=True):
        rest = text.replace("/", "").replace("-", "")
        all_wanted = not rest or (rest.isascii() and rest.isalnum())
        assert is_neat == (all_wanted and 5 <= len(text) <= 32_767)
        assert not is_neat or (tidy(text) == text and not is_unusable(text) and not is_in_utc(text))


@pytest.mark.parametrize("kind", ["id", "text"])
@settings(deadline=None)
@given(texts=st.lists(TEXTS, min_size=1))
def test_a_column_converts_as_each_cell_by_itself(kind: ColumnType, texts: list[str]) -> None:
    whole = convert(kind, Texts.of(texts))
    for at, text in enumerate(texts):
        one = convert(kind, Texts.of([text]))
        assert cells_of(one.texts) == [cells_of(whole.texts)[at]] == [tidy(text)]
        assert one.failed[0] == whole.failed[at]
        assert cells_of(one.values) == [cells_of(whole.values)[at]]


def test_more_bytes_than_are_gathered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(different, "_AT_ONCE", 50)
    texts = [f"{number:06d}" for number in range(1_000)] + ["odd one", "x" * 200]
    kept = Different.of(texts)
    assert list(kept.plain) == [*[True] * 1_000, False, True]
    assert back(kept.take(np.arange(1_002)[::-1]).packed()) == texts[::-1]

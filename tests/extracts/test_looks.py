from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_builder.columns.different import Different
from workbook_builder.extracts.looks import begin_with_zero, look_of

TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from("aB09-\u00e9\u0661"), max_size=8),
        st.from_regex(r"[A-Z]{1,3}[0-9]{3,7}", fullmatch=True),
        st.from_regex(r"[0-9]{5,9}", fullmatch=True),
    ),
    min_size=1,
    unique=True,
)


def shape(text: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "A", text))


@settings(deadline=None)
@given(TEXTS)
def test_the_look_is_the_shape_of_nine_in_ten(texts: list[str]) -> None:
    shapes = [shape(text) for text in texts]
    most = max(shapes, key=shapes.count)
    wanted = most if shapes.count(most) >= 0.9 * len(texts) else ""
    assert look_of(Different.of(texts)) == wanted


@settings(deadline=None)
@given(TEXTS)
def test_zeros_before_identifiers_are_seen(texts: list[str]) -> None:
    found = begin_with_zero(Different.of([*texts, "last"]))
    assert list(found)[:-1] == [text.startswith("0") for text in texts]


@pytest.mark.parametrize(("texts", "look"), [
    (["CON104501", "CON104502"], "A9"), (["2000310066", "2000310067"], "9"),
    (["12AB34", "99XY1"], "9A9"), (["abcde", "fghij"], "A"), (["A-1", "B-22"], "A-9"),
    (["CON104501", "2000310066"], ""),
])  # fmt: skip
def test_looks(texts: list[str], look: str) -> None:
    assert look_of(Different.of(texts)) == look

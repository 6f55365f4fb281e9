from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.frames import cells_of
from workbook_builder.columns.texts import Texts
from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.convert import convert

TYPES: tuple[ColumnType, ...] = ("id", "text", "date", "month", "integer", "number", "flag")
DTYPES = {"date": "datetime64[D]", "integer": "int64", "number": "float64", "flag": "bool"}


def one(kind: ColumnType, text: str) -> tuple[object, bool]:
    """The value of one cell, None if blank, and whether it failed."""
    made = convert(kind, Texts.of([text]))
    return cells_of(made.values)[0], bool(made.failed[0])


@pytest.mark.parametrize("kind", TYPES)
def test_types_are_kept_even_for_no_cells(kind: ColumnType) -> None:
    for texts in ([], ["", "1"], [None]):
        made = convert(kind, Texts.of(texts))
        if isinstance(made.values, Texts):
            assert kind in ("id", "text", "month")
        else:
            assert made.values.values.dtype == DTYPES[kind]
        assert len(made.values) == len(made.failed) == len(made.texts) == len(texts)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "text", ["", "  ", "\u00a0", "\u200b", "NULL", "None", "n/a", "NaN", "-", " - "]
)
def test_words_for_nothing_are_blank_and_no_failure(kind: ColumnType, text: str) -> None:
    assert one(kind, text) == (None, False)


@pytest.mark.parametrize(("text", "value"), [
    ("31/07/2023", "2023-07-31"), ("\u00a031/07/2023 ", "2023-07-31"),
    ("31/07/2023 10:15", "2023-07-31"), ("31/07/2023 10:15:59.123", "2023-07-31"),
    ("31/07/2023 1:15 PM", "2023-07-31"), ("2023-07-31T00:00:00", "2023-07-31"),
    ("2023-07-31T00:00:00.000Z", "2023-07-31"), ("31-Jul-23 09:00", "2023-07-31"),
    ("31 July 2023 09:00am", "2023-07-31"), ("45138", "2023-07-31"), ("45138.75", "2023-07-31"),
])  # fmt: skip
def test_days_with_and_without_a_time(text: str, value: str) -> None:
    assert one("date", text) == (date.fromisoformat(value), False)


@pytest.mark.parametrize(
    "text", ["31/07/2023 25:00", "31/07/2023 x", "31/02/2023", "soon", "4513.5"]
)
def test_what_is_no_day_fails(text: str) -> None:
    assert one("date", text) == (None, True)


@pytest.mark.parametrize(("text", "value"), [
    ("0000001", "0000001"), ("2000356653", "2000356653"), (" A-1 ", "A-1"), ("12E3", "12E3"),
])  # fmt: skip
def test_identifiers_stand_as_they_are(text: str, value: str) -> None:
    assert one("id", text) == (value, False)


@pytest.mark.parametrize("text", ["4.5E+09", "2E+09", "1.2e-05"])
def test_identifiers_that_excel_cut_short_fail(text: str) -> None:
    assert one("id", text) == (None, True)
    assert one("text", text) == (text, False)


@pytest.mark.parametrize(("text", "value"), [
    ("12", 12), ("1,234", 1234), ("12.0", 12), ("-3", -3), ("12.5", None), ("1,23", None),
    ("twelve", None), ("9" * 19, None),
])  # fmt: skip
def test_whole_numbers(text: str, value: int | None) -> None:
    assert one("integer", text) == (value, value is None)


@pytest.mark.parametrize(("text", "value"), [
    ("95%", 0.95), ("12.5 %", 0.125), ("1,234.5", 1234.5), ("£1,200", 1200.0), ("-£3", -3.0),
    (".5", 0.5), ("1e-05", 1e-05), ("1.2.3", None), ("%", None), ("1e999", None), ("abc", None),
])  # fmt: skip
def test_numbers(text: str, value: float | None) -> None:
    assert one("number", text) == (value, value is None)


@pytest.mark.parametrize(("texts", "value", "failed"), [
    (("Y", "yes", "TRUE", "t", "1", "a) Yes"), True, False),
    (("n", "No", "False", "F", "0", "b) No"), False, False),
    (("Unknown", "c) Unknown", ""), None, False),
    (("maybe", "2", "Yes please"), None, True),
])  # fmt: skip
def test_flags(texts: tuple[str, ...], value: bool | None, failed: bool) -> None:
    assert {one("flag", text) for text in texts} == {(value, failed)}


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_come_back_with_commas(number: int) -> None:
    assert one("integer", f"{number:,}") == (number, False)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(number: float) -> None:
    assert one("number", repr(number)) == (number, False)


@given(st.lists(st.text()), st.sampled_from(TYPES))
def test_no_text_stops_a_conversion(texts: list[str], kind: ColumnType) -> None:
    made = convert(kind, Texts.of(texts))
    assert len(made.values) == len(texts)
    assert not (made.failed & ~made.values.blank).any()


def test_conversion_does_not_change_its_input() -> None:
    cells = Texts.of([" a ", "b"])
    convert("text", cells)
    assert cells_of(cells) == [" a ", "b"]

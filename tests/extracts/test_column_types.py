from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.definitions.datasets import ColumnType
from workbook_builder.extracts.column_types import (
    COLUMN_TYPES,
    Factorized,
    read_column,
    tidied,
    tidy,
)

TYPES: tuple[ColumnType, ...] = tuple(COLUMN_TYPES)


def one(kind: ColumnType, text: str) -> tuple[object, bool]:
    """The value of one cell, None if blank, and whether it failed."""
    column = read_column(kind, Factorized.of([text]))
    (value,) = column.cells.tolist()
    if kind == "date" and not column.blank[0]:
        value = value.date()
    return None if column.blank[0] else value, bool(column.failed_cells[0])


def test_every_type_of_a_dataset_has_its_rules() -> None:
    assert set(COLUMN_TYPES) == set(get_args(ColumnType))


@pytest.mark.parametrize("kind", TYPES)
def test_types_are_kept_even_for_no_cells(kind: ColumnType) -> None:
    for texts in ([], ["", "1"], [""]):
        column = read_column(kind, Factorized.of(texts))
        assert column.cells.dtype == COLUMN_TYPES[kind].dtype
        assert len(column.cells) == len(column.failed_cells) == len(column.texts) == len(texts)


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
def test_a_column_is_read_cell_by_cell(texts: list[str], kind: ColumnType) -> None:
    """Only days look at the whole column: where their order is in doubt, some are not read."""
    column = read_column(kind, Factorized.of(texts))
    alone = [one(kind, text) for text in texts]
    if kind != "date":
        assert [value for value, _ in alone] == [
            None if blank else value
            for value, blank in zip(column.cells.tolist(), column.blank, strict=True)
        ]
        assert [failed for _, failed in alone] == column.failed_cells.tolist()
    assert not (column.failed_cells & ~column.blank).any()


@given(
    st.lists(st.sampled_from(["a", " a", "b", "", "null", "x y", "\u00a0b", "#N/A", "|", "| a"]))
)
def test_taking_some_cells_leaves_only_their_categories(texts: list[str]) -> None:
    column = Factorized.of(texts)
    some = column.take(slice(1, None))
    assert some.cells.tolist() == texts[1:]
    assert sorted(some.categories) == sorted(set(texts[1:]))


@given(st.lists(st.text(alphabet="a1 |-\t\u00a0nul/", max_size=6)))
def test_texts_are_tidied_one_by_one_whatever_stands_beside_them(texts: list[str]) -> None:
    assert tidied(Factorized.of(texts)).cells.tolist() == [tidy(text) for text in texts]


def test_reading_does_not_change_its_input() -> None:
    cells = Factorized.of([" a ", "b"])
    read_column("text", cells)
    assert cells.cells.tolist() == [" a ", "b"]
